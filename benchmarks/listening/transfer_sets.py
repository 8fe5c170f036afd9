"""Recordings of the benchmark of transfer, with what is asked of each: genre and felt emotion of real ones, key and
singing of composed ones, speech against music."""

import csv
from typing import NamedTuple

import numpy as np

from benchmarks.listening import tags_data
from benchmarks.paths import CACHE, data
from benchmarks.recordings import Item, labelled
from onpu.engine.render import ambience
from onpu.formats.audio import write_audio
from onpu.listen.tags import target
from onpu.music import Audio, Clock
from onpu.music.words import LIKELY, WORDS

EMOTIONS = ("amazement", "solemnity", "tenderness", "nostalgia", "calmness", "power", "joyful_activation", "tension",
            "sadness")
SPEECH_SECONDS, SPEECH_RATE, SPEECH_SEED = 12.0, 44_100, 7_100_000


class Emotify(NamedTuple):
    """clips: 300 real excerpts. genre (clips,). felt (clips, 9): share of the listeners that felt each emotion."""

    clips: list[Item]
    genre: np.ndarray
    felt: np.ndarray


def emotify() -> Emotify:
    """The excerpts with genres and emotions."""
    clips = list(tags_data.emotify())
    with (data("real/emotify") / "labels.csv").open(newline="", encoding="utf-8") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    own = [rows[clip.name] for clip in clips]
    return Emotify(clips, np.array([row["genre"] for row in own]),
                   np.array([[float(row[name]) for name in EMOTIONS] for row in own]))


class Composed(NamedTuple):
    """clips: composed music and, at the end, speech. music, sung (clips,): whether they are; sung is of music. key
    (clips,): the first one, such as `C:minor`, empty where there is none."""

    clips: list[Item]
    music: np.ndarray
    sung: np.ndarray
    key: np.ndarray


def composed(count: int) -> Composed:
    """So many clips of styles that are held out, as many of other styles, and as many of speech."""
    music = [*tags_data.unseen_styles(count), *tags_data.known_styles(count)]
    clock, sung = Clock(10, 10), WORDS.index("voice:sung")
    levels = [target(clip.truth, clock, max(1, int(clip.truth.duration)))["tags"][sung].mean() for clip in music]
    keys = [str(clip.truth.key.labels[0]) if clip.truth.key is not None and len(clip.truth.key.labels) else ""
            for clip in music]
    spoken = [speech(number) for number in range(count)]
    return Composed([*music, *spoken], np.arange(len(music) + count) < len(music),
                    np.concatenate([np.array(levels) >= LIKELY, np.zeros(count, bool)]),
                    np.array([*keys, *[""] * count]))


def speech(number: int) -> Item:
    """Somebody speaking, from the programs of text-to-speech that the system has, or from a synthetic throat."""
    folder = CACHE / "transfer-speech"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{number:04d}.flac"
    if not path.exists():
        samples = round(SPEECH_SECONDS * SPEECH_RATE)
        said = ambience.speech(samples, SPEECH_RATE, np.random.default_rng([SPEECH_SEED, number]))
        peak = max(float(np.abs(said).max(initial=0.0)), 1e-9)
        write_audio(path, Audio((0.5 * said / peak).astype(np.float32), SPEECH_RATE))
    return Item(path.stem, path, labelled(path))
