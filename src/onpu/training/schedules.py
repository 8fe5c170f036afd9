"""How the learning rate goes, and how batches grow in place of its falling.

    learning rate = peak × warm-up × decay

Warm-up rises linearly over the recipe's first `warmup` steps. Decay is 1 for ever (constant); half a cosine that ends
with the run (Loshchilov & Hutter, "SGDR: stochastic gradient descent with warm restarts", ICLR 2017, without restarts);
`lr_decay` times smaller after every `lr_decay_steps` steps (step), or whenever `lr_patience` epochs brought no better
validation score (plateau). Where the run has a time budget, cosine and step are fitted to it: a share of the time
counts as the same share of the steps.
"""

import math
from dataclasses import dataclass

from onpu.recipe import Recipe


@dataclass
class Plateau:
    """Watches validation scores, higher is better. waited: epochs since the best one, or since the last fall. falls:
    of the learning rate so far."""

    best: float = -math.inf
    waited: int = 0
    falls: int = 0

    def see(self, score: float, patience: int) -> None:
        """The score of another epoch; the learning rate falls when `patience` of them in a row were no better."""
        if score > self.best:
            self.best, self.waited = score, 0
            return
        self.waited += 1
        if self.waited >= patience:
            self.waited, self.falls = 0, self.falls + 1


def warm_up(recipe: Recipe, step: int) -> float:
    """Share of the peak that the learning rate has reached, up to 1."""
    return min(1.0, (step + 1) / max(1, recipe.warmup))


def decay(recipe: Recipe, step: int, minutes: float, falls: int) -> float:
    """Share of the peak that is left, at least `lr_floor`. minutes: that the run has taken; falls: see `Plateau`."""
    return max(recipe.lr_floor, _decay(recipe, step, minutes, falls))


def _decay(recipe: Recipe, step: int, minutes: float, falls: int) -> float:
    if recipe.schedule == "constant":
        return 1.0
    if recipe.schedule == "plateau":
        return recipe.lr_decay**falls
    total = recipe.steps * recipe.epochs
    spent = minutes / recipe.minutes if recipe.minutes else 0.0
    if recipe.schedule == "step":
        return recipe.lr_decay ** int(max(step, spent * total) // recipe.lr_decay_steps)
    return 0.5 * (1 + math.cos(math.pi * min(max(step / total, spent), 1.0)))


def batches(recipe: Recipe, left: float) -> int:
    """How many batches are gathered for a step of the optimiser, which then goes as far as all of them together would;
    left: see `decay`.

    As many as the learning rate falls by: instead of its falling, the batch grows (Smith, Kindermans, Ying & Le, "Don't
    decay the learning rate, increase the batch size", ICLR 2018, section 3), `recipe.batch_growth` times at
    most; from there on the rate falls. The noise of a step, which goes with the rate over the size of the batch, is the
    same with and without.
    """
    return int(min(recipe.batch_growth, 1 / max(left, 1e-9)))
