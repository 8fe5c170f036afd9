"""Songs as `onpu corpus voice` takes them apart, of numbers that are drawn: for tests without corpus and vocoder."""

import json

import numpy as np

from onpu.music import Notes, Timeline, Voice
from onpu.music.phonemes import PHONEMES
from onpu.represent.sung import FRAME_SECONDS, PAUSE


def write_sung(folder, count):
    """`count` songs of four syllables `ka`; returns the folder."""
    folder.mkdir(parents=True)
    names = [f"pjs{number:03d}" for number in (2, 3, 5, 21)[:count]]
    for number, name in enumerate(names):
        np.savez(folder / f"{name}.npz", **sung_song(number))
    (folder / "sung.json").write_text(json.dumps({"songs": names}), encoding="utf-8")
    return folder


def sung_song(seed):
    """Columns of a song: notes of half a second, consonants of 80 ms before each."""
    rng = np.random.default_rng(seed)
    onsets = 0.5 + 0.5 * np.arange(4)
    written = np.stack((onsets, onsets + 0.5, 50.0 + rng.integers(0, 12, 4)), axis=1)
    k, a = PHONEMES.index("k"), PHONEMES.index("a")
    phonemes = [PAUSE, *[k, a] * 4, PAUSE]
    starts = np.array([0.0, *np.stack((onsets - 0.08, onsets), axis=1).ravel(), 2.5, 3.0])
    of_note = np.array([-1, *np.repeat(np.arange(4), 2), -1])
    frames = round(3 / FRAME_SECONDS) + 1
    voiced = np.zeros(frames, bool)
    voiced[100:500] = True
    return {"pitch": (52 + rng.standard_normal(frames)).astype(np.float32), "voiced": voiced,
            "harmonic": (rng.standard_normal((frames, 60)) - 4).astype(np.float32),
            "aperiodic": (rng.standard_normal((frames, 3)) - 12).astype(np.float32), "phonemes": np.array(phonemes),
            "starts": starts, "written": written, "of_note": of_note}


def sung_score(count):
    """A score of `count` notes of a fifth of a second, each a syllable `ka`."""
    onsets = 0.1 + 0.2 * np.arange(count)
    notes = Notes(onsets, onsets + 0.2, np.full(count, 57.0), np.full(count, 80), np.zeros(count, np.int64),
                  np.ones(count))
    return Timeline(0.3 + 0.2 * count, notes=notes, voice=Voice(onsets, onsets + 0.2, np.array(["ka"] * count),
                                                                np.ones(count)))
