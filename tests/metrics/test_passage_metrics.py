"""Density, syncopation and range of passages; measures and overlaps of melodies."""

import numpy as np
import pytest
from passage_files import passage

from onpu.metrics.melodies import evaluate, in_scale, longest_copy, overlaps, shape
from onpu.metrics.passages import attributes, syncopation
from onpu.music.passage import BAR, HOLD, Passage


def tune(*notes: tuple[int, int], bars: int = 1, chords: tuple[str, ...] = ("C:maj",)) -> Passage:
    """A melody of (step, pitch)."""
    events = np.full(bars * BAR, HOLD)
    for step, pitch in notes:
        events[step] = pitch
    return Passage({"melody": events}, chords * bars)


def test_attributes_are_counted():
    assert attributes(tune((0, 60), (4, 64), (8, 67))).tolist() == [3, 0, 7]
    assert attributes(tune((0, 60), (4, 64), bars=2)).tolist() == [1, 1, 4]
    assert attributes(tune()).tolist() == [0, 0, 0]
    drums = Passage({"drums": passage(1, 2).parts["drums"]})
    density, _, kinds = attributes(drums)
    assert 8 <= density <= 10 and kinds == 4


@pytest.mark.parametrize(("steps", "expected"), [
    ((0, 4, 8, 12), 0), ((0, 2, 4, 8), 0), ((0, 6), 2), ((0, 3, 8), 2), ((0, 3, 4, 8), 0), ((0, 12, 14), 0),
    ((0, 4), 1), ((2, 6, 10), 1 + 2 + 1)])
def test_notes_that_sound_through_stronger_steps_are_syncopated(steps, expected):
    begins = np.zeros(2 * BAR, bool)
    begins[[*steps, BAR]] = True
    assert syncopation(begins) == expected


def test_a_note_tied_over_the_bar_line_is_syncopated():
    begins = np.zeros(2 * BAR, bool)
    begins[[0, 14]] = True
    assert syncopation(begins) == 3


def test_chord_scale_and_bars_are_told():
    found = evaluate([tune((0, 60), (4, 62), (8, 64), (12, 66))])
    assert found["Notes in the chord"] == 0.5 and found["Notes in the scale"] == 1.0 and found["Notes a bar"] == 4
    twice = tune((0, 60), (4, 64), (16, 60), (20, 64), bars=2)
    assert evaluate([twice])["Repeated bars"] == 1 and evaluate([twice])["Distinct bars"] == 0.5
    assert evaluate([tune()]) == {}
    assert in_scale(np.array([60, 61, 62, 63])) == 0.75
    assert shape((HOLD, 72, 74)) == (HOLD, 60, 62)


def test_copies_are_found_in_any_key():
    melody = passage(4, 4)
    count = len(melody.line("melody").starts)
    assert longest_copy(melody, [passage(5, 4), melody.transposed(5)]) == count
    assert longest_copy(melody, []) == 0 and longest_copy(tune((0, 60)), [tune((0, 70))]) == 1
    assert longest_copy(tune((0, 60), (4, 62), (6, 64)), [tune((2, 60), (6, 62), (9, 64))]) == 2


def test_overlap_is_one_with_itself_in_any_key_and_zero_with_what_shares_nothing():
    melodies = [passage(number, 4) for number in range(4)]
    moved = [melody.transposed(3) for melody in melodies]
    assert min(overlaps(melodies, moved).values()) == pytest.approx(1.0)
    other = overlaps([tune((0, 60), (4, 60))], [tune((1, 61), (3, 68))])
    assert max(other.values()) == 0
