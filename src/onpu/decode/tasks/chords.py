"""Chords with inversions, of what `onpu.listen.chords` hears, and what the chords say for downbeats."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from onpu.decode.chain import best_path, posterior
from onpu.decode.chord_names import ROOTS, bare, inversion, numbered, roots_of_unnamed
from onpu.decode.decoder import Decoder
from onpu.decode.grid import edge_times
from onpu.decode.targets import BEAT, DOWNBEAT, frame_of, half_beats, metrical_positions
from onpu.music import Beats, Chords, Clock, Tuning, harte
from onpu.recipe import Options

ALTERNATIVES = 2
EMISSION_WEIGHT = 2.0
"""How much more a frame counts in a whole recording than in the short, varied crops of the training. Chosen on songs
that were kept out of training for such choices."""


@dataclass(frozen=True)
class ChordOptions(Options):
    """What is known of a recording: its beats, on which chords change."""

    beats: Beats | None = None


def decode(activations: Mapping[str, np.ndarray], clock: Clock, options: ChordOptions) -> dict[str, object]:
    """chords: Chords, with `ALTERNATIVES`; tuning: Tuning."""
    chord = np.asarray(activations["chord"], dtype=np.float64)
    frames = chord.shape[1]
    if frames == 0 or not chord.any():
        return {"chords": Chords.empty(), "tuning": _tuning(activations)}
    place = metrical_positions(options.beats, clock, frames)
    path = follow(activations, place)
    qualities = (len(chord) - 2) // ROOTS
    root = np.asarray(activations["root"])
    starts = np.flatnonzero(np.diff(path + roots_of_unnamed(path == len(chord) - 1, root), prepend=-1))
    edges = edge_times(starts, change_times(options.beats), clock, frames)
    bass = np.log(np.maximum(activations["bass"], 1e-6))
    labels, confidence, others, chances = [], [], [], []
    for first, last in zip(starts, [*starts[1:], frames], strict=True):
        here = int(path[first])
        number = numbered(here, qualities)
        share = chord[:, first:last].mean(axis=1)
        lowest = bass[:, first:last].mean(axis=1)
        if number == harte.UNNAMED:
            labels.append(bare(root[:, first:last].sum(axis=1), activations["pitches"][:, first:last].mean(axis=1)))
        else:
            labels.append(harte.class_label(number, bass=inversion(number, lowest)))
        confidence.append(float(share[here]))
        ranked = [int(other) for other in np.argsort(-share) if other != here][:ALTERNATIVES]
        others.append([harte.class_label(numbered(other, qualities)) for other in ranked])
        chances.append([min(float(share[other]), confidence[-1]) for other in ranked])
    chords = Chords(edges[:-1], edges[1:], np.array(labels), np.array(confidence), np.array(others), np.array(chances))
    return {"chords": chords, "tuning": _tuning(activations)}


def downbeat_evidence(activations: Mapping[str, np.ndarray], beats: Beats,
                      clock: Clock) -> tuple[np.ndarray, np.ndarray]:
    """Times of the beats, and log odds that the harmony gives to a downbeat at each, (n,) both.

    The chance of a change of chord at a beat, bars unknown, is turned into the likelihood of what was heard with a
    change over that without one; a downbeat is then more or less likely as it has more changes than other beats.
    """
    anywhere = replace(beats, positions=np.zeros_like(beats.positions))
    belief = posterior(*_chain(activations, metrical_positions(anywhere, clock, activations["chord"].shape[1])))
    at = frame_of(beats.times, clock)
    inside = (at >= 0) & (at < len(belief.changes))
    chance = np.clip(belief.changes[at[inside]], 1e-6, 1 - 1e-6)
    beat, downbeat = (float(activations["change"][kind]) for kind in (BEAT, DOWNBEAT))
    heard = chance / (1 - chance) * (1 - beat) / beat
    return beats.times[inside], np.log((downbeat * heard + 1 - downbeat) / (beat * heard + 1 - beat))


def change_times(beats: Beats | None) -> np.ndarray:
    """Seconds at which chords change exactly, for `edge_times`: beats before the half beats that share their frame."""
    return np.zeros(0) if beats is None else np.concatenate([half_beats(beats), beats.times])


def follow(activations: Mapping[str, np.ndarray], place: np.ndarray) -> np.ndarray:
    """The most probable class of each frame (frames,); frame by frame where there is no chain."""
    if "moves" not in activations:
        chord = np.asarray(activations["chord"])
        last_told = np.maximum.accumulate(np.where(chord.any(axis=0), np.arange(chord.shape[1]), 0))
        likeliest: np.ndarray = chord[:, last_told].argmax(axis=0)
        return likeliest
    return best_path(*_chain(activations, place))


def _chain(activations: Mapping[str, np.ndarray], place: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Log potentials (classes, frames), chances of a change (frames,) and moves (classes, classes)."""
    emissions = EMISSION_WEIGHT * float(activations["trust"][0]) * np.log(np.maximum(activations["chord"], 1e-9))
    return emissions, activations["change"][place.astype(int)], activations["moves"]


def _tuning(activations: Mapping[str, np.ndarray]) -> Tuning:
    cents, agreement = activations.get("tuning", np.zeros(2))
    return Tuning(np.array([cents]), np.array([agreement])) if agreement > 0 else Tuning.empty()


DECODER = Decoder(
    name="chords",
    title="chords with inversions",
    paper="McFee & Bello, Structured training for large-vocabulary chord recognition, ISMIR 2017",
    label="chords",
    fields=("chords", "tuning"),
    decode=decode,
    options=ChordOptions(),
    pooled=("change", "moves", "trust"),
)
