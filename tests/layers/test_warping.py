"""Soft-DTW against its definition, dynamic time warping, finite differences; and what it is for."""

import librosa
import numpy as np
import pytest
import torch

from onpu.layers.warping import soft_dtw


def random(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.double)


def alignments(n: int, m: int, here: tuple[tuple[int, int], ...] = ((0, 0),)):
    """All ways from (0, 0) to (n - 1, m - 1) in steps to the right, down, or both."""
    i, j = here[-1]
    if (i, j) == (n - 1, m - 1):
        yield here
    for step in ((i + 1, j), (i, j + 1), (i + 1, j + 1)):
        if step[0] < n and step[1] < m:
            yield from alignments(n, m, (*here, step))


@pytest.mark.parametrize("gamma", [0.01, 1.0, 30.0])
@pytest.mark.parametrize(("n", "m"), [(1, 1), (1, 4), (5, 1), (4, 4), (5, 3), (3, 6)])
def test_it_is_the_soft_minimum_over_all_alignments(n, m, gamma):
    x, y = random(2, 3, n), random(2, 3, m, seed=1)
    costs = (x[:, :, :, None] - y[:, :, None]).square().sum(dim=1)
    sums = torch.stack([sum(costs[:, i, j] for i, j in way) for way in alignments(n, m)])
    assert torch.allclose(soft_dtw(x, y, gamma), -gamma * (-sums / gamma).logsumexp(dim=0))


def test_hardened_it_is_dynamic_time_warping():
    x, y = random(1, 4, 60), random(1, 4, 45, seed=1)
    sums, _ = librosa.sequence.dtw(x[0].numpy(), y[0].numpy(), metric="sqeuclidean")
    assert float(soft_dtw(x, y, 1e-4)) == pytest.approx(sums[-1, -1], abs=0.05)


@pytest.mark.parametrize("gamma", [0.05, 1.0, 20.0])
@pytest.mark.parametrize(("n", "m"), [(1, 1), (1, 3), (4, 1), (6, 6), (7, 4), (4, 7)])
def test_gradients_are_those_of_finite_differences(n, m, gamma):
    x, y = random(2, 3, n).requires_grad_(), random(2, 3, m, seed=1).requires_grad_()
    assert torch.autograd.gradcheck(lambda x, y: soft_dtw(x, y, gamma), (x, y))


def test_examples_and_sides_do_not_matter():
    x, y = random(4, 3, 9), random(4, 3, 7, seed=1)
    assert torch.allclose(soft_dtw(x, y), torch.cat([soft_dtw(a[None], b[None]) for a, b in zip(x, y, strict=True)]))
    assert torch.allclose(soft_dtw(x, y), soft_dtw(y, x))
    assert torch.allclose(soft_dtw(x, y), soft_dtw(x.flip(2), y.flip(2)))


def melody(ends: list[int], frames: int = 60) -> torch.Tensor:
    """Six tones one after another, each in a channel of its own; (1, 6, frames)."""
    tone = np.searchsorted(ends, np.arange(frames), side="right")
    return torch.nn.functional.one_hot(torch.from_numpy(tone), 6).T[None].float()


def test_what_is_played_a_little_earlier_or_later_stays_near():
    """Tones moved by up to three frames are nothing to soft-DTW and much to L2; with wrong tones, as far in L2, it is
    the other way round."""
    written = melody([10, 20, 30, 40, 50])
    moved = melody([13, 17, 33, 38, 53])
    wrong = written.roll(3, dims=1) * 0.35 + written * 0.65  # all frames a little wrong
    squares = [float((written - other).square().sum()) for other in (moved, wrong)]
    assert squares[0] > 1.5 * squares[1]
    here, near, far = (float(soft_dtw(written, other, 0.01)) for other in (written, moved, wrong))
    assert near - here < 0.1 and far - here > 10


def test_descent_finds_the_tones_in_spite_of_the_timing():
    """Learned from performances with different timing, the mean of frames blurs tones, the soft alignment does not."""
    played = torch.cat([melody([10 + k, 20 - k, 30 + k, 40 - k, 50 + k]) for k in range(-3, 4)])
    estimate = played.mean(dim=0, keepdim=True).requires_grad_()
    blurred = float((estimate.amax(dim=1) < 0.9).sum())
    descent = torch.optim.Adam([estimate], 0.03)
    for _ in range(60):
        descent.zero_grad()
        soft_dtw(estimate.expand(7, -1, -1), played, 0.1).mean().backward()
        descent.step()
    assert float((estimate.amax(dim=1) < 0.9).sum()) < blurred / 2


def test_float32_is_precise_over_long_sequences():
    """Sums of 10^5, of which differences decide."""
    x, y = random(2, 80, 400).float().requires_grad_(), random(2, 80, 400, seed=1).float()
    soft_dtw(x, y, 0.1).sum().backward()
    exact = x.detach().double().requires_grad_()
    soft_dtw(exact, y.double(), 0.1).sum().backward()
    assert (x.grad - exact.grad).norm() < 1e-3 * exact.grad.norm()


def test_mixed_precision_keeps_the_digits():
    x, y = random(2, 8, 20).float(), random(2, 8, 20, seed=1).float()
    with torch.autocast("cpu", torch.bfloat16):
        mixed = soft_dtw(x + 30, y + 30)
    assert torch.allclose(mixed, soft_dtw(x, y), rtol=1e-3)
    assert soft_dtw(x.bfloat16(), y.bfloat16()).dtype == torch.float32
