"""Recorded instruments: folders of single notes and hits, played."""

from onpu.engine.render.sampler.choice import sampled_keys, sampled_kit
from onpu.engine.render.sampler.sets import SampleSet, described, sample_sets

__all__ = ["SampleSet", "described", "sample_sets", "sampled_keys", "sampled_kit"]
