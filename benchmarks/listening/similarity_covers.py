"""Covers of composed songs found among many, by vectors, codes and alignment, for `benchmarks.listening.similarity`."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch

from benchmarks.paths import CACHE, data
from benchmarks.timing import timed
from onpu.data.plan import Plan
from onpu.data.scenes.sounds import write_sounds
from onpu.data.scenes.versions import RATE, VersionScenes
from onpu.files import replacing
from onpu.formats.audio import open_audio
from onpu.inference.activations import predict
from onpu.inference.streaming import features_of
from onpu.layers.hashing import hamming, packed
from onpu.make import cover
from onpu.maker import TrainedMaker
from onpu.music import Audio
from onpu.similar import Index
from onpu.similar.alignment import align, align_steadily
from onpu.similar.describing import STEPS, pitch_classes, systems
from onpu.similar.search import BEST, CANDIDATES

FOLDER = CACHE / "similarity"
SECONDS, SEED = 20.0, 502
PATCH = 32
"""Frames of the 2-D Fourier transform."""
CHORDS = slice(0, 12)
"""Rows of the chroma that are learned chroma alone."""


def cost(call: Callable[[], object]) -> float:
    """Seconds of the processor, the least of three calls."""
    return min(timed(call)[1].processor for _ in range(3)) or 1e-9


class Found(NamedTuple):
    """A way of finding covers: bytes a song that it reads, how many songs are before the right one, seconds a query."""

    name: str
    size: int
    rank: np.ndarray
    seconds: float


def chroma_of(name: str, sounds: Sequence[Callable[[], Audio]]) -> list[np.ndarray]:
    """(36, frames) uint8 of each sound, two frames a second, from the cache where it is there."""
    chosen = systems("cpu")
    folder = FOLDER / f"{name}-{chosen.hashes['chroma'][:8]}-{chosen.hashes['melody'][:8]}"
    folder.mkdir(parents=True, exist_ok=True)
    rows = []
    for number, sound in enumerate(sounds):
        path = folder / f"{number:05d}.npy"
        if not path.exists():
            heard, own = [], sound()
            for listener in (chosen.chroma, chosen.melody):
                with torch.inference_mode():
                    heard.append(predict(listener, list(features_of(own, listener.features))))
            with replacing(path) as temporary, temporary.open("wb") as file:
                np.save(file, np.rint(pitch_classes(chosen, *heard) * STEPS).astype(np.uint8))
        rows.append(np.load(path))
    return rows


def beginning(path: Path) -> Audio:
    """The first `SECONDS` of a recording."""
    with open_audio(path) as source:
        blocks, left = [], round(SECONDS * source.rate)
        for block in source.blocks(5.0):
            blocks.append(block[:, :left])
            left -= block.shape[1]
            if left <= 0:
                break
    return Audio(np.concatenate(blocks, axis=1), source.rate)


def pairs(count: int, seed: int = SEED) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Chroma of the first and the second version of each song."""
    scenes = VersionScenes().of(Plan(seed=seed, seconds=SECONDS, rate=RATE, negatives=0.0))
    sounds = write_sounds(FOLDER / f"pairs-{seed}-{count}", scenes, count)

    def version(number: int, side: int) -> Audio:
        return Audio(sounds.item(number)[side : side + 1], RATE)

    both = [chroma_of(f"pairs-{seed}-{count}-{side}", [partial(version, number, side) for number in range(count)])
            for side in (0, 1)]
    return both[0], both[1]


def others(corpora: Sequence[Path]) -> list[np.ndarray]:
    """Chroma of the songs among which a cover is sought."""
    emotify = sorted((data("real/emotify") / "audio").glob("*.opus"))
    sets = {folder.name: sorted((folder / "songs").glob("*.flac")) for folder in corpora} | {"emotify": emotify}
    return [row for name, paths in sets.items()
            for row in chroma_of(name, [partial(beginning, path) for path in paths])]


def magnitudes(chroma: np.ndarray) -> np.ndarray:
    """Bertin-Mahieux & Ellis 2012, on chroma of a fixed hop: the 2-D Fourier magnitude of the first `PATCH` frames."""
    x = np.zeros((12, PATCH))
    chords = chroma[CHORDS, :PATCH]
    x[:, : chords.shape[1]] = chords / np.maximum(np.linalg.norm(chords, axis=0), 80)
    found = np.sqrt(np.abs(np.fft.fft2(x))[:7].ravel())
    found[0] = 0
    return found / max(float(np.linalg.norm(found)), 1e-9)


def ranked(scores: np.ndarray) -> np.ndarray:
    """How many are before the right one, whose place is the query's own number."""
    return (scores > scores[np.arange(len(scores)), np.arange(len(scores))][:, None]).sum(axis=1)


def whitening(vectors: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    """What an index of these does to vectors of covers."""
    empty = np.zeros(0)
    return Index(Path(), {}, (), np.arange(len(vectors)), empty, vectors, empty, empty).whitened


def refined(query: np.ndarray, crowd: Sequence[np.ndarray], near: np.ndarray) -> np.ndarray:
    """Candidates in the order in which `onpu similar` has them: aligned, and the best of these at all tempi."""
    first = near[np.argsort(-align(query, [crowd[place] for place in near])[0], kind="stable")[:BEST]]
    steady = align_steadily(query, [crowd[place] for place in first])[0]
    return np.asarray(first[np.argsort(-steady, kind="stable")])


def refined_ranks(number: int, query: np.ndarray, crowd: Sequence[np.ndarray], free: np.ndarray,
                  sets: Sequence[np.ndarray]) -> list[int]:
    """The same of several sets of candidates, whose free alignments are known: in each the place of the song of this
    number, or the size of the crowd."""
    best = [near[np.argsort(-free[near], kind="stable")[:BEST]] for near in sets]
    tried = np.unique(np.concatenate(best))
    steady = np.full(len(crowd), -1.0)
    steady[tried] = align_steadily(query, [crowd[place] for place in tried])[0]
    return [int((steady[some] > steady[number]).sum()) if number in some else len(crowd) for some in best]


def by_vectors(first: list[np.ndarray], crowd: list[np.ndarray], chosen: TrainedMaker) -> tuple[list[Found], np.ndarray,
                                                                                              np.ndarray]:
    """Ways without alignment, and the scores of whitened vectors and of codes, (queries, crowd)."""
    queries, there = ([cover.embed(chosen, row / STEPS) for row in rows] for rows in (first, crowd))
    vectors = [np.stack([vector for vector, _ in rows]) for rows in (queries, there)]
    codes = [packed(np.stack([code for _, code in rows])) for rows in (queries, there)]
    plain = [np.stack([magnitudes(row) for row in rows]) for rows in (first, crowd)]
    white = whitening(vectors[1][len(first) :])
    turned = [white(each) for each in vectors]
    drawn = np.random.default_rng(0).standard_normal((turned[0].shape[1], 256))
    signs = [packed((each @ drawn > 0).astype(float)) for each in turned]
    scores = {"plain": plain[0] @ plain[1].T, "vectors": vectors[0] @ vectors[1].T, "white": turned[0] @ turned[1].T,
              "signs": -np.stack([hamming(sign, signs[1]) for sign in signs[0]]),
              "codes": -np.stack([hamming(code, codes[1]) for code in codes[0]])}
    rows = [Found("2-D Fourier magnitude of chroma (Bertin-Mahieux & Ellis 2012)", 4 * plain[0].shape[1],
                  ranked(scores["plain"]), cost(lambda: plain[1] @ plain[0][0])),
            Found("learned vector, float32", 4 * vectors[0].shape[1], ranked(scores["vectors"]),
                  cost(lambda: vectors[1] @ vectors[0][0])),
            Found("the same, whitened by the collection", 4 * vectors[0].shape[1], ranked(scores["white"]),
                  cost(lambda: turned[1] @ turned[0][0])),
            Found("signs of 256 random projections of it", 32, ranked(scores["signs"]),
                  cost(lambda: hamming(signs[0][0], signs[1]))),
            Found("learned code of 256 bits", codes[0].shape[1], ranked(scores["codes"]),
                  cost(lambda: hamming(codes[0][0], codes[1])))]
    return rows, scores["white"], scores["codes"]


def covers(first: list[np.ndarray], crowd: list[np.ndarray], chosen: TrainedMaker) -> list[Found]:
    """Each way of finding the second version of a song, which is at its number in the crowd."""
    rows, white, codes = by_vectors(first, crowd, chosen)
    frames, whole = round(len(first[0]) * float(np.mean([row.shape[1] for row in crowd]))), np.arange(len(crowd))
    ways = {f"{CANDIDATES} candidates by whitened vectors, aligned": (rows[2].size + frames, white),
            f"{CANDIDATES} candidates by codes, aligned": (rows[4].size + frames, codes)}
    free, ranks = [], []
    for number, query in enumerate(first):
        free.append(align(query, crowd)[0])
        near = [np.argsort(-scores[number], kind="stable")[:CANDIDATES] for _, scores in ways.values()]
        ranks.append(refined_ranks(number, query, crowd, free[-1], [*near, whole]))
    found = np.array(ranks).T
    for (name, (size, scores)), rank in zip(ways.items(), found, strict=False):
        some = np.argsort(-scores[0], kind="stable")[:CANDIDATES]
        rows.append(Found(name, size, rank, cost(partial(refined, first[0], crowd, some))))
    return [*rows, Found("all aligned, free steps", frames, ranked(np.stack(free)),
                         cost(lambda: align(first[0], crowd))),
            Found(f"all aligned, the best {BEST} at all tempi, as `onpu similar` does with excerpts", frames, found[-1],
                  cost(partial(refined, first[0], crowd, whole)))]
