"""Drumming as another drummer might play it."""

from dataclasses import replace

import numpy as np

from onpu.music.passage import KIT, Passage

TIMEKEEPERS, TOMS = ([list(KIT).index(drum) for drum in drums] for drums in ((42, 51), (45, 48, 50)))
DRUM_VARIATION_CHANCE = 0.4
"""How often drums are varied while learning, in each of three ways."""


def varied_drums(passage: Passage, rng: np.random.Generator) -> Passage:
    """A passage with its drums, if it has some, as another drummer might play them: the ride for the closed hi-hat and
    the other way round, toms exchanged, one drum left out, each with the chance `DRUM_VARIATION_CHANCE`. Few takes
    teach more so."""
    if "drums" not in passage.parts:
        return passage
    drums = passage.parts["drums"].copy()
    for group in (TIMEKEEPERS, TOMS):
        if rng.random() < DRUM_VARIATION_CHANCE:
            drums[:, group] = drums[:, rng.permutation(group)]
    struck = np.flatnonzero(drums.any(axis=0))
    if rng.random() < DRUM_VARIATION_CHANCE and len(struck) > 2:
        drums[:, rng.choice(struck)] = False
    return replace(passage, parts={**passage.parts, "drums": drums})
