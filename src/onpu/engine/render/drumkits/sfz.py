"""Drum kits as .sfz files: which sample plays a drum at which velocity. What concerns pitched instruments, effects and
chance is passed over; of several samples that take turns, the first is taken."""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np
import soundfile
import soxr

from onpu.engine.render.drumkits.oneshots import LONGEST_SECONDS
from onpu.errors import DataError

KEYS = {"kick": (36, 35), "snare": (38, 40, 37), "closed_hat": (42, 22, 44), "open_hat": (46, 26),
        "high_tom": (48, 50), "mid_tom": (45, 47), "low_tom": (41, 43), "crash": (49, 57, 55, 52), "ride": (51, 59, 53)}
"""Row -> keys that play it, the best first."""
MOST_LAYERS = 6
MOST_BYTES = 2**20
"""Of the text."""
KEPT = ("lokey", "hikey", "lovel", "hivel", "volume", "transpose", "tune", "pitch_keycenter", "pitch_keytrack")
"""What is used of a region beside its sample."""
_PLAIN = re.compile(r"[-\w.#]{1,20}")
_NOTES = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
_OPCODE = re.compile(r"(\w+)=(.*?)(?=\s+\w+=|$)")
Region = dict[str, str]


def read_sfz(path: Path, rate: int) -> dict[str, list[np.ndarray]]:
    """Row -> sounds (channels, samples) at a rate, from soft to loud. Raises `DataError`."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise DataError(f"{path.name}: is too large for an .sfz file")
        regions = list(regions_of(path.read_text(encoding="utf-8", errors="replace"), path.name))
    except OSError as error:
        raise DataError(f"{path.name}: cannot be read ({error.strerror})") from None
    rows = {row: _layers(regions, keys) for row, keys in KEYS.items()}
    if not any(rows.values()):
        raise DataError(f"{path.name}: has no drums on the keys of General MIDI (36 bass drum, 38 snare, 42 hi-hat …)")
    return {row: [_sound(path.parent / sample_of(region), region, rate) for region in layers]
            for row, layers in rows.items() if layers}


def regions_of(text: str, name: str) -> Iterator[Region]:
    """The regions, each with what it inherits, key range as `lokey` and `hikey` and velocities as `lovel`. Raises
    `DataError` for a file that includes others."""
    if re.search(r"^\s*#include", text, re.MULTILINE):
        raise DataError(f"{name}: includes other files; put everything into one .sfz file")
    text = re.sub(r"//[^\n]*|/\*.*?\*/", "", text, flags=re.DOTALL)
    for variable, value in re.findall(r"^\s*#define\s+(\$\w+)\s+(\S+)", text, re.MULTILINE):
        text = text.replace(variable, value)
    levels: dict[str, Region] = {"control": {}, "global": {}, "master": {}, "group": {}}
    order = list(levels)
    for header, body in re.findall(r"<(\w+)>([^<]*)", text):
        own = {key.lower(): value.strip() for line in body.splitlines() for key, value in _OPCODE.findall(line)}
        if header in levels:
            levels[header] = own
            for lower in order[order.index(header) + 1 :]:
                levels[lower] = {}
        elif header == "region":
            whole = {key: value for level in levels.values() for key, value in level.items()} | own
            if _plays(whole):
                key = whole.get("key")
                low, high = (key, key) if key is not None else (whole.get("lokey", "0"), whole.get("hikey", "127"))
                yield {"default_path": ""} | whole | {"lokey": str(number_of(low)), "hikey": str(number_of(high))}


def rewritten(text: str, name: str, sample: Callable[[str], str | None]) -> str:
    """An .sfz file of the same regions, in which nothing but what is used here is left.

    sample: name that a region has for its sample -> the name that it gets; None: such regions are left out. Raises
    `DataError` as `regions_of`.
    """
    lines = []
    for region in regions_of(text, name):
        own = sample(sample_of(region))
        if own is not None:
            kept = " ".join(f"{key}={region[key]}" for key in KEPT if _PLAIN.fullmatch(region.get(key, "")))
            lines.append(f"<region> {kept} sample={own}")
    return "\n".join(lines) + "\n"


def sample_of(region: Region) -> str:
    """The name of a region's sample, beside the .sfz file."""
    return (region["default_path"] + region["sample"]).replace("\\", "/")


def number_of(key: str) -> int:
    """The number of a key: 36, or c2 (c4 is 60). -1 for what is none."""
    if re.fullmatch(r"-?\d+", key):
        return int(key)
    note = re.fullmatch(r"([a-gA-G])([#b♯♭]?)(-?\d)", key)
    if note is None:
        return -1
    return _NOTES[note[1].lower()] + {"#": 1, "♯": 1, "b": -1, "♭": -1}.get(note[2], 0) + 12 * (int(note[3]) + 1)


def _plays(region: Region) -> bool:
    """Whether it is heard when its key is struck, and is the first of those that take turns."""
    return (region.get("sample", "*")[:1] != "*" and region.get("trigger", "attack") == "attack"
            and _float(region, "seq_position", 1.0) == 1 and _float(region, "lorand", 0.0) == 0)


def _layers(regions: list[Region], keys: tuple[int, ...]) -> list[Region]:
    for key in keys:
        own = [each for each in regions if int(each["lokey"]) <= key <= int(each["hikey"])]
        if own:
            by_velocity = {_float(each, "lovel", 0.0): each | {"struck": str(key)} for each in reversed(own)}
            layers = [by_velocity[velocity] for velocity in sorted(by_velocity)]
            chosen = np.unique(np.linspace(0, len(layers) - 1, min(len(layers), MOST_LAYERS)).round().astype(int))
            return [layers[int(index)] for index in chosen]
    return []


def _sound(path: Path, region: Mapping[str, str], rate: int) -> np.ndarray:
    try:
        with soundfile.SoundFile(path) as file:
            samples = file.read(round(2 * LONGEST_SECONDS * file.samplerate), dtype="float32", always_2d=True)
            own = file.samplerate
    except (OSError, RuntimeError) as error:
        raise DataError(f"{region['sample']}: a sample that the .sfz file names cannot be read ({error})") from None
    bent = _float(region, "transpose", 0.0) + _float(region, "tune", 0.0) / 100
    if "pitch_keycenter" in region and _float(region, "pitch_keytrack", 100.0):
        bent += int(region["struck"]) - number_of(region["pitch_keycenter"])
    speed = 2 ** (np.clip(bent, -36, 36) / 12)
    sound: np.ndarray = soxr.resample(samples, own * speed, rate).T.astype(np.float32)
    return sound * np.float32(10 ** (_float(region, "volume", 0.0) / 20))


def _float(region: Mapping[str, str], name: str, default: float) -> float:
    try:
        return float(region.get(name, default))
    except ValueError:
        return default
