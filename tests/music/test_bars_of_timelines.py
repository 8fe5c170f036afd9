import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onpu.errors import LabelError
from onpu.music import Beats, Chords, Metre, Timeline
from onpu.music.bars import bars


def beats(positions, period=0.5, start=0.0):
    return Beats.of(start + period * np.arange(len(positions)), np.array(positions))


def metre(*signatures):
    times, above, below = zip(*signatures, strict=True)
    return Metre(np.array(times, float), np.array(above), np.array(below), np.ones(len(times)))


def segments(kind, *rows):
    starts, ends, labels = zip(*rows, strict=True)
    return kind(np.array(starts, float), np.array(ends, float), np.array(labels), np.ones(len(rows)))


def test_an_anacrusis_is_bar_0_and_the_last_bar_is_whole():
    found = bars(Timeline(6.0, beats=beats([4, 1, 2, 3, 4, 1, 2]), metre=metre((0, 4, 4))))
    assert found.numbers.tolist() == [0, 1, 2]
    assert found.beats.tolist() == [1, 4, 4]
    assert found.starts.tolist() == [0.0, 0.5, 2.5]
    assert found.ends.tolist() == [0.5, 2.5, 4.5]
    assert set(zip(found.numerators.tolist(), found.denominators.tolist(), strict=True)) == {(4, 4)}


def test_a_bar_that_is_too_long_or_short_has_a_signature_of_its_own():
    found = bars(Timeline(9.0, beats=beats([1, 2, 3, 1, 2, 1, 2, 3, 4, 1, 2, 3]), metre=metre((0, 3, 4))))
    assert found.numerators.tolist() == [3, 2, 4, 3]
    assert found.numbers.tolist() == [1, 2, 3, 4]


def test_compound_bars_count_dotted_beats():
    found = bars(Timeline(9.0, beats=beats([2, 1, 2, 1, 2, 3, 4]), metre=metre((0, 6, 8), (1.5, 12, 8))))
    assert found.beats.tolist() == [1, 2, 4]
    assert list(zip(found.numerators, found.denominators, strict=True)) == [(6, 8), (6, 8), (12, 8)]
    assert found.quarters.tolist() == [1.5, 1.5, 1.5]
    assert bars(Timeline(9.0, beats=beats([1, 2, 3, 4, 5, 6, 7]), metre=metre((0, 7, 8)))).quarters.tolist() == [0.5]


def test_unknown_positions_are_counted():
    assert bars(Timeline(9.0, beats=beats([0] * 8))).firsts.tolist() == [0, 4, 8]
    found = bars(Timeline(9.0, beats=beats([0, 0, 1, 0, 0, 0, 0, 2]), metre=metre((0, 4, 4))))
    assert found.numbers.tolist() == [0, 1, 2]
    assert found.firsts.tolist() == [0, 2, 6, 10]


def test_pauses_are_filled_with_bars():
    times = np.concatenate([np.arange(8) * 0.5, 12 + np.arange(4) * 0.5])
    found = bars(Timeline(20.0, beats=Beats.of(times, np.tile([1, 2, 3, 4], 3)), metre=metre((0, 4, 4))))
    assert found.beats.tolist() == [4] * 7
    assert found.starts[-1] == 12.0


def test_chords_before_the_first_and_after_the_last_beat_get_bars():
    played = beats([1, 2, 3, 4, 1, 2, 3, 4], start=8.0)
    chords = segments(Chords, (0, 1.9, "N"), (1.9, 8, "C:maj"), (8, 12, "G:maj"), (12, 16.2, "C:maj"), (16.2, 20, "N"))
    found = bars(Timeline(20.0, beats=played, metre=metre((0, 4, 4)), chords=chords))
    assert found.starts == pytest.approx(np.arange(2.0, 15.0, 2.0))
    silent = segments(Chords, (0, 7.5, "N"), (7.5, 12, "C:maj"), (12, 20, "N"))
    assert len(bars(Timeline(20.0, beats=played, metre=metre((0, 4, 4)), chords=silent)).numbers) == 2


def test_without_beats():
    assert len(bars(Timeline(9.0, beats=beats([]))).numbers) == 0
    assert bars(Timeline(9.0, beats=beats([1]))).ends.tolist() == [0.5]
    with pytest.raises(LabelError, match="no beats"):
        bars(Timeline(9.0))


@settings(max_examples=100)
@given(positions=st.lists(st.integers(0, 7), min_size=1, max_size=30), gaps=st.lists(st.floats(0.05, 20), min_size=30,
       max_size=30), above=st.integers(1, 12), below=st.sampled_from([2, 4, 8]),
       chord=st.tuples(st.floats(0, 100), st.floats(0.1, 100)))
def test_bars_hold_every_beat_in_its_order(positions, gaps, above, below, chord):
    times = 50 + np.cumsum(gaps)[: len(positions)]
    timeline = Timeline(700.0, beats=Beats.of(times, np.array(positions)), metre=metre((0, above, below)),
                        chords=segments(Chords, (chord[0], sum(chord), "C:maj")))
    found = bars(timeline)
    count = len(found.numbers)
    assert count and len(found.numerators) == len(found.denominators) == len(found.firsts) - 1 == count
    assert (np.diff(found.grid) > 0).all() and (found.beats > 0).all() and found.firsts[-1] == len(found.grid) - 1
    assert (np.diff(found.numbers) == 1).all() and found.numbers[0] in (0, 1)
    assert np.isin(times, found.grid).all()
    whole = found.beats * found.quarters == found.numerators * 4 / found.denominators
    assert whole[found.numbers > 0].all()
    assert found.beats_at(found.grid) == pytest.approx(np.arange(len(found.grid)))
