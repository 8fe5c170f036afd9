"""The distribution `onpu-sounds`: its kits can be played, are credited, and stay small."""

import json
import sys
from pathlib import Path

import pytest

from onpu.engine.render.drumkits.kits import ENGINE_KITS, TABLE, kit_sources
from onpu.engine.render.drumkits.oneshots import REFERENCE
from onpu.engine.render.sampler.sets import Sample
from onpu.music.drum_patterns import ROWS

SOUNDS = Path(__file__).resolve().parents[1] / "sounds/src"
FOLDER = SOUNDS / "onpu_sounds"
MOST_BYTES = 10 * 2**20


@pytest.fixture
def installed(monkeypatch):
    """Kits by name, as if the distribution were installed."""
    monkeypatch.syspath_prepend(str(SOUNDS))
    monkeypatch.delitem(sys.modules, "onpu_sounds", raising=False)
    yield {name: kit for name, kit in kit_sources().items() if name not in ENGINE_KITS}
    sys.modules.pop("onpu_sounds", None)


def test_every_kit_has_all_drums_and_says_who_made_it(installed):
    assert {"muldjord", "studio", "808"} <= set(installed)
    for source in installed.values():
        kit = source.load(22_050)
        assert set(kit.rows) == set(ROWS) and ("CC0" in source.credit or "CC BY 4.0" in source.credit)
        assert Sample.of(kit.hit("kick", 127), 22_050).level == pytest.approx(REFERENCE, rel=0.05)


def test_every_sound_is_used_and_credited():
    told = json.loads((FOLDER / TABLE).read_text(encoding="utf-8"))
    used = {name for kit in told["kits"] for names in kit["rows"].values() for name in names}
    there = {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.flac")}
    assert used == there
    credits_ = (FOLDER / "CREDITS.txt").read_text(encoding="utf-8")
    assert "Lars Muldjord" in credits_ and "creativecommons.org/licenses/by/4.0" in credits_
    assert all(f"`:{Path(name).stem}`" in credits_ for name in used if name.startswith("oneshots/"))
    assert sum(path.stat().st_size for path in FOLDER.rglob("*")) < MOST_BYTES
