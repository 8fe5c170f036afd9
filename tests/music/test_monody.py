"""A melody on its way to a soprano: the grid, the upbeat, what is filled, what is refused."""

import numpy as np
import pytest

from onpu.errors import LabelError
from onpu.music import Beats, Metre, Notes, Timeline
from onpu.music.monody import melody_of, soprano_of
from onpu.music.phrase import NONE


def melody(rows, quarters=4, upbeat=0, bars=4, numerator=None, denominator=4, bpm=60.0):
    """rows: start, end in quarters, pitch."""
    count = bars * quarters + upbeat
    positions = (np.arange(count) - upbeat) % quarters + 1
    starts, ends, pitches = np.array(rows, float).reshape(-1, 3).T
    second = 60 / bpm
    same = np.ones(len(starts))
    notes = Notes(starts * second, ends * second, pitches, 80 * same, 0 * same.astype(int), same)
    return Timeline(count * second, beats=Beats.of(np.arange(count) * second, positions), notes=notes,
                    metre=Metre(np.zeros(1), np.array([numerator or quarters]), np.array([denominator]), np.ones(1)))


def test_notes_lie_on_sixteenths_and_begin_where_they_begin():
    rows = [(0, 0.98, 67), (1.02, 1.5, 69), (1.5, 2, 71), (2, 4, 72)]
    line = soprano_of(melody(rows), "x").line(0)
    assert line.starts.tolist() == [0, 4, 6, 8] and line.ends.tolist() == [4, 6, 8, 16]
    assert line.pitches.tolist() == [67, 69, 71, 72]


def test_the_upbeat_stays_and_what_is_silent_before_and_after_goes():
    chorale = soprano_of(melody([(3, 4, 67), (4, 5, 72), (5, 8, 74)], bars=6), "x")
    assert chorale.bars.tolist() == [4] and chorale.steps == 20
    assert soprano_of(melody([(0, 1, 67), (1, 2, 72), (2, 4, 74)], upbeat=1), "x").bars.tolist() == [4]
    assert soprano_of(melody([(3, 6, 67)], quarters=3), "x").quarters == 3


def test_the_highest_note_is_the_melody_short_rests_are_filled_and_long_ones_stay():
    rows = [(0, 4, 60), (0, 0.5, 67), (1, 2, 69), (4, 5, 70), (7, 8, 72)]
    chorale = soprano_of(melody(rows), "x")
    line = chorale.line(0)
    assert line.pitches.tolist() == [67, 60, 69, 60, 70, 72]
    assert (chorale.pitches[0, 20:28] == 0).all()
    gap = soprano_of(melody([(0, 0.5, 67), (1, 2, 69)]), "x").line(0)
    assert gap.ends.tolist() == [4, 8]


def test_the_key_is_the_one_the_notes_fit_unless_it_is_named():
    scale = [60, 62, 64, 65, 67, 69, 71, 72, 67, 64, 60, 60]
    rows = [(number, number + 1, pitch) for number, pitch in enumerate(scale)]
    assert soprano_of(melody(rows), "x").key == "C:major"
    assert soprano_of(melody([(a, b, p + 3) for a, b, p in rows]), "x").key == "Eb:major"
    assert soprano_of(melody(rows), "x", "A:minor").key == "A:minor"


def test_the_end_and_long_notes_have_fermatas():
    rows = [(0, 1, 67), (1, 2, 69), (2, 4, 71), (4, 5, 67), (5, 6, 69), (6, 7, 71), (7, 8, 67)]
    fermata = soprano_of(melody(rows), "x").fermata
    assert np.flatnonzero(fermata).tolist() == [*range(8, 16), *range(28, 32)]


@pytest.mark.parametrize(("timeline", "said"), [
    (melody([]), "holds no notes"), (melody([(0, 1, 40), (1, 2, 67)]), "goes from MIDI pitch 40 to 67"),
    (melody([(0, 1, 90)]), "90"), (melody([(0, 300 * 4, 67)], bars=300), "more than 64 bars"),
    (melody([(0, 1, 67)], quarters=2, numerator=6, denominator=8), "6/8"),
    (melody([(0, 1, 67)], quarters=5), "5/4")])
def test_what_no_soprano_sings_is_refused_in_one_line_that_names_it(timeline, said):
    with pytest.raises(LabelError) as error:
        soprano_of(timeline, "hymn.mid")
    assert said in str(error.value) and str(error.value).startswith("hymn.mid: ") and "\n" not in str(error.value)


def test_a_melody_has_whole_bars_and_keeps_its_range():
    phrase = melody_of(melody([(3, 4, 90), (4, 5, 95), (5, 8, 96), (9, 10, 30)], bars=6), "x")
    assert phrase.steps == 48 and phrase.quarters == 4 and phrase.name == "x" and set(phrase.chords) == {NONE}
    starts = np.flatnonzero(phrase.attacks)
    assert starts.tolist() == [12, 16, 20, 36] and phrase.pitches[starts].tolist() == [90, 95, 96, 30]
    later = melody_of(melody([(6, 7, 60), (7, 8, 62)], quarters=3, bars=6), "x")
    assert later.steps == 12 and np.flatnonzero(later.attacks).tolist() == [0, 4] and later.quarters == 3
    upbeat = melody_of(melody([(0, 1, 67), (1, 2, 72), (2, 5, 74)], upbeat=1), "x")
    assert upbeat.steps == 32 and np.flatnonzero(upbeat.attacks).tolist() == [12, 16, 20]
    with pytest.raises(LabelError, match=r"^x: its bars"):
        melody_of(melody([(0, 1, 60)], quarters=5), "x")
