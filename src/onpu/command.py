"""What a maker declares of its command, `onpu make NAME`: options, files that the user may give, what is written.

    flags -> options <- files of the user      trained maker (options) -> result -> piece -> files
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from onpu.music import Audio, Timeline
from onpu.music.sheet import AS_USUAL, SheetOptions
from onpu.recipe import Options, setting

if TYPE_CHECKING:
    from onpu.engine.compose.song import Song


@dataclass(frozen=True)
class MakerOptions(Options):
    """What the user of a maker of pieces may choose; a maker adds its own in a subclass."""

    seed: int = setting(0, "random seed of the first piece; the next pieces have the next seeds", "[0, inf)")


class Playback(NamedTuple):
    """How a piece is played and written: tempo in quarter notes per minute, number of a General MIDI instrument, and
    how its sheets are written."""

    bpm: float
    program: int
    sheet: SheetOptions = AS_USUAL


@dataclass(frozen=True)
class Piece:
    """Music that was made, ready to be written.

    timeline: what the page shows. writers: format -> function that writes the music into a file of that name and
    returns the files written; a format that is neither of scores nor of sound is a picture. song: what is played;
    None: an instrument for each of the timeline. sound: what is heard where it is sound already.
    """

    title: str
    timeline: Timeline
    writers: Mapping[str, Callable[[Path], list[Path]]]
    song: "Song | None" = None
    sound: Audio | None = None


@dataclass(frozen=True)
class FileInput:
    """Music that the user gives as files, MIDI, MusicXML or recordings, and how it becomes options.

    name: of the flag. files: how many it takes. listeners: listening tasks that find in a recording what is needed.
    read: (trained, (name, timeline) of each file, options) -> options with the music.
    decides: options that the music decides, which nobody can choose beside it. needed_by: options that have an effect
    only beside it. keeps_tempo: whether the music's tempo is kept where the user asks for no other.
    """

    name: str
    help: str
    listeners: tuple[str, ...]
    read: Callable[[Any, Sequence[tuple[str, Timeline]], Any], Any]
    decides: tuple[str, ...] = ()
    needed_by: tuple[str, ...] = ()
    files: int = 1
    keeps_tempo: bool = False


@dataclass(frozen=True)
class SoundInput:
    """A recording that the user gives as a file and that is taken as it sounds; fields as in `FileInput`.

    read: (name and sound of the file, options) -> options with the sound.
    """

    name: str
    help: str
    read: Callable[[tuple[str, Audio], Any], Any]
    decides: tuple[str, ...] = ()
    needed_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class Command:
    """What `onpu make NAME` needs to know of a maker beside its options.

    help: what the command does, a sentence or two.
    piece: (trained, result, options, playback) -> what is written of a result that is not sound; None where all are.
    around: (trained, sound, options) -> what is written of a result that is sound; None: the sound alone.
    formats: in which a piece can be written. written: those that are written where the user does not choose.
    sound: name of the instrument (`onpu.music.instruments.SOUNDS`) that plays where the user does not choose; "" where
        no instrument is chosen. bpm: likewise the tempo in quarter notes per minute; 0 where there is none.
    inputs: files that the user may give.
    named: options whose values stand in the names of files.
    sheets: whether its sheets are written as flags say, for instruments in Bb or with tablature.
    """

    help: str
    piece: Callable[[Any, Any, Any, Playback], Piece] | None = None
    around: Callable[[Any, Audio, Any], Piece] | None = None
    formats: tuple[str, ...] = ("wav",)
    written: tuple[str, ...] = ("wav",)
    sound: str = ""
    bpm: float = 0.0
    inputs: tuple[FileInput | SoundInput, ...] = ()
    named: tuple[str, ...] = ()
    sheets: bool = False
