"""A melody bar by bar, given the chord of each bar and the bar before, by a generator that plays against a critic.

Yang, Chou & Yang, "MidiNet: a convolutional generative adversarial network for symbolic-domain music generation"
(ISMIR 2017): with x a bar, y its chord, b the bar before, z noise,

    G minimises  game(D(G(z, y, b), y)) + λ₁ ‖E x - E G‖² / 2 + λ₂ ‖E f(x) - E f(G)‖² / 2        (eq. 1 and 3)

    chords -> for each bar: noise, chord, the bar before -> generator -> a pitch a step -> notes

f is what the first layer of D sees. In the small recipe D is told the interval from each step to the next, and a third
distance is the earth mover's between the mean shares of the intervals of real and of made bars, in semitones, which a
difference of pictures cannot see: a leap and a step are as far from what is sung. A fourth is that between the mean
shares of the degrees of the chord, lest the third outweigh it. Of several bars one is chosen (`onpu.decode.leaps`). A
bar tells which pitch sounds at each of 16 steps; what repeats is a long note, a rest the note before, as in the paper.

Measures, of a held-out song whose chords and bars before are given: *Overlap* is the mean, over histograms, of what
the generated bars and the song's have in common (`onpu.metrics.melodies.overlaps`); *In the chord* the share of their
notes that are.

Deviations: those of `onpu.models.midinet`; in the small recipe the game is the hinge loss with a critic of normalised
spectra that hears the bar before (in the paper Goodfellow et al.'s, labels smoothed), both distances weigh ten times as
much, and the rate falls; melodies of POP909 in all keys, which keep their octaves; a bar has the chord that lasts
longest in it; the generator that is kept is the average of those that were.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import torch
from torch import Tensor

from onpu.command import Command, FileInput, MakerOptions, Piece, Playback
from onpu.data.corpora.passages import Passages, PassageSource, eventful
from onpu.decode.leaps import LEAP, fewest_leaps
from onpu.errors import LabelError, OnpuError
from onpu.formats.midi import write_midi
from onpu.formats.musicxml import write_melody
from onpu.layers.adversarial import critic_loss, feature_matching, generator_loss
from onpu.layers.spectral import earth_movers_distance
from onpu.maker import AdversarialRecipe, Batch, Maker, Networks, Player, TrainedMaker
from onpu.metrics.melodies import in_chord, intervals, overlaps
from onpu.models.midinet import PITCHES, BarCritic, BarGenerator, degrees, moves
from onpu.music import Audio, Timeline
from onpu.music.excerpt import passage_of
from onpu.music.harte import parse
from onpu.music.passage import BAR, HOLD, Passage
from onpu.music.symbols import label_of
from onpu.music.voicing import accompanied
from onpu.recipe import setting

CHORD = 13
"""Root, and whether the third is minor."""
PART = ("melody",)
FIRST_BAR_CHANCE = 0.1
"""How often an example has no bar before it."""
MAX_BARS = 64
"""Bars."""


@dataclass(frozen=True)
class MidinetRecipe(AdversarialRecipe):
    """How bars are learned."""

    RENAMED: ClassVar[dict[str, str]] = {
        "noise": "noise_size", "dense": "dense_units", "heard": "conditioner_channels",
        "told": "critic_sees_previous_bar", "one": "one_pitch_per_step", "of_bars": "bar_matching",
        "of_features": "first_layer_matching"}

    noise_size: int = setting(100, "size of the noise vector")
    dense_units: tuple[int, ...] = setting((512, 256), "units of the generator's dense layers, the last an even number")
    channels: int = setting(128, "channels of the generator's transposed convolutions")
    conditioner_channels: int = setting(16, "channels of the conditioner, which reads the previous bar")
    critic_widths: tuple[int, ...] = setting((14, 77, 512), "channels of the critic's convolutions, units of its "
                                                                  "dense layer")
    critic_sees_previous_bar: bool = setting(True, "whether the critic sees the previous bar")
    one_pitch_per_step: bool = setting(True, "whether the generator chooses exactly one pitch per step; else each "
                                             "pitch has a probability")
    bar_matching: float = setting(0.01, "λ₁, weight of the distance between mean bars")
    first_layer_matching: float = setting(0.1, "λ₂, weight of the distance between mean activations of the critic's "
                                               "first layer")
    critic_hears_intervals: bool = setting(False, "whether the critic is told the intervals between steps")
    interval_matching: float = setting(0.0, "weight of the earth mover's distance of the intervals between steps, in "
                                            "semitones; 0: none")
    degree_matching: float = setting(0.0, "weight of the distance between the shares of the chord's degrees; 0: none")


@dataclass(frozen=True)
class MidinetOptions(MakerOptions):
    """What is made. begin: a melody whose last bar is the one before the first; None: there is none."""

    chords: tuple[str, ...] = setting(("C:maj", "G:maj", "A:min", "F:maj"), "chords as in Am or in the syntax of Harte "
                                      "et al., one a bar, repeated from the first one on")
    bars: int = setting(8, f"length in bars, 1 to {MAX_BARS}")
    temperature: float = setting(1.0, "scale of the noise: below 1 plainer, above 1 bolder")
    candidates: int = setting(16, "bars that are made for each bar, of which the one with the fewest leaps is taken; "
                                  "1: the first one")
    begin: Passage | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 1 <= self.bars <= MAX_BARS or not 0 <= self.temperature <= 5:
            raise OnpuError(f"{self.bars} bars, temperature {self.temperature:g}; give 1 to {MAX_BARS}, and 0 to 5")
        if not 1 <= self.candidates <= 1000:
            raise OnpuError(f"{self.candidates} candidates; give 1 to 1000")
        if not self.chords:
            raise OnpuError('a melody needs chords; give a bar each, as in "C:maj G:maj A:min F:maj"')
        object.__setattr__(self, "chords", tuple(map(label_of, self.chords)))
        for chord in self.chords:
            if parse(chord).root < 0:
                raise LabelError(f"{chord!r} has no root, so no melody is made over it; name a chord such as C:maj")


Trained = TrainedMaker[MidinetRecipe, MidinetOptions]


def scenes(recipe: MidinetRecipe) -> PassageSource:
    """Melodies with chords."""
    return PassageSource(PART, chords=True)


def players(recipe: MidinetRecipe) -> dict[str, Player]:
    """Generator and critic."""
    return recipe.rivals(
        BarGenerator(recipe.noise_size, CHORD, recipe.dense_units, recipe.channels, recipe.conditioner_channels,
                     recipe.one_pitch_per_step),
        BarCritic(CHORD, recipe.critic_widths, recipe.critic_sees_previous_bar, recipe.critic_norm,
                  recipe.critic_hears_intervals), generate, judge)


def said(chord: str) -> np.ndarray:
    """(13,) a chord as the players are told it: 1 at its root, and whether its third is minor; zeros for none."""
    told, heard = np.zeros(CHORD, np.float32), parse(chord)
    if heard.root >= 0:
        told[heard.root] = 1
        told[-1] = 3 in heard.tones and 4 not in heard.tones
    return told


def sounding(passage: Passage) -> np.ndarray:
    """(steps,) the pitch that sounds, in rests the one before, at the beginning the first; 0 where there are none."""
    events = passage.parts["melody"]
    last = np.maximum.accumulate(np.where(events >= 0, np.arange(len(events)), -1))
    begun = np.flatnonzero(events >= 0)
    return events[np.where(last < 0, begun[0], last)] if len(begun) else np.zeros(len(events), np.int64)


def drawn(pitches: np.ndarray) -> np.ndarray:
    """(..., 16) pitches -> pictures (..., 16, 128)."""
    return np.eye(PITCHES, dtype=np.float32)[pitches]


def heard(pitches: np.ndarray, chords: tuple[str, ...], name: str = "") -> Passage:
    """A melody of the pitches (steps,) that sound: a note begins where they change."""
    events = np.where(np.diff(pitches, prepend=-1) != 0, pitches, HOLD)
    return Passage({"melody": events}, chords, name)


def example(passages: Passages, rng: np.random.Generator, recipe: MidinetRecipe) -> dict[str, np.ndarray]:
    """real, before: pictures (1, 16, 128) of a bar and the one before it, in any key; chord (13,); noise (noise,)."""
    passage = passages.draw(rng, 2, PART).transposed(int(rng.integers(-6, 6)))
    before, real = drawn(sounding(passage).reshape(2, BAR))
    return {"real": real[None], "before": before[None] * (rng.random() >= FIRST_BAR_CHANCE),
            "chord": said(passage.chords[1]), "noise": rng.standard_normal(recipe.noise_size)}


def conditions(batch: Batch, recipe: MidinetRecipe) -> list[Tensor]:
    """What the critic is told beside a bar."""
    return [batch["chord"], batch["before"]] if recipe.critic_sees_previous_bar else [batch["chord"]]


def generate(networks: Networks, batch: Batch, recipe: MidinetRecipe) -> dict[str, Tensor]:
    """What the generator minimises; the distances are sums over units, as in the paper."""
    fake = networks["generator"](batch["noise"], batch["chord"], batch["before"])
    told, critic, real = conditions(batch, recipe), networks["critic"], batch["real"]
    parts = generator_loss(critic, real, fake, told, recipe)
    if recipe.bar_matching:
        parts["bars"] = recipe.bar_matching / 2 * real[0].numel() * feature_matching([real], [fake])
    if recipe.first_layer_matching:
        with torch.no_grad():
            wanted = critic(real, *told)[1]
        seen = critic(fake, *told)[1]
        parts["features"] = recipe.first_layer_matching / 2 * seen[0][0].numel() * feature_matching(wanted, seen)
    if recipe.interval_matching:
        made, wanted = (moves(bars, batch["before"]).mean(dim=0).T for bars in (fake, real))  # (intervals, steps)
        parts["intervals"] = recipe.interval_matching * earth_movers_distance(made[None], wanted[None]).mean()
    if recipe.degree_matching:
        made, wanted = (degrees(bars, batch["chord"]).mean(dim=0) for bars in (fake, real))
        parts["degrees"] = recipe.degree_matching * (made - wanted).abs().sum()
    return parts


def judge(networks: Networks, batch: Batch, recipe: MidinetRecipe) -> dict[str, Tensor]:
    """What the critic minimises."""
    with torch.no_grad():
        fake = networks["generator"](batch["noise"], batch["chord"], batch["before"])
    return critic_loss(networks["critic"], batch["real"], fake, conditions(batch, recipe), recipe)


def bars_over(trained: Trained, chords: np.ndarray, before: np.ndarray, rng: np.random.Generator,
              temperature: float) -> np.ndarray:
    """Pitches (bars, 16) over chords (bars, 13) after the pictures (bars, 16, 128)."""
    noise = temperature * rng.standard_normal((len(chords), trained.recipe.noise_size))
    given = [torch.from_numpy(values).to(trained.device, torch.float32) for values in (noise, chords, before[:, None])]
    pitches: np.ndarray = trained.network(*given)[:, 0].argmax(dim=2).cpu().numpy()
    return pitches


def apply(trained: Trained, audio: Audio | None, options: MidinetOptions, progress: Callable[[float], None] | None
          ) -> Passage:
    """The melody that `options` ask for."""
    if audio is not None:
        raise OnpuError("melodies are made over chords, not of a recording; give chords")
    chords = tuple(options.chords[bar % len(options.chords)] for bar in range(options.bars))
    rng = np.random.default_rng(options.seed)
    before = np.zeros((1, BAR, PITCHES), np.float32)
    if options.begin is not None:
        before = drawn(sounding(options.begin)[None, -BAR:])
    rows = []
    for bar, chord in enumerate(chords):
        told, heard_before = (np.repeat(each, options.candidates, axis=0) for each in (said(chord)[None], before))
        tried = bars_over(trained, told, heard_before, rng, options.temperature)
        rows.append(fewest_leaps(tried, int(before[0, -1].argmax()) if before.any() else None))
        before = drawn(rows[-1][None])
        if progress is not None:
            progress((bar + 1) / options.bars)
    return heard(np.concatenate(rows), chords).validate()


def answered(trained: Trained, passage: Passage, rng: np.random.Generator) -> tuple[list[Passage], list[Passage]]:
    """For each bar of a melody that has one before it, both with notes: the bar, and one that is made in its place."""
    starts = eventful(passage, 2, PART)
    if not starts:
        return [], []
    pieces = [passage.cut(start, 2) for start in starts]
    pitches = np.stack([sounding(piece) for piece in pieces])
    chords = np.stack([said(piece.chords[1]) for piece in pieces])
    found = bars_over(trained, chords, drawn(pitches[:, :BAR]), rng, 1.0)
    real = [heard(row[BAR:], piece.chords[1:]) for row, piece in zip(pitches, pieces, strict=True)]
    return real, [replace(each, parts=heard(row, ()).parts) for each, row in zip(real, found, strict=True)]


def evaluate(trained: Trained, passage: Passage, rng: np.random.Generator) -> dict[str, float]:
    """Of a held-out song: see the module; nothing where it has no two bars with notes."""
    real, found = answered(trained, passage, rng)
    if not real:
        return {}
    shared = overlaps(real, found)
    return {"Overlap": float(np.mean(list(shared.values()))), **{f"Overlap, {name}": value
                                                                 for name, value in shared.items()},
            "In the chord": float(np.concatenate([in_chord(bar) for bar in found]).mean()),
            "Leaps": float((np.abs(np.concatenate([intervals(bar) for bar in found])) > LEAP).mean())}


def read_bar(trained: Trained, files: Sequence[tuple[str, Timeline]], options: MidinetOptions) -> MidinetOptions:
    """The options with the first bar of a file that has notes as the one before the melody."""
    ((name, timeline),) = files
    return replace(options, begin=passage_of(timeline, name, PART, 1))


def piece(trained: Trained, melody: Passage, options: MidinetOptions, playback: Playback) -> Piece:
    """The melody with its chords, which are played below it and stand above it in the score."""
    title = f"Melody over {' '.join(dict.fromkeys(melody.chords))}"
    shown = melody.timeline(playback.bpm, {"melody": playback.program})
    sounding = accompanied(shown)
    return Piece(title, sounding, {
        "musicxml": lambda path: write_melody(shown, path, title, "composed by onpu", playback.sheet),
        "midi": lambda path: write_midi(sounding, path)})


MAKER = Maker(
    name="midinet",
    title="melodies over chords, bar by bar",
    paper="Yang, Chou & Yang, MidiNet: a convolutional generative adversarial network for symbolic-domain music "
          "generation, ISMIR 2017",
    scenes=scenes,
    players=players,
    example=example,
    apply=apply,
    metric=evaluate,
    criterion=("Overlap",),
    recipes={"small": MidinetRecipe(adversarial_loss="hinge", critic_norm="spectral", bar_matching=0.1,
                                    first_layer_matching=1.0, critic_hears_intervals=True,
                                    interval_matching=0.1, degree_matching=5.0, learning_rate=3e-4, beta1=0.5,
                                    weight_decay=0.0, warmup=50, batch=128, steps=250, epochs=1000, minutes=15.0,
                                    gradient_clip=0.0, ema_decay=0.995, patience=1000),
             "paper": MidinetRecipe(adversarial_loss="non-saturating", label_smoothing=0.1, critic_norm="batch",
                                    critic_every=2, critic_sees_previous_bar=False, one_pitch_per_step=False,
                                    dense_units=(1024, 256), critic_widths=(14, 77, 1024), optimiser="adam",
                                    learning_rate=2e-4, beta1=0.5, schedule="constant", weight_decay=0.0, warmup=0,
                                    batch=72, steps=700, epochs=20, gradient_clip=0.0, ema_decay=0.0)},
    options=MidinetOptions(),
    command=Command(
        "Make melodies over chords, bar by bar.",
        piece, formats=("musicxml", "midi", "wav", "html"), written=("musicxml", "midi", "html"), sound="flute",
        bpm=100.0, inputs=(FileInput("after", "music whose first bar with notes the melody continues",
                                     ("beats", "notes"), read_bar),), sheets=True),
    one_thread=True,
)
