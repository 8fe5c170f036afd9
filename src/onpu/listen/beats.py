"""Beats, downbeats, metre and tempo of a recording.

`tcn` (default): Böck & Davies, "Deconstruct, analyse, reconstruct: how to improve tempo, beat, and downbeat estimation"
(ISMIR 2020): one log-frequency spectrogram, 50 frames a second, temporal convolution network with beat, downbeat and
tempo heads. `blstm`: Böck, Krebs & Widmer, "Joint beat and downbeat tracking with recurrent neural networks" (ISMIR
2016): three spectrograms with differences, 100 frames a second, three BLSTM layers. Both are decoded by the bar-pointer
model (`onpu.decode.bars`).

Deviations: trained on rendered music alone; tcn: half the paper's frame rate (beats are refined between frames), the
tempo head answers for every frame, so that the tempo may change; blstm: AdamW instead of stochastic gradient descent,
crops instead of whole pieces. What the networks themselves change stands in `onpu.models`.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import torch
from torch import Tensor

from onpu.decode.pulse import TEMPI
from onpu.decode.targets import gaussian_targets
from onpu.decode.tasks.beats import DECODER, TARGET_SPREAD_FRAMES
from onpu.engine.augment.spectrum import augment_spectrum
from onpu.layers.losses import binary_cross_entropy, cross_entropy
from onpu.metrics import beats as metric
from onpu.metrics import tempo as tempo_metric
from onpu.models.beat_blstm import BeatBlstm
from onpu.models.beat_tcn import BeatTcn
from onpu.music import Beats, Clock, Tempo, Timeline
from onpu.recipe import choice, setting
from onpu.represent import Concatenate, Features, LogFilterbank, PositiveDifference, Representation
from onpu.represent.change import half_window_lag
from onpu.task import Listener, ListenerRecipe, Network

MUL = 1.0  # of the logarithm of the three spectra, log10(1 + x)
TEMPO_WEIGHT = 0.05
UNKNOWN = -1.0  # target of the downbeat in frames where nobody knows whether there is one


def three_spectra() -> Concatenate:
    """314 inputs at 100 frames a second: windows of 1024, 2048, 4096 with 3, 6, 12 bands an octave, and differences."""
    return Concatenate([
        Features(LogFilterbank(44100, size, 441, bands, 30.0, 17000.0, mul=MUL, amplitude=False),
                 PositiveDifference(half_window_lag(size, 441)))
        for size, bands in ((1024, 3), (2048, 6), (4096, 12))], "bins")


def tcn(recipe: "BeatRecipe", features: Representation) -> BeatTcn:
    """The network of 2020, untrained."""
    return BeatTcn(features.bins, recipe.width, recipe.channels, recipe.blocks, tempi=len(TEMPI))


def blstm(recipe: "BeatRecipe", features: Representation) -> BeatBlstm:
    """The network of 2016, untrained."""
    return BeatBlstm(features.bins, recipe.units)


NETWORKS = {"tcn": Network(LogFilterbank, tcn), "blstm": Network(three_spectra, blstm)}


@dataclass(frozen=True)
class BeatRecipe(ListenerRecipe):
    """How a beat network is trained."""

    network: str = choice("tcn", NETWORKS, "network")
    width: int = setting(24, "channels of the first convolutions (tcn)")
    channels: int = setting(48, "channels of the dilated convolutions (tcn)")
    blocks: int = setting(9, "number of dilated blocks (tcn)")
    units: int = setting(25, "units per layer and direction (blstm)")


def augment(spectra: np.ndarray, labels: Timeline, rng: np.random.Generator,
            recipe: BeatRecipe) -> tuple[np.ndarray, Timeline]:
    """Another recording of the same music, spectra (channels, bins, frames)."""
    if recipe.network == "tcn":
        return augment_spectrum(spectra, rng, LogFilterbank().mul, shift=2), labels
    seed, first, out = int(rng.integers(2**31)), 0, []
    for bins, lag in _resolutions():
        coloured = augment_spectrum(spectra[:, first : first + bins], np.random.default_rng(seed), MUL, shift=0)
        change = np.zeros_like(coloured)
        change[..., lag:] = np.maximum(coloured[..., lag:] - coloured[..., :-lag], 0)
        out += [coloured, change]
        first += 2 * bins
    return np.concatenate(out, axis=1), labels


@cache
def _resolutions() -> list[tuple[int, int]]:
    """Bands and lag of each of the three spectra."""
    return [(part.front.bins, part.transforms[0].lag) for part in three_spectra().parts]


def target(timeline: Timeline, clock: Clock, frames: int) -> dict[str, np.ndarray]:
    """beat, downbeat: (frames,) peaks of height 1; bpm: (frames,) tempo, 0 outside the beats.

    downbeat is `UNKNOWN` around beats whose position in the bar is not known.
    """
    beats = timeline.require(Beats)
    spread = TARGET_SPREAD_FRAMES * clock.fps / 50
    downbeat = gaussian_targets(clock.frames(beats.downbeats), frames, spread)
    return {"beat": gaussian_targets(clock.frames(beats.times), frames, spread),
            "downbeat": np.where(_position_known(clock, beats, frames), downbeat, np.float32(UNKNOWN)),
            "bpm": _tempo_track(clock, beats.times, frames)}


def _position_known(clock: Clock, beats: Beats, frames: int) -> np.ndarray:
    """Whether the position in the bar of the beat that lies nearest to each frame is known; where no beat is, it is."""
    if (beats.positions > 0).all():
        return np.ones(frames, dtype=bool)
    middles = (beats.times[1:] + beats.times[:-1]) / 2
    nearest = np.searchsorted(middles, clock.seconds(np.arange(frames)))
    known: np.ndarray = beats.positions[nearest] > 0
    return known


def _tempo_track(clock: Clock, times: np.ndarray, frames: int) -> np.ndarray:
    if len(times) < 2:
        return np.zeros(frames, dtype=np.float32)
    seconds = clock.seconds(np.arange(frames))
    beat = np.searchsorted(times, seconds, side="right") - 1
    bpm = 60 / np.diff(times)
    inside = (beat >= 0) & (beat < len(bpm))
    return np.where(inside, bpm[np.clip(beat, 0, len(bpm) - 1)], 0).astype(np.float32)


def loss(logits: dict[str, Tensor], targets: dict[str, Tensor], mask: Tensor) -> Tensor:
    """Binary cross-entropies of beat and downbeat and cross-entropy of tempo (tcn), or of the three events (blstm).

    Where the downbeat is `UNKNOWN`, only the beat counts: there, events are a beat of any kind or none.
    """
    known = mask * (targets["downbeat"] != UNKNOWN)
    downbeat = targets["downbeat"].clamp(min=0)
    if "events" in logits:
        return _event_loss(logits["events"], targets["beat"], downbeat, known, mask - known)
    total = binary_cross_entropy(logits["beat"], targets["beat"], mask)
    total = total + binary_cross_entropy(logits["downbeat"], downbeat, known)
    distance = torch.log(targets["bpm"].clamp(min=1.0))[:, None] - _log_tempi(logits["tempo"])
    classes = torch.softmax(-0.5 * (distance / 0.03) ** 2, dim=1) * (targets["bpm"] > 0)[:, None]
    return total + TEMPO_WEIGHT * cross_entropy(logits["tempo"], classes, mask)


def _event_loss(events: Tensor, beat: Tensor, downbeat: Tensor, known: Tensor, unknown: Tensor) -> Tensor:
    """Mean cross-entropy of none, beat and downbeat where known, of none and any beat where unknown; two masks."""
    classes = torch.stack([1 - beat, (beat - downbeat).clamp(min=0), downbeat], dim=1)
    any_beat = torch.logsumexp(events[:, 1:], dim=1) - events[:, 0]
    share = known.sum() / (known + unknown).sum().clamp(min=1)
    return share * cross_entropy(events, classes, known) + (1 - share) * binary_cross_entropy(any_beat, beat, unknown)


def _log_tempi(like: Tensor) -> Tensor:
    return torch.log(torch.as_tensor(TEMPI, dtype=like.dtype, device=like.device))[:, None]


def activate(logits: dict[str, Tensor]) -> dict[str, Tensor]:
    """Activations beat (downbeats included) and downbeat, (batch, frames); of tcn tempo (batch, classes, frames) and
    flux (batch, 3, frames), the rise of the spectrum's low, middle and high bands."""
    if "events" in logits:
        none, _, downbeat = torch.softmax(logits["events"], dim=1).unbind(dim=1)
        return {"beat": 1 - none, "downbeat": downbeat}
    return {"beat": torch.sigmoid(logits["beat"]), "downbeat": torch.sigmoid(logits["downbeat"]),
            "tempo": torch.softmax(logits["tempo"], dim=1), "flux": logits["flux"].clamp(0, 1)}


def evaluate(reference: Timeline, estimate: Timeline) -> dict[str, float]:
    """Beat, downbeat and tempo measures of two timelines."""
    truth = reference.require(Beats)
    scores = metric.evaluate(truth, estimate.require(Beats))
    if len(truth.times) > 1:
        scores |= tempo_metric.evaluate(tempo_metric.reference_tempo(truth), estimate.require(Tempo))
    return scores


LISTENER = Listener(
    **vars(DECODER),
    networks=NETWORKS,
    target=target,
    loss=loss,
    activate=activate,
    metric=evaluate,
    criterion=("Beat F-measure", "Downbeat F-measure"),
    recipes={"small": BeatRecipe(learning_rate=2e-3, crop_seconds=24.0, time_stretch=1.25, steps=150, minutes=35.0,
                                 precision="bf16-mixed"),
             "blstm": BeatRecipe(network="blstm", learning_rate=3e-3, time_stretch=1.25, steps=150, minutes=12.0),
             "paper": BeatRecipe(channels=20, width=20, blocks=11, batch=1, crop_seconds=60.0)},
    augment=augment,
)
