"""The songs of POP909 as bars on a grid: the melody, the lowest line of the piano as bass, a chord a bar.

Wang et al., "POP909" (ISMIR 2020), with the corrected scores and chords of POP909-CL (Yao et al., ICASSP 2026).
Licence of the files: MIT; the songs are works under copyright.
"""

import numpy as np

from onpu.data.corpora.archive import Archive
from onpu.data.corpora.downbeats import Run
from onpu.data.corpora.leadsheet import LeadSheet, read_leadsheet
from onpu.data.corpora.pop909 import songs
from onpu.engine.compose.sketch import Note
from onpu.errors import DataError
from onpu.music.chorale import STEPS
from onpu.music.passage import BAR, Passage, longest_chords, written

BASS_BELOW_PITCH = 55
"""Below this MIDI pitch notes of the piano may be its bass."""
FILLED = STEPS
"""A rest of fewer steps is the note before, which was played short."""


def pop909_passages(archive: Archive) -> list[tuple[Passage, str]]:
    """Melody, bass and chords of every row of bars of 4/4 that can be trusted (see `read_leadsheet`), with the side of
    its song. Songs in triplets are left out. Raises `DataError` when there are none."""
    found = []
    for side in ("train", "validation", "test"):
        for name in songs(archive, side):
            sheet = read_leadsheet(archive, name)
            if sheet is not None and sheet.signature.name == "4/4" and not sheet.triplets:
                found += [(passage_of(sheet, run), side) for run in sheet.runs]
    if not found:
        raise DataError(f"{archive.path}: holds no song in 4/4 that can be used; give the zip file of POP909")
    return found


def passage_of(sheet: LeadSheet, run: Run) -> Passage:
    """A row of bars of a song."""
    steps = run.bars * BAR
    melody = _line(sheet.lines["MELODY"], run, steps, True)
    bass = _line([note for note in sheet.lines["PIANO"] if note.pitch < BASS_BELOW_PITCH], run, steps, False)
    key = next((key for when, key in reversed(sheet.keys) if when <= run.start), sheet.keys[0][1])
    starts, ends = (np.array([getattr(span, side) for span in sheet.spans]) - run.start for side in ("start", "end"))
    chords = longest_chords(starts, ends, [span.chord.label(key) for span in sheet.spans], run.bars)
    return Passage({"melody": melody, "bass": bass}, chords, sheet.name).validate()


def _line(notes: list[Note], run: Run, steps: int, highest: bool) -> np.ndarray:
    """A line of notes whose starts and lengths are in quarters."""
    rows = np.array([(note.start, note.start + note.length, note.pitch) for note in notes]).reshape(-1, 3)
    starts, ends = (np.rint(STEPS * (column - run.start)).astype(np.int64) for column in (rows[:, 0], rows[:, 1]))
    return written(starts, ends, rows[:, 2].astype(np.int64), steps, FILLED, highest)
