"""`onpu embed`: recordings in, a table of what the layers of networks answer out, to learn other things from."""

from pathlib import Path
from typing import Annotated

import typer

from onpu.apps import flags
from onpu.apps.recordings import recordings
from onpu.errors import OnpuError


def embed(
    files: Annotated[list[str], typer.Argument(help="Recordings, folders of recordings, patterns or @list.txt.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="The table: .parquet, .npz or .csv.",
                                      callback=flags.no_folder)],
    weights: Annotated[str, typer.Option("--with", help="Listeners whose layers answer, by task or weights; several by "
                                                        "commas.")] = "chords",
    device: Annotated[str, typer.Option(help="auto, cpu, cuda or mps.")] = "auto",
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress.")] = False,
) -> None:
    """Write the means of every layer of trained listeners, a row a recording, for classifiers of your own.

    A recording that cannot be read costs its row; the exit code is then 1.
    """
    import numpy as np
    from rich.console import Console
    from rich.progress import track

    from onpu.apps.applying import trained_listeners
    from onpu.formats.feature_table import check_suffix, write_table

    check_suffix(out)
    names = [word.strip() for word in weights.split(",") if word.strip()]
    chosen = [trained_listeners([name], device) for name in names]
    items, rows, done, failures = recordings(files, Path(".")), [], [], []
    console = Console(stderr=True)
    heads: list[str] = []
    for item in track(items, "listening", console=console, transient=True, disable=quiet or not console.is_terminal):
        try:
            means = [(name, found.layer_means(item.path)) for name, several in zip(names, chosen, strict=True)
                     for found in several]
        except OnpuError as error:
            failures.append(str(error) if item.name in str(error) else f"{item.name}: {error}")
            continue
        heads = [f"{name}.{layer}.{channel}" for name, layers in means for layer, values in layers.items()
                 for channel in range(len(values))]
        rows.append(np.concatenate([values for _, layers in means for values in layers.values()]))
        done.append(item.name)
    for failure in failures:
        typer.echo(f"onpu: {failure}", err=True)
    if not rows:
        raise OnpuError("none of the recordings could be read")
    write_table(out, done, heads, np.stack(rows))
    if not quiet:
        typer.echo(f"{out}: {len(rows)} recordings, {len(heads)} columns")
    if failures:
        raise typer.Exit(1)
