"""What is done with drum kits and drum parts in a process of its own (`onpu.workbench.process`)."""

import json
import os
import secrets
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np

from onpu.errors import DataError, OnpuError
from onpu.files import Json
from onpu.formats.audio import read_audio, write_audio
from onpu.formats.jams import read_jams
from onpu.music import Audio
from onpu.music.drum_mix import DrumMix
from onpu.workbench.parting import FOLDER, stems_of

Progress = Callable[[float], None]
RATE = 44_100
"""At which the page gets the hits of kits."""
KIT, SFZ, TITLE = "kit", ".sfz", "title.txt"
ROWS = "rows.json"
LONGEST_TEXT, LONGEST_LINE = 2**20, 4000


def told(own: dict[str, str], progress: Progress) -> Json:
    """Which patterns and kits there are, and how hits are played. own: name -> path of the user's kits, of which those
    that cannot be used are left out."""
    from onpu.pipelines.drumix import kit_table, rules

    kits = kit_table()
    for name, path in own.items():
        try:
            known = {kit["name"] for kit in kits}
            kits += [each for each in kit_table({name: Path(path)}) if each["name"] not in known]
        except OnpuError:
            continue
    return rules() | {"kits": kits}


def hits(name: str, own: dict[str, str], folder: str, progress: Progress) -> Json:
    """Write the hits of a kit into a folder, which appears when all are there; row -> number of layers."""
    from onpu.pipelines.drumix import write_kit

    out = Path(folder)
    temporary = out.parent / f".onpu-{secrets.token_hex(8)}"
    temporary.mkdir(parents=True)
    try:
        rows = write_kit(name, {key: Path(path) for key, path in own.items()}, temporary, RATE)
        (temporary / ROWS).write_text(json.dumps(rows), encoding="utf-8")
        shutil.rmtree(out, ignore_errors=True)
        os.replace(temporary, out)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return {"rows": rows}


def install(files: list[list[str]], folder: str, title: str, progress: Progress) -> Json:
    """Make a kit of uploaded files (path, name, suffix): a soundfont, or an .sfz file and its samples, which get new
    names. Raises `DataError`."""
    from onpu.pipelines.drumix import kit_table

    kits = [each for each in files if each[2] in (".sf2", SFZ)]
    if len(kits) != 1:
        raise DataError("a drum kit is one soundfont (.sf2), or one .sfz file with its samples; send these together")
    path, _, suffix = kits[0]
    out = Path(folder)
    out.mkdir(parents=True)
    try:
        if suffix == SFZ:
            _install_sfz(Path(path), [each for each in files if each is not kits[0]], out, title)
        else:
            shutil.copyfile(path, out / f"{KIT}{suffix}")
        (out / TITLE).write_text(title, encoding="utf-8")
        return {"kits": kit_table({KIT: out / f"{KIT}{suffix}"})}
    except BaseException as error:
        shutil.rmtree(out, ignore_errors=True)
        if isinstance(error, OnpuError):
            raise DataError(str(error).replace(str(out), title)) from None
        raise


def _install_sfz(path: Path, samples: list[list[str]], out: Path, title: str) -> None:
    """The .sfz file, written anew with the names under which its samples are kept: names out of it are looked up, and
    never opened."""
    from onpu.pipelines.drumix import rewritten

    text = path.read_text(encoding="utf-8", errors="replace")
    if len(text) > LONGEST_TEXT or any(len(line) > LONGEST_LINE for line in text.splitlines()):
        raise DataError("the .sfz file is too large")
    kept = {}
    for number, (sample, name, suffix) in enumerate(samples):
        kept[name.casefold()] = f"{number:03d}{suffix}"
        shutil.copyfile(sample, out / kept[name.casefold()])
    missing: list[str] = []

    def own(name: str) -> str | None:
        last = name.rpartition("/")[2]
        found = kept.get((last.rpartition(".")[0] or last).casefold())
        if found is None:
            missing.append(last)
        return found

    plain = rewritten(text, title, own)
    if missing and not plain.strip():
        raise DataError(f"the .sfz file names {missing[0][:80]}, which was not sent with it; choose its samples too")
    (out / f"{KIT}{SFZ}").write_text(plain, encoding="utf-8")


def gain(folder: str, stem: str, progress: Progress) -> Json:
    """By how much kits are louder in a song than by themselves. Raises `DataError` where it is not taken apart."""
    from onpu.pipelines.drumix import NO_DRUMS, fitting_gain

    drums, rest = _apart(Path(folder), "")
    heard = read_jams(Path(folder) / f"{stem}.jams").drums
    return {"gain": fitting_gain(drums.samples, rest, heard or NO_DRUMS, drums.rate)}


def mixed(folder: str, stem: str, sound: str, mix: Json, own: dict[str, str], out: str, progress: Progress) -> Json:
    """Write a song with other drums."""
    from onpu.pipelines.drumix import with_drums

    place = Path(folder)
    drums, rest = _apart(place, sound)
    progress(0.3)
    heard = read_jams(place / f"{stem}.jams")
    audio = with_drums(rest, drums, heard, DrumMix.of(mix), {name: Path(path) for name, path in own.items()})
    progress(0.8)
    Path(out).parent.mkdir(exist_ok=True)
    write_audio(out, audio, "FLOAT")
    return {"file": Path(out).name}


def _apart(place: Path, sound: str) -> tuple[Audio, np.ndarray]:
    """The drums of a song, and what is left of it without them: of its recording, else of its other parts."""
    from onpu.pipelines.separation import read_stem

    told_ = stems_of(place)
    if told_ is None:
        raise DataError("the song is not taken apart; do that first (Stems)")
    drums = read_stem(place / FOLDER, "drums")
    if sound:
        whole = read_audio(place / sound).samples[: drums.channels, : drums.samples.shape[1]]
        return drums, whole - drums.samples[:, : whole.shape[1]]
    names = [each["name"] for each in told_["parts"] if each["name"] != "drums"]
    return drums, np.sum([read_stem(place / FOLDER, name).samples for name in names], axis=0)
