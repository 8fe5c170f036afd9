"""`onpu convert`: a recording in the sound of something else."""

from pathlib import Path
from typing import Annotated

import typer

from onpu.apps.remake import chosen, write_remade


def convert(
    recording: Annotated[Path, typer.Argument(help="A recording: of a piano, or sinusoids for --to piano.")],
    to: Annotated[str, typer.Option("--to", help="strings, guitar, piano or band, or the path of weights.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="File to write; its suffix says the format.")],
    page: Annotated[Path | None, typer.Option(help="Also write a page (.html) on which to hear both, one against the "
                                                   "other.")] = None,
    iterations: Annotated[int, typer.Option(min=0, max=1000, help="Iterations that find the phases.")] = 32,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda or mps.")] = "auto",
) -> None:
    """Convert a recording: a piano to strings or guitar, sinusoids to a piano, a piano to a band."""
    from onpu.make.convert import ConvertOptions

    own = Path(to).is_file()
    made = chosen(to if own else f"convert-{to}", "convert", device)
    write_remade(made, recording, out, ConvertOptions(iterations), page, ("before", Path(to).stem if own else to))
    typer.echo(str(out))
    if page is not None:
        typer.echo(str(page))
