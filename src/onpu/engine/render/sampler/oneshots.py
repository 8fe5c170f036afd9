"""Kits put together from single hits that were never one kit, acoustic and electronic."""

import numpy as np

from onpu.engine.compose.draw import between
from onpu.engine.render.sampler.kit import Kit
from onpu.engine.render.sampler.sets import SampleSet

ACOUSTIC: dict[int, tuple[str, ...]] = {
    36: ("drum_bass", "drum_heavy_kick"), 38: ("drum_snare",), 42: ("drum_cymbal_closed",), 44: ("drum_cymbal_pedal",),
    46: ("drum_cymbal_open",), 49: ("drum_splash", "drum_cymbal"), 57: ("drum_cymbal",), 41: ("drum_tom_lo",),
    45: ("drum_tom_mid",), 48: ("drum_tom_hi",), 56: ("drum_cowbell",)}
ELECTRONIC: dict[int, tuple[str, ...]] = {
    36: ("bd_808", "bd_ada", "bd_boom", "bd_fat", "bd_gas", "bd_haus", "bd_klub", "bd_pure", "bd_sone", "bd_tek",
         "bd_zome", "bd_zum", "elec_soft_kick", "elec_hollow_kick"),
    38: ("sn_dolf", "sn_dub", "sn_generic", "sn_zome", "elec_snare", "elec_hi_snare", "elec_mid_snare",
         "elec_lo_snare", "elec_filt_snare"),
    42: ("drum_cymbal_closed", "elec_tick"), 44: ("drum_cymbal_pedal",), 46: ("drum_cymbal_open", "elec_cymbal"),
    49: ("elec_cymbal", "drum_splash"), 57: ("drum_cymbal",), 41: ("drum_tom_lo", "elec_fuzz_tom"),
    48: ("drum_tom_hi",), 39: ("perc_snap", "perc_snap2"), 56: ("elec_bong", "drum_cowbell"), 81: ("elec_triangle",),
    37: ("elec_wood", "elec_plip")}
"""General MIDI number -> beginnings of file names of which one is drawn; `_soft` and `_hard` are its layers."""
LOUDNESS = {36: 0.0, 38: -1.0, 37: -6.0, 39: -4.0, 42: -11.0, 44: -13.0, 46: -11.0, 49: -8.0, 57: -8.0, 41: -3.0,
            45: -3.0, 48: -3.0, 56: -9.0, 81: -14.0}
"""Number -> RMS of a full hit, dB beside the bass drum's."""
LEVEL_SPREAD = 2.0
"""Standard deviation of those, dB."""


def assembled(samples: SampleSet, electronic: bool, rate: int, rng: np.random.Generator) -> Kit:
    """A kit whose pieces are drawn one by one, brought to usual levels."""
    names = [row["file"] for row in samples.rows]
    files: dict[int, tuple[str, ...]] = {}
    levels: dict[int, float] = {}
    for number, stems in (ELECTRONIC if electronic else ACOUSTIC).items():
        stem = stems[int(rng.integers(len(stems)))]
        hits = tuple(f"{stem}{layer}.flac" for layer in ("", "_soft", "_hard") if f"{stem}{layer}.flac" in names)
        spread = between(rng, -LEVEL_SPREAD, LEVEL_SPREAD)
        if hits:
            files[number] = hits
            levels[number] = LOUDNESS[number] + spread - 20 * np.log10(samples.sample(hits[-1], rate).level)
    return Kit(samples, files, levels)
