"""The tune of a recording as notes: from the melody's contour and the transcribed notes together.

The contour knows where there is a melody, and how it moves; transcribed notes know which semitone is meant, and where
one is struck again. States are semitones, as in `onpu.music.contour_notes` (the pitch model of Mauch et al.,
"Computer-aided melody note transcription using the Tony software", TENOR 2015); a frame costs the squared distance of
the contour from the state, less where a transcribed note of this pitch sounds, more where it is foreign to the key;
another state costs more unless a transcribed note begins there. Notes of a tone's pitch that begin within it part it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from onpu.music.bars import Bars
from onpu.music.contour_notes import voiced_runs
from onpu.music.notes import Notes
from onpu.music.spelling import MODES, parse_key
from onpu.music.timeline import Timeline
from onpu.music.voice import Voice

SPREAD_SEMITONES = 0.7
"""Standard deviation of a singer's contour about the note that is meant."""
FARTHEST_SEMITONES = 2.0
"""A contour that is farther from a note costs no more."""
CHANGE_COST = 8.0
"""Log cost of another note without a pause."""
BEGUN_GAIN = 4.0
"""What a transcribed note that surely begins makes a change to its pitch cheaper."""
HEARD_GAIN = 2.0
"""What a transcribed note that surely sounds makes a frame of its pitch cheaper."""
OCTAVE_SHARE = 0.5
"""Share of both for a note an octave away."""
FOREIGN_COST = 1.0
"""What a frame costs more whose pitch is foreign to the key."""
BRIDGED_SECONDS = 0.03
"""Pauses so short do not end a note."""
SHORTEST_SECONDS = 0.12
"""Shorter notes are glides and noise."""
BEGUN_SECONDS = 0.025
"""A transcribed note begins within so much of where it is said to."""
AGAIN_SECONDS = 0.13, 0.1
"""A tone that is struck again has begun and goes on for so long at least."""
DOUBTFUL = 0.2
"""Confidence below which a note of the contour is none."""
SUNG_SHARE = 0.1
"""Share of the time that is sung from which on what is not sung is left out of the tune."""
JOINED_SECONDS = 0.5
"""Sung passages with a shorter pause between them are one."""
EARLY_SECONDS = 0.2
"""A sung note begins at most so long before the passage in which it was found."""
GLIDE_SECONDS = 0.04
"""Notes with a shorter pause between them, the second of which is not struck, are one glide."""
SCOOP_SECONDS = 0.25
"""A note of no more seconds, foreign to the key, with which a singer slides into the next is none."""
COMFORTABLE = 60, 79
"""Pitches that are read without ledger lines, but for that of middle C."""
SHIFTS = np.array([-12, 0, 12])
LEAP, SHIFT_COST, OUTSIDE_COST = 9, 1.5, 0.5
"""Semitones from which on a leap costs as much as it is wider, and what a note costs that is put an octave away, in
semitones: so a few notes in another octave come back into their line. What a note costs for each semitone that it lies
outside of what is comfortable."""


@dataclass(frozen=True, eq=False)
class Tune:
    """A melody of n notes, in order, none of which overlap: onsets, offsets (n,) seconds; pitches (n,) whole MIDI
    numbers; glides (n,) whether a note glides into the next."""

    onsets: np.ndarray
    offsets: np.ndarray
    pitches: np.ndarray
    glides: np.ndarray

    def __len__(self) -> int:
        return len(self.onsets)

    def select(self, rows: np.ndarray) -> "Tune":
        """The notes at indices."""
        return Tune(self.onsets[rows], self.offsets[rows], self.pitches[rows], self.glides[rows])


def tune(timeline: Timeline, found: Bars, keys: Sequence[str]) -> Tune:
    """The tune of a timeline with a melody, in an octave that is comfortable to read; empty where it has none.

    found: its bars. keys: the key label of each (`onpu.music.signatures.keys_of`). Where enough is sung, what is not is
    left out.
    """
    melody = timeline.melody
    if melody is None or len(melody) < 2:
        return _tune([])
    notes = timeline.notes if timeline.notes is not None else Notes.empty()
    cents = float(timeline.tuning.cents[0]) if timeline.tuning is not None and len(timeline.tuning) else 0.0
    step = float(np.median(np.diff(melody.times)))
    line = 69 + 12 * np.log2(np.where(melody.frequencies > 0, melody.frequencies, np.nan) / 440) - cents / 100
    foreign = _foreign(melody.times, found, keys)
    rows: list[tuple[float, float, int]] = []
    for first, last in voiced_runs(line, round(BRIDGED_SECONDS / step)).tolist():
        rows += _notes_of(line[first:last], melody.times[first:last], melody.confidence[first:last], step, notes,
                          foreign[first:last])
    whole = _sung(_tune(_without_scoops(rows, melody.times, foreign)), timeline.voice, timeline.duration)
    return replace(whole, pitches=_comfortable(whole.pitches), glides=_glides(whole, notes))


def _tune(rows: list[tuple[float, float, int]]) -> Tune:
    onsets, offsets, pitches = (np.array([row[i] for row in rows], kind)
                                for i, kind in ((0, np.float64), (1, np.float64), (2, np.int64)))
    return Tune(onsets, offsets, pitches, np.zeros(len(rows), bool))


def _foreign(times: np.ndarray, found: Bars, keys: Sequence[str]) -> np.ndarray:
    """(frames, 12): whether each pitch class is foreign to the key."""
    labels = list(dict.fromkeys(keys)) or [""]
    scales = np.zeros((len(labels), 12), bool)
    for row, label in enumerate(labels):
        if label:
            tonic, mode = parse_key(label)
            scales[row] = ~np.isin(np.arange(12), [(tonic + step) % 12 for step in MODES[mode]])
    if not keys:
        return np.broadcast_to(scales, (len(times), 12))
    number = np.array([labels.index(label) for label in keys])
    bar = np.clip(np.searchsorted(found.starts, times, side="right") - 1, 0, len(number) - 1)
    rows: np.ndarray = scales[number[bar]]
    return rows


def _notes_of(line: np.ndarray, times: np.ndarray, confidence: np.ndarray, step: float, notes: Notes,
              foreign: np.ndarray) -> list[tuple[float, float, int]]:
    """The notes of a run of frames with a pitch: onset, offset, pitch."""
    there = np.isfinite(line)
    line = np.interp(np.arange(len(line)), np.flatnonzero(there), line[there])
    states = np.arange(int(np.floor(line.min())) - 1, int(np.ceil(line.max())) + 2)
    sounding, begun = _transcribed(notes, times, step, states)
    price = np.minimum((line[:, None] - states) ** 2, FARTHEST_SEMITONES**2) / (2 * SPREAD_SEMITONES**2)
    price += FOREIGN_COST * foreign[:, states % 12] - HEARD_GAIN * sounding
    path = _path(price, CHANGE_COST - BEGUN_GAIN * begun)
    edges = np.flatnonzero(np.diff(path)) + 1
    rows = []
    for first, last in zip([0, *edges.tolist()], [*edges.tolist(), len(line)], strict=True):
        start, end = float(times[first]), float(times[last - 1]) + step
        if end - start < SHORTEST_SECONDS - step / 2 or confidence[first:last].mean() < DOUBTFUL:
            continue
        pitch = int(states[path[first]])
        again = [start, *_struck(notes, pitch, start, end), end]
        rows += [(begin, stop, pitch) for begin, stop in pairwise(again)]
    return rows


def _transcribed(notes: Notes, times: np.ndarray, step: float, states: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(frames, states): how sure a transcribed note of this pitch sounds, and begins, in each frame."""
    sounding, begun = np.zeros((len(times), len(states))), np.zeros((len(times), len(states)))
    near = np.flatnonzero((notes.onsets < times[-1]) & (notes.offsets > times[0]))
    for onset, offset, pitch, sure in zip(notes.onsets[near], notes.offsets[near], np.rint(notes.pitches[near]),
                                          notes.confidence[near], strict=True):
        for octave, share in ((0, 1.0), (12, OCTAVE_SHARE), (-12, OCTAVE_SHARE)):
            state = int(pitch) + octave - int(states[0])
            if 0 <= state < len(states):
                for table, start, end in ((sounding, onset, offset),
                                          (begun, onset - BEGUN_SECONDS, onset + BEGUN_SECONDS)):
                    here = slice(*np.searchsorted(times, (start, end + step / 2)))
                    table[here, state] = np.maximum(table[here, state], sure * share)
    return sounding, begun


def _path(price: np.ndarray, change: np.ndarray) -> np.ndarray:
    """The state of each frame: the path of least price, where entering a state costs `change` (frames, states)."""
    total, came = price[0], np.empty(price.shape, np.int64)
    stays = np.arange(price.shape[1])
    for frame in range(1, len(price)):
        best = int(total.argmin())
        entered = total[best] + change[frame]
        moved = entered < total
        came[frame] = np.where(moved, best, stays)
        total = np.where(moved, entered, total) + price[frame]
    path = np.empty(len(price), np.int64)
    path[-1] = int(total.argmin())
    for frame in range(len(price) - 1, 0, -1):
        path[frame - 1] = came[frame, path[frame]]
    return path


def _struck(notes: Notes, pitch: int, start: float, end: float) -> list[float]:
    """Where a tone is struck again."""
    begun, goes_on = AGAIN_SECONDS
    rows = np.arange(*np.searchsorted(notes.onsets, (start + begun, end - goes_on)))
    onsets: list[float] = []
    for onset in notes.onsets[rows[np.rint(notes.pitches[rows]) == pitch]].tolist():
        if not onsets or onset - onsets[-1] >= goes_on:
            onsets.append(onset)
    return onsets


def _without_scoops(rows: list[tuple[float, float, int]], times: np.ndarray, foreign: np.ndarray
                    ) -> list[tuple[float, float, int]]:
    """The notes without short ones foreign to the key from which a singer slides a semitone into the next, which then
    begins with them."""
    out: list[tuple[float, float, int]] = []
    for row in rows:
        if out:
            onset, offset, pitch = out[-1]
            frame = min(int(np.searchsorted(times, onset)), len(times) - 1)
            slides = offset - onset <= SCOOP_SECONDS and row[0] - offset <= GLIDE_SECONDS
            if slides and abs(row[2] - pitch) == 1 and foreign[frame, pitch % 12]:
                out[-1] = (onset, row[1], row[2])
                continue
        out.append(row)
    return out


def _sung(whole: Tune, voice: Voice | None, duration: float) -> Tune:
    """What begins in a sung passage, where enough is sung; passages may be as short as syllables."""
    if voice is None or not len(voice):
        return whole
    gaps = np.append(voice.starts[1:], np.inf) - voice.ends
    ends = np.where(gaps < JOINED_SECONDS, voice.ends + gaps, voice.ends)
    if (ends - voice.starts).sum() < SUNG_SHARE * duration:
        return whole
    begins = whole.onsets[:, None]
    inside = (begins >= voice.starts - EARLY_SECONDS) & (begins < ends)
    return whole.select(np.flatnonzero(inside.any(axis=1)))


def _glides(whole: Tune, notes: Notes) -> np.ndarray:
    """Whether each note glides into the next: of another pitch, without a pause, and not struck there."""
    glides = np.zeros(len(whole), bool)
    for i in range(len(whole) - 1):
        onset, pitch = whole.onsets[i + 1], whole.pitches[i + 1]
        rows = np.arange(*np.searchsorted(notes.onsets, (onset - EARLY_SECONDS / 2, onset + EARLY_SECONDS / 2)))
        struck = ((np.rint(notes.pitches[rows]) - pitch) % 12 == 0).any()
        glides[i] = onset - whole.offsets[i] <= GLIDE_SECONDS and pitch != whole.pitches[i] and not struck
    return glides


def _comfortable(pitches: np.ndarray) -> np.ndarray:
    """The line without leaps that are only a wrong octave, as a whole in the octave that is best to read, into which
    stretches come that would need ledger lines."""
    if not len(pitches):
        return pitches
    line = _without_wide_leaps(pitches, np.zeros((len(pitches), len(SHIFTS))))
    low, high = COMFORTABLE
    outside = {octave: int(((line + octave < low) | (line + octave > high)).sum()) for octave in (0, 12, -12, 24, -24)}
    line = line + min(outside, key=lambda octave: outside[octave])
    moved = line[:, None] + SHIFTS
    return _without_wide_leaps(line, OUTSIDE_COST * np.maximum(np.maximum(low - moved, moved - high), 0))


def _without_wide_leaps(pitches: np.ndarray, price: np.ndarray) -> np.ndarray:
    """The line of least price of which some notes are moved by `SHIFTS`. price: (n, shifts) what else notes cost."""
    price = price + SHIFT_COST * np.abs(SHIFTS) / 12
    best, back = price[0], np.zeros((len(pitches), len(SHIFTS)), np.int64)
    for i in range(1, len(pitches)):
        wide = np.abs((pitches[i] + SHIFTS)[:, None] - (pitches[i - 1] + SHIFTS)[None, :])
        total = best[None, :] + np.maximum(wide - LEAP, 0)
        back[i] = total.argmin(axis=1)
        best = total.min(axis=1) + price[i]
    path = np.zeros(len(pitches), np.int64)
    path[-1] = int(best.argmin())
    for i in range(len(pitches) - 1, 0, -1):
        path[i - 1] = back[i, path[i]]
    line: np.ndarray = pitches + SHIFTS[path]
    return line
