"""What the layers of trained networks are good for beyond their own task: genre and felt emotion of real recordings,
key and singing of composed ones, speech against music.

    python -m benchmarks.listening.transfer [--trunks NAME ...] [--random NAME ...] [--noise WEIGHTS] [--clips N]
        [--results FOLDER] [--dry]

Choi, Fazekas, Sandler & Cho, "Transfer learning for music classification and regression tasks" (ISMIR 2017). A row is a
set of features: means and deviations of MFCC and their differences; for each network of --trunks (names or files of
weights) the means of each layer and of all together (`TrainedListener.layer_means`); those of --random with weights
that nobody trained (one drawing); --noise: a tagger that learned noise as targets
(`benchmarks.listening.noise_targets`); all trunks together. Features are standardised, and values beyond three
deviations are held to be three: a few recordings with extreme values would spoil what many features tell. Logistic
regression tells classes, ridge regression emotions, in ten folds that are the same for all rows; their penalties are
chosen within the nine folds that are learned from.

Emotify (300 excerpts of four genres, 75 each, with the shares of listeners who felt each of nine emotions, GEMS)
reports; emotion: mean over the nine of the correlation with what was felt. Composed clips (--clips of styles that are
held out, as many of other styles, held-out soundfont, and as many of synthesised speech) tell what the same features
know of key, singing, and music against speech. The weights of these regressions are not shipped. Features lie in the
cache. Table: benchmarks/results/transfer.md.
"""

import argparse
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression, LogisticRegressionCV, RidgeCV
from sklearn.model_selection import KFold, StratifiedKFold
from sklearn.preprocessing import StandardScaler

import onpu
from benchmarks.listening.transfer_sets import EMOTIONS, composed, emotify
from benchmarks.paths import CACHE
from benchmarks.recordings import Item
from benchmarks.report import parser, run, save, table
from onpu.files import replacing
from onpu.formats.audio_like import as_source
from onpu.inference.streaming import features_of
from onpu.represent import Mel, Mfcc
from onpu.trained import TrainedListener

FOLDER = CACHE / "transfer"
TRUNKS = ("chords", "key", "chroma", "voice", "tags", "instruments", "drums")
RANDOM = ("tags", "chords")
FOLDS, SEED, MOST_DEVIATIONS = 10, 0, 3.0
PENALTIES = (1e-5, 1e-4, 0.001, 0.01, 0.1, 1.0)
ALPHAS = np.logspace(0, 7, 22)
LEAST_OF_A_KEY = 4
"""Clips that a key must have to be asked for."""
Layers = dict[str, np.ndarray]
"""Layer -> (recordings, channels)."""
Hear = Callable[[Path], Mapping[str, np.ndarray]]


def stored(name: str, clips: Sequence[Item], hear: Hear) -> Layers:
    """What is heard of all recordings, from the cache where it is there; each recording is kept once heard."""
    rows = []
    for clip in clips:
        known = clip.path.parent.name
        place = FOLDER / name / f"{'' if known == 'audio' else f'{known}-'}{clip.path.stem}.npz"
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            with replacing(place) as temporary:
                np.savez(temporary, **hear(clip.path))  # type: ignore[arg-type]
        with np.load(place) as found:
            rows.append({layer: found[layer] for layer in found.files})
    return {layer: np.stack([row[layer] for row in rows]) for layer in rows[0]}


def mfcc_statistics(path: Path) -> dict[str, np.ndarray]:
    """Mean and deviation of 20 MFCC and of their differences."""
    with as_source(path) as source, torch.inference_mode():
        x = torch.cat([chunk[0, 0] for chunk in features_of(source, Mfcc(Mel(22_050, bands=96), span=None))], dim=1)
    steps = x.diff(dim=1)
    return {"all": torch.cat([x.mean(1), x.std(1), steps.mean(1), steps.std(1)]).numpy()}


def listener(name: str | Path) -> TrainedListener:
    """Shipped weights or a file of weights."""
    trained = onpu.load(name, "cpu")
    assert isinstance(trained, TrainedListener)
    return trained


def untrained(name: str) -> TrainedListener:
    """The network of these weights as it was before it learned."""
    trained = listener(name)
    torch.manual_seed(SEED)
    return TrainedListener.build(trained.listener, trained.recipe)


def standardised(x: np.ndarray, rest: np.ndarray, own: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Features of what is learned from and of what is asked, of mean 0 and deviation 1 and held within
    `MOST_DEVIATIONS`, along the axes that the former span: regressions that punish squares answer the same."""
    scaler = StandardScaler().fit(x[rest])
    learned, asked = (np.clip(scaler.transform(x[some]), -MOST_DEVIATIONS, MOST_DEVIATIONS) for some in (rest, own))
    if x.shape[1] <= len(rest):
        return learned, asked
    axes = np.linalg.svd(learned, full_matrices=False)[2]
    return learned @ axes.T, asked @ axes.T


def told(x: np.ndarray, truth: np.ndarray) -> float:
    """Share of classes that is told right by logistic regression, each fold by what was learned from the others."""
    right = np.zeros(len(x), bool)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for rest, own in StratifiedKFold(FOLDS, shuffle=True, random_state=SEED).split(x, truth):
            learned, asked = standardised(x, rest, own)
            model = LogisticRegressionCV(Cs=PENALTIES, cv=3, max_iter=200).fit(learned, truth[rest])
            right[own] = model.predict(asked) == truth[own]
    return float(right.mean())


def key_told(x: np.ndarray, keys: np.ndarray) -> float:
    """The same of keys, those that are there often enough."""
    names, number = np.unique(keys, return_inverse=True)
    there = [n for n, name in enumerate(names) if name and (number == n).sum() >= LEAST_OF_A_KEY]
    places = np.flatnonzero(np.isin(number, there))
    right = np.zeros(len(places), bool)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for rest, own in KFold(FOLDS, shuffle=True, random_state=SEED).split(places):
            learned, asked = standardised(x, places[rest], places[own])
            model = LogisticRegression(C=0.01, max_iter=300).fit(learned, number[places[rest]])
            right[own] = model.predict(asked) == number[places[own]]
    return float(right.mean())


def emotions(x: np.ndarray, felt: np.ndarray, kinds: np.ndarray) -> np.ndarray:
    """Correlation of what ridge regression says with what was felt, of each emotion (columns of `felt`)."""
    found = np.zeros_like(felt)
    for rest, own in StratifiedKFold(FOLDS, shuffle=True, random_state=SEED).split(x, kinds):
        learned, asked = standardised(x, rest, own)
        found[own] = RidgeCV(ALPHAS, alpha_per_target=True).fit(learned, felt[rest]).predict(asked)
    return np.array([np.corrcoef(found[:, n], felt[:, n])[0, 1] for n in range(felt.shape[1])])


def feature_sets(clips: Sequence[Item], given: argparse.Namespace) -> tuple[Layers, Layers]:
    """Name of a row -> (clips, numbers): whole sets, and single layers."""
    sets = {"MFCC, statistics": np.concatenate(list(stored("mfcc", clips, mfcc_statistics).values()), axis=1)}
    for name in given.random:
        layers = stored(f"random-{name}-{listener(name).card['sha256'][:8]}", clips, untrained(name).layer_means)
        sets[f"{name}, random weights"] = np.concatenate(list(layers.values()), axis=1)
    single: Layers = {}
    together = []
    trunks = {name.rpartition("=")[0] or name: name.rpartition("=")[2] for name in given.trunks}
    noise = {"noise as targets": given.noise} if given.noise else {}
    for title, name in (noise | trunks).items():
        trained = listener(name)
        layers = stored(f"{title.replace(' ', '-')}-{trained.card['sha256'][:8]}", clips, trained.layer_means)
        sets[f"{title}, all layers"] = np.concatenate(list(layers.values()), axis=1)
        single |= {f"{title}, {layer}": values for layer, values in layers.items()}
        if title in trunks:
            together.append(sets[f"{title}, all layers"])
    sets["all trunks"] = np.concatenate(together, axis=1)
    sets["all trunks and MFCC"] = np.concatenate([*together, sets["MFCC, statistics"]], axis=1)
    return sets, single


def emotify_part(given: argparse.Namespace) -> list[str]:
    """Genre and emotion of Emotify."""
    clips, genres, felt = emotify()
    sets, single = feature_sets(clips, given)
    lines, each = [], []
    for name, x in (sets | single).items():
        found = emotions(x, felt, genres)
        lines.append([name, x.shape[1], told(x, genres), float(found.mean())])
        if name in sets:
            each.append([name, *(float(value) for value in found)])
        print(lines[-1], flush=True)
    headings = ["features", "numbers", "genre, accuracy", "emotion, mean correlation"]
    return [f"{len(clips)} excerpts of Emotify (role: report), {FOLDS} folds; chance of genre .25.\n",
            table(headings, lines[: len(sets)]), "\n## Each emotion\n", table(["features", *EMOTIONS], each),
            "\n## Single layers\n", table(headings, lines[len(sets):])]


def composed_part(given: argparse.Namespace) -> list[str]:
    """Key, singing, and speech against music, of composed clips."""
    clips, music, sung, key = composed(given.clips)
    sets, _ = feature_sets(clips, given)
    rows = []
    for name, x in sets.items():
        rows.append([name, x.shape[1], told(x, music), told(x[music], sung[music]), key_told(x[music], key[music])])
        print(rows[-1], flush=True)
    commonest = max(float(sung[music].mean()), 1 - float(sung[music].mean()))
    return [f"\n## Speech, singing, key\n\n{int(music.sum())} composed clips, half of them of styles that are held "
            f"out, and {int((~music).sum())} of synthesised speech; {FOLDS} folds. Always the commoner answer: "
            f"{float(music.mean()):.3f}, {commonest:.3f}, "
            f"{max(float((key[music] == name).mean()) for name in set(key[music]) if name):.3f}.\n",
            table(["features", "numbers", "speech or music", "sung or not", "key (of 24)"], rows)]


def main() -> None:
    """See the module."""
    options = parser(__doc__)
    options.add_argument("--trunks", nargs="*", default=TRUNKS, metavar="NAME", help="names, or TITLE=WEIGHTS")
    options.add_argument("--random", nargs="*", default=RANDOM, metavar="NAME")
    options.add_argument("--noise", metavar="WEIGHTS", help="of noise_targets")
    options.add_argument("--clips", type=int, default=100, help="composed ones of each kind; 0: none")
    given = options.parse_args()
    torch.set_num_threads(1)
    parts = emotify_part(given)
    if given.clips:
        parts += composed_part(given)
    save(given, "transfer", "What layers know beyond their task", parts)


if __name__ == "__main__":
    run(main)
