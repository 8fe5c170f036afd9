"""Random timelines for the round-trip laws."""

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from onpu.music import (
    Beats,
    Chords,
    Drums,
    Instruments,
    Key,
    Keys,
    Melody,
    Metre,
    MultiF0,
    Notes,
    Onsets,
    Pedal,
    Sections,
    Tags,
    Tempo,
    Timeline,
    Tuning,
    Voice,
)
from onpu.music.events import Events

seconds = st.floats(0, 36_000)
probability = st.floats(0, 1)
CHORD_LABELS = ["N", "X", "C", "C:maj", "F#:min7/b3", "Bb:7(b9,#11)", "Ab:(1,b3,5)", "D:sus4(b7)", "E:hdim7", "G/5"]
KEY_LABELS = ["N", "C:major", "Eb:minor", "F#:dorian", "A:mixolydian", "B"]
TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=8)


@st.composite
def ascending(draw, count):
    return np.array(sorted(draw(st.lists(seconds, min_size=count, max_size=count, unique=True))), np.float64)


@st.composite
def column(draw, values, count, dtype=np.float64):
    return np.array(draw(st.lists(values, min_size=count, max_size=count)), dtype)


@st.composite
def segments(draw, kind, labels):
    count = draw(st.integers(0, 4))
    edges = draw(ascending(2 * count))
    return kind(edges[::2], edges[1::2], draw(column(labels, count, np.str_)), draw(column(probability, count)))


@st.composite
def bands(draw, kind=Instruments):
    """Stretches of several instruments or sounds, which overlap."""
    parts = [draw(segments(kind, st.just(label))) for label in ("piano", "ギター")]
    found = kind.concatenate(parts)
    return found.select(np.argsort(found.starts, kind="stable"))


@st.composite
def ranked(draw, kind, labels):
    """Segments that have up to three alternatives each, or none."""
    found, rank = draw(segments(kind, labels)), draw(st.integers(0, 3))
    shape = (len(found.starts), rank)
    if not shape[0] * shape[1]:
        return found
    return replace(found, alternatives=draw(column(labels, shape[0] * rank, np.str_)).reshape(shape),
                   chances=draw(column(probability, shape[0] * rank)).reshape(shape))


@st.composite
def played(draw):
    count = draw(st.integers(0, 4))
    edges = draw(ascending(2 * count))
    return Notes(edges[:count], edges[count:], draw(column(st.floats(0, 127), count)),
                 draw(column(st.integers(1, 127), count, np.int64)), draw(column(st.integers(0, 127), count, np.int64)),
                 draw(column(probability, count)))


@st.composite
def held(draw):
    count = draw(st.integers(0, 4))
    edges = draw(ascending(2 * count))
    return Pedal(edges[::2], edges[1::2], draw(column(probability, count)))


@st.composite
def timelines(draw):
    """Every value absent, empty or filled, with the most awkward numbers and texts that are legal."""
    found = {}
    count = draw(st.integers(0, 5))
    times, sure = draw(ascending(count)), draw(column(probability, count))
    share = np.full(count, 1 / (count + 1))
    makers = {
        "beats": lambda: Beats(times, draw(column(st.integers(0, 12), count, np.int64)), sure),
        "metre": lambda: Metre(times, draw(column(st.integers(1, 15), count, np.int64)),
                               draw(column(st.sampled_from([2, 4, 8, 16]), count, np.int64)), sure),
        "tempo": lambda: Tempo(draw(column(st.floats(1, 999), count)), share, times,
                               draw(column(st.floats(1, 999), count))),
        "keys": lambda: draw(ranked(Keys, st.sampled_from(KEY_LABELS))),
        "chords": lambda: draw(ranked(Chords, st.sampled_from(CHORD_LABELS))),
        "key": lambda: Key(draw(column(st.sampled_from(KEY_LABELS[1:]), count, np.str_)), sure),
        "tuning": lambda: Tuning(draw(column(st.floats(-50, 50), count)), sure),
        "melody": lambda: Melody(times, draw(column(st.sampled_from([0.0, 110.0, 440.3, -220.0]), count)), sure),
        "notes": lambda: draw(played()),
        "drums": lambda: Drums(times, draw(column(st.integers(35, 81), count, np.int64)),
                               draw(column(st.integers(1, 127), count, np.int64)), sure),
        "voice": lambda: draw(segments(Voice, TEXTS)),
        "sections": lambda: draw(segments(Sections, TEXTS)),
        "onsets": lambda: Onsets(times, sure),
        "pedal": lambda: draw(held()),
        "multif0": lambda: MultiF0(np.repeat(times, 2), draw(column(st.floats(20, 8000), 2 * count)),
                                   np.repeat(sure, 2)),
        "instruments": lambda: draw(bands()),
        "events": lambda: draw(bands(Events)),
        "tags": lambda: Tags(draw(column(TEXTS, count, np.str_)), sure),
    }
    for name, make in makers.items():
        if draw(st.booleans()):
            found[name] = make()
    return Timeline(draw(seconds), **found)


def assert_same(expected: Timeline, got: Timeline) -> None:
    """Every column of both is equal to the last bit, but ends to 1e-11 s: files hold durations."""
    expected_arrays, got_arrays = expected.arrays(), got.arrays()
    assert expected_arrays.keys() == got_arrays.keys()
    for name, array in expected_arrays.items():
        if name.endswith((".ends", ".offsets")):
            np.testing.assert_allclose(got_arrays[name], array, rtol=0, atol=1e-11, err_msg=name)
        else:
            np.testing.assert_array_equal(got_arrays[name], array, err_msg=name)


BEAT, FIRST = 0.6, 1.2
"""Seconds a beat, and of the first downbeat, of `song`."""


def song(notes, count=8, in_bar=4, metre=(4, 4), chords=("C:maj",), struck=True, sections=(), words=(), jitter=0.0):
    """A sung line: (beat, beats, pitch) from the first downbeat on, over one chord a bar."""
    rng = np.random.default_rng(3)
    times = FIRST + BEAT * np.arange(count * in_bar)
    end = times[-1] + 2 * BEAT
    frames = np.arange(int(end * 100)) / 100
    hertz = np.zeros(len(frames))
    rows = [(FIRST + at * BEAT + jitter * rng.uniform(-1, 1), FIRST + (at + length) * BEAT - 0.03, pitch)
            for at, length, pitch in notes]
    for start, stop, pitch in rows:
        here = (frames >= start) & (frames < stop)
        hertz[here] = 440 * 2 ** ((pitch - 69 + 0.2 * np.sin(30 * frames[here])) / 12)
    onsets, offsets, pitches = np.array(rows).reshape(-1, 3).T
    heard = Notes(onsets, offsets, pitches, np.full(len(rows), 80.0), np.zeros(len(rows), np.int64),
                  np.full(len(rows), 0.9)) if struck else None
    bar = in_bar * BEAT
    starts = FIRST + bar * np.arange(count)
    labels = np.array([chords[i % len(chords)] for i in range(count)])
    named = [(i, text) for i, text in sections]
    return Timeline(
        end, Beats.of(times, np.arange(len(times)) % in_bar + 1),
        Metre(np.zeros(1), np.array([metre[0]]), np.array([metre[1]]), np.full(1, 0.9)),
        keys=Keys(np.zeros(1), np.array([end]), np.array(["C:major"]), np.ones(1)),
        chords=Chords(starts, np.append(starts[1:], end), labels, np.ones(count)),
        melody=Melody(frames, hertz, np.full(len(frames), 0.9)), notes=heard,
        voice=Voice(*(np.array([FIRST + BEAT * word[i] for word in words]) for i in (0, 1)),
                    np.array([word[2] for word in words]), np.ones(len(words))) if words else None,
        sections=Sections(np.array([starts[i] for i, _ in named]), np.array([starts[i] + bar for i, _ in named]),
                          np.array([text for _, text in named]), np.ones(len(named))) if named else None)
