"""What the layers of trained networks are good for beyond their own task: genre and felt emotion of real recordings.

    python -m benchmarks.listening.transfer [--trunks NAME ...] [--random NAME ...] [--results FOLDER] [--dry]

Choi, Fazekas, Sandler & Cho, "Transfer learning for music classification and regression tasks" (ISMIR 2017), on
Emotify: 300 excerpts of four genres, 75 each, with the shares of listeners who felt each of nine emotions (GEMS). A row
is a set of features: means and deviations of MFCC and their differences; for each network of --trunks the means of each
layer and of all together (`TrainedListener.layer_means`); those of --random with weights that nobody trained (one
drawing); all trunks together. Logistic regression tells the genre, ridge regression the emotions, in ten folds that are
the same for all rows; their penalties are chosen within the nine folds that are learned from. Emotion: mean over the
nine of the correlation with what was felt. The weights of these regressions are not shipped. Features lie in the cache.
Table: benchmarks/results/transfer.md.
"""

import csv
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression, RidgeCV
from sklearn.model_selection import GridSearchCV, StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import onpu
from benchmarks.paths import CACHE, data
from benchmarks.report import parser, run, save, table
from onpu.files import replacing
from onpu.formats.audio_like import as_source
from onpu.inference.streaming import features_of
from onpu.represent import Mel, Mfcc
from onpu.trained import TrainedListener

FOLDER = CACHE / "transfer"
EMOTIONS = ("amazement", "solemnity", "tenderness", "nostalgia", "calmness", "power", "joyful_activation", "tension",
            "sadness")
TRUNKS = ("chords", "key", "chroma", "voice")
FOLDS, SEED = 10, 0
PENALTIES = (1e-5, 1e-4, 0.001, 0.01, 0.1, 1.0)
ALPHAS = np.logspace(0, 7, 22)
Layers = dict[str, np.ndarray]
"""Layer -> (recordings, channels)."""


def stored(name: str, paths: list[Path], hear: Callable[[Path], Mapping[str, np.ndarray]]) -> Layers:
    """What is heard of all recordings, from the cache where it is there; each recording is kept once heard."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    rows = []
    for path in paths:
        place = FOLDER / name / f"{path.stem}.npz"
        if not place.exists():
            place.parent.mkdir(exist_ok=True)
            with replacing(place) as temporary:
                np.savez(temporary, **hear(path))  # type: ignore[arg-type]
        with np.load(place) as found:
            rows.append({layer: found[layer] for layer in found.files})
    return {layer: np.stack([row[layer] for row in rows]) for layer in rows[0]}


def mfcc_statistics(path: Path) -> dict[str, np.ndarray]:
    """Mean and deviation of 20 MFCC and of their differences."""
    with as_source(path) as source, torch.inference_mode():
        x = torch.cat([chunk[0, 0] for chunk in features_of(source, Mfcc(Mel(22_050, bands=96), span=None))], dim=1)
    steps = x.diff(dim=1)
    return {"all": torch.cat([x.mean(1), x.std(1), steps.mean(1), steps.std(1)]).numpy()}


def untrained(name: str) -> TrainedListener:
    """The network of these weights as it was before it learned."""
    trained = onpu.load(name, "cpu")
    assert isinstance(trained, TrainedListener)
    torch.manual_seed(SEED)
    return TrainedListener.build(trained.listener, trained.recipe)


def genre(x: np.ndarray, truth: np.ndarray) -> float:
    """Share that is told right by logistic regression, each fold by what was learned from the others."""
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)
    right = np.zeros(len(x), bool)
    for rest, own in folds.split(x, truth):
        model = GridSearchCV(make_pipeline(StandardScaler(), LogisticRegression(max_iter=300)),
                             {"logisticregression__C": PENALTIES}, cv=3)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            right[own] = model.fit(x[rest], truth[rest]).predict(x[own]) == truth[own]
    return float(right.mean())


def emotions(x: np.ndarray, felt: np.ndarray, kinds: np.ndarray) -> np.ndarray:
    """Correlation of what ridge regression says with what was felt, of each emotion (columns of `felt`)."""
    found = np.zeros_like(felt)
    for rest, own in StratifiedKFold(FOLDS, shuffle=True, random_state=SEED).split(x, kinds):
        model = make_pipeline(StandardScaler(), RidgeCV(ALPHAS, alpha_per_target=True))
        found[own] = model.fit(x[rest], felt[rest]).predict(x[own])
    return np.array([np.corrcoef(found[:, n], felt[:, n])[0, 1] for n in range(felt.shape[1])])


def main() -> None:
    """See the module."""
    options = parser(__doc__)
    options.add_argument("--trunks", nargs="*", default=TRUNKS, metavar="NAME")
    options.add_argument("--random", nargs="*", default=TRUNKS[:1], metavar="NAME")
    given = options.parse_args()
    torch.set_num_threads(1)
    corpus = data("real/emotify")
    with (corpus / "labels.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    paths = [corpus / "audio" / f"{row['id']}.opus" for row in rows]
    kinds = np.array([row["genre"] for row in rows])
    felt = np.array([[float(row[name]) for name in EMOTIONS] for row in rows])
    sets = {"MFCC, statistics": np.concatenate(list(stored("mfcc", paths, mfcc_statistics).values()), axis=1)}
    for name in given.random:
        layers = stored(f"random-{name}", paths, untrained(name).layer_means)
        sets[f"{name}, random weights"] = np.concatenate(list(layers.values()), axis=1)
    single: dict[str, np.ndarray] = {}
    together = []
    for name in given.trunks:
        trained = onpu.load(name, "cpu")
        assert isinstance(trained, TrainedListener)
        layers = stored(f"{name}-{trained.card['sha256'][:8]}", paths, trained.layer_means)
        sets[f"{name}, all layers"] = np.concatenate(list(layers.values()), axis=1)
        together.append(sets[f"{name}, all layers"])
        single |= {f"{name}, {layer}": values for layer, values in layers.items()}
    sets["all trunks"] = np.concatenate(together, axis=1)
    sets["all trunks and MFCC"] = np.concatenate([*together, sets["MFCC, statistics"]], axis=1)
    lines, each = [], []
    for name, x in (sets | single).items():
        told = emotions(x, felt, kinds)
        lines.append([name, x.shape[1], genre(x, kinds), float(told.mean())])
        if name in sets:
            each.append([name, *(float(value) for value in told)])
        print(lines[-1], flush=True)
    headings = ["features", "numbers", "genre, accuracy", "emotion, mean correlation"]
    save(given, "transfer", "What layers know beyond their task", [
        f"{len(paths)} excerpts of Emotify, {FOLDS} folds; chance of genre .25.\n",
        table(headings, lines[: len(sets)]), "\n## Each emotion\n", table(["features", *EMOTIONS], each),
        "\n## Single layers\n", table(headings, lines[len(sets):])])


if __name__ == "__main__":
    run(main)
