"""Instruments of a soundfont: libfluidsynth, called through ctypes, offline and without its own effects.

Events fall on the engine's blocks of 64 samples (1.5 ms at 44.1 kHz, so at most 0.7 ms off). Every program has a MIDI
channel of its own (bank 0: channel = program; kits: 128 + kit), so its samples are read at its first use and stay.
"""

import ctypes
import ctypes.util
import os
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from pathlib import Path

import numpy as np

from onpu.errors import DataError

BLOCK = 64
CHANNELS = 256
POLYPHONY = 256
QUEUED = 32
"""Voices that may begin in one block: the engine's queue loses what more of them would need."""
LAYERED = 8
"""Blocks in which all layers of a note have begun."""
KIT = 128
FOLDERS = ("/usr/share/sounds/sf2", "/usr/share/sounds/sf3", "/usr/share/soundfonts", "/usr/local/share/soundfonts",
           "~/.local/share/onpu/soundfonts", "~/.local/share/soundfonts", "~/Library/Audio/Sounds/Banks")
LONE_KIT = {35: 36, 45: 41, 47: 45, 48: 45, 50: 47, 52: 57}
"""GM drum -> key of fonts that hold one acoustic kit and nothing else (layout of the AVL drums: two toms, 48 and 50 are
hi-hat and crash articulations)."""
BEND_RANGE = 24
FILTER_CUTOFF, RELEASE, FINE_TUNE = 8, 38, 52
"""Numbers of SoundFont generators, in cents, timecents and cents."""
SUSTAIN = 64


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
    for name in (ctypes.util.find_library("fluidsynth"), "libfluidsynth.so.3", "libfluidsynth.dylib"):
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


class SoundFont:
    """One loaded soundfont at one sample rate. Use `soundfont`, which keeps it for the life of the process.

    Raises
    ------
    DataError
        When libfluidsynth is missing or the file is not a soundfont.
    """

    def __init__(self, path: Path, rate: int) -> None:
        lib = library()
        if lib is None:
            raise DataError(f"{path.name} needs libfluidsynth; install it (Debian: apt install libfluidsynth3), "
                            "or render with fonts=[]")
        self.lib = lib
        settings = lib.new_fluid_settings()
        for name, value in {"synth.reverb.active": 0, "synth.chorus.active": 0, "synth.dynamic-sample-loading": 1,
                            "synth.midi-channels": CHANNELS, "synth.polyphony": POLYPHONY,
                            "synth.cpu-cores": 1}.items():
            lib.fluid_settings_setint(settings, name.encode(), value)
        lib.fluid_settings_setnum(settings, b"synth.sample-rate", float(rate))
        lib.fluid_settings_setnum(settings, b"synth.gain", 0.4)
        self.synth = lib.new_fluid_synth(settings)
        self.font = lib.fluid_synth_sfload(self.synth, os.fsencode(path), 0)
        if self.font < 0:
            raise DataError(f"{path} is not a soundfont that libfluidsynth can read; leave it out or replace it")
        self.presets = frozenset(self._presets())
        self.lone_kit = not any(bank == KIT for bank, _ in self.presets) and len(self.presets) <= 2
        self.selected: set[int] = set()

    def _presets(self) -> Iterator[tuple[int, int]]:
        font = self.lib.fluid_synth_get_sfont_by_id(self.synth, self.font)
        self.lib.fluid_sfont_iteration_start(font)
        while preset := self.lib.fluid_sfont_iteration_next(font):
            yield self.lib.fluid_preset_get_banknum(preset), self.lib.fluid_preset_get_num(preset)

    def plays(self, program: int) -> bool:
        """Whether it has this General MIDI program, 0 to 127."""
        return (0, program) in self.presets and not self.lone_kit

    def kits(self) -> list[int]:
        """Numbers of its drum kits (sound effects, 56 and above, left out)."""
        return [0] if self.lone_kit else sorted(number for bank, number in self.presets if bank == KIT and number < 56)

    def select(self, program: int, drums: bool) -> int:
        """The channel that plays a program or kit, its controllers at rest."""
        channel = program + KIT * drums
        if channel not in self.selected:
            bank = KIT if drums and not self.lone_kit else 0
            self.lib.fluid_synth_program_select(self.synth, channel, self.font, bank, program)
            self.lib.fluid_synth_pitch_wheel_sens(self.synth, channel, BEND_RANGE)
            self.selected.add(channel)
        self.lib.fluid_synth_cc(self.synth, channel, SUSTAIN, 0)
        self.lib.fluid_synth_pitch_bend(self.synth, channel, 8192)
        return channel

    def hits(self, kit: int, pitches: Sequence[int]) -> bool:
        """Whether the kit sounds at every one of these General MIDI drum numbers."""
        channel = self.select(kit, drums=True)
        sounding = True
        for pitch in pitches:
            self.lib.fluid_synth_noteon(self.synth, channel, self.key(pitch), 100)
            sounding &= self.lib.fluid_synth_get_active_voice_count(self.synth) > 0
            self._silence()
        return bool(sounding)

    def key(self, pitch: int) -> int:
        """The key that plays a General MIDI drum."""
        return LONE_KIT.get(pitch, pitch) if self.lone_kit else pitch

    def play(self, channel: int, events: Sequence[tuple], samples: int, colour: dict[int, float]) -> np.ndarray:
        """Sound of one channel, float32 (2, samples).

        events: (sample, function, arguments…) in any order; function `noteon` (key, velocity), `noteoff` (key), `cc`
        (number, value), `pitch_bend` (0 to 16383, 8192 none), and of equal times the first in the list comes first.
        colour: generator -> offset, in the generator's unit.
        """
        for generator, value in colour.items():
            self.lib.fluid_synth_set_gen(self.synth, channel, generator, value)
        self._forget(channel, events)
        blocks = -(-samples // BLOCK)
        out = np.zeros((2, blocks * BLOCK), dtype=np.float32)
        calls = {name: getattr(self.lib, "fluid_synth_" + name) for name in {event[1] for event in events}}
        at = 0
        for sample, function, *arguments in sorted(events, key=lambda event: (event[0] + BLOCK // 2) // BLOCK):
            block = min((sample + BLOCK // 2) // BLOCK, blocks)
            if block > at:
                self._write(out, at, block)
                at = block
            calls[function](self.synth, channel, *arguments)
        self._write(out, at, blocks)
        self._silence()
        for generator in colour:
            self.lib.fluid_synth_set_gen(self.synth, channel, generator, 0.0)
        return out[:, :samples]

    def _forget(self, channel: int, events: Sequence[tuple]) -> None:
        """Let every voice of the engine sound the first note for a moment: a note fades in, over one block, from the
        left and right level that its voice had before, so that otherwise it would depend on what was played earlier."""
        active = 0
        for note in dict.fromkeys(event[2:] for event in sorted(events) if event[1] == "noteon"):
            while active < POLYPHONY:
                self.lib.fluid_synth_noteon(self.synth, channel, *note)
                before, active = active, self.lib.fluid_synth_get_active_voice_count(self.synth)
                if active <= before:
                    break
                if active // QUEUED > before // QUEUED:
                    self._rest(1)
        self._rest(LAYERED)
        self._silence()

    def _write(self, out: np.ndarray, start: int, end: int) -> None:
        left, right = out[0].ctypes.data, out[1].ctypes.data
        self.lib.fluid_synth_write_float(self.synth, (end - start) * BLOCK, left, start * BLOCK, 1, right,
                                         start * BLOCK, 1)

    def _silence(self) -> None:
        self.lib.fluid_synth_all_sounds_off(self.synth, -1)
        self._rest(1)

    def _rest(self, blocks: int) -> None:
        """Let so much pass unheard."""
        self._write(np.zeros((2, blocks * BLOCK), dtype=np.float32), 0, blocks)


@lru_cache(maxsize=32)
def soundfont(path: Path, rate: int) -> SoundFont:
    """The soundfont, loaded at its first use. Raises `DataError` as `SoundFont` does."""
    return SoundFont(path, rate)
