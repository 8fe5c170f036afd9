"""Music as a picture, painted pixel by pixel: piano rolls of pop songs, or spectra of strokes of drums.

van den Oord, Kalchbrenner, Vinyals, Espeholt, Graves & Kavukcuoglu, "Conditional image generation with PixelCNN
decoders" (NIPS 2016), on pictures of music: a row is a step of time, so that what is painted first sounds first, and
what is given of a picture is gone on with.

    rolls      two bars of sixteenths x 64 pitches, two levels; h: tonic, minor, three quarters a bar
    strokes    32 frames x 32 mel bands, 32 levels of 2.5 dB; h: the drum

*Bits* is the mean -log2 p of a pixel of held-out pictures (bits per dimension of the paper).

Deviations: those of `onpu.models.pixelcnn`; AdamW in the recipes "small" and "strokes".
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from functools import cache
from math import log
from typing import Any, ClassVar, TypeVar

import numpy as np
import torch
from torch import Tensor

from onpu.command import Command, FileInput, MakerOptions, Piece, Playback
from onpu.data.corpora.pop909_songs import Pop909Source
from onpu.data.corpora.rolls import Rolls
from onpu.data.dataset import DatasetSource
from onpu.data.scenes.hits import CLASSES, RATE, HitScenes
from onpu.data.scenes.sounds import AlignedSounds
from onpu.errors import OnpuError
from onpu.formats.midi import write_midi
from onpu.layers.layout import channels_last
from onpu.maker import Batch, Maker, Networks, Player, TrainedMaker
from onpu.models.pixelcnn import GatedPixelCnn
from onpu.models.ride import Ride
from onpu.music import Audio, Timeline
from onpu.music.chorale import key_named
from onpu.music.roll import PITCHES, STEPS, Roll, roll_of
from onpu.recipe import Recipe, choice, setting
from onpu.represent.pixels import Pixels, RollPixels, SpectrumPixels, between

ROLLS, STROKES = KINDS = ("rolls", "strokes")
WINDOW_BARS = 2
"""Bars that are painted with a view of each other."""
MAX_BARS = 64
"""Bars."""
METRES = {"4/4": 4, "3/4": 3}
"""Metre -> quarter notes a bar."""
VALIDATION_PICTURES = 8
"""Pictures of a song by which weights are judged."""


@dataclass(frozen=True)
class PixelRecipe(Recipe):
    """What pictures there are."""

    RENAMED: ClassVar[dict[str, str]] = {"crop": "crop_quarters"}

    kind: str = choice(ROLLS, KINDS, "content of the pictures")
    crop_quarters: float = setting(8.0, "length of an example in quarter notes (rolls; strokes are whole)", "(0, inf)")


@dataclass(frozen=True)
class PixelCnnRecipe(PixelRecipe):
    """How the network is built."""

    RENAMED: ClassVar[dict[str, str]] = {"first": "first_reach"}

    width: int = setting(32, "channels of both stacks")
    depth: int = setting(8, "number of layers")
    first_reach: tuple[int, ...] = setting(
        (16, 12), "rows above and columns on either side that the first layer sees", "[0, inf)")
    reach: tuple[int, ...] = setting(
        (1, 2), "rows above and columns on either side that the other layers see", "[0, inf)")


@dataclass(frozen=True)
class PixelOptions(MakerOptions):
    """What is painted. Of rolls: bars in this key; given: what they go on from, whose key and metre are then taken. Of
    strokes: of which drum."""

    bars: int = setting(8, f"length in bars, 1 to {MAX_BARS}, without those that are continued")
    key: str = setting("C:major", "key, major or minor, as in Eb:major or a minor")
    metre: str = choice("4/4", METRES, "metre")
    temperature: float = setting(1.0, "sampling temperature: below 1 plainer, above 1 bolder")
    drum: str = choice(CLASSES[0], CLASSES, "drum that is struck, for weights of strokes")
    iterations: int = setting(64, "iterations of fast Griffin-Lim that find the phases, 0 to 1000, for weights of "
                                  "strokes", "[0, 1000]")
    given: Roll | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 1 <= self.bars <= MAX_BARS or not 0.05 <= self.temperature <= 5:
            raise OnpuError(f"{self.bars} bars, temperature {self.temperature:g}; give 1 to {MAX_BARS}, and 0.05 to 5")
        if self.given is not None and (self.given.quarters not in METRES.values() or not self.given.steps):
            raise OnpuError(f"{self.given.name or 'what is given'}: its bars of {self.given.quarters} quarters are not "
                            "gone on with; give whole bars of 3 or 4")
        key_named(self.key)


P = TypeVar("P", bound=PixelRecipe)
Trained = TrainedMaker[P, PixelOptions]


roll_pixels = cache(RollPixels)


@cache
def stroke_pixels() -> SpectrumPixels:
    """How pictures of strokes come about."""
    return SpectrumPixels(RATE, len(CLASSES))


def pixels(kind: str) -> Pixels:
    """How pictures of a kind come about."""
    return roll_pixels() if kind == ROLLS else stroke_pixels()


def rows(recipe: PixelRecipe) -> int:
    """Of a picture."""
    return stroke_pixels().frames if recipe.kind == STROKES else max(1, round(recipe.crop_quarters * STEPS))


def scenes(recipe: PixelRecipe) -> DatasetSource:
    """Songs, or single strokes."""
    return Pop909Source(Rolls) if recipe.kind == ROLLS else HitScenes()


def players(recipe: PixelCnnRecipe) -> dict[str, Player]:
    """The network."""
    shape = pixels(recipe.kind)
    network = GatedPixelCnn(shape.levels, shape.hints, shape.places, recipe.width, recipe.depth,
                            (recipe.first_reach[0], recipe.first_reach[1]), (recipe.reach[0], recipe.reach[1]))
    return {"painter": Player(channels_last(network), likelihood)}


def example(material: Rolls | AlignedSounds, rng: np.random.Generator, recipe: PixelRecipe) -> dict[str, np.ndarray]:
    """picture (rows, columns), whole numbers; hints (hints,)."""
    if isinstance(material, Rolls):
        picture, hints = roll_pixels().shown([material.draw(rng, rows(recipe))])
    else:
        number = int(rng.integers(len(CLASSES)))
        shape = stroke_pixels()
        strokes = material.draw(rng, shape.frames * shape.hop)[[number]]
        picture, hints = struck(strokes, shape.frames), torch.eye(len(CLASSES))[[number]]
    return {"picture": picture[0].numpy(), "hints": hints[0].numpy()}


def struck(strokes: np.ndarray, count: int) -> Tensor:
    """Pictures of so many rows of strokes (n, samples)."""
    return stroke_pixels().of(torch.from_numpy(strokes), count)


def likelihood(networks: Networks, batch: Batch, recipe: PixelRecipe) -> dict[str, Tensor]:
    """Mean -log2 p of a pixel."""
    network, picture, hints = networks["painter"], batch["picture"], batch["hints"]
    places = pixels(recipe.kind).known(hints, picture.shape[1])
    assert isinstance(network, GatedPixelCnn | Ride)
    return {"bits": network.nats(picture, hints, places).mean() / log(2)}


def pictures(item: Any, recipe: PixelRecipe, most: int | None = None) -> list[tuple[Tensor, Tensor]]:
    """Pictures (n, rows, columns) and hints (n, hints) of a held-out item, those of equal size together; of a song they
    follow each other from bar to bar, or so many of them, evenly spread."""
    if recipe.kind == STROKES:
        return [(struck(item, rows(recipe)), torch.eye(len(CLASSES)))]
    cut = [roll.cut(start, start + rows(recipe)) for roll in item
           for start in range(0, roll.steps, -(-rows(recipe) // (STEPS * roll.quarters)) * STEPS * roll.quarters)]
    whole = [roll for roll in cut if roll.steps == rows(recipe)] or cut[:1]
    if most is not None and len(whole) > most:
        whole = [whole[number] for number in np.linspace(0, len(whole) - 1, most).round().astype(int)]
    return [roll_pixels().shown(whole)] if whole else []


@torch.no_grad()
def bits(trained: Trained[P], found: Sequence[tuple[Tensor, Tensor]], rng: np.random.Generator) -> float:
    """Mean -log2 p of the pixels of pictures with their hints; NaN of none."""
    total, count = 0.0, 0
    for picture, hints in found:
        network = trained.network.eval()
        assert isinstance(network, GatedPixelCnn | Ride)
        levels = pixels(trained.recipe.kind).levels
        dense = between(picture.numpy(), levels, rng) if network.continuous else picture.numpy()
        x, told = torch.from_numpy(dense).to(trained.device), hints.to(trained.device)
        total += float(network.nats(x, told, pixels(trained.recipe.kind).known(told, x.shape[1])).double().sum())
        count += picture.numel()
    return total / count / log(2) if count else float("nan")


def evaluate(trained: Trained[P], item: object, rng: np.random.Generator) -> dict[str, float]:
    """Of one song or one set of strokes: see the module; `Likelihood`, for choosing weights, is minus `Bits`."""
    found = bits(trained, pictures(item, trained.recipe, VALIDATION_PICTURES), rng)
    return {"Bits": found, "Likelihood": -found}


def apply(trained: Trained[P], audio: Audio | None, options: PixelOptions, progress: Callable[[float], None] | None
          ) -> Roll | Audio:
    """A roll: what is given, and so many bars more; or a stroke."""
    if audio is not None:
        raise OnpuError("pictures are painted from chance, not of a recording; a roll can be given to go on from")
    rng = np.random.default_rng(options.seed)
    if trained.recipe.kind == ROLLS:
        return painted(trained, options, rng, progress)
    shape = stroke_pixels()
    hints = torch.eye(len(CLASSES))[[CLASSES.index(options.drum)]]
    picture = torch.zeros(1, rows(trained.recipe), shape.columns)
    paint(trained, picture, 0, hints, options.temperature, rng, progress)
    samples = (picture.shape[1] - 1) * shape.hop
    return Audio(shape.sounding(picture[0].floor(), samples, options.iterations)[None].numpy(), RATE)


def painted(trained: Trained[P], options: PixelOptions, rng: np.random.Generator,
            progress: Callable[[float], None] | None) -> Roll:
    """A roll, of which `WINDOW_BARS` bars are seen at a time."""
    begun = options.given or Roll(np.zeros((0, PITCHES), bool), METRES[options.metre], key_named(options.key))
    bar = STEPS * begun.quarters
    done = begun.steps // bar * bar
    total = done + options.bars * bar
    seen, hints = roll_pixels().shown([begun])
    music = torch.zeros(1, total, PITCHES)
    music[0, :done] = seen[0, :done]
    first = done
    while done < total:
        start = max(0, done - (WINDOW_BARS - 1) * bar)
        picture = music[:, start : start + WINDOW_BARS * bar].clone()
        paint(trained, picture, done - start, hints, options.temperature, rng, None)
        music[:, start : start + WINDOW_BARS * bar] = picture
        done = min(total, start + WINDOW_BARS * bar)
        if progress is not None:
            progress((done - first) / (total - first))
    return Roll(music[0].numpy() > 0, begun.quarters, begun.key, begun.name)


def paint(trained: Trained[P], picture: Tensor, start: int, hints: Tensor, temperature: float,
          rng: np.random.Generator, progress: Callable[[float], None] | None) -> None:
    """Fill pictures (n, rows, columns) with hints (n, hints) from row `start` on, in place."""
    x, told = picture.to(trained.device), hints.to(trained.device)
    places = pixels(trained.recipe.kind).known(told, x.shape[1])
    network = trained.network
    assert isinstance(network, GatedPixelCnn | Ride)
    for done in network.paint(x, start, told, places, rng, temperature):
        if progress is not None:
            progress((done - start) / (x.shape[1] - start))
    picture.copy_(x)


def without_effect(options: PixelOptions, recipe: PixelRecipe, inputs: Collection[str]) -> dict[str, str]:
    """Rolls have no drum, strokes no notes."""
    if recipe.kind == ROLLS:
        return dict.fromkeys(("drum", "iterations"), "with weights of rolls")
    return dict.fromkeys(("bars", "key", "metre", "continue", "sound", "bpm", "format"), "with weights of strokes")


def read_roll(trained: Trained[P], files: Sequence[tuple[str, Timeline]], options: PixelOptions) -> PixelOptions:
    """The options with the music of a file."""
    ((name, timeline),) = files
    return replace(options, given=roll_of(timeline, name))


def piece(trained: Trained[P], roll: Roll, options: PixelOptions, playback: Playback) -> Piece:
    """The bars on one instrument."""
    timeline = roll.timeline(playback.bpm, playback.program)
    return Piece(f"Bars in {roll.key.replace(':', ' ')}", timeline, {"midi": lambda path: write_midi(timeline, path)})


def command(how: str) -> Command:
    """The command of a maker that paints in this way."""
    return Command(
        f"Paint bars for the piano, or strokes of drums, {how}.",
        piece, formats=("midi", "wav", "html"), written=("midi", "html"), sound="piano", bpm=90.0, named=("drum",),
        inputs=(
            FileInput("continue", "music that is continued, in its key and metre", ("beats", "key", "notes"), read_roll,
                      decides=("key", "metre")),))


MAKER = Maker(
    name="pixelcnn",
    title="music painted pixel by pixel: bars for the piano, or strokes of drums",
    paper="van den Oord et al., Conditional image generation with PixelCNN decoders, NIPS 2016",
    scenes=scenes,
    players=players,
    example=example,
    apply=apply,
    metric=evaluate,
    criterion=("Likelihood",),
    recipes={"small": PixelCnnRecipe(learning_rate=2e-3, warmup=100, batch=8, steps=200, epochs=1000,
                                     minutes=20.0, patience=1000, ema_decay=0.99, precision="bf16-mixed"),
             "strokes": PixelCnnRecipe(kind=STROKES, first_reach=(4, 4), learning_rate=2e-3, warmup=100, batch=8,
                                       steps=200, epochs=1000, minutes=15.0, patience=1000, ema_decay=0.99,
                                       precision="bf16-mixed"),
             "paper": PixelCnnRecipe(width=384, depth=20, first_reach=(16, 12), reach=(2, 2), optimiser="rmsprop",
                                     learning_rate=1e-4, schedule="constant", weight_decay=0.0, warmup=0,
                                     batch=128, steps=1000, epochs=200)},
    options=PixelOptions(),
    without_effect=without_effect,
    command=command("pixel by pixel with a Gated PixelCNN"),
    one_thread=True,
)
