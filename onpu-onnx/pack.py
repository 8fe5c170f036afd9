"""Make the package `onpu_onnx`: the part of onpu's source that needs no torch, under that name, and exported models.

    python onpu-onnx/pack.py [NAME …]      listeners to export; default: those that `onpu analyze` uses

Packed is what can be reached from `ROOTS` without passing a module whose import needs torch or another of `MISSING`.
Models whose front ends are equal share one file.
"""

import ast
import json
import re
import shutil
import sys
import tomllib
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOURCE = HERE.parent / "src" / "onpu"
TARGET = HERE / "src" / "onpu_onnx"
ROOTS = ("onpu.analysis", "onpu.exported", "onpu.apps.analyze", "onpu.formats")
WHOLE = ("onpu.decode.tasks", "onpu.formats")
"""Packages whose modules are all packed, for they are imported by name."""
MISSING = ("torch", "scipy", "mir_eval", "safetensors", "lightning", "matplotlib", "fastapi", "verovio", "fontTools")
"""What the package does not depend on."""
IMPORTS = re.compile(r"^(\s*(?:from|import)\s+)onpu\b(?!_)", re.MULTILINE)
NAMES = re.compile(r"""(["'])onpu(?=\.[a-z_]+(?:\.[a-z_]+)*\1|"\))""")


def modules() -> dict[str, Path]:
    """Name -> file of all modules of onpu."""
    found = {}
    for path in SOURCE.rglob("*.py"):
        parts = path.relative_to(SOURCE.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imported(tree: ast.AST, at_once: bool) -> Iterator[str]:
    """Names that a module imports, but for type checkers; at_once: when it is imported itself, not in functions."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif ((at_once and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
              or (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test))):
            continue
        else:
            yield from imported(node, at_once)


def packed() -> dict[str, Path]:
    """Name -> file of the modules that are packed, the package itself left out."""
    known = modules()
    trees = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in known.items()}
    needs = {name: set(imported(tree, at_once=True)) for name, tree in trees.items()}
    heavy = {name for name, found in needs.items() if any(one.partition(".")[0] in MISSING for one in found)}
    while True:  # what imports something heavy is heavy, and so is what lies in a heavy package
        more = {name for name, found in needs.items() if name != "onpu" and name not in heavy
                and (found & heavy or name.rpartition(".")[0] in heavy)}
        if not more:
            break
        heavy |= more
    reached, waiting = set[str](), list(ROOTS)
    while waiting:
        name = waiting.pop()
        if name in reached or name in heavy or name not in known or name == "onpu":
            continue
        reached.add(name)
        waiting += [*imported(trees[name], at_once=False), name.rpartition(".")[0]]
        if name in WHOLE:
            waiting += [other for other in known if other.startswith(f"{name}.")]
    return {name: known[name] for name in sorted(reached)}


def renamed(text: str) -> str:
    """Source of onpu as that of onpu_onnx."""
    return NAMES.sub(r"\1onpu_onnx", IMPORTS.sub(r"\1onpu_onnx", text))


def write_source() -> None:
    """Copy the modules, their pages and tables, and what is the package's own."""
    shutil.rmtree(TARGET, ignore_errors=True)
    found = packed()
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
    from onpu.analysis import usual
    from onpu.apps.export import export

    out = TARGET / "exported_models"
    export([*(names or map(str, usual("default")[0]))], out, "default", True)
    fronts = TARGET / "exported_models" / "fronts"
    fronts.mkdir()
    for path in sorted(out.glob("*/features.onnx")):
        shared = fronts / f"{sha256(path.read_bytes()).hexdigest()[:16]}.onnx"
        path.replace(shared)
        description = path.with_name("decoder.json")
        told = json.loads(description.read_text(encoding="utf-8"))
        told["features"]["file"] = f"../fronts/{shared.name}"
        _write(description, json.dumps(told, ensure_ascii=False))


if __name__ == "__main__":
    write_source()
    write_models(sys.argv[1:])
