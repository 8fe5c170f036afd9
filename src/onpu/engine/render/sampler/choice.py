"""Which recorded instrument plays a part, where there is one."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from onpu.engine.compose.draw import between, draw
from onpu.engine.render.sampler.keyboard import Keyboard, keys_of
from onpu.engine.render.sampler.kit import Kit, recorded_kit
from onpu.engine.render.sampler.oneshots import assembled
from onpu.engine.render.sampler.sets import SampleSet

ACOUSTIC_KITS = {"drums_pacific": 0.35, "drums_blackpearl": 0.3, "drums_muldjord": 0.2, "drums_oneshots": 0.15}
HEAVY_KITS = {"drums_muldjord": 0.6, "drums_pacific": 0.15, "drums_blackpearl": 0.15, "drums_oneshots": 0.1}
JAZZ_KITS = {"drums_pacific": 0.5, "drums_blackpearl": 0.5}
ELECTRONIC_KITS = {"drums_oneshots": 1.0}
"""Set -> weight, of songs without and with driven guitars."""
PROGRAM_KITS: dict[int, Mapping[str, float]] = {
    0: ACOUSTIC_KITS, 8: ACOUSTIC_KITS, 16: HEAVY_KITS, 24: ELECTRONIC_KITS, 25: ELECTRONIC_KITS, 32: JAZZ_KITS}
"""Program of a drum track -> kits that fit; others are never sampled."""
KIT_CHANCE, DRIVEN_CHANCE, CHANCE = 0.5, 0.6, 0.3
"""Chances that a recorded instrument plays: a drum track whose program has one, a driven guitar, anything else."""
CLEAN_GUITARS, DRIVEN_GUITARS, BASSES = (26, 27, 28), (29, 30), range(33, 38)
GRAND_PIANOS, SAXES, CONTRABASS = range(2), (65, 66), 43
"""Programs that the sample sets can play."""
DRIVEN_LEAD = 0.003
"""Seconds of a guitar's sound that are kept before an onset when it is to be driven."""


def sampled_kit(program: int, heavy: bool, sets: Mapping[str, SampleSet], rate: int, rng: np.random.Generator
                ) -> Kit | None:
    """A kit for a drum track; None where it is not to be played by one. heavy: whether the song has driven guitars."""
    weights = HEAVY_KITS if heavy and program in (0, 8) else PROGRAM_KITS.get(program, {})
    weights = {name: weight for name, weight in weights.items() if name in sets}
    if rng.random() >= KIT_CHANCE or not weights:
        return None
    name = draw(rng, weights)
    if name == "drums_oneshots":
        return assembled(sets[name], program in (24, 25), rate, rng)
    return recorded_kit(sets[name])


def sampled_keys(program: int, sets: Mapping[str, SampleSet], rng: np.random.Generator) -> Keyboard | None:
    """An instrument for a pitched track; None where it is not to be played by one."""
    chance = DRIVEN_CHANCE if program in DRIVEN_GUITARS else CHANCE
    if rng.random() >= chance:
        return None
    if program in (*CLEAN_GUITARS, *DRIVEN_GUITARS) and "guitars_electric" in sets:
        return sampled_guitar(sets["guitars_electric"], program in DRIVEN_GUITARS, rng)
    if program in BASSES and "bass_electric" in sets:
        return keys_of(sets["bass_electric"], between(rng, 0.02, 0.06))
    if program in GRAND_PIANOS and "piano_grand" in sets:
        return keys_of(sets["piano_grand"], between(rng, 0.06, 0.15))
    if program in SAXES and "sax_alto" in sets:
        return keys_of(sets["sax_alto"], between(rng, 0.02, 0.05), sustained=True)
    if program == CONTRABASS and "contrabass" in sets:
        return keys_of(sets["contrabass"], between(rng, 0.04, 0.1), sustained=True)
    return None


def sampled_guitar(samples: SampleSet, driven: bool, rng: np.random.Generator) -> Keyboard:
    """One of the two clean guitars; to be driven, only its loud notes, and little of what precedes an onset."""
    conditions = {"guitar": ("green", "black")[int(rng.integers(2))], "articulation": "ord"}
    keys = keys_of(samples, between(rng, 0.01, 0.04), conditions=conditions | ({"layer": "f"} if driven else {}))
    return replace(keys, lead=DRIVEN_LEAD) if driven else keys
