"""A score with words -> notes that a singer reaches, and the phonemes that are sung on each."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from onpu.errors import OnpuError
from onpu.formats.pronouncing import pronounced
from onpu.music import Timeline
from onpu.music.phonemes import number_of

log = logging.getLogger(__name__)

LOWEST, HIGHEST, MIDDLE = 43, 72, 57
"""MIDI pitches that the singer of PJS reaches, and the middle of what he sang."""
MAX_SECONDS = 600.0
"""Seconds of a score that is sung."""
_NAMES = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")


@dataclass(frozen=True, eq=False)
class SungScore:
    """What is sung: notes (notes, 3) start, end, MIDI pitch; phonemes of each, numbers, none where the syllable goes
    on."""

    notes: np.ndarray
    syllables: list[list[int]]


def read_words(score: Timeline, language: str) -> SungScore:
    """Notes of a score and the phonemes of each. Raises `OnpuError` where it has no notes, no words, or words that no
    voice knows; notes out of reach are moved by octaves, which is said."""
    if score.notes is None or not len(score.notes.onsets):
        raise OnpuError("the score has no notes; give one with notes and words")
    if score.voice is None or not any(str(label).strip() for label in score.voice.labels):
        raise OnpuError("the score has no words; write lyrics under its notes (MusicXML or UltraStar have them)")
    if score.duration > MAX_SECONDS:
        raise OnpuError(f"the score lasts {score.duration:.0f} seconds; give one of at most {MAX_SECONDS:g}")
    said = pronounced([str(label) for label in score.voice.labels], language)
    if said.unknown:
        raise OnpuError(f"no voice knows how to sing {said.unknown[:20]!r}; write them in kana or Latin letters, or "
                        "name their --language")
    if said.nearest:
        log.warning("%d words, such as %s, are sung in the nearest sounds of Japanese", len(said.nearest),
                    said.nearest[0])
    rows = np.stack((score.notes.onsets, score.notes.offsets, score.notes.pitches), axis=1)
    rows = rows[np.lexsort((-rows[:, 2], rows[:, 0]))]
    rows = rows[np.append(True, np.diff(rows[:, 0]) > 1e-3)]
    near = np.abs(rows[:, None, 0] - score.voice.starts[None]).argmin(axis=0)
    if (rows[1:, 0] < rows[:-1, 1] - 0.03).any():  # several parts: only notes with words are the singer's
        rows, near = rows[np.unique(near)], np.searchsorted(np.unique(near), near)
    rows[:-1, 1] = np.minimum(rows[:-1, 1], rows[1:, 0])
    syllables: list[list[int]] = [[] for _ in rows]
    for note, phonemes in zip(near.tolist(), said.syllables, strict=True):
        syllables[note] += [number_of(phoneme) for phoneme in phonemes]
    first = next((i for i, phonemes in enumerate(syllables) if phonemes), None)
    if first is None:
        raise OnpuError("no word of the score has a sound; write its lyrics in kana or Latin letters")
    return SungScore(within_reach(rows[first:]), syllables[first:])


def score_with_words(files: Sequence[tuple[str, Timeline]], language: str) -> Timeline:
    """The only one of the files, named with its music, once it was found that it can be sung; see `read_words`."""
    ((name, timeline),) = files
    try:
        read_words(timeline, language)
    except OnpuError as error:
        raise OnpuError(f"{name}: {error}") from None
    return timeline


def within_reach(notes: np.ndarray) -> np.ndarray:
    """Notes that the singer can sing: all of them by octaves to his middle, and those that are still outside again."""
    outside = (notes[:, 2] < LOWEST) | (notes[:, 2] > HIGHEST)
    if not outside.any():
        return notes
    pitches = notes[:, 2] + 12 * np.rint((MIDDLE - np.median(notes[:, 2])) / 12)
    pitches += 12 * np.ceil(np.maximum(LOWEST - pitches, 0) / 12) - 12 * np.ceil(np.maximum(pitches - HIGHEST, 0) / 12)
    log.warning("%d of %d notes lie outside %s to %s, which is what the singer reaches: they are sung octaves away",
                outside.sum(), len(notes), *(f"{_NAMES[pitch % 12]}{pitch // 12 - 1}" for pitch in (LOWEST, HIGHEST)))
    return np.column_stack((notes[:, :2], pitches))
