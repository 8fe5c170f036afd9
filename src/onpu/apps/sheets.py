"""How sheets of music are written, as flags of commands."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, get_args, get_type_hints

import typer

from onpu.apps import flags
from onpu.errors import OnpuError

if TYPE_CHECKING:
    import inspect

    from onpu.music.sheet import SheetOptions

SHEETS = "Sheets (musicxml, pdf, svg)"
"""Panel of the help."""
FINEST = {"auto": None, "1/4": 1, "1/8": 2, "1/16": 4, "1/32": 8}
"""Shortest note where a beat is a quarter -> parts of a beat."""
RHYTHMS = {"auto": True, "straight": False}
"""Value of `--quantise` -> whether triplets and swing are written."""
MADE = ("grid", "transpose", "tab")
"""Flags of music that is made, none of which is doubtful or played unevenly."""


@dataclass(frozen=True)
class SheetFlags:
    """How sheets are written, as flags; the same in every command that writes some."""

    grid: Annotated[str, typer.Option(help=f"Shortest note: {', '.join(FINEST)}.", rich_help_panel=SHEETS)] = "auto"
    quantise: Annotated[str, typer.Option(
        "--quantise", "--quantize", rich_help_panel=SHEETS,
        help="auto: straight, triplets or swing, as it is played; straight: no triplets.")] = "auto"
    simplify: Annotated[int, typer.Option(
        help="0: all that was heard; 1: without what is doubtful; 2: less.", min=0, max=2, rich_help_panel=SHEETS)] = 1
    transpose: Annotated[str, typer.Option(
        help="Voices, winds and brass written for instruments in C, Bb, Eb or F.", rich_help_panel=SHEETS)] = "C"
    tab: Annotated[bool, typer.Option("--tab", help="Tablature of guitars and basses.", rich_help_panel=SHEETS)] = False

    def options(self) -> "SheetOptions":
        """What the flags say. Raises `OnpuError` for values that there are not."""
        from onpu.music import quantise as rhythm
        from onpu.music.sheet import SheetOptions

        if self.grid not in FINEST:
            raise OnpuError(f"--grid {self.grid}: choose from {', '.join(FINEST)}")
        if self.quantise not in RHYTHMS:
            raise OnpuError(f"--quantise {self.quantise}: choose from {', '.join(RHYTHMS)}")
        grid = rhythm.Grid(FINEST[self.grid], RHYTHMS[self.quantise])
        return SheetOptions(grid, self.simplify, self.transpose, self.tab)


def made() -> "list[inspect.Parameter]":
    """The flags of `MADE` as parameters."""
    hints = get_type_hints(SheetFlags, include_extras=True)
    parts = [(name, get_args(hints[name])) for name in MADE]
    return [flags.parameter(name, kind, option, getattr(SheetFlags, name)) for name, (kind, option) in parts]
