"""The shape of the package: no circles, few floors, few arrows between folders, no class name twice.

A folder is a direct child of `onpu`, `engine` or `data` that holds modules; modules that lie directly in `data` are one
folder. Imports count wherever they stand: inside functions and under `TYPE_CHECKING` too.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import onpu

ROOT = Path(onpu.__file__).parent
FLOORS, ARROWS, IGNORED, UNTYPED = 10, 131, 8, 219
"""Arrows: 108, and four for `live`: what it hears comes from `inference`, how beats go on from `decode`, the tuner's
pitch from `represent`, and `apps` has its command. All else it asks of trained listeners. 19 more are those of `export`
and `pipelines`, which were modules directly in `onpu`, where they are not counted; nor were two of the floors, which
lie between the makers and `apps`."""
LONGEST = 300
"""Lines of a module."""
DIVIDED = ("engine", "data")


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in ROOT.rglob("*.py")}


def imported(path: Path) -> Iterator[str]:
    """Modules of onpu that a file imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                submodule = f"{node.module}.{alias.name}"
                name = submodule if submodule in MODULES else node.module
                yield from [name] if name in MODULES else []
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in MODULES)


@cache
def file_graph() -> dict[str, set[str]]:
    return {name: set(imported(path)) - {name} for name, path in MODULES.items()}


def folder(module: str) -> str | None:
    """The folder that a module lies in; None for modules that lie directly in `onpu`."""
    parts = module.split(".")[1:]
    if not parts or not (ROOT / parts[0]).is_dir():
        return None
    if parts[0] in DIVIDED and len(parts) > 1 and (ROOT / parts[0] / parts[1]).is_dir():
        return ".".join(parts[:2])
    return parts[0]


@cache
def folder_graph() -> dict[str, set[str]]:
    graph: dict[str, set[str]] = defaultdict(set)
    for name, found in file_graph().items():
        own = folder(name)
        if own is not None:
            graph[own] |= {other for module in found if (other := folder(module)) not in (None, own)}
    return dict(graph)


def test_no_file_and_no_folder_imports_itself_in_a_circle():
    for graph in (file_graph(), folder_graph()):
        order = list(TopologicalSorter(graph).static_order())  # raises CycleError with the circle
        assert len(order) == len(set(graph).union(*graph.values()))


def test_folders_have_few_floors_and_few_arrows():
    graph = folder_graph()

    @cache
    def floor(name: str) -> int:
        return 1 + max(map(floor, graph[name]), default=0)

    assert "onpu.engine.compose.composer" in MODULES and floor("apps") > 4, "the package was not found as it is"
    assert max(map(floor, graph)) <= FLOORS
    assert sum(map(len, graph.values())) <= ARROWS


def test_no_class_name_stands_for_two_things():
    places = defaultdict(list)
    for name, path in MODULES.items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                places[node.name].append(name)
    assert {name: where for name, where in places.items() if len(where) > 1} == {}


def test_listening_and_making_do_not_know_each_other():
    graph = folder_graph()
    assert "make" not in graph["listen"] and "listen" not in graph["make"]


def test_ignored_types_are_few():
    found = [f"{name}:{number}" for name, path in MODULES.items()
             for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
             if "# type: ignore" in line]
    assert len(found) <= IGNORED, found


def test_untyped_places_are_no_more_than_before_ignores_went():
    """An ignored type must not become an `Any`."""
    assert sum(len(re.findall(r"\bAny\b", path.read_text(encoding="utf-8"))) for path in MODULES.values()) <= UNTYPED


def test_no_module_is_longer_than_can_be_read_at_once():
    long = {name: lines for name, path in MODULES.items()
            if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST}
    assert long == {}


def test_what_is_public_in_a_module_has_a_docstring():
    silent = [f"{name}:{node.name}" for name, path in MODULES.items()
              for node in ast.parse(path.read_text(encoding="utf-8")).body
              if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
              and not ast.get_docstring(node)]
    assert silent == []


def test_no_two_test_modules_share_a_name() -> None:
    """pytest imports the modules of `tests`, which are in no package, by their bare names, and refuses a second one."""
    by_name = defaultdict(list)
    for path in sorted(Path(__file__).parent.rglob("test_*.py")):
        by_name[path.name].append(path)
    assert {name: paths for name, paths in by_name.items() if len(paths) > 1} == {}
