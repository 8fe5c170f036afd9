"""`onpu models`: which weights are shipped, as a table that can be narrowed, or all that is known of some of them."""

from collections.abc import Mapping
from json import dumps
from typing import TYPE_CHECKING, Annotated, Any

import typer

from onpu.errors import OnpuError, suggestion
from onpu.licensing import checked

if TYPE_CHECKING:
    from onpu.loading import Model

KINDS = ("listener", "maker")
PIPED_WIDTH = 140
"""Characters of a line of the table where it goes into a file or another program."""


def models(
    names: Annotated[list[str] | None, typer.Argument(help="Weights of which everything is told, every recording that "
                                                           "they learned from included.")] = None,
    task: Annotated[str | None, typer.Option(help="Only weights for this task.")] = None,
    kind: Annotated[str | None, typer.Option(help="Only listeners, or only makers: listener, maker.")] = None,
    licence: Annotated[str | None, typer.Option(help="Only weights that --licence default, or --licence permissive, "
                                                     "chooses.")] = None,
    commercial: Annotated[bool, typer.Option("--commercial", help="Only weights that may be used commercially.")]
    = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object, name -> summary, instead.")] = False,
) -> None:
    """List the shipped weights: what for, under which licence, how large, how good; or tell all of those named."""
    from onpu.loading import models as shipped

    found = shipped()
    for name in names or ():
        if name not in found:
            raise OnpuError(f"{name}: no shipped weights are called so; {suggestion(name, found)}")
    wanted = {name: found[name] for name in names or found}
    if task is not None:
        wanted = _for_task(task, wanted)
    if kind is not None:
        if kind not in KINDS:
            raise OnpuError(f"--kind {kind}: {suggestion(kind, KINDS)}")
        wanted = {name: model for name, model in wanted.items() if model["kind"] == kind}
    if licence is not None:
        wanted = {name: model for name, model in wanted.items() if checked(licence) in model["choices"]}
    if commercial:
        wanted = {name: model for name, model in wanted.items() if model["commercial_use"]}
    if json:
        typer.echo(dumps(wanted, ensure_ascii=False))
    elif not wanted:
        typer.echo("onpu: no shipped weights are all of this; ask for less", err=True)
    elif names:
        _tell(wanted)
    else:
        _list(wanted)


def _for_task(task: str, found: "dict[str, Model]") -> "dict[str, Model]":
    """The weights for a task, those of another task where it uses them."""
    from onpu.listen import tasks
    from onpu.make import makers

    known = {**tasks(), **makers()}
    if task not in known:
        raise OnpuError(f"--task {task}: no such task; {suggestion(task, known)}")
    own = getattr(known[task], "weights", "") or task
    return {name: model for name, model in found.items() if model["task"] == own}


def _list(found: "dict[str, Model]") -> None:
    """A line each."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, header_style="bold", padding=(0, 2, 0, 0))
    for heading in ("weights", "task", "kind", "licence", "permissive", "MiB", "score"):
        table.add_column(heading, justify="right" if heading == "MiB" else "left")
    for name, model in found.items():
        best = model["scores"][0] if model["scores"] else None
        table.add_row(name, model["task"], model["kind"], model["licence"].partition(",")[0].partition(":")[0],
                      "yes" if "permissive" in model["choices"] else "no", f"{model['bytes'] / 2**20:.1f}",
                      "" if best is None else f"{best['measure']} {best['mean']:.3f}")
    console = Console()
    (console if console.is_terminal else Console(width=PIPED_WIDTH)).print(table, markup=False, highlight=False)
    typer.echo("onpu models NAME tells all of one: paper, data, licence, scores.")


def _tell(found: "dict[str, Model]") -> None:
    """All that is known of each."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for name, model in found.items():
        credits = [f"{one['name']}: {one['author']}, {one['licence']}, {one['source']}" for one in model["credits"]]
        for heading, text in (
                ("name", name), ("task", f"{model['task']} ({model['kind']}): {model['title']}"),
                ("paper", model["paper"]), ("licence", model["licence"]),
                ("commercial use", "yes" if model["commercial_use"] else "no"),
                ("--licence", " and ".join(model["choices"])), ("trained on", "\n".join(model["trained_on"])),
                *([("recordings", "\n".join(credits))] if credits else []),
                ("scores", "\n".join(map(_score, model["scores"]))), ("size", f"{model['bytes'] / 2**20:.1f} MiB")):
            table.add_row(heading, text)
        table.add_section()
    Console().print(table, markup=False, highlight=False)


def _score(score: Mapping[str, Any]) -> str:
    """A score in a line."""
    gap = f", {score['gap']:+.3f} beside the default" if "gap" in score else ""
    judged = f"{score['data']}, {score['items']} recordings, {score['tool']}"
    return f"{score['measure']} {score['mean']:.3f}{gap} ({judged})"
