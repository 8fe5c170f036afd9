"""Instruments of a soundfont: libfluidsynth, called through ctypes, offline and without its own effects.

Events fall on the engine's blocks of 64 samples (1.5 ms at 44.1 kHz, so at most 0.7 ms off). Every part is played by a
new engine, which costs 10 ms: one that has played before fades notes in from what its voices last did. The samples stay
in memory meanwhile, held by another engine that is silent.
"""

import ctypes
import ctypes.util
import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import cache, lru_cache
from pathlib import Path

import numpy as np

from onpu.errors import DataError

BLOCK = 64
GAIN = 0.4
SETTINGS = {"synth.reverb.active": 0, "synth.chorus.active": 0, "synth.dynamic-sample-loading": 1,
            "synth.midi-channels": 256, "synth.polyphony": 256, "synth.cpu-cores": 1}
"""A channel for each of 128 programs and 128 kits, so that the keeping engine can hold them all."""
KIT = 128
FOLDERS = ("/usr/share/sounds/sf2", "/usr/share/sounds/sf3", "/usr/share/soundfonts", "/usr/local/share/soundfonts",
           "/opt/homebrew/share/soundfonts",
           "~/.local/share/onpu/soundfonts", "~/.local/share/soundfonts", "~/Library/Audio/Sounds/Banks",
           "~/AppData/Local/onpu/soundfonts", "C:/soundfonts")
"""Of Linux, macOS (Homebrew, GarageBand) and Windows."""
LIBRARIES = ("libfluidsynth.so.3", "libfluidsynth.dylib", "/opt/homebrew/lib/libfluidsynth.dylib",
             "/usr/local/lib/libfluidsynth.dylib", "libfluidsynth-3.dll")
LONE_KIT = {35: 36, 45: 41, 47: 45, 48: 45, 50: 47, 52: 57}
"""GM drum -> key of fonts that hold one acoustic kit and nothing else (layout of the AVL drums: two toms, 48 and 50 are
hi-hat and crash articulations)."""
BEND_RANGE = 24
FILTER_CUTOFF, RELEASE, FINE_TUNE = 8, 38, 52
"""Numbers of SoundFont generators, in cents, timecents and cents."""


def soundfonts() -> list[Path]:
    """Soundfonts (.sf2, .sf3) on this system: those of the path list ONPU_SOUNDFONTS (files or folders), then those of
    the usual folders; every file once, whatever links point at it."""
    places = [p for p in os.environ.get("ONPU_SOUNDFONTS", "").split(os.pathsep) if p] + list(FOLDERS)
    found: dict[Path, None] = {}
    for place in (Path(p).expanduser() for p in places):
        files = sorted(place.iterdir()) if place.is_dir() else [place]
        for file in files:
            if file.suffix.lower() in (".sf2", ".sf3") and file.is_file():
                found[file.resolve()] = None
    return list(found)


@cache
def library() -> ctypes.CDLL | None:
    """libfluidsynth with the signatures that are called here, or None where it is not installed."""
    for name in (ctypes.util.find_library("fluidsynth"), *LIBRARIES):
        if name is None:
            continue
        try:
            lib = ctypes.CDLL(name)
        except OSError:
            continue
        pointer, integer, text = ctypes.c_void_p, ctypes.c_int, ctypes.c_char_p
        signatures: dict[str, tuple[type | None, list[type]]] = {
            "new_fluid_settings": (pointer, []),
            "fluid_settings_setint": (integer, [pointer, text, integer]),
            "fluid_settings_setnum": (integer, [pointer, text, ctypes.c_double]),
            "new_fluid_synth": (pointer, [pointer]),
            "fluid_synth_sfload": (integer, [pointer, text, integer]),
            "fluid_synth_get_sfont_by_id": (pointer, [pointer, integer]),
            "delete_fluid_synth": (None, [pointer]),
            "delete_fluid_settings": (None, [pointer]),
            "fluid_sfont_iteration_start": (None, [pointer]),
            "fluid_sfont_iteration_next": (pointer, [pointer]),
            "fluid_preset_get_banknum": (integer, [pointer]),
            "fluid_preset_get_num": (integer, [pointer]),
            "fluid_synth_program_select": (integer, [pointer, integer, integer, integer, integer]),
            "fluid_synth_noteon": (integer, [pointer, integer, integer, integer]),
            "fluid_synth_noteoff": (integer, [pointer, integer, integer]),
            "fluid_synth_cc": (integer, [pointer, integer, integer, integer]),
            "fluid_synth_pitch_bend": (integer, [pointer, integer, integer]),
            "fluid_synth_pitch_wheel_sens": (integer, [pointer, integer, integer]),
            "fluid_synth_set_gen": (integer, [pointer, integer, integer, ctypes.c_float]),
            "fluid_synth_all_sounds_off": (integer, [pointer, integer]),
            "fluid_synth_get_active_voice_count": (integer, [pointer]),
            "fluid_synth_write_float": (integer, [pointer, integer, pointer, integer, integer, pointer, integer,
                                                  integer]),
            "fluid_set_log_function": (pointer, [integer, pointer, pointer]),
        }
        for function, (result, arguments) in signatures.items():
            getattr(lib, function).restype = result
            getattr(lib, function).argtypes = arguments
        for level in range(5):
            lib.fluid_set_log_function(level, None, None)
        return lib
    return None


@contextmanager
def engine(path: Path, rate: int) -> Iterator[tuple[int, int]]:
    """A new engine and the number of the soundfont in it. Raises `DataError` when it cannot be had."""
    if not path.is_file():
        raise DataError(f"the soundfont {path} does not exist; leave it out or install it")
    lib = library()
    if lib is None:
        raise DataError(f"{path.name} needs libfluidsynth; install it (Debian: apt install libfluidsynth3), or render "
                        "with fonts=[]")
    settings = lib.new_fluid_settings()
    for name, value in SETTINGS.items():
        lib.fluid_settings_setint(settings, name.encode(), value)
    lib.fluid_settings_setnum(settings, b"synth.sample-rate", float(rate))
    lib.fluid_settings_setnum(settings, b"synth.gain", GAIN)
    synth = lib.new_fluid_synth(settings)
    try:
        font = lib.fluid_synth_sfload(synth, os.fsencode(path), 0)
        if font < 0:
            raise DataError(f"{path} is not a soundfont that libfluidsynth can read; leave it out or replace it")
        yield synth, font
    finally:
        lib.delete_fluid_synth(synth)
        lib.delete_fluid_settings(settings)


class SoundFont:
    """One soundfont at one sample rate. Use `soundfont`, which keeps it for the life of the process.

    Raises
    ------
    DataError
        When libfluidsynth or the file is missing, or it is not a soundfont.
    """

    def __init__(self, path: Path, rate: int) -> None:
        self.path, self.rate = path, rate
        self._keeping = ExitStack()
        self._keeper, self._font = self._keeping.enter_context(engine(path, rate))
        lib = library()
        assert lib is not None
        self.lib = lib
        self.presets = frozenset(self._presets())
        self.lone_kit = not any(bank == KIT for bank, _ in self.presets) and len(self.presets) <= 2
        self._covered: dict[int, frozenset[int]] = {}

    def _presets(self) -> Iterator[tuple[int, int]]:
        font = self.lib.fluid_synth_get_sfont_by_id(self._keeper, self._font)
        self.lib.fluid_sfont_iteration_start(font)
        while preset := self.lib.fluid_sfont_iteration_next(font):
            yield self.lib.fluid_preset_get_banknum(preset), self.lib.fluid_preset_get_num(preset)

    def plays(self, program: int) -> bool:
        """Whether it has this General MIDI program, 0 to 127."""
        return (0, program) in self.presets and not self.lone_kit

    def kits(self) -> list[int]:
        """Numbers of its drum kits (sound effects, 56 and above, left out)."""
        return [0] if self.lone_kit else sorted(number for bank, number in self.presets if bank == KIT and number < 56)

    def hits(self, kit: int) -> frozenset[int]:
        """The General MIDI drum numbers at which a kit sounds."""
        if kit not in self._covered:
            with engine(self.path, self.rate) as (synth, font):
                self._select(synth, font, 0, kit, drums=True)
                rest = np.zeros((2, BLOCK), dtype=np.float32)
                sounding = []
                for pitch in range(27, 88):
                    self.lib.fluid_synth_noteon(synth, 0, self.key(pitch), 100)
                    if self.lib.fluid_synth_get_active_voice_count(synth) > 0:
                        sounding.append(pitch)
                    self.lib.fluid_synth_all_sounds_off(synth, -1)
                    self._write(synth, rest, 0, 1)
            self._covered[kit] = frozenset(sounding)
        return self._covered[kit]

    def key(self, pitch: int) -> int:
        """The key that plays a General MIDI drum."""
        return LONE_KIT.get(pitch, pitch) if self.lone_kit else pitch

    def play(self, program: int, drums: bool, events: Sequence[tuple], samples: int, colour: dict[int, float]
             ) -> np.ndarray:
        """One part on a program, or on the kit of that number: float32 (2, samples).

        events: (sample, function, arguments…) in any order; function `noteon` (key, velocity), `noteoff` (key), `cc`
        (number, value), `pitch_bend` (0 to 16383, 8192 none), and of equal times the first in the list comes first.
        colour: generator -> offset, in the generator's unit.
        """
        self._select(self._keeper, self._font, program + KIT * drums, program, drums)
        blocks = -(-samples // BLOCK)
        out = np.zeros((2, blocks * BLOCK), dtype=np.float32)
        calls = {name: getattr(self.lib, "fluid_synth_" + name) for name in {event[1] for event in events}}
        with engine(self.path, self.rate) as (synth, font):
            self._select(synth, font, 0, program, drums)
            self.lib.fluid_synth_pitch_wheel_sens(synth, 0, BEND_RANGE)
            for generator, value in colour.items():
                self.lib.fluid_synth_set_gen(synth, 0, generator, value)
            at = 0
            for sample, function, *arguments in sorted(events, key=lambda event: (event[0] + BLOCK // 2) // BLOCK):
                block = min((sample + BLOCK // 2) // BLOCK, blocks)
                if block > at:
                    self._write(synth, out, at, block)
                    at = block
                calls[function](synth, 0, *arguments)
            self._write(synth, out, at, blocks)
        return out[:, :samples]

    def _select(self, synth: int, font: int, channel: int, program: int, drums: bool) -> None:
        bank = KIT if drums and not self.lone_kit else 0
        self.lib.fluid_synth_program_select(synth, channel, font, bank, program)

    def _write(self, synth: int, out: np.ndarray, start: int, end: int) -> None:
        left, right = out[0].ctypes.data, out[1].ctypes.data
        self.lib.fluid_synth_write_float(synth, (end - start) * BLOCK, left, start * BLOCK, 1, right, start * BLOCK, 1)


@lru_cache(maxsize=32)
def soundfont(path: Path, rate: int) -> SoundFont:
    """The soundfont, loaded at its first use. Raises `DataError` as `SoundFont` does."""
    return SoundFont(path, rate)
