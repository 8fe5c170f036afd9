"""Music that keeps one tempo has its beats on one grid, also where nothing tells them; what wavers is left alone."""

from dataclasses import replace

import numpy as np
import pytest

from onpu.decode.bars import BarModel, decode_bars
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
