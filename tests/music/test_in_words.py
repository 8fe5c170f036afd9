"""What values show of themselves: a line each, whatever they hold."""

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from timelines import timelines

from onpu.music import Audio, Beats, Chords, Key, Metre, Notes, Stems, Tempo, Timeline, Tuning
from onpu.music.columns import from_lists, to_lists
from onpu.music.timeline import VALUES

BEATS = Beats.of(np.array([0.52, 1.0, 61.3]), np.array([1, 2, 1]))
METRE = Metre(np.array([0.52, 12.0]), np.array([4, 3]), np.array([4, 4]), np.ones(2))
KEY = Key(np.array(["Eb:major", "C:minor"]), np.array([0.91, 0.05]))
TEMPO = Tempo(np.array([120.1, 60.0]), np.array([0.6, 0.4]), np.zeros(0), np.zeros(0))


@pytest.mark.parametrize(("value", "shown"), [
    (BEATS, "Beats(3 beats, 0.52–61.30 s)"),
    (BEATS.select(slice(1)), "Beats(1 beat, 0.52–0.52 s)"),
    (Beats.empty(), "Beats(no beats)"),
    (METRE, "Metre(4/4 from 0.52 s, 3/4 from 12.00 s)"),
    (KEY, "Key(Eb:major 0.91, C:minor 0.05)"),
    (TEMPO, "Tempo(120.1 or 60.0 beats a minute)"),
    (Tempo.empty(), "Tempo(no tempo)"),
    (Tuning(np.array([-12.0]), np.ones(1)), "Tuning(-12.0 cents)"),
    (Chords(np.array([0.0, 2.0]), np.array([2.0, 4.5]), np.array(["C", "N"]), np.ones(2)),
     "Chords(2 chords, 0.00–4.50 s)"),
    (Notes(*np.array([[1.0], [1.5], [60], [80], [0], [1]])), "Notes(1 note, 1.00–1.50 s)"),
    (Timeline(61.5), "Timeline(61.50 s)"),
    (Timeline(61.5, beats=BEATS, metre=METRE, tempo=TEMPO, key=KEY, notes=Notes.empty()),
     "Timeline(61.50 s: 3 beats, 4/4, 3/4, 120.1 or 60.0 beats a minute, no notes, Eb:major)"),
    (Audio(np.zeros((2, 12_000), np.float32), 8000), "Audio(1.50 s, 2 channels, 8000 Hz)"),
    (Stems(("voice", "drums"), np.zeros((2, 1, 4000), np.float32), 8000),
     "Stems(voice, drums; 0.50 s, 1 channel, 8000 Hz)"),
])
def test_values_show_what_they_are(value, shown):
    assert repr(value) == shown


@given(timelines())
def test_every_value_is_shown_in_a_short_line(timeline):
    for value in timeline.found().values():
        assert repr(value).startswith(f"{type(value).__name__}(") and "\n" not in repr(value) and len(repr(value)) < 250
        assert value.in_brief() in repr(timeline)


@pytest.mark.parametrize("kind", VALUES.values())
def test_columns_are_lists_and_back(kind):
    empty = kind.empty()
    again = from_lists(kind, to_lists(empty))
    for f in fields(kind):
        assert getattr(again, f.name).dtype.kind == getattr(empty, f.name).dtype.kind
        assert getattr(again, f.name).shape == getattr(empty, f.name).shape
