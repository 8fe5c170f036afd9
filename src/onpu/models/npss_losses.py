"""What the networks of a singer minimise, and the frames that they hear meanwhile.

Blaauw & Bonada, "A neural parametric singing synthesizer" (Interspeech 2017, section 2.3): networks that hear true
frames while they learn stray when they hear their own; noise on what they hear makes them listen to the phonemes.

Deviations: the noise changes slowly, since frames drawn one after the other stray slowly; and some examples are heard
as the networks themselves sing them (scheduled sampling: Bengio, Vinyals, Jaitly & Shazeer, NeurIPS 2015).
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import dropout1d

from onpu.models.npss import Npss, PhonemeContext, mixtures
from onpu.models.npss_sampling import Temperatures, Timbre, draw_pitch, draw_timbre

PARTS = ("timbre", "pitch", "timing")


class Hearing(NamedTuple):
    """What networks hear while they learn.

    straying: deviation of what is added to frames; pace: frames over which that changes. own: share of the examples
    whose frames, after the first `given`, they draw themselves. forgotten: share of what pitch is told that is dropped.
    """

    straying: float = 0.0
    pace: float = 1.0
    own: float = 0.0
    given: int = 0
    forgotten: float = 0.0


def losses(network: Npss, batch: Mapping[str, Tensor], hearing: Hearing, parts: tuple[str, ...] = PARTS
           ) -> dict[str, Tensor]:
    """Mean -log p of each stream's numbers. batch: phonemes (batch, 4, frames), see `PhonemeContext`; harmonic,
    aperiodic (batch, numbers, frames); voiced, pitch, bent, heard (batch, frames), bent being the pitch over the
    curve of notes and heard 1 where frames count; notes (batch, SCORE, frames); consonant, vowel (batch, notes),
    note (batch, notes, NOTE), times and timed (batch, notes, TIMES), timed being 1 where a time is known.
    """
    found: dict[str, Tensor] = {}
    if "timbre" in parts:
        found |= _timbre(network, batch, hearing)
    if "pitch" in parts:
        found["pitch"] = _pitch(network, batch, hearing)
    if "timing" in parts:
        mean, deviation = network.times(batch["consonant"].long().flatten(), batch["vowel"].long().flatten(),
                                        batch["note"].flatten(0, 1))
        apart = (batch["times"].flatten(0, 1) - mean) / deviation.exp()
        timed = batch["timed"].flatten(0, 1)
        found["timing"] = ((0.5 * apart.square() + deviation) * timed).sum() / timed.sum().clamp(min=1)
    return found


def _timbre(network: Npss, batch: Mapping[str, Tensor], hearing: Hearing) -> dict[str, Tensor]:
    sung, heard = PhonemeContext(*batch["phonemes"].long().unbind(1)), batch["heard"]
    true = Timbre(batch["harmonic"], batch["aperiodic"], batch["voiced"][:, None])
    told = Timbre(*(_straying(x, hearing) for x in true))
    before = Timbre(*true)
    own = round(hearing.own * len(heard))
    if own:
        with torch.no_grad(), torch.autocast(heard.device.type, enabled=False):
            drawn = draw_timbre(network, PhonemeContext(*(x[:own] for x in sung)), batch["pitch"][:own],
                                batch["notes"][:own], _rng(), Temperatures(),
                                given=Timbre(*(x[:own, :, : hearing.given] for x in told)))
        told = Timbre(*(torch.cat((made, x[own:])) for made, x in zip(drawn, told, strict=True)))
        before = Timbre(*(torch.cat((made, x[own:])) for made, x in zip(drawn, true, strict=True)))
    condition = network.timbre_condition(sung, batch["pitch"], batch["notes"])
    found = {"harmonic": _nats(network.harmonic(told.harmonic, condition), true.harmonic, heard)}
    condition = torch.cat((condition, before.harmonic), dim=1)
    found["aperiodic"] = _nats(network.aperiodic(told.aperiodic, condition), true.aperiodic, heard)
    condition = torch.cat((condition, before.aperiodic), dim=1)
    logits = network.voicing(told.voiced, condition)[:, 0]
    wrong = nn.functional.binary_cross_entropy_with_logits(logits, batch["voiced"], reduction="none")
    found["voicing"] = (wrong * heard).sum() / heard.sum().clamp(min=1)
    return found


def _pitch(network: Npss, batch: Mapping[str, Tensor], hearing: Hearing) -> Tensor:
    sung = PhonemeContext(*batch["phonemes"].long().unbind(1))
    bent = batch["bent"][:, None]
    told = _straying(bent, hearing)
    own = round(hearing.own * len(bent))
    if own:
        with torch.no_grad(), torch.autocast(bent.device.type, enabled=False):
            drawn = draw_pitch(network, PhonemeContext(*(x[:own] for x in sung)), batch["notes"][:own], _rng(),
                               Temperatures(), given=told[:own, :, : hearing.given])
        told = torch.cat((drawn, told[own:]))
    condition = dropout1d(network.pitch_condition(sung, batch["notes"]), hearing.forgotten)
    return _nats(network.pitch(told, condition), bent, batch["heard"] * batch["voiced"])


def _straying(x: Tensor, hearing: Hearing) -> Tensor:
    """(batch, numbers, frames) with noise that changes over `pace` frames: x'_t = a x'_{t-1} + √(1 - a²) ε_t, with
    a = exp(-1 / pace), by convolution with the first frames of a^t."""
    if not hearing.straying:
        return x
    steps = torch.arange(x.shape[-1], device=x.device)
    kept = torch.exp(-(steps[:, None] - steps) / hearing.pace).tril() * (1 - np.exp(-2 / hearing.pace)) ** 0.5
    kept[:, 0] /= (1 - np.exp(-2 / hearing.pace)) ** 0.5
    following: Tensor = hearing.straying * (torch.randn_like(x) @ kept.T)
    return x + following


def _rng() -> np.random.Generator:
    """By torch's own, so that a step draws the same whenever it is taken."""
    return np.random.default_rng(int(torch.randint(2**31, ())))


def _nats(said: Tensor, wanted: Tensor, heard: Tensor) -> Tensor:
    """Mean -log p a number of (batch, numbers, frames) where heard (batch, frames) is 1."""
    nats = -mixtures(said).log_density(wanted).mean(dim=1)
    return (nats * heard).sum() / heard.sum().clamp(min=1)
