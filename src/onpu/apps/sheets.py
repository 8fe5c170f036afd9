"""How sheets of music are written, as flags of commands."""

from typing import TYPE_CHECKING, Annotated

import typer

from onpu.errors import OnpuError

if TYPE_CHECKING:
    from onpu.music.sheet import SheetOptions

SHEETS = "Sheets (musicxml, pdf, svg)"
"""Panel of the help."""
FINEST = {"1/4": 1, "1/8": 2, "1/16": 4}
"""Shortest note where a beat is a quarter -> parts of a beat."""
RHYTHMS = {"auto": True, "straight": False}
"""Value of `--quantise` -> whether triplets and swing are written."""

Grid = Annotated[str, typer.Option(help=f"Shortest note: {', '.join(FINEST)}.", rich_help_panel=SHEETS)]
Quantise = Annotated[str, typer.Option("--quantise", "--quantize", rich_help_panel=SHEETS,
                                       help="auto: straight, triplets or swing, as it is played; straight: no "
                                            "triplets.")]
Simplify = Annotated[int, typer.Option(help="0: all that was heard; 1: without what is doubtful; 2: less.", min=0,
                                       max=2, rich_help_panel=SHEETS)]
Transpose = Annotated[str, typer.Option(help="Voices, winds and brass written for instruments in C, Bb, Eb or F.",
                                        rich_help_panel=SHEETS)]
Tab = Annotated[bool, typer.Option("--tab", help="Tablature of guitars and basses.", rich_help_panel=SHEETS)]


def sheet_options(grid: str, quantise: str, simplify: int, transpose: str, tab: bool) -> "SheetOptions":
    """The options of the flags. Raises `OnpuError` for others than there are."""
    from onpu.music import quantise as rhythm
    from onpu.music.sheet import SheetOptions

    if grid not in FINEST:
        raise OnpuError(f"--grid {grid}: choose from {', '.join(FINEST)}")
    if quantise not in RHYTHMS:
        raise OnpuError(f"--quantise {quantise}: choose from {', '.join(RHYTHMS)}")
    return SheetOptions(rhythm.Grid(FINEST[grid], RHYTHMS[quantise]), simplify, transpose, tab)
