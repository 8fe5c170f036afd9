"""`onpu render`: files of labels or of a score in, every other file out, without listening."""

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onpu.apps import flags, known, sheets
from onpu.errors import OnpuError

if TYPE_CHECKING:
    from onpu.analysis.given import Hints
    from onpu.music import Timeline

USUAL_FORMATS = ("midi", "lab", "musicxml", "html")
"""Formats where the user names none."""


@flags.grouped
def render(
    files: Annotated[list[str], typer.Argument(
        help="Labels or scores: .jams, .json, .mid, .musicxml, .beats, .chords.lab …")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the files.", callback=flags.no_file)] = Path("."),
    formats: Annotated[str | None, typer.Option(
        "--format", "-f", help=f"Formats as of analyze, by commas; default: {','.join(USUAL_FORMATS)}.")] = None,
    recording: Annotated[Path | None, typer.Option(help="The sound, for the page (html).")] = None,
    *,
    labels: known.KnownFlags,
    midi: known.MidiFlags,
    sheet: sheets.SheetFlags,
) -> None:
    """Write lead sheets, scores, MIDI, pages and tables of labels that are there, corrected or as they are; nothing is
    listened to."""
    from onpu.formats import WRITERS, write
    from onpu.formats.about import JAMS, read_about
    from onpu.formats.engraving import require_engraving
    from onpu.formats.loading import read

    names = flags.named_formats(formats, tuple(WRITERS), USUAL_FORMATS)
    require_engraving(names)
    hints, layout, options = labels.hints(), midi.layout(), sheet.options()
    labels.check(len(files))
    stems = {Path(name): _stem(Path(name)) for name in files}
    twice = [stem for stem, count in Counter(stems.values()).items() if count > 1]
    if twice:
        raise OnpuError(f"{twice[0]}: two files of this name would be written over each other; join them with --given, "
                        "or render them one by one")
    if recording is not None and len(stems) > 1:
        raise OnpuError(f"--recording {recording}: is of one song, and there are {len(stems)}")
    for path, stem in stems.items():
        for name in names:
            if (out / f"{stem}{WRITERS[name][0]}").resolve() == path.resolve():
                raise OnpuError(f"{path}: would be written over by itself; choose another folder: -o FOLDER")
        timeline = corrected(read(path), labels.files_for(stem), labels.held(), hints)
        about = read_about(path) if path.suffix in JAMS or recording is None else read_about(recording)
        written = [file for name in names
                   for file in write(timeline, out, stem, [name], recording, layout, about, options)]
        if not written:
            raise OnpuError(f"{path}: holds nothing that can be written as {', '.join(names)}")
        for file in written:
            typer.echo(str(file))


def corrected(timeline: "Timeline", labels: list[Path], hold: tuple[str, ...] | None, hints: "Hints") -> "Timeline":
    """The timeline with labels in place of its own, and with what the hints say; its chords are spelled as in a key
    that is new."""
    from onpu.analysis.agreement import spelled
    from onpu.analysis.given import ending, held

    sure = held(labels or None, hold, hints)
    if sure is not None:
        duration = max(timeline.duration, sure.duration)
        timeline = replace(timeline, **({"duration": duration} | ending(sure, duration, "labels").found()))
        if "keys" in sure.found() and "chords" not in sure.found():
            timeline = replace(timeline, chords=spelled(timeline))
    if timeline.beats is None:
        return timeline
    beats, signature = hints.rebarred(timeline.beats, timeline.metre)
    return replace(timeline, beats=beats, metre=signature)


def _stem(path: Path) -> str:
    """The file's name without the suffix that says what it holds: of `song.chords.lab` `song`."""
    from onpu.formats.loading import VALUES, WHOLE

    suffix = max((suffix for suffix in (*WHOLE, *VALUES) if path.name.lower().endswith(suffix)), key=len, default="")
    return path.name[: len(path.name) - len(suffix)] if suffix else path.stem
