"""One trunk for several tasks beside a network for each: chords, notes, beats, drums, voice, tags, from the same bands.

    python -m benchmarks.listening.one_trunk CORPUS [--tasks chords drums …] [--minutes 10] [--clips 100]

Networks of one size (`onpu.models.shared_trunk`) see the same batches in the same order, so that all have the
same steps and the same time: one with all heads; one for each task alone; one with all heads whose trunk keeps its
random weights, of which only the heads learn. The loss of a head is the binary cross-entropy of its targets, which are
those of onpu's own listener of that task, over that of always saying how frequent each class is: so at first all heads
count alike. The corpus is composed (`benchmarks.listening.tags_styles`); what is judged are clips of styles, and from a
soundfont, that it lacks. Table: benchmarks/results/one_trunk.md.
"""

import argparse
import math
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import torch
from sklearn.metrics import average_precision_score
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits as entropy

from benchmarks.listening import tags_data
from benchmarks.report import parser, run, save, table
from onpu.data.corpus import Corpus
from onpu.data.features import compute_features
from onpu.data.stream import Batch, CorpusCrops, CropExamples, collate
from onpu.engine.augment.spectrum import augment_levels
from onpu.formats.audio_like import as_source
from onpu.inference.streaming import features_of
from onpu.layers.layout import channels_last
from onpu.layers.losses import masked_mean
from onpu.listen import beats, chords, drums, notes, tags, voice
from onpu.metrics.tags import roc_auc
from onpu.models.shared_trunk import SharedTrunk
from onpu.music import Clock, Timeline
from onpu.music.words import LIKELY
from onpu.represent import LogFilterbank

HEADS = {"chords": 13, "notes": 88, "beats": 2, "drums": 8, "voice": 1, "tags": 40}
FIELDS = ("chords", "notes", "pedal", "beats", "drums", "voice", "tags", "keys", "tempo", "instruments")
BATCH, CROP_SECONDS, LEARNING_RATE, SEED, COUNTED, WIDTH = 8, 4.0, 2e-3, 0, 20, 8
LEAST = 5
"""Clips that must have a word, and clips that must not, for it to be scored."""
EVERY = 5
"""Of the frames every fifth one is judged."""
Networks = Mapping[str, SharedTrunk]


TARGETS: dict[str, Callable[[Timeline, Clock, int], np.ndarray]] = {
    "chords": lambda *of: chords.target(*of)["root"], "notes": lambda *of: notes.target(*of)["frame"],
    "beats": lambda *of: np.stack([beats.target(*of)[name].clip(0) for name in ("beat", "downbeat")]),
    "drums": lambda *of: drums.target(*of)["hits"], "voice": lambda *of: voice.target(*of)["voice"][None],
    "tags": lambda *of: tags.target(*of)["tags"]}
"""Task -> (classes, frames) in [0, 1]: root of the chord, keys that sound, beat and downbeat, drum hits, singing,
words."""


def target(tasks: Sequence[str], timeline: Timeline, clock: Clock, frames: int) -> dict[str, np.ndarray]:
    """Of each task (classes, frames)."""
    return {name: TARGETS[name](timeline, clock, frames) for name in tasks}


def losses(network: SharedTrunk, batch: Batch, known: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Of each head, over `known`, the cross-entropy of always saying how frequent each class is."""
    logits = network(batch["features"])
    return {name: masked_mean(entropy(said, batch["targets"][name], reduction="none").mean(dim=1),
                              batch["mask"]) / known[name] for name, said in logits.items()}


def of_frequencies(batches: list[Batch]) -> dict[str, Tensor]:
    """Head -> cross-entropy of always saying how frequent each class is in these batches."""
    out = {}
    for name in batches[0]["targets"]:
        share = torch.cat([batch["targets"][name] for batch in batches]).mean(dim=(0, 2)).clamp(1e-4, 1 - 1e-4)
        out[name] = -(share * share.log() + (1 - share) * (1 - share).log()).mean()
    return out


def learn(networks: Networks, batch: Callable[[int], Batch], minutes: float) -> int:
    """All networks on the same batches until the time is over; returns the steps of each."""
    known = of_frequencies([batch(step) for step in range(COUNTED)])
    learners = {name: torch.optim.AdamW([weight for weight in network.parameters() if weight.requires_grad])
                for name, network in networks.items()}
    began, step = time.monotonic(), 0
    while (spent := (time.monotonic() - began) / 60 / minutes) < 1:
        seen, rate = batch(step), LEARNING_RATE * min(1.0, (step + 1) / 50) * (1 + math.cos(math.pi * spent)) / 2
        for name, network in networks.items():
            learners[name].param_groups[0]["lr"] = rate
            learners[name].zero_grad()
            parts = losses(network, seen, known)
            (sum(parts.values(), torch.zeros(())) / len(parts)).backward()
            learners[name].step()
            if step % 50 == 0:
                print(step, name, {head: round(float(loss), 3) for head, loss in parts.items()}, flush=True)
        step += 1
    return step


def answers(networks: Networks, features: LogFilterbank, tasks: Sequence[str],
            clips: int) -> dict[str, dict[str, np.ndarray]]:
    """`truth` and each network -> head -> frames of all clips (classes, frames), of tags means (words, clips)."""
    found: dict[str, dict[str, list[np.ndarray]]] = {name: {head: [] for head in tasks}
                                                     for name in ("truth", *networks)}
    for clip in tags_data.reported(clips):
        with as_source(clip.path) as source, torch.inference_mode():
            x = torch.cat(list(features_of(source, features)), dim=-1)
            told: dict[str, dict[str, np.ndarray]] = {"truth": target(tasks, clip.truth, features.clock, x.shape[-1])}
            for name, network in networks.items():
                told[name] = {head: said[0].sigmoid().numpy() for head, said in network(x).items()}
        for name, heads in told.items():
            for head, values in heads.items():
                found[name][head].append(values.mean(axis=1, keepdims=True) if head == "tags" else values[:, ::EVERY])
    return {name: {head: np.concatenate(parts, axis=1) for head, parts in heads.items() if parts}
            for name, heads in found.items()}


def score(head: str, true: np.ndarray, said: np.ndarray) -> float:
    """Share of right roots; of tags the mean area under the ROC curve; else the mean average precision over frames."""
    if head == "chords":
        here = true.max(axis=0) > 0
        return float((true.argmax(axis=0) == said.argmax(axis=0))[here].mean())
    held = true >= LIKELY
    if head == "tags":
        return float(np.mean([roc_auc(row, levels) for row, levels in zip(held, said, strict=True)
                              if LEAST <= row.sum() <= len(row) - LEAST]))
    return float(np.mean([average_precision_score(row, levels) for row, levels in zip(held, said, strict=True)
                          if row.any()]))


def parts(given: argparse.Namespace) -> list[str]:
    """Learn, judge, and say so."""
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    corpus, features = Corpus.open(given.corpus), LogFilterbank(bands_per_octave=24)
    crops = CorpusCrops(corpus, compute_features(corpus, features), range(len(corpus)), FIELDS)
    examples = CropExamples([crops], [1.0], SEED, round(CROP_SECONDS * features.clock.fps), features.clock,
                            partial(target, given.tasks),
                            augment=lambda x, labels, rng: (augment_levels(x, rng, 0), labels))
    whole = {name: HEADS[name] for name in given.tasks}
    heads = {"one trunk": whole, "random trunk": whole} | {name: {name: classes} for name, classes in whole.items()}
    networks = {name: channels_last(SharedTrunk(own, features.bins, WIDTH)) for name, own in heads.items()}
    for name, weight in networks["random trunk"].named_parameters():
        weight.requires_grad_(name.startswith("heads"))
    steps = learn(networks, lambda step: collate([examples.example(step * BATCH + row) for row in range(BATCH)]),
                  given.minutes)
    for network in networks.values():
        network.eval()
    found = answers(networks, features, given.tasks, given.clips)
    truth = found["truth"]
    found["always as frequent"] = {head: np.tile(true.mean(axis=1, keepdims=True), true.shape[1])
                                   for head, true in truth.items()}
    rows = [[title, *(score(head, truth[head], found[name or head][head]) for head in given.tasks)]
            for title, name in (("one trunk", "one trunk"), ("own networks", ""), ("random trunk", "random trunk"),
                                ("how frequent each class is", "always as frequent"))]
    size = sum(weight.numel() for weight in networks["one trunk"].parameters()) / 1e6
    return [f"{len(corpus)} clips ({corpus.seconds / 3600:.1f} hours), {steps} steps of {BATCH} crops of "
            f"{CROP_SECONDS:g} s for each network, {given.minutes:g} minutes for all together on one thread; "
            f"{size:.2f} million weights with all heads. Judged: {given.clips} clips of styles, and from a soundfont, "
            "that are held out, frame by frame (role: report). Chords: share of frames whose root is right. Tags: area "
            "under the ROC curve over clips, mean over words. All else: average precision over frames, mean over "
            "classes.\n", table(["trunk", *given.tasks], rows)]


def main() -> None:
    """See the module."""
    options = parser(__doc__)
    options.add_argument("corpus", type=Path)
    options.add_argument("--minutes", type=float, default=10.0)
    options.add_argument("--tasks", nargs="+", choices=HEADS, default=tuple(HEADS))
    options.add_argument("--clips", type=int, default=100)
    given = options.parse_args()
    save(given, "one_trunk", "One trunk for several tasks", parts(given))


if __name__ == "__main__":
    run(main)
