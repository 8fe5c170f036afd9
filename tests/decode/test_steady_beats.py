"""Music that keeps one tempo has its beats on one grid, also where nothing tells them; what wavers is left alone."""

from dataclasses import replace

import numpy as np
import pytest

from onpu.decode.bars import BarModel, BarPath, decode_bars
from onpu.decode.beginning import first_onset, from_the_start
from onpu.decode.pulse import HeardPulse
from onpu.decode.steady_beats import beat_grid, on_the_grid

FPS, SECONDS = 50.0, 60.0
FRAMES = int(FPS * SECONDS)
MODEL = BarModel(FPS, bpm=(60.0, 200.0))


def bumps(times, heights):
    """A curve (FRAMES,) with a peak at each time in seconds."""
    frames = np.arange(FRAMES)[:, None]
    return (np.broadcast_to(heights, len(times)) * np.exp(-0.5 * ((frames - times * FPS) / 0.85) ** 2)).max(axis=1)


def heard(times, misled):
    """Eighths sound at `times` and half-way between; between two seconds, `misled`, the off-beats look like beats."""
    between = (times[1:] + times[:-1]) / 2
    inside, off = ((x > misled[0]) & (x < misled[1]) for x in (times, between))
    beat = np.maximum(bumps(times, np.where(inside, 0.1, 0.8)), bumps(between, np.where(off, 0.8, 0.05)))
    flux = np.maximum(bumps(times, 0.4), bumps(between, 0.3)) + 0.002
    return HeardPulse(beat, 0.3 * beat, FPS, flux=np.repeat(flux[None] / 3, 3, axis=0))


def error(path, times):
    """Median distance of the true beats from found ones in seconds, and the largest."""
    distance = np.abs(times[:, None] - path.frames / FPS).min(axis=1)
    return float(np.median(distance)), float(distance.max())


def test_a_steady_recording_stays_on_its_grid():
    times = np.arange(0.31, SECONDS - 0.3, 60 / 127)
    pulse = heard(times, (20.0, 36.0))
    alone = decode_bars(pulse.beat, pulse.downbeat, MODEL)
    assert error(alone, times)[1] > 0.15
    drawn = on_the_grid(alone, pulse)
    assert error(decode_bars(drawn.beat, drawn.downbeat, MODEL), times)[1] < 0.03
    assert beat_grid(alone, pulse)[: len(times)] / FPS == pytest.approx(times, abs=0.02)


def test_players_who_hurry_and_short_recordings_are_left_alone():
    hurried = np.cumsum(np.r_[0.31, 60 / np.linspace(120, 132, 120)])
    pulse = heard(hurried[hurried < SECONDS - 0.3], (20.0, 20.0))
    path = decode_bars(pulse.beat, pulse.downbeat, MODEL)
    assert on_the_grid(path, pulse) is pulse
    times = np.arange(0.31, SECONDS - 0.3, 0.5)
    short = heard(times, (5.0, 9.0)).part(0, int(15 * FPS))
    assert on_the_grid(decode_bars(short.beat, short.downbeat, MODEL), short) is short


def test_beats_and_off_beats_that_are_alike_are_left_alone():
    times = np.arange(0.31, SECONDS - 0.3, 0.5)
    pulse = heard(times, (15.0, 45.0))
    path = decode_bars(pulse.beat, pulse.downbeat, MODEL)
    assert on_the_grid(path, pulse) is pulse
    assert on_the_grid(path, replace(pulse, flux=None)).beat is pulse.beat


def test_the_beginning_decides_between_beats_and_off_beats_and_where_bars_begin():
    """Off-beats are half as strong again as beats, third beats a little stronger than first ones; the file begins with
    a beat, which is the first of a bar."""
    times = np.arange(0.02, SECONDS - 0.3, 0.5)
    pulse = heard(times, (0.0, 0.0))
    between = (times[1:] + times[:-1]) / 2
    beat = np.maximum(bumps(times, 0.4), bumps(between, 0.6))
    down = bumps(times, np.resize([0.2, 0.05, 0.24, 0.05], len(times)))
    misled = replace(pulse, beat=beat, downbeat=np.maximum(down, bumps(between, 0.1)))
    path = decode_bars(misled.beat, misled.downbeat, replace(MODEL, bpm=(110.0, 130.0)))
    assert error(path, times)[0] > 0.2
    begun = replace(misled, start=first_onset(misled.flux.sum(axis=0)))
    steady = on_the_grid(path, begun)
    path = from_the_start(decode_bars(steady.beat, steady.downbeat, replace(MODEL, metres=(4,))), steady, MODEL)
    assert error(path, times)[0] < 0.03
    assert path.frames[path.positions == 1][:3] / FPS == pytest.approx([0.02, 2.02, 4.02], abs=0.03)


def test_music_that_fades_in_has_no_beginning():
    ramp = np.linspace(0, 1, FRAMES)
    assert first_onset(ramp) is None and first_onset(np.zeros(10)) is None
    late = np.zeros(FRAMES)
    late[400::25] = 1.0
    assert first_onset(late) == 400


def test_a_single_beat_has_no_bars_to_seek():
    pulse = replace(heard(np.array([0.02, 0.5]), (0.0, 0.0)), start=1.0)
    one = BarPath(np.array([1]), np.array([1]), np.array([4]))
    assert from_the_start(one, pulse, MODEL) is one and on_the_grid(one, pulse) is pulse
