"""What is heard while a sound goes on."""

from dataclasses import asdict, dataclass, fields
from typing import ClassVar

from onpu.files import Json


@dataclass(frozen=True)
class LiveEvent:
    """Something in the sound.

    time: where it lies, seconds since the first sample. heard: how much of the sound had been heard when it was
    decided, seconds; earlier than `time`, it is expected. confidence: in [0, 1].
    """

    WHAT: ClassVar[str] = ""

    time: float
    heard: float
    confidence: float

    @property
    def expected(self) -> bool:
        """Whether it was told before it happened."""
        return self.heard < self.time

    def as_json(self) -> Json:
        """Its kind (`what`) and fields, ready for JSON."""
        rounded = {name: round(value, 4) if isinstance(value, float) else value for name, value in asdict(self).items()}
        return {"what": self.WHAT} | rounded

    def in_words(self) -> str:
        """A line without the time: what it is."""
        own = [str(getattr(self, one.name)) for one in fields(self) if one.name not in ("time", "heard", "confidence")]
        return " ".join([self.WHAT, *own])


@dataclass(frozen=True)
class BeatEvent(LiveEvent):
    """A beat. position: its number in the bar, 1 on a downbeat; metre: beats a bar; bpm: beats a minute."""

    WHAT: ClassVar[str] = "beat"

    position: int
    metre: int
    bpm: float

    @property
    def downbeat(self) -> bool:
        """Whether a bar begins."""
        return self.position == 1

    def in_words(self) -> str:
        """`beat 2/4, 120.0 bpm`."""
        return f"beat {self.position}/{self.metre}, {self.bpm:.1f} bpm"


@dataclass(frozen=True)
class OnsetEvent(LiveEvent):
    """Something begins to sound."""

    WHAT: ClassVar[str] = "onset"


@dataclass(frozen=True)
class ChordEvent(LiveEvent):
    """A chord begins. label: in Harte's syntax, N for none."""

    WHAT: ClassVar[str] = "chord"

    label: str


@dataclass(frozen=True)
class NoteOn(LiveEvent):
    """A note begins. pitch: MIDI number; velocity: 1 to 127."""

    WHAT: ClassVar[str] = "note on"

    pitch: int
    velocity: int


@dataclass(frozen=True)
class NoteOff(LiveEvent):
    """A note ends. pitch: MIDI number."""

    WHAT: ClassVar[str] = "note off"

    pitch: int


@dataclass(frozen=True)
class PitchEvent(LiveEvent):
    """The pitch of one instrument, as a tuner shows it. pitch: MIDI number of the nearest note; cents: from there, in
    [-50, 50]; frequency: Hz. Nothing pitched: pitch 0, frequency 0."""

    WHAT: ClassVar[str] = "pitch"

    pitch: int
    cents: float
    frequency: float

    def in_words(self) -> str:
        """`pitch 69 +3.0 cents, 440.8 Hz`."""
        return f"pitch {self.pitch} {self.cents:+.1f} cents, {self.frequency:.1f} Hz" if self.pitch else "no pitch"
