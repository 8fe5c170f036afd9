"""`onpu average`: one file of weights from several of the same network."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onpu.apps import flags
from onpu.errors import OnpuError
from onpu.licensing import checked

if TYPE_CHECKING:
    from onpu.data.corpus import Corpus


def average(
    weights: Annotated[list[str], typer.Argument(help="Two weights or more, by name or path, of the same network.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="File of the mean.",
                                      callback=flags.no_folder)] = Path(f"mean{flags.WEIGHTS}"),
    shares: Annotated[str | None, typer.Option(help="How much each counts, by commas: 0.7,0.3; default: all the "
                                                    "same.")] = None,
    validation: Annotated[Path | None, typer.Option(help="Corpus on which the mean is scored; the scores stand on its "
                                                         "card.")] = None,
    licence: Annotated[str, typer.Option(help="Which of shipped weights: default or permissive.")] = "default",
) -> None:
    """Average weights, such as those of a run and those that it began with: the mean is often better on what neither
    learned from. Its card names them, and it is under the strictest of their licences."""
    from onpu.data.corpus import Corpus
    from onpu.training.averaging import average as mean
    from onpu.weights import find

    if out.suffix != flags.WEIGHTS:
        raise OnpuError(f"{out}: weights are files that end in {flags.WEIGHTS}; call it so")
    paths = [find(name, checked(licence)) for name in weights]
    said = " ".join(["onpu", *(Path(word).name if word.startswith("/") else word for word in sys.argv[1:])])
    judge = None if validation is None else Corpus.open(validation)
    card = mean(paths, out, _numbers(shares), said)
    typer.echo(f"{out}: the mean of {len(paths)} weights, {card['licence']}; use it by its path")
    if judge is not None:
        _score(out, card["task"], judge)


def _score(path: Path, task: str, judge: "Corpus") -> None:
    """Score a listener's weights on a corpus, and say how."""
    from onpu.data.recordings import corpus_items
    from onpu.listen import load, tasks
    from onpu.training.averaging import add_scores
    from onpu.training.datasets import labelled
    from onpu.training.evaluate import evaluate, mean_scores

    if task not in tasks():
        raise OnpuError(f"{path}: weights of {task}, which listens to nothing; leave out --validation")
    trained = replace(load(path), precision="float32")
    numbers, items = labelled(judge, trained.listener), corpus_items(judge)
    rows = [replace(row, kind=judge.kind(number)) for number, row in zip(
        numbers, evaluate(trained, [items[number] for number in numbers]), strict=True)]
    add_scores(path, rows, judge)
    for measure, value in mean_scores(rows).items():
        typer.echo(f"  {measure}: {value:.3f}")


def _numbers(text: str | None) -> list[float]:
    """What `--shares` says. Raises `OnpuError`."""
    try:
        return [float(word) for word in (text or "").split(",") if word.strip()]
    except ValueError:
        raise OnpuError(f"--shares {text}: give numbers by commas, such as 0.7,0.3") from None
