"""A text, or a score with words -> pieces that a voice utters at once."""

from dataclasses import dataclass

import numpy as np

from onpu.data.corpora.uttered import NOTE_NUMBERS, SINGER, VOICES, note_numbers
from onpu.data.sung_words import SungScore
from onpu.formats.speaking import pieces_of_english, pieces_of_japanese
from onpu.music.phonemes import PHONEMES, SYLLABIC, number_of
from onpu.music.speech_sounds import PAUSE_NUMBER, japanese_numbers, sound_number
from onpu.represent.uttered import Told

CHANTED_PITCH, CHANTED_SECONDS = 52.0, 0.35
"""MIDI pitch and seconds of a syllable of a text that the singer is given."""
LONGEST_PHRASE = 2.2
"""Seconds of a score that are sung at once, or one note."""
REST_SECONDS = 0.2
"""Between notes, at which a score is cut."""


@dataclass(frozen=True, eq=False)
class SpokenPiece:
    """told: what is uttered. onset: seconds at which its first vowel is to sound; None: after the piece before."""

    told: Told
    onset: float | None = None

    @property
    def first_vowel(self) -> int:
        """Its place among the sounds."""
        carrying = {1 + number for number in range(len(self.told.sounds) - 1)
                    if self.told.sounds[number + 1] in _CARRYING}
        return min(carrying, default=1)


_CARRYING = set(japanese_numbers([number for number, name in enumerate(PHONEMES) if name in SYLLABIC]))


def pieces_of_text(text: str, voice: str) -> list[SpokenPiece]:
    """Pieces of a text. Raises `OnpuError` for one that cannot be said."""
    if voice != SINGER:
        return [SpokenPiece(_told([sound_number(name) for name in piece], np.zeros((len(piece), NOTE_NUMBERS)), voice))
                for piece in pieces_of_english(text)]
    return [_sung([[number_of(name) for name in syllable] for syllable in piece],
                  np.full((len(piece), 2), (CHANTED_PITCH, CHANTED_SECONDS)), None)
            for piece in pieces_of_japanese(text)]


def pieces_of_score(score: SungScore) -> list[SpokenPiece]:
    """Pieces of a score with words, cut at rests and wherever else they would be too long."""
    pieces = []
    first = 0
    notes = score.notes
    for last in range(1, len(notes) + 1):
        if last < len(notes) and notes[last, 0] - notes[last - 1, 1] < REST_SECONDS \
                and notes[last, 1] - notes[first, 0] <= LONGEST_PHRASE:
            continue
        syllables, before = [], next((own[-1:] for own in reversed(score.syllables[:first]) if own), [])
        for own in score.syllables[first:last]:
            syllables.append(own or before)  # a note without a syllable goes on with the vowel before
            before = syllables[-1][-1:]
        told = np.stack((notes[first:last, 2], notes[first:last, 1] - notes[first:last, 0]), axis=1)
        pieces.append(_sung(syllables, told, float(notes[first, 0])))
        first = last
    return pieces


def _sung(syllables: list[list[int]], notes: np.ndarray, onset: float | None) -> SpokenPiece:
    """Syllables (numbers in `PHONEMES`) on notes (count, 2), pitch and seconds."""
    sounds = japanese_numbers([number for own in syllables for number in own])
    rows = np.repeat(notes, [len(own) for own in syllables], axis=0)
    return SpokenPiece(_told(sounds, note_numbers(rows[:, 0], rows[:, 1]), SINGER), onset)


def _told(sounds: list[int], notes: np.ndarray, voice: str) -> Told:
    return Told(np.array([PAUSE_NUMBER, *sounds, PAUSE_NUMBER]), np.pad(notes, ((1, 1), (0, 0))).astype(np.float32),
                VOICES.index(voice))
