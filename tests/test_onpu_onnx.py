"""The package without torch: what is packed needs nothing that is not among its dependencies, and nothing of onpu."""

import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from onpu.export.packing import MISSING

PACK = Path(__file__).parent.parent / "onpu-onnx" / "pack.py"
IMPORTING = """
import importlib, pkgutil, sys

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ({missing}):
            raise ImportError(f"no {{name}} here")

sys.meta_path.insert(0, Missing())
import onpu_onnx
for found in pkgutil.walk_packages(onpu_onnx.__path__, "onpu_onnx."):
    importlib.import_module(found.name)
assert onpu_onnx.analyze.__module__ == "onpu_onnx.analysis" and onpu_onnx.models() == {{}}
from onpu_onnx.command import main
sys.argv = ["onpu-onnx", "train"]
main()
"""


@pytest.fixture(scope="module")
def pack():
    spec = spec_from_file_location("pack_without_torch", PACK)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_module_is_imported_without_torch_scipy_and_onpu(pack, tmp_path, monkeypatch):
    monkeypatch.setattr(pack, "HERE", tmp_path / "onpu-onnx")
    monkeypatch.setattr(pack, "TARGET", tmp_path / "onpu-onnx" / "src" / "onpu_onnx")
    (tmp_path / "onpu-onnx").mkdir()
    (tmp_path / "onpu-onnx" / "own").symlink_to(PACK.parent / "own")
    for name in ("pyproject.toml", "LICENSE"):
        (tmp_path / name).symlink_to(PACK.parent.parent / name)
    pack.write_source()
    missing = ", ".join(map(repr, (*MISSING, "onpu")))
    done = subprocess.run([sys.executable, "-c", IMPORTING.format(missing=missing)], capture_output=True, text=True,
                          check=False, env={"PYTHONPATH": str(tmp_path / "onpu-onnx" / "src")})
    assert done.returncode == 2, done.stderr
    assert done.stderr == "onpu-onnx: train is not part of onpu-onnx; pip install onpu\n"


def test_imports_alone_are_renamed(pack):
    assert pack.renamed("from onpu.music import Beats\n    import onpu\nfrom onpu_sounds import kits\n") == (
        "from onpu_onnx.music import Beats\n    import onpu_onnx\nfrom onpu_sounds import kits\n")
    assert pack.renamed('connect("onpu.formats.saving", "onpu: {text}")') == (
        'connect("onpu_onnx.formats.saving", "onpu: {text}")')
    assert pack.renamed('logging.getLogger("onpu")') == 'logging.getLogger("onpu_onnx")'


def test_decoders_are_packed_and_nothing_that_learns(pack):
    found = pack.packed(pack.ROOTS, pack.WHOLE)
    assert not any(name.startswith(("onpu.data", "onpu.engine")) for name in found)
    assert {f"onpu.decode.tasks.{name}" for name in ("beats", "chords", "notes", "structure", "tags")} <= set(found)
    assert not any(name.startswith(("onpu.listen", "onpu.models", "onpu.make", "onpu.training")) for name in found)
