"""Frames drawn from the networks of a singer, one after the other.

Blaauw & Bonada, "A neural parametric singing synthesizer" (Interspeech 2017, section 2.3): each stream is drawn under
what the streams before it made; low numbers of the envelope at a low temperature, high ones at a higher one.

Deviations: those of `onpu.models.npss`; a frame is voiced from a probability of ½ on.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from onpu.layers.gated import FrameSampler
from onpu.layers.mixture import ConstrainedGaussians
from onpu.models.npss import Npss, PhonemeContext

Progress = Callable[[int], None]


class Temperatures(NamedTuple):
    """Of the envelope's lowest and highest numbers, of the aperiodicity and of the pitch."""

    low: float = 0.05
    high: float = 0.3
    aperiodic: float = 0.01
    pitch: float = 0.01


class Timbre(NamedTuple):
    """(frames, numbers) of the envelope and the aperiodicity, and whether a frame is voiced (frames,)."""

    harmonic: np.ndarray
    aperiodic: np.ndarray
    voiced: np.ndarray


def draw_pitch(network: Npss, phonemes: np.ndarray, notes: np.ndarray, rng: np.random.Generator,
               temperatures: Temperatures, progress: Progress) -> np.ndarray:
    """(frames,) semitones over the curve of the notes. phonemes: (4, frames); notes: (score, frames)."""
    condition = network.pitch_condition(_sung(phonemes), torch.from_numpy(notes)[None])[0]
    return _drawn(network.pitch.sampler(condition), phonemes.shape[1], torch.tensor(temperatures.pitch), rng,
                  progress)[:, 0]


def draw_timbre(network: Npss, phonemes: np.ndarray, pitch: np.ndarray, rng: np.random.Generator,
                temperatures: Temperatures, progress: Progress) -> Timbre:
    """Under phonemes (4, frames) and pitch (frames,), MIDI."""
    frames = phonemes.shape[1]
    condition = network.timbre_condition(_sung(phonemes), torch.from_numpy(pitch.astype(np.float32))[None])[0]
    heat = torch.linspace(temperatures.low, temperatures.high, network.harmonics)
    harmonic = _drawn(network.harmonic.sampler(condition), frames, heat, rng, progress)
    condition = torch.cat((condition, torch.from_numpy(harmonic.T)))
    heat = torch.tensor(temperatures.aperiodic)
    aperiodic = _drawn(network.aperiodic.sampler(condition), frames, heat, rng, progress)
    told = torch.cat((condition, torch.from_numpy(aperiodic.T)))
    return Timbre(harmonic, aperiodic, _voiced(network.voicing.sampler(told), frames, progress))


def _drawn(sampler: FrameSampler, frames: int, heat: Tensor, rng: np.random.Generator, progress: Progress
           ) -> np.ndarray:
    """(frames, numbers), float32; heat: temperature, of all numbers or each."""
    rows: list[Tensor] = []
    for _ in range(frames):
        said = ConstrainedGaussians.of(sampler.step().view(4, -1).T)
        count = len(said.means)
        chance, normal = torch.from_numpy(np.stack((rng.random(count), rng.standard_normal(count))).astype(np.float32))
        rows.append(said.draw(chance, normal, heat))
        sampler.take(rows[-1])
        progress(1)
    return torch.stack(rows).numpy() if rows else np.zeros((0, 0), np.float32)


def _voiced(sampler: FrameSampler, frames: int, progress: Progress) -> np.ndarray:
    """(frames,) bool."""
    found = np.zeros(frames, bool)
    for frame in range(frames):
        found[frame] = bool(sampler.step()[0] > 0)
        sampler.take(torch.tensor([float(found[frame])]))
        progress(1)
    return found


def _sung(phonemes: np.ndarray) -> PhonemeContext:
    return PhonemeContext(*torch.from_numpy(phonemes)[:, None].unbind(0))
