"""Notes and melody together: vibrato's pieces become one note, one line loses its partials, all else stays."""

import numpy as np
import pytest

from onpu.analysis.one_line import with_melody
from onpu.music import Melody, Notes

VOICE, PIANO = 52, 0


def notes(*rows, program=VOICE, sure=0.8):
    """Rows of onset, offset, pitch; sure: the confidence of all or, in the order of onset and pitch, of each."""
    table = np.array(sorted(rows, key=lambda row: (row[0], row[2])), dtype=np.float64).reshape(-1, 3)
    count = len(table)
    return Notes(*table.T, np.full(count, 80.0), np.full(count, program), np.broadcast_to(sure, count))


def tone(start, end, pitch, extent=0.0, rate=6.0):
    """A melody that sounds from start to end, in pauses before."""
    times = np.arange(round(end * 100)) / 100
    line = pitch + extent * np.sin(2 * np.pi * rate * times)
    return Melody(times, np.where(times >= start, 1, -1) * 440 * 2 ** ((line - 69) / 12), np.full(len(times), 0.9))


def rows(found):
    return list(zip(found.onsets.round(2).tolist(), found.offsets.round(2).tolist(), found.pitches.tolist(),
                    strict=True))


def pieces(pitches, start=1.0):
    """Short notes, one after the other."""
    return [(start + 0.15 * i, start + 0.15 * i + 0.12, pitch) for i, pitch in enumerate(pitches)]


def test_pieces_at_partials_and_neighbours_become_the_tone_that_was_sung():
    broken = notes(*pieces([60, 72, 73, 79, 61, 71, 59, 80, 84]))
    found = with_melody(broken, tone(1.0, 2.4, 60, 0.8)).validate()
    assert rows(found) == [(1.0, 2.4, 60.0)]
    assert found.programs.tolist() == [VOICE] and found.velocities.tolist() == [80]


def test_what_accompanies_a_vibrato_stays():
    chord = [(0.0, 2.0, 48), (1.0, 2.4, 64), (1.0, 2.4, 67), (1.2, 2.0, 72)]
    other = pieces([50, 65, 57])  # short, but at no partial
    band = notes(*chord, *other, *pieces([60, 61, 59, 60, 61]))
    found = with_melody(band, tone(1.0, 2.4, 60, 0.8))
    assert set(rows(found)) == {*rows(notes(*chord, *other)), (1.0, 2.4, 60.0)}


def test_a_trill_is_two_notes_in_turn_and_swings_about_the_middle_between_them():
    turns = notes(*pieces([60, 61] * 5))
    assert rows(with_melody(turns, tone(1.0, 2.5, 60.5, 0.6))) == rows(turns)
    assert rows(with_melody(turns, tone(1.0, 2.5, 61.0, 0.8))) == [(1.0, 2.5, 61.0)]  # a vibrato about the upper one
    assert len(with_melody(notes(*pieces([60, 61] * 5), sure=0.4), tone(1.0, 2.5, 60.5, 0.6))) == 1  # hardly heard


def test_a_tone_that_was_transcribed_whole_keeps_its_times():
    found = with_melody(notes((0.97, 2.31, 60), (0.0, 3.0, 40), *pieces([72, 73, 71])), tone(1.0, 2.4, 60, 0.8))
    assert rows(found) == [(0.0, 3.0, 40.0), (0.97, 2.31, 60.0)]


@pytest.mark.parametrize("line", [tone(1.0, 2.4, 60), tone(1.0, 2.4, 60, 0.2), tone(1.0, 2.4, 60, 0.8, rate=2.5)])
def test_without_vibrato_polyphonic_music_comes_back_as_it_is(line):
    band = notes((0.0, 2.4, 41), (0.5, 2.4, 45), *pieces([60, 72, 61, 79, 60]))
    assert with_melody(band, line) is band


def test_two_short_notes_are_not_enough_to_say_that_a_tone_was_broken():
    band = notes((0.0, 2.4, 41), (0.5, 2.4, 45), *pieces([60, 72]))
    assert with_melody(band, tone(1.0, 2.4, 60, 0.8)) is band


def two_tones():
    """0.2 to 1.0 s at 60, 1.2 to 2.0 s at 64."""
    line = Melody.concatenate([tone(0.2, 1.0, 60), tone(0.2, 1.0, 64)])
    return Melody(np.arange(200) / 100, line.frequencies, line.confidence)


def test_one_line_loses_weak_partials_and_gains_what_the_melody_alone_heard():
    found = with_melody(notes((0.2, 1.0, 60), (0.2, 0.9, 72), sure=(0.8, 0.4)), two_tones())
    assert rows(found) == [(0.2, 1.0, 60.0), (1.2, 2.0, 64.0)]


def test_sure_octaves_are_played_and_neither_dropped_nor_doubled():
    both = notes((0.2, 1.0, 60), (0.2, 0.9, 72), (1.2, 2.0, 76), sure=(0.8, 0.9, 0.9), program=PIANO)
    assert rows(with_melody(both, two_tones())) == rows(both)


def test_a_note_of_one_line_ends_with_the_contour_and_not_with_the_room():
    found = with_melody(notes((0.2, 1.5, 60), (1.2, 1.6, 64)), two_tones())
    assert rows(found) == [(0.2, 1.0, 60.0), (1.2, 1.6, 64.0)]


def test_in_two_lines_reverberation_and_partials_are_left_alone():
    band = notes((0.2, 1.5, 60), (0.2, 0.9, 72), (0.2, 2.0, 41), sure=(0.8, 0.4, 0.8))
    assert with_melody(band, two_tones()) is band


def test_a_vibrato_is_no_piano():
    broken = notes(*pieces([60, 72, 73, 79, 61, 71]), program=PIANO)
    assert with_melody(broken, tone(1.0, 2.0, 60, 0.8)).programs.tolist() == [VOICE]


def test_no_melody_no_change():
    some = notes((0.2, 1.0, 60))
    assert with_melody(some, Melody.empty()) is some
    assert with_melody(some, tone(1.0, 1.0, 60)) is some
