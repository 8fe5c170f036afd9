"""Draw what the composer composes: tempi, metres, keys, chord qualities, rubato and instruments of many songs.

    python docs/figures/compose_statistics.py [SONGS] writes compose_statistics.png beside this file.
"""

import sys
from collections import Counter
from pathlib import Path

import matplotlib
import numpy as np

from onpu.engine.compose import STYLES, compose

matplotlib.use("Agg")
from matplotlib import pyplot as plt


def count(songs: int) -> tuple[dict[str, Counter[str]], dict[str, list[float]]]:
    """Labels counted, and figures listed, over songs of 40 s drawn from all training styles."""
    names = ("metre", "key mode", "chord quality", "instrument")
    counts: dict[str, Counter[str]] = {name: Counter() for name in names}
    values: dict[str, list[float]] = {"tempo [beats a minute]": [], "spread of beat intervals [%]": []}
    for seed in range(songs):
        timeline = compose(seed, None, 40.0).timeline
        metre, chords, tags = timeline.metre, timeline.chords.labels, timeline.tags.labels
        counts["metre"].update(f"{n}/{d}" for n, d in zip(metre.numerators, metre.denominators, strict=True))
        counts["key mode"].update(label.partition(":")[2] for label in timeline.keys.labels)
        counts["chord quality"].update(label.partition(":")[2].partition("/")[0] or "N" for label in chords)
        counts["instrument"].update(tag.partition(":")[2] for tag in tags if tag.startswith("instrument"))
        intervals = np.diff(timeline.beats.times)[:-1]
        values["tempo [beats a minute]"].append(float(timeline.tempo.bpm[0]))
        values["spread of beat intervals [%]"].append(float(100 * intervals.std() / intervals.mean()))
    return counts, values


def draw(counts: dict[str, Counter[str]], values: dict[str, list[float]], songs: int) -> Path:
    """Two histograms and four bar charts."""
    figure, axes = plt.subplots(3, 2, figsize=(11, 10), constrained_layout=True)
    for axis, (name, numbers) in zip(axes[0], values.items(), strict=True):
        axis.hist(np.clip(numbers, None, 250 if "tempo" in name else 30), bins=40, color="#456990")
        axis.set_xlabel(name)
        axis.set_ylabel("songs")
    for axis, (name, counter) in zip(axes[1:].ravel(), counts.items(), strict=True):
        labels, numbers = zip(*counter.most_common(), strict=True)
        axis.bar(labels, numbers, color="#028090")
        axis.set_yscale("log")
        axis.set_title(name)
        axis.tick_params(axis="x", rotation=60)
    figure.suptitle(f"{songs} songs, {sum(not style.held_out for style in STYLES.values())} styles")
    path = Path(__file__).with_suffix(".png")
    figure.savefig(path, dpi=80)
    return path


if __name__ == "__main__":
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    draw(*count(number), number)
