"""The weights by which `onpu.analysis.stacking` tells words from all listeners together, and which words can be told.

    python -m benchmarks.listening.stacked_tags CORPUS [--heard 200] [--written 1700] [--out FILE]

CORPUS: that of `tags_styles`. Logistic regression, all words at once, on two kinds of examples: so many of the corpus's
clips as all listeners hear them; and pieces of the same styles that are only written, never rendered, whose cues and
listeners' answers are drawn as they would be heard: each as far from its mean as it is heard to be on the average,
with what was misheard of some clip. What share these have, and the penalty, is chosen with styles left out, in five
folds.

The table says how well each word is told in styles left out: by the tagger alone, by all together, and of what is
written itself, as if nothing were misheard: what no listener could reach. The tagger itself has learned from most of
these styles, so its own column is too good; `benchmarks.listening.tags` has styles that nothing has learned from.
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch.nn.functional import binary_cross_entropy_with_logits

import onpu
from benchmarks.listening.heard_together import together
from benchmarks.listening.tags import GROUPS, areas, truth
from benchmarks.listening.tags_styles import teaching_styles
from benchmarks.paths import CACHE
from benchmarks.recordings import Item
from benchmarks.report import parser, run, save, table
from benchmarks.roles import ROLES
from onpu.analysis import stacking
from onpu.analysis.stacking import MOST_DEVIATIONS, STORED, TAGGER, inputs_of
from onpu.data.corpus import Corpus
from onpu.engine.compose import compose
from onpu.files import replacing
from onpu.music.cues import cues
from onpu.music.words import LIKELY, STYLE, WORDS

SEED, STYLE_SEED, SECONDS = 5_200_000, 5, 14.0
FOLDS, STEPS = 5, 80
LEAST_DEVIATION, PRIOR, CLIPS = 1e-2, 10.0, 5
"""Regressions of what is heard on what is written: their penalty, and clips that speak for nothing being heard."""
TOLD = WORDS[1:]


class Setting(NamedTuple):
    """penalty: of the squares by which weights differ from where they begin. share: of what is only written among all
    that is learned from. own: where the weights begin that a word has for what the tagger, and the listener of
    instruments, say of that very word, per unit of their logits; all others begin at 0."""

    penalty: float
    share: float
    own: float


SETTINGS = (Setting(0.03, 0.0, 0.0), Setting(0.03, 0.8, 0.0), Setting(0.1, 0.8, 0.5), Setting(0.1, 0.8, 1.0),
            Setting(0.3, 0.8, 1.0), Setting(0.3, 0.8, 1.5))


class Examples(NamedTuple):
    """inputs (clips, inputs): as heard. written (clips, cues): of what is written. words (clips, words): how far each
    holds. styles (clips,)."""

    inputs: np.ndarray
    written: np.ndarray
    words: np.ndarray
    styles: np.ndarray

    def of(self, rows: np.ndarray) -> "Examples":
        """Some of them."""
        return Examples(*(column[rows] for column in self))


class Fit(NamedTuple):
    """Standardised inputs times weights and bias: logits."""

    mean: np.ndarray
    deviation: np.ndarray
    weights: np.ndarray
    bias: np.ndarray

    def __call__(self, inputs: np.ndarray) -> np.ndarray:
        return _standardised(inputs, self.mean, self.deviation) @ self.weights + self.bias


def _standardised(x: np.ndarray, mean: np.ndarray, deviation: np.ndarray) -> np.ndarray:
    out: np.ndarray = np.clip((x - mean) / deviation, -MOST_DEVIATIONS, MOST_DEVIATIONS)
    return out


def _moments(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return x.mean(axis=0), x.std(axis=0) + LEAST_DEVIATION


def style_of(clip: Item) -> str:
    """The style in which a clip is composed; empty where it is no music."""
    labels = () if clip.truth.tags is None else map(str, clip.truth.tags.labels)
    return next((label.removeprefix(STYLE) for label in labels if label.startswith(STYLE)), "")


def heard_examples(corpora: Sequence[Path], count: int) -> tuple[tuple[str, ...], Examples]:
    """Names of the inputs, and the corpora's first clips as they are heard."""
    clips = [Item(corpus.path(number).stem, corpus.path(number), corpus.timeline(number))
             for corpus in map(Corpus.open, corpora) for number in range(min(count, len(corpus)))]
    clips = [clip for clip in clips if style_of(clip) and clip.truth.notes is not None]
    rows, kept = [], []
    for clip, (timeline, alone) in zip(clips, together(clips), strict=True):
        inputs = inputs_of(timeline, alone)
        if inputs is not None:
            rows.append(inputs)
            kept.append(clip)
    return tuple(rows[0]), Examples(
        np.array([list(row.values()) for row in rows]),
        np.array([list(cues(clip.truth).values()) for clip in kept]),
        truth(kept)[:, 1:], np.array([style_of(clip) for clip in kept]))


def written_examples(count: int) -> Examples:
    """Pieces that are never rendered; kept in the cache."""
    path = CACHE / f"stacked-tags-written-{count}.npz"
    if not path.exists():
        rows = list(_written(count))
        with replacing(path) as temporary, temporary.open("wb") as file:
            np.savez_compressed(file, written=np.array([row[0] for row in rows]),
                                words=np.array([row[1] for row in rows]), styles=np.array([row[2] for row in rows]))
    with np.load(path) as stored:
        written, words, styles = (stored[name] for name in ("written", "words", "styles"))
    return Examples(np.zeros((len(written), 0)), written, words, styles)


def _written(count: int) -> Iterator[tuple[list[float], np.ndarray, str]]:
    names, rng = teaching_styles(), np.random.default_rng(STYLE_SEED)
    for number in range(1, count + 1):
        style = names[int(rng.integers(len(names)))]
        timeline = compose(SEED + number, style, SECONDS).timeline
        if timeline.notes is not None and len(timeline.notes.pitches):
            clip = Item(style, Path(), timeline)
            yield list(cues(timeline).values()), truth([clip])[0, 1:], style


def as_heard(heard: Examples, written: Examples, rng: np.random.Generator) -> Examples:
    """What is written, drawn as it would be heard."""
    count = heard.written.shape[1]
    own, own_spread = _moments(heard.written)
    mean, spread = _moments(heard.inputs[:, :count])
    is_written = _standardised(heard.written, own, own_spread)
    is_heard = _standardised(heard.inputs[:, :count], mean, spread)
    slope = (is_written * is_heard).sum(axis=0) / np.maximum((is_written**2).sum(axis=0), 1)
    slope *= len(heard.inputs) / (len(heard.inputs) + CLIPS)
    misheard = is_heard - is_written * slope
    known = np.concatenate([heard.words, np.ones((len(heard.words), 1))], axis=1)
    penalty = PRIOR * np.eye(known.shape[1])
    penalty[-1, -1] = 1e-3
    answers = np.linalg.solve(known.T @ known + penalty, known.T @ heard.inputs[:, count:])
    beside = heard.inputs[:, count:] - known @ answers
    drawn = rng.integers(len(heard.inputs), size=len(written.words))
    x = _standardised(written.written, own, own_spread) * slope + misheard[drawn]
    asked = np.concatenate([written.words, np.ones((len(drawn), 1))], axis=1)
    inputs = np.concatenate([x * spread + mean, asked @ answers + beside[drawn]], axis=1)
    return written._replace(inputs=inputs)


def beginning(names: Sequence[str], own: float) -> np.ndarray:
    """Weights (inputs, words) per unit of the inputs from which learning begins; of instruments the tagger has a half
    and the other listener's two figures a quarter each."""
    out = np.zeros((len(names), len(TOLD)))
    for column, word in enumerate(TOLD):
        player = word.removeprefix("instrument:")
        said = {f"tagger {word}": 1.0} if player == word else {
            f"tagger {word}": 0.5, f"mean of {player}": 0.25, f"most of {player}": 0.25}
        for name, part in said.items():
            if name in names:
                out[names.index(name), column] = own * part
    return out


def fitted(heard: Examples, written: Examples | None, setting: Setting, names: Sequence[str]) -> Fit:
    """The regression on the inputs of these names, which are the examples' columns."""
    parts = [(heard, 1 - setting.share)]
    if setting.share and written is not None:
        parts.append((as_heard(heard, written, np.random.default_rng(0)), setting.share))
    mean, deviation = _moments(heard.inputs)
    first = torch.tensor(beginning(names, setting.own) * deviation[:, None], dtype=torch.float32)
    x = torch.tensor(np.concatenate([_standardised(part.inputs, mean, deviation) for part, _ in parts]),
                     dtype=torch.float32)
    goal = torch.tensor(np.concatenate([part.words for part, _ in parts]), dtype=torch.float32)
    counts = torch.cat([torch.full((len(part.words), 1), weight / len(part.words)) for part, weight in parts])
    weights = first.clone().requires_grad_()
    bias = torch.zeros(goal.shape[1], requires_grad=True)
    optimiser = torch.optim.LBFGS([weights, bias], max_iter=STEPS, history_size=10, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimiser.zero_grad()
        each = binary_cross_entropy_with_logits(x @ weights + bias, goal, reduction="none")
        loss = (each * counts).sum() + setting.penalty * (weights - first).square().sum()
        loss.backward()
        return loss

    optimiser.step(closure)
    return Fit(mean, deviation, weights.detach().numpy(), bias.detach().numpy())


def left_out(heard: Examples, written: Examples | None, setting: Setting, names: Sequence[str]) -> np.ndarray:
    """Logits of each clip (clips, words) by what learned from other styles."""
    styles = np.unique(heard.styles)
    np.random.default_rng(0).shuffle(styles)
    fold = {style: number % FOLDS for number, style in enumerate(styles)}
    folds, out = np.array([fold[style] for style in heard.styles]), np.zeros_like(heard.words)
    for number in range(FOLDS):
        own = folds == number
        other = None if written is None else written.of(~np.isin(written.styles, heard.styles[own]))
        out[own] = fitted(heard.of(~own), other, setting, names)(heard.inputs[own])
    return out


def _with_music(columns: np.ndarray) -> np.ndarray:
    """A column for music before those of the other words, which `areas` looks up by their place."""
    return np.concatenate([np.ones((len(columns), 1)), columns], axis=1)


def scores(true: np.ndarray, levels: np.ndarray) -> list[float]:
    """Areas under the ROC curve: mean over all words, and over those of each group."""
    both = _with_music(true), _with_music(levels)
    return [areas(*both, words)[0] for words in (TOLD, *GROUPS.values())]


def as_json(fit: Fit, inputs: Sequence[str], data: Sequence[object], command: str) -> str:
    """What `onpu.analysis.stacking` reads."""
    licence = "Apache-2.0; commercial use: yes"
    told = {"about": "logistic regression of words on what all listeners find (onpu.analysis.stacking)",
            "licence": licence, "data": data, "command": command, "onpu": onpu.__version__,
            "inputs": inputs, "words": TOLD, "mean": _rounded(fit.mean), "deviation": _rounded(fit.deviation),
            "weights": [_rounded(row) for row in fit.weights], "bias": _rounded(fit.bias)}
    return json.dumps(told, separators=(",", ":")) + "\n"


def _described(corpus: Corpus) -> dict[str, object]:
    told, plan = corpus.description, corpus.description.get("plan", {})
    return {"kind": told["kind"], "licence": told["licence"], "commercial_use": told["commercial_use"],
            "seed": plan.get("seed"), "seconds": plan.get("seconds"), "soundfonts": told.get("soundfonts", []),
            "sample_sets": [each["name"] for each in told.get("sample_sets", [])]}


def _rounded(values: np.ndarray) -> list[float]:
    return [float(f"{value:.4g}") for value in values]


def parts(given: argparse.Namespace) -> list[str]:
    """What is written; the weights go into their file."""
    inputs, heard = heard_examples(given.corpora, given.heard)
    written = written_examples(given.written)
    tagger = np.array([name in TAGGER for name in inputs])
    tried = {setting: left_out(heard, written, setting, inputs) for setting in SETTINGS}
    best = max(tried, key=lambda each: scores(heard.words, tried[each])[0])
    names = inputs[: heard.written.shape[1]]
    ideal = left_out(heard._replace(inputs=heard.written), None, SETTINGS[0], names)
    alone = heard.inputs[:, tagger][:, 1:]
    rows: list[list[object]] = [["tagger alone", "-", "-", "-", *scores(heard.words, alone)]]
    rows += [["all together", *(f"{value:g}" for value in setting), *scores(heard.words, logits)]
             for setting, logits in tried.items()]
    kept = tuple(name for name in inputs if name not in TAGGER)
    without = left_out(heard._replace(inputs=heard.inputs[:, ~tagger]), written, best, kept)
    rows += [["all but the tagger", *(f"{value:g}" for value in best), *scores(heard.words, without)],
             ["what is written", f"{SETTINGS[0].penalty:g}", "-", "-", *scores(heard.words, ideal)]]
    data = [_described(Corpus.open(path)) for path in given.corpora]
    given.out.write_text(as_json(fitted(heard, written, best, inputs), inputs, data, given.command), "utf-8")
    columns = [_with_music(each) for each in (alone, tried[best], ideal)]
    true = _with_music(heard.words)
    by_word = [[word, f"{share:.2f}", *(areas(true, levels, [word])[0] for levels in columns)]
               for word, share in zip(TOLD, (heard.words >= LIKELY).mean(axis=0), strict=True)]
    return [f"{len(heard.words)} clips of the corpus as all listeners hear them, {len(written.words)} pieces that are "
            f"only written; each clip told by what learned from other styles (*{ROLES['composed']}*). The tagger "
            "itself has learned from most of these styles. Areas under the ROC curve, means over words.\n",
            table(["by", "penalty", "share written", "own", "all words", *GROUPS], rows),
            f"\nWhat is shipped learned from all of them, by the setting that is best here: penalty {best.penalty:g}, "
            f"share {best.share:g}, own {best.own:g}.\n",
            "\n## Word by word\n", table(["word", "share", "tagger alone", "all together", "what is written"], by_word)]


def main() -> None:
    """Learn, write the weights and stacked_tags.md."""
    options = parser(__doc__)
    options.add_argument("corpora", nargs="+", type=Path)
    options.add_argument("--heard", type=int, default=200, help="clips of each corpus that are heard")
    options.add_argument("--written", type=int, default=1700, help="pieces that are only written")
    options.add_argument("--out", type=Path, default=Path(stacking.__file__).with_name(STORED), metavar="FILE")
    given = options.parse_args()
    given.command = (f"python -m benchmarks.listening.stacked_tags {' '.join(path.name for path in given.corpora)} "
                     f"--heard {given.heard} --written {given.written}")
    torch.set_num_threads(1)
    save(given, "stacked_tags", "Words by all listeners together", parts(given))


if __name__ == "__main__":
    run(main)
