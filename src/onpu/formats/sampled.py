"""Sampled instruments: a sound for each of some keys, for samplers and sequencers, as SFZ and as SoundFont 2.

SFZ is text beside WAV files (https://sfzformat.com). SoundFont 2.04 (Creative Technology, 2006) is one RIFF file of
three lists: what it is, all samples in a row with 46 zeros after each, and tables of presets, instruments and samples.
"""

import struct
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import numpy as np
import soundfile

from onpu.errors import FormatError
from onpu.files import replacing

AFTER = 46
"""Zeros after each sample (section 7.10)."""
RELEASE_SECONDS = 0.3
KEY_RANGE, RELEASE, SAMPLE, INSTRUMENT = 43, 38, 53, 41
"""Numbers of generators (section 8.1.2)."""
MONO = 1


def ranges(keys: list[int]) -> list[tuple[int, int]]:
    """For each key, in order, the lowest and the highest that its sound is played at: halfway to its neighbours."""
    between = [(low + high) // 2 for low, high in pairwise(keys)]
    return list(zip([0, *(key + 1 for key in between)], [*between, 127], strict=True))


def checked(sounds: Mapping[int, np.ndarray], path: Path) -> list[int]:
    """The keys in order. Raises `FormatError` where there is nothing to play or a key is none of MIDI's."""
    keys = sorted(sounds)
    if not keys or keys[0] < 0 or keys[-1] > 127:
        raise FormatError(f"{path}: a sampled instrument needs sounds of keys from 0 to 127; give some")
    return keys


def write_sfz(sounds: Mapping[int, np.ndarray], rate: int, path: Path) -> list[Path]:
    """Write an instrument as SFZ.

    Parameters
    ----------
    sounds
        MIDI key -> sound (samples,) in [-1, 1].
    rate
        Samples a second.
    path
        Of the text; the sounds lie beside it in a folder of its name.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    FormatError
        When there are no sounds or their keys are outside 0 to 127.
    """
    keys = checked(sounds, path)
    folder = path.with_name(f"{path.stem}-samples")
    folder.mkdir(parents=True, exist_ok=True)
    lines = ["<global>", f"ampeg_release={RELEASE_SECONDS:g}"]
    files = [path]
    for key, (low, high) in zip(keys, ranges(keys), strict=True):
        file = folder / f"{key}.wav"
        soundfile.write(file, sounds[key], rate, subtype="PCM_16")
        lines.append(f"<region> sample={folder.name}/{file.name} lokey={low} hikey={high} pitch_keycenter={key}")
        files.append(file)
    with replacing(path) as temporary:
        temporary.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return files


def write_sf2(sounds: Mapping[int, np.ndarray], rate: int, path: Path) -> list[Path]:
    """Write an instrument as a SoundFont with one preset, bank 0, program 0; see `write_sfz`."""
    keys = checked(sounds, path)
    name = _name(path.stem)
    waves = [np.rint(np.clip(sounds[key], -1, 1) * 32767).astype("<i2") for key in keys]
    data = b"".join(wave.tobytes() + bytes(2 * AFTER) for wave in waves)
    starts = np.cumsum([0, *(len(wave) + AFTER for wave in waves)])
    headers = b"".join(
        _name(str(key)) + struct.pack("<5IBbHH", start, start + len(wave), start, start, rate, key, 0, 0, MONO)
        for key, wave, start in zip(keys, waves, starts.tolist(), strict=False))
    release = round(1200 * np.log2(RELEASE_SECONDS))
    zones, generators = b"", b""
    for number, (low, high) in enumerate(ranges(keys)):
        zones += struct.pack("<HH", 3 * number, 0)
        generators += struct.pack("<HBB", KEY_RANGE, low, high) + struct.pack("<Hh", RELEASE, release)
        generators += struct.pack("<HH", SAMPLE, number)
    tables = [("phdr", name + struct.pack("<HHHIII", 0, 0, 0, 0, 0, 0)
               + _name("EOP") + struct.pack("<HHHIII", 0, 0, 1, 0, 0, 0)),
              ("pbag", struct.pack("<4H", 0, 0, 1, 0)), ("pmod", bytes(10)),
              ("pgen", struct.pack("<HH", INSTRUMENT, 0) + bytes(4)),
              ("inst", name + struct.pack("<H", 0) + _name("EOI") + struct.pack("<H", len(keys))),
              ("ibag", zones + struct.pack("<HH", 3 * len(keys), 0)), ("imod", bytes(10)),
              ("igen", generators + bytes(4)), ("shdr", headers + _name("EOS") + bytes(26))]
    about = [("ifil", struct.pack("<HH", 2, 4)), ("isng", b"EMU8000\0"), ("INAM", name), ("ISFT", b"onpu\0\0")]
    lists = [("INFO", about), ("sdta", [("smpl", data)]), ("pdta", tables)]
    body = b"sfbk" + b"".join(_chunk("LIST", kind.encode() + b"".join(_chunk(*each) for each in chunks))
                              for kind, chunks in lists)
    with replacing(path) as temporary:
        temporary.write_bytes(_chunk("RIFF", body))
    return [path]


def _chunk(kind: str, body: bytes) -> bytes:
    return kind.encode() + struct.pack("<I", len(body)) + body


def _name(text: str) -> bytes:
    """Twenty bytes, the last of them zero."""
    return text.encode("ascii", "replace")[:19].ljust(20, b"\0")
