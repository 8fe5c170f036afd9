"""Performances on a keyboard as a stream of events, in an alphabet of 388.

Simon & Oore, "Performance RNN: generating music with expressive timing and dynamics" (Magenta, 2017); Oore et al.,
"This time with feeling" (Neural Computing and Applications, 2018), section 3.2:

    0 to 127    NOTE_ON       of that MIDI pitch, as loud as the last VELOCITY said
    128 to 255  NOTE_OFF      of that pitch
    256 to 355  TIME_SHIFT    10 ms to 1 s; longer pauses are several
    356 to 387  VELOCITY      one of 32 bins of four velocities, said where it changes

Time begins with the first note. At one time notes end before others begin, the lowest first; a note that begins again
ends before it does. Where the sustain pedal is down, notes end with it: fold it in with `onpu.music.pedal.sustained`.
"""

import numpy as np

from onpu.music import Notes

PITCHES, SHIFTS, VELOCITY_BINS = 128, 100, 32
NOTE_ON, NOTE_OFF, TIME_SHIFT, VELOCITY = 0, PITCHES, 2 * PITCHES, 2 * PITCHES + SHIFTS
"""The first event of each kind."""
EVENTS = VELOCITY + VELOCITY_BINS
"""Number of events."""
START = EVENTS
"""What networks are told before the first event; never predicted."""
KINDS = ("note on", "note off", "time shift", "velocity")
TICKS_PER_SECOND = 100
"""Ticks a second."""
VELOCITIES_PER_BIN = 128 // VELOCITY_BINS
DEFAULT_VELOCITY = 66
"""Velocity before one has been said: the middle of a bin, as all that are decoded."""


def encoded(notes: Notes) -> np.ndarray:
    """The events (n,) int64 of a performance; of several notes of a pitch that begin at one tick the longest stays."""
    ticks, ends, pitches, bins = _columns(notes)
    count = len(ticks)
    if not count:
        return np.zeros(0, np.int64)
    when, begins = np.concatenate([ticks, ends]), np.repeat([True, False], count)
    order = np.lexsort((np.tile(pitches, 2), begins, when))
    when, begins, pitch, loud = when[order], begins[order], np.tile(pitches, 2)[order], np.tile(bins, 2)[order]
    gaps = np.diff(when, prepend=when[0])
    shifts = -(-gaps // SHIFTS)
    said = np.zeros(2 * count, bool)
    said[np.flatnonzero(begins)] = np.diff(loud[begins], prepend=-1) != 0
    sizes = shifts + said + 1  # events a row: time shifts, velocity, the note
    row = np.repeat(np.arange(2 * count), sizes)
    place = np.arange(len(row)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    events = np.where(begins, NOTE_ON, NOTE_OFF)[row] + pitch[row]
    events = np.where(said[row] & (place == shifts[row]), VELOCITY + loud[row], events)
    rest = np.minimum(gaps[row] - SHIFTS * place, SHIFTS)
    return np.where(place < shifts[row], TIME_SHIFT + rest - 1, events).astype(np.int64)


def decoded(events: np.ndarray) -> Notes:
    """The notes of a stream of events; what sounds at its end ends there. An end of what does not sound says nothing,
    and a note that begins while its pitch sounds ends it; what has no length is left out."""
    ticks = np.cumsum(lengths(events)).tolist()
    sounding: dict[int, tuple[int, int]] = {}
    rows, velocity = [], DEFAULT_VELOCITY
    for event, tick in zip(events.tolist(), ticks, strict=True):
        if event >= VELOCITY:
            velocity = VELOCITIES_PER_BIN * (event - VELOCITY) + VELOCITIES_PER_BIN // 2
        elif event < TIME_SHIFT:
            pitch = event % PITCHES
            if pitch in sounding:
                rows.append((*sounding.pop(pitch), pitch, tick))
            if event < NOTE_OFF:
                sounding[pitch] = tick, velocity
    rows += [(*begun, pitch, ticks[-1]) for pitch, begun in sounding.items()]
    kept = sorted((start, pitch, end, loud) for start, loud, pitch, end in rows if end > start)
    start, pitch, end, loud = np.array(kept, np.int64).reshape(-1, 4).T
    return Notes(start / TICKS_PER_SECOND, end / TICKS_PER_SECOND, pitch.astype(np.float64), loud,
                 np.zeros(len(start), np.int64), np.ones(len(start)))


def lengths(events: np.ndarray) -> np.ndarray:
    """Ticks that pass at each event (n,)."""
    return np.where((events >= TIME_SHIFT) & (events < VELOCITY), events - TIME_SHIFT + 1, 0)


def kinds(events: np.ndarray) -> np.ndarray:
    """Of each event (n,) the number of its kind among `KINDS`."""
    return np.searchsorted([NOTE_OFF, TIME_SHIFT, VELOCITY], events, side="right")


def _columns(notes: Notes) -> tuple[np.ndarray, ...]:
    """Ticks of beginning and end, pitch and velocity bin of the notes that are told apart, by pitch and time."""
    first = notes.onsets.min(initial=np.inf)
    starts, ends = (np.rint(TICKS_PER_SECOND * (times - first)).astype(np.int64)
                    for times in (notes.onsets, notes.offsets))
    pitches = np.clip(np.rint(notes.pitches), 0, PITCHES - 1).astype(np.int64)
    bins = np.clip(notes.velocities.astype(np.int64), 0, 127) // VELOCITIES_PER_BIN
    columns = np.stack([starts, np.maximum(ends, starts + 1), pitches, bins])
    columns = columns[:, np.lexsort((-columns[1], columns[0], columns[2]))]
    same = (np.diff(columns[2], prepend=-1) == 0) & (np.diff(columns[0], prepend=-1) == 0)
    starts, ends, pitches, bins = columns[:, ~same]
    again = pitches[1:] == pitches[:-1]
    ends[:-1] = np.where(again, np.minimum(ends[:-1], starts[1:]), ends[:-1])
    return starts, ends, pitches, bins
