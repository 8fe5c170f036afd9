"""Adversarial losses: their equilibria, what their gradients do where it matters, and the two stabilisers."""

import math
from dataclasses import dataclass

import pytest
import torch
from torch import nn
from torch.nn import functional

from onpu.layers.adversarial import LOSSES, critic_loss, feature_matching, generator_loss, gradient_penalty

LABELLED = ("minimax", "non-saturating", "least squares")


def random(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def slope(loss, answer: float) -> float:
    """Of what the generator minimises, with respect to the answer to its example."""
    fake = torch.tensor([answer], requires_grad=True)
    loss.generator(fake).backward()
    return float(fake.grad)


def best(answer_to_loss, start: float = 0.0) -> float:
    """The answer that minimises a convex loss."""
    answer = torch.tensor(start, dtype=torch.double, requires_grad=True)
    descent = torch.optim.LBFGS([answer], max_iter=200, tolerance_grad=1e-10, line_search_fn="strong_wolfe")

    def step():
        descent.zero_grad()
        loss = answer_to_loss(answer)
        loss.backward()
        return loss

    descent.step(step)
    return float(answer.detach())


@pytest.mark.parametrize("name", LOSSES)
def test_telling_apart_is_rewarded_and_fooling_too(name):
    discriminator, generator = LOSSES[name]
    high, low = torch.full((4,), 0.5), torch.full((4,), -0.5)
    assert discriminator(high, low, 0.0) < discriminator(low, high, 0.0)
    assert generator(high) < generator(low)


@pytest.mark.parametrize("name", LOSSES)
def test_patches_count_as_examples_do(name):
    real, fake = random(6, 1, 5, 4), random(6, 1, 5, 4, seed=1)
    discriminator, generator = LOSSES[name]
    assert torch.allclose(discriminator(real, fake, 0.0), discriminator(real.flatten(), fake.flatten(), 0.0))
    assert torch.allclose(generator(fake), generator(fake.flatten()))
    assert discriminator(real, fake[:2], 0.0).shape == generator(fake).shape == ()


def test_cross_entropy_is_that_of_the_labels():
    real, fake = random(8), random(8, seed=1)
    expected = (functional.binary_cross_entropy_with_logits(real, torch.full((8,), 0.9))
                + functional.binary_cross_entropy_with_logits(fake, torch.zeros(8)))
    for name in ("minimax", "non-saturating"):
        assert torch.allclose(LOSSES[name].discriminator(real, fake, 0.1), expected)
    assert torch.allclose(LOSSES["non-saturating"].generator(fake),
                          functional.binary_cross_entropy_with_logits(fake, torch.ones(8)))


def test_minimax_is_a_zero_sum_game():
    """What depends on generated examples in both losses cancels."""
    real, fake = random(8), random(8, seed=1)
    loss = LOSSES["minimax"]
    rest = [loss.discriminator(real, answers, 0.0) + loss.generator(answers) for answers in (fake, fake * 3)]
    assert torch.allclose(*rest)


@pytest.mark.parametrize(("share", "name"), [(0.5, "minimax"), (0.8, "minimax"), (0.25, "non-saturating")])
def test_best_discriminator_knows_the_densities(share, name):
    """σ(D) = p / (p + q) where real examples have the density p and generated ones q (Goodfellow 2014, eq. 2)."""
    loss = LOSSES[name].discriminator
    nothing = torch.full((1,), -1e4, dtype=torch.double)

    def weighted(answer):
        only_real = loss(answer[None], nothing, 0.0)
        only_fake = loss(-nothing, answer[None], 0.0)
        return share * only_real + (1 - share) * only_fake

    assert 1 / (1 + math.exp(-best(weighted))) == pytest.approx(share, abs=1e-4)


@pytest.mark.parametrize("name", LABELLED)
def test_smoothing_moves_the_best_answer_to_real_examples_alone(name):
    loss = LOSSES[name].discriminator
    far = torch.full((1,), -1e4, dtype=torch.double) if name != "least squares" else torch.zeros(1).double()
    answer = best(lambda answer: loss(answer[None], far, 0.1))
    assert (answer if name == "least squares" else 1 / (1 + math.exp(-answer))) == pytest.approx(0.9, abs=1e-4)
    on_fakes = [float(torch.autograd.grad(loss(far, fake, smoothing), fake)[0])
                for smoothing in (0.0, 0.1) for fake in [torch.zeros(1, requires_grad=True)]]
    assert on_fakes[0] == on_fakes[1]


@pytest.mark.parametrize("name", ["wasserstein", "hinge"])
def test_what_has_no_labels_smooths_none(name):
    with pytest.raises(ValueError, match=f"{name} loss has no labels"):
        LOSSES[name].discriminator(torch.zeros(1), torch.zeros(1), 0.1)


def test_saturation_is_what_the_names_say():
    """A generator that fools nobody learns from all losses but minimax."""
    assert abs(slope(LOSSES["minimax"], -30.0)) < 1e-12
    assert all(slope(LOSSES[name], -30.0) <= -0.5 for name in LOSSES if name != "minimax")


def test_hinge_leaves_alone_what_lies_beyond_the_margin():
    real, fake = (torch.tensor(answers, requires_grad=True) for answers in ([0.9, 1.1], [-0.9, -1.1]))
    LOSSES["hinge"].discriminator(real, fake, 0.0).backward()
    assert real.grad.tolist() == [-0.5, 0] and fake.grad.tolist() == [0.5, 0]


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("answer", [-300.0, -100.0, 100.0, 300.0])
def test_extreme_answers_keep_everything_finite(name, answer):
    """In float32, where σ(100) is 1 and the logarithm of the rest -inf."""
    real, fake = (torch.tensor([answer], requires_grad=True) for _ in range(2))
    total = LOSSES[name].discriminator(real, fake, 0.0) + LOSSES[name].generator(fake)
    total.backward()
    assert total.isfinite() and real.grad.isfinite() and fake.grad.isfinite()
    if name == "non-saturating" and answer < 0:
        assert real.grad == -1  # the cross-entropy of a clamped probability would give 0


@pytest.mark.parametrize("steepness", [0.0, 0.3, 1.0, 4.0])
def test_penalty_of_a_linear_critic_is_known(steepness):
    direction = functional.normalize(random(3, 5).flatten(), dim=0).reshape(3, 5)
    penalty = gradient_penalty(lambda x: steepness * (x * direction).sum((1, 2)), random(7, 3, 5), random(7, 3, 5))
    assert float(penalty) == pytest.approx((steepness - 1) ** 2, abs=1e-5)


def test_penalty_is_taken_between_real_and_generated_with_the_conditions():
    seen = []

    def critic(x, *conditions):
        seen.append((x.detach(), conditions))
        return x.square().sum(dim=1)

    real, fake, condition = torch.zeros(50, 2), torch.ones(50, 2), random(50, 3)
    gradient_penalty(critic, real, fake, [condition], torch.Generator().manual_seed(1))
    (between, conditions), = seen
    assert conditions[0] is condition
    assert torch.equal(between[:, 0], between[:, 1])  # on the line
    assert 0 <= between.min() < 0.1 and 0.9 < between.max() <= 1 and len(between.unique()) == 50
    again = gradient_penalty(critic, real, fake, rng=torch.Generator().manual_seed(1))
    assert torch.equal(seen[1][0], between) and again > 0


def test_penalty_reaches_the_critic_alone():
    critic = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 1))
    real, fake = random(6, 4).requires_grad_(), random(6, 4, seed=1).requires_grad_()
    gradient_penalty(critic, real, fake).backward()
    assert real.grad is None and fake.grad is None
    assert critic[0].weight.grad.abs().sum() > 0


def test_descending_the_penalty_makes_a_slope_of_one():
    critic = nn.Sequential(nn.Linear(2, 16), nn.Softplus(), nn.Linear(16, 1))
    descent = torch.optim.Adam(critic.parameters(), 0.02)
    dice, real, fake = torch.Generator().manual_seed(0), random(64, 2), random(64, 2, seed=1) + 3
    penalties = []
    for _ in range(150):
        descent.zero_grad()
        penalty = gradient_penalty(critic, real, fake, rng=dice)
        penalty.backward()
        descent.step()
        penalties.append(float(penalty.detach()))
    assert penalties[-1] < 0.01 < penalties[0]


def test_patches_do_not_steepen_the_penalty():
    real, fake = random(5, 1, 8), random(5, 1, 8, seed=1)
    one, many = (gradient_penalty(critic, real, fake, rng=torch.Generator().manual_seed(2))
                 for critic in (lambda x: x.square().mean(dim=(1, 2)), lambda x: x.square()))
    assert torch.allclose(one, many)


def test_features_match_when_their_means_do():
    real, fake = random(6, 3, 4), random(8, 3, 4, seed=1)
    moved = fake - fake.mean(dim=0) + real.mean(dim=0)
    assert feature_matching([real], [moved]) < 1e-10 < feature_matching([real], [fake])


def test_features_pull_the_generated_towards_the_real():
    real, fake = random(6, 3).requires_grad_(), random(6, 3, seed=1).requires_grad_()
    loss = feature_matching([real, 2 * real], [fake, 2 * fake])
    assert torch.allclose(loss, feature_matching([real], [fake]) * 2.5)
    loss.backward()
    assert real.grad is None
    assert feature_matching([real], [(fake - fake.grad).detach()]) < feature_matching([real], [fake])


def test_layers_come_in_pairs():
    with pytest.raises(ValueError):
        feature_matching([torch.zeros(1, 1)], [])


@dataclass(frozen=True)
class Game:
    adversarial_loss: str = "least squares"
    gradient_penalty: float = 0.0
    feature_matching: float = 0.0
    label_smoothing: float = 0.0


def test_each_player_is_told_its_own_part_of_the_game():
    torch.manual_seed(0)
    layer = nn.Linear(3, 1)

    def critic(examples, *conditions):
        return layer(examples + sum(conditions)), [examples]

    real, fake, kind = torch.randn(4, 3), torch.randn(4, 3, requires_grad=True), torch.randn(4, 3)
    parts = critic_loss(critic, real, fake, [kind], Game(gradient_penalty=10.0))
    assert set(parts) == {"adversarial", "penalty"} and set(critic_loss(critic, real, fake, [], Game())) < set(parts)
    sum(parts.values()).backward()
    assert fake.grad is None and layer.weight.grad.any()
    parts = generator_loss(critic, real, fake, [kind], Game(feature_matching=2.0))
    assert set(parts) == {"adversarial", "matching"}
    assert set(generator_loss(critic, real, fake, [], Game())) < set(parts)
    sum(parts.values()).backward()
    assert fake.grad.any()
    torch.testing.assert_close(parts["matching"], 2 * feature_matching([real], [fake]))
