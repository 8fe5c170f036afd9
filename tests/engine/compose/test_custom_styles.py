"""Music whose beat is a custom: counted as those count it who play it, and asked for by name."""

from types import SimpleNamespace

import numpy as np
import pytest

from onpu.engine.compose import STYLES, compose
from onpu.engine.compose.styles import BAND_STYLES
from onpu.engine.compose.styles.customs import COUNTED_SLOW, CUSTOMS, IN_THREES, IN_TWO

KICK, SNARE, STICK, HAT, SURDO = (35, 36), (38, 40), (37,), (42, 46), (41, 43)
DRUMMED = ("dub", "steppers", "lovers rock", "reggaeton", "half-time trap", "drill", "jungle")


@pytest.fixture(scope="module")
def songs():
    """Of each style five songs, none of which changes its metre."""
    made = {name: [compose(seed, name, 30.0) for seed in range(5)] for name in CUSTOMS}
    return {name: [song for song in found if len(song.timeline.metre.times) == 1] for name, found in made.items()}


def places(song, times):
    """Where in the bar times lie, in beats from its beginning, to a quarter beat."""
    beats = song.timeline.beats
    at = np.interp(times, beats.times, np.arange(len(beats)))
    first = int(np.flatnonzero(beats.positions == 1)[0])
    inside = (at > first) & (at < len(beats) - 1)
    return np.rint(4 * (at[inside] - first)) / 4 % beats.positions.max()


def hits(songs, *drums):
    """Places in the bar of these drums, of several songs together."""
    found = [places(song, song.timeline.drums.times[np.isin(song.timeline.drums.pitches, drums)]) for song in songs
             if song.timeline.drums is not None]
    return np.concatenate(found)


def chords(songs, name):
    """Times of a player's strokes, with the song, of several songs."""
    return [SimpleNamespace(song=song, times=np.unique(track.notes.onsets.round(2))) for song in songs
            for track in song.tracks if track.name == name and track.notes is not None]


def test_they_are_drawn_by_nobody_and_change_no_seed():
    assert not {*CUSTOMS} & {*BAND_STYLES} and all(style.weight == 0 for style in CUSTOMS.values())
    assert not {compose(seed, None, 5.0).style for seed in range(60)} & {*CUSTOMS}
    assert list(STYLES)[-len(CUSTOMS):] == list(CUSTOMS)
    assert not any(style.held_out for style in CUSTOMS.values())


@pytest.mark.parametrize("name", CUSTOMS)
def test_they_are_counted_in_their_own_metre_and_tempo(songs, name):
    style = CUSTOMS[name]
    (metre,) = style.metres
    beats_a_bar = {"4/4": 4, "3/4": 3, "2/4": 2, "12/8": 4, "6/8": 2}[metre]
    assert len(songs[name]) >= 3
    for song in songs[name]:
        line = song.timeline
        assert f"{line.metre.numerators[0]}/{line.metre.denominators[0]}" == metre
        assert set(line.beats.positions) == set(range(1, beats_a_bar + 1))
        assert 0.9 * style.tempo[0] < line.tempo.bpm[0] < 1.1 * style.tempo[2]


@pytest.mark.parametrize("name", ["dub", "steppers", "lovers rock"])
def test_dub_drops_on_the_third_beat_and_its_chords_fall_on_the_second_and_fourth(songs, name):
    drop = hits(songs[name], *STICK)
    assert np.mean(drop == 2) > 0.5
    strokes = np.concatenate([places(each.song, each.times) for each in chords(songs[name], "guitar")])
    assert np.mean(np.isin(strokes, (1, 3))) > 0.5 and np.mean(np.isin(strokes, (0, 2))) < 0.1


def test_reggaeton_strikes_three_against_two(songs):
    found = hits(songs["reggaeton"], *SNARE)
    assert np.mean(np.isin(found, (0.75, 1.5, 2.75, 3.5))) > 0.7


@pytest.mark.parametrize("name", ["half-time trap", "drill"])
def test_a_snare_a_bar_is_the_third_beat(songs, name):
    found = hits(songs[name], *SNARE)
    counts = [np.mean(found == beat) for beat in range(4)]
    assert np.argmax(counts) == 2 and counts[2] > 2 * max(counts[0], counts[1])


def test_hats_of_trap_move_four_times_a_beat_and_faster(songs):
    fastest = []
    for song in songs["half-time trap"]:
        drums = song.timeline.drums
        times = np.sort(drums.times[np.isin(drums.pitches, HAT)])
        fastest.append(np.quantile(np.diff(times), 0.2) * song.timeline.tempo.bpm[0] / 60)
    assert min(fastest) < 0.18 and np.median(fastest) < 0.55


def test_jungle_is_fast_over_a_slow_bass(songs):
    struck, counts = np.unique(hits(songs["jungle"], *SNARE), return_counts=True)
    assert struck[counts.argmax()] == 1
    parts = chords(songs["jungle"], "bass")
    assert min(each.song.timeline.tempo.bpm[0] for each in parts) > 150
    assert np.median([len(each.times) / len(each.song.timeline.beats) for each in parts]) < 0.8


def test_the_second_beat_of_a_viennese_waltz_comes_early(songs):
    early = []
    for each in chords(songs["viennese waltz"], "strings"):
        beats = each.song.timeline.beats
        seconds = beats.times[beats.positions == 2]
        away = each.times - seconds[np.abs(each.times[:, None] - seconds).argmin(axis=1)]
        early += away[np.abs(away) < 0.09].tolist()
    assert np.quantile(early, 0.25) < -0.025


def test_waltzes_are_quick_and_everything_in_two_has_two_beats():
    assert {next(iter(IN_THREES[name].metres)) for name in IN_THREES} == {"3/4", "6/8", "12/8"}
    assert sum(style.tempo[1] > 155 for style in IN_THREES.values()) == 4
    assert {next(iter(style.metres)) for style in IN_TWO.values()} == {"2/4"}
    assert all(style.tempo[2] <= 106 for name, style in COUNTED_SLOW.items() if name not in ("bluebeat", "jungle"))


@pytest.mark.parametrize("name", DRUMMED)
def test_most_of_their_songs_have_drums_throughout(songs, name):
    shares = []
    for song in songs[name]:
        drums = song.timeline.drums
        beats = song.timeline.beats.times
        shares.append(0.0 if drums is None else np.mean(np.histogram(drums.times, beats)[0] > 0))
    assert np.median(shares) > 0.5
