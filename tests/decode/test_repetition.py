"""A rhythm that comes round every so many beats says how long a bar is, where downbeats are in doubt."""

from dataclasses import replace

import numpy as np
import pytest

from onpu.decode.bars import BarModel, decode_bars
from onpu.decode.beat_similarity import beat_patterns, excess, similarity
from onpu.decode.pulse import HeardPulse
from onpu.decode.repetition import with_repetition
from onpu.decode.signature import written

FPS, FRAMES, BPM = 50.0, 3000, 120
MODEL = BarModel(FPS, bpm=(40.0, 240.0))
TIMES = np.arange(0.3, FRAMES / FPS - 0.3, 60 / BPM)


def bumps(times, heights):
    """An activation (FRAMES,) with a peak at each time in seconds."""
    frames = np.arange(FRAMES)[:, None]
    return (np.asarray(heights) * np.exp(-0.5 * ((frames - times * FPS) / 0.85) ** 2)).max(axis=1)


def rhythm(metre, rng, thirds=False):
    """Beats whose low and high strokes come round every `metre` beats, with downbeats that the network doubts."""
    low, high = rng.permutation(np.linspace(0, 1, metre)), rng.permutation(np.linspace(0, 1, metre))
    beat = bumps(TIMES, np.full(len(TIMES), 0.8))
    flux = [bumps(TIMES, 0.1 + 0.4 * np.resize(low, len(TIMES))),
            bumps(TIMES + 30 / BPM, 0.3 * np.resize(high, len(TIMES)))]
    if thirds:
        flux[1] = np.maximum(bumps(TIMES + 20 / BPM, np.full(len(TIMES), 0.3)),
                             bumps(TIMES + 40 / BPM, 0.3 * np.resize(high, len(TIMES)) + 0.2))
    doubted = bumps(TIMES, rng.uniform(0.25, 0.35, len(TIMES)))
    return HeardPulse(beat, doubted, FPS, flux=np.stack([*flux, np.zeros(FRAMES)]) + 0.005)


@pytest.mark.parametrize("metre", [3, 4, 5, 7])
def test_the_length_of_the_bar_is_told_by_what_comes_round(metre):
    pulse = rhythm(metre, np.random.default_rng(metre))
    alone = decode_bars(pulse.beat, pulse.downbeat, MODEL)
    path = with_repetition(alone, pulse, MODEL)
    assert np.bincount(path.metres).argmax() == metre
    assert np.abs(path.frames - alone.frames).max() <= 1


def test_what_comes_round_twice_a_bar_of_dotted_beats_is_six_eight():
    pulse = rhythm(2, np.random.default_rng(0), thirds=True)
    path = with_repetition(decode_bars(pulse.beat, pulse.downbeat, MODEL), pulse, MODEL)
    metre = int(np.bincount(path.metres).argmax())
    assert written(metre, path.frames, pulse) == (6, 8)


def test_similarity_is_one_at_no_distance_and_at_the_period():
    pulse = rhythm(5, np.random.default_rng(1))
    alike = similarity(beat_patterns(TIMES * FPS, pulse), 11)
    assert alike[0] == pytest.approx(1) and alike[[5, 10]] == pytest.approx(1, abs=0.05)
    assert excess(alike, 5) > 0.3 > abs(excess(alike, 4))
    assert np.isnan(similarity(beat_patterns(TIMES[:12] * FPS, pulse), 11)[6:]).all()


def test_a_wished_metre_and_unknown_flux_leave_the_path_alone():
    pulse = rhythm(5, np.random.default_rng(2))
    path = decode_bars(pulse.beat, pulse.downbeat, MODEL)
    assert with_repetition(path, replace(pulse, flux=None), MODEL) is path
    four = decode_bars(pulse.beat, pulse.downbeat, replace(MODEL, metres=(4,)))
    assert np.array_equal(with_repetition(four, pulse, replace(MODEL, metres=(4,))).positions, four.positions)
