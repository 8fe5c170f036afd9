"""`onpu models`, `evaluate`, `reproduce`: which weights there are, how good they are, and whether that holds."""

from collections.abc import Mapping
from json import dumps
from pathlib import Path
from typing import Annotated, Any

import typer

from onpu.errors import OnpuError
from onpu.licensing import checked

LicenceFlag = Annotated[str, typer.Option(help="default or permissive: which weights, where there are two.")]


def models(
    names: Annotated[list[str] | None, typer.Argument(help="Weights to list, with every recording that they learned "
                                                           "from; default: all, without.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object, name -> summary, instead of a table."
                                       )] = False,
) -> None:
    """List the shipped weights: what they do, what they may be used for, what they learned from, how good they are."""
    from rich.console import Console
    from rich.table import Table

    from onpu.loading import models as shipped

    found = shipped()
    unknown = [name for name in names or () if name not in found]
    if unknown:
        raise OnpuError(f"{unknown[0]}: no shipped weights are called so; there are {', '.join(found)}")
    found = {name: found[name] for name in names or found}
    if json:
        typer.echo(dumps(found, ensure_ascii=False))
        return
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for name, model in found.items():
        credits = [f"{one['name']}: {one['author']}, {one['licence']}, {one['source']}" for one in model["credits"]]
        for heading, text in (
                ("name", name), ("task", f"{model['task']} ({model['kind']}): {model['title']}"),
                ("paper", model["paper"]), ("licence", model["licence"]),
                ("commercial use", "yes" if model["commercial_use"] else "no"),
                ("--licence", " and ".join(model["choices"])), ("trained on", "\n".join(model["trained_on"])),
                *([("recordings", "\n".join(credits))] if names and credits else []),
                ("scores", "\n".join(map(_score, model["scores"]))), ("size", f"{model['bytes'] / 2**20:.1f} MiB")):
            table.add_row(heading, text)
        table.add_section()
    Console().print(table, markup=False, highlight=False)


def _score(score: Mapping[str, Any]) -> str:
    """A score in a line."""
    gap = f", {score['gap']:+.3f} beside the default" if "gap" in score else ""
    judged = f"{score['data']}, {score['items']} recordings, {score['tool']}"
    return f"{score['measure']} {score['mean']:.3f}{gap} ({judged})"


def evaluate(
    task: Annotated[str, typer.Argument(help="Weights, by name or path.")],
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

    from onpu.analysis import listeners
    from onpu.apps.labels import items_for
    from onpu.training.evaluate import evaluate as score
    from onpu.training.evaluate import summary, write_csv

    (trained,) = listeners([task], device, checked(licence))
    items = items_for(trained.listener, data)
    with Progress(transient=True) as bar:
        work = bar.add_task("evaluating", total=len(items))
        rows = score(trained, items, progress=lambda name: bar.advance(work),
                     refused=lambda error: typer.echo(f"onpu: {error}; this recording is left out", err=True))
    table = Table(box=None, header_style="bold")
    for heading in ("measure", "mean", "median", "95 % interval"):
        table.add_column(heading)
    for line in summary(rows):
        table.add_row(line["measure"], *(f"{line[name]:.3f}" for name in ("mean", "median")),
                      f"{line['low']:.3f} to {line['high']:.3f}")
    Console().print(table, f"{len(rows)} recordings", markup=False)
    if csv is not None:
        write_csv(rows, csv)


def reproduce(
    task: Annotated[str, typer.Argument(help="Weights, by name or path.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder of the corpora and the run; named again, it goes "
                                                          "on.")] = Path("runs/reproduce"),
    data: Annotated[Path, typer.Option(exists=True, file_okay=False, help="Folder of the data sets that were learned "
                                                                          "from, if any.")] = Path("."),
    licence: LicenceFlag = "default",
    device: Annotated[str, typer.Option(help="auto, cpu, cuda or mps.")] = "auto",
    devices: Annotated[int, typer.Option(min=1, help="Processes or GPUs that share each batch.")] = 1,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, help="Processes that prepare the data.")] = 1,
) -> None:
    """Train again with the stored recipe, data and seeds, and say whether the scores lie in the stored bands."""
    from rich.console import Console
    from rich.table import Table

    from onpu.apps.train import Preparing, accelerator
    from onpu.listen import tasks
    from onpu.make import makers
    from onpu.training.reproduce import reproduce as listen_again
    from onpu.training.reproduce import reproduce_maker as make_again
    from onpu.weights import find, read_card

    card = read_card(find(task, checked(licence)))
    name, where = card["task"], accelerator(device)
    if name in tasks():
        found = listen_again(tasks()[name], card, out, data, devices=devices, accelerator=where, jobs=jobs,
                             progress=Preparing())
    else:
        found = make_again(makers()[name], card, out, data, devices=devices, accelerator=where, jobs=jobs,
                           progress=Preparing())
    table = Table(box=None, header_style="bold")
    for heading in ("measure", "stored", "band", "found now", ""):
        table.add_column(heading)
    for line in found:
        table.add_row(line.measure, f"{line.stored:.3f}", f"{line.low:.3f} to {line.high:.3f}", f"{line.found:.3f}",
                      "within" if line.within else "outside")
    Console().print(table, markup=False)
    if not all(line.within for line in found):
        raise typer.Exit(1)
