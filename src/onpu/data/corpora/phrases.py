"""Melodies with chords: the vocal lines of POP909 and the corrected chords of POP909-CL, in rows of bars that can be
trusted (see `onpu.data.corpora.leadsheet`)."""

from functools import lru_cache

import numpy as np

from onpu.data.corpora.archive import Archive
from onpu.data.corpora.leadsheet import LeadSheet, read_leadsheet
from onpu.data.corpora.pop909_songs import Pop909Songs
from onpu.engine.compose.chord import Tonality
from onpu.engine.compose.sketch import Note, Span
from onpu.errors import DataError
from onpu.music.phrase import NONE, SLOTS, STEPS, Phrase, chord_number

BARS = 8
"""Bars a phrase, at most, and the least of a row."""
MIN_SUNG_SHARE = 0.3
"""Share of a phrase in which the melody sounds at least."""
SHORT_SHARE = 0.25
"""Share of the examples that are shorter."""
MAX_ATTEMPTS = 1000


class Phrases(Pop909Songs):
    """Melodies of eight bars with their chords."""

    kind = "melodies with chords"

    def item(self, number: int) -> tuple[Phrase, ...]:
        """The phrases of song `number` of the file, one after the other; none where it is of no use."""
        rows = stretches(self.archive, self.names[number])
        cut = (row.cut(first, BARS) for row in rows for first in range(0, row.steps // row.bar - BARS + 1, BARS))
        return tuple(phrase for phrase in cut if _sung(phrase))

    def draw(self, rng: np.random.Generator, most: int = BARS) -> Phrase:
        """So many bars of any song, now and then fewer, from any bar on and in any key."""
        for _ in range(MAX_ATTEMPTS):
            rows = stretches(self.archive, self.names[self.numbers[int(rng.integers(len(self.numbers)))]])
            if not rows:
                continue
            lengths = np.array([row.steps / row.bar - BARS + 1 for row in rows])
            row = rows[int(rng.choice(len(rows), p=lengths / lengths.sum()))]
            bars = int(rng.integers(1, most + 1)) if rng.random() < SHORT_SHARE else most
            phrase = row.cut(int(rng.integers(row.steps // row.bar - bars + 1)), bars)
            if _sung(phrase):
                return phrase.transposed(int(rng.integers(-6, 6)))
        raise DataError(f"{self.archive.path}: none of {MAX_ATTEMPTS} stretches has a melody; fetch the zip file again")


def _sung(phrase: Phrase) -> bool:
    return bool((phrase.pitches > 0).mean() >= MIN_SUNG_SHARE)


@lru_cache(1024)
def stretches(archive: Archive, name: str) -> tuple[Phrase, ...]:
    """The rows of at least `BARS` trustworthy bars of a song, none where it is of no use."""
    sheet = read_leadsheet(archive, name)
    if sheet is None:
        return ()
    return tuple(_row(sheet, run.start, run.bars) for run in sheet.runs if run.bars >= BARS)


def _row(sheet: LeadSheet, start: float, bars: int) -> Phrase:
    quarters = sheet.signature.numerator
    steps = STEPS * quarters * bars
    pitches, attacks = _melody(sheet.lines["MELODY"], start, steps)
    slots = start + SLOTS[quarters] * np.arange(steps // (STEPS * SLOTS[quarters]))
    key = next((key for when, key in reversed(sheet.keys) if when <= start), sheet.keys[0][1])
    chords = np.array([_chord(sheet.spans, slot, slot + SLOTS[quarters], key) for slot in slots.tolist()], np.int64)
    return Phrase(pitches, attacks, chords, quarters, key.label, sheet.name).validate()


def _melody(notes: list[Note], start: float, steps: int) -> tuple[np.ndarray, np.ndarray]:
    """The highest note of each step, and whether it begins there."""
    owner = np.full(steps, -1)
    for number in sorted(range(len(notes)), key=lambda number: notes[number].pitch):
        note = notes[number]
        first = round(STEPS * (note.start - start))
        last = max(first + 1, round(STEPS * (note.start + note.length - start)))
        owner[max(0, first) : max(0, last)] = number
    pitches = np.array([note.pitch for note in notes] + [0])[owner]
    return pitches, (np.diff(owner, prepend=-1) != 0) & (owner >= 0)


def _chord(spans: tuple[Span, ...], start: float, end: float, key: Tonality) -> int:
    """The chord that sounds longest between two places."""
    shares = {span: min(end, span.end) - max(start, span.start) for span in spans
              if span.end > start and span.start < end}
    return chord_number(max(shares, key=shares.__getitem__).chord.label(key)) if shares else NONE
