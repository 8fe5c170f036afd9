"""Make the package `onpu_onnx`: the part of onpu's source that needs no torch, under that name, and exported models.

    python onpu-onnx/pack.py [NAME …]      listeners to export; default: those of `onpu export --web`

Packed is what can be reached from `ROOTS` (`onpu.export.packing`). Models whose front ends are equal share one file.
"""

import re
import shutil
import sys
import tomllib
from pathlib import Path

from onpu.export.packing import SOURCE, packed, share_fronts

HERE = Path(__file__).resolve().parent
TARGET = HERE / "src" / "onpu_onnx"
ROOTS = ("onpu.analysis", "onpu.exported", "onpu.apps.analyze", "onpu.formats")
WHOLE = ("onpu.decode.tasks", "onpu.formats")
"""Packages whose modules are all packed, for they are imported by name."""
IMPORTS = re.compile(r"^(\s*(?:from|import)\s+)onpu\b(?!_)", re.MULTILINE)
NAMES = re.compile(r"""(["'])onpu(?=\.[a-z_]+(?:\.[a-z_]+)*\1|"\))""")


def renamed(text: str) -> str:
    """Source of onpu as that of onpu_onnx."""
    return NAMES.sub(r"\1onpu_onnx", IMPORTS.sub(r"\1onpu_onnx", text))


def write_source() -> None:
    """Copy the modules, their pages and tables, and what is the package's own."""
    shutil.rmtree(TARGET, ignore_errors=True)
    found = packed(ROOTS, WHOLE)
    for path in found.values():
        _write(TARGET / path.relative_to(SOURCE), renamed(path.read_text(encoding="utf-8")))
    for path in (HERE / "own").glob("*.py"):
        _write(TARGET / path.name, renamed(path.read_text(encoding="utf-8")))
    folders = {path.parent for path in found.values()}
    settings = tomllib.loads((HERE.parent / "pyproject.toml").read_text(encoding="utf-8"))
    for pattern in settings["tool"]["setuptools"]["package-data"]["onpu"]:
        for path in SOURCE.glob(pattern):
            if path.parent in folders and path.parent.name != "weights":
                shutil.copy(path, TARGET / path.relative_to(SOURCE))
    shutil.copy(HERE.parent / "LICENSE", HERE / "LICENSE")
    shutil.copy(SOURCE / "weights" / "LICENCES.txt", HERE / "LICENCES.txt")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def write_models(names: list[str]) -> None:
    """Export listeners, and put equal front ends into one file."""
    from onpu.apps.export import export, together

    out = TARGET / "exported_models"
    export(names or together("default"), out, "default", True)
    share_fronts(out)


if __name__ == "__main__":
    write_source()
    write_models(sys.argv[1:])
