"""Music as a picture, painted by a network that is recurrent in time and in pitch.

Theis & Bethge, "Generative image modeling using spatial LSTMs" (NIPS 2015), RIDE, on the pictures of `pixelcnn`: rolls
are painted with the probability of each pitch, spectra of strokes with a density of each level.

*Bits* is the mean -log2 p of a pixel of held-out pictures. Levels become numbers by uniform noise (section 3.1), so
that the density, of a level's width, is a bound on what a level costs, and compares with `pixelcnn`; what the network
does to a number before it gives its density is counted by its Jacobian.

Deviations: those of `onpu.models.ride`; AdamW, and pictures of one size, in place of stochastic gradients on ever
larger ones, and no fine-tuning of the mixture by L-BFGS; no ensemble over mirrored pictures: music is not the same
backwards.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from onpu.data.corpora.rolls import Rolls
from onpu.data.scenes.sounds import AlignedSounds
from onpu.make import pixelcnn
from onpu.make.pixelcnn import (
    STROKES,
    PixelOptions,
    PixelRecipe,
    Trained,
    command,
    evaluate,
    likelihood,
    pixels,
    scenes,
    without_effect,
)
from onpu.maker import Maker, Player
from onpu.models.ride import Ride
from onpu.music import Audio
from onpu.music.roll import Roll
from onpu.recipe import setting
from onpu.represent.pixels import between


@dataclass(frozen=True)
class RideRecipe(PixelRecipe):
    """How the network is built."""

    units: int = setting(64, "units per layer")
    depth: int = setting(1, "number of layers")
    reach: tuple[int, ...] = setting(
        (4, 12), "rows above and columns on either side of a pixel's neighbourhood", "[0, inf)")
    components: int = setting(16, "components of the mixture, with four scales each")


def players(recipe: RideRecipe) -> dict[str, Player]:
    """The network."""
    shape = pixels(recipe.kind)
    return {"painter": Player(Ride(shape.levels, shape.hints, shape.places, recipe.units, recipe.depth,
                                   (recipe.reach[0], recipe.reach[1]), recipe.components), likelihood)}


def example(material: Rolls | AlignedSounds, rng: np.random.Generator, recipe: RideRecipe) -> dict[str, np.ndarray]:
    """picture (rows, columns), of strokes with noise between the levels; hints (hints,)."""
    drawn = pixelcnn.example(material, rng, recipe)
    if recipe.kind == STROKES:
        drawn["picture"] = between(drawn["picture"], pixels(STROKES).levels, rng)
    return drawn


def apply(trained: Trained[RideRecipe], audio: Audio | None, options: PixelOptions,
          progress: Callable[[float], None] | None) -> Roll | Audio:
    """See `onpu.make.pixelcnn.apply`."""
    return pixelcnn.apply(trained, audio, options, progress)


MAKER = Maker(
    name="ride",
    title="music painted by a network that is recurrent in time and pitch",
    paper="Theis & Bethge, Generative image modeling using spatial LSTMs, NIPS 2015",
    scenes=scenes,
    players=players,
    example=example,
    apply=apply,
    metric=evaluate,
    criterion=("Likelihood",),
    recipes={"small": RideRecipe(learning_rate=3e-3, warmup=100, batch=8, steps=200, epochs=1000,
                                 minutes=20.0, patience=1000, ema_decay=0.99),
             "strokes": RideRecipe(kind=STROKES, reach=(4, 4), learning_rate=3e-3, warmup=100, batch=8,
                                   steps=200, epochs=1000, minutes=15.0, patience=1000, ema_decay=0.99),
             "paper": RideRecipe(depth=3, components=32, learning_rate=1e-3, batch=50, steps=1000,
                                 epochs=100)},
    options=PixelOptions(),
    without_effect=without_effect,
    command=command("pixel by pixel with spatial LSTMs (RIDE)"),
    one_thread=True,
)
