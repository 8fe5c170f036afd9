"""Adversarial losses of a generator and a discriminator, by name, and what steadies their training.

A discriminator D answers with unbounded numbers (batch, ...), one for an example or one for each of its patches; what
the discriminator and the generator minimise are means over all of them. With σ(D) as the probability that an example is
real, the value of the game is

    V = E log σ(D(x)) + E log(1 - σ(D(G(z))))        (Goodfellow et al., NIPS 2014, eq. 1; Sakaue, eq. 35)

Logarithms of probabilities are taken as softplus of the numbers: -log σ(d) = softplus(-d), which neither overflows nor
loses its gradient in float32.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

import torch
from torch import Tensor
from torch.nn.functional import softplus


class Adversarial(NamedTuple):
    """What the two players minimise.

    discriminator: (answers to real examples, answers to generated ones, smoothing) -> scalar. `smoothing` in [0, 1) is
        taken off the label 1 of real examples alone (Salimans et al. 2016, section 3.4); 0 where there are no labels.
    generator: answers to generated examples -> scalar.
    """

    discriminator: Callable[[Tensor, Tensor, float], Tensor]
    generator: Callable[[Tensor], Tensor]


def _cross_entropy(real: Tensor, fake: Tensor, smoothing: float) -> Tensor:
    told = (1 - smoothing) * softplus(-real) + smoothing * softplus(real)
    return told.mean() + softplus(fake).mean()


def _least_squares(real: Tensor, fake: Tensor, smoothing: float) -> Tensor:
    return ((real - (1 - smoothing)).square().mean() + fake.square().mean()) / 2


def _wasserstein(real: Tensor, fake: Tensor, smoothing: float) -> Tensor:
    _check_unlabelled("wasserstein", smoothing)
    return fake.mean() - real.mean()


def _hinge(real: Tensor, fake: Tensor, smoothing: float) -> Tensor:
    _check_unlabelled("hinge", smoothing)
    return (1 - real).relu().mean() + (1 + fake).relu().mean()


def _check_unlabelled(name: str, smoothing: float) -> None:
    if smoothing:
        raise ValueError(f"the {name} loss has no labels that could be smoothed; smoothing must be 0, not {smoothing}")


Critic = Callable[..., tuple[Tensor, list[Tensor]]]
"""(examples, *conditions) -> answers (batch, ...), and what its layers see, layer by layer."""


class Rules(Protocol):
    """How generator and critic are trained: a name of `LOSSES`, the weights of `gradient_penalty` and
    `feature_matching` (0: without), and how far below 1 the label of real examples is set."""

    @property
    def adversarial_loss(self) -> str: ...

    @property
    def gradient_penalty(self) -> float: ...

    @property
    def feature_matching(self) -> float: ...

    @property
    def label_smoothing(self) -> float: ...


LOSSES = {
    "minimax": Adversarial(_cross_entropy, lambda fake: -softplus(fake).mean()),
    "non-saturating": Adversarial(_cross_entropy, lambda fake: softplus(-fake).mean()),
    "least squares": Adversarial(_least_squares, lambda fake: (fake - 1).square().mean() / 2),
    "wasserstein": Adversarial(_wasserstein, lambda fake: -fake.mean()),
    "hinge": Adversarial(_hinge, lambda fake: -fake.mean()),
}
"""Name -> losses.

minimax: the discriminator minimises -V, the generator V (Goodfellow et al. 2014, eq. 1).
non-saturating: the generator maximises log σ(D(G(z))) instead, whose gradient does not vanish while it is bad (ibid.,
    section 3).
least squares: real is 1, generated 0, the generator wants 1 (Mao et al., ICCV 2017, eq. 9).
wasserstein: D is a critic that estimates the earth mover's distance, as far as it is 1-Lipschitz (Arjovsky, Chintala &
    Bottou, ICML 2017, eq. 2 and 3): there by weights clipped to ± .01 (ibid., algorithm 1; `Player.weight_limit`), here
    also by `gradient_penalty`.
hinge: only answers within the margin of 1 are improved (Lim & Ye 2017; Miyato et al., ICLR 2018, eq. 16 and 17).
"""


def gradient_penalty(critic: Callable[..., Tensor], real: Tensor, fake: Tensor, conditions: Sequence[Tensor] = (),
                     rng: torch.Generator | None = None) -> Tensor:
    """How far the critic's slope is from 1 between real and generated examples (Gulrajani et al., NIPS 2017, eq. 3).

        E (‖∇ D(x̂)‖₂ - 1)²,    x̂ = ε x + (1 - ε) G(z),    ε uniform in [0, 1], one for each pair

    to be added to what the critic minimises, in the paper ten times. The critic must judge each example by itself:
    batch normalisation in it would make the slope of one depend on the others (ibid., section 4). Of a critic that
    answers in patches the mean is meant, as in the losses.

    Args:
        critic: (examples, *conditions) -> answers (batch, ...).
        real, fake: examples (batch, ...), in pairs; no gradient goes to them.
        conditions: handed to the critic as they are.
        generator: of ε.

    Returns:
        Scalar, whose gradient goes to the critic's parameters.
    """
    device = "cpu" if rng is None else rng.device
    share = torch.rand((len(real), *[1] * (real.ndim - 1)), generator=rng, device=device).to(real)
    between = (share * real.detach() + (1 - share) * fake.detach()).requires_grad_()
    answers = critic(between, *conditions).reshape(len(real), -1).mean(dim=1)  # (batch,)
    gradient, = torch.autograd.grad(answers.sum(), between, create_graph=True)
    slope: Tensor = gradient.flatten(1).norm(dim=1)
    return (slope - 1).square().mean()


def feature_matching(real: Sequence[Tensor], fake: Sequence[Tensor]) -> Tensor:
    """Distance of what a discriminator's layers see on average (Salimans et al., NIPS 2016, section 3.1).

        ‖E f(x) - E f(G(z))‖²,    f an intermediate layer

    Deviations: several layers may be given, of which the mean is taken; so is the mean over a layer's units instead of
    their sum, so that layers of all sizes count alike.

    Args:
        real, fake: layer by layer, activations (batch, ...); no gradient goes to the real ones.
    """
    distances = [(x.detach().mean(dim=0) - y.mean(dim=0)).square().mean() for x, y in zip(real, fake, strict=True)]
    return torch.stack(distances).mean()


def critic_loss(critic: Critic, real: Tensor, fake: Tensor, conditions: Sequence[Tensor], rules: Rules
                ) -> dict[str, Tensor]:
    """What the discriminator minimises, part by part; no gradient goes to the generated examples."""
    fake = fake.detach()
    to_real, to_fake = (critic(examples, *conditions)[0] for examples in (real, fake))
    parts = {"adversarial": LOSSES[rules.adversarial_loss].discriminator(to_real, to_fake, rules.label_smoothing)}
    if rules.gradient_penalty:
        slope = gradient_penalty(lambda *given: critic(*given)[0], real, fake, conditions)
        parts["penalty"] = rules.gradient_penalty * slope
    return parts


def generator_loss(critic: Critic, real: Tensor, fake: Tensor, conditions: Sequence[Tensor], rules: Rules
                   ) -> dict[str, Tensor]:
    """What the generator minimises of the game, part by part."""
    answers, seen = critic(fake, *conditions)
    parts = {"adversarial": LOSSES[rules.adversarial_loss].generator(answers)}
    if rules.feature_matching:
        with torch.no_grad():
            wanted = critic(real, *conditions)[1]
        parts["matching"] = rules.feature_matching * feature_matching(wanted, seen)
    return parts
