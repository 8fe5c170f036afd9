"""Stems in a few parts (voice, drums, bass, the rest) that sum to their mixture: what can be done to a part alone, or
to all in the same linear way, as when a record is mixed and nothing is done to the mixture."""

from collections.abc import Sequence

import numpy as np
from threadpoolctl import threadpool_limits

from onpu.engine.compose.draw import between
from onpu.engine.render.filters import filtered
from onpu.engine.render.produce import drums_in_room, equaliser
from onpu.engine.render.room import draw_room, impulse_response, reverberate
from onpu.engine.render.strip import SILENT_RMS, level_of, strip
from onpu.music import Stems

LEVEL_SPREAD_DB = 3.0
"""Standard deviation of a stem's level, dB."""
DRY_CHANCE = 0.3
"""Chance that there is no common room."""


@threadpool_limits.wrap(limits=1, user_api="blas")  # matrix products round differently on several threads
def parted(stems: Stems, parts: Sequence[str], names: tuple[str, ...], seed: int) -> Stems:
    """The parts `names`, each the sum of the stems that `parts` (one name a stem) counts to it, through their channel
    strips, with their share of a room, all with the same equaliser. Equal arguments give equal bytes."""
    rng = np.random.default_rng([seed, 0x9A27])
    stems = drums_in_room(stems, rng)
    response = impulse_response(draw_room(rng), stems.rate)
    wetness = 0.0 if rng.random() < DRY_CHANCE else 0.5 * between(rng, 0, 1) ** 1.5
    colour = equaliser(3.0, stems.rate, rng)
    out = np.zeros((len(names), *stems.samples.shape[1:]), dtype=np.float32)
    sends = np.zeros_like(out)
    for name, part, stem in zip(stems.names, parts, stems.samples, strict=True):
        gain, share = np.float32(10 ** (rng.normal(0, LEVEL_SPREAD_DB) / 20)), np.float32(between(rng, 0.1, 1.0))
        if level_of(stem) > SILENT_RMS:
            sound = strip(stem * gain, name, stems.rate, rng)
            out[names.index(part)] += sound
            sends[names.index(part)] += share * sound * np.float32(0.15 if name.startswith("bass") else 1.0)
    for number, send in enumerate(sends):
        if wetness and send.any():
            out[number] += np.float32(wetness) * reverberate(send, response)
        out[number] = filtered(out[number], *colour)
    return Stems(names, out, stems.rate)
