"""What a network would have heard that is sure of what a user knows.

Where something is known, a listener's own target, which is what its network learned to answer, takes the place of what
was heard; everywhere else the activations stay. Keys that are known are told to their decoder instead, whose evidence
are chords more than what the network heard.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from onpu.analysis.agreement import Prediction
from onpu.analysis.corrections import Correction
from onpu.decode.targets import gaussian_targets
from onpu.decode.tasks.beats import TARGET_SPREAD_FRAMES
from onpu.errors import OnpuError
from onpu.music import Chords, Clock, Timeline
from onpu.music.rebarring import period

SURE = 0.98
"""What a network answers that is sure; the rest is shared by all other classes."""
BEAT_AROUND = 0.35
"""Part of a beat around a known one in which there is no other."""
NO_BEAT_SECONDS = 0.08
"""Seconds around a time that is known to be no beat."""
BOUNDARY_SECONDS = 3.0
"""Seconds around a known boundary of sections in which there is no other."""


def corrected_activations(prediction: Prediction, corrections: Sequence[Correction], before: Timeline) -> Prediction:
    """The prediction with what is known in its activations; `before` says how far apart beats are."""
    clock = prediction.trained.clock
    heads = dict(prediction.activations)
    match prediction.trained.decoder.label:
        case "beats":
            heads |= _beats(heads["beat"], clock, corrections, before)
        case "chords":
            heads |= _chords(prediction, heads, clock, [each for each in corrections if each.kind == "chord"])
        case "sections":
            heads["boundary"] = _boundaries(heads["boundary"], clock, corrections)
    return replace(prediction, activations=heads)


def _beats(heard: np.ndarray, clock: Clock, corrections: Sequence[Correction],
           before: Timeline) -> dict[str, np.ndarray]:
    """The activation of beats with those that are known, and without those that are none."""
    beat = np.array(heard)
    times = clock.seconds(np.arange(len(beat)))
    for each in corrections:
        if each.kind == "no_beat":
            beat[np.abs(times - each.time) <= NO_BEAT_SECONDS] = 0
        elif each.kind == "beat":
            around = BEAT_AROUND * period(before.beats, each.time) if before.beats is not None else NO_BEAT_SECONDS
            near = np.abs(times - each.time) <= max(around, NO_BEAT_SECONDS)
            at = clock.frames(np.array([each.time]))
            peak = gaussian_targets(at, len(beat), TARGET_SPREAD_FRAMES * clock.fps / 50)
            beat[near] = SURE * peak[near]
    return {"beat": beat}


def _chords(prediction: Prediction, heads: Mapping[str, np.ndarray], clock: Clock,
            corrections: Sequence[Correction]) -> dict[str, np.ndarray]:
    """The activations of chords, root, bass and pitch classes with the chords that are known. Raises `OnpuError` for a
    listener that onnxruntime computes, which has no targets."""
    target = getattr(getattr(prediction.trained, "listener", None), "target", None)
    if target is None:
        raise OnpuError("chords are corrected with torch alone; pip install onpu")
    import torch

    from onpu.listen.chords import as_classes

    out = {name: np.array(heads[name]) for name in ("chord", "root", "bass", "pitches") if name in heads}
    for each in corrections:
        row = Chords(np.array([each.start]), np.array([each.end]), np.array([each.label]), np.ones(1))
        frames = out["chord"].shape[1]
        wanted = target(Timeline(prediction.duration, chords=row), clock, frames)
        times = clock.seconds(np.arange(frames))
        here = (times >= each.start) & (times < each.end)
        for name, head in out.items():
            known = wanted[name]
            if name == "chord":
                known = as_classes(torch.from_numpy(known)[None], len(head))[0].numpy()
            head[:, here] = SURE * known[:, here] + (1 - SURE) / len(head)
    return out


def _boundaries(heard: np.ndarray, clock: Clock, corrections: Sequence[Correction]) -> np.ndarray:
    """The activation of boundaries with those that are known, and without those that are none."""
    out = np.array(heard)
    times = clock.seconds(np.arange(len(out)))
    for each in corrections:
        edges = {"boundary": [each.time], "no_boundary": [each.time], "section": [each.start, each.end]}
        for edge in edges.get(each.kind, []):
            near = np.abs(times - edge) <= BOUNDARY_SECONDS
            out[near] = 0 if each.kind == "no_boundary" else SURE * (np.abs(times[near] - edge) <= 1 / clock.fps)
    return out
