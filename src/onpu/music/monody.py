"""The melody of a timeline: as the soprano of a chorale that is still to be written, or to find chords for."""

import numpy as np

from onpu.errors import LabelError
from onpu.music.bars import bars
from onpu.music.chorale import RANGES, STEPS, VOICES, Chorale
from onpu.music.phrase import NONE, PROFILES, SLOTS, Phrase
from onpu.music.spelling import key_label, parse_key
from onpu.music.timeline import Timeline

FILLED = STEPS
"""A rest of fewer steps is the note before, which was played short."""
LONG_NOTE_STEPS = 2 * STEPS
"""A note of so many steps, half as long again as the middle one, ends a phrase."""
MOST_BARS = 64
LAST_TONIC = 0.5
"""What it counts for, beside a correlation, that a melody ends on the tonic, as 97 in 100 chorale tunes do: with it the
key of 96 in 100 of Bach's sopranos is found, by the profiles alone of 68."""
SAME_SIGNATURE = {9: "minor", 2: "dorian"}
"""Semitones from the tonic of a major key to those of the keys with its signature in which a melody may end."""


def soprano_of(timeline: Timeline, name: str, key: str | None = None) -> Chorale:
    """A chorale whose soprano is the highest of the notes at any time, on the sixteenths of the beats; the other voices
    rest. It begins with the quarter of the first note and ends with that of the last.

    key: as in `G:minor`; None: the timeline's, else the one that the notes, and the last of them, fit best. Fermatas:
    the last note, and what is long beside the others. Raises `LabelError` that begins with `name` when there are no
    notes or beats, bars are not of three or four quarters, or the melody is longer than `MOST_BARS` or leaves the
    soprano's range.
    """
    quarters, top, begins, bar_starts = _on_grid(timeline, name)
    first = int(np.flatnonzero(top)[0]) // STEPS * STEPS
    last = -(-int(np.flatnonzero(top)[-1] + 1) // STEPS) * STEPS
    top, begins = top[first:last], begins[first:last]
    if last - first > MOST_BARS * quarters * STEPS:
        raise LabelError(f"{name}: the melody has more than {MOST_BARS} bars; give a shorter one")
    low, high = RANGES[0]
    if top[top > 0].min() < low or top.max() > high:
        raise LabelError(f"{name}: the melody goes from MIDI pitch {top[top > 0].min()} to {top.max()}, but that of a "
                         f"{VOICES[0]} lies in {low} to {high}; transpose it")
    starts = bar_starts - first
    starts = starts[(starts >= 0) & (starts < last - first)]
    if not len(starts) or starts[0] >= quarters * STEPS:
        starts = np.zeros(1, np.int64)
    pitches, attacks = np.zeros((len(VOICES), len(top)), np.int64), np.zeros((len(VOICES), len(top)), bool)
    pitches[0], attacks[0] = top, begins
    chorale = Chorale(pitches, attacks, np.zeros(len(top), bool), starts, quarters, key or _key(timeline, top), name)
    line = chorale.line(0)
    lengths = line.ends - line.starts
    closing = (lengths >= LONG_NOTE_STEPS) & (lengths >= 1.5 * np.median(lengths))
    closing[-1] = True
    for start, end in zip(line.starts[closing], line.ends[closing], strict=True):
        chorale.fermata[start:end] = True
    return chorale.validate()


def melody_of(timeline: Timeline, name: str) -> Phrase:
    """The highest of the notes at any time, on the sixteenths of the beats, in whole bars from that of the first note
    to that of the last; no chords yet, which is what N says. Key: the timeline's, else the one that fits best.

    Raises `LabelError` that begins with `name` when there are no notes or beats, or bars are not of three or four
    quarters.
    """
    quarters, top, begins, starts = _on_grid(timeline, name)
    bar = STEPS * quarters
    sounding = np.flatnonzero(top)
    origin = int(starts[0]) if len(starts) else 0
    first = origin + (int(sounding[0]) - origin) // bar * bar  # before the first bar there may be an upbeat
    steps = -(-(int(sounding[-1]) + 1 - first) // bar) * bar
    pitches, attacks = np.zeros(steps, np.int64), np.zeros(steps, bool)
    kept = slice(int(sounding[0]), int(sounding[-1]) + 1)
    pitches[kept.start - first : kept.stop - first] = top[kept]
    attacks[kept.start - first : kept.stop - first] = begins[kept]
    chords = np.full(steps // (STEPS * SLOTS[quarters]), NONE)
    return Phrase(pitches, attacks, chords, quarters, _key(timeline, top), name).validate()


def _on_grid(timeline: Timeline, name: str) -> tuple[int, np.ndarray, np.ndarray, np.ndarray]:
    """Quarters a bar; the pitch of the highest note at each sixteenth from the first beat on, and whether it begins
    there; the sixteenths at which bars begin. Raises `LabelError`."""
    if timeline.notes is None or not len(timeline.notes.onsets) or timeline.beats is None or (
            not len(timeline.beats.times)):
        raise LabelError(f"{name}: holds no notes on beats, so there is no melody to harmonise; give one that does")
    found = bars(timeline)
    sizes = set(found.numerators[found.quarters == 1].tolist())
    if (found.quarters != 1).any() or not sizes & {3, 4}:
        raise LabelError(f"{name}: its bars are of {found.numerators[0]}/{found.denominators[0]}; melodies are "
                         "harmonised in three or four quarters, so write it in 3/4 or 4/4")
    quarters = int(found.numerators[np.isin(found.numerators, (3, 4))][0])
    top, begins = _highest(timeline, STEPS * found.beats_at(timeline.notes.onsets),
                           STEPS * found.beats_at(timeline.notes.offsets))
    return quarters, top, begins, STEPS * found.firsts[:-1][found.numbers > 0]


def _highest(timeline: Timeline, starts: np.ndarray, ends: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The pitch of the highest note at each step, 0 where there is none, and whether it begins there."""
    assert timeline.notes is not None
    first = np.rint(starts).astype(int)
    last = np.maximum(np.rint(ends).astype(int), first + 1)
    owner = np.full(int(last.max()), -1)
    for note in np.argsort(np.rint(timeline.notes.pitches), kind="stable"):
        owner[first[note] : last[note]] = note
    for step in np.flatnonzero((owner[1:] >= 0) & (owner[:-1] < 0)) + 1:  # short rests
        before = np.flatnonzero(owner[:step] >= 0)
        if len(before) and step - before[-1] - 1 < FILLED:
            owner[before[-1] + 1 : step] = owner[before[-1]]
    pitches = np.where(owner >= 0, np.rint(timeline.notes.pitches)[owner].astype(int), 0)
    return pitches, (np.diff(owner, prepend=-1) != 0) & (owner >= 0)


def _key(timeline: Timeline, top: np.ndarray) -> str:
    """The timeline's first key, where files say major of the signature alone the one that the melody ends in; without a
    key the one whose profile the time of each pitch class is most like, and on whose tonic it ends."""
    last = int(top[top > 0][-1]) % 12
    for keys in (timeline.keys, timeline.key):
        named = [str(label) for label in keys.labels if str(label) != "N"] if keys is not None else []
        if named:
            tonic, mode = parse_key(named[0])
            ends_in = SAME_SIGNATURE.get((last - tonic) % 12) if mode == "major" else None
            return key_label(last, ends_in) if ends_in else named[0]
    times = np.bincount(top[top > 0] % 12, minlength=12).astype(float)
    fits = {(tonic, mode): float(np.nan_to_num(np.corrcoef(np.roll(profile, tonic), times)[0, 1], nan=-1.0))
            for mode, profile in PROFILES.items() for tonic in range(12)}
    return key_label(*max(fits, key=lambda key: fits[key] + LAST_TONIC * (key[0] == last)))
