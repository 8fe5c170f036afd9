"""The forward filter is the forward algorithm, finds pulses before they sound, and follows what changes."""

from itertools import product

import numpy as np
import pytest

from onpu.decode.bar_filter import BarFilter
from onpu.decode.bars import BarModel, log_densities, metre_changes

FPS = 50.0


def pulses(times: np.ndarray, seconds: float, every: int = 4) -> tuple[np.ndarray, np.ndarray]:
    """Activations beat and downbeat with a peak at each time, every fourth a downbeat's."""
    frames = np.arange(round(seconds * FPS))
    near = np.exp(-0.5 * ((frames[:, None] - times * FPS) / 0.7) ** 2)
    return 0.9 * near.max(axis=1), 0.8 * near[:, ::every].max(axis=1)


def hearing(beat: np.ndarray, downbeat: np.ndarray, model: BarModel | None = None) -> BarFilter:
    """A filter that has heard these."""
    heard = BarFilter(model or BarModel(FPS))
    for one, down in zip(beat, downbeat, strict=True):
        heard.push(one, down)
    return heard


def test_the_chances_are_those_of_all_paths_added_up():
    model = BarModel(10.0, metres=(2,), bpm=(150.0, 300.0), tempi=3, steadiness=3.0, width=0.1)
    lengths = model.lengths()
    assert lengths.tolist() == [2, 3, 4]
    rng = np.random.default_rng(1)
    beat, frames = rng.uniform(0.05, 0.9, 7), 7
    down = beat * rng.uniform(0.1, 0.9, 7)
    other, downbeat, silent = log_densities(beat, down, model)
    logits = -model.steadiness * np.abs(lengths[None] / lengths[:, None] - 1)
    moves = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    assert metre_changes(model).item() == 0
    ends = np.zeros(lengths[-1])

    def follow(start: int, length: int, state: int, chance: float) -> None:
        """Add the chance of all paths that begin with this beat, from the frame after its first on."""
        after = start + lengths[length]
        chance *= np.exp(silent[max(start + 1, 0) : min(after, frames)].sum())
        if after >= frames:
            ends[after - frames] += chance
            return
        kind = (other, downbeat)[state == 1]
        for new in range(len(lengths)):
            follow(after, new, 1 - state, chance * moves[length, new] * np.exp(kind[after]))

    for start, length, state in product(range(-lengths[-1], 0), range(len(lengths)), range(2)):
        if start + lengths[length] >= 0:
            follow(start, length, state, 1 / lengths[length])
    log = hearing(beat, down, model)._open()
    mine = np.exp(log - log.max()).sum(axis=(1, 2))
    np.testing.assert_allclose(mine / mine.sum(), ends / ends.sum(), rtol=1e-6)


@pytest.mark.parametrize("bpm", [70.0, 100.0, 128.0, 180.0])
def test_the_next_beat_is_known_before_it_sounds(bpm):
    times = 0.3 + np.arange(40) * 60 / bpm
    now = times[20] + 0.25 * 60 / bpm
    found = hearing(*pulses(times, now)).next_beat(times[20] * FPS)
    assert found.frame / FPS == pytest.approx(times[21], abs=0.02)
    assert found.length / FPS == pytest.approx(60 / bpm, rel=0.04)
    assert found.chance > 0.8
    assert (found.position, found.metre) == (2, 4)


def test_a_beat_that_was_told_is_not_told_again():
    times = np.arange(20) * 0.5
    heard = hearing(*pulses(times, times[12] - 0.1))  # its next beat lies a tenth of a second ahead
    first = heard.next_beat(times[11] * FPS)
    second = heard.next_beat(first.frame)
    assert first.frame / FPS == pytest.approx(times[12], abs=0.02)
    assert second.frame / FPS == pytest.approx(times[13], abs=0.04)
    assert (first.position, second.position) == (1, 2)


def test_another_tempo_is_followed_within_six_beats():
    slow = 0.2 + np.arange(16) * 0.6
    fast = slow[-1] + 0.6 + np.arange(16) * 0.46
    times = np.concatenate([slow, fast])
    found = hearing(*pulses(times, fast[6] + 0.2)).next_beat(fast[6] * FPS)
    assert found.frame / FPS == pytest.approx(fast[7], abs=0.05)


def test_it_believes_who_has_looked_back():
    times = 0.5 * np.arange(20)
    beat, _ = pulses(times, times[12] + 0.2)
    heard = hearing(beat, np.full_like(beat, 0.3) * beat)  # nothing says where bars begin
    heard.told(times[11] * FPS, 25.0, position=2, metre=3, doubt=0.02)
    found = heard.next_beat(times[12] * FPS)
    assert found.frame / FPS == pytest.approx(times[13], abs=0.02)
    assert (found.position, found.metre) == (1, 3)


def test_chances_stay_numbers_in_long_silence_and_noise():
    rng = np.random.default_rng(0)
    heard = hearing(np.concatenate([np.zeros(3000), rng.uniform(0, 1, 1000)]), np.zeros(4000))
    chances = np.exp(heard._open())
    assert np.isfinite(chances).all() and 0 < chances.sum() < np.inf
    assert np.isfinite(heard.next_beat(-np.inf).frame)
