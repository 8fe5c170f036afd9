"""Drum patterns: their library, what is no pattern, and where hits come to lie on the beats of a song."""

import numpy as np
import pytest

from onpu.errors import LabelError
from onpu.music import Beats, Drums
from onpu.music.drum_patterns import DRUMS, ROWS, DrumPattern, drum_pattern, drum_patterns, placed, played, row_of

FOUR = Beats.of(np.array([1.0, 1.5, 2.1, 2.6, 3.0, 3.4]), np.array([1, 2, 3, 4, 1, 2]))


def test_every_pattern_of_the_library_can_be_played_and_is_its_json():
    found = drum_patterns()
    assert len(found) >= 30
    for name, pattern in found.items():
        assert DrumPattern.of(pattern.json()) == pattern and pattern.name == name
        assert any(set(signs) - {"."} for signs in pattern.rows.values())
    assert {(each.beats, each.steps) for each in found.values()} >= {(4, 4), (4, 3), (3, 4), (2, 3), (5, 4)}
    assert sorted(row for rows in DRUMS.values() for row in rows) == sorted(ROWS)


def test_hits_lie_on_the_songs_own_beats():
    times, velocities = placed(drum_pattern("rock"), "snare", FOUR)
    np.testing.assert_allclose(times, [1.5, 2.6, 3.4])
    assert set(velocities) == {115}
    times, _ = placed(drum_pattern("rock"), "closed_hat", FOUR)
    np.testing.assert_allclose(times, [1, 1.25, 1.5, 1.8, 2.1, 2.35, 2.6, 2.8, 3.0, 3.2, 3.4, 3.6])


def test_bars_of_other_lengths_begin_the_pattern_anew():
    beats = Beats.of(np.arange(7) * 0.5, np.array([4, 1, 2, 3, 1, 2, 3]))
    times, _ = placed(drum_pattern("rock"), "snare", beats)
    np.testing.assert_allclose(times, [0.0, 1.0, 2.5])  # the anacrusis is a fourth beat, bars of three have a second
    times, _ = placed(DrumPattern("a", "", 2, 1, {"kick": "xx.."}, bars=2), "kick", Beats.of(
        np.arange(6) * 1.0, np.array([1, 2, 1, 2, 1, 2])))
    np.testing.assert_allclose(times, [0, 1, 4, 5])


def test_without_positions_it_goes_on_over_bars_of_its_own():
    times, _ = placed(drum_pattern("waltz"), "kick", Beats.of(np.arange(7) * 1.0, np.zeros(7, int)))
    np.testing.assert_allclose(times, [0, 3, 6])


def test_swing_lets_every_other_step_come_late():
    pattern = DrumPattern("a", "", 1, 2, {"ride": "xx"}, swing=1 / 3)
    times, _ = placed(pattern, "ride", Beats.of(np.array([0.0, 0.6]), np.array([1, 1])))
    np.testing.assert_allclose(times, [0.0, 0.4, 0.6, 1.0])


@pytest.mark.parametrize("change, said", [
    ({"beats": 0}, "1 to 12 beats"), ({"steps": "4"}, "1 to 8 steps"), ({"bars": 9}, "1 to 8 bars"),
    ({"swing": 1}, "swing"), ({"rows": {"gong": "x" * 16}}, "no row gong"), ({"rows": {"kick": "x"}}, "needs 16 signs"),
    ({"rows": {"kick": "y" * 16}}, "signs out of"), ({"rows": []}, "JSON object")])
def test_what_is_no_pattern_is_told(change, said):
    with pytest.raises(LabelError, match=said):
        DrumPattern.of(drum_pattern("rock").json() | change)
    with pytest.raises(LabelError, match="did you mean rock"):
        drum_pattern("rokc")


def test_what_was_heard_goes_to_its_rows():
    drums = Drums(np.arange(5) * 0.1, np.array([35, 40, 44, 56, 57]), np.full(5, 70.0), np.ones(5))
    assert [row_of(number) for number in (35, 40, 44, 56, 57)] == ["kick", "snare", "closed_hat", None, "crash"]
    np.testing.assert_allclose(played(drums, "closed_hat")[0], [0.2])
