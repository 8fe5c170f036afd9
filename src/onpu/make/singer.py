"""Singing from a score with words.

Blaauw & Bonada, "A neural parametric singing synthesizer" (Interspeech 2017) and "… modeling timbre and expression from
natural songs" (Appl. Sci. 7(12):1313, 2017):

    words -> phonemes -> their times -> pitch -> spectral envelope -> aperiodicity -> voicing -> WORLD vocoder -> sound

Measures, of a held-out song: nats a number of each stream (`Nats`), and `Likelihood`, minus their sum, to choose by.

Deviations: those of `onpu.models.npss`; one singer, 24 kHz, 60 bands and 3 aperiodicities.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from onpu.command import Command, MakerOptions
from onpu.data.corpora.sung import SungSong, SungSongs, SungSource
from onpu.engine.render.voice.parameters import APERIODIC, HARMONIC
from onpu.errors import OnpuError
from onpu.maker import Batch, Maker, Networks, Player, TrainedMaker
from onpu.models.npss import NOTE, TIMES, Npss
from onpu.music import Audio
from onpu.music.phonemes import PHONEMES, SYLLABIC
from onpu.recipe import Recipe, setting
from onpu.represent.sung import (
    NOISE_MIDDLE,
    NOISE_SPAN,
    PAUSE,
    SungLineup,
    note_curve,
    note_frames,
    note_numbers,
    phoneme_frames,
    rests_after,
    scaled,
)

FRAMES_HEARD = 30
"""Frames at the beginning of an example that are heard, but not learned: the networks' reach."""
TIME_SCALES = (1.0, 0.05, 0.1)
"""Units of what the timing network says: see `onpu.models.npss.TIMES`."""
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
    """What the user may choose."""


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
    told = whole(songs.item(songs.numbers[int(rng.choice(len(sizes), p=sizes / sizes.sum()))]))
    start = int(rng.integers(max(1, told["voiced"].shape[0] - recipe.crop_frames)))
    cut = {name: values[..., start : start + recipe.crop_frames] for name, values in told.items()
           if values.shape[-1] == len(told["voiced"])}
    moved = int(rng.integers(-SEMITONES, SEMITONES + 1))
    cut["notes"] = cut["notes"] + np.float32(moved / 12) * (np.arange(len(cut["notes"])) == len(cut["notes"]) - 1)[:, None]
    missing = recipe.crop_frames - cut["voiced"].shape[-1]
    cut = {name: np.pad(values, [(0, 0)] * (values.ndim - 1) + [(0, missing)]) for name, values in cut.items()}
    cut["heard"] = cut["heard"] * (np.arange(recipe.crop_frames) >= FRAMES_HEARD)
    rows = rng.integers(len(told["consonant"]), size=NOTES)
    return cut | {name: told[name][rows] for name in ("consonant", "vowel", "note", "times", "timed")}


@lru_cache(256)
def whole(song: SungSong) -> dict[str, np.ndarray]:
    """Everything that is learned of a song."""
    frames = len(song.frames)
    lineup, timing = lined_up(song)
    curve = note_curve(lineup, frames)
    return {"phonemes": phoneme_frames(lineup, frames).astype(np.float32), "notes": note_frames(lineup, frames),
            "harmonic": scaled(song.frames.harmonic).T,
            "aperiodic": ((song.frames.aperiodic.T - NOISE_MIDDLE) / NOISE_SPAN).astype(np.float32),
            "voiced": song.frames.voiced.astype(np.float32), "pitch": song.frames.pitch.astype(np.float32),
            "bent": np.clip(song.frames.pitch - curve, -3, 3).astype(np.float32),
            "heard": np.ones(frames, np.float32)} | timing


def lined_up(song: SungSong) -> tuple[SungLineup, dict[str, np.ndarray]]:
    """When notes are sung, which is where their vowels begin, and what that says of timing: consonant and vowel
    (notes,), note (notes, NOTE), times and timed (notes, TIMES). Notes without a syllable are sung as far after the
    one before as they are written."""
    count = len(song.written)
    onsets, ends = np.full(count, np.nan), np.full(count, np.nan)
    times, timed = np.zeros((count, TIMES), np.float32), np.zeros((count, TIMES), np.float32)
    first, vowel = np.full(count, PAUSE), np.full(count, PAUSE)
    consonants = np.zeros(count)
    after = rests_after(song.written)
    for number in range(count):
        own = np.flatnonzero(song.of_note == number)
        carrying = [i for i in own.tolist() if PHONEMES[song.phonemes[i]] in SYLLABIC]
        if not carrying:
            continue
        onsets[number], ends[number] = song.starts[carrying[0]], song.starts[own[-1] + 1]
        vowel[number], consonants[number] = song.phonemes[carrying[0]], np.sum(own < carrying[0])
        times[number, 1], timed[number, 1] = onsets[number] - song.written[number, 0], 1
        if consonants[number]:
            first[number] = song.phonemes[own[0]]
            times[number, 0] = np.log(max(onsets[number] - song.starts[own[0]], 0.01))
            timed[number, 0] = 1
        if after[number]:
            times[number, 2], timed[number, 2] = ends[number] - song.written[number, 1], 1
    late = np.interp(song.written[:, 0], song.written[~np.isnan(onsets), 0],
                     (onsets - song.written[:, 0])[~np.isnan(onsets)])
    onsets = np.maximum.accumulate(np.where(np.isnan(onsets), song.written[:, 0] + late, onsets))
    notes = np.stack((onsets, np.append(onsets[1:], song.starts[-1]), song.written[:, 2]), axis=1)
    notes[after, 1] = np.where(np.isnan(ends), song.written[:, 1], ends)[after]
    return SungLineup(song.phonemes, song.starts, notes), {
        "consonant": first.astype(np.float32), "vowel": vowel.astype(np.float32),
        "note": note_numbers(song.written, consonants),
        "times": (times / np.array(TIME_SCALES)).astype(np.float32), "timed": timed * (np.abs(times) < 3)}


def loss(networks: Networks, batch: Batch, recipe: SingerRecipe) -> dict[str, Tensor]:
    """Nats of each stream."""
    singer = networks["singer"]
    assert isinstance(singer, Npss)
    return singer.losses(batch, recipe.noise)


def evaluate(trained: Trained, song: SungSong, rng: np.random.Generator) -> dict[str, float]:
    """See the module."""
    assert isinstance(trained.network, Npss)
    batch = {name: torch.from_numpy(values)[None].to(trained.device) for name, values in whole(song).items()}
    parts = {name: float(value) for name, value in trained.network.losses(batch, 0.0).items()}
    return {f"Nats of {name}": value for name, value in parts.items()} | {"Likelihood": -sum(parts.values())}


def apply(trained: Trained, audio: Audio | None, options: SingerOptions,
          progress: Callable[[float], None] | None) -> Audio:
    """The score sung."""
    raise OnpuError("give a score")


SMALL = SingerRecipe(learning_rate=2e-3, batch=8, steps=250, epochs=1000, minutes=20.0, precision="bf16-mixed", patience=1000,
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
    criterion=("Likelihood",),
    recipes={"small": SMALL},
    options=SingerOptions(),
    command=Command("Sing the words of a score."),
    one_thread=True,
)
