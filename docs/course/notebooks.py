"""usage: python -m docs.course.notebooks [NUMBER …]: runs notebooks of the course, writes their pages and .ipynb files.

A notebook is a Python file with cells in the percent format, which editors open as a notebook and anybody can read and
compare. `# %% [markdown]` begins a cell of text, `# %%` one of code, `# %% yours` one that the reader is to write: in
the page and in the .ipynb its functions are empty, and what stands in the file is shown as one way to write it.

A link `[Stft.spectrum](../../src/onpu/represent/spectra.py "torch.fft.rfft(")` names a function of a file and a piece
of its text; the page shows the whole line. tests/test_course.py checks that all three are there.
"""

import ast
import contextlib
import io
import json
import os
import re
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

os.environ.setdefault("MPLBACKEND", "Agg")

FOLDER = Path(__file__).parent
PICTURES = "pictures"
LARGEST = 60_000
"""Bytes of a picture."""
NOTEBOOKS = sorted(FOLDER.glob("[0-9][0-9]_*.py"))
LINK = re.compile(r'\[([\w.]+)\]\(\.\./\.\./(src/[\w/]+\.py) "([^\n]+?)"\)')
LATER = "raise NotImplementedError(\"yours to write\")"


@dataclass(frozen=True)
class Cell:
    """kind: markdown, code or yours; text: without the marks of comments."""

    kind: str
    text: str


@dataclass(frozen=True)
class Said:
    """What a cell printed, and the names of the pictures that it drew."""

    text: str
    pictures: tuple[str, ...]


def cells(path: Path) -> list[Cell]:
    """The cells of a notebook."""
    found = []
    for head, body in re.findall(r"^# %%(.*)\n((?:(?!# %%).*\n?)*)", path.read_text(encoding="utf-8"), re.MULTILINE):
        kind = {"": "code", "[markdown]": "markdown", "yours": "yours"}[head.strip()]
        text = re.sub(r"^# ?", "", body, flags=re.MULTILINE) if kind == "markdown" else body
        found.append(Cell(kind, text.strip("\n")))
    return found


def blank(code: str) -> str:
    """The code with the bodies of its functions still to be written; signatures and docstrings stay."""
    lines = code.splitlines()
    functions = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.FunctionDef)]
    inner = {id(child) for node in functions for child in ast.walk(node) if child is not node}
    for node in sorted((node for node in functions if id(node) not in inner), key=lambda node: -node.lineno):
        first = node.body[1] if ast.get_docstring(node) else node.body[0]
        lines[first.lineno - 1 : node.end_lineno] = [" " * first.col_offset + LATER]
    return "\n".join(lines)


def quoted(name: str, file: str, piece: str) -> str:
    """The line of the named function that holds the piece of text; `LookupError` where there is none, or several."""
    source = (FOLDER.parents[1] / file).read_text(encoding="utf-8")
    scope: ast.AST = ast.parse(source)
    for part in name.split("."):
        scope = next((node for node in ast.iter_child_nodes(scope)
                      if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == part), None) or ast.Pass()
    lines = source.splitlines()[getattr(scope, "lineno", 1) - 1 : getattr(scope, "end_lineno", 0)]
    held = [line.strip() for line in lines if piece in line]
    if len(held) != 1:
        raise LookupError(f"{name} in {file} has {len(held)} lines with {piece!r}")
    return held[0]


def run(path: Path, pictures: Path | None) -> Iterator[tuple[Cell, Said]]:
    """Run a notebook cell by cell; pictures are written to that folder, or nowhere."""
    from matplotlib import pyplot
    known: dict[str, object] = {"__name__": "__main__"}
    drawn = 0
    for cell in cells(path):
        if cell.kind == "markdown":
            yield cell, Said("", ())
            continue
        said, names = io.StringIO(), []
        with contextlib.redirect_stdout(said):
            exec(compile(cell.text, f"{path.name} {cell.text.splitlines()[0]!r}", "exec"), known)
        for number in pyplot.get_fignums():
            drawn += 1
            names.append(f"{path.stem}-{drawn}.png")
            if pictures:
                (pictures / names[-1]).write_bytes(_png(pyplot.figure(number)))
        pyplot.close("all")
        yield cell, Said(said.getvalue().rstrip(), tuple(names))


def _png(figure: "Figure") -> bytes:
    """A figure as a picture of at most `LARGEST` bytes, with as many colours and points as fit."""
    from PIL import Image
    packed = b""
    for dpi, colours in ((80, 128), (80, 32), (64, 32), (56, 16), (40, 16)):
        plain, made = io.BytesIO(), io.BytesIO()
        figure.savefig(plain, dpi=dpi, bbox_inches="tight")
        Image.open(plain).convert("RGB").quantize(colours, dither=Image.Dither.NONE).save(made, "png", optimize=True)
        packed = made.getvalue()
        if len(packed) <= LARGEST:
            break
    return packed


def _with_lines(text: str) -> str:
    def told(link: re.Match[str]) -> str:
        name, file, piece = link.groups()
        return f"`{name}` in `{file}`:\n\n```py\n{quoted(name, file, piece)}\n```\n"

    return LINK.sub(told, text)


def page(done: Sequence[tuple[Cell, Said]]) -> str:
    """The page of a notebook that was run."""
    parts = []
    for cell, said in done:
        if cell.kind == "markdown":
            parts.append(_with_lines(cell.text))
            continue
        shown = blank(cell.text) if cell.kind == "yours" else cell.text
        parts.append(f"```py\n{shown}\n```")
        if cell.kind == "yours":
            parts.append(f'<details markdown="1"><summary>One way to write it</summary>\n\n'
                         f"```py\n{cell.text}\n```\n\n</details>")
        if said.text:
            parts.append(f"```text\n{said.text}\n```")
        parts += [f"![]({PICTURES}/{name})" for name in said.pictures]
    return "\n\n".join(parts) + "\n"


def ipynb(path: Path) -> str:
    """The notebook as a file for Jupyter, where the reader's functions are still to be written."""
    made = []
    for number, cell in enumerate(cells(path)):
        text = blank(cell.text) if cell.kind == "yours" else cell.text
        one: dict[str, object] = {"id": f"{path.stem[:2]}-{number}", "metadata": {}, "cell_type": "markdown",
                                  "source": text.splitlines(keepends=True)}
        if cell.kind != "markdown":
            one |= {"cell_type": "code", "execution_count": None, "outputs": []}
        made.append(one)
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    return json.dumps({"cells": made, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}, indent=1) + "\n"


def make(path: Path) -> float:
    """Run a notebook and write its page, its pictures and its .ipynb; seconds that it took."""
    folder = FOLDER / PICTURES
    folder.mkdir(exist_ok=True)
    for old in folder.glob(f"{path.stem}-*.png"):
        old.unlink()
    began = time.perf_counter()
    done = list(run(path, folder))
    took = time.perf_counter() - began
    path.with_suffix(".md").write_text(page(done), encoding="utf-8")
    path.with_suffix(".ipynb").write_text(ipynb(path), encoding="utf-8")
    return took


def main() -> None:
    """Run the notebooks whose numbers are given, or all."""
    wanted = {int(number) for number in sys.argv[1:]}
    for path in NOTEBOOKS:
        if not wanted or int(path.stem[:2]) in wanted:
            print(f"{path.stem}: {make(path):.0f} s", flush=True)


if __name__ == "__main__":
    main()
