"""Writing the folder of the page: everything that a browser needs, for any host of static files.

    DIR/index.html …      the page
    DIR/onpu/             the JavaScript package that it uses (`npm pack DIR/onpu` makes an archive of it)
    DIR/onpu/models       exported listeners
    DIR/onpu/runtime      Python, NumPy and onnxruntime as WebAssembly
    DIR/onpu/onpu.zip     onpu's own Python
"""

import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from onpu.export.browser.runtime import NUMPY, fetched
from onpu.export.packing import SOURCE, packed, share_fronts
from onpu.exported import CARD
from onpu.files import Json
from onpu.version import __version__

STATIC = Path(__file__).parent / "static"
PACKAGE = "onpu"
ROOTS = ("onpu.apps.in_browser",)
STAND_INS = Path(__file__).parent / "stand_ins"
DATA = ("formats/report/page.html", "music/drum_patterns.json", "analysis/stacked_tags.json")
"""Files beside the modules that these read."""


def write_page(out: Path, write_models: Callable[[Path], None], told: Callable[[str], None] = lambda text: None
               ) -> None:
    """Write the folder.

    Parameters
    ----------
    out
        The folder, which is made.
    write_models
        Exports listeners into the folder that it is given, as `onpu export` does.
    told
        Called with what is being brought, in a few words.

    Raises
    ------
    OnpuError
        When a file that the browser needs cannot be had.
    """
    parts = fetched(told)
    package = out / PACKAGE
    shutil.copytree(STATIC, out, dirs_exist_ok=True, ignore=shutil.ignore_patterns("package"))
    shutil.copytree(STATIC / "package", package, dirs_exist_ok=True)
    models = package / "models"
    shutil.rmtree(models, ignore_errors=True)
    models.mkdir(parents=True)
    write_models(models)
    share_fronts(models)
    (package / "runtime").mkdir(exist_ok=True)
    for name, path in parts.items():
        shutil.copyfile(path, package / "runtime" / name)
    (package / "onpu.zip").write_bytes(python())
    (package / "parts.json").write_text(json.dumps({"onpu": __version__, "numpy": NUMPY, "models": listing(models)}),
                                        encoding="utf-8")
    described = package / "package.json"
    told_of_package: Json = json.loads(described.read_text(encoding="utf-8"))
    described.write_text(json.dumps(told_of_package | {"version": __version__}, indent=2) + "\n", encoding="utf-8")
    shutil.copyfile(SOURCE / "weights" / "LICENCES.txt", package / "LICENCES.txt")


def python() -> bytes:
    """A ZIP archive of the modules that run in the page, and of what takes the place of packages there. The same source
    gives the same bytes."""
    held = io.BytesIO()
    with ZipFile(held, "w", ZIP_DEFLATED) as archive:
        def add(name: str, content: str) -> None:
            archive.writestr(ZipInfo(name), content, ZIP_DEFLATED)

        add("onpu/__init__.py", "")
        for path in [*packed(ROOTS, ("onpu.decode.tasks",)).values(), *(SOURCE / name for name in DATA)]:
            add(path.relative_to(SOURCE.parent).as_posix(), path.read_text(encoding="utf-8"))
        for path in sorted(STAND_INS.glob("*.py")):
            add(f"stand_ins/{path.name}", path.read_text(encoding="utf-8"))
    return held.getvalue()


def listing(models: Path) -> dict[str, list[str]]:
    """Name of each exported listener -> its files, as paths in the folder."""
    found = {}
    for card in sorted(models.glob(f"*/{CARD}")):
        told: Json = json.loads(card.with_name("decoder.json").read_text(encoding="utf-8"))
        front = (card.parent / told["features"]["file"]).resolve().relative_to(models.resolve()).as_posix()
        found[card.parent.name] = [*sorted(f"{card.parent.name}/{path.name}" for path in card.parent.iterdir()), front]
    return found
