"""Songs like others: versions of a song found among two thousand, by vectors, by codes and by alignment; songs that
sound alike; recommendation to simulated listeners; the speed of an index of 100,000 songs.

    python -m benchmarks.listening.similarity [--distractors CORPUS ...] [--pairs N] [--aligned N]
        [--parts PART ...] [--results FOLDER] [--dry]

Pairs are versions of composed songs (`onpu.data.scenes.versions`, seed 502; constants were chosen on 40 of seed 501):
in another key and tempo (up to 1.25 times either way), by the band of another style, with other sounds, 20 s of each.
Sought is the second of a pair among the seconds of all, the songs of the corpora that --distractors names (20 s each),
and the 300 recordings of Emotify. What was heard lies in the cache, and is not heard again. By sound, each Emotify
excerpt asks for others: the share of its own genre among the ten nearest. Listeners are simulated: each likes two of
the four genres, more or less, and some songs for no reason; half the songs are played by nobody. Table:
benchmarks/results/similarity.md.
"""

import argparse
import csv
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch

from benchmarks.paths import CACHE, data
from benchmarks.report import parser, run, save, table
from benchmarks.timing import timed
from onpu.data.plan import Plan
from onpu.data.scenes.sounds import write_sounds
from onpu.data.scenes.versions import RATE, VersionScenes
from onpu.files import replacing
from onpu.formats.audio import open_audio
from onpu.inference.activations import predict
from onpu.inference.streaming import features_of
from onpu.layers.hashing import hamming, packed
from onpu.make import texture, tune
from onpu.maker import TrainedMaker
from onpu.music import Audio
from onpu.represent import Mel, Mfcc
from onpu.represent.patches import mel_of_patches
from onpu.represent.slow_chroma import slowed
from onpu.similar import Heard, Index, IndexWriter, nearest
from onpu.similar.alignment import align
from onpu.similar.hearing import STEPS, systems
from onpu.similar.recommend import Plays, factorise, predicted
from onpu.similar.search import CANDIDATES

FOLDER = CACHE / "similarity"
SECONDS, SEED = 20.0, 502
PATCH = 32
"""Frames of the 2-D Fourier transform."""
PARTS = ("versions", "sound", "large")
MANY = 100_000


def cost(call: Callable[[], object]) -> float:
    """Seconds of the processor, the least of five calls."""
    return min(timed(call)[1].processor for _ in range(5)) or 1e-9


class Found(NamedTuple):
    """A row of the first table."""

    name: str
    size: int
    rank: np.ndarray
    seconds: float


def chroma_of(name: str, sounds: Sequence[Callable[[], Audio]]) -> list[np.ndarray]:
    """(12, frames) uint8 of each sound, two frames a second, from the cache where it is there."""
    path = FOLDER / f"{name}-{systems('cpu').hashes['chroma'][:8]}.npz"
    if not path.exists():
        listener = systems("cpu").chroma
        rows = []
        for sound in sounds:
            with torch.inference_mode():
                heard = predict(listener, list(features_of(sound(), listener.features)))["chroma"]
            rows.append(np.rint(slowed(heard, listener.features.clock.fps) * STEPS).astype(np.uint8))
        FOLDER.mkdir(parents=True, exist_ok=True)
        with replacing(path) as temporary:
            np.savez_compressed(temporary, chroma=np.concatenate(rows, axis=1), frames=[row.shape[1] for row in rows])
    with np.load(path) as stored:
        return list(np.split(stored["chroma"], np.cumsum(stored["frames"])[:-1], axis=1))


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


def pairs(count: int) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Chroma of the first and the second version of each song."""
    scenes = VersionScenes().of(Plan(seed=SEED, seconds=SECONDS, rate=RATE, negatives=0.0))
    name = f"pairs-{SEED}-{count}"
    sounds = write_sounds(FOLDER / "pairs", scenes, count)

    def version(number: int, side: int) -> Audio:
        return Audio(sounds.item(number)[side : side + 1], RATE)

    both = [chroma_of(f"{name}-{side}", [partial(version, number, side) for number in range(count)])
            for side in (0, 1)]
    return both[0], both[1]


def others(corpora: Sequence[Path]) -> list[np.ndarray]:
    """Chroma of the songs among which a version is sought."""
    emotify = sorted((data("real/emotify") / "audio").glob("*.opus"))
    sets = {folder.name: sorted((folder / "songs").glob("*.flac")) for folder in corpora} | {"emotify": emotify}
    return [row for name, paths in sets.items()
            for row in chroma_of(name, [partial(beginning, path) for path in paths])]


def magnitudes(chroma: np.ndarray) -> np.ndarray:
    """Bertin-Mahieux & Ellis 2012, on chroma of a fixed hop: the 2-D Fourier magnitude of the first `PATCH` frames."""
    x = np.zeros((12, PATCH))
    x[:, : min(PATCH, chroma.shape[1])] = chroma[:, :PATCH] / np.maximum(np.linalg.norm(chroma[:, :PATCH], axis=0), 80)
    found = np.sqrt(np.abs(np.fft.fft2(x))[:7].ravel())
    found[0] = 0
    return found / max(float(np.linalg.norm(found)), 1e-9)


def ranked(scores: np.ndarray) -> np.ndarray:
    """How many are before the right one, whose place is the query's own number."""
    return (scores > scores[np.arange(len(scores)), np.arange(len(scores))][:, None]).sum(axis=1)


def whitening(tunes: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    """What an index of these does to vectors of tunes."""
    empty = np.zeros(0)
    index = Index(Path(), {}, (), np.arange(len(tunes)), empty, tunes, empty, empty)
    return index.whitened


def versions(first: list[np.ndarray], crowd: list[np.ndarray], chosen: TrainedMaker, aligned: int) -> list[Found]:
    """Each way of finding the second version of a song, which is at its number in the crowd. aligned: songs for which
    it is also sought by alignment, the first ones."""
    queries, there = ([tune.embed(chosen, row / STEPS) for row in rows] for rows in (first, crowd))
    vectors = [np.stack([vector for vector, _ in rows]) for rows in (queries, there)]
    codes = [packed(np.stack([code for _, code in rows])) for rows in (queries, there)]
    plain = [np.stack([magnitudes(row) for row in rows]) for rows in (first, crowd)]
    by_vectors = vectors[0] @ vectors[1].T
    white = whitening(vectors[1][len(first) :])
    turned = [white(each) for each in vectors]
    by_turned = turned[0] @ turned[1].T
    drawn = np.random.default_rng(0).standard_normal((turned[0].shape[1], 256))
    signs = [packed((each @ drawn > 0).astype(float)) for each in turned]
    by_codes = -np.stack([hamming(code, codes[1]) for code in codes[0]])
    rows = [Found("2-D Fourier magnitude of chroma (Bertin-Mahieux & Ellis 2012)", 4 * plain[0].shape[1],
                  ranked(plain[0] @ plain[1].T), cost(lambda: plain[1] @ plain[0][0])),
            Found("learned vector, float32", 4 * vectors[0].shape[1], ranked(by_vectors),
                  cost(lambda: vectors[1] @ vectors[0][0])),
            Found("the same, whitened by the collection", 4 * vectors[0].shape[1], ranked(by_turned),
                  cost(lambda: turned[1] @ turned[0][0])),
            Found("signs of 256 random projections of it", 32,
                  ranked(-np.stack([hamming(sign, signs[1]) for sign in signs[0]])),
                  cost(lambda: hamming(signs[0][0], signs[1]))),
            Found("learned code", codes[0].shape[1], ranked(by_codes), cost(lambda: hamming(codes[0][0], codes[1])))]
    frames = round(12 * float(np.mean([row.shape[1] for row in crowd])))
    for name, size, cheap in (("whitened vectors", rows[2].size, by_turned), ("codes", codes[0].shape[1], by_codes)):
        rank = []
        for number, query in enumerate(first[:aligned]):
            near = np.argsort(-cheap[number], kind="stable")[:CANDIDATES]
            scores = align(query, [crowd[place] for place in near])[0]
            own = np.flatnonzero(near == number)
            rank.append(int((scores > scores[own[0]]).sum()) if len(own) else len(crowd))
        near = np.argsort(-cheap[0])[:CANDIDATES]
        told = f"{CANDIDATES} candidates by {name}, aligned ({aligned} songs)"
        rows.append(Found(told, size + frames, np.array(rank),
                          cost(partial(align, first[0], [crowd[place] for place in near]))))
    every = np.stack([align(query, crowd)[0] for query in first[:aligned]])
    all_aligned = cost(lambda: align(first[0], crowd))
    told = f"all aligned, as `onpu similar` does with short ones ({aligned} songs)"
    return [*rows, Found(told, frames, ranked(every), all_aligned)]


class Excerpts(NamedTuple):
    """Emotify: genre of each excerpt, and its vectors by name."""

    genre: np.ndarray
    vectors: dict[str, np.ndarray]


def excerpts(corpus: Path, chosen: TrainedMaker) -> Excerpts:
    """What is compared by sound, centred, of length 1."""
    with (corpus / "labels.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    torch.manual_seed(0)
    untrained = TrainedMaker.build(texture.MAKER, chosen.recipe)
    untrained.network.eval()
    found: dict[str, list[np.ndarray]] = {"MFCC, means and deviations": [], "untrained encoder": [], "texture": []}
    mfcc = Mfcc(Mel(22_050, bands=64), span=None)
    for row in rows:
        sound = beginning(corpus / "audio" / f"{row['id']}.opus")
        with torch.inference_mode():
            cepstrum = torch.cat([chunk[0, 0] for chunk in features_of(sound, mfcc)], dim=1).numpy()
            spectrum = torch.cat([chunk[0, 0] for chunk in features_of(sound, mel_of_patches())], dim=1).numpy()
            found["MFCC, means and deviations"].append(np.concatenate([cepstrum.mean(axis=1), cepstrum.std(axis=1)]))
            found["untrained encoder"].append(texture.embed(untrained, spectrum))
            found["texture"].append(texture.embed(chosen, spectrum))
    vectors = {}
    for name, each in found.items():
        x = np.stack(each)
        x = x - x.mean(axis=0)
        x /= np.maximum(x.std(axis=0), 1e-9) if "MFCC" in name else 1.0
        vectors[name] = x / np.linalg.norm(x, axis=1, keepdims=True)
    return Excerpts(np.array([row["genre"] for row in rows]), vectors)


def alike(found: Excerpts) -> list[list[object]]:
    """Share of the own genre among the nearest of each excerpt."""
    rows: list[list[object]] = []
    for name, x in found.vectors.items():
        near = np.argsort(-(x @ x.T - 2 * np.eye(len(x))), axis=1)[:, :10]
        hits = found.genre[near] == found.genre[:, None]
        rows.append([name, x.shape[1], float(hits[:, 0].mean()), float(hits.mean())])
    chance = float(np.mean([(found.genre == one).mean() for one in found.genre]))
    return [*rows, ["chance", "", chance, chance]]


def recommended(found: Excerpts) -> list[list[object]]:
    """Precision of ten songs that are recommended to simulated listeners: of songs that others played, and of songs
    that nobody did."""
    rng = np.random.default_rng(0)
    kind, vectors = found.genre, found.vectors["texture"]
    kinds, number = np.unique(kind, return_inverse=True)
    users = 200
    taste = 0.02 + 0.5 * np.stack([rng.permutation([1.0, 0.5, 0.0, 0.0][: len(kinds)]) for _ in range(users)])
    likes = rng.random((users, len(kind))) < taste[:, number]
    fresh = rng.random(len(kind)) < 0.5
    shown = (rng.random(likes.shape) < 0.4) & likes & ~fresh
    plays = Plays.of([(str(user), str(song), float(1 + rng.geometric(0.2))) for user, song in np.argwhere(shown)])
    tastes = factorise(plays)
    songs = np.array([int(name) for name in plays.songs])
    factors = predicted(vectors, songs, tastes.songs)
    by_sound = factors.copy()
    factors[songs] = tastes.songs
    owners = np.array([int(name) for name in plays.users])
    popular = np.bincount(plays.song, plays.count, len(songs))
    popularity = np.zeros(len(kind))
    popularity[songs] = popular
    ways = {"factors": tastes.users @ factors.T, "factors predicted from sound alone": tastes.users @ by_sound.T,
            "the most played": np.tile(popularity, (len(owners), 1)), "at random": rng.random((len(owners), len(kind)))}
    rows: list[list[object]] = []
    for name, scores in ways.items():
        row: list[object] = [name]
        for among in (~fresh, fresh):
            left = np.where(among & ~shown[owners], scores, -np.inf)
            best = np.argsort(-left, axis=1)[:, :10]
            row.append(float(np.take_along_axis(likes[owners], best, axis=1).mean()))
        rows.append(row)
    return rows


def large() -> list[list[object]]:
    """Times of an index of `MANY` songs of which nothing was heard: drawn vectors and codes."""
    folder = FOLDER / "large.index"
    sizes = {"texture": 64, "tune": 128, "code": 32}
    rng = np.random.default_rng(0)
    if not folder.exists():
        with IndexWriter(folder, {}, sizes) as writer:
            chroma = rng.integers(0, 255, (12, 40), dtype=np.uint8)
            for number in range(MANY):
                sound, told = rng.standard_normal(64), rng.standard_normal(128)
                writer.add(f"music/artist {number // 100}/{number}.mp3", number, 1, Heard(
                    20.0, sound / np.linalg.norm(sound), told / np.linalg.norm(told),
                    rng.integers(0, 255, 32, dtype=np.uint8), chroma))
    index = Index.open(folder)
    found = index.heard(7)
    rows: list[list[object]] = [["opening it, s", cost(lambda: Index.open(folder))],
                                ["vectors of all as float32, s", cost(lambda: replace(index).vectors)]]
    index.vectors, index.codes  # noqa: B018
    asked: dict[str, Callable[[], object]] = {
        "all vectors (128)": lambda: index.vectors["tune"] @ found.tune,
        "all codes (256 bits)": lambda: hamming(found.code, index.codes),
        "tune, as `onpu similar` asks": lambda: nearest(index, found, 10, "tune"),
        "sound, as `onpu similar` asks": lambda: nearest(index, found, 10, "sound")}
    rows += [[f"queries a second by {name}", 1 / cost(ask)] for name, ask in asked.items()]
    return rows


def main() -> None:
    """See the module."""
    options: argparse.ArgumentParser = parser(__doc__)
    options.add_argument("--distractors", type=Path, nargs="*", default=[], metavar="CORPUS")
    options.add_argument("--pairs", type=int, default=150)
    options.add_argument("--aligned", type=int, default=150, metavar="N", help="songs sought by alignment too")
    options.add_argument("--parts", nargs="*", default=PARTS, choices=PARTS, metavar="PART",
                         help=f"of {', '.join(PARTS)}")
    options.add_argument("--fresh", action="store_true", help="forget what was heard")
    given = options.parse_args()
    torch.set_num_threads(1)
    if given.fresh:
        shutil.rmtree(FOLDER, ignore_errors=True)
    chosen = systems("cpu")
    parts: list[str] = []
    if "versions" in given.parts:
        first, second = pairs(given.pairs)
        crowd = second + others(given.distractors)
        rows = versions(first, crowd, chosen.tune, min(given.aligned, len(first)))
        parts += [f"## Versions\n\n{len(first)} songs, the other version of each sought among {len(crowd)}.\n", table(
            ["found by", "bytes a song", "recall@1", "recall@10", "recall@100", "queries a second"],
            [[row.name, row.size, *(float((row.rank < k).mean()) for k in (1, 10, 100)), 1 / row.seconds]
             for row in rows])]
    if "sound" in given.parts:
        emotify = excerpts(data("real/emotify"), chosen.texture)
        parts += ["\n## By sound: Emotify, 300 recordings of four genres\n", table(
            ["by", "numbers", "nearest of the same genre", "of the ten nearest"], alike(emotify)),
            "\n## Recommendation: 200 simulated listeners, precision of ten\n", table(
            ["by", "songs that others played", "songs that nobody played"], recommended(emotify))]
    if "large" in given.parts:
        parts += [f"\n## An index of {MANY:,} songs, one thread\n", table(["", "value"], large())]
    save(given, "similarity", "Songs like others", parts)


if __name__ == "__main__":
    run(main)
