"""Which harmony the recognisers learn from: the chords and keys of a training plan's items, counted.

    python docs/figures/harmony.py POP909_ZIP [--items 400] [--seed 1] [--seconds 40] [--arranged 0.5]

Writes docs/harmony-data.md, and harmony.png beside this file. Three plans are counted: the one that is asked for, and
one each of its two sources alone. Composition only; nothing is played.
"""

import argparse
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import matplotlib
import numpy as np

from onpu.data.plan import Plan, nothing
from onpu.files import replacing, write_text
from onpu.music import Timeline, harte
from onpu.music.spelling import MODES, key_label, parse_key

matplotlib.use("Agg")
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

HERE = Path(__file__).parent
TABLE = HERE.parent / "harmony-data.md"
PRIORS = {"maj": 0.525, "min": 0.136}
"""Shares in the training set of McFee & Bello (ISMIR 2017); others are not known here."""
QUALITIES = (*harte.VOCABULARY, "N", "X")
INVERSIONS = ("root", "third", "fifth", "seventh", "other")
_INTERVALS = {3: "third", 4: "third", 6: "fifth", 7: "fifth", 8: "fifth", 9: "seventh", 10: "seventh", 11: "seventh"}
LENGTHS = ((0.75, "up to ½"), (1.5, "1"), (2.5, "2"), (3.5, "3"), (4.5, "4"), (6.5, "5–6"), (8.5, "7–8"),
           (np.inf, "longer"))
"""Upper bounds in beats of the classes of chord lengths, and their names."""
ROOTS = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")
COLOURS = ("#456990", "#49beaa", "#ef767a")


@dataclass
class Count:
    """Seconds under each quality, inversion (of named chords), root, key and mode; chords of each length in beats;
    items: all, without music, with more than one key, with all of it N or X."""

    quality: Counter[str] = field(default_factory=Counter)
    bass: Counter[str] = field(default_factory=Counter)
    root: Counter[str] = field(default_factory=Counter)
    key: Counter[str] = field(default_factory=Counter)
    mode: Counter[str] = field(default_factory=Counter)
    length: Counter[str] = field(default_factory=Counter)
    items: Counter[str] = field(default_factory=Counter)

    def add(self, line: Timeline) -> None:
        """Count one item's labels."""
        assert line.chords is not None and line.keys is not None and line.beats is not None
        self.items["all"] += 1
        self.items["without music"] += not len(line.beats.times)
        self.items["more than one key"] += len(set(line.keys.labels.tolist())) > 1
        named = 0
        for start, end, label in _rows(line.chords.starts, line.chords.ends, line.chords.labels):
            number = harte.to_class(label)
            if number >= harte.NONE:
                self.quality["N" if number == harte.NONE else "X"] += end - start
                continue
            named += 1
            root, quality = divmod(number, len(harte.VOCABULARY))
            self.quality[harte.VOCABULARY[quality]] += end - start
            self.root[ROOTS[root]] += end - start
            self.bass[_inversion(label)] += end - start
            self.length[_length(line.beats.times, start, end)] += 1
        self.items["without a named chord"] += not named
        for start, end, label in _rows(line.keys.starts, line.keys.ends, line.keys.labels):
            tonic, mode = parse_key(label)
            self.mode[mode] += end - start
            self.key[key_label(tonic, "minor" if 3 in MODES[mode] else "major")] += end - start


def _rows(starts: np.ndarray, ends: np.ndarray, labels: np.ndarray) -> Iterator[tuple[float, float, str]]:
    return zip(starts.tolist(), ends.tolist(), map(str, labels), strict=True)


def _inversion(label: str) -> str:
    chord = harte.parse(label)
    if not chord.bass:
        return "root"
    return _INTERVALS.get(chord.bass, "other") if chord.bass in chord.tones else "other"


def _length(beats: np.ndarray, start: float, end: float) -> str:
    """Class of the length in beats of a chord; before the first and after the last beat they go on as they went."""
    step = float(np.median(np.diff(beats)))
    around = np.concatenate([beats[0] - step * np.arange(64, 0, -1), beats, beats[-1] + step * np.arange(1, 65)])
    length = float(np.diff(np.interp([start, end], around, np.arange(len(around))))[0])
    return next(name for bound, name in LENGTHS if length < bound)


def count(plan: Plan, items: int) -> Count:
    """Count the first so many items of a plan."""
    counted = Count()
    for number in range(items):
        song = plan.song(number)
        counted.add(nothing(plan.seconds) if song is None else song.timeline)
    return counted


def shares(counter: Counter[str], names: Iterable[str]) -> list[float]:
    """Shares of these names in all that was counted."""
    whole = sum(counter.values())
    return [counter[name] / whole for name in names]


def table(title: str, names: Iterable[str], counted: dict[str, Count], part: Callable[[Count], Counter[str]],
          priors: dict[str, float] | None = None) -> str:
    """Markdown: a row a name, a column a plan, in percent."""
    rows = list(names)
    head = [title, *counted, *(["McFee & Bello"] if priors else [])]
    columns = [shares(part(one), rows) for one in counted.values()]
    lines = ["| " + " | ".join(head) + " |", "|---" + "|---:" * (len(head) - 1) + "|"]
    for name, *values in zip(rows, *columns, strict=True):
        cells = [f"{100 * value:.1f}" for value in values]
        if priors:
            cells.append(f"{100 * priors[name]:.1f}" if name in priors else "")
        lines.append("| " + " | ".join([name, *cells]) + " |")
    return "\n".join(lines) + "\n"


def _modes(counted: dict[str, Count]) -> list[str]:
    return [mode for mode in MODES if any(one.mode[mode] for one in counted.values())]


def page(counted: dict[str, Count], plan: Plan, items: int) -> str:
    """The text of docs/harmony-data.md."""
    asked = next(iter(counted.values()))
    keys = [key_label(tonic, mode) for mode in ("major", "minor") for tonic in range(12)]
    what = ("without music", "without a named chord", "more than one key")
    facts = ["| share of the items | " + " | ".join(counted) + " |", "|---" + "|---:" * len(counted) + "|"]
    facts += ["| " + " | ".join([name, *(f"{100 * one.items[name] / items:.1f}" for one in counted.values())]) + " |"
              for name in what]
    rare = min(harte.VOCABULARY, key=lambda name: asked.quality[name])
    return "\n".join([
        "# The harmony that the recognisers learn from", "",
        f"Made by `docs/figures/harmony.py`: {items} items of {plan.seconds:g} s, seed {plan.seed}, drawn as a "
        f"training corpus draws them, {100 * plan.arranged:g} % of the music arranged from POP909's training songs; "
        "the same number of items of the composer alone and of POP909 alone. All in percent; chords and keys by their "
        "time, lengths by the number of chords. Every item is transposed at random, or composed in a random key.", "",
        "![Shares of chord qualities, inversions, lengths and keys](figures/harmony.png)", "",
        "## Chord qualities", "",
        "McFee & Bello's column has the shares of their training songs (1217 tracks of Isophonics, Billboard, RWC "
        "Popular and MARL), as far as they are known here: of two qualities. A label counts as the chord of the "
        "vocabulary that it reduces to (`onpu.music.harte.to_class`), X is what has no such chord: single notes, "
        f"clusters. Items without music are N throughout. The rarest quality is {rare}.", "",
        table("quality", QUALITIES, counted, lambda one: one.quality, PRIORS),
        "## The bass", "",
        "Of the time of named chords; other: a bass that is no tone of the chord, as under a pedal point.", "",
        table("in the bass", INVERSIONS, counted, lambda one: one.bass),
        "## Lengths of chords", "",
        table("beats", [name for _, name in LENGTHS], counted, lambda one: one.length),
        "## Roots", "", table("root", ROOTS, counted, lambda one: one.root),
        "## Keys", "",
        "Of the time that has a key; modes count with the major or minor key that has their third.", "",
        table("key", keys, counted, lambda one: one.key),
        "## Modes", "", table("mode", MODES, counted, lambda one: one.mode),
        "## Items", "", *facts, ""])


def bars(axis: Axes, names: Iterable[str], counted: dict[str, Count], part: Callable[[Count], Counter[str]],
         title: str) -> None:
    """Bars of the plans beside each other, in percent."""
    rows = list(names)
    for place, (name, one) in enumerate(counted.items()):
        axis.bar(np.arange(len(rows)) + 0.27 * (place - 1), 100 * np.array(shares(part(one), rows)), 0.25, label=name,
                 color=COLOURS[place])
    axis.set_xticks(np.arange(len(rows)), rows, rotation=90 if len(rows) > 20 else 0)
    axis.set_title(title)
    axis.set_ylabel("%")


def draw(counted: dict[str, Count], path: Path) -> None:
    """Qualities, inversions, lengths, keys and modes."""
    figure = plt.figure(figsize=(11, 11), constrained_layout=True)
    grid = figure.add_gridspec(3, 2)
    axis = figure.add_subplot(grid[0, :])
    bars(axis, QUALITIES, counted, lambda one: one.quality, "chord qualities, share of the time")
    axis.plot([QUALITIES.index(name) for name in PRIORS], [100 * share for share in PRIORS.values()], "k_",
              markersize=28, markeredgewidth=2, label="McFee & Bello")
    axis.set_yscale("log")
    axis.set_yticks([0.1, 0.3, 1, 3, 10, 30], ["0.1", "0.3", "1", "3", "10", "30"])
    axis.set_ylim(0.05, 80)
    axis.legend(ncols=4)
    bars(figure.add_subplot(grid[1, 0]), INVERSIONS, counted, lambda one: one.bass, "what is in the bass")
    bars(figure.add_subplot(grid[1, 1]), [name for _, name in LENGTHS], counted, lambda one: one.length,
         "lengths of chords in beats, share of the chords")
    keys = [key_label(tonic, mode) for mode in ("major", "minor") for tonic in range(12)]
    bars(figure.add_subplot(grid[2, 0]), keys, counted, lambda one: one.key, "keys, share of the time")
    bars(figure.add_subplot(grid[2, 1]), _modes(counted), counted, lambda one: one.mode, "modes, share of the time")
    with replacing(path) as temporary:
        figure.savefig(temporary, dpi=80)


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pop909", help="zip file of POP909 with POP909-CL")
    parser.add_argument("--items", type=int, default=400, help="of each plan")
    parser.add_argument("--seed", type=int, default=1, help="of the plans")
    parser.add_argument("--seconds", type=float, default=40.0, help="of an item")
    parser.add_argument("--arranged", type=float, default=0.5, help="share of the music that is from POP909")
    wanted = parser.parse_args()
    plan = Plan(seed=wanted.seed, seconds=wanted.seconds, pop909=wanted.pop909, arranged=wanted.arranged)
    music = replace(plan, negatives=0.0)
    plans = {"training plan": plan, "composed alone": replace(music, arranged=0.0),
             "POP909 alone": replace(music, arranged=1.0)}
    counted = {name: count(one, wanted.items) for name, one in plans.items()}
    draw(counted, Path(__file__).with_suffix(".png"))
    write_text(TABLE, page(counted, plan, wanted.items))


if __name__ == "__main__":
    main()
