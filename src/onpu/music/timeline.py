"""Everything known of one recording, on one time axis."""

from dataclasses import dataclass, fields
from typing import Any, TypeVar

import numpy as np

from onpu.errors import LabelError
from onpu.music.beats import Beats, Metre
from onpu.music.chords import Chords
from onpu.music.drums import Drums
from onpu.music.key import Key, Keys
from onpu.music.melody import Melody
from onpu.music.multif0 import MultiF0
from onpu.music.notes import Notes
from onpu.music.onsets import Onsets
from onpu.music.pedal import Pedal
from onpu.music.sections import Sections
from onpu.music.tags import Tags
from onpu.music.tempo import Tempo
from onpu.music.tuning import Tuning
from onpu.music.voice import Voice

Value = TypeVar("Value")


@dataclass(frozen=True, eq=False)
class Timeline:
    """Length in seconds and what has been found; None: was not looked for; an empty value: there is none."""

    duration: float
    beats: Beats | None = None
    metre: Metre | None = None
    tempo: Tempo | None = None
    keys: Keys | None = None
    chords: Chords | None = None
    melody: Melody | None = None
    notes: Notes | None = None
    drums: Drums | None = None
    voice: Voice | None = None
    sections: Sections | None = None
    tags: Tags | None = None
    key: Key | None = None
    tuning: Tuning | None = None
    onsets: Onsets | None = None
    pedal: Pedal | None = None
    multif0: MultiF0 | None = None

    def validate(self) -> "Timeline":
        """Return self or raise `LabelError`."""
        if not np.isfinite(self.duration) or self.duration < 0:
            raise LabelError(f"the length of a timeline cannot be {self.duration} s")
        for value in self.found().values():
            value.validate()
        return self

    def found(self) -> dict[str, Any]:
        """Name -> value of everything that was looked for."""
        return {f.name: getattr(self, f.name) for f in fields(self)[1:] if getattr(self, f.name) is not None}

    def require(self, kind: type[Value]) -> Value:
        """The value of this kind (`Beats`, `Chords` …); raises `LabelError` where it was not looked for."""
        value = next((value for value in self.found().values() if type(value) is kind), None)
        if value is None:
            raise LabelError(f"there are no {kind.__name__.lower()} on this timeline; label them, or listen for them")
        return value

    def arrays(self) -> dict[str, np.ndarray]:
        """All columns as `beats.times`, `chords.labels` …, for storing; text columns become unicode arrays."""
        out = {"duration": np.array(self.duration)}
        for name, value in self.found().items():
            for f in fields(value):
                column = np.asarray(getattr(value, f.name))
                out[f"{name}.{f.name}"] = column.astype(np.str_) if column.dtype == object else column
        return out

    @staticmethod
    def from_arrays(arrays: dict[str, np.ndarray]) -> "Timeline":
        """Inverse of `arrays`."""
        found = {}
        for f in fields(Timeline)[1:]:
            columns = {key.split(".")[1]: arrays[key] for key in arrays if key.startswith(f.name + ".")}
            if columns:
                found[f.name] = VALUES[f.name](**columns)
        return Timeline(float(arrays["duration"]), **found)


VALUES = {"beats": Beats, "metre": Metre, "tempo": Tempo, "keys": Keys, "chords": Chords, "melody": Melody,
          "notes": Notes, "drums": Drums, "voice": Voice, "sections": Sections, "tags": Tags,
          "key": Key, "tuning": Tuning, "onsets": Onsets, "pedal": Pedal,
          "multif0": MultiF0}
