"""Which of the composer's styles a tagger may learn from, and the corpus of short clips that it learns from.

    python -m benchmarks.listening.tags_styles CORPUS [--clips 800] [--seconds 12] [--seed 2611] [--jobs 1]

The composer holds four styles out of all training: too few to say whether a genre carries over. So of the styles that
are composed only when they are asked for by name, which therefore no earlier weights have heard, a half is judged
(`UNSEEN`) and the other half teaches. They were parted before any network had learned from the corpus. It is drawn so
that no genre is rare: a genre's share grows with the square root of the number of its styles, which are equally likely
within it.
"""

import argparse
from pathlib import Path

from benchmarks.paths import data
from benchmarks.report import run
from onpu.data.corpus import write_corpus
from onpu.data.plan import SETS, Plan
from onpu.engine.compose import STYLES
from onpu.music.words import GENRES, genre_of

UNSEEN = ("viennese waltz", "jazz waltz", "choro", "marchinha", "oompah", "valse swing", "power ballad in twelve",
          "jungle", "dub", "lovers rock", "drill")
"""Styles that are judged and not taught, beside the four that are held out of all training."""
SEED, PARTS, RATE = 2_611, 600, 22_050


def teaching_styles() -> tuple[str, ...]:
    """Names of the styles that teach, each as often as it is to be likely: about `PARTS` names in all."""
    genres: dict[str, list[str]] = {name: [] for name in GENRES}
    for name, style in sorted(STYLES.items()):
        genre = genre_of(style.genre)
        if genre is not None and not style.held_out and name not in UNSEEN:
            genres[genre].append(name)
    whole = sum(len(names) ** 0.5 for names in genres.values())
    return tuple(name for names in genres.values()
                 for name in names for _ in range(max(1, round(PARTS * len(names) ** 0.5 / whole / len(names)))))


def unseen_styles() -> tuple[str, ...]:
    """Names of the styles that are judged."""
    return (*(name for name, style in STYLES.items() if style.held_out), *UNSEEN)


def main() -> None:
    """See the module."""
    options = argparse.ArgumentParser(description="The corpus of short clips that a tagger learns from.")
    options.add_argument("corpus", type=Path)
    options.add_argument("--clips", type=int, default=800)
    options.add_argument("--seconds", type=float, default=12.0)
    options.add_argument("--seed", type=int, default=SEED)
    options.add_argument("--jobs", type=int, default=1)
    given = options.parse_args()
    plan = Plan(given.seed, given.seconds, RATE, teaching_styles(), negatives=0.03, arranged=0.0,
                sounds=str(data(SETS["sounds"])))
    print(f"{given.corpus}: {len(write_corpus(given.corpus, plan, given.clips, given.jobs))} clips")


if __name__ == "__main__":
    run(main)
