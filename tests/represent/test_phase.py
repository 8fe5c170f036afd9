"""Signals from magnitudes: nearer with every iteration, librosa's step for step, repeatable; room for networks."""

from itertools import pairwise

import librosa
import numpy as np
import pytest
import torch

from onpu.represent import Stft, invert

RATE = 22050
METHODS = ("griffin-lim", "fast griffin-lim")


def dice(seed: int = 3) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def inconsistency(stft: Stft, audio: torch.Tensor, wanted: torch.Tensor) -> float:
    """Distance of wanted and reached magnitudes, relative (spectral convergence)."""
    return float((stft(audio) - wanted).norm() / wanted.norm())


@pytest.fixture
def sound(music) -> torch.Tensor:
    """Two seconds, (1, samples)."""
    return torch.from_numpy(music[: 2 * RATE])[None]


def test_plain_comes_nearer_with_every_iteration(sound):
    stft = Stft(RATE, 1024, 256)
    wanted = stft(sound)
    reached = [inconsistency(stft, invert(stft, wanted, sound.shape[1], "griffin-lim", iterations, dice()), wanted)
               for iterations in (*range(12), 60)]
    assert all(after < before for before, after in pairwise(reached))
    assert reached[-1] < 0.14 < reached[0] / 3


def test_fast_comes_nearer_with_more_iterations(sound):
    stft = Stft(RATE, 1024, 256)
    wanted = stft(sound)
    reached = [inconsistency(stft, invert(stft, wanted, sound.shape[1], METHODS[1], iterations, dice()), wanted)
               for iterations in (0, 4, 16, 64)]
    assert all(after < 0.75 * before for before, after in pairwise(reached))


def test_fast_reaches_in_32_iterations_what_plain_does_not_in_64(sound):
    stft = Stft(RATE, 1024, 256)
    wanted = stft(sound)
    fast, plain = (inconsistency(stft, invert(stft, wanted, sound.shape[1], method, iterations, dice()), wanted)
                   for method, iterations in (("fast griffin-lim", 32), ("griffin-lim", 64)))
    assert fast < plain


def test_the_true_phases_give_the_signal_back_and_those_of_a_like_one_come_nearer_than_random_ones(sound):
    stft = Stft(RATE, 1024, 256)
    wanted = stft(sound)
    back = invert(stft, wanted, sound.shape[1], iterations=0, start=stft.spectrum(sound))
    torch.testing.assert_close(back, sound, atol=1e-5, rtol=0)
    noise = torch.randn(sound.shape, generator=dice()) * 0.1 * sound.std()
    near = invert(stft, wanted, sound.shape[1], iterations=4, start=stft.spectrum(sound + noise))
    far = invert(stft, wanted, sound.shape[1], iterations=4, rng=dice())
    assert inconsistency(stft, near, wanted) < inconsistency(stft, far, wanted) / 2


class Turns(np.random.RandomState):
    """Gives librosa the first phases that a torch generator gives us."""

    def random(self, size):
        return torch.rand((1, *size), generator=dice())[0].numpy()


@pytest.mark.parametrize("method", METHODS)
def test_steps_are_those_of_librosa(sound, method):
    stft = Stft(RATE, 1024, 256)
    wanted, samples = stft(sound), sound.shape[1]
    for iterations in (1, 6):
        ours = invert(stft, wanted, samples, method, iterations, dice())[0].numpy()
        theirs = librosa.griffinlim(wanted[0, 0].numpy(), n_iter=iterations, hop_length=256, length=samples,
                                    momentum={"griffin-lim": 0.0, "fast griffin-lim": 0.99}[method],
                                    random_state=Turns(), pad_mode="constant")
        assert np.linalg.norm(ours - theirs) < 0.01 * np.linalg.norm(theirs)


@pytest.mark.parametrize("method", METHODS)
def test_equal_generators_give_equal_bytes(sound, method):
    stft = Stft(RATE, 1024, 256)
    first, again, other = (invert(stft, stft(sound), sound.shape[1], method, 3, dice(seed)) for seed in (1, 1, 2))
    assert torch.equal(first, again) and not torch.equal(first, other)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("samples", [1, 255, 256, 5000])
def test_length_is_the_one_asked_for(sound, method, samples):
    stft = Stft(RATE, 1024, 256, "hamming")
    batch = sound[:, :samples].repeat(3, 1)
    answer = invert(stft, stft(batch), samples, method, 2)
    assert answer.shape == (3, samples) and answer.isfinite().all()


@pytest.mark.parametrize("method", METHODS)
def test_silence_stays_silent_and_pauses_stay_pauses(sound, method):
    stft = Stft(RATE, 1024, 256)
    assert invert(stft, torch.zeros(1, 1, 513, 40), 10_000, method, 4).abs().max() == 0
    paused = sound.clone()
    paused[:, 15_000:25_000] = 0
    answer = invert(stft, stft(paused), paused.shape[1], method, 20, dice())
    assert answer[:, 17_000:23_000].abs().max() == 0 and answer.isfinite().all()


def test_power_is_undone(sound):
    one, two = Stft(RATE, 1024, 256), Stft(RATE, 1024, 256, power=2.0)
    results = [invert(stft, stft(sound), sound.shape[1], "griffin-lim", 3, dice()) for stft in (one, two)]
    assert torch.allclose(*results, atol=1e-3)


def test_examples_of_a_batch_do_not_matter_to_each_other(sound):
    stft = Stft(RATE, 1024, 256)
    batch = torch.cat([sound, 0.1 * sound.flip(1)])
    together = invert(stft, stft(batch), sound.shape[1], iterations=4, rng=dice())
    alone = invert(stft, stft(batch[:1]), sound.shape[1], iterations=4, rng=dice())
    assert torch.allclose(together[:1], alone, atol=1e-4)  # the first of the batch draws first


def test_a_network_takes_the_place_of_a_name(sound):
    """It gets all there is, may start from a named method, and learns."""
    stft = Stft(RATE, 1024, 256)
    gain = torch.tensor(0.5, requires_grad=True)

    def network(transform, magnitude, samples):
        return gain * invert(transform, magnitude, samples, "griffin-lim", 1, dice())

    answer = invert(stft, stft(sound), sound.shape[1], network)
    assert torch.allclose(answer, 0.5 * invert(stft, stft(sound), sound.shape[1], "griffin-lim", 1, dice()))
    answer.square().sum().backward()
    assert gain.grad > 0


def test_what_is_wrong_is_named(sound):
    stft = Stft(RATE, 1024, 256)
    with pytest.raises(ValueError, match="griffin-lim, fast griffin-lim or a function, not 'guess'"):
        invert(stft, stft(sound), sound.shape[1], "guess")
    with pytest.raises(ValueError, match="44000 samples have 172 frames; these are the magnitudes of 173"):
        invert(stft, stft(sound), 44_000)
