"""Where recordings lie among composed songs, feature by feature, and how well a classifier tells the two apart.

    python -m benchmarks.engine.real_or_composed before=FOLDER today=FOLDER [--excerpts 120]

Each FOLDER is a corpus that `onpu compose` wrote, of one state of the engine. Recordings: mdb, maps and the songs of
ultrastar that choose are described feature by feature; the classifier learns those and Emotify (which teaches; four
genres of thirty seconds) against one corpus at a time, ten folds, all excerpts of a recording in one fold. All sound
is heard through the same codec, Opus at 32 kbit/s, in which Emotify is kept. Table:
benchmarks/results/real_or_composed.md; picture: docs/figures/real-or-composed.png.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import matplotlib.pyplot as plt
import numpy as np
import soundfile
import soxr
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score, roc_auc_score
from sklearn.model_selection import StratifiedGroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from benchmarks.engine.excerpts import NAMES, RATE, described
from benchmarks.paths import FIGURES, data
from benchmarks.report import figure, parser, run, save, table
from benchmarks.roles import ULTRASTAR_REPORTED
from onpu.data.corpus import Corpus
from onpu.engine.render.encoders import Encoder, encoded

SECONDS = 20.0
CODEC = Encoder("ffmpeg", "ogg", "libopus", 48_000, 32, 1)
FOLDS = 10
TELLING = 10
"""Single features that are listed."""
FILE = FIGURES / "real-or-composed.png"
SHOWN = ("slope, dB an octave", "crest, dB", "range of levels, dB", "quietest 3 %, dB", "onsets a second",
         "flux at beats over between", "cents from 440 Hz", "share of vibrato")


class Excerpt(NamedTuple):
    """Of which recording, of which set, and its sound, mono at `RATE`."""

    recording: str
    group: str
    sound: np.ndarray
    beats: np.ndarray


def main() -> None:
    """Measure, print, write and draw."""
    options = parser(__doc__)
    options.add_argument("corpora", nargs="+", metavar="NAME=FOLDER", help="composed songs of one state of the engine")
    options.add_argument("--excerpts", type=int, default=120, help="of each corpus and of Emotify, at most")
    given = options.parse_args()
    real = list(choosing())
    sets = {name: [e for e in real if e.group == name] for name in ("mdb", "maps", "ultrastar")}
    sets["emotify"] = list(emotify(given.excerpts))
    composed = {name: list(of_corpus(Path(folder), given.excerpts))
                for name, _, folder in (text.partition("=") for text in given.corpora)}
    values = {name: np.array([described(e.sound, e.beats) for e in excerpts])
              for name, excerpts in (sets | composed).items()}
    save(given, "real_or_composed", "Recordings among composed songs", [
        table(["median (10 % to 90 %)", *values], _features(values)), _told_apart(sets, composed, values),
        *(_telling(name, sets, values) for name in composed)])
    if not given.dry:
        draw(figure(given, FILE), values)


def choosing() -> Iterator[Excerpt]:
    """Excerpts of the sets that choose."""
    files = [("mdb", file) for file in sorted(data("real/mdb").glob("*/mix.flac"))]
    files += [("maps", file) for file in sorted(data("real/maps").glob("*/audio.flac"))]
    files += [("ultrastar", file) for file in sorted(data("real/ultrastar").glob("*/audio.*"))
              if file.parent.name not in ULTRASTAR_REPORTED]
    for group, file in files:
        beats = file.with_name("beats.tsv")
        times = np.loadtxt(beats, ndmin=2)[:, 0] if beats.exists() else np.zeros(0)
        samples, rate = soundfile.read(file, dtype="float32", always_2d=True)
        yield from cut(group, file.parent.name, samples, rate, times, CODEC)


def emotify(count: int) -> Iterator[Excerpt]:
    """So many excerpts, of all genres alike."""
    files = sorted(data("real/emotify").glob("audio/*.opus"))
    for file in files[:: max(len(files) // count, 1)][:count]:
        sound, rate = soundfile.read(file, dtype="float32", always_2d=True)
        yield next(cut("emotify", file.stem, sound, rate, np.zeros(0), None))


def of_corpus(folder: Path, count: int) -> Iterator[Excerpt]:
    """The middle of so many songs of a corpus; what is no music is left out."""
    corpus, found = Corpus.open(folder), 0
    for number in range(len(corpus)):
        labels = corpus.timeline(number)
        if labels.notes is None or not len(labels.notes) or found == count:
            continue
        audio = corpus.audio(number)
        times = labels.beats.times if labels.beats is not None else np.zeros(0)
        excerpts = list(cut("composed", f"{folder.name}{number}", audio.samples.T, audio.rate, times, CODEC))
        found += 1
        yield excerpts[len(excerpts) // 2]


def cut(group: str, name: str, sound: np.ndarray, rate: int, beats: np.ndarray,
        codec: Encoder | None) -> Iterator[Excerpt]:
    """The excerpts of a recording (samples, channels), one after the other; one where it is shorter."""
    mono = sound.mean(axis=1)
    length = min(len(mono), int(SECONDS * rate))
    for start in range(0, len(mono) - length + 1, length):
        part = mono[start : start + length]
        if codec is not None:
            part = encoded(np.stack([part, part]), codec, rate)[0]
        here = beats[(beats >= start / rate) & (beats < (start + length) / rate)] - start / rate
        yield Excerpt(name, group, soxr.resample(part, rate, RATE), here)


def _features(values: dict[str, np.ndarray]) -> list[list[str]]:
    rows = []
    for name in SHOWN:
        columns = [x[:, NAMES.index(name)] for x in values.values()]
        spans = [np.nanpercentile(x, (10, 50, 90)) if np.isfinite(x).any() else None for x in columns]
        rows.append([name, *("-" if s is None else f"{s[1]:.3g} ({s[0]:.3g} to {s[2]:.3g})" for s in spans)])
    return rows


def _told_apart(sets: dict[str, list[Excerpt]], composed: dict[str, list[Excerpt]],
                values: dict[str, np.ndarray]) -> str:
    """Balanced accuracy and area under the ROC curve; .5 is chance."""
    kinds = {"sets that choose": ("mdb", "maps", "ultrastar"), "Emotify": ("emotify",)}
    classifiers = {"logistic regression": make_pipeline(
        StandardScaler(), LogisticRegression(C=0.1, class_weight="balanced", max_iter=2000)),
        "boosted trees": HistGradientBoostingClassifier(max_iter=150, class_weight="balanced", random_state=0)}
    rows = []
    for kind, names in kinds.items():
        for corpus, songs in composed.items():
            x = np.nan_to_num(np.concatenate([*(values[name] for name in names), values[corpus]]), nan=0.0)
            x = x[:, [i for i, name in enumerate(NAMES) if name not in ("flux at beats over between",)]]
            real = sum(len(values[name]) for name in names)
            wanted = np.arange(len(x)) < real
            recordings = [e.recording for name in names for e in sets[name]] + [e.recording for e in songs]
            _, groups = np.unique(recordings, return_inverse=True)
            folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=0)
            for title, classifier in classifiers.items():
                chance = cross_val_predict(classifier, x, wanted, groups=groups, cv=folds,
                                           method="predict_proba")[:, 1]
                accuracy = float(balanced_accuracy_score(wanted, chance > 0.5))
                rows.append([kind, corpus, title, f"{real} / {len(x) - real}", accuracy,
                             float(roc_auc_score(wanted, chance))])
    return table(["recordings", "composed", "classifier", "excerpts", "balanced accuracy", "ROC AUC"], rows)


def _telling(corpus: str, sets: dict[str, list[Excerpt]], values: dict[str, np.ndarray]) -> str:
    """The single features that tell most: area under the ROC curve, .5 is chance, 1 and 0 are certainty."""
    real, composed = np.concatenate([values[name] for name in sets]), values[corpus]
    areas = {}
    for column, name in enumerate(NAMES):
        known = [x[np.isfinite(x[:, column]), column] for x in (real, composed)]
        if min(map(len, known)) > len(composed) // 2:
            wanted = np.repeat([1, 0], [len(x) for x in known])
            areas[name] = float(roc_auc_score(wanted, np.concatenate(known))), *(float(np.median(x)) for x in known)
    most = sorted(areas.items(), key=lambda item: -abs(item[1][0] - 0.5))[:TELLING]
    rows = [[name, area, f"{real:.3g}", f"{composed:.3g}"] for name, (area, real, composed) in most]
    return table([f"higher in recordings than in *{corpus}*", "ROC AUC", "recordings, median", "composed"], rows)


def draw(path: Path, values: dict[str, np.ndarray]) -> None:
    """Cumulative distributions of the features over excerpts."""
    picture, axes = plt.subplots(2, 4, figsize=(15, 6.5), constrained_layout=True)
    shares = np.linspace(2, 98, 97)
    for axis, feature in zip(axes.flat, SHOWN, strict=True):
        for number, (name, x) in enumerate(values.items()):
            column = x[:, NAMES.index(feature)]
            column = column[np.isfinite(column)]
            if len(column):
                axis.plot(np.percentile(column, shares), shares, label=name, color=f"C{number}")
        axis.set_title(feature, fontsize=9)
        axis.set_ylabel("share of excerpts, %", fontsize=8)
    axes[0, 0].legend(fontsize=8)
    picture.savefig(path, dpi=110)


if __name__ == "__main__":
    run(main)
