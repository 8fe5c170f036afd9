"""Four-part chorales in the manner of J. S. Bach, of which any note may be given.

Hadjeres, Pachet & Nielsen, "DeepBach: a steerable model for Bach chorales generation" (ICML 2017).

    tokens of four voices, fermatas, places in the bar, key -> a network a voice -> what the voice does at a step, given
    all the rest -> pseudo-Gibbs sampling of what is not given, with the first chord and the cadences prescribed
    -> a chorale

Measures, in nats, teacher-forced, with all the context before and after: *Note NLL* is the mean over voices of the mean
-log p of the tokens where a note begins; *Step NLL* the same of all tokens, holds and rests included; *Held NLL* the
sum over all tokens divided by the number of notes: what a note costs with all its holds.

Deviations: those of `onpu.models.deepbach` and `onpu.decode.gibbs`; modes; AdamW in the recipe "small"; the four
networks are trained together, on the same stretches; nothing is drawn outside the ranges of Bach's voices, nor rests;
sampling begins with notes of the scale, and the chords that begin the piece and end its phrases are prescribed
(`onpu.music.cadences`), since a key weighs little beside the notes around a place and chorales strayed from theirs; and
a note that would make parallel fifths or octaves is the less likely for each of them (`onpu.decode.parallels`), since
networks that have never seen any do not shun them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from onpu.command import Command, FileInput, MakerOptions, Piece, Playback
from onpu.data.corpora.chorales import Chorales, ChoraleSource
from onpu.decode.gibbs import gibbs, temperatures
from onpu.decode.parallels import parallels
from onpu.decode.prescribed import permitted, singable
from onpu.engine.compose.choir import choir
from onpu.errors import OnpuError
from onpu.formats.chorale_midi import write_chorale_midi
from onpu.formats.musicxml.choral import STAVES, write_choral
from onpu.maker import Batch, Maker, Networks, Player, TrainedMaker
from onpu.models.deepbach import DeepBach
from onpu.music import Audio, Timeline
from onpu.music.cadences import closes, triad
from onpu.music.chorale import STEPS, VOICES, Chorale, key_named
from onpu.music.monody import soprano_of
from onpu.music.spelling import MODES, parse_key
from onpu.recipe import Recipe, choice, setting
from onpu.represent.voices import LOWEST, NOTES, PLACES, allowed, decoded, encoded, masked, pitches_of, sounding

CONTEXT_STEPS = 4 * STEPS
"""Steps on either side that every prediction hears at least."""
FIRST_TEMPERATURE = 1.5
"""Temperature of the first sweep."""
TOGETHER_STEPS, SETTLING_STEPS = STEPS, 2 * STEPS
"""Distance of places that are drawn at once, and that in the last `SETTLING_SWEEPS`."""
SETTLING_SWEEPS = 6
MAX_BARS = 64
"""Bars."""
METRES = {"4/4": 4, "3/4": 3}
"""Metre -> quarter notes a bar."""
DEFAULT_KEY = "G:major"


@dataclass(frozen=True)
class ChoraleRecipe(Recipe):
    """How the conditionals are learned."""

    RENAMED: ClassVar[dict[str, str]] = {"crop": "crop_quarters"}

    crop_quarters: float = setting(
        24.0, "length of an example in quarter notes, all of which are predicted", "(0, inf)")
    embedding: int = setting(20, "size of the note embedding")
    units: tuple[int, ...] = setting((128, 128), "units per recurrent layer")
    width: int = setting(128, "units of the other layers")
    dropout: float = setting(0.3, "dropout after each layer", "[0, 1)")
    relative: bool = setting(False, "whether notes are told and found by scale degree and interval too")


@dataclass(frozen=True)
class ChoraleOptions(MakerOptions):
    """What is composed. given: a chorale of which some notes stay; then its bars, key, metre and fermatas are kept, and
    the options for them have no effect. kept: (4, steps) which of its steps stay as they are; None: all of its
    soprano."""

    bars: int = setting(8, f"length in bars, 1 to {MAX_BARS}")
    key: str | None = setting(None, f"key, as in Eb:major or a minor; modes: {', '.join(MODES)}; the default is "
                                    f"{DEFAULT_KEY}, or the key of the melody")
    metre: str = choice("4/4", METRES, "metre")
    upbeat: bool = setting(True, "begin with the last quarter note of a bar")
    phrase: int = setting(
        2, "length of a phrase in bars, each of which ends with a fermata; 0: the last one alone", "[0, inf)")
    temperature: float = setting(0.7, "sampling temperature of the last sweeps: below 1 plainer, above 1 bolder")
    cadences: str | None = setting(None, "chords that the phrases end on, as in I,V,vi,I; the default is as Bach's do, "
                                         "the last one on the tonic")
    sweeps: int = setting(30, "sweeps of Gibbs sampling, in each of which every note is drawn anew")
    strictness: float = setting(20.0, "penalty in nats of a parallel fifth or octave; 0: none, as in the paper")
    staves: str = choice("2", STAVES, "staves of the score: 2, each with two voices, as in hymnals, or 4")
    given: Chorale | None = None
    kept: np.ndarray | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 1 <= self.bars <= MAX_BARS or self.phrase < 0:
            raise OnpuError(f"{self.bars} bars, phrases of {self.phrase} bars; give 1 to {MAX_BARS}, and 0 or more")
        if not 0.05 <= self.temperature <= 5 or not 1 <= self.sweeps <= 10_000:
            raise OnpuError(f"temperature {self.temperature:g}, {self.sweeps} sweeps; give 0.05 to 5, and 1 to 10000")
        if not 0 <= self.strictness <= 1000:
            raise OnpuError(f"a strictness of {self.strictness:g} nats; give 0 to 1000")
        key = DEFAULT_KEY if self.key is None else key_named(self.key)
        for numeral in self.numerals:
            triad(numeral, key)

    @property
    def numerals(self) -> tuple[str, ...]:
        """What `cadences` names."""
        return tuple(self.cadences.replace(",", " ").split()) if self.cadences else ()


Trained = TrainedMaker[ChoraleRecipe, ChoraleOptions]


def scenes(recipe: ChoraleRecipe) -> ChoraleSource:
    """Chorales as they are published."""
    return ChoraleSource()


def players(recipe: ChoraleRecipe) -> dict[str, Player]:
    """The conditionals of the four voices."""
    return {"voices": Player(DeepBach(NOTES, recipe.embedding, recipe.units, recipe.width, recipe.dropout, PLACES,
                                      len(MODES), LOWEST if recipe.relative else ()), likelihood)}


def example(chorales: Chorales, rng: np.random.Generator, recipe: ChoraleRecipe) -> dict[str, np.ndarray]:
    """A stretch of a chorale in any key with `CONTEXT_STEPS` on either side, see `encoded`; mask (steps,), 1 inside."""
    length = max(1, round(recipe.crop_quarters * STEPS))
    chorale = chorales.draw(rng)
    start = int(rng.integers(max(0, chorale.steps - length) + 1))
    score = masked(encoded(chorale, CONTEXT_STEPS), start, start + length + 2 * CONTEXT_STEPS)
    return score | {"mask": (np.arange(start, start + length) < chorale.steps).astype(np.float32)}


def likelihood(networks: Networks, batch: Batch, recipe: ChoraleRecipe) -> dict[str, Tensor]:
    """Mean -log p of a token, a part a voice (eq. 2 of the paper)."""
    score = {name: values.long() for name, values in batch.items() if name not in ("mask", "step")}
    asked = batch["mask"] > 0
    targets = score["tokens"][:, :, CONTEXT_STEPS : CONTEXT_STEPS + asked.shape[1]]
    predicted = networks["voices"](score, CONTEXT_STEPS)
    return {voice: nn.functional.cross_entropy(logits[asked].float(), targets[:, number][asked])
            for number, (voice, logits) in enumerate(zip(VOICES, predicted, strict=True))}


def tensors(score: dict[str, np.ndarray], device: torch.device) -> dict[str, Tensor]:
    """A batch of one of an encoded score."""
    return {name: torch.from_numpy(np.ascontiguousarray(values))[None].to(device) for name, values in score.items()}


@torch.inference_mode()
def negative_log_likelihood(trained: Trained, chorale: Chorale) -> tuple[np.ndarray, np.ndarray]:
    """-log p of each token of a chorale, given all the rest, and whether a note begins there: (4, steps) both."""
    score = encoded(chorale, CONTEXT_STEPS)
    logits = trained.network(tensors(score, trained.device), CONTEXT_STEPS)
    tokens = torch.from_numpy(score["tokens"][:, CONTEXT_STEPS : CONTEXT_STEPS + chorale.steps]).to(trained.device)
    nats = [nn.functional.cross_entropy(voice[0].float(), said, reduction="none")
            for voice, said in zip(logits, tokens, strict=True)]
    return torch.stack(nats).cpu().numpy().astype(np.float64), chorale.attacks


def evaluate(trained: Trained, chorale: Chorale, rng: np.random.Generator) -> dict[str, float]:
    """Of one chorale: see the module; `Note likelihood`, for choosing weights, is minus `Note NLL`."""
    nats, begins = negative_log_likelihood(trained, chorale)
    of_notes = {voice: float(row[at].mean()) if at.any() else 0.0
                for voice, row, at in zip(VOICES, nats, begins, strict=True)}
    mean = float(np.mean(list(of_notes.values())))
    return {"Note NLL": mean, "Step NLL": float(nats.mean()), "Held NLL": float(nats.sum() / max(1, begins.sum())),
            **{f"Note NLL of the {voice}": value for voice, value in of_notes.items()}, "Note likelihood": -mean}


def form(options: ChoraleOptions) -> Chorale:
    """An empty chorale of these bars, key and fermatas."""
    return Chorale.empty(options.bars, METRES[options.metre], key_named(options.key or DEFAULT_KEY), options.upbeat,
                         options.phrase)


def apply(trained: Trained, audio: Audio | None, options: ChoraleOptions, progress: Callable[[float], None] | None
          ) -> Chorale:
    """The chorale that `options` ask for."""
    if audio is not None:
        raise OnpuError("a chorale is not made of sound; onpu make chorale --soprano takes the melody of a recording")
    return composed(trained, [options], progress)[0]


def composed(trained: Trained, several: Sequence[ChoraleOptions], progress: Callable[[float], None] | None = None
             ) -> list[Chorale]:
    """Chorales of one length with the same sweeps, temperature and strictness, drawn at the same time."""
    network, options = trained.network, several[0]
    assert isinstance(network, DeepBach)
    rngs = [np.random.default_rng(each.seed) for each in several]
    begun = [start(each, rng) for each, rng in zip(several, rngs, strict=True)]
    scores = [encoded(each.chorale, CONTEXT_STEPS) for each in begun]
    batch = {name: np.stack([score[name] for score in scores]) for name in scores[0]}
    inside = slice(CONTEXT_STEPS, CONTEXT_STEPS + begun[0].chorale.steps)

    @torch.inference_mode()
    def conditional(tokens: np.ndarray, voice: int, places: np.ndarray) -> np.ndarray:
        batch["tokens"][..., inside] = tokens
        batch["notes"][..., inside] = [sounding(score) for score in tokens]
        told = {name: torch.from_numpy(values).to(trained.device) for name, values in batch.items()}
        logits = network.voices[voice](told, CONTEXT_STEPS)[:, places].cpu().numpy().astype(np.float64)
        for number, each in enumerate(begun):
            now = decoded(tokens[number], each.chorale)
            logits[number] -= options.strictness * faults(now, voice, places)
            sung = singable(each.may[voice], batch["notes"][number, voice, inside], now.attacks[voice], places)
            logits[number][~sung] = -np.inf
        return logits

    cooling = temperatures(options.sweeps, options.temperature, FIRST_TEMPERATURE)
    apart = np.where(np.arange(options.sweeps) < options.sweeps - SETTLING_SWEEPS, TOGETHER_STEPS, SETTLING_STEPS)
    tokens = gibbs(np.stack([each.tokens for each in begun]), np.stack([~each.kept for each in begun]), conditional,
                   apart, cooling, rngs, progress)
    return [decoded(score, each.chorale) for score, each in zip(tokens, begun, strict=True)]


class Start(NamedTuple):
    """A chorale before it is drawn: what is given of it, which (4, steps) steps of that are kept, which notes may sound
    in each voice (steps, notes), tokens (4, steps) to begin with."""

    chorale: Chorale
    kept: np.ndarray
    may: list[np.ndarray]
    tokens: np.ndarray


def start(options: ChoraleOptions, rng: np.random.Generator) -> Start:
    """What sampling begins with: given notes; elsewhere one quarter note after the other, of those that may sound, and
    of the key's scale where there are such."""
    chorale = form(options) if options.given is None else options.given
    kept = np.zeros(chorale.pitches.shape, bool)
    if options.given is not None:
        kept |= np.arange(len(VOICES))[:, None] == 0 if options.kept is None else options.kept
    prescribed = closes(chorale, kept, options.numerals, rng)
    chords = permitted(prescribed, chorale.steps, [pitches_of(voice) for voice in range(len(VOICES))])
    may = [chord & tokens[:-1] for chord, tokens in zip(chords, allowed(), strict=True)]
    tonic, mode = parse_key(chorale.key)
    tokens = np.repeat(np.array(NOTES)[:, None], chorale.steps, axis=1)
    for voice, notes in enumerate(may):
        scale = np.isin((pitches_of(voice) - tonic) % 12, MODES[mode])
        for step in range(0, chorale.steps, STEPS):
            here = notes[step : step + STEPS].all(axis=0)
            here = here if here.any() else notes[step]
            tokens[voice, step] = rng.choice(np.flatnonzero(here & scale if (here & scale).any() else here))
    return Start(chorale, kept, may, np.where(kept, encoded(chorale)["tokens"], tokens))


def faults(chorale: Chorale, voice: int, places: np.ndarray) -> np.ndarray:
    """Parallels that each token would make at each of these steps: (places, classes). A phrase ends with the chord that
    begins under a fermata."""
    begun = np.maximum.accumulate(np.where(chorale.attacks.any(axis=0), np.arange(chorale.steps), 0))
    candidates = np.append(pitches_of(voice), -1)
    return parallels(chorale.pitches, chorale.attacks[voice], chorale.fermata[begun], voice, places, candidates)


def read_melody(trained: Trained, files: Sequence[tuple[str, Timeline]], options: ChoraleOptions
                ) -> ChoraleOptions:
    """The options with the melody of a file as the soprano."""
    ((name, timeline),) = files
    key = None if options.key is None else key_named(options.key)
    return replace(options, given=soprano_of(timeline, name, key))


def piece(trained: Trained, chorale: Chorale, options: ChoraleOptions, playback: Playback) -> Piece:
    """The score, played by four of the same instrument."""
    title = f"Chorale in {chorale.key.replace(':', ' ')}"
    sound = playback.bpm, playback.program
    return Piece(title, chorale.timeline(*sound), {
        "musicxml": lambda path: write_choral(chorale, path, *sound, title, "composed by onpu", options.staves),
        "midi": lambda path: write_chorale_midi(chorale, path, *sound)}, choir(chorale, *sound))


MAKER = Maker(
    name="chorale",
    title="four-part chorales",
    paper="Hadjeres, Pachet & Nielsen, DeepBach: a steerable model for Bach chorales generation, ICML 2017",
    scenes=scenes,
    players=players,
    example=example,
    apply=apply,
    metric=evaluate,
    criterion=("Note likelihood",),
    recipes={"small": ChoraleRecipe(learning_rate=3e-3, weight_decay=1e-2, warmup=50, batch=16, steps=100, epochs=1000,
                                    minutes=30.0, patience=1000, ema_decay=0.99, dropout=0.5, relative=True),
             "paper": ChoraleRecipe(units=(256, 256), width=256, dropout=0.5, optimiser="adam", learning_rate=1e-3,
                                    schedule="constant", weight_decay=0.0, warmup=0, batch=256, steps=200,
                                    epochs=200, patience=20)},
    options=ChoraleOptions(),
    command=Command(
        "Compose four-part chorales in the manner of J. S. Bach, or harmonise a melody.",
        piece, formats=("musicxml", "midi", "wav", "html"), written=("musicxml", "midi", "html"), sound="organ",
        bpm=72.0, inputs=(
            FileInput("soprano", "melody to harmonise, whose bars, metre and phrases are kept",
                      ("beats", "key", "notes"), read_melody, decides=("bars", "metre", "upbeat", "phrase")),)),
    one_thread=True,
)
