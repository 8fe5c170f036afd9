"""Which kits there are: the engine's own, those of `onpu-sounds` where it is installed, and those of the user."""

import json
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from types import MappingProxyType

import numpy as np
import soundfile
import soxr

from onpu.engine.render.drumkits.oneshots import OneShotKit, assembled
from onpu.engine.render.drumkits.sfz import read_sfz
from onpu.engine.render.soundfont import soundfont
from onpu.engine.render.synth.drums import play_drums
from onpu.errors import DataError, OnpuError, suggestion
from onpu.music import Drums
from onpu.music.drum_patterns import ROWS

ENGINE_KITS = {"onpu": ("onpu, acoustic", 5), "onpu-electronic": ("onpu, electronic", 3)}
"""Name -> title, and the seed from which the engine draws it."""
PACKAGE, TABLE = "onpu_sounds", "kits.json"
STRUCK = (45, 85, 120)
"""Velocities at which layers of the engine and of soundfonts are recorded."""
RECORDED_SECONDS, BEFORE_SECONDS = 3.0, 0.02
SOUNDFONTS = (".sf2", ".sf3")
NONE: Mapping[str, Path] = MappingProxyType({})
KIT_SUFFIXES = (*SOUNDFONTS, ".sfz")
MOST_KITS = 12
"""Of a soundfont."""


@dataclass(frozen=True)
class KitSource:
    """A kit that can be had. name: by which it is asked for. title: as it is shown. credit: who made it, and its
    licence, where that is known. load: sample rate in Hz -> the kit."""

    name: str
    title: str
    credit: str
    load: Callable[[int], OneShotKit]


def kit_sources(own: Mapping[str, Path] = NONE) -> dict[str, KitSource]:
    """All kits by name. own: name -> soundfont or .sfz file of the user. Raises `DataError` where one cannot be
    used."""
    found = [*_engine(), *_package()]
    for name, path in own.items():
        found += user_kits(path, name)
    out: dict[str, KitSource] = {}
    for each in found:
        out.setdefault(each.name, each)
    return out


def kit_source(name: str, own: Mapping[str, Path] = NONE) -> KitSource:
    """One kit by name. Raises `DataError` where there is none."""
    found = kit_sources(own)
    if name not in found:
        raise DataError(f"no drum kit is called {name[:40]}; {suggestion(name[:40], found)}")
    return found[name]


def kit_files(paths: Iterable[str | os.PathLike[str]]) -> dict[str, Path]:
    """Name -> soundfont or .sfz file; of a folder those that lie in it. Raises `OnpuError` where one is not there, or
    is neither."""
    out: dict[str, Path] = {}
    for path in map(Path, paths):
        if not path.exists():
            raise OnpuError(f"{path}: there is no such soundfont, .sfz file or folder")
        if path.is_file() and path.suffix.lower() not in KIT_SUFFIXES:
            raise OnpuError(f"{path}: is no soundfont and no .sfz file; give {', '.join(KIT_SUFFIXES)}")
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        out |= {each.stem: each.absolute() for each in files if each.suffix.lower() in KIT_SUFFIXES}
    return out


def user_kits(path: Path, name: str) -> list[KitSource]:
    """The kits of a soundfont, the first of which has its name, others its name and their program; or the one of an
    .sfz file. Raises `DataError`."""
    if path.suffix.lower() == ".sfz":
        return [KitSource(name, name, "", lambda rate: assembled(read_sfz(path, rate), rate, True))]
    if path.suffix.lower() not in SOUNDFONTS:
        raise DataError(f"{path}: is no soundfont and no .sfz file; give .sf2, .sf3 or .sfz")
    kits = soundfont(path, 44_100).kits()[:MOST_KITS]
    if not kits:
        raise DataError(f"{path}: has no drum kit; give another soundfont")
    return [KitSource(name if kit == kits[0] else f"{name}:{kit}", name if len(kits) == 1 else f"{name}, kit {kit}", "",
                      _font_loader(path, kit)) for kit in kits]


def _font_loader(path: Path, kit: int) -> Callable[[int], OneShotKit]:
    def load(rate: int) -> OneShotKit:
        font = soundfont(path, rate)
        covered, length, before = font.hits(kit), round(RECORDED_SECONDS * rate), round(BEFORE_SECONDS * rate)
        return assembled({row: [font.play(kit, True, [(before, "noteon", font.key(number), velocity)], length, {})
                                for velocity in STRUCK] for row, number in ROWS.items() if number in covered},
                         rate, True)

    return load


def _engine() -> list[KitSource]:
    return [KitSource(name, title, "", _engine_loader(seed)) for name, (title, seed) in ENGINE_KITS.items()]


def _engine_loader(seed: int) -> Callable[[int], OneShotKit]:
    def load(rate: int) -> OneShotKit:
        length = round(RECORDED_SECONDS * rate)

        def struck(number: int, velocity: int) -> np.ndarray:
            hit = Drums(np.array([BEFORE_SECONDS]), np.array([number]), np.array([velocity]), np.ones(1))
            return play_drums(hit, length, rate, np.random.default_rng(seed))

        return assembled({row: [struck(number, velocity) for velocity in STRUCK] for row, number in ROWS.items()},
                         rate, False)

    return lru_cache(maxsize=2)(load)


def _package() -> list[KitSource]:
    """The kits of `onpu-sounds`; none where it is not installed."""
    try:
        folder = Path(import_module(PACKAGE).folder())
    except ModuleNotFoundError:
        return []
    told = json.loads((folder / TABLE).read_text(encoding="utf-8"))
    return [KitSource(each["name"], each["title"], each["credit"],
                      _file_loader(folder, each["rows"], each["together"])) for each in told["kits"]]


def _file_loader(folder: Path, rows: dict[str, list[str]], together: bool) -> Callable[[int], OneShotKit]:
    def load(rate: int) -> OneShotKit:
        return assembled({row: [_read(folder / name, rate) for name in names] for row, names in rows.items()}, rate,
                         together)

    return load


def _read(path: Path, rate: int) -> np.ndarray:
    samples, own = soundfile.read(path, dtype="float32", always_2d=True)
    sound: np.ndarray = samples.T if own == rate else soxr.resample(samples, own, rate).T.astype(np.float32)
    return sound
