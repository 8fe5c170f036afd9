"""A line of notes played by an instrument, sample by sample.

van den Oord et al., "WaveNet: a generative model for raw audio" (2016): 256 levels of μ-law, each drawn given those
before it, the instrument (global condition) and the notes (local condition). Beside it, by name, what it is compared
with: a plain recurrent layer (`gru`) and recurrent layers at several rates (`samplernn`, Mehri et al., ICLR 2017).

    notes -> frames of 5 ms (`onpu.represent.line_frames`) -> network -> level after level -> sound at 16 kHz, mono

In training, the samples before are heard with noise, more in one example, less in another: a network that has only
ever heard true sound looks no further back than a few samples, and strays from the pitch once it hears its own (as in
`singer`). *Nats* is the mean -log p of a sample of held-out sound, given all before it, without noise.

Deviations: those of `onpu.models.wavenet`; notes of soundfonts and patches in place of speech and recorded music; AdamW
with a falling learning rate in the small recipes.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor, nn

from onpu.command import Command, FileInput, MakerOptions, Piece
from onpu.data.plan import Plan
from onpu.data.scenes.lines import INSTRUMENTS, RATE, SCALE, VELOCITIES, LineScenes, told
from onpu.data.scenes.sounds import AlignedSounds
from onpu.decode.levels_drawn import drawn_levels
from onpu.errors import OnpuError
from onpu.formats.midi import write_midi
from onpu.maker import Batch, Maker, Networks, Player, TrainedMaker
from onpu.models.sample_gru import SampleGru
from onpu.models.sample_rnn import SampleRnn
from onpu.models.wavenet import WaveNet
from onpu.music import Audio, Notes, Timeline
from onpu.recipe import Recipe, choice, setting
from onpu.represent.companding import LEVELS, compressed, expanded
from onpu.represent.line_frames import CHANNELS, HOP, KEYS, line_frames, tone_frames

HISTORY_FRAMES = 400
"""Frames before an example in which it is looked for when its notes began."""
RING_SECONDS = 0.5
"""After the last note."""
MAX_SECONDS = 120.0
"""Of what is played."""
VALIDATION_SECONDS = 1.0
"""Of each instrument of a held-out item by which weights are judged."""
logger = logging.getLogger(__name__)


def wavenet(recipe: "WaveNetRecipe") -> WaveNet:
    """Convolutions with holes, untrained."""
    return WaveNet(CHANNELS, len(INSTRUMENTS), HOP, LEVELS, recipe.width, recipe.skip, recipe.depth, recipe.stacks,
                   recipe.told, recipe.harmonics, recipe.periods)


def gru(recipe: "WaveNetRecipe") -> SampleGru:
    """A plain recurrent layer, untrained."""
    return SampleGru(CHANNELS, len(INSTRUMENTS), HOP, LEVELS, recipe.units, recipe.told, recipe.harmonics,
                     recipe.periods)


def samplernn(recipe: "WaveNetRecipe") -> SampleRnn:
    """Recurrent layers at several rates, untrained."""
    return SampleRnn(CHANNELS, len(INSTRUMENTS), HOP, LEVELS, recipe.units, recipe.told,
                     (recipe.top_frame, recipe.low_frame), recipe.truncation, recipe.harmonics)


NETWORKS: dict[str, Callable[["WaveNetRecipe"], nn.Module]] = {"wavenet": wavenet, "gru": gru, "samplernn": samplernn}


@dataclass(frozen=True)
class WaveNetRecipe(Recipe):
    """How the network is built and what an example is."""

    network: str = choice("wavenet", NETWORKS, "network that says the next sample")
    crop_samples: int = setting(4800, f"length of an example in samples, rounded to frames of {HOP}", "[160, inf)")
    width: int = setting(32, "channels of the layers (wavenet)")
    skip: int = setting(128, "channels of the skips (wavenet)")
    depth: int = setting(10, "layers of a stack, with holes of 1, 2, 4 … (wavenet)")
    stacks: int = setting(2, "number of stacks (wavenet)")
    units: int = setting(256, "units of each recurrent layer (gru, samplernn)")
    top_frame: int = setting(8, f"samples of a frame of the top tier, of which {HOP} is a multiple (samplernn)")
    low_frame: int = setting(2, "samples of a frame of the tier below, which divide those of the top one (samplernn)")
    truncation: int = setting(512, "samples after which gradients end (samplernn)")
    told: int = setting(64, "channels in which notes and instrument are told")
    harmonics: int = setting(10, "partials of the note's tone that are told as sines", "[1, inf)")
    periods: int = setting(0, "periods of the note before that are heard; 0: none, as in the papers (wavenet, gru)",
                           "[0, inf)")
    input_noise: float = setting(0.0, "largest standard deviation, in levels, of noise on the samples that are heard")

    def __post_init__(self) -> None:
        super().__post_init__()
        if HOP % self.top_frame or self.top_frame % self.low_frame:
            raise OnpuError(f"frames of {self.top_frame} and {self.low_frame} samples do not divide {HOP} and each "
                            "other; give such as 8 and 2")


@dataclass(frozen=True)
class WaveNetOptions(MakerOptions):
    """What is played. notes: one after the other, as `read_notes` leaves them; None: a line at random."""

    instrument: str = choice("flute", INSTRUMENTS, "instrument that plays")
    seconds: float = setting(6.0, "length of a line at random in seconds", f"[1, {MAX_SECONDS:g}]")
    temperature: float = setting(1.0, "sampling temperature: below 1 purer, above 1 noisier", "[0.05, 5]")
    notes: Notes | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.notes is not None and not len(self.notes.onsets):
            raise OnpuError("there are no notes to play; give some, or none at all for a line at random")


Trained = TrainedMaker[WaveNetRecipe, WaveNetOptions]


def scenes(recipe: WaveNetRecipe) -> LineScenes:
    """Lines of four instruments."""
    return LineScenes()


def players(recipe: WaveNetRecipe) -> dict[str, Player]:
    """The network."""
    return {"sound": Player(NETWORKS[recipe.network](recipe), likelihood)}


def example(sounds: AlignedSounds, rng: np.random.Generator, recipe: WaveNetRecipe) -> dict[str, np.ndarray]:
    """levels (samples,) of an instrument; told (channels, frames); kind: its number."""
    frames = max(2, round(recipe.crop_samples / HOP))
    kind = int(rng.integers(len(INSTRUMENTS)))
    rows = sounds.draw(rng, (HISTORY_FRAMES + frames) * HOP)
    known = frames_of(rows[len(INSTRUMENTS) :])[:, HISTORY_FRAMES:]
    return {"levels": compressed(rows[kind, HISTORY_FRAMES * HOP :]), "told": known, "kind": np.array(kind)}


def frames_of(rows: np.ndarray) -> np.ndarray:
    """Channels (CHANNELS + TONE, frames) of the rows `key` and `velocity` of an item (2, samples)."""
    keys, velocities = np.rint(rows[:, ::HOP] * SCALE)
    return np.concatenate([line_frames(keys, velocities, HOP / RATE), tone_frames(keys, HOP / RATE)])


def likelihood(networks: Networks, batch: Batch, recipe: WaveNetRecipe) -> dict[str, Tensor]:
    """Mean -log p of a sample, given noisy ones before it."""
    levels = batch["levels"].long()
    scale = recipe.input_noise * torch.rand(len(levels), 1, device=levels.device)
    noise = scale * torch.randn(levels.shape, device=levels.device)
    heard = (levels + noise.round().long()).clamp(0, LEVELS - 1)
    return {"nats": nats(networks["sound"], heard, levels, batch["told"], batch["kind"].long()).mean()}


def nats(network: nn.Module, heard: Tensor, levels: Tensor, told: Tensor, kind: Tensor) -> Tensor:
    """-log p of each sample (batch, samples) of `levels`, given those of `heard` before it."""
    return nn.functional.cross_entropy(network(heard, told, kind).float(), levels, reduction="none")


@torch.no_grad()
def evaluate(trained: Trained, rows: np.ndarray, rng: np.random.Generator) -> dict[str, float]:
    """`Nats` of the beginning of an item, all instruments; `Likelihood`, by which weights are chosen, is minus that."""
    found = judged(trained, rows[:, : round(VALIDATION_SECONDS * RATE)])
    mean = float(np.mean(list(found.values())))
    return {"Nats": mean, "Likelihood": -mean, **{f"Nats of {name}": value for name, value in found.items()}}


@torch.no_grad()
def judged(trained: Trained, rows: np.ndarray) -> dict[str, float]:
    """Instrument -> mean -log p of a sample of an item (names, samples), from its beginning."""
    length = rows.shape[1] // HOP * HOP
    frames = torch.from_numpy(frames_of(rows[len(INSTRUMENTS) :, :length]))[None].to(trained.device)
    found = {}
    for kind, name in enumerate(INSTRUMENTS):
        levels = torch.from_numpy(compressed(rows[kind, :length]))[None].to(trained.device)
        number = torch.tensor([kind], device=trained.device)
        found[name] = float(nats(trained.network, levels, levels, frames, number).double().mean())
    return found


def apply(trained: Trained, audio: Audio | None, options: WaveNetOptions,
          progress: Callable[[float], None] | None) -> Audio:
    """The line by the instrument, after the primer if a recording is given. Raises `OnpuError` for a primer of another
    rate, or of several channels."""
    begun = primer(audio)
    notes = line_of(options)
    start = len(begun) / RATE
    frames = -(-(len(begun) + round((float(notes.offsets.max()) + RING_SECONDS) * RATE)) // HOP)
    later = replace(notes, onsets=notes.onsets + start, offsets=notes.offsets + start)
    rows = torch.from_numpy(frames_of(told(later, frames * HOP, RATE)))[None].to(trained.device)
    network, kind = trained.network, torch.tensor([list(INSTRUMENTS).index(options.instrument)], device=trained.device)
    assert isinstance(network, WaveNet | SampleGru | SampleRnn)
    rng = np.random.default_rng(options.seed)
    levels = drawn_levels(network.sampler(rows, kind), frames * HOP, rng, options.temperature, progress, begun)
    return Audio(expanded(levels)[None].astype(np.float32), RATE)


def primer(audio: Audio | None) -> np.ndarray:
    """Levels (samples,) of a recording that is continued, in whole frames."""
    if audio is None:
        return np.zeros(0, np.int64)
    if audio.rate != RATE or audio.samples.shape[0] != 1:
        raise OnpuError(f"the primer has {audio.samples.shape[0]} channels at {audio.rate} Hz; give one channel at "
                        f"{RATE} Hz (sox primer.wav -r {RATE} -c 1 new.wav)")
    return compressed(audio.samples[0, : audio.samples.shape[1] // HOP * HOP])


def line_of(options: WaveNetOptions) -> Notes:
    """The notes that are played."""
    if options.notes is not None:
        return options.notes
    return LineScenes(Plan(seconds=options.seconds, rate=RATE, negatives=0.0)).notes(options.seed)


def read_notes(trained: Trained, files: Sequence[tuple[str, Timeline]], options: WaveNetOptions) -> WaveNetOptions:
    """The options with the notes of a file: the highest of those that begin at once, each until the next begins; what
    no instrument here reaches is played an octave or more away, which is told. Raises `OnpuError` when there are
    none."""
    ((name, timeline),) = files
    if timeline.notes is None or not len(timeline.notes.onsets):
        raise OnpuError(f"{name}: holds no notes to play; give a file that does")
    notes, moved = in_range(one_after_the_other(timeline.notes))
    if float(notes.offsets[-1]) > MAX_SECONDS:
        raise OnpuError(f"{name}: lasts {notes.offsets[-1]:.0f} s; give at most {MAX_SECONDS:g} s, for each second of "
                        "sound takes several")
    if moved:
        logger.warning("%s: %d notes below G3 or above G5 are played in another octave", name, moved)
    return replace(options, notes=notes)


def one_after_the_other(notes: Notes) -> Notes:
    """One line of notes: of those that begin within a frame of each other the highest, each until the next one
    begins."""
    order = np.lexsort((-notes.pitches, np.rint(notes.onsets * RATE / HOP)))
    places = np.rint(notes.onsets[order] * RATE / HOP)
    notes = notes.select(order[np.diff(places, prepend=-1) > 0])
    ends = np.append(notes.onsets[1:], np.inf)
    return replace(notes, offsets=np.minimum(notes.offsets, ends))


def in_range(notes: Notes) -> tuple[Notes, int]:
    """The notes, those outside `KEYS` in the nearest octave inside, with whole pitches and velocities as they were
    learned from, and how many were moved."""
    keys = np.rint(notes.pitches)
    up = np.ceil(np.maximum(KEYS.start - keys, 0) / 12) - np.ceil(np.maximum(keys - (KEYS.stop - 1), 0) / 12)
    inside = replace(notes, pitches=keys + 12 * up, velocities=np.clip(notes.velocities, *VELOCITIES))
    return inside, int((up != 0).sum())


def around(trained: Trained, audio: Audio, options: WaveNetOptions) -> Piece:
    """What was played, with its notes."""
    notes = replace(line_of(options), programs=np.full(len(line_of(options).onsets), INSTRUMENTS[options.instrument]))
    timeline = Timeline(audio.duration, notes=notes)
    return Piece(f"{options.instrument.capitalize()}, sample by sample", timeline,
                 {"midi": lambda path: write_midi(timeline, path)}, sound=audio)


SMALL = WaveNetRecipe(depth=8, learning_rate=2e-3, warmup=200, weight_decay=0.0, batch=2, steps=500, epochs=1000,
                      minutes=30.0, patience=1000, ema_decay=0.998, precision="bf16-mixed", workers=0, input_noise=16.0,
                      periods=3)
MAKER = Maker(
    name="wavenet",
    title="a line of notes by an instrument, sample by sample",
    paper="van den Oord et al., WaveNet: a generative model for raw audio, 2016",
    scenes=scenes,
    players=players,
    example=example,
    apply=apply,
    metric=evaluate,
    criterion=("Likelihood",),
    recipes={"small": SMALL,
             "small-gru": replace(SMALL, network="gru", crop_samples=800, batch=16, precision="32-true", minutes=10.0),
             "small-samplernn": replace(SMALL, network="samplernn", units=128, crop_samples=4000, batch=8,
                                        precision="32-true", minutes=10.0),
             "paper": WaveNetRecipe(crop_samples=16_000, width=512, skip=256, stacks=3, optimiser="adam",
                                    learning_rate=1e-3, schedule="constant", weight_decay=0.0, warmup=0, batch=8,
                                    steps=1000, epochs=200)},
    options=WaveNetOptions(),
    command=Command(
        "Play a line of notes on an instrument, sample by sample.", around=around, formats=("wav", "html", "midi"),
        named=("instrument",),
        inputs=(FileInput("notes", "a tune, of which one note sounds at a time", ("notes",), read_notes,
                          decides=("seconds",)),)),
    one_thread=True,
)
