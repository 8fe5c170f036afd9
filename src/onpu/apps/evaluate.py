"""`onpu evaluate`: how good weights, or a task as it is used, are on recordings with labels."""

from collections.abc import Collection
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onpu.apps.flags import LicenceFlag
from onpu.licensing import checked

if TYPE_CHECKING:
    from onpu.data.recordings import Item
    from onpu.trained import TrainedListener


def evaluate(
    task: Annotated[str, typer.Argument(help="A task, or weights by name or path.")],
    data: Annotated[Path, typer.Argument(help="Corpus, or folder of recordings with .jams, .beats, .chords.lab or "
                                                ".keys.lab files.")],
    csv: Annotated[Path | None, typer.Option(help="Write a line a recording, mean, median and interval.")] = None,
    licence: LicenceFlag = "default",
    device: Annotated[str, typer.Option(help="auto, cpu, cuda or mps.")] = "auto",
) -> None:
    """Score weights on recordings with labels, by the field's own measures (mir_eval)."""
    from rich.console import Console
    from rich.progress import Progress
    from rich.table import Table

    from onpu.analysis import analyze
    from onpu.apps.applying import trained_listeners
    from onpu.apps.labels import items_for
    from onpu.training.evaluate import scored, summary, write_csv

    trained = trained_listeners([task], device, checked(licence))
    listener = trained[0].listener
    items = items_for(listener, data)
    for note in learned_from(trained, items, data):
        typer.echo(f"onpu: {note}", err=True)
    alone = trained[0].timeline
    together = partial(analyze, tasks=[task], device=device, licence=checked(licence))  # a task of several weights
    with Progress(transient=True) as bar:
        work = bar.add_task("evaluating", total=len(items))
        rows = scored(alone if len(trained) == 1 else together, listener.metric, items, lambda name: bar.advance(work),
                      lambda error: typer.echo(f"onpu: {error}; this recording is left out", err=True))
    table = Table(box=None, header_style="bold")
    for heading in ("measure", "mean", "median", "95 % interval"):
        table.add_column(heading)
    for line in summary(rows):
        table.add_row(line["measure"], *(f"{line[name]:.3f}" for name in ("mean", "median")),
                      f"{line['low']:.3f} to {line['high']:.3f}")
    Console().print(table, f"{len(rows)} recordings", markup=False)
    if csv is not None:
        write_csv(rows, csv)


def learned_from(trained: "Collection[TrainedListener]", items: "list[Item]", data: Path) -> list[str]:
    """What must be said where weights are judged on recordings that they learned from: the corpus or folder as a
    whole, by its origin, or recordings of the same names."""
    from onpu.data.recordings import origin_of

    origin = origin_of(items, data)
    sources = [source for one in trained for source in one.card.get("data", ())]
    if any(source.get("origin") == origin for source in sources):
        return [f"{data}: these weights learned from these recordings, so that the scores say little of others"]
    known = {name for source in sources for name in (*source.get("names", ()), *(
        credit["name"] for credit in source.get("credits", ())))}
    shared = [item.name for item in items if item.name in known]
    return [f"{data}: {len(shared)} of {len(items)} recordings are called like ones that these weights learned from, "
            f"such as {shared[0]}; if they are the same, their scores say little"] if shared else []
