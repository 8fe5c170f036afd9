"""The metrical level is chosen by all cues, heights of activations do not matter, and noise is not believed in."""

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest

from onpu.decode.bars import BarModel, BarPath
from onpu.decode.belief import belief
from onpu.decode.levels import best_level, bpm_of, candidates, cues, standing_out, tempo_around
from onpu.decode.pulse import HeardPulse
from onpu.decode.signature import ternary, written

FPS = 50.0
TEMPI = np.geomspace(30, 300, 120)
MODEL = BarModel(FPS, bpm=(40.0, 240.0))
FRAMES = 1500


def bumps(times, heights=1.0):
    """An activation (FRAMES,) with a peak at each time in seconds."""
    frames = np.arange(FRAMES)[:, None]
    shapes = np.exp(-0.5 * ((frames - np.asarray(times) * FPS) / 0.85) ** 2)
    return (np.broadcast_to(heights, len(times)) * shapes).max(axis=1)


def pulse(bpm, metre=4, tempo=None, between=(), rises=(), height=0.8):
    """Beats at `bpm` with downbeats; between: (place in the beat, height of the activation), rises: the same of the
    spectrum; tempo: what the tempo head believes in."""
    times = np.arange(0.3, FRAMES / FPS - 0.3, 60 / bpm)
    beat = bumps(times, height)
    flux = 0.3 * bumps(times) + 0.005
    for place, level in between:
        beat = np.maximum(beat, bumps(times + place * 60 / bpm, level))
    for place, level in rises:
        flux = np.maximum(flux, 0.3 * bumps(times + place * 60 / bpm, level))
    head = None
    if tempo is not None:
        head = np.repeat(np.exp(-0.5 * (np.log(TEMPI / tempo) / 0.03) ** 2)[:, None], FRAMES, axis=1)
        head /= head.sum(axis=0)
    return HeardPulse(beat, bumps(times[::metre], height), FPS, head, TEMPI, np.repeat(flux[None] / 3, 3, axis=0))


def chosen(given, model=MODEL):
    path, _ = best_level(given, model)
    return path, bpm_of(path, FPS)


@pytest.mark.parametrize(("found", "felt"), [(124, 62), (60, 120), (144, 96)])
def test_the_tempo_head_has_a_say(found, felt):
    """Where the beat activation alone would be taken for another level."""
    times = np.arange(0.3, FRAMES / FPS - 0.3, 60 / max(found, felt))
    beat = bumps(times, 0.7)
    even = replace(pulse(felt, tempo=felt), beat=beat, downbeat=0.3 * beat, flux=None)
    if found / felt == 1.5:
        even = replace(even, beat=np.maximum(bumps(np.arange(0.3, 29.7, 60 / 144), 0.5),
                                             bumps(np.arange(0.3, 29.7, 60 / 96), 0.45)))
    assert chosen(even)[1] == pytest.approx(felt, rel=0.03)


def test_harmony_decides_where_the_sound_does_not():
    """Beats at 124 or 62: chords change every fourth of the slow ones."""
    times = np.arange(0.3, FRAMES / FPS - 0.3, 60 / 124)
    beat = bumps(times, 0.7)
    even = replace(pulse(124), beat=beat, downbeat=0.3 * beat, flux=None)
    odds = np.full(FRAMES, -2.0)
    for start in times[::8]:
        odds[max(round(start * FPS) - 3, 0) : round(start * FPS) + 4] = 3.0
    weighed = beat / (1 + np.exp(-(np.log(0.4 / 0.6) + 2 * odds)))
    paths = {round(bpm_of(path, FPS) / 62): path for path in candidates(beat, weighed, MODEL)}
    assert {1, 2} <= set(paths)
    assert chosen(replace(even, downbeat=weighed, odds=odds))[1] == pytest.approx(62, rel=0.03)


def test_a_slower_level_keeps_the_bar_lines():
    """Strong second and fourth beats are a backbeat, not half the tempo, where the bar begins on the first."""
    times = np.arange(0.3, FRAMES / FPS - 0.3, 60 / 174)
    beat = bumps(times, np.resize([0.35, 0.8], len(times)))
    down = bumps(times[::4], 0.2)
    assert chosen(replace(pulse(174), beat=beat, downbeat=np.minimum(down, beat), flux=None))[1] > 160
    moved = bumps(times[1::4], 0.5)
    assert chosen(replace(pulse(174), beat=beat, downbeat=np.minimum(moved, beat), flux=None))[1] < 100


@pytest.mark.parametrize("scale", [0.25, 0.5, 1.0])
@pytest.mark.parametrize("bpm", [62, 96, 140, 180])
def test_heights_do_not_matter(bpm, scale):
    given = pulse(bpm, tempo=bpm, rises=[(0.5, 0.4)], between=[(0.5, 0.1)])
    quiet = replace(given, beat=scale * given.beat, downbeat=scale * given.downbeat)
    path, found = chosen(quiet)
    assert found == pytest.approx(bpm, rel=0.03)
    assert belief(path.frames.astype(float), quiet) > 0.5


def test_uneven_eighths_are_found_beyond_the_range_and_only_where_it_is_free():
    seven = pulse(260, metre=7, tempo=260)
    path, found = chosen(seven)
    assert found == pytest.approx(260, rel=0.03) and set(path.metres) == {7}
    assert bpm_of(best_level(seven, MODEL, any_tempo=False)[0], FPS) < 240
    assert written(7, path.frames, seven) == (7, 8)


def test_candidates_lie_within_the_range_and_differ():
    given = pulse(120)
    paths = candidates(given.beat, given.downbeat, BarModel(FPS, bpm=(50.0, 150.0)), any_tempo=False)
    tempi = [bpm_of(path, FPS) for path in paths]
    assert all(50 * 0.95 < bpm < 150 * 1.05 for bpm in tempi)
    ratios = np.abs(np.log(np.divide.outer(tempi, tempi)))[~np.eye(len(tempi), dtype=bool)]
    assert len(tempi) > 1 and ratios.min() > np.log(1.1) - 1e-6


@pytest.mark.parametrize(("beats", "rises", "signature"), [
    (2, [(1 / 3, 0.6), (2 / 3, 0.6)], (6, 8)), (3, [(1 / 3, 0.6), (2 / 3, 0.6)], (9, 8)),
    (4, [(1 / 3, 0.6), (2 / 3, 0.6)], (12, 8)), (4, [(1 / 2, 0.6)], (4, 4)), (4, [], (4, 4)),
    (4, [(2 / 3, 0.6)], (4, 4)), (3, [(1 / 4, 0.5), (1 / 2, 0.6), (3 / 4, 0.5)], (3, 4)),
    (5, [(1 / 3, 0.6), (2 / 3, 0.6)], (5, 4))])
def test_beats_of_three_are_dotted_and_swung_ones_are_not(beats, rises, signature):
    given = pulse(70, metre=beats, rises=rises)
    assert written(beats, np.arange(15, 1400, 60 * FPS / 70), given) == signature


@pytest.mark.parametrize(("beats", "bpm", "signature"), [(7, 230, (7, 8)), (5, 236, (5, 8)), (5, 140, (5, 4)),
                                                         (7, 130, (7, 4)), (4, 230, (4, 4))])
def test_fast_uneven_beats_are_eighths(beats, bpm, signature):
    assert written(beats, np.arange(15, 1400, 60 * FPS / bpm), pulse(bpm, metre=beats)) == signature


def test_without_flux_nothing_is_said_of_the_division():
    given = replace(pulse(70), flux=None)
    assert ternary(np.arange(15, 1400, 60 * FPS / 70), given) == 0


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("level", [0.05, 0.15, 0.3])
def test_noise_is_not_believed_in(seed, level):
    rng = np.random.default_rng(seed)
    beat = level * rng.random(FRAMES) ** 2
    noise = HeardPulse(beat, beat / 3, FPS, None, TEMPI, 0.05 + 0.02 * rng.random((3, FRAMES)))
    assert belief(best_level(noise, MODEL)[0].frames.astype(float), noise) < 0.5


def test_what_stands_out_is_the_strongest_series():
    assert standing_out(np.array([1.0, 0.5] * 4), 2) == pytest.approx(0.5)
    assert standing_out(np.array([0.2, 0.2, 1.0] * 4), 3) == pytest.approx(0.8)
    assert standing_out(np.ones(8), 2) == 0 and standing_out(np.ones(3), 2) == 0


def test_the_bars_of_a_waltz_are_not_tried_as_beats():
    beat, downbeat = np.full(3000, 0.02), np.full(3000, 0.01)
    beat[10::16], downbeat[10::48] = 0.9, 0.9
    paths = candidates(beat, downbeat, BarModel(50.0))
    assert np.median(paths[0].metres) == 3
    assert all(bpm_of(path, 50.0) > 0.4 * bpm_of(paths[0], 50.0) for path in paths)


def test_bars_are_sought_again_at_all_tempi_that_last():
    frames = np.cumsum(np.r_[0, np.full(20, 30), np.full(20, 21)])
    slow, fast = tempo_around(BarPath(frames, np.ones(41, int), np.full(41, 4)), FPS)
    assert slow < 100 < 140 < fast and slow > 85 and fast < 165


def test_an_hour_of_beats_is_compared_in_little_memory():
    """Each of 2,400 downbeats with each of 9,600 beats would be 184 MB."""
    frames = np.arange(9600) * 19
    first = BarPath(frames, np.arange(9600) % 4 + 1, np.full(9600, 4))
    given = HeardPulse(*np.full((2, 19 * 9600), 0.3), FPS)
    tracemalloc.start()
    same, moved = (cues(replace(first, frames=frames + shift), given, first).kept for shift in (0, 9))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (same, moved) == (1.0, 0.0) and peak < 20e6
