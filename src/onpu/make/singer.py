"""Singing from a score with words.

Blaauw & Bonada, "A neural parametric singing synthesizer" (Interspeech 2017) and "… modeling timbre and expression from
natural songs" (Appl. Sci. 7(12):1313, 2017):

    words -> phonemes -> their times -> pitch -> spectral envelope -> aperiodicity -> voicing -> WORLD vocoder -> sound

Measures, of a held-out song: nats a number of each stream (`Nats`), and `Likelihood`, minus their sum, to choose by.

Deviations: those of `onpu.models.npss`; one singer, 24 kHz, 60 bands and 3 aperiodicities.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import soxr
import torch
from torch import Tensor

from onpu.command import Command, FileInput, MakerOptions
from onpu.data.corpora.sung import SungSong, SungSongs, SungSource
from onpu.data.corpora.sung_numbers import TIME_SCALES, numbers_of
from onpu.data.sung_words import SungScore, read_words
from onpu.engine.render.voice.following import followed
from onpu.engine.render.voice.parameters import (
    APERIODIC,
    HARMONIC,
    RATE,
    VocoderFrames,
    sounding,
    taken_apart,
    vocoder,
)
from onpu.errors import OnpuError
from onpu.formats.audio import read_audio
from onpu.make.wavernn import revoiced_by
from onpu.maker import Batch, Maker, Networks, Player, TrainedMaker
from onpu.models.npss import Npss
from onpu.models.npss_sampling import Temperatures, draw_pitch, draw_timbre
from onpu.music import Audio, Timeline, Voice
from onpu.music.phonemes import PHONEMES, SYLLABIC
from onpu.recipe import Recipe, choice, setting
from onpu.represent.sung import (
    NOISE_MIDDLE,
    NOISE_SPAN,
    PAUSE,
    SungLineup,
    moved_to,
    note_curve,
    note_frames,
    note_numbers,
    phoneme_frames,
    timed,
    unscaled,
)

LEVEL = 0.5
"""Peak of what is sung."""
FRAMES_HEARD = 30
"""Frames at the beginning of an example that are heard, but not learned: the networks' reach."""
NOTES = 12
"""Notes of an example for the timing."""
SEMITONES = 3
"""Songs are learned up to so many semitones higher and lower."""


@dataclass(frozen=True)
class SingerRecipe(Recipe):
    """How a singer is learned."""

    crop_frames: int = setting(230, "length of an example in frames of 5 ms")
    width: int = setting(130, "channels of the network of the spectral envelope")
    skip: int = setting(240, "channels that are summed over its layers")
    embedding: int = setting(64, "numbers in which phonemes and pitch are told")
    noise: float = setting(0.2, "deviation of what is added to the frames that networks hear")


@dataclass(frozen=True)
class SingerOptions(MakerOptions):
    """What is sung, and how. score: notes and words; like: samples (samples,) at `RATE` of a recording to be followed;
    sung: syllables that are heard in it, None: it is sung as the score is timed."""

    language: str = setting("auto", "language of the words: ja (kana, romaji), or one that espeak-ng knows, such as "
                                    "en-us or de; auto: ja where they can be, else en-us")
    temperature: float = setting(1.0, "factor of the temperatures at which frames are drawn; 0: the likeliest ones",
                                 "[0, 3]")
    follow_iterations: int = setting(4, "times that pitch and loudness are brought nearer to the recording", "[0, 20]")
    timbre: bool = setting(False, "whether its changes of timbre are followed too")
    vocoder: str = choice("world", ("world", "wavernn"), "what makes sound of the parameters; wavernn makes that of "
                                                         "world anew")
    score: Timeline | None = None
    like: np.ndarray | None = None
    sung: Voice | None = None


Trained = TrainedMaker[SingerRecipe, SingerOptions]


def scenes(recipe: SingerRecipe) -> SungSource:
    """Songs of PJS taken apart."""
    return SungSource()


def network(recipe: SingerRecipe) -> Npss:
    """All networks of a singer, untrained."""
    return Npss(len(PHONEMES) + 1, HARMONIC, APERIODIC, recipe.embedding, recipe.width, recipe.skip)


def players(recipe: SingerRecipe) -> dict[str, Player]:
    """The singer alone."""
    return {"singer": Player(network(recipe), loss)}


def example(songs: SungSongs, rng: np.random.Generator, recipe: SingerRecipe) -> dict[str, np.ndarray]:
    """A stretch of any song, see `Npss.losses`; long songs are drawn more often."""
    sizes = np.array([len(songs.item(number).frames) for number in songs.numbers], np.float64)
    told = numbers_of(songs.item(songs.numbers[int(rng.choice(len(sizes), p=sizes / sizes.sum()))]))
    start = int(rng.integers(max(1, told["voiced"].shape[0] - recipe.crop_frames)))
    cut = {name: values[..., start : start + recipe.crop_frames] for name, values in told.items()
           if values.shape[-1] == len(told["voiced"])}
    moved = int(rng.integers(-SEMITONES, SEMITONES + 1))
    height = np.arange(len(cut["notes"])) == len(cut["notes"]) - 1
    cut["notes"] = cut["notes"] + np.float32(moved / 12) * height[:, None]
    missing = recipe.crop_frames - cut["voiced"].shape[-1]
    cut = {name: np.pad(values, [(0, 0)] * (values.ndim - 1) + [(0, missing)]) for name, values in cut.items()}
    cut["heard"] = cut["heard"] * (np.arange(recipe.crop_frames) >= FRAMES_HEARD)
    rows = rng.integers(len(told["consonant"]), size=NOTES)
    return cut | {name: told[name][rows] for name in ("consonant", "vowel", "note", "times", "timed")}


def loss(networks: Networks, batch: Batch, recipe: SingerRecipe) -> dict[str, Tensor]:
    """Nats of each stream."""
    singer = networks["singer"]
    assert isinstance(singer, Npss)
    return singer.losses(batch, recipe.noise)


def evaluate(trained: Trained, song: SungSong, rng: np.random.Generator) -> dict[str, float]:
    """See the module."""
    assert isinstance(trained.network, Npss)
    batch = {name: torch.from_numpy(values)[None].to(trained.device) for name, values in numbers_of(song).items()}
    parts = {name: float(value) for name, value in trained.network.losses(batch, 0.0).items()}
    return {f"Nats of {name}": value for name, value in parts.items()} | {"Likelihood": -sum(parts.values())}


def apply(trained: Trained, audio: Audio | None, options: SingerOptions,
          progress: Callable[[float], None] | None) -> Audio:
    """The score sung; like the recording, where there is one."""
    if audio is not None or options.score is None:
        raise OnpuError("a singer needs a score with words; give one with --score")
    vocoder()
    score = read_words(options.score, options.language)
    rng = np.random.default_rng(options.seed)
    lineup = lineup_of(trained, score)
    if options.like is not None:
        lineup = lineup if options.sung is None else moved_to(lineup, options.sung)
    done, share = 0, 1.0 if options.vocoder == "world" else 0.5

    def made(frames: int) -> None:
        nonlocal done
        done += frames
        if progress is not None:
            progress(share * min(1.0, done / (4 * lineup.frames)))

    frames = sing(trained, lineup, rng, options.temperature, made)
    if options.like is not None:
        *_, last = followed(frames, taken_apart(options.like), options.follow_iterations, options.timbre)
        sound = last.sound
    else:
        sound = sounding(frames)
    if options.vocoder != "world":
        sound = revoiced_by(options.vocoder, sound, RATE, options.seed,
                            None if progress is None else lambda done: progress(0.5 + 0.5 * done))
    return Audio((LEVEL * sound / max(float(np.abs(sound).max(initial=0.0)), 1e-3))[None].astype(np.float32), RATE)


def lineup_of(trained: Trained, score: SungScore) -> SungLineup:
    """When everything is sung: the means of the timing network."""
    assert isinstance(trained.network, Npss)
    own = [[PHONEMES[number] for number in phonemes] for phonemes in score.syllables]
    leads = [next((i for i, name in enumerate(names) if name in SYLLABIC), len(names)) for names in own]
    first = [syllable[0] if lead else PAUSE for syllable, lead in zip(score.syllables, leads, strict=True)]
    vowel = [syllable[lead] if lead < len(syllable) else PAUSE
             for syllable, lead in zip(score.syllables, leads, strict=True)]
    numbers = note_numbers(score.notes, np.array(leads, np.float64))
    mean, _ = trained.network.times(torch.tensor(first), torch.tensor(vowel), torch.from_numpy(numbers))
    return timed(score.notes, score.syllables, mean.numpy().astype(np.float64) * TIME_SCALES)


def sing(trained: Trained, lineup: SungLineup, rng: np.random.Generator, temperature: float = 1.0,
         progress: Callable[[int], None] = lambda frames: None, pitch: np.ndarray | None = None) -> VocoderFrames:
    """Frames of what is lined up. pitch: (frames,) MIDI; None: the singer's own."""
    network = trained.network
    assert isinstance(network, Npss)
    frames = lineup.frames if pitch is None else len(pitch)
    phonemes = phoneme_frames(lineup, frames)
    heat = Temperatures(*(temperature * each for each in Temperatures()))
    if pitch is None:
        bent = draw_pitch(network, phonemes, note_frames(lineup, frames), rng, heat, progress)
        pitch = note_curve(lineup, frames) + np.clip(bent, -3, 3)
    timbre = draw_timbre(network, phonemes, pitch, rng, heat, progress)
    return VocoderFrames(pitch.astype(np.float32), timbre.voiced & (phonemes[1] != PAUSE), unscaled(timbre.harmonic),
                         timbre.aperiodic * NOISE_SPAN + NOISE_MIDDLE)


def read_score(trained: Trained, files: Sequence[tuple[str, Timeline]], options: SingerOptions) -> SingerOptions:
    """The options with what is to be sung."""
    ((name, timeline),) = files
    try:
        read_words(timeline, options.language)
    except OnpuError as error:
        raise OnpuError(f"{name}: {error}") from None
    return replace(options, score=timeline)


def read_like(trained: Trained, files: Sequence[tuple[str, Timeline]], options: SingerOptions) -> SingerOptions:
    """The options with the recording that is to be followed."""
    ((name, timeline),) = files
    audio = read_audio(name)
    samples = audio.mono()
    if audio.rate != RATE:
        samples = soxr.resample(samples, audio.rate, RATE)
    if len(samples) < RATE // 2:
        raise OnpuError(f"{name}: is shorter than half a second; give a recording of the song, sung alone")
    return replace(options, like=np.asarray(samples, np.float64), sung=timeline.voice)


SMALL = SingerRecipe(learning_rate=2e-3, batch=8, steps=250, epochs=1000, minutes=20.0,
                     precision="bf16-mixed", patience=1000, ema_decay=0.995, warmup=100, weight_decay=1e-3)
MAKER = Maker(
    name="singer",
    title="singing from a score with words",
    paper="Blaauw & Bonada, A neural parametric singing synthesizer, Interspeech 2017",
    scenes=scenes,
    players=players,
    example=example,
    apply=apply,
    metric=evaluate,
    criterion=("Likelihood",),
    recipes={"small": SMALL},
    options=SingerOptions(),
    command=Command(
        "Sing the words of a score (MusicXML or UltraStar), in Japanese or the nearest sounds of it, perhaps like a "
        "recording.",
        inputs=(FileInput("score", "score with words", (), read_score),
                FileInput("like", "recording of the song, sung alone, whose times, pitch and loudness are followed",
                          ("lyrics",), read_like, needed_by=("follow_iterations", "timbre")))),
    one_thread=True,
)
