"""`onpu enhance`: a recording without its noise."""

from pathlib import Path
from typing import Annotated

import typer

from onpu.apps.remake import chosen, write_remade


def enhance(
    recording: Annotated[Path, typer.Argument(help="A recording of music with noise.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="File to write; its suffix says the format.")],
    page: Annotated[Path | None, typer.Option(help="Also write a page (.html) on which to hear both, one against the "
                                                   "other.")] = None,
    weights: Annotated[str, typer.Option(help="Weights, by name or path.")] = "enhance",
    device: Annotated[str, typer.Option(help="auto, cpu, cuda or mps.")] = "auto",
) -> None:
    """Take the noise out of a recording: hiss, hum, crackle, rooms. Nothing above 8 kHz is kept."""
    trained = chosen(weights, "enhance", device)
    write_remade(trained, recording, out, None, page, ("before", "enhanced"))
    typer.echo(str(out))
    if page is not None:
        typer.echo(str(page))
