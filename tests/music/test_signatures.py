"""A sheet changes its key signature where the key changes, and not for a few bars."""

from itertools import groupby

import numpy as np
import pytest

from onpu.engine.compose import compose
from onpu.music import Beats, Chords, Key, Keys, Metre, Timeline
from onpu.music.bars import bars
from onpu.music.signatures import CLOSING_BARS, SHORTEST_BARS, keys_of
from onpu.music.spelling import written_signature


def song(*regions, chords=(), key=None, confidence=None):
    """Bars of two seconds; regions and chords (bars, label)."""
    def segments(kind, rows, sure=None):
        ends = 2.0 * np.cumsum([count for count, _ in rows])
        return kind(np.append(0.0, ends[:-1]), ends, np.array([label for _, label in rows]),
                    np.ones(len(rows)) if sure is None else np.array(sure)) if rows else None

    count = sum(bars for bars, _ in regions) or 4
    beats = Beats.of(np.arange(4 * count) / 2, np.arange(4 * count) % 4 + 1)
    return Timeline(2.0 * count, beats, Metre(np.zeros(1), np.array([4]), np.array([4]), np.ones(1)), key=key,
                    keys=segments(Keys, regions, confidence), chords=segments(Chords, chords))


def spans(timeline):
    return [(len(list(run)), label) for label, run in groupby(keys_of(bars(timeline), timeline))]


def test_a_real_change_is_kept():
    assert spans(song((16, "C:major"), (16, "D:major"))) == [(16, "C:major"), (16, "D:major")]
    rising = song((12, "Eb:major"), (12, "E:major"), (12, "F:major"))
    assert spans(rising) == [(12, "Eb:major"), (12, "E:major"), (12, "F:major")]


@pytest.mark.parametrize("other", ["G:major", "F#:major", "C:minor"])
@pytest.mark.parametrize("bars", [1, 4, SHORTEST_BARS - 1])
def test_a_few_bars_of_another_key_are_not(other, bars):
    assert spans(song((12, "C:major"), (bars, other), (12, "C:major"))) == [(24 + bars, "C:major")]


@pytest.mark.parametrize(("closing", "kept"), [(CLOSING_BARS - 1, False), (CLOSING_BARS + 1, True)])
def test_a_song_that_ends_in_another_key_has_changed_it(closing, kept):
    assert len(spans(song((16, "C:major"), (closing, "D:major")))) == 1 + kept


def test_a_key_that_was_taken_for_one_a_fifth_away_has_the_signature_of_its_chords():
    """Of what was heard, and not of what is known."""
    regions, chords = ((8, "C:minor"), (8, "F:minor"), (8, "Bb:minor")), ((8, "C:min"), (8, "Eb:min"), (8, "Cb:maj"))
    assert spans(song(*regions, chords=chords, confidence=(0.9, 0.7, 0.7))) == [(8, "C:minor"), (16, "Eb:minor")]
    known = [label for _, label in spans(song(*regions, chords=chords))]
    assert "Eb:minor" not in known


def test_fourteen_keys_are_one():
    regions = [(4, "G:major"), (2, "D:major")] * 5 + [(3, "A:major"), (5, "G:major"), (2, "C:major"), (4, "G:major")]
    assert spans(song(*regions)) == [(44, "G:major")]


def test_the_relative_minor_has_the_same_signature():
    timeline = song((10, "C:major"), (10, "A:minor"))
    assert len({written_signature(label) for label in keys_of(bars(timeline), timeline)}) == 1


def test_chords_that_stay_in_the_key_speak_against_a_doubtful_change():
    regions = (16, "C:major"), (8, "G:major"), (16, "C:major")
    at_home = song(*regions, chords=((16, "C:maj"), (8, "F:maj"), (16, "G:maj")), confidence=(1.0, 0.5, 1.0))
    away = song(*regions, chords=((16, "F:maj"), (8, "D:maj"), (16, "F:maj")), confidence=(1.0, 1.0, 1.0))
    assert len(spans(at_home)) == 1 and spans(away) == [(16, "C:major"), (8, "G:major"), (16, "C:major")]


def test_the_key_of_the_whole_where_no_region_is_known():
    whole = Key(np.array(["C:major", "A:minor"]), np.array([0.8, 0.2]))
    assert spans(song(key=whole)) == [(4, "C:major")]
    assert spans(song((4, "N"), key=whole)) == [(4, "C:major")] and spans(song()) == [(4, "")]


@pytest.mark.parametrize(("seed", "style"), [(9_400_001, "ballet waltz"), (9_400_003, "breakbeat")])
def test_composed_songs_that_modulate_have_the_signatures_of_their_sections(seed, style):
    timeline = compose(seed, style).timeline
    found = bars(timeline)
    keys = [str(label) for label in timeline.keys.labels]
    assert [label for _, label in spans(timeline)] == keys and len(keys) > 1
    middles = (found.starts + found.ends) / 2
    own = [keys[max(0, np.searchsorted(timeline.keys.starts, time, side="right") - 1)] for time in middles]
    assert (np.array(keys_of(found, timeline)) == np.array(own)).mean() > 0.9
