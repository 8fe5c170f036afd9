"""What a user knows of the music, as flags of commands: labels that hold, hints; and what MIDI files are for."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onpu.errors import OnpuError

if TYPE_CHECKING:
    from onpu.analysis.given import Hints, Named
    from onpu.formats.midi import MidiLayout

KNOWN, MIDI = "What is known", "MIDI files"
"""Panels of the help."""

@dataclass(frozen=True)
class KnownFlags:
    """Labels that hold and hints, as flags; the same in every command that takes them."""

    given: Annotated[list[Path] | None, typer.Option(
        help="Labels that hold, all else is decided around them: .jams, .beats, .chords.lab, .keys.lab, .mid …; or a "
        "folder, of which each recording's own are taken. May be given several times.", rich_help_panel=KNOWN)] = None
    lyrics: Annotated[Path | None, typer.Option(
        help="Words with their times for the lead sheet: .lrc or UltraStar .txt; or a folder that holds those of each.",
        rich_help_panel=KNOWN)] = None
    hold: Annotated[str | None, typer.Option(
        help="What of --given holds, by commas: beats,chords,key …; default: all.", rich_help_panel=KNOWN)] = None
    key: Annotated[str | None, typer.Option(help='Key of the whole: "A minor", Eb.', rich_help_panel=KNOWN)] = None
    metre: Annotated[str | None, typer.Option(
        "--metre", "--meter", help="Time signature: 6/8; or, of what is listened to, the beats a bar that may occur: "
        "3,4.", rich_help_panel=KNOWN)] = None
    first_downbeat: Annotated[float | None, typer.Option(help="Seconds at which a bar begins.",
                                                         rich_help_panel=KNOWN)] = None
    shift_bars: Annotated[int, typer.Option(help="Beats by which all bars begin later; negative: earlier.",
                                            rich_help_panel=KNOWN)] = 0

    def hints(self, tempo: float | None = None, tuning: float | None = None) -> "Hints":
        """What the flags say of the music. tempo: beats a minute; tuning: of A4, in Hz. Raises `OnpuError` for what
        means nothing."""
        from onpu.analysis.given import Hints, signature_of

        signature = None if self.metre is None else signature_of(self.metre)
        return Hints(self.key, signature, tempo, self.first_downbeat, tuning, self.shift_bars)

    def held(self) -> tuple[str, ...] | None:
        """The names of what holds of the labels; None: all of it."""
        return words(self.hold)

    def files_for(self, stem: str) -> list[Path]:
        """The files of labels, and of words, for a recording of this name."""
        return labels_for(stem, self.given or (), self.lyrics)

    def named(self) -> tuple[Path, ...]:
        """All files and folders that are named."""
        return (*(self.given or ()), *(() if self.lyrics is None else (self.lyrics,)))

    def check(self, count: int) -> None:
        """Raise `OnpuError` where one recording's labels are given for `count`, or a flag says nothing."""
        check_given(self.given or (), self.hold, count, self.lyrics)


@dataclass(frozen=True)
class MidiFlags:
    """What MIDI files are for, as flags."""

    constant_tempo: Annotated[bool, typer.Option("--constant-tempo", rich_help_panel=MIDI, help="One tempo throughout; "
                                                 "a steady one is found anyway.")] = False
    quantised: Annotated[bool, typer.Option("--quantised", "--quantized", rich_help_panel=MIDI,
                                            help="Notes and hits on the grid of the beats.")] = False
    melody_track: Annotated[bool, typer.Option("--melody-track", rich_help_panel=MIDI,
                                               help="The melody as a track with pitch bends.")] = False

    def layout(self) -> "MidiLayout":
        """What the files are for."""
        from onpu.formats.midi import MidiLayout

        return MidiLayout(self.constant_tempo, self.quantised, self.melody_track, chord_track=True)


def wishes(min_bpm: float | None, max_bpm: float | None, metre: str | None, half: bool,
           double: bool) -> "Named":
    """The listeners' options that the user has set."""
    chosen: Named = {}
    if half and double:
        raise OnpuError("--half and --double exclude each other; give one")
    if half or double:
        chosen["tempo_octave"] = 0.5 if half else 2.0
    if metre is not None:
        try:
            chosen["metres"] = tuple(int(word) for word in words(metre) or ())
        except ValueError:
            raise OnpuError(f"--metre {metre}: give beats a bar as whole numbers, such as 3,4") from None
    if min_bpm is not None or max_bpm is not None:
        chosen["bpm_range"] = (min_bpm, max_bpm)
    return chosen


def words(text: str | None) -> tuple[str, ...] | None:
    """The words of a text, parted by commas; None of none."""
    return None if text is None else tuple(word.strip() for word in text.split(",") if word.strip())


def labels_for(stem: str, given: Sequence[Path], lyrics: Path | None = None) -> list[Path]:
    """The files of labels for a recording: those that are named, and of folders those called after it; lyrics: of words
    alone."""
    from onpu.formats.loading import LYRICS, VALUES, WHOLE

    found = []
    for path in given:
        own = [path / f"{stem}{suffix}" for suffix in (*WHOLE, *VALUES)] if path.is_dir() else [path]
        found += [file for file in own if file.exists() or not path.is_dir()]
    if lyrics is not None:
        own = [lyrics / f"{stem}{suffix}" for suffix in LYRICS] if lyrics.is_dir() else [lyrics]
        found += [file for file in own if file.exists() or not lyrics.is_dir()][:1]
    return found


def check_given(given: Sequence[Path], hold: str | None, count: int, lyrics: Path | None = None) -> None:
    """Raise `OnpuError` for a file that is given for several recordings, and for `hold` without anything given."""
    if lyrics is not None and not lyrics.is_dir() and count > 1:
        raise OnpuError(f"--lyrics {lyrics}: words are of one recording, and there are {count}; give a folder that "
                        "holds those of each")
    if hold is not None and not given:
        raise OnpuError(f"--hold {hold}: says what of --given holds; give labels too")
    named = [path for path in given if not path.is_dir()]
    if named and count > 1:
        raise OnpuError(f"--given {named[0]}: labels are of one recording, and there are {count}; give a folder that "
                        "holds those of each")
