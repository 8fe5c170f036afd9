"""Spectral losses: against their definitions and scipy, and what each sees that a plain difference does not."""

import numpy as np
import pytest
import scipy.signal
import scipy.stats
import torch

from onpu.layers.spectral import RESOLUTIONS, earth_movers_distance, multi_resolution_stft_loss

RATE = 24_000


def random(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def sinusoid(cycles: float, phase: float = 0.0, samples: int = 4096) -> torch.Tensor:
    """So many cycles in 1024 samples; (1, samples)."""
    return 0.5 * torch.sin(2 * torch.pi * cycles * torch.arange(samples) / 1024 + phase)[None]


def spectrum(audio: torch.Tensor) -> torch.Tensor:
    """Magnitude (batch, 513, frames)."""
    return torch.stft(audio, 1024, 256, window=torch.hann_window(1024), center=False, return_complex=True).abs()


def test_loss_is_that_of_the_paper():
    """By scipy's transform, frame for frame, where no frame reaches beyond the signal."""
    ours, wanted = (random(1, 12_000, seed=seed)[0] * 0.3 for seed in (0, 1))
    for size, hop, window in RESOLUTIONS:
        taper = np.pad(scipy.signal.get_window("hann", window), (size - window) // 2)
        frames = [np.lib.stride_tricks.sliding_window_view(np.pad(audio.numpy(), size // 2), size)[::hop]
                  for audio in (ours, wanted)]
        a, b = (np.abs(np.fft.rfft(cut * taper)) for cut in frames)
        expected = np.linalg.norm(b - a) / np.linalg.norm(b) + np.abs(np.log(b) - np.log(a)).mean()
        loss = multi_resolution_stft_loss(ours[None], wanted[None], [(size, hop, window)])
        assert float(loss) == pytest.approx(expected, rel=1e-3)


def test_resolutions_are_averaged():
    ours, wanted = random(2, 5000), random(2, 5000, seed=1)
    each = [multi_resolution_stft_loss(ours, wanted, [resolution]) for resolution in RESOLUTIONS]
    assert torch.allclose(multi_resolution_stft_loss(ours, wanted), torch.stack(each).mean())


def test_phases_are_free_and_samples_are_not():
    """A sinusoid in another phase is as near as can be; one of another pitch is far. By samples both are as far."""
    truth, turned, other = sinusoid(100), sinusoid(100, 2.0), sinusoid(131)
    assert (truth - turned).norm() > (truth - other).norm()
    assert multi_resolution_stft_loss(turned, truth) < 0.5 < 1.5 < multi_resolution_stft_loss(other, truth)
    assert multi_resolution_stft_loss(truth, truth) == 0 == multi_resolution_stft_loss(-truth, truth)


def test_a_signal_counts_as_much_soft_as_loud():
    """Spectral convergence is relative, signal by signal."""
    wanted = random(1, 6000) * 0.5
    ours = wanted + 0.2 * random(1, 6000, seed=1)
    alone = multi_resolution_stft_loss(ours, wanted)
    together = multi_resolution_stft_loss(torch.cat([ours, ours / 8]), torch.cat([wanted, wanted / 8]))
    assert torch.allclose(alone, together, rtol=0.01)


@pytest.mark.parametrize("samples", [1, 300, 3000])
def test_silence_and_short_signals_stay_finite(samples):
    silence, sound = torch.zeros(2, samples), random(2, samples)
    for pair in ((silence, sound), (sound, silence), (silence, silence)):
        ours = pair[0].clone().requires_grad_()
        loss = multi_resolution_stft_loss(ours, pair[1])
        loss.backward()
        assert loss.isfinite() and ours.grad.isfinite().all()


def test_gradients_are_those_of_finite_differences():
    ours, wanted = random(2, 80).double().requires_grad_(), random(2, 80, seed=1).double()
    assert torch.autograd.gradcheck(lambda x: multi_resolution_stft_loss(x, wanted, [(32, 8, 20), (16, 5, 16)]), ours)
    a, b = (random(2, 9, 4, seed=seed).double().abs().requires_grad_() for seed in (2, 3))
    assert torch.autograd.gradcheck(earth_movers_distance, (a, b))


def test_distance_is_that_of_scipy():
    a, b = random(2, 30, 3).abs().double(), random(2, 30, 3, seed=1).abs().double()
    ours, bins = earth_movers_distance(a, b, floor=0.0), np.arange(30)
    for example in range(2):
        for frame in range(3):
            theirs = scipy.stats.wasserstein_distance(bins, bins, a[example, :, frame], b[example, :, frame])
            assert float(ours[example, frame]) == pytest.approx(theirs)


@pytest.mark.parametrize("shift", [4, 12, 60, 200])
def test_a_moved_peak_is_as_far_as_it_was_moved(shift):
    """L2 sees no difference between a little and much, once the peaks do not meet."""
    truth, moved = spectrum(sinusoid(150)), spectrum(sinusoid(150 + shift))
    assert earth_movers_distance(moved, truth).mean() == pytest.approx(shift, rel=0.01)
    far = spectrum(sinusoid(450))
    assert (moved - truth).norm() == pytest.approx(float((far - truth).norm()), rel=1e-3)


def test_descent_leads_a_pitch_home_where_l2_is_lost():
    """The frequency of a peak, learned from a distance of 30 bins."""
    bins = torch.arange(128.0)[None, :, None]

    def peak(centre):
        return torch.exp(-0.5 * ((bins - centre) / 2) ** 2)

    slopes = {}
    for name, distance in {"mover": lambda a, b: earth_movers_distance(a, b).mean(),
                           "l2": lambda a, b: (a - b).square().mean()}.items():
        centre = torch.tensor(50.0, requires_grad=True)
        distance(peak(centre), peak(80.0)).backward()
        slopes[name] = float(centre.grad)
    assert slopes["mover"] == pytest.approx(-1, abs=0.01)  # a bin of distance for a bin of pitch
    assert abs(slopes["l2"]) < 1e-9


def test_distance_has_the_laws_of_one():
    a, b, c = (random(3, 20, 5, seed=seed).abs() for seed in range(3))
    near, other, around = (earth_movers_distance(*pair) for pair in ((a, b), (b, a), (a, c)))
    assert near.shape == (3, 5) and torch.allclose(near, other)
    assert (near <= around + earth_movers_distance(c, b) + 1e-5).all()
    assert earth_movers_distance(a, a).max() == 0
    assert earth_movers_distance(100 * a, a).max() < 1e-4  # the level counts nothing
    ends = torch.zeros(2, 20, 1)
    ends[0, 0], ends[1, -1] = 1, 1
    assert float(earth_movers_distance(ends[:1], ends[1:])) == pytest.approx(19, rel=1e-3)


def test_silences_are_alike_and_sound_is_away_from_them():
    silence, sound = torch.zeros(1, 20, 1, requires_grad=True), torch.eye(20)[None, :, :1]
    assert earth_movers_distance(silence, torch.zeros(1, 20, 1)) == 0
    distance = earth_movers_distance(silence, sound)
    distance.sum().backward()
    assert distance > 5 and silence.grad.isfinite().all()
