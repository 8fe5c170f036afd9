"""MidiNet's networks: bars of one pitch a step, what the generator and the critic are told."""

import pytest
import torch

from onpu.models.midinet import BarCritic, BarGenerator

CHORD = 13


def given(count: int = 4) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    rng = torch.Generator().manual_seed(0)
    before = torch.nn.functional.one_hot(torch.randint(128, (count, 1, 16), generator=rng), 128).float()
    return torch.randn(count, 6, generator=rng), torch.rand(count, CHORD, generator=rng), before


def generator(one: bool) -> BarGenerator:
    torch.manual_seed(0)
    return BarGenerator(6, CHORD, (16, 8), 12, 5, one)


def test_a_step_is_one_pitch_or_each_pitch_has_a_probability():
    bar = generator(True)(*given())
    assert bar.shape == (4, 1, 16, 128)
    torch.testing.assert_close(bar.max(dim=3).values, torch.ones(4, 1, 16))
    torch.testing.assert_close(bar.sum(dim=3), torch.ones(4, 1, 16))
    loose = generator(False)(*given())
    assert 0 < loose.min() and loose.max() < 1


def test_the_gradient_goes_through_what_is_chosen():
    model = generator(True)
    (model(*given()) * torch.randn(128)).sum().backward()
    assert all(p.grad is not None and p.grad.isfinite().all() and p.grad.abs().sum() > 0
               for name, p in model.named_parameters() if "end" in name)


@pytest.mark.parametrize("number", [0, 1, 2])
def test_noise_chord_and_the_bar_before_each_decide(number):
    model, told = generator(False).eval(), given()
    changed = [part.roll(1, 0) if place == number else part for place, part in enumerate(told)]
    assert (model(*changed) - model(*told)).abs().amax(dim=(1, 2, 3)).min() > 1e-6


@pytest.mark.parametrize("told", [True, False])
@pytest.mark.parametrize("norm", ["batch", "spectral", "none"])
def test_the_critic_answers_for_a_bar_with_its_chord_and_if_told_the_one_before(told, norm):
    torch.manual_seed(0)
    critic = BarCritic(CHORD, (3, 4, 5), told, norm).eval()
    _, chord, before = given()
    bar, conditions = before.roll(1, 0), [chord, before] if told else [chord]
    answers, seen = critic(bar, *conditions)
    assert answers.shape == (4, 1) and [tuple(each.shape) for each in seen] == [(4, 3, 8, 1)]
    other, _ = critic(bar, chord.roll(1, 0), *conditions[1:])
    assert (other != answers).all()


def test_the_first_layer_sees_pairs_of_steps_as_kernels_of_two_by_128_do():
    critic = BarCritic(CHORD, (3, 4, 5), False, "none")
    _, chord, bar = given()
    weight, bias = critic.first[0].weight, critic.first[0].bias
    kernel = weight[:, : 2 * 128].reshape(3, 1, 2, 128)
    expected = torch.nn.functional.conv2d(bar, kernel, bias, stride=(2, 1))
    expected = expected + (chord @ weight[:, 2 * 128 :].T)[:, :, None, None]
    torch.testing.assert_close(critic(bar, chord)[1][0], torch.nn.functional.leaky_relu(expected, 0.2))
