"""Chords for a melody, phrase by phrase, by an encoder and a decoder that attends to what it read.

Bahdanau, Cho & Bengio, "Neural machine translation by jointly learning to align and translate" (ICLR 2015); Luong, Pham
& Manning, "Effective approaches to attention-based neural machine translation" (EMNLP 2015); Sutskever, Vinyals & Le,
"Sequence to sequence learning with neural networks" (NIPS 2014).

    sixteenths of up to eight bars -> encoder -> decoder, a chord each half bar (whole bar in triple time), 12 roots of
    major, minor and 7, or N -> the most probable sequence by beam search, or drawn

Measures: *Chord NLL*, nats, the mean -log p of a chord, teacher-forced; the measures of `onpu.metrics.harmonising` of
what is found by going on with the most probable chord.

Deviations: those of `onpu.models.attention_seq2seq`; music in the place of words, all roots alike often, since examples
are in any key; AdamW, falling learning rate.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

import numpy as np
import torch
from torch import Tensor, nn

from onpu.command import Command, FileInput, MakerOptions, Piece, Playback
from onpu.data.corpora.phrases import Phrases
from onpu.data.corpora.pop909_songs import Pop909Source
from onpu.decode.beam import beam
from onpu.decode.gibbs import drawn
from onpu.errors import OnpuError
from onpu.formats.attention import write_attention
from onpu.formats.midi import write_midi
from onpu.formats.musicxml import write_melody
from onpu.maker import Batch, Maker, Networks, Player, TrainedMaker
from onpu.metrics import harmonising
from onpu.models.attention_seq2seq import ADDITIVE, ATTENTION, LOCAL, READING, AttentionSeq2Seq, Memory, State
from onpu.music import Audio, Timeline
from onpu.music.chorale import key_named
from onpu.music.monody import melody_of
from onpu.music.phrase import CHORDS, NONE, Phrase
from onpu.music.voicing import accompanied
from onpu.recipe import Recipe, choice, setting
from onpu.represent.phrases import BARS, NOTES, PLACES_PER_BAR, encoded

START = CHORDS
"""What is said before the first chord."""
ODE = Phrase(
    np.repeat([64, 64, 65, 67, 67, 65, 64, 62, 60, 60, 62, 64, 64, 62, 62, 64, 64, 65, 67, 67, 65, 64, 62, 60, 60, 62,
               64, 62, 60, 60], [4] * 12 + [6, 2, 8] + [4] * 12 + [6, 2, 8]),
    np.isin(np.arange(128), np.cumsum([0, *[4] * 12, 6, 2, 8, *[4] * 12, 6, 2])), np.full(16, NONE), 4, "C:major",
    "Ode to Joy")
"""The melody where none is given: Beethoven, 1824."""


@dataclass(frozen=True)
class Seq2SeqRecipe(Recipe):
    """How chords are learned from melodies."""

    RENAMED: ClassVar[dict[str, str]] = {"network": "attention", "crop": "crop_bars"}

    crop_bars: int = setting(BARS, f"length of an example in bars, at most {BARS}")
    attention: str = choice(ADDITIVE, ATTENTION, "form of the attention")
    reading: str = choice("both", READING, "direction in which the encoder reads the melody")
    embedding: int = setting(64, "size of the note and chord embeddings")
    units: tuple[int, ...] = setting((192,), "units of encoder and decoder, an even number")
    dropout: float = setting(0.3, "dropout after embeddings, encoder and decoder", "[0, 1)")
    forgotten: float = setting(0.0, "chance in training that the chord before is not told", "[0, 1)")
    relative: bool = setting(False, "whether melodies are read in C, by the scale they lie in best, or as they stand")

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 1 <= self.crop_bars <= BARS:
            raise OnpuError(f"examples of {self.crop_bars} bars; give 1 to {BARS}")
        if len(self.units) != 1 or self.units[0] < 2 or self.units[0] % 2:
            raise OnpuError(f"units {self.units}: give one even number, for encoder and decoder alike")


@dataclass(frozen=True)
class Seq2SeqOptions(MakerOptions):
    """What is made. melody: whose chords are to be found, of any number of bars; its own chords are not looked at."""

    temperature: float = setting(0.0, "sampling temperature; 0: the most probable chords, without sampling")
    beam: int = setting(4, "width of the beam search at temperature 0; 1: the most probable chord each time")
    key: str | None = setting(None, "key in which chords are spelled, as in Eb:major or a minor; the default is the "
                                    "melody's")
    melody: Phrase = ODE

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 0 <= self.temperature <= 5 or not 1 <= self.beam <= 100:
            raise OnpuError(f"temperature {self.temperature:g}, beam {self.beam}; give 0 to 5, and 1 to 100")
        if self.key is not None:
            key_named(self.key)


Trained = TrainedMaker[Seq2SeqRecipe, Seq2SeqOptions]


def scenes(recipe: Seq2SeqRecipe) -> Pop909Source:
    """Vocal lines and corrected chords of POP909."""
    return Pop909Source(Phrases)


def players(recipe: Seq2SeqRecipe) -> dict[str, Player]:
    """What finds the chords."""
    return {"chords": Player(AttentionSeq2Seq(NOTES, CHORDS, PLACES_PER_BAR, BARS, recipe.embedding, recipe.units[0],
                                              recipe.attention, recipe.reading, recipe.dropout, recipe.forgotten),
                             likelihood)}


def example(songs: Phrases, rng: np.random.Generator, recipe: Seq2SeqRecipe) -> dict[str, np.ndarray]:
    """A phrase in any key, or in C with `relative`: see `encoded`."""
    return encoded(placed(songs.draw(rng, recipe.crop_bars), recipe)[0])


def placed(phrase: Phrase, recipe: Seq2SeqRecipe) -> tuple[Phrase, int]:
    """A phrase as it is read, and by how many semitones it was moved for that."""
    semitones = -((phrase.scale() + 6) % 12 - 6) if recipe.relative else 0
    return phrase.transposed(semitones), semitones


def likelihood(networks: Networks, batch: Batch, recipe: Seq2SeqRecipe) -> dict[str, Tensor]:
    """Mean -log p of a chord, given the melody and the chords before it."""
    score = {name: values.long() for name, values in batch.items() if name != "step"}
    logits, _ = networks["chords"](score, told(score["chords"]))
    asked = score["asked"] > 0
    return {"chord": nn.functional.cross_entropy(logits[asked].float(), score["chords"][asked])}


def told(chords: Tensor) -> Tensor:
    """What has been said before each chord, the start first: (batch, slots) -> the same shape."""
    return nn.functional.pad(chords[:, :-1], (1, 0), value=START)


def tensors(phrases: Sequence[Phrase], device: torch.device) -> dict[str, Tensor]:
    """A batch of these phrases."""
    scores = [encoded(phrase) for phrase in phrases]
    return {name: torch.from_numpy(np.stack([score[name] for score in scores])).to(device) for name in scores[0]}


@torch.inference_mode()
def negative_log_likelihood(trained: Trained, phrases: Sequence[Phrase]) -> tuple[np.ndarray, np.ndarray]:
    """-log p (n,) of each chord of some phrases, given the melody and the chords before it; and the attention (phrases,
    slots, steps)."""
    score = tensors([placed(phrase, trained.recipe)[0] for phrase in phrases], trained.device)
    logits, attention = trained.network(score, told(score["chords"]))
    nats = nn.functional.cross_entropy(logits.transpose(1, 2).float(), score["chords"], reduction="none")
    return nats[score["asked"] > 0].cpu().numpy().astype(np.float64), attention.float().cpu().numpy()


def evaluate(trained: Trained, phrases: tuple[Phrase, ...], rng: np.random.Generator) -> dict[str, float]:
    """Of the phrases of a song: see the module; `Chord likelihood`, for choosing weights, is minus `Chord NLL`. Nothing
    where the song has none."""
    if not phrases:
        return {}
    mean = float(negative_log_likelihood(trained, phrases)[0].mean())
    found = [trained(options=Seq2SeqOptions(beam=1, melody=phrase)) for phrase in phrases]
    return {"Chord NLL": mean, **harmonising.evaluate(phrases, found), "Chord likelihood": -mean}


def apply(trained: Trained, audio: Audio | None, options: Seq2SeqOptions,
          progress: Callable[[float], None] | None) -> Phrase:
    """The melody with chords, found for eight bars at a time."""
    if audio is not None:
        raise OnpuError("chords are found for notes, not for sound; onpu make seq2seq --melody takes the melody of a "
                        "recording")
    melody = options.melody.validate()
    if options.key is not None:
        melody = replace(melody, key=key_named(options.key))
    rng = np.random.default_rng(options.seed)
    read, semitones = placed(melody, trained.recipe)
    bars = melody.steps // melody.bar
    found = []
    for first in range(0, bars, BARS):
        found.append(chords_of(trained, read.cut(first, min(BARS, bars - first)), options, rng))
        if progress is not None:
            progress(min(1.0, (first + BARS) / bars))
    back = replace(read, chords=np.concatenate(found)).transposed(-semitones)
    return replace(melody, chords=back.chords).validate()


def chords_of(trained: Trained, phrase: Phrase, options: Seq2SeqOptions, rng: np.random.Generator) -> np.ndarray:
    """Chords (slots,) of a phrase of at most eight bars."""
    network = trained.network
    assert isinstance(network, AttentionSeq2Seq)
    memory, state = network.read(tensors([phrase], trained.device))
    slot = 0

    def advance(rows: np.ndarray, said: np.ndarray) -> np.ndarray:
        nonlocal slot, state
        at = torch.from_numpy(rows).to(trained.device)
        state = State(*(each[at] for each in state))
        everywhere = Memory(*(each.expand(len(rows), *each.shape[1:]) for each in memory))
        logits, _, state = network.step(torch.from_numpy(said).to(trained.device), slot, everywhere, state)
        slot += 1
        likely: np.ndarray = logits.log_softmax(dim=1).cpu().numpy().astype(np.float64)
        return likely

    count = len(phrase.chords)
    if not options.temperature:
        return beam(advance, START, count, options.beam)[0]
    chords = [START]
    for _ in range(count):
        likely = advance(np.zeros(1, np.int64), np.array(chords[-1:]))
        chords.append(int(drawn(likely / options.temperature, rng)[0]))
    return np.array(chords[1:], np.int64)


def without_effect(options: Seq2SeqOptions, recipe: Seq2SeqRecipe, inputs: Collection[str]) -> dict[str, str]:
    """Nothing is drawn at temperature 0, and no beam is searched above it."""
    return {"beam" if options.temperature else "seed": f"with --temperature {options.temperature:g}"}


def read_melody(trained: Trained, files: Sequence[tuple[str, Timeline]], options: Seq2SeqOptions
                ) -> Seq2SeqOptions:
    """The options with the melody of a file."""
    ((name, timeline),) = files
    return replace(options, melody=melody_of(timeline, name))


def piece(trained: Trained, phrase: Phrase, options: Seq2SeqOptions, playback: Playback) -> Piece:
    """The melody with its chords, which are played below it and stand above it in the score; and, of the first bars, a
    picture of what each chord attended to."""
    title = f"{Path(phrase.name).stem or 'Melody'} with chords"
    shown = phrase.timeline(playback.bpm, playback.program)
    sounding = accompanied(shown)
    seen = phrase.cut(0, min(BARS, phrase.steps // phrase.bar))
    return Piece(title, sounding, {
        "musicxml": lambda path: write_melody(shown, path, title, "chords by onpu", playback.sheet),
        "midi": lambda path: write_midi(sounding, path),
        "attention": lambda path: write_attention(path, seen, negative_log_likelihood(trained, [seen])[1][0])})


MAKER = Maker(
    name="seq2seq",
    title="chords for a melody",
    paper="Bahdanau, Cho & Bengio, Neural machine translation by jointly learning to align and translate, ICLR 2015",
    scenes=scenes,
    players=players,
    example=example,
    apply=apply,
    metric=evaluate,
    criterion=("Chord likelihood",),
    recipes={"small": Seq2SeqRecipe(learning_rate=2e-3, weight_decay=1e-2, warmup=100, batch=32, steps=100, epochs=1000,
                                    minutes=15.0, patience=1000, ema_decay=0.99, attention=LOCAL,
                                    relative=True, forgotten=0.3),
             "paper": Seq2SeqRecipe(embedding=620, units=(1000,), dropout=0.2, learning_rate=1e-3, batch=80, steps=500,
                                    epochs=100, patience=20)},
    options=Seq2SeqOptions(),
    without_effect=without_effect,
    command=Command(
        "Find chords for a melody.",
        piece, formats=("musicxml", "midi", "wav", "html", "attention"), written=("musicxml", "midi", "html"),
        sound="flute", bpm=100.0, inputs=(
            FileInput("melody", "melody, in place of the Ode to Joy", ("beats", "key", "notes"), read_melody,
                      keeps_tempo=True),), sheets=True),
    one_thread=True,
)
