"""A recording taken apart: voice, drums, bass and the rest, which sum to it.

Jansson, Humphrey, Montecchio, Bittner, Kumar & Weyde, "Singing voice separation with deep U-Net convolutional networks"
(ISMIR 2017): magnitudes of a spectrum, a U-Net, a mask for each part, the phase of the mixture; then, where there are
two channels, a multichannel Wiener filter.

    sound -> spectrum at 44.1 kHz -> bands -> masks -> bins of the spectrum at the recording's own rate
          -> spectra of the parts (`onpu.decode.masks`) -> sounds, piece by piece, with overlapping ends

Deviations: 44.1 kHz in place of 8192 Hz, 93 ms windows every 23 ms; all parts at once; the target of a mask is the
mixture's share in phase with it (Erdogan et al. 2015), not the magnitude alone; the logarithm of each part's squared
error in place of the absolute one; songs are rendered, and parts of different ones are mixed as well as those of one,
bent in pitch and speed and equalised. What the network changes stands in `onpu.models.separation_unet`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

import numpy as np
import soxr
import torch
from torch import Tensor, nn

from onpu.data.scenes.sounds import AlignedSounds
from onpu.data.scenes.stems import PARTS, StemScenes
from onpu.decode.masks import masked, wiener
from onpu.errors import OnpuError
from onpu.inference.pieces import linear_fade, overlap_add
from onpu.layers.layout import channels_last
from onpu.maker import Batch, Maker, Networks, Player, TrainedMaker
from onpu.metrics import separation as metric
from onpu.models.separation_unet import SeparationUnet
from onpu.music import Audio, AudioSource, Stems
from onpu.music.audio import rms
from onpu.recipe import Options, Recipe, setting
from onpu.represent import Stft
from onpu.represent.bands import Bands

RATE, N_FFT, HOP = 44_100, 4096, 1024
SINGLE_BINS = 96
"""Bands are single bins up to this one."""
MUL = 100.0
"""Of the compression log10(1 + MUL x) of amplitudes."""
TARGET_RMS = 0.1
"""RMS of a training mixture before its level is drawn."""
ENOUGH_DB = -13.0
"""dB below the mixture, from where on a training part is right."""
GATED_PARTS, GATE_RISE_SECONDS = ("bass", "other"), 0.005
"""Parts that may be cut into short notes; seconds in which such a note sets in."""
EQUALISER_KNOTS = 5
"""Of the curves of equalisation, eight octaves below half the rate and above."""
PIECE_SECONDS, MARGIN_SECONDS, FADE_SECONDS = 30.0, 3.0, 0.5
"""Seconds that are taken apart at a time, that are heard on either side, in which pieces overlap."""
MAX_MASKED_CHANNELS = 2
"""Channels up to which each has masks of its own; more have those of their mean."""


@dataclass(frozen=True)
class StemOptions(Options):
    """How a recording is taken apart."""

    wiener: int = setting(0, "passes of the multichannel Wiener filter over stereo recordings, 0 to 5", "[0, 5]")


@dataclass(frozen=True)
class StemRecipe(Recipe):
    """How the separation network is trained."""

    RENAMED: ClassVar[dict[str, str]] = {
        "crop": "crop_seconds", "strangers": "mix_songs", "spread": "level_std_db", "bend": "speed_octaves",
        "colour": "equaliser_std_db", "chopped": "note_gating", "absent": "part_dropout"}

    crop_seconds: float = setting(20.0, "length of an example in seconds", "(0, inf)")
    widths: tuple[int, ...] = setting((16, 32, 64, 128, 256), "channels per level")
    dropout: float = setting(0.3, "dropout of channels in the first half of the decoder", "[0, 1)")
    mix_songs: float = setting(0.5, "augmentation: share of mixtures whose parts come from different songs", "[0, 1]")
    level_std_db: float = setting(4.0, "augmentation: standard deviation of the parts' levels, dB")
    speed_octaves: float = setting(0.3, "augmentation: largest change of a song's speed and pitch together, in octaves")
    equaliser_std_db: float = setting(3.0, "augmentation: standard deviation of the parts' equalisation, dB")
    note_gating: float = setting(
        0.2, "augmentation: probability that bass, or the rest, is gated into short notes", "[0, 1]")
    part_dropout: float = setting(0.1, "augmentation: probability that a part is left out", "[0, 1]")


Trained = TrainedMaker[StemRecipe, StemOptions]


def scenes(recipe: StemRecipe) -> StemScenes:
    """Songs in four parts."""
    return StemScenes()


def players(recipe: StemRecipe) -> dict[str, Player]:
    """The one player."""
    network = channels_last(SeparationUnet(len(PARTS), recipe.widths, recipe.dropout))
    return {"separator": Player(network, loss)}


@cache
def front() -> Stft:
    """The spectrum that is heard, of amplitudes."""
    return Stft(RATE, N_FFT, HOP, amplitude=True)


@cache
def bands() -> Bands:
    """What its bins are put together to: 399 bands."""
    return Bands(RATE, N_FFT, SINGLE_BINS)


def heard(magnitude: Tensor) -> Tensor:
    """What the network sees of magnitudes in bands."""
    return torch.log10(1 + MUL * magnitude)


def example(sounds: AlignedSounds, rng: np.random.Generator, recipe: StemRecipe) -> dict[str, np.ndarray]:
    """mixture (1, bands, frames), magnitudes; parts (parts, bands, frames), what of each is in phase with it."""
    samples = round(recipe.crop_seconds * RATE)
    if rng.random() < recipe.mix_songs:
        parts = np.concatenate([played(sounds, rng, samples, recipe.speed_octaves, name) for name in PARTS])
    else:
        parts = played(sounds, rng, samples, recipe.speed_octaves)
    gains = 10 ** (rng.normal(0, recipe.level_std_db, len(PARTS)) / 20)
    parts = parts * (gains * (rng.random(len(PARTS)) >= recipe.part_dropout)).astype(np.float32)[:, None]
    for name in GATED_PARTS:
        if rng.random() < recipe.note_gating:
            parts[PARTS.index(name)] *= chopping(rng, samples)
    loud = float(rms(parts.sum(axis=0)))
    level = TARGET_RMS * 10 ** (rng.uniform(-20, 8) / 20)
    spectra = front().spectrum(torch.from_numpy(parts * np.float32(level / max(loud, 1e-5))))
    spectra *= torch.from_numpy(equalised(rng, recipe.equaliser_std_db))[..., None]
    real, imaginary = spectra.real.contiguous(), spectra.imag.contiguous()  # (parts, bins, frames)
    along, across = real.sum(dim=0), imaginary.sum(dim=0)
    magnitude = torch.hypot(along, across)
    in_phase = (real * along + imaginary * across) / magnitude.clamp(min=1e-7)
    return {"mixture": bands().mean(magnitude)[None].numpy(), "parts": bands().mean(in_phase).numpy()}


def played(sounds: AlignedSounds, rng: np.random.Generator, samples: int, bend: float, only: str = "") -> np.ndarray:
    """Parts (parts, samples) of a song, or only one (1, samples) of a song that has it, from anywhere, at another
    speed, as a tape would be: other voices and instruments."""
    speed = 2 ** rng.uniform(-bend, bend)
    wanted = int(np.ceil(samples * speed)) + 1
    heard = sounds.draw(rng, wanted, sounds.heard[only] if only else ())
    if only:
        place = sounds.names.index(only)
        heard = heard[place : place + 1]
    return soxr.resample(heard.T, speed, 1.0, quality="LQ").T[:, :samples]


def chopping(rng: np.random.Generator, samples: int) -> np.ndarray:
    """Gain (samples,), float32, that rises and falls in even time: two to seven notes a second."""
    period, sounding = 1 / rng.uniform(2, 7), rng.uniform(0.15, 0.7)
    since = (np.arange(samples) / RATE + rng.uniform(0, period)) % period  # seconds since a note began
    rise, fall = since / GATE_RISE_SECONDS, (sounding * period - since) / rng.uniform(0.005, 0.05)
    return np.clip(np.minimum(rise, fall), 0, 1).astype(np.float32)


def equalised(rng: np.random.Generator, deviation: float) -> np.ndarray:
    """Random gains of each part, smooth over the octaves, float32 (parts, bins)."""
    octaves = np.log2(np.maximum(np.arange(N_FFT // 2 + 1), 1) / np.float32(N_FFT // 2))
    knots = np.linspace(-8, 0, EQUALISER_KNOTS)
    curves = [np.interp(octaves, knots, rng.normal(0, deviation, EQUALISER_KNOTS)) for _ in PARTS]
    return (10 ** (np.stack(curves) / 20)).astype(np.float32)


def loss(networks: Networks, batch: Batch, recipe: StemRecipe) -> dict[str, Tensor]:
    """Mean over the parts of what is wrong in each, dB below the mixture, bands by their widths; from `ENOUGH_DB` on
    less does not count. Of each part the logarithm, since else the network does without the softest of them."""
    mixture, parts = batch["mixture"], batch["parts"]
    masks = networks["separator"](heard(mixture)).float().softmax(dim=1)
    widths = torch.from_numpy(bands().widths).to(mixture)[:, None]
    wrong = ((masks * mixture - parts).square() * widths).sum(dim=(2, 3))  # (batch, parts)
    whole = (mixture.square() * widths).sum(dim=(2, 3)).clamp(min=1e-6)
    return {"loss": 10 * torch.log10(wrong / whole + 10 ** (ENOUGH_DB / 10)).mean()}


def masks_of(network: nn.Module, samples: np.ndarray, rate: int) -> Tensor:
    """Shares of the parts (parts, channels, bands, frames) for sound (channels, samples), every HOP / RATE seconds."""
    resampled = samples if rate == RATE else soxr.resample(samples.T, rate, RATE).T
    device = next(network.parameters()).device
    sound = torch.from_numpy(np.ascontiguousarray(resampled, dtype=np.float32)).to(device)
    magnitude = bands().mean(front().to(device).spectrum(sound).abs().cpu()).to(device)[:, None]
    with torch.autocast(device.type, torch.bfloat16):
        logits = network(heard(magnitude))
    return logits.float().softmax(dim=1).transpose(0, 1).cpu()


def taken_apart(network: nn.Module, samples: np.ndarray, rate: int, passes: int) -> np.ndarray:
    """Parts (parts, channels, samples) of sound (channels, samples), float32."""
    channels, length = samples.shape
    masks = masks_of(network, samples if channels <= MAX_MASKED_CHANNELS else samples.mean(axis=0, keepdims=True), rate)
    size = 4 * round(N_FFT * rate / RATE / 4)
    stft = Stft(rate, size, size // 4, amplitude=True)
    mixture = stft.spectrum(torch.from_numpy(np.ascontiguousarray(samples, dtype=np.float32)))
    matrix = bands().spread(np.arange(size // 2 + 1) * rate / size)
    at = np.arange(mixture.shape[-1]) * (size // 4) / rate * RATE / HOP
    if rate != RATE:
        at = np.minimum(at, masks.shape[-1] - 1)
        left = torch.from_numpy(at.astype(int))
        weight = torch.from_numpy(at).float() - left
        masks = masks[..., left] * (1 - weight) + masks[..., (left + 1).clamp(max=masks.shape[-1] - 1)] * weight
    spectra = masked(mixture, matrix @ masks)
    if passes and channels == MAX_MASKED_CHANNELS:
        spectra = wiener(mixture, spectra, passes)
    flat = stft.inverse(spectra.flatten(0, 1), length)  # (parts * channels, samples)
    parts = flat.reshape(len(PARTS), channels, length).numpy()
    parts[-1] += samples - parts.sum(axis=0)  # rounding, and what no frame reaches
    return parts


def separate(trained: Trained, source: AudioSource, options: StemOptions,
             progress: Callable[[float], None] | None = None) -> Iterator[np.ndarray]:
    """Consecutive blocks (parts, channels, samples), float32, that sum to the recording; memory is bounded."""
    piece, fade = round(PIECE_SECONDS * source.rate), round(FADE_SECONDS * source.rate)
    return overlap_add(_pieces(trained, source, options, piece, fade, progress), piece, *linear_fade(fade))


def _pieces(trained: Trained, source: AudioSource, options: StemOptions, piece: int, fade: int,
            progress: Callable[[float], None] | None) -> Iterator[np.ndarray]:
    """Pieces (parts, channels, piece + fade), each of which begins `piece` samples after the one before."""
    margin = round(MARGIN_SECONDS * source.rate)
    trained.network.eval()
    buffer = np.zeros((source.channels, 0), dtype=np.float32)
    before, done = 0, 0  # samples of the buffer that are done, samples of the recording that are done
    blocks = source.blocks(PIECE_SECONDS)
    ended = False
    while True:
        while not ended and buffer.shape[1] - before < piece + fade + margin:
            block = next(blocks, None)
            ended = block is None
            buffer = buffer if block is None else np.concatenate([buffer, block.astype(np.float32, copy=False)], axis=1)
        left = buffer.shape[1] - before
        if left == 0:
            return
        last = ended and left <= piece + fade
        with torch.inference_mode():
            parts = taken_apart(trained.network, buffer, source.rate, options.wiener)
        yield parts[..., before : before + (left if last else piece + fade)]
        done += left if last else piece
        if progress is not None:
            progress(min(1.0, done / max(source.duration * source.rate, 1)))
        if last:
            return
        kept = max(0, before + piece - margin)
        buffer, before = buffer[:, kept:], before + piece - kept


def apply(trained: Trained, audio: Audio | None, options: StemOptions,
          progress: Callable[[float], None] | None) -> Stems:
    """The parts of a recording, at its rate, with its channels and length."""
    if audio is None:
        raise OnpuError("there is no recording to be taken apart; give one")
    empty = np.zeros((len(PARTS), audio.channels, 0), dtype=np.float32)
    return Stems(PARTS, np.concatenate([empty, *separate(trained, audio, options, progress)], axis=-1), audio.rate)


def evaluate(trained: Trained, sounds: np.ndarray, rng: np.random.Generator) -> dict[str, float]:
    """Improvements of SI-SDR of an item (parts, samples)."""
    found = trained(sounds.sum(axis=0), RATE)
    return metric.evaluate(dict(zip(PARTS, sounds[:, None], strict=True)),
                           dict(zip(PARTS, found.samples, strict=True)))


def together(stems: Stems, wanted: Sequence[str]) -> Stems:
    """Only the parts `wanted`, and, as `accompaniment`, what is left."""
    names = [stems.names.index(name) for name in wanted]
    rest = [number for number in range(len(stems.names)) if number not in names]
    samples = np.concatenate([stems.samples[names], stems.samples[rest].sum(axis=0, keepdims=True)])
    return Stems((*wanted, "accompaniment"), samples, stems.rate)


MAKER = Maker(
    name="stems",
    title="voice, drums, bass and the rest of a recording",
    paper="Jansson, Humphrey, Montecchio, Bittner, Kumar & Weyde, Singing voice separation with deep U-Net "
          "convolutional networks, ISMIR 2017",
    scenes=scenes,
    players=players,
    example=example,
    apply=apply,
    metric=evaluate,
    criterion=("SI-SDR improvement",),
    recipes={"small": StemRecipe(learning_rate=1e-3, batch=8, crop_seconds=6.0, steps=300, minutes=40.0,
                                 precision="bf16-mixed", weight_decay=1e-3),
             "paper": StemRecipe(widths=(16, 32, 64, 128, 256, 512), dropout=0.5, optimiser="adam", weight_decay=0.0,
                                 schedule="constant", warmup=0, batch=64, crop_seconds=11.9, steps=1000, epochs=40,
                                 ema_decay=0.0)},
    options=StemOptions(),
)
