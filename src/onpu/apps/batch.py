"""`onpu batch`, `onpu merge`, `onpu report`: archives of many recordings."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated

import typer

from onpu.apps import flags, known
from onpu.errors import OnpuError
from onpu.licensing import checked

if TYPE_CHECKING:
    from onpu.archive.running import Progress

CLUSTER = "Ray (pip install onpu[ray])"
"""Panel of the help."""
LINE_SECONDS = 30.0
"""Seconds between two lines of progress where there is no terminal."""


def batch(
    manifest: Annotated[Path, typer.Argument(help="List of recordings: a line each, or a table (.csv, .tsv, .jsonl) "
                                                  "with a column file; paths, or addresses that fsspec opens.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder of the archive; what is done in it stays.",
                                      callback=flags.no_file)],
    tasks: Annotated[str | None, typer.Option(help="What to listen for, by commas; default: everything.")] = None,
    licence: Annotated[str, typer.Option(help="Of the weights: default or permissive.")] = "default",
    workers: Annotated[int, typer.Option("--workers", "-w", min=1, help="Recordings at a time, each on one "
                                                                        "processor.")] = 1,
    shard: Annotated[str, typer.Option(help="Only the third of 64 parts of the list: 3/64.")] = "1/1",
    jams: Annotated[bool, typer.Option("--jams", help="Keep JAMS beside the rows.")] = False,
    limit: Annotated[float, typer.Option(min=0, help="Seconds that a recording may take; 0: no limit.")] = 0.0,
    again: Annotated[bool, typer.Option("--again", help="Try those once more that failed.")] = False,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda or mps.")] = "auto",
    address: Annotated[str | None, typer.Option(help="Of a cluster (auto, ray://head:10001), or local.",
                                                rich_help_panel=CLUSTER)] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress.")] = False,
) -> None:
    """Analyse many recordings into tables: a row each, whether it was analysed or why not. A run that ends, however it
    does, is gone on with by the same command. The exit code is 1 where recordings failed."""
    from onpu.analysis import listeners
    from onpu.archive.manifest import parse_shard, read_manifest
    from onpu.archive.pools import local_rows, ray_rows
    from onpu.archive.running import make_archive
    from onpu.archive.store import Store
    from onpu.archive.working import ArchiveJob

    if address is not None and limit:
        raise OnpuError("--limit: has no effect with --address; leave one of them out")
    entries, (number, count) = read_manifest(manifest), parse_shard(shard)
    named = known.words(tasks) if tasks else None
    chosen = listeners(named, device, checked(licence))
    work = ArchiveJob(None if named is None else tuple(map(str, named)), checked(licence), device, jams=jams,
                weights=tuple(str(trained.card["sha256"]) for trained in chosen))
    rows = partial(local_rows, work=work, workers=workers, limit=limit) if address is None else partial(
        ray_rows, work=work, workers=workers, address=address)
    last = None
    for last in _shown(make_archive(entries, work, Store(out, number, count), rows, again), quiet):
        if last.last is not None and last.last["status"] != "ok" and not quiet:
            typer.echo(f"onpu: {last.last['error']}", err=True)
    assert last is not None
    typer.echo(f"{out}: {last.done} of {last.total} recordings{'' if count == 1 else f' of shard {shard}'}, "
               f"{last.failed} failed now")
    if last.failed:
        raise typer.Exit(1)


def merge(
    store: Annotated[Path, typer.Argument(help="Folder of an archive, with the parts of all its shards.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="The one table, .parquet.",
                                      callback=flags.no_folder)] = Path("archive.parquet"),
) -> None:
    """Write the rows of all shards of an archive as one table."""
    from onpu.archive.merging import merge as merged

    found = merged(store, out)
    typer.echo(f"{out}: {found.rows} of {found.total} recordings, {found.failed} failed")


def report(
    store: Annotated[Path, typer.Argument(help="Folder of an archive.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="The page.",
                                      callback=flags.no_folder)] = Path("archive.html"),
) -> None:
    """Write a page about an archive: how much is done, lengths, tempi, keys, what went wrong."""
    from onpu.archive.reporting import write_archive_report

    write_archive_report(store, out)
    typer.echo(str(out))


def _shown(progress: "Iterator[Progress]", quiet: bool) -> "Iterator[Progress]":
    """The same, with rate, failures and the time that is left in the terminal, or a line now and then elsewhere."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Display

    console = Console(stderr=True)
    columns = (TextColumn("analysing"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[told]}"),
               TimeRemainingColumn())
    begun, told, first = monotonic(), monotonic(), None
    with Display(*columns, console=console, transient=True, disable=quiet or not console.is_terminal) as display:
        task = display.add_task("", total=None, told="")
        for one in progress:
            first = one.done if first is None else first
            rate = 60 * (one.done - first) / max(monotonic() - begun, 1e-3)
            text = f"{rate:.1f} a minute, {one.failed} failed"
            display.update(task, total=one.total, completed=one.done, told=text)
            if not (quiet or console.is_terminal) and monotonic() - told > LINE_SECONDS:
                told = monotonic()
                left = (one.total - one.done) / max(rate, 1e-3)
                typer.echo(f"onpu: {one.done} of {one.total}, {text}, {left:.0f} minutes left", err=True)
            yield one
