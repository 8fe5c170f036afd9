"""Text spoken, or a score with words sung, by a network that attends to one sound after the other.

Shen et al., "Natural TTS synthesis by conditioning WaveNet on mel spectrogram predictions" (ICASSP 2018), Tacotron 2:

    text -> sounds (`onpu.formats.speaking`), notes -> network -> mel spectrum -> vocoder -> sound at 16 kHz

Because programs that speak tell when each sound begins, and PJS is labelled, attention can be scored: *Right* is the
share of steps whose attention is largest at a sound that is heard in them; *Error* is the root mean square of the
decibels by which bands are off, each step made after true frames.

What guides attention: `labels`, -log of the weight on sounds that are heard in a step; `diagonal`, the penalty of
Tachibana, Uenoyama & Aihara ("Efficiently trainable text-to-speech system based on deep convolutional networks with
guided attention", ICASSP 2018, eq. 6), which needs no labels; `none`.

Deviations: those of `onpu.models.tacotron`; synthetic voices and one singer in place of 24 hours of one speaker; 16 kHz
in frames of 16 ms; stretches of at most three seconds, longer texts in several; AdamW with a falling rate; in use
attention goes on by a few sounds a step and never back (`monotone`), which the paper does not force.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor, nn

from onpu.command import Command, FileInput, MakerOptions, Piece, Playback
from onpu.data.corpora.uttered import NOTE_NUMBERS, SINGER, VOICES, Utterance, Uttered, UtteredSource
from onpu.data.spoken_words import pieces_of_score, pieces_of_text
from onpu.data.sung_words import read_words, score_with_words
from onpu.errors import OnpuError
from onpu.formats.utterance_picture import write_utterance
from onpu.make.wavernn import VOCODERS, check_vocoder, sound_by
from onpu.maker import Batch, Maker, Networks, Player, TrainedMaker
from onpu.models.tacotron import Made, Tacotron
from onpu.models.tacotron_uttering import PlacedPiece, joined, utter
from onpu.music import Audio, Timeline, Voice
from onpu.music.speech_sounds import PAUSE_NAME, SOUNDS
from onpu.recipe import Recipe, choice, setting
from onpu.represent.uttered import LEAD, SILENCE, TAIL, UtteredStretch, padded, passage, stretches
from onpu.represent.voice_mel import BANDS, HOP, RATE, SPAN_DB

AUTO = "auto"
LEVEL = 0.5
"""Peak of what is made."""
SPEAKER = "slt"
"""Who speaks where nobody is asked for."""
GUIDES = ("labels", "diagonal", "none")
DIAGONAL = 0.2
"""Width of the diagonal that is not penalised."""
SHARES = {"slt": 0.35, "espeak": 0.25, "pjs": 0.4}
"""Of the examples by each voice, where all are there."""
LAST_WEIGHT = 5.0
"""Of steps that are the last ones among all, for there is one in each example."""


@dataclass(frozen=True)
class TacotronRecipe(Recipe):
    """How the network is built and what an example is."""

    seconds: float = setting(2.4, "longest stretch in seconds", "[0.5, 20]")
    sounds: int = setting(48, "most sounds of a stretch, pauses included", "[4, 1000]")
    reduction: int = setting(4, "frames that are made at once")
    width: int = setting(128, "channels of embeddings, convolutions and memory")
    attention: int = setting(128, "size of what attention compares")
    filters: int = setting(32, "filters of attention over the weights before")
    kernel: int = setting(31, "sounds that they see", "[1, 99]")
    prenet: int = setting(128, "units of the prenet's two layers")
    units: int = setting(256, "units of the decoder's LSTMs")
    postnet: int = setting(128, "channels of the postnet")
    zoneout: float = setting(0.1, "chance that a unit of the LSTMs keeps its value", "[0, 1)")
    dropout: float = setting(0.5, "dropout of prenet and convolutions", "[0, 1)")
    guide: str = choice("labels", GUIDES, "what guides attention")
    guide_weight: float = setting(0.3, "weight of what guides attention")


@dataclass(frozen=True)
class TacotronOptions(MakerOptions):
    """What is uttered, and how. score: notes with words, in place of a text."""

    text: str = setting("", "what is said: English, or sounds as in /hh ax l ow/; kana or romaji for the voice pjs")
    voice: str = choice(AUTO, (AUTO, *VOICES), "who says it; auto: slt a text, pjs, who alone sings, a score")
    language: str = setting(AUTO, "language of a score's words, as in onpu make singer")
    vocoder: str = setting("griffin-lim", "what makes sound of the spectrum: griffin-lim, phase, or a file of weights "
                                          "of onpu train wavernn")
    monotone: bool = setting(True, "whether attention is held to go from one sound to the next")
    score: Timeline | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        check_vocoder(self.vocoder, VOCODERS)
        if self.score is not None and self.voice not in (AUTO, SINGER):
            raise OnpuError(f"the voice {self.voice} does not sing; leave --voice out, or give a --text")


@dataclass(frozen=True, eq=False)
class Spoken:
    """What was uttered. sound: at 16 kHz. mel: (bands, frames). pieces: of which it is made."""

    sound: Audio
    mel: np.ndarray
    pieces: tuple[PlacedPiece, ...]


Trained = TrainedMaker[TacotronRecipe, TacotronOptions]


def scenes(recipe: TacotronRecipe) -> UtteredSource:
    """Sentences that programs speak, and songs."""
    return UtteredSource()


def network(recipe: TacotronRecipe) -> Tacotron:
    """The network, untrained."""
    return Tacotron(len(SOUNDS), len(VOICES), NOTE_NUMBERS, BANDS, recipe.reduction, recipe.width, recipe.attention,
                    recipe.filters, recipe.kernel, recipe.prenet, recipe.units, recipe.postnet, recipe.zoneout,
                    recipe.dropout)


def players(recipe: TacotronRecipe) -> dict[str, Player]:
    """The network alone."""
    return {"voice": Player(network(recipe), loss)}


def cut(utterance: Utterance, rng: np.random.Generator, recipe: TacotronRecipe) -> UtteredStretch | None:
    """A stretch of an utterance, any of those that there are; None where none is short enough."""
    found = places(utterance, recipe.seconds, recipe.sounds)
    if not found:
        return None
    return stretch(utterance, *found[int(rng.integers(len(found)))])


@lru_cache(4000)
def stretch(utterance: Utterance, first: int, last: int) -> UtteredStretch:
    """Sounds `first` to `last`, without it."""
    return passage(utterance.samples, utterance.sounds, utterance.starts, utterance.notes, first, last)


@lru_cache(10_000)
def places(utterance: Utterance, seconds: float, sounds: int) -> list[tuple[int, int]]:
    """First sound and the one after the last of the stretches of an utterance that are short enough."""
    return [each for each in stretches(utterance.sounds, utterance.starts, utterance.notes, seconds)
            if each[1] - each[0] + 2 <= sounds]


def example(uttered: Uttered, rng: np.random.Generator, recipe: TacotronRecipe) -> dict[str, np.ndarray]:
    """A stretch of any utterance, see `padded`."""
    chances = np.array([SHARES[voice] for voice in uttered.voices])
    found = None
    while found is None:
        voice = uttered.voices[int(rng.choice(len(chances), p=chances / chances.sum()))]
        numbers = uttered.by_voice(voice) or uttered.numbers
        utterance = uttered.item(numbers[int(rng.integers(len(numbers)))])
        found = cut(utterance, rng, recipe)
    return shown(found, utterance.voice, recipe)


def shown(found: UtteredStretch, voice: str, recipe: TacotronRecipe) -> dict[str, np.ndarray]:
    """A stretch as `padded` has it."""
    most = -(-round((recipe.seconds + LEAD + TAIL) * RATE / HOP + 1) // recipe.reduction) * recipe.reduction
    return padded(found, VOICES.index(voice), recipe.sounds, most, recipe.reduction)


def spoken_after(network: nn.Module, batch: Batch) -> tuple[Made, Tensor, Tensor]:
    """What the network makes after true frames of a batch, cut to its longest stretch; weights of steps (batch, steps),
    1 where they belong to the stretch; whether a sound is heard in a step (batch, steps, sounds)."""
    assert isinstance(network, Tacotron)
    counts, frames = batch["count"].long(), batch["frames"].long()
    sounds, most = int(counts.max()), int(frames.max())
    made = network(batch["sounds"][:, :sounds].long(), batch["notes"][:, :sounds].float(), batch["voice"].long(),
                   counts, batch["mel"][..., :most].float())
    steps = made.last.shape[1]
    there = (torch.arange(steps, device=frames.device) * network.reduction < frames[:, None]).float()
    places = batch["spoken"][:, :most].long().unflatten(1, (steps, network.reduction))
    heard = nn.functional.one_hot(places.clamp(max=sounds - 1), sounds).amax(dim=2)
    return made, there, heard


def loss(networks: Networks, batch: Batch, recipe: TacotronRecipe) -> dict[str, Tensor]:
    """Square errors of mel before and after the postnet, cross-entropy of the end, what guides attention."""
    made, there, heard = spoken_after(networks["voice"], batch)
    frames = there.repeat_interleave(recipe.reduction, dim=1)[:, None]
    wanted = batch["mel"][..., : frames.shape[-1]].float()
    total = frames.sum() * BANDS
    steps = there.sum()
    last = (there.cumsum(dim=1) == there.sum(dim=1, keepdim=True)).float() * there
    ended = nn.functional.binary_cross_entropy_with_logits(made.last.float(), last, reduction="none")
    found = {"rough": ((made.rough.float() - wanted).square() * frames).sum() / total,
             "mel": ((made.mel.float() - wanted).square() * frames).sum() / total,
             "end": (ended * there * (1 + (LAST_WEIGHT - 1) * last)).sum() / steps}
    if recipe.guide != "none":
        found["attention"] = recipe.guide_weight * (guided(made.attention, heard, there, batch, recipe) * there
                                                    ).sum() / steps
    return found


def guided(attention: Tensor, heard: Tensor, there: Tensor, batch: Batch, recipe: TacotronRecipe) -> Tensor:
    """Penalty of each step (batch, steps); see the module."""
    if recipe.guide == "labels":
        return -(attention * heard).sum(dim=2).clamp(min=1e-4).log()
    counts = batch["count"].float()[:, None, None]
    along = torch.arange(attention.shape[1], device=attention.device)[:, None] / there.sum(dim=1)[:, None, None]
    place = torch.arange(attention.shape[2], device=attention.device) / counts
    return (attention * (1 - torch.exp(-((place - along) ** 2) / (2 * DIAGONAL**2)))).sum(dim=2)


@torch.no_grad()
def evaluate(trained: Trained, utterance: Utterance, rng: np.random.Generator) -> dict[str, float]:
    """See the module; `Likeness`, by which weights are chosen beside *Right*, is minus the error over 10 dB. Nothing of
    an utterance that has no stretch short enough."""
    found = cut(utterance, rng, trained.recipe)
    if found is None:
        return {}
    batch = {name: torch.from_numpy(np.asarray(value))[None].to(trained.device)
             for name, value in shown(found, utterance.voice, trained.recipe).items()}
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        made, _, heard = spoken_after(trained.network, batch)
    apart = SPAN_DB * (made.mel - batch["mel"][..., : made.mel.shape[-1]])
    error = float(apart.square().mean().sqrt())
    right = float(heard.gather(2, made.attention.argmax(dim=2, keepdim=True)).float().mean())
    return {"Error": error, "Right": right, "Likeness": -error / 10}


def apply(trained: Trained, audio: Audio | None, options: TacotronOptions,
          progress: Callable[[float], None] | None) -> Spoken:
    """The text spoken, or the score sung."""
    if audio is not None:
        raise OnpuError("a voice needs a text or a score with words, not a recording; give --text or --score")
    network = trained.network
    assert isinstance(network, Tacotron)
    wanted = (pieces_of_text(options.text, SPEAKER if options.voice == AUTO else options.voice) if options.score is None
              else pieces_of_score(read_words(options.score, options.language)))
    made: list[PlacedPiece] = []
    for number, piece in enumerate(wanted):
        found = utter(network, *piece.told, options.seed + number, options.monotone)
        begin = made[-1].end if made else 0
        if piece.onset is not None:
            reached = np.flatnonzero(found.places() >= piece.first_vowel)
            early = int(reached[0]) * network.reduction if len(reached) else 0
            begin = max(0, round(piece.onset * RATE / HOP) - early)
        made.append(PlacedPiece(found, tuple(SOUNDS[sound].removesuffix("/ja") for sound in piece.told.sounds), begin))
        if progress is not None:
            progress(0.5 * (number + 1) / len(wanted))
    mel = joined(made, SILENCE)
    sound = sound_by(options.vocoder, mel, options.seed, None if progress is None else lambda share: progress(
        0.5 + 0.5 * share))
    sound = sound * (LEVEL / max(float(np.abs(sound).max(initial=0.0)), 1e-3))
    return Spoken(Audio(sound[None].astype(np.float32), RATE), mel, tuple(made))


def read_score(trained: Trained, files: Sequence[tuple[str, Timeline]], options: TacotronOptions) -> TacotronOptions:
    """The options with what is to be sung."""
    return replace(options, score=score_with_words(files, options.language))


def piece(trained: Trained, spoken: Spoken, options: TacotronOptions, playback: Playback) -> Piece:
    """The sound with its sounds on the page, and a picture of the first piece."""
    rows = sorted(row for one in spoken.pieces for row in one.sounding(trained.recipe.reduction))
    starts = np.array([frame for frame, _ in rows]) * HOP / RATE
    labels, ends = np.array([name for _, name in rows], np.str_), np.append(starts[1:], spoken.sound.duration)
    kept = (labels != PAUSE_NAME) & (ends > starts)
    voice = Voice(starts[kept], ends[kept], labels[kept], np.ones(int(kept.sum())))
    first = spoken.pieces[0]
    return Piece(options.text[:60] or "A score, sung", Timeline(spoken.sound.duration, voice=voice),
                 {"attention": lambda path: write_utterance(path, first.piece.mel, first.piece.attention, first.names,
                                                            first.piece.mel.shape[1] * HOP / RATE)},
                 sound=spoken.sound)


SMALL = TacotronRecipe(learning_rate=2e-3, warmup=100, weight_decay=1e-6, batch=16, steps=300, epochs=1000,
                       minutes=45.0, patience=1000, ema_decay=0.995, precision="bf16-mixed", workers=0)
MAKER = Maker(
    name="tacotron",
    title="text spoken, or a score sung",
    paper="Shen et al., Natural TTS synthesis by conditioning WaveNet on mel spectrogram predictions, ICASSP 2018",
    scenes=scenes,
    players=players,
    example=example,
    apply=apply,
    metric=evaluate,
    criterion=("Likeness", "Right"),
    recipes={"small": SMALL,
             "paper": TacotronRecipe(seconds=10.0, sounds=200, reduction=1, width=512, prenet=256, units=1024,
                                     postnet=512, guide="none", optimiser="adam", learning_rate=1e-3,
                                     schedule="constant", weight_decay=1e-6, warmup=0, batch=64, steps=1000, epochs=200,
                                     ema_decay=0.0)},
    options=TacotronOptions(),
    command=Command(
        "Say a text, or sing the words of a score (MusicXML or UltraStar).", piece,
        formats=("wav", "html", "attention"), written=("wav", "html"),
        inputs=(FileInput("score", "score with words, in place of a text", (), read_score, decides=("text",),
                          needed_by=("language",)),)),
    one_thread=True,
)
