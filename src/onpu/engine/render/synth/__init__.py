"""The own synthesiser: music without any file."""

from dataclasses import replace

import numpy as np

from onpu.engine.compose.song import Track
from onpu.engine.render.performance import Strokes, strokes
from onpu.engine.render.synth.drums import play_drums
from onpu.engine.render.synth.patches import patch
from onpu.engine.render.synth.tones import Instrument

__all__ = ["bent", "synthesise"]

LAYERS = 6
"""Steps of loudness on which notes of a pitch share their tone."""


def synthesise(track: Track, samples: int, rate: int, rng: np.random.Generator) -> np.ndarray:
    """A track on a patch or kit drawn from `rng`: (2, samples) float32, at any level."""
    if track.drums is not None:
        return play_drums(track.drums, samples, rate, rng)
    return play(strokes(track), patch(track.program, rng), samples, rate, rng)


def play(played: Strokes, instrument: Instrument, samples: int, rate: int, rng: np.random.Generator) -> np.ndarray:
    """Notes on an instrument: (2, samples) float32. Tones are made once for each pitch and loudness step.

    A single bend is a tuning, which holds from the beginning.
    """
    if len(played.bends) == 1:
        played = replace(played, pitches=played.pitches + played.bends[0, 1], bends=played.bends[:0])
    out = np.zeros((2, samples), dtype=np.float32)
    loud = played.velocities / 127
    layers = np.rint(loud * (LAYERS - 1)).astype(int)
    release = round(5 * instrument.release * rate)
    fade = np.exp(-np.arange(release) / (instrument.release * rate)).astype(np.float32)
    lengths = np.rint((played.offsets - played.onsets) * rate).astype(int)
    for pitch, layer in sorted(set(zip(played.pitches.tolist(), layers.tolist(), strict=True))):
        members = np.flatnonzero((played.pitches == pitch) & (layers == layer))
        seconds = (int(lengths[members].max()) + release) / rate
        tone = instrument.tone(pitch, (layer + 1) / LAYERS, seconds, rate, rng)
        for i in members:
            start, held = round(float(played.onsets[i]) * rate), int(lengths[i])
            if start >= samples:
                continue
            piece = tone[:, : held + release]
            piece = bent(piece, played.bends, float(played.onsets[i]), rate)
            piece = piece[:, : samples - start] * np.float32(loud[i] ** 1.2)
            tail = piece[:, held:]
            tail *= fade[: tail.shape[1]]
            out[:, start : start + piece.shape[1]] += piece
    return out


def bent(tone: np.ndarray, bends: np.ndarray, onset: float, rate: int) -> np.ndarray:
    """The tone (channels, samples) that begins at `onset` seconds, read faster or slower where the pitch bends; bends:
    (m, 2) seconds and semitones from there on."""
    if not len(bends):
        return tone
    times = onset + np.arange(tone.shape[1]) / rate
    semitones = np.append(0.0, bends[:, 1])[np.searchsorted(bends[:, 0], times, side="right")]
    if not semitones.any():
        return tone
    position = np.cumsum(2 ** (semitones / 12)) - 2 ** (semitones[0] / 12)
    return np.stack([np.interp(position, np.arange(tone.shape[1]), row).astype(np.float32) for row in tone])
