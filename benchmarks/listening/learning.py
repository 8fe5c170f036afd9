"""What learning from corrections gains: some songs of an author set right, F on the others.

    python -m benchmarks.listening.learning --folds PATH,PATH,PATH,PATH [--only WORD] [--minutes 30]

A user is imitated who knows the truth, and who sets whole songs right. An author's songs are put in order by their
score before, the worst first; the first, third and fifth are set right, the others are never learned from: so both have
about as much wrong in them. Authors of recordings are all in `real/free` with five or more; what is learned from is the
network of the fold that heard nobody of theirs. An author of composed songs is a style that no training has, played by
the soundfont that none hears; what is learned from is what is shipped. The order of the songs, the shares of composed
music and the fixed statistics were settled after first runs on these same songs, so its figures are those of a
development set. Each run goes the way of the product (`onpu.pipelines.fine_tuning`) and is kept in the cache, so that
the command can be broken off. Table: benchmarks/results/learning.md.
"""

import argparse
import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch

from benchmarks.folds import fold_of_all
from benchmarks.listening.learning_tables import table_of_composed, table_of_recordings
from benchmarks.paths import CACHE, data
from benchmarks.recordings import fonts, held_out_styles
from benchmarks.report import parser, run, save
from onpu.data.corpora.folds import author_groups
from onpu.data.corpora.free import read_free
from onpu.data.plan import Plan
from onpu.errors import OnpuError
from onpu.files import Json, replacing
from onpu.formats.audio import write_audio
from onpu.listen import load
from onpu.music import Timeline
from onpu.pipelines.fine_tuning import COMPOSED, learn, weights_of
from onpu.weight_store import LearnedWeights

LEAST_RECORDINGS = 5
"""An author has so many at least."""
NO_ROOM = 0.99
"""Authors whose other songs have such a score before are not learned from."""
PORTIONS = (1, 2, 3)
"""Songs that are set right."""
STYLE_SEED, STYLE_SECONDS, STYLE_SONGS = 7_100, 40.0, 8
STYLE_TASKS = {"chords": 2, "drums": 20, "voice": 20}
"""Task -> how many of what it finds a song has at least."""


DONE = "done.json"


class Song(NamedTuple):
    """A recording with its true labels."""

    name: str
    audio: Path
    timeline: Timeline


@dataclass(frozen=True)
class Author:
    """Songs that are alike. name: in tables. task: what is learned of them. start: weights from which is learned;
    empty: those that are shipped."""

    name: str
    task: str
    songs: tuple[Song, ...]
    start: str = ""

    @cached_property
    def ranked(self) -> tuple[Song, ...]:
        """The songs, those of which most is wrong before first."""
        kept = CACHE / "learning" / f"{_plain(f'{self.task}-{self.name}')}.json"
        if not kept.exists():
            weights = self.start or weights_of(self.task)
            kept.write_text(json.dumps({song.name: scores(weights, [song])["score"] for song in self.songs}))
        found = json.loads(kept.read_text())
        return tuple(sorted(self.songs, key=lambda song: found[song.name]))

    @property
    def corrected(self) -> tuple[Song, ...]:
        """Those that are set right: every other one."""
        return self.ranked[: 2 * max(PORTIONS) : 2]

    @property
    def rest(self) -> tuple[Song, ...]:
        """Those that are never learned from."""
        return tuple(song for song in self.ranked if song not in self.corrected)


def recorded(weights: Sequence[str]) -> Iterator[Author]:
    """All authors of free recordings with enough of them, the network of their fold first asked for."""
    found = read_free(data("real/free"))
    groups = author_groups(one.author for one in found)
    for group in sorted(set(groups)):
        own = sorted((one for one, its in zip(found, groups, strict=True) if its == group), key=lambda one: one.name)
        if len(own) >= LEAST_RECORDINGS:
            fold = fold_of_all()[own[0].name]
            yield Author(own[0].author, "beats", tuple(Song(one.name, one.audio, one.timeline) for one in own),
                         weights[fold])


def composed() -> Iterator[Author]:
    """Each style that is held out, for each task."""
    font = tuple(str(path) for path in fonts())
    for style in held_out_styles():
        songs: list[Song] = []
        folder = CACHE / "learning" / "songs"
        folder.mkdir(parents=True, exist_ok=True)
        plan = Plan(STYLE_SEED, STYLE_SECONDS, styles=(style,), fonts=font, negatives=0.0)
        for number in range(STYLE_SONGS):
            path = folder / f"{style.replace(' ', '-')}-{number}.flac"
            labels = path.with_suffix(".npz")
            if not labels.exists():
                audio, timeline = plan.item(number)
                write_audio(path, audio)
                with replacing(labels) as temporary:
                    np.savez_compressed(temporary, **timeline.arrays())  # type: ignore[arg-type]
            with np.load(labels) as arrays:
                songs.append(Song(path.stem, path, Timeline.from_arrays(dict(arrays))))
        for task, least in STYLE_TASKS.items():
            own = tuple(song for song in songs if len(getattr(song.timeline, task)) >= least)
            if len(own) >= LEAST_RECORDINGS:
                yield Author(style, task, own)


def scores(weights: str, songs: Sequence[Song]) -> dict[str, float]:
    """Measure -> mean over songs that have it, of the measures that choose; and their mean as `score`."""
    trained = load(weights)
    rows = [trained.listener.metric(song.timeline, trained.timeline(song.audio)) for song in songs]
    means = {name: float(np.mean([row[name] for row in rows if name in row])) for name in trained.listener.criterion
             if any(name in row for row in rows)}
    return means | {"score": float(np.mean(list(means.values())))}


def place_of(author: Author, portion: int) -> Path:
    """Where a run lies in the cache."""
    return CACHE / "learning" / _plain(f"{author.task}-{author.name}-{portion}")


def _plain(name: str) -> str:
    """As a file may be called."""
    return name.replace(" ", "-").replace("/", "-")


def learned(author: Author, portion: int, minutes: float) -> Json:
    """What became of setting so many songs right; from the cache where it was made before."""
    place = place_of(author, portion)
    done = place / DONE
    if done.exists():
        return dict(json.loads(done.read_text()))
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    shared = CACHE / "learning" / COMPOSED
    shared.mkdir(exist_ok=True)
    (place / COMPOSED).symlink_to(shared.resolve())
    weights, name = LearnedWeights(place), weights_of(author.task)
    if author.start:
        shutil.copyfile(author.start, weights.path(name, 1))
        weights.add(name, 1, {})
    before = scores(author.start or name, author.rest)
    if before["score"] >= NO_ROOM:
        found: Json = {"author": author.name, "task": author.task, "portion": portion, "others": len(author.rest),
                       "before": before, "after": before, "verdict": None}
        done.write_text(json.dumps(found, indent=1))
        return found
    (verdict,) = learn([(song.audio, song.timeline) for song in author.corrected[:portion]], author.task, place,
                       minutes=minutes)
    after = scores(str(weights.in_use().get(name, name)), author.rest) if verdict.kept else before
    found = {"author": author.name, "task": author.task, "portion": portion, "others": len(author.rest),
             "before": before, "after": after, "verdict": verdict.told()}
    done.write_text(json.dumps(found, indent=1))
    print(f"{author.name}, {author.task}, {portion}: {before['score']:.3f} -> {after['score']:.3f}; "
          f"{verdict.sentence()}", flush=True)
    return found


def main() -> None:
    """See the module."""
    options = parser(__doc__)
    options.add_argument("--folds", required=True, help="the weights of beats of each fold, by commas")
    options.add_argument("--only", default="", help="only authors and tasks that have this word")
    options.add_argument("--minutes", type=float, default=30.0,
                         help="of learning a task at most; usually its steps are done before")
    options.add_argument("--most", type=int, default=0, help="so many new runs at most; 0: all, and the table")
    options.add_argument("--made", action="store_true", help="the table of the runs that were made; none is begun")
    given = options.parse_args()
    torch.set_num_threads(1)
    weights = given.folds.split(",")
    if len(weights) < 2:
        raise OnpuError(f"--folds {given.folds}: give the weights of each fold")
    made = list(results(given, weights))
    if given.most or given.only:
        return
    save(given, "learning", "Learning from corrections", [
        *table_of_recordings([one for one in made if one["task"] == "beats"]),
        *table_of_composed([one for one in made if one["task"] != "beats"]), *told(given, weights)])


def told(given: argparse.Namespace, weights: Sequence[str]) -> list[str]:
    """What the figures stand for, and which runs were not made."""
    every = [(author, max(PORTIONS)) for author in (*recorded(weights), *composed())]
    lacking = [f"{author.name}, {author.task}" for author, portion in every
               if not (place_of(author, portion) / DONE).exists()]
    missing = [f"Not run yet: {'; '.join(lacking)}.\n"] if given.made and lacking else []
    return ["Development figures: the order of the songs, the shares of composed music and the fixed statistics of "
            "batch normalisation were settled after first runs on these songs. Drums and voice are asked for in styles "
            "with five songs that have twenty strokes, or passages that are sung.\n", *missing]


def results(given: argparse.Namespace, weights: Sequence[str]) -> Iterator[Json]:
    """All runs, the largest portions first; of composed authors that one alone."""
    new = 0
    rounds: list[tuple[int, Callable[[], Iterator[Author]]]] = [
        (max(PORTIONS), partial(recorded, weights)), (max(PORTIONS), composed),
        *((portion, partial(recorded, weights)) for portion in sorted(PORTIONS)[-2::-1])]
    for portion, authors in rounds:
        for author in authors():
            if given.only not in f"{author.name} {author.task}":
                continue
            made = (place_of(author, portion) / DONE).exists()
            if given.made and not made:
                continue
            new += not made
            if given.most and new > given.most:
                return
            yield learned(author, portion, given.minutes)


if __name__ == "__main__":
    run(main)
