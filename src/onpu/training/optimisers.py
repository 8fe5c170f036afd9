"""The optimisers that a recipe names: torch's own, with the recipe's penalties.

sgd        w ← w - η v, v ← μ v + g (Polyak, 1964); with `nesterov` w ← w - η (g + μ v) (Nesterov, 1983, in the form of
           Sutskever, Martens, Dahl & Hinton, "On the importance of initialization and momentum in deep learning",
           ICML 2013)
adagrad    Duchi, Hazan & Singer, "Adaptive subgradient methods for online learning and stochastic optimization" (JMLR
           2011)
rmsprop    Tieleman & Hinton, "Neural networks for machine learning", lecture 6.5 (2012)
adam       Kingma & Ba, "Adam: a method for stochastic optimization" (ICLR 2015)
adamw      Loshchilov & Hutter, "Decoupled weight decay regularization" (ICLR 2019)

Penalties are on matrices and kernels only; biases, and the gains of normalisation, are free. L2, λ/2 ‖w‖² with λ the
recipe's `weight_decay`, is coupled: its gradient λ w joins that of the loss, and what divides the one by its own size
(adagrad, rmsprop, adam) divides the other too. In adamw it is decoupled: weights shrink by η λ w a step beside that.
L1, λ ‖w‖₁ with λ the recipe's `l1_penalty`, is coupled in all of them: its subgradient λ sign(w) joins the gradient.
Both come after the gradient was clipped.
"""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

from onpu.recipe import Recipe


def optimiser_for(recipe: Recipe, network: nn.Module) -> torch.optim.Optimizer:
    """The recipe's optimiser of a network's parameters; its first group has the penalties, its second has none."""
    matrices = [parameter for parameter in network.parameters() if parameter.ndim > 1]
    vectors = [parameter for parameter in network.parameters() if parameter.ndim <= 1]
    groups: list[dict[str, Any]] = [{"params": matrices, "weight_decay": recipe.weight_decay},
                                    {"params": vectors, "weight_decay": 0.0}]
    optimiser = _optimiser(recipe, groups)
    if recipe.l1_penalty:
        _penalise(optimiser, matrices, recipe.l1_penalty)
    return optimiser


def _optimiser(recipe: Recipe, groups: list[dict[str, Any]]) -> torch.optim.Optimizer:
    rate, betas = recipe.learning_rate, (recipe.beta1, recipe.beta2)
    if recipe.optimiser == "sgd":
        return torch.optim.SGD(groups, rate, momentum=recipe.momentum, nesterov=recipe.nesterov)
    if recipe.optimiser == "adagrad":
        return torch.optim.Adagrad(groups, rate)
    if recipe.optimiser == "rmsprop":
        return torch.optim.RMSprop(groups, rate, alpha=recipe.rms_decay, momentum=recipe.momentum)
    if recipe.optimiser == "adam":
        return torch.optim.Adam(groups, rate, betas=betas)
    return torch.optim.AdamW(groups, rate, betas=betas)


def _penalise(optimiser: torch.optim.Optimizer, parameters: Sequence[Tensor], weight: float) -> None:
    """Let the L1 penalty's subgradient join the gradient, at the last moment: when a mixed-precision scaler, if there
    is one, has taken its scale out."""
    def join(*_: object) -> None:
        for parameter in parameters:
            if parameter.grad is not None:
                parameter.grad.add_(parameter.detach().sign(), alpha=weight)

    optimiser.register_step_pre_hook(join)


def momentum_at(recipe: Recipe, step: int) -> float:
    """Momentum at a step: from `momentum_start` it rises over `momentum_ramp`, linearly, to `momentum`."""
    first, last = recipe.momentum_ramp
    if step >= last:
        return recipe.momentum
    share = max(0, step - first) / (last - first)
    return recipe.momentum_start + share * (recipe.momentum - recipe.momentum_start)
