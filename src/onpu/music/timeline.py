"""Everything known of one recording, on one time axis."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, TypeVar

import numpy as np

from onpu.errors import LabelError
from onpu.files import Json
from onpu.music.activity import Instruments
from onpu.music.beats import Beats, Metre
from onpu.music.chords import Chords
from onpu.music.columns import from_lists, to_lists
from onpu.music.drums import Drums
from onpu.music.events import Events
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
from onpu.ports import overview_of, save_timeline

Value = TypeVar("Value")


@dataclass(frozen=True, eq=False, repr=False)
class Timeline:
    """Everything known of one recording, on one time axis.

    A value that is None was not looked for; an empty one was looked for, and there is none. Several have columns of
    equal length, a row for each event; see their classes for units and ranges.

    Parameters
    ----------
    duration
        Length in seconds.
    beats, metre, tempo
        Beats with their positions in the bar, time signatures, tempo and its curve.
    keys, chords
        Regions of keys and chords, with alternatives.
    melody, notes, drums, voice
        The melody as a frequency, notes of all pitched instruments, drum hits, stretches of singing.
    sections, tags, instruments
        The form, words for the whole, and which instruments play when.
    events
        Sounds that are no music.
    key, tuning
        The key of the whole, and how far it is tuned from A = 440 Hz.
    onsets, pedal, multif0
        Onsets of everything, the sustain pedal of a piano, several pitches at once.

    Examples
    --------
    >>> import numpy as np
    >>> from onpu.music import Beats, Timeline
    >>> timeline = Timeline(2.0, beats=Beats.of(np.array([0.5, 1.0, 1.5]), np.array([1, 2, 3])))
    >>> timeline.beats.downbeats.tolist(), timeline.chords is None
    ([0.5], True)
    """

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
    instruments: Instruments | None = None
    events: Events | None = None

    def __repr__(self) -> str:
        found = ", ".join(value.in_brief() for value in self.found().values())
        return f"Timeline({self.duration:.2f} s{': ' if found else ''}{found})"

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

    def save(self, path: str | os.PathLike[str], recording: str | os.PathLike[str] | None = None) -> None:
        """Write one file, whose suffix says in which format.

        Parameters
        ----------
        path
            Of the file, in a folder that exists. Everything that is known goes into `.jams` and `.json` (see
            `to_dict`), what can be played into `.mid`, a page to look at and listen to into `.html`. A lead sheet is
            `.musicxml` (where there are no chords, the score), a score `.score.musicxml`. One value alone goes into
            `.beats`, `.chords.lab`, `.keys.lab`, `.sections.lab`, `.voice.lab`, `.note_events.csv`, `.f0.csv` (melody),
            `.multif0.txt`, `.drums.txt`, `.instruments.lab`, `.tags.csv`; into a label track of Audacity
            (`.audacity.txt`: beats, `.chords.audacity.txt` …) or a layer of Sonic Visualiser (`.csv`: beats,
            `.notes.csv` …). For other programs: `.abc`, `.cho` (ChordPro), `.lrc` (words), `.reaper.csv`,
            `.rekordbox.xml`.
        recording
            Path of the sound, for the page, which is silent without it, and for `.rekordbox.xml`.

        Raises
        ------
        FormatError
            When the suffix is none of these, or the place cannot be written to.
        LabelError
            When the timeline has nothing of this kind, contradicts itself, or cannot be held by the format.
        AudioError
            When the recording cannot be read.

        Examples
        --------
        >>> import numpy as np
        >>> import onpu
        >>> from onpu.music import Beats, Timeline
        >>> timeline = Timeline(2.0, beats=Beats.of(np.array([0.5, 1.0]), np.array([1, 2])))
        >>> timeline.save("song.beats")
        >>> print(open("song.beats").read(), end="")
        0.500000	1
        1.000000	2
        >>> timeline.save("song.mid")
        >>> onpu.read("song.mid").beats.times[1]
        np.float64(0.5)
        """
        save_timeline(self, path, recording)

    def _repr_html_(self) -> str:
        """What notebooks show."""
        return overview_of(self)

    def to_dict(self) -> Json:
        """Everything as JSON has it: numbers, texts, lists and dicts.

        Returns
        -------
        dict
            `duration` in seconds, and for each value that was looked for, under its name, a dict of its columns as
            lists. Columns have the names, units and ranges of the value's class (`Beats`, `Chords` …); `alternatives`
            and `chances` are lists of a list a segment, and are missing where nothing is known of alternatives.

        Examples
        --------
        >>> import numpy as np
        >>> from onpu.music import Beats, Timeline
        >>> timeline = Timeline(2.0, beats=Beats(np.array([0.5, 1.0]), np.array([1, 2]), np.array([0.9, 0.8])))
        >>> timeline.to_dict()
        {'duration': 2.0, 'beats': {'times': [0.5, 1.0], 'positions': [1, 2], 'confidence': [0.9, 0.8]}}
        >>> Timeline.from_dict(timeline.to_dict()).beats.positions
        array([1, 2])
        """
        return {"duration": float(self.duration)} | {name: to_lists(value) for name, value in self.found().items()}

    @staticmethod
    def from_dict(content: Mapping[str, Any]) -> "Timeline":
        """Inverse of `to_dict`; raises `LabelError` where the content is not what that returns. `file`, which
        `onpu analyze --json` adds, is passed over."""
        if not isinstance(content, Mapping) or "duration" not in content:
            raise LabelError("no timeline: it has no duration")
        found = {}
        for name in content.keys() - {"duration", "file"}:
            if name not in VALUES:
                raise LabelError(f"no timeline: {name} is none of {', '.join(VALUES)}")
            try:
                found[name] = from_lists(VALUES[name], content[name])
            except (TypeError, ValueError, AttributeError) as error:
                raise LabelError(f"{name}: not columns of {VALUES[name].__name__} ({error})") from None
        try:
            return Timeline(float(content["duration"]), **found).validate()
        except (TypeError, ValueError):
            raise LabelError(f"the length of a timeline cannot be {content['duration']!r} s") from None


VALUES: dict[str, type[Any]] = {
    "beats": Beats, "metre": Metre, "tempo": Tempo, "keys": Keys, "chords": Chords, "melody": Melody, "notes": Notes,
    "drums": Drums, "voice": Voice, "sections": Sections, "tags": Tags, "key": Key, "tuning": Tuning, "onsets": Onsets,
    "pedal": Pedal, "multif0": MultiF0, "instruments": Instruments, "events": Events}
