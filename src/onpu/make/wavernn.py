"""Sound from its mel spectrum, sample by sample: a vocoder that other makers take by the file of its weights.

Kalchbrenner et al., "Efficient neural audio synthesis" (ICML 2018), WaveRNN, told the mel spectrum of
`onpu.represent.voice_mel`:

    mel -> network -> coarse byte, fine byte, sample after sample -> sound at 16 kHz

Called with a recording it makes it anew from its mel spectrum. *Nats* is the mean -log p of a sample of held-out sound,
coarse and fine byte together, given all before it and the spectrum.

Deviations: those of `onpu.models.wavernn`; 16 kHz; crops that begin after the true sample but without a state, whose
first samples do not count; AdamW with a falling rate in the small recipe; the subscale form is not here.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import soxr
import torch
from torch import Tensor, nn

from onpu.data.corpora.uttered import Utterance, Uttered
from onpu.data.scenes.lines import INSTRUMENTS
from onpu.data.scenes.sounds import AlignedSounds
from onpu.decode.bytes_drawn import drawn_bytes
from onpu.errors import DataError, OnpuError
from onpu.make import load
from onpu.maker import Batch, Maker, Networks, Player, TrainedMaker
from onpu.models.wavernn import BYTE, MARGIN, WaveRnn, sparsity
from onpu.music import Audio
from onpu.recipe import Options, Recipe, setting
from onpu.represent.phase import Inversion
from onpu.represent.voice_mel import BANDS, HOP, N_FFT, RATE, sound_of_mel, voice_mel
from onpu.workers import Progress

SETTLING = 32
"""Samples of a crop that do not count."""
JUDGED_SECONDS = 0.128
"""Of a held-out item."""
LEVEL = 0.08
"""Root mean square to which a recording is brought before its spectrum is taken."""
VOCODERS = ("griffin-lim", "phase")  # those that need no weights of the user's
MAX_SECONDS = 120.0
"""Of a recording that is made anew."""


@dataclass(frozen=True)
class WaveRnnRecipe(Recipe):
    """How the network is built, what an example is, and how weights are left out."""

    crop_frames: int = setting(4, f"length of an example in frames of {HOP} samples")
    units: int = setting(224, "units of the state, even", "[2, inf)")
    told: int = setting(64, "channels in which the spectrum is told")
    input_noise: float = setting(0.0, "largest standard deviation of noise on the samples that are heard, of 1")
    sparsity: float = setting(0.0, "share of the blocks of the recurrent matrix that are left out in the end; 0: none",
                              "[0, 1)")
    prune_begin: int = setting(1000, "step at which blocks begin to be left out", "[0, inf)")
    prune_steps: int = setting(200_000, "steps until all of them are")
    prune_every: int = setting(500, "steps from one choice of blocks to the next")
    block: tuple[int, int] = setting((16, 1), "rows and columns of a block")

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.units % 2:
            raise OnpuError(f"units is {self.units}; give an even number, for each half says one byte")
        if self.units % self.block[0] or self.units % self.block[1]:
            raise OnpuError(f"blocks of {self.block[0]} x {self.block[1]} do not divide {self.units} units; give "
                            "others")


@dataclass(frozen=True)
class WaveRnnOptions(Options):
    """How sound is drawn."""

    seed: int = setting(0, "random seed", "[0, inf)")
    temperature: float = setting(0.9, "sampling temperature: below 1 purer, above 1 noisier", "[0.05, 5]")


Trained = TrainedMaker[WaveRnnRecipe, WaveRnnOptions]
Material = Uttered | AlignedSounds


@dataclass(frozen=True)
class MelSource:
    """Sound of any kind that the user brings. See `DatasetSource`."""

    title: str = "Folder of utterances (onpu corpus speech) or of lines (onpu compose --corpus FOLDER --for wavenet)"

    def open(self, path: Path) -> Material:
        """Either. Raises `DataError` where it is neither."""
        try:
            return Uttered.open(path)
        except DataError:
            return AlignedSounds.open(path)

    def check(self, material: object) -> None:
        """It must be one of them, at the rate of the spectrum."""
        if isinstance(material, AlignedSounds) and material.rate != RATE:
            raise DataError(f"{material.folder}: has {material.rate} Hz; give sound at {RATE} Hz")
        if not isinstance(material, Material):
            raise DataError(f"{getattr(material, 'folder', 'the data')}: holds no sound; give a {self.title.lower()}")

    def composed(self, folder: Path, jobs: int, progress: Progress | None) -> Material:
        """There is none without programs that speak."""
        raise DataError(f"a vocoder learns from sound; give with --data a {self.title.lower()}")


def scenes(recipe: WaveRnnRecipe) -> MelSource:
    """Speech, song and notes."""
    return MelSource()


def players(recipe: WaveRnnRecipe) -> dict[str, Player]:
    """The network alone."""
    return {"sound": Player(WaveRnn(BANDS, HOP, recipe.units, recipe.told, recipe.block), likelihood)}


def example(material: Material, rng: np.random.Generator, recipe: WaveRnnRecipe) -> dict[str, np.ndarray]:
    """samples (1 + crop,), the first of which is heard alone; told (bands, frames + 2 MARGIN)."""
    samples = _any(material, rng)
    samples = samples * np.float32(10 ** (rng.uniform(-12, 6) / 20))
    length = recipe.crop_frames * HOP
    samples = np.pad(samples, (0, max(0, length + 2 * MARGIN * HOP - len(samples))))
    frame = int(rng.integers(MARGIN, max(MARGIN + 1, len(samples) // HOP - recipe.crop_frames - MARGIN)))
    return {"samples": _between(samples, frame * HOP - 1, (frame + recipe.crop_frames) * HOP),
            "told": _told(samples, frame, recipe.crop_frames)}


def _any(material: Material, rng: np.random.Generator) -> np.ndarray:
    """Sound of any utterance, by each voice as often; or of any instrument's line, a few seconds."""
    if isinstance(material, Uttered):
        numbers = material.by_voice(material.voices[int(rng.integers(len(material.voices)))]) or material.numbers
        return material.item(numbers[int(rng.integers(len(numbers)))]).samples
    rows = material.draw(rng, 2 * RATE)
    return 0.3 * rows[int(rng.integers(min(len(INSTRUMENTS), len(rows))))]


def _between(samples: np.ndarray, start: int, end: int) -> np.ndarray:
    cut = samples[max(0, start) : end]
    return np.pad(cut, (max(0, -start), max(0, end - max(0, start) - len(cut)))).astype(np.float32)


def _told(samples: np.ndarray, frame: int, frames: int) -> np.ndarray:
    """Spectrum (bands, frames + 2 MARGIN) in whose middle the first frame lies around the sound's first sample."""
    reach = MARGIN + N_FFT // (2 * HOP)
    mel = voice_mel(_between(samples, (frame - reach) * HOP, (frame + frames + reach) * HOP))
    return mel[:, reach - MARGIN : reach + frames + MARGIN]


def likelihood(networks: Networks, batch: Batch, recipe: WaveRnnRecipe) -> dict[str, Tensor]:
    """-log p of a sample's coarse and fine byte; blocks are left out as the recipe says."""
    network = networks["sound"]
    assert isinstance(network, WaveRnn)
    if network.training and recipe.sparsity:
        network.steps += 1
        step = int(network.steps)
        if step >= recipe.prune_begin and not (step - recipe.prune_begin) % recipe.prune_every:
            network.prune(sparsity(step, recipe.prune_begin, recipe.prune_steps, recipe.sparsity))
    samples = batch["samples"].float()
    scale = recipe.input_noise * torch.rand(len(samples), 1, device=samples.device)
    noisy = samples[:, :-1] + scale * torch.randn_like(samples[:, :-1])
    coarse, fine = nats(network, noisy, samples[:, 1:], batch["told"].float())
    return {"coarse": coarse[:, SETTLING:].mean(), "fine": fine[:, SETTLING:].mean()}


def nats(network: nn.Module, before: Tensor, samples: Tensor, told: Tensor) -> tuple[Tensor, Tensor]:
    """-log p of coarse and of fine byte of each of (batch, samples), given the samples that are heard before each."""
    heard = torch.stack(byte_pair(before), dim=2)
    coarse, fine = byte_pair(samples)
    says = network(heard, coarse, told)
    found = [nn.functional.cross_entropy(logits.float(), wanted, reduction="none")
             for logits, wanted in zip(says, (coarse, fine), strict=True)]
    return found[0], found[1]


def byte_pair(samples: Tensor) -> tuple[Tensor, Tensor]:
    """Coarse and fine bytes of samples, any shape."""
    numbers = (samples * 32768).round().clamp(-32768, 32767).long() + 32768
    return numbers // BYTE, numbers % BYTE


@torch.no_grad()
def evaluate(trained: Trained, item: Utterance | np.ndarray, rng: np.random.Generator) -> dict[str, float]:
    """`Nats` of a piece of an item, from the middle of an utterance or of each instrument; `Likelihood`, by which
    weights are chosen, is minus that."""
    rows = item.samples[None] if isinstance(item, Utterance) else 0.3 * item[: len(INSTRUMENTS)]
    found = float(np.mean([judged(trained, row, JUDGED_SECONDS).mean() for row in rows]))
    return {"Nats": found, "Likelihood": -found}


@torch.no_grad()
def judged(trained: Trained, samples: np.ndarray, seconds: float) -> np.ndarray:
    """-log p of coarse and fine byte, (2,), of a sample from the middle of a sound (samples,)."""
    frames = min(round(seconds * RATE / HOP), len(samples) // HOP)
    frame = (len(samples) // HOP - frames) // 2
    cut = torch.from_numpy(_between(samples, frame * HOP - 1, (frame + frames) * HOP))[None].to(trained.device)
    told = torch.from_numpy(_told(samples, frame, frames))[None].to(trained.device)
    coarse, fine = nats(trained.network, cut[:, :-1], cut[:, 1:], told)
    return np.array([float(each[:, SETTLING:].double().mean()) for each in (coarse, fine)])


def vocoded(trained: Trained, mel: np.ndarray, options: WaveRnnOptions,
            progress: Callable[[float], None] | None = None) -> np.ndarray:
    """Samples ((frames - 1) HOP,) float32 of a mel spectrum (bands, frames), drawn."""
    network = trained.network
    assert isinstance(network, WaveRnn)
    told = np.pad(mel, ((0, 0), (MARGIN, MARGIN - 1)), mode="edge")
    sampler = network.sampler(torch.from_numpy(told)[None].to(trained.device))
    rng = np.random.default_rng(options.seed)
    return drawn_bytes(sampler, (mel.shape[1] - 1) * HOP, rng, options.temperature, progress).astype(np.float32)


def apply(trained: Trained, audio: Audio | None, options: WaveRnnOptions,
          progress: Callable[[float], None] | None) -> Audio:
    """A recording made anew from its mel spectrum, each channel by itself, at its rate and level. Raises `OnpuError`
    without one, and for one that is too long."""
    if audio is None:
        raise OnpuError("a vocoder needs a sound or a spectrum; give a recording, or name its weights with --vocoder")
    if audio.duration > MAX_SECONDS:
        raise OnpuError(f"the recording lasts {audio.duration:.0f} s; give at most {MAX_SECONDS:g} s, for each second "
                        "takes about one")
    made, count = [], len(audio.samples)
    for number, channel in enumerate(audio.samples):
        part = None if progress is None else partial(_part_of, progress, number, count)
        made.append(revoiced(trained, channel, audio.rate, options, part))
    return Audio(np.stack(made), audio.rate)


def _part_of(progress: Callable[[float], None], number: int, count: int, share: float) -> None:
    progress((number + share) / count)


def revoiced(trained: Trained, samples: np.ndarray, rate: int, options: WaveRnnOptions,
             progress: Callable[[float], None] | None = None) -> np.ndarray:
    """A sound (samples,) made anew from its mel spectrum, float32, as long and as loud."""
    sound = soxr.resample(np.asarray(samples, np.float32), rate, RATE)
    level = LEVEL / max(float(np.sqrt(np.mean(np.square(sound)))) if len(sound) else 0.0, 1e-5)
    made = vocoded(trained, voice_mel(np.pad(sound * level, (0, HOP))), options, progress) / level
    made = soxr.resample(made, RATE, rate)[: len(samples)]
    return np.pad(made, (0, len(samples) - len(made))).astype(np.float32)


def phase_method() -> Inversion:
    """The network of `onpu.make.phase`, as `onpu.represent.invert` takes it."""
    method: Inversion = load("phase")()
    return method


def vocoder_at(path: str) -> Trained:
    """The vocoder of a file of weights that `onpu train wavernn` wrote. Raises `OnpuError` for any other."""
    trained = load(path)
    if trained.maker.name != MAKER.name:
        raise OnpuError(f"{path}: holds weights of {trained.maker.name}; name those of onpu train wavernn")
    return trained


def check_vocoder(name: str, plain: Collection[str]) -> None:
    """Raise `OnpuError` unless a vocoder is one of those that need no weights, or a file."""
    if name not in plain and not Path(name).is_file():
        raise OnpuError(f"no vocoder is {name!r}; give {', '.join(plain)}, or a file that onpu train wavernn wrote")


def sound_by(vocoder: str, mel: np.ndarray, seed: int, progress: Callable[[float], None] | None) -> np.ndarray:
    """Samples ((frames - 1) HOP,) at `RATE` of a mel spectrum (bands, frames), by one of `VOCODERS` or by the weights
    of a file."""
    if vocoder in VOCODERS:
        return sound_of_mel(mel, phase_method() if vocoder == "phase" else "fast griffin-lim", seed=seed)
    return vocoded(vocoder_at(vocoder), mel, WaveRnnOptions(seed=seed), progress)


def revoiced_by(path: str, samples: np.ndarray, rate: int, seed: int = 0,
                progress: Callable[[float], None] | None = None) -> np.ndarray:
    """A sound (samples,) made anew from its mel spectrum by the weights of a file, see `revoiced`."""
    return revoiced(vocoder_at(path), samples, rate, WaveRnnOptions(seed=seed), progress)


SMALL = WaveRnnRecipe(learning_rate=4e-3, warmup=50, weight_decay=0.0, batch=32, steps=100, epochs=1000, minutes=35.0,
                      patience=1000, ema_decay=0.99, workers=0)
MAKER = Maker(
    name="wavernn",
    title="sound from its mel spectrum, sample by sample",
    paper="Kalchbrenner et al., Efficient neural audio synthesis, ICML 2018",
    scenes=scenes,
    players=players,
    example=example,
    apply=apply,
    metric=evaluate,
    criterion=("Likelihood",),
    recipes={"small": SMALL,
             "sparse": replace(SMALL, units=384, sparsity=0.9, prune_begin=200, prune_steps=2000, prune_every=50),
             "paper": WaveRnnRecipe(units=896, sparsity=0.9, optimiser="adam", learning_rate=1e-4, schedule="constant",
                                    weight_decay=0.0, warmup=0, batch=32, steps=1000, epochs=500, gradient_clip=4.0,
                                    ema_decay=0.0)},
    options=WaveRnnOptions(),
    one_thread=True,
)
