"""Correct, then learn: going on from trained weights with a user's own recordings.

    train(parent.listener, gentle(parent.recipe, corpus.seconds), Data((corpus,)), folder, parent=parent)
"""

import math
from dataclasses import replace

from onpu.task import ListenerRecipe

LEARNING_RATE_SHARE = 0.1
"""Share of the learning rate that is left."""
VIEWS_PER_EPOCH = 4
"""How often each moment is seen in an epoch."""


def gentle(recipe: ListenerRecipe, seconds: float) -> ListenerRecipe:
    """A recipe changed for going on with recordings of `seconds` in all; an epoch has the recipe's steps at most."""
    seen = math.ceil(VIEWS_PER_EPOCH * seconds / (recipe.crop_seconds * recipe.batch))
    return replace(recipe, learning_rate=LEARNING_RATE_SHARE * recipe.learning_rate,
                   steps=max(10, min(recipe.steps, seen)), warmup=10, epochs=min(recipe.epochs, 20))
