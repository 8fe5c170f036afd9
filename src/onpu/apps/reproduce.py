"""`onpu reproduce`: the same weights again from their card; what that needs, where it is had, and whether it holds."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onpu.apps import flags
from onpu.apps.flags import LicenceFlag
from onpu.errors import DataError, OnpuError
from onpu.licensing import checked

if TYPE_CHECKING:
    from onpu.training.sources import Needed
    from onpu.weights import Card

HASH_SHOWN = 12
"""Characters of a hash in messages; the table has all."""


def reproduce(
    task: Annotated[str, typer.Argument(help="Weights, by name or path.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder of the corpora and the run; named again, it goes "
                                                          "on.", callback=flags.no_file)] = Path("runs/reproduce"),
    data: Annotated[Path, typer.Option(file_okay=False, help="Folder of the data sets that were learned from, if "
                                                             "any.")] = Path("."),
    sources: Annotated[bool, typer.Option("--sources", help="Only say what is needed, with hashes, where it is had, "
                                                            "and whether it is there.")] = False,
    fetch: Annotated[str | None, typer.Option(help="Folder or address (https://…) from which data sets that --data "
                                                   "lacks are copied there, each only if it has the hash of the "
                                                   "card.")] = None,
    licence: LicenceFlag = "default",
    device: Annotated[str, typer.Option(help="auto, cpu, cuda or mps.")] = "auto",
    devices: Annotated[int, typer.Option(min=1, help="Processes or GPUs that share each batch.")] = 1,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, help="Processes that prepare the data.")] = 1,
) -> None:
    """Train again with the stored recipe, data and seeds, and say whether the scores lie in the stored bands. Weights
    that were fine-tuned begin with those that they began with; of a mean (onpu average) the mean is made again."""
    from onpu.apps.train import accelerator
    from onpu.training.sources import needed, parent_path
    from onpu.weights import find, read_card

    name = _one_of(task)
    card = read_card(find(name, checked(licence)))
    if not sources and fetch is None and not data.is_dir():
        raise DataError(f"{data}: no such folder; name the one that holds the data sets, if any are needed")
    wanted = needed(card, data)
    if fetch is not None:
        _fetch(fetch, wanted, data)
        wanted = needed(card, data)
    if sources:
        _list(wanted)
        return
    lacking = [one for one in wanted if not one.there]
    if lacking:
        first, others = lacking[0], f" and {len(lacking) - 1} more" if lacking[1:] else ""
        shown = f" (SHA-256 {first.sha256[:HASH_SHOWN]})" if first.sha256 else ""
        raise DataError(f"{data}: lacks {first.name}{shown}{others}, of which {task} was made; had from {first.home}; "
                        f"onpu reproduce {task} --sources lists all")
    if "averaged" in card["trained"]:
        _mean(card, out, data)
        return
    _again(card, parent_path(card, data), out, data, accelerator(device), devices, jobs)


def _one_of(task: str) -> str:
    """The weights that a name means. Raises `OnpuError` for a task that has several, and for one that has none of its
    own."""
    from onpu.listen import default_weights, tasks

    listener = tasks().get(task)
    if listener is None or default_weights(listener) == (task,):
        return task
    names = default_weights(listener)
    raise OnpuError(f"{task}: has no weights of that name, it uses {' and '.join(names)}; name "
                    f"{'one of them' if names[1:] else 'these'}")


def _fetch(address: str, wanted: "list[Needed]", data: Path) -> None:
    """Copy what is missing and is a file with a hash."""
    from onpu.data.corpora.fetching import fetch

    for one in wanted:
        if not one.there and one.file and one.sha256:
            typer.echo(f"{fetch(address, one.file, one.sha256, data)}: fetched, with the hash of the card")


def _list(wanted: "list[Needed]") -> None:
    """What is needed, a paragraph each."""
    if not wanted:
        typer.echo("nothing is needed: all that was learned from is composed")
    for one in wanted:
        typer.echo(f"{one.name}: {'there' if one.there else 'missing'}\n    SHA-256  {one.sha256 or 'none is known'}\n"
                   f"    licence  {one.licence or 'see its home'}\n    from     {one.home or 'unknown'}")


def _mean(card: "Card", out: Path, data: Path) -> None:
    """The mean of its weights again."""
    from onpu.training.reproduce import average_again

    same = average_again(card, out, data)
    typer.echo(f"{out / 'mean.safetensors'}: {'the same' if same else 'not the same'} weights, bit by bit")
    if not same:
        raise typer.Exit(1)


def _again(card: "Card", parent: Path | None, out: Path, data: Path, where: str, devices: int, jobs: int) -> None:
    """Train, and show the measures."""
    from rich.console import Console
    from rich.table import Table

    from onpu.apps.train import Preparing, telling, trainable
    from onpu.listen import load as load_listener
    from onpu.listen import tasks
    from onpu.make import load as load_maker
    from onpu.make import makers
    from onpu.training.reproduce import reproduce as listen_again
    from onpu.training.reproduce import reproduce_maker as make_again

    trainable()
    task, progress = card["task"], Preparing()
    if parent is not None:
        typer.echo(f"begins with {parent}")
    with telling():
        if task in tasks():
            found = listen_again(tasks()[task], card, out, data, None if parent is None else load_listener(parent),
                                 devices=devices, accelerator=where, jobs=jobs, progress=progress)
        else:
            found = make_again(makers()[task], card, out, data, None if parent is None else load_maker(parent),
                               devices=devices, accelerator=where, jobs=jobs, progress=progress)
    table = Table(box=None, header_style="bold")
    for heading in ("measure", "stored", "band", "found now", ""):
        table.add_column(heading)
    for line in found:
        table.add_row(line.measure, f"{line.stored:.3f}", f"{line.low:.3f} to {line.high:.3f}", f"{line.found:.3f}",
                      "within" if line.within else "outside")
    Console().print(table, markup=False)
    if not all(line.within for line in found):
        raise typer.Exit(1)
