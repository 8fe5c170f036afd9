"""Singing from a score with words.

Blaauw & Bonada, "A neural parametric singing synthesizer" (Interspeech 2017) and "… modeling timbre and expression from
natural songs" (Appl. Sci. 7(12):1313, 2017):

    words -> phonemes -> their times -> pitch -> spectral envelope -> aperiodicity -> voicing -> WORLD vocoder -> sound

Measures, of a held-out song: nats a number of each stream after true frames (`Nats`); of what is drawn in pieces of two
seconds, mel-cepstral distortion in dB, root mean square of the pitch's error in semitones and share of the frames that
are wrongly voiced; and `Nearness`, minus the sum of distortion, semitones and the timing's nats, to choose by. What is
likely after true frames need not be near when it follows its own.

The recipe "paper" has the published sizes and training: true frames with white noise of a deviation of .4, 210 frames
an example, 82,500 steps of 32.

Deviations: those of `onpu.models.npss` and `onpu.models.npss_losses`; one singer, 24 kHz, 60 bands and 3
aperiodicities; a learning rate that does not fall by 1e-5 a step.
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
from onpu.data.sung_words import SungScore, read_words, score_with_words
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
from onpu.make.wavernn import check_vocoder, revoiced_by
from onpu.maker import Batch, Maker, Networks, Player, TrainedMaker
from onpu.metrics.spectra import cepstral_distortion
from onpu.models.npss import Npss, PhonemeContext
from onpu.models.npss_losses import PARTS, Hearing, losses
from onpu.models.npss_sampling import Temperatures, Timbre, draw_pitch, draw_timbre
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
    note_numbers,
    phoneme_frames,
    score_frames,
    timed,
    unscaled,
)

LEVEL = 0.5
"""Peak of what is sung."""
FRAMES_HEARD = 30
"""Frames at the beginning of an example that are heard, but not learned: the networks' reach."""
PIECE = 400
"""Frames of the pieces that are drawn to be judged; the first `FRAMES_HEARD` are told."""
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
    parts: str = choice("all", ("all", *PARTS), "what learns; the other parts stay as they are")
    straying: float = setting(0.25, "deviation of what is added to the frames that networks hear")
    straying_frames: float = setting(16.0, "frames over which what is added changes", "(0, inf)")
    own: float = setting(0.5, "share of the examples whose frames networks hear as they draw them", "[0, 1]")
    forgotten: float = setting(0.4, "dropout of what the pitch is drawn from", "[0, 1)")


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
    vocoder: str = setting("world", "what makes sound of the parameters: world, or a file of weights of onpu train "
                                    "wavernn, which makes that of world anew")
    score: Timeline | None = None
    like: np.ndarray | None = None
    sung: Voice | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        check_vocoder(self.vocoder, ("world",))


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
    hearing = Hearing(recipe.straying, recipe.straying_frames, recipe.own, FRAMES_HEARD, recipe.forgotten)
    return losses(singer, batch, hearing, PARTS if recipe.parts == "all" else (recipe.parts,))


def evaluate(trained: Trained, song: SungSong, rng: np.random.Generator) -> dict[str, float]:
    """See the module."""
    network = trained.network
    assert isinstance(network, Npss)
    told = {name: torch.from_numpy(values).to(trained.device) for name, values in numbers_of(song).items()}
    parts = losses(network, {name: values[None] for name, values in told.items()}, Hearing())
    nats = {name: float(value) for name, value in parts.items()}
    piece = {name: torch.stack(values[..., : values.shape[-1] // PIECE * PIECE].split(PIECE, dim=-1))
             for name, values in told.items() if values.shape[-1] == len(told["voiced"])}
    sung = PhonemeContext(*piece["phonemes"].long().unbind(1))
    true = Timbre(piece["harmonic"], piece["aperiodic"], piece["voiced"][:, None])
    made = draw_timbre(network, sung, piece["pitch"], piece["notes"], rng, Temperatures(),
                       given=Timbre(*(values[..., :FRAMES_HEARD] for values in true)))
    bent = draw_pitch(network, sung, piece["notes"], rng, Temperatures(), given=piece["bent"][:, None, :FRAMES_HEARD])
    sounds = (sung.now != PAUSE)[:, FRAMES_HEARD:].numpy()
    heard, wanted = (unscaled(each.harmonic[..., FRAMES_HEARD:].movedim(1, 2).numpy()[sounds]) for each in (made, true))
    wrong = (made.voiced != true.voiced)[:, 0, FRAMES_HEARD:].numpy()[sounds]
    apart = (bent[:, 0] - piece["bent"])[:, FRAMES_HEARD:][piece["voiced"][:, FRAMES_HEARD:] > 0]
    drawn = {"Distortion": float(cepstral_distortion(heard, wanted).mean()), "Wrongly voiced": float(wrong.mean()),
             "Semitones": float(apart.square().mean().sqrt())}
    return {f"Nats of {name}": value for name, value in nats.items()} | drawn | {
        "Nearness": -drawn["Distortion"] - drawn["Semitones"] - nats["timing"]}


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
    phonemes, notes = phoneme_frames(lineup, frames), torch.from_numpy(score_frames(lineup, frames))[None]
    sung = PhonemeContext(*torch.from_numpy(phonemes)[:, None].unbind(0))
    heat = Temperatures(*(temperature * each for each in Temperatures()))
    if pitch is None:
        bent = draw_pitch(network, sung, notes, rng, heat, progress)[0, 0].numpy()
        pitch = note_curve(lineup, frames) + np.clip(bent, -3, 3)
    pitch = pitch.astype(np.float32)
    drawn = draw_timbre(network, sung, torch.from_numpy(pitch)[None], notes, rng, heat, progress)
    harmonic, aperiodic, voiced = (each[0].T.numpy() for each in drawn)
    return VocoderFrames(pitch, (voiced[:, 0] > 0) & (phonemes[1] != PAUSE), unscaled(harmonic),
                         aperiodic * NOISE_SPAN + NOISE_MIDDLE)


def read_score(trained: Trained, files: Sequence[tuple[str, Timeline]], options: SingerOptions) -> SingerOptions:
    """The options with what is to be sung."""
    return replace(options, score=score_with_words(files, options.language))


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


SMALL = SingerRecipe(learning_rate=2e-3, batch=16, steps=150, epochs=1000, minutes=60.0, patience=1000,
                     ema_decay=0.995, warmup=100, weight_decay=1e-3)
MAKER = Maker(
    name="singer",
    title="singing from a score with words",
    paper="Blaauw & Bonada, A neural parametric singing synthesizer, Interspeech 2017",
    scenes=scenes,
    players=players,
    example=example,
    apply=apply,
    metric=evaluate,
    criterion=("Nearness",),
    recipes={"small": SMALL,
             "paper": SingerRecipe(crop_frames=FRAMES_HEARD + 210, straying=0.4, straying_frames=0.1, own=0.0,
                                   forgotten=0.0, optimiser="adam", learning_rate=5e-4, schedule="constant", warmup=0,
                                   weight_decay=0.0, batch=32, steps=50, epochs=1650, patience=1650, gradient_clip=0.0,
                                   ema_decay=0.0)},
    options=SingerOptions(),
    command=Command(
        "Sing the words of a score (MusicXML or UltraStar), in Japanese or the nearest sounds of it, perhaps like a "
        "recording.",
        inputs=(FileInput("score", "score with words", (), read_score),
                FileInput("like", "recording of the song, sung alone, whose times, pitch and loudness are followed",
                          ("lyrics",), read_like, needed_by=("follow_iterations", "timbre")))),
    one_thread=True,
)
