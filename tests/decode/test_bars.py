"""The beat-wise search finds the same path as a frame-wise Viterbi over the published state space."""

import tracemalloc

import numpy as np
import pytest

import onpu.decode.bars as bars
from onpu.decode.bars import BarModel, decode_bars
from onpu.decode.peaks import refine

SMALL = BarModel(fps=10, metres=(2, 3), bpm=(100, 200), tempi=4, steadiness=5.0, share=4.0, width=0.2,
                 metre_change=0.05)


def frame_wise(beat, downbeat, model):
    """Viterbi over (bar state, length, frame in the beat), one frame at a time, written for clarity alone."""
    lengths = model.lengths()
    tempo = np.exp(-model.steadiness * np.abs(lengths[None, :] / lengths[:, None] - 1))
    tempo = np.log(tempo / tempo.sum(axis=1, keepdims=True))
    other, down, silent = bars.log_densities(beat, downbeat, model)
    states = [(m, p, j, r) for m in model.metres for p in range(m) for j, n in enumerate(lengths) for r in range(n)]
    index = {state: i for i, state in enumerate(states)}

    def sources(m, p, j, r):
        if r > 0:
            return [(index[m, p, j, r - 1], 0.0)]
        if p > 0:
            return [(index[m, p - 1, i, n - 1], tempo[i, j]) for i, n in enumerate(lengths)]
        away = np.log(model.metre_change / (len(model.metres) - 1))
        rarity = model.custom * m * np.log10(bars.METRES[m])
        return [(index[k, k - 1, i, n - 1], tempo[i, j] + rarity + (np.log1p(-model.metre_change) if k == m else away))
                for k in model.metres for i, n in enumerate(lengths)]

    def observe(t, m, p, j, r):
        if r < model.beat_frames(lengths)[j]:
            return down[t] if p == 0 else other[t]
        return silent[t]

    score = np.array([observe(0, *s) for s in states])
    back = []
    for t in range(1, len(beat)):
        options = [max((score[i] + cost, i) for i, cost in sources(*s)) for s in states]
        back.append([i for _, i in options])
        score = np.array([best for best, _ in options]) + [observe(t, *s) for s in states]
    path = [int(score.argmax())]
    for row in reversed(back):
        path.append(row[path[-1]])
    path = [states[i] for i in reversed(path)]
    starts = [t for t, s in enumerate(path) if s[3] == 0]
    return np.array(starts), np.array([path[t][1] + 1 for t in starts]), np.array([path[t][0] for t in starts])


@pytest.mark.parametrize("kept_bytes", [0, bars.KEPT_BYTES])
@pytest.mark.parametrize("seed", range(8))
def test_equals_frame_wise_viterbi(seed, kept_bytes, monkeypatch):
    """Over several windows, whose scores are kept or computed again on the way back."""
    monkeypatch.setattr(bars, "WINDOW", 17)
    monkeypatch.setattr(bars, "KEPT_BYTES", kept_bytes)
    rng = np.random.default_rng(seed)
    beat = rng.random(70)
    downbeat = beat * rng.random(70)
    path = decode_bars(beat, downbeat, SMALL)
    frames, positions, metres = frame_wise(beat, downbeat, SMALL)
    np.testing.assert_array_equal(path.frames, frames)
    np.testing.assert_array_equal(path.positions, positions)
    np.testing.assert_array_equal(path.metres, metres)


def pulses(bpm, metre, seconds, fps=50.0, start=0.2):
    times = np.arange(start, seconds - 0.1, 60 / bpm)
    beat, downbeat = np.full((2, round(seconds * fps)), 0.01)
    frames = np.round(times * fps).astype(int)
    for side, height in ((-1, 0.5), (1, 0.5), (0, 1.0)):
        beat[frames + side] = 0.9 * height
        downbeat[frames[::metre] + side] = 0.8 * height
    return times, beat, downbeat


@pytest.mark.parametrize("metre", [2, 3, 4, 5, 6, 7])
@pytest.mark.parametrize("bpm", [52, 97, 143, 200])
def test_finds_every_metre_and_tempo(metre, bpm):
    times, beat, downbeat = pulses(bpm, metre, 40.0)
    path = decode_bars(beat, downbeat, BarModel(fps=50))
    np.testing.assert_allclose(refine(beat, path.frames, 3) / 50, times, atol=0.011)
    np.testing.assert_array_equal(path.positions, np.arange(len(times)) % metre + 1)
    assert set(path.metres) == {metre}


def test_follows_a_change_of_tempo_and_metre():
    first, second = pulses(100, 4, 19.6), pulses(128, 3, 20.0)
    beat, downbeat = np.concatenate([first[1], second[1]]), np.concatenate([first[2], second[2]])
    times = np.concatenate([first[0], second[0] + len(first[1]) / 50])
    path = decode_bars(beat, downbeat, BarModel(fps=50))
    hits = np.abs(path.frames[:, None] / 50 - times).min(axis=0) < 0.05
    assert hits.mean() > 0.95
    assert set(path.metres[:20]) == {4} and set(path.metres[-20:]) == {3}


def test_empty_and_tiny_inputs_have_a_result():
    for n in (0, 1, 2, 5):
        path = decode_bars(np.full(n, 0.5), np.full(n, 0.2), BarModel(fps=50))
        assert len(path.frames) == len(path.positions) == len(path.metres) <= n


def test_the_search_holds_little_of_an_hour():
    """Scores of all beat lengths at all of its frames would be 86 MB for downbeats, and as much for other beats."""
    model, (beat, downbeat) = BarModel(fps=50), np.full((2, 180_000), 0.3, np.float32)
    tracemalloc.start()
    search = bars._Search(model, *bars.log_densities(beat, downbeat, model))
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert search.end > 180_000 and held < 10e6
