from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from midi_oracle import bar_lines, heard, metre, nearest, notes

from onpu.formats.midi import MidiLayout, read_midi, write_midi
from onpu.formats.midi.tempo_map import tempo_map
from onpu.music import Beats, Timeline
from onpu.music.tempo_knots import WANDERING_SECONDS

METRES = [(2, 4, 2), (3, 4, 3), (4, 4, 4), (5, 4, 5), (6, 8, 2), (9, 8, 3), (12, 8, 4), (7, 8, 7), (2, 2, 2), (5, 8, 5)]


@st.composite
def performances(draw):
    """Beats under strong rubato, from an anacrusis on or not, with one change of metre; and the metre."""
    rows, times, positions = [], [], []
    now = draw(st.sampled_from([0.0, 0.04, 0.3, 1.234, 7.5]))
    beat = draw(st.floats(0.25, 1.5))
    for part in range(draw(st.integers(1, 2))):
        numerator, denominator, count = draw(st.sampled_from(METRES))
        upbeat = draw(st.integers(0, count - 1)) if part == 0 else 0
        rows.append((0.0 if part == 0 else now, numerator, denominator))
        bars = draw(st.integers(2 - part, 4))  # one short bar before others would be an upbeat
        for position in [*range(count - upbeat + 1, count + 1), *(list(range(1, count + 1)) * bars)]:
            times.append(now)
            positions.append(position)
            now += beat * draw(st.floats(0.6, 1.6))
    if len(rows) == 2 and rows[0][1:] == rows[1][1:]:
        rows.pop()
    return Beats.of(np.array(times), np.array(positions)), metre(*rows)


def test_an_upbeat_of_a_dotted_beat_and_a_part_of_one_is_read_as_such(tmp_path):
    beats = Beats.of(0.3 + np.arange(5), np.array([2, 1, 2, 1, 2]))
    write_midi(Timeline(6.3, beats=beats, metre=metre((0.0, 6, 8))), tmp_path / "upbeat.mid")
    got = read_midi(tmp_path / "upbeat.mid")
    assert got.beats.positions[:3].tolist() == [2, 1, 2] and got.metre.numerators.tolist() == [6]
    np.testing.assert_allclose(got.beats.times[:5], beats.times, atol=0.001)


@settings(max_examples=25)
@given(performance=performances(), data=st.data())
def test_beats_bars_and_notes_lie_where_they_were_played(tmp_path_factory, performance, data):
    beats, signatures = performance
    end = beats.times[-1] + 2.0
    onsets = np.array(sorted(data.draw(st.lists(st.floats(0, end - 1), min_size=1, max_size=12))))
    played = notes(onsets, onsets + data.draw(st.floats(0.01, 1.0)), 30 + 3 * np.arange(len(onsets)))
    path = tmp_path_factory.getbasetemp() / "rubato.mid"
    write_midi(Timeline(end, beats=beats, metre=signatures, notes=played), path)

    sounding, _ = heard(path)
    by_pitch = {(pitch, on): time for time, _, pitch, on in sounding}
    for onset, offset, pitch in zip(played.onsets, played.offsets, played.pitches.astype(int), strict=True):
        assert abs(by_pitch[pitch, True] - onset) < 0.002
        assert abs(by_pitch[pitch, False] - offset) < 0.004  # one tick long at least
    lines = bar_lines(path)
    assert np.abs(lines[nearest(lines, beats.downbeats)] - beats.downbeats).max() < 0.002
    inside = lines[(lines > beats.downbeats[0] - 0.001) & (lines < beats.times[-1] + 0.001)]
    assert len(inside) == len(beats.downbeats)

    got = read_midi(path)
    which = nearest(got.beats.times, beats.times)
    assert np.abs(got.beats.times[which] - beats.times).max() < 0.002
    np.testing.assert_array_equal(got.beats.positions[which], beats.positions)
    between = (got.beats.times > beats.times[0] - 0.001) & (got.beats.times < beats.times[-1] + 0.001)
    assert between.sum() == len(beats.times)
    np.testing.assert_allclose(got.notes.onsets, played.onsets, atol=0.002)
    np.testing.assert_array_equal(got.metre.numerators, signatures.numerators)
    np.testing.assert_array_equal(got.metre.denominators, signatures.denominators)
    np.testing.assert_allclose(got.metre.times[1:], signatures.times[1:], atol=0.002)
    assert got.duration == pytest.approx(end, abs=0.002)


def tempi_of(path):
    return [(time, message.tempo) for time, message in heard(path)[1]["set_tempo"]]


@pytest.mark.parametrize("first", [0.0, 0.003, 60 / 97, 4 * 60 / 97])
def test_a_steady_tempo_is_one_event_however_beats_jitter(tmp_path, first):
    jitter = np.random.default_rng(3).normal(0, 0.002, 400)
    jitter[0] = 0.0
    times = first + np.arange(400) * 60 / 97 + jitter
    beats = Beats.of(times, np.arange(400) % 4 + 1)
    write_midi(Timeline(250.0, beats=beats), tmp_path / "steady.mid")
    ((_, tempo),) = tempi_of(tmp_path / "steady.mid")
    assert tempo == pytest.approx(60e6 / 97, rel=5e-5)
    got = read_midi(tmp_path / "steady.mid").beats.times
    assert np.abs(got[nearest(got, times)] - times).mean() < 0.002
    played, _ = heard(tmp_path / "steady.mid")
    assert np.abs(np.array([time for time, _, _, on in played if on]) - times).max() < 0.011


def test_exact_beats_of_a_steady_tempo_are_kept(tmp_path):
    times = np.arange(1600) * 60 / 97
    write_midi(Timeline(1000.0, beats=Beats.of(times, np.arange(1600) % 4 + 1)), tmp_path / "long.mid")
    assert len(tempi_of(tmp_path / "long.mid")) == 1
    got = read_midi(tmp_path / "long.mid").beats.times
    assert np.abs(got[nearest(got, times)] - times).max() < 0.001


def test_a_change_of_tempo_is_one_event_where_it_is(tmp_path):
    times = np.concatenate([0.6 * np.arange(32), 19.2 + np.arange(40) * 60 / 140])
    stray = np.random.default_rng(1).normal(0, 0.002, len(times))
    stray[0] = 0.0
    write_midi(Timeline(40.0, beats=Beats.of(times + stray, np.arange(72) % 4 + 1)), tmp_path / "change.mid")
    (begin, slow), (changed, fast) = tempi_of(tmp_path / "change.mid")
    assert begin == 0 and changed == pytest.approx(19.2, abs=0.005)
    np.testing.assert_allclose([slow, fast], [600_000, 60e6 / 140], rtol=1e-3)


def test_beats_that_wander_are_followed_and_made_constant_only_on_request(tmp_path):
    times = np.cumsum(np.random.default_rng(2).normal(0.5, 0.04, 80)) + 1.1
    beats = Beats.of(times, np.arange(80) % 4 + 1)
    played = notes([3.3], [4.0], [60])
    for constant in (False, True):
        path = tmp_path / f"{constant}.mid"
        write_midi(Timeline(60.0, beats=beats, notes=played), path, MidiLayout(constant_tempo=constant))
        got = read_midi(path)
        off = np.abs(got.beats.times[nearest(got.beats.times, times)] - times).max()
        assert off < 1e-4 if not constant else 0.02 < off < 0.4
        assert (len(tempi_of(path)) == 1) == constant
        assert got.notes.onsets[0] == pytest.approx(3.3, abs=0.002)
        lines = bar_lines(path)
        assert np.abs(lines[nearest(lines, beats.downbeats)] - beats.downbeats).max() <= off + 1e-3


def test_before_the_first_beat_and_after_the_last_the_tempo_goes_on(tmp_path):
    beats = Beats.of(2.05 + 0.5 * np.arange(4), np.array([1, 2, 3, 4]))
    played = notes([0.1, 9.0], [0.2, 9.3], [60, 62])
    write_midi(Timeline(12.0, beats=beats, metre=metre((0, 4, 4)), notes=played), tmp_path / "song.mid")
    _, others = heard(tmp_path / "song.mid")
    assert [(time, message.tempo) for time, message in others["set_tempo"]] == [(0.0, 512_500), (2.05, 500_000)]
    assert [(m.numerator, m.denominator) for _, m in others["time_signature"]] == [(4, 4)]
    np.testing.assert_allclose(read_midi(tmp_path / "song.mid").notes.onsets, [0.1, 9.0], atol=0.001)


@pytest.mark.parametrize(("first", "positions", "signature", "expected"), [
    (0.0, [1, 2, 3, 4, 1], (4, 4), [(4, 4)]),
    (0.0, [4, 1, 2, 3, 4, 1], (4, 4), [(1, 4), (4, 4)]),
    (0.5, [4, 1, 2, 3, 4, 1], (4, 4), [(2, 4), (4, 4)]),
    (1.5, [4, 1, 2, 3, 4, 1], (4, 4), [(4, 4)]),
    (0.0, [2, 1, 2, 1], (6, 8), [(3, 8), (6, 8)]),
    (0.04, [1, 2, 3, 1], (3, 4), [(1, 32), (3, 4)]),
    (0.2, [4, 1, 2, 3, 4, 1], (4, 4), [(3, 8), (4, 4)]),
    (0.01, [3, 1, 2, 3, 1], (3, 4), [(1, 4), (3, 4)]),
    (0.0, [1, 2, 3, 4, 1, 2, 3, 1, 2, 3, 4], (4, 4), [(4, 4), (3, 4), (4, 4)]),
])
def test_upbeats_and_odd_bars_have_signatures_of_their_own(tmp_path, first, positions, signature, expected):
    beats = Beats.of(first + 0.5 * np.arange(len(positions)), np.array(positions))
    write_midi(Timeline(20.0, beats=beats, metre=metre((0.0, *signature))), tmp_path / "bars.mid")
    _, others = heard(tmp_path / "bars.mid")
    assert [(m.numerator, m.denominator) for _, m in others["time_signature"]] == expected


def test_long_gaps_are_bridged_with_whole_bars(tmp_path):
    times = np.concatenate([0.5 * np.arange(8), 43.0 + 0.5 * np.arange(8)])
    beats = Beats.of(times, np.tile([1, 2, 3, 4], 4))
    write_midi(Timeline(48.0, beats=beats), tmp_path / "gap.mid")
    _, others = heard(tmp_path / "gap.mid")
    assert len(others["time_signature"]) == 1
    assert all(400_000 < message.tempo < 600_000 for _, message in others["set_tempo"])
    got = read_midi(tmp_path / "gap.mid").beats
    which = nearest(got.times, times)
    np.testing.assert_allclose(got.times[which], times, atol=1e-4)
    np.testing.assert_array_equal(got.positions[which], beats.positions)


@pytest.mark.parametrize("beats", [None, Beats.of(np.zeros(0), np.zeros(0)), Beats.of(np.array([2.0]), np.array([0])),
                                   Beats.of(np.array([0.5, 1.1, 1.5]), np.zeros(3))])
def test_few_beats_and_beats_without_bars(tmp_path, beats):
    path = tmp_path / "few.mid"
    write_midi(Timeline(4.0, beats=beats, notes=notes([0.7, 3.0], [1.0, 3.5], [60, 62])), path)
    got = read_midi(path)
    np.testing.assert_allclose(got.notes.onsets, [0.7, 3.0], atol=0.001)
    if beats is not None and len(beats.times):
        assert np.abs(got.beats.times[nearest(got.beats.times, beats.times)] - beats.times).max() < 1e-4
    assert "time_signature" not in heard(path)[1]


@pytest.mark.parametrize("seed", range(6))
def test_heard_beats_that_wander_have_events_only_where_the_tempo_changes(seed):
    rng = np.random.default_rng(seed)
    gaps = 0.5 + 0.04 * np.sin(np.arange(200) / 30) + 0.012 * rng.standard_normal(200)
    times = 0.4 + np.cumsum(gaps)
    wandering = Beats(times, np.arange(200) % 4 + 1, np.full(200, 0.8))
    found = tempo_map(wandering, metre((0.0, 4, 4)))
    assert np.abs(found.seconds(found.beat_ticks) - times).max() <= WANDERING_SECONDS + 1e-3
    assert len(found.ticks) < 100
    known = tempo_map(replace(wandering, confidence=np.ones(200)), None)
    assert np.abs(known.seconds(known.beat_ticks) - times).max() < 1e-3
