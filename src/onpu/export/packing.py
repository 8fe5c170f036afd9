"""The part of onpu's source that needs no torch: what `onpu-onnx` and the page in a browser are made of.

Packed is what can be reached from some modules without passing one whose import needs torch or another of `MISSING`.
"""

import ast
import json
from collections.abc import Iterator, Sequence
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent
MISSING = ("torch", "scipy", "mir_eval", "safetensors", "lightning", "matplotlib", "fastapi", "verovio", "fontTools")
"""What is not there where no torch is."""


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


@lru_cache(maxsize=1)
def _graph() -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Of each module of onpu what it imports when it is imported itself, and all that it imports."""
    trees = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in modules().items()}
    at_once, ever = ({name: set(imported(tree, first)) for name, tree in trees.items()} for first in (True, False))
    return at_once, ever


def packed(roots: Sequence[str], whole: Sequence[str]) -> dict[str, Path]:
    """Modules that need nothing of `MISSING`.

    Parameters
    ----------
    roots
        Names of modules from which all others are reached.
    whole
        Names of packages whose modules are all packed where the package is, for they are imported by name.

    Returns
    -------
    dict
        Name -> file of the modules, `onpu` itself left out, whose doors open on what needs torch.
    """
    known = modules()
    needs, names = _graph()
    heavy = {name for name, found in needs.items() if any(one.partition(".")[0] in MISSING for one in found)}
    while True:  # what imports something heavy is heavy, and so is what lies in a heavy package
        more = {name for name, found in needs.items() if name != "onpu" and name not in heavy
                and (found & heavy or name.rpartition(".")[0] in heavy)}
        if not more:
            break
        heavy |= more
    reached, waiting = set[str](), list(roots)
    while waiting:
        name = waiting.pop()
        if name in reached or name in heavy or name not in known or name == "onpu":
            continue
        reached.add(name)
        waiting += [*names[name], name.rpartition(".")[0]]
        if name in whole:
            waiting += [other for other in known if other.startswith(f"{name}.")]
    return {name: known[name] for name in sorted(reached)}


def share_fronts(folder: Path) -> None:
    """Let exported listeners (`onpu export -o FOLDER`) whose front ends are equal have one file for them, in
    `FOLDER/fronts`; their descriptions name it."""
    fronts = folder / "fronts"
    fronts.mkdir(exist_ok=True)
    for path in sorted(folder.glob("*/features.onnx")):
        shared = fronts / f"{sha256(path.read_bytes()).hexdigest()[:16]}.onnx"
        path.replace(shared)
        description = path.with_name("decoder.json")
        told = json.loads(description.read_text(encoding="utf-8"))
        told["features"]["file"] = f"../fronts/{shared.name}"
        description.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
