"""A trained Tacotron utters a piece: step after step until it says that it has ended."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from onpu.models.tacotron import Tacotron

AHEAD = 3
"""Sounds by which attention goes on in a step at most, where it is held to go on."""
FRAMES_A_SOUND = 64
"""Most frames of a spoken sound, and those of a sung one a second of its note."""
FRAMES_AT_THE_END = 24
"""Frames at the last sound, a pause, after which a piece is over in any case."""

HEARD = 0.2
"""Steps of attention, altogether, below which a sound is left out."""


class UtteredPiece(NamedTuple):
    """mel (bands, frames); attention (steps, sounds); ended: whether the network said itself that it is over."""

    mel: np.ndarray
    attention: np.ndarray
    ended: bool

    def places(self) -> np.ndarray:
        """(steps,) which sound is attended to."""
        return np.asarray(self.attention.argmax(axis=1))


@torch.inference_mode()
def utter(network: Tacotron, sounds: np.ndarray, notes: np.ndarray, voice: int, seed: int, monotone: bool = True
          ) -> UtteredPiece:
    """What the network makes of sounds (count,) and notes (count, numbers), pauses at both ends, after its own frames.
    seed: of the prenet's dropout. monotone: whether attention is held to go on by `AHEAD` sounds a step at most and
    never back."""
    device = network.embedded.weight.device
    symbols = torch.from_numpy(sounds)[None].to(device)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        memory = network.encode(symbols, torch.from_numpy(notes)[None].float().to(device),
                                torch.tensor([voice], device=device), torch.tensor([len(sounds)]))
        keys, state, states = network.attending.keys(memory), network.start(memory), None
        frame = memory.new_zeros(1, network.bands)
        count, numbers = len(sounds), torch.arange(len(sounds), device=device)[None]
        roughs: list[Tensor] = []
        weights: list[Tensor] = []
        place = waited = 0
        ended = False
        for _ in range(_most(notes, count) // network.reduction):
            seen = (numbers >= place) & (numbers <= place + AHEAD) if monotone else numbers >= 0
            given = network.asking.project(network.heard(frame))
            heard, attended, state = network.attend(given, memory, keys, seen, state)
            rough, last, states = network.say(heard[:, None], states)
            roughs.append(rough)
            weights.append(attended)
            frame = rough[..., -1]
            place = int(attended.argmax())
            ended = bool(last[0, 0] > 0) and place >= count - 2
            waited = waited + 1 if place == count - 1 else 0
            if ended or waited * network.reduction >= FRAMES_AT_THE_END:
                break
        mel = network.finished(torch.cat(roughs, dim=2))
    return UtteredPiece(mel[0].cpu().numpy(), torch.cat(weights).cpu().numpy(), ended)


def _most(notes: np.ndarray, count: int) -> int:
    """Frames at most: of what is sung as many more as its notes last."""
    return round(FRAMES_A_SOUND * (count + 0.4 * float(np.exp(notes[:, 2])[notes[:, 0] > 0].sum())))


class PlacedPiece(NamedTuple):
    """A piece, the names of its sounds, and the frame at which it begins."""

    piece: UtteredPiece
    names: tuple[str, ...]
    begin: int

    @property
    def end(self) -> int:
        """Frame after its last one."""
        return self.begin + int(self.piece.mel.shape[1])

    def sounding(self, reduction: int) -> list[tuple[int, str]]:
        """Frame at which each sound begins that is attended to, and its name."""
        places = self.piece.places().tolist()
        return [(self.begin + step * reduction, self.names[place]) for step, place in enumerate(places)
                if not step or place != places[step - 1]]


def joined(placed: Sequence[PlacedPiece], silence: float) -> np.ndarray:
    """Mel spectrum (bands, frames) of pieces; where two meet, the louder one is heard. silence: what it
    is where there is none."""
    mel = np.full((placed[0].piece.mel.shape[0], max(one.end for one in placed)), silence, np.float32)
    for one in placed:
        there = mel[:, one.begin : one.end]
        np.maximum(there, one.piece.mel, out=there)
    return mel


class Slips(NamedTuple):
    """How often attention goes back by two sounds and more; how many sounds get less than `HEARD` steps of it
    altogether; whether the piece does not come to its end by itself."""

    back: int
    left_out: int
    unfinished: bool


def slips(piece: UtteredPiece) -> Slips:
    """What went wrong in what was uttered."""
    steps = np.diff(piece.places())
    return Slips(int((steps < -1).sum()), int((piece.attention.sum(axis=0) < HEARD).sum()), not piece.ended)
