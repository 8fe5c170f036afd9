"""Songs like others: covers of a song found among two thousand, by vectors, by codes and by alignment; songs of like
timbre; recommendation to simulated listeners; the speed of an index of 100,000 songs.

    python -m benchmarks.listening.similarity [--distractors CORPUS ...] [--pairs N] [--parts PART ...]
        [--results FOLDER] [--dry]

Pairs are versions of composed songs (`onpu.data.scenes.versions`, seed 502; constants were chosen on 40 of seed 501):
in another key and tempo (up to 1.25 times either way), by the band of another style, with other sounds, 20 s of each.
Sought is the second of a pair among the seconds of all, the songs of the corpora that --distractors names (20 s each),
and the 300 recordings of Emotify. What was heard lies in the cache, and is not heard again. By timbre, each Emotify
excerpt asks for others: the share of its own genre among the ten nearest. Listeners are simulated: each likes two of
the four genres, more or less, and some songs for no reason; half the songs are played by nobody. Table:
benchmarks/results/similarity.md, similarity_timbre.md, similarity_index.md.
"""

import argparse
import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch

from benchmarks.listening.similarity_covers import FOLDER, beginning, cost, covers, others, pairs
from benchmarks.paths import data
from benchmarks.report import parser, run, save, table
from onpu.errors import DataError
from onpu.inference.streaming import features_of
from onpu.layers.hashing import hamming
from onpu.make import timbre
from onpu.maker import TrainedMaker
from onpu.represent import Mel, Mfcc
from onpu.represent.patches import mel_of_patches
from onpu.similar import Descriptors, Index, IndexWriter, nearest
from onpu.similar.describing import systems
from onpu.similar.recommend import Plays, factorise, predicted

PARTS = ("covers", "timbre", "large")
MANY = 100_000


class Excerpts(NamedTuple):
    """Emotify: genre of each excerpt, and its vectors by name."""

    genre: np.ndarray
    vectors: dict[str, np.ndarray]


def excerpts(corpus: Path, chosen: TrainedMaker) -> Excerpts:
    """What is compared by sound, centred, of length 1."""
    with (corpus / "labels.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    torch.manual_seed(0)
    untrained = TrainedMaker.build(timbre.MAKER, chosen.recipe)
    untrained.network.eval()
    found: dict[str, list[np.ndarray]] = {"MFCC, means and deviations": [], "untrained encoder": [], "timbre": []}
    mfcc = Mfcc(Mel(22_050, bands=64), span=None)
    for row in rows:
        sound = beginning(corpus / "audio" / f"{row['id']}.opus")
        with torch.inference_mode():
            cepstrum = torch.cat([chunk[0, 0] for chunk in features_of(sound, mfcc)], dim=1).numpy()
            spectrum = torch.cat([chunk[0, 0] for chunk in features_of(sound, mel_of_patches())], dim=1).numpy()
            found["MFCC, means and deviations"].append(np.concatenate([cepstrum.mean(axis=1), cepstrum.std(axis=1)]))
            found["untrained encoder"].append(timbre.embed(untrained, spectrum))
            found["timbre"].append(timbre.embed(chosen, spectrum))
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
    kind, vectors = found.genre, found.vectors["timbre"]
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


def refused(folder: Path) -> str:
    """Whether an index with one bit flipped in its codes is refused; the bit is put back."""
    path = folder / "codes.u1"

    def flip() -> None:
        with path.open("r+b") as file:
            file.seek(path.stat().st_size // 3)
            value = file.read(1)[0] ^ 4
            file.seek(-1, 1)
            file.write(bytes([value]))

    flip()
    try:
        Index.open(folder)
    except DataError:
        return "refused"
    finally:
        flip()
    return "NOT refused"


def large() -> list[list[object]]:
    """Times of an index of `MANY` songs of which nothing was heard: drawn vectors and codes."""
    folder = FOLDER / "large.index"
    sizes = {"timbre": 64, "cover": 128, "code": 32}
    rng = np.random.default_rng(0)
    if not folder.exists():
        with IndexWriter(folder, {}, sizes) as writer:
            chroma = rng.integers(0, 255, (36, 40), dtype=np.uint8)
            for number in range(MANY):
                sound, told = rng.standard_normal(64), rng.standard_normal(128)
                writer.add(f"music/artist {number // 100}/{number}.mp3", number, 1, Descriptors(
                    20.0, sound / np.linalg.norm(sound), told / np.linalg.norm(told),
                    rng.integers(0, 255, 32, dtype=np.uint8), chroma))
    index = Index.open(folder)
    found = index.descriptors(7)
    rows: list[list[object]] = [["opening it, s", cost(lambda: Index.open(folder))],
                                [f"a flipped bit is {refused(folder)}, s", cost(lambda: refused(folder))],
                                ["vectors of all as float32, s", cost(lambda: replace(index).vectors)]]
    index.vectors, index.codes  # noqa: B018
    asked: dict[str, Callable[[], object]] = {
        "all vectors of covers (128), exact": lambda: index.vectors["cover"] @ found.cover,
        "all codes (256 bits)": lambda: hamming(found.code, index.codes),
        "covers, as `onpu similar` asks": lambda: nearest(index, found, 10, "cover"),
        "timbre, as `onpu similar` asks": lambda: nearest(index, found, 10, "timbre")}
    rows += [[f"queries a second by {name}", 1 / cost(ask)] for name, ask in asked.items()]
    return rows


def main() -> None:
    """See the module."""
    options: argparse.ArgumentParser = parser(__doc__)
    options.add_argument("--distractors", type=Path, nargs="*", default=[], metavar="CORPUS")
    options.add_argument("--pairs", type=int, default=150)
    options.add_argument("--parts", nargs="*", default=PARTS, choices=PARTS, metavar="PART",
                         help=f"of {', '.join(PARTS)}")
    given = options.parse_args()
    torch.set_num_threads(1)
    chosen = systems("cpu")
    if "covers" in given.parts:
        first, second = pairs(given.pairs)
        crowd = second + others(given.distractors)
        rows = [[row.name, row.size, *(float((row.rank < k).mean()) for k in (1, 10, 100)), 1 / row.seconds]
                for row in covers(first, crowd, chosen.cover)]
        save(given, "similarity", "Songs like others", [
            f"## Covers\n\n{len(first)} songs (role: report), the other version of each sought among {len(crowd)}; "
            "constants were chosen on 40 other songs.\n", table(
                ["found by", "bytes a song", "recall@1", "recall@10", "recall@100", "queries a second"], rows)])
    if "timbre" in given.parts:
        emotify = excerpts(data("real/emotify"), chosen.timbre)
        save(given, "similarity_timbre", "Songs that sound alike", [
            "## Emotify, 300 recordings of four genres\n", table(
                ["by", "numbers", "nearest of the same genre", "of the ten nearest"], alike(emotify)),
            "\n## Recommendation: 200 simulated listeners, precision of ten\n", table(
                ["by", "songs that others played", "songs that nobody played"], recommended(emotify))])
    if "large" in given.parts:
        save(given, "similarity_index", f"An index of {MANY:,} songs, one thread", [table(["", "value"], large())])


if __name__ == "__main__":
    run(main)
