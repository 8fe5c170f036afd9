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
from onpu.models.npss import Npss, PhonemeContext, mixtures

Progress = Callable[[int], None]


class Temperatures(NamedTuple):
    """Of the envelope's lowest and highest numbers, of the aperiodicity and of the pitch."""

    low: float = 0.05
    high: float = 0.3
    aperiodic: float = 0.01
    pitch: float = 0.01


class Timbre(NamedTuple):
    """(batch, numbers, frames) of the envelope, the aperiodicity and, 0 or 1, voicing."""

    harmonic: Tensor
    aperiodic: Tensor
    voiced: Tensor


def unheard(frames: int) -> None:
    """Progress that nobody asks for."""


def draw_pitch(network: Npss, phonemes: PhonemeContext, notes: Tensor, rng: np.random.Generator,
               temperatures: Temperatures, progress: Progress = unheard, given: Tensor | None = None) -> Tensor:
    """(batch, 1, frames) semitones over the curve of the notes. notes: (batch, score, frames); given: the first frames,
    (batch, 1, frames)."""
    sampler = network.pitch.sampler(network.pitch_condition(phonemes, notes))
    return _drawn(sampler, notes.shape[-1], torch.tensor(temperatures.pitch), rng, progress, given)


def draw_timbre(network: Npss, phonemes: PhonemeContext, pitch: Tensor, notes: Tensor, rng: np.random.Generator,
                temperatures: Temperatures, progress: Progress = unheard, given: Timbre | None = None) -> Timbre:
    """Under phonemes, pitch (batch, frames), MIDI, and notes (batch, score, frames). given: the first frames."""
    frames = pitch.shape[-1]
    condition = network.timbre_condition(phonemes, pitch, notes)
    heat = torch.linspace(temperatures.low, temperatures.high, network.harmonics)
    harmonic = _drawn(network.harmonic.sampler(condition), frames, heat, rng, progress, given and given.harmonic)
    condition = torch.cat((condition, harmonic), dim=1)
    heat = torch.tensor(temperatures.aperiodic)
    aperiodic = _drawn(network.aperiodic.sampler(condition), frames, heat, rng, progress, given and given.aperiodic)
    condition = torch.cat((condition, aperiodic), dim=1)
    return Timbre(harmonic, aperiodic,
                  _voiced(network.voicing.sampler(condition), frames, progress, given and given.voiced))


def _drawn(sampler: FrameSampler, frames: int, heat: Tensor, rng: np.random.Generator, progress: Progress,
           given: Tensor | None) -> Tensor:
    """(batch, numbers, frames); heat: temperature, of all numbers or each."""
    rows: list[Tensor] = []
    for frame in range(frames):
        said = mixtures(sampler.step())
        if given is not None and frame < given.shape[-1]:
            rows.append(given[..., frame])
        else:
            size = said.means.shape[:2]
            chance, normal = (torch.from_numpy(each.astype(np.float32))
                              for each in (rng.random(size), rng.standard_normal(size)))
            rows.append(said.draw(chance, normal, heat))
        sampler.take(rows[-1])
        progress(1)
    return torch.stack(rows, dim=-1)


def _voiced(sampler: FrameSampler, frames: int, progress: Progress, given: Tensor | None) -> Tensor:
    """(batch, 1, frames), 0 or 1."""
    rows: list[Tensor] = []
    for frame in range(frames):
        said = (sampler.step() > 0).float()
        rows.append(said if given is None or frame >= given.shape[-1] else given[..., frame])
        sampler.take(rows[-1])
        progress(1)
    return torch.stack(rows, dim=-1)
