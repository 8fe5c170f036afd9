"""What the commands of `onpu make` share: which files are wanted, what is read, made, heard and written."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from onpu.errors import OnpuError

if TYPE_CHECKING:
    from onpu.engine.compose.song import Song
    from onpu.maker import TrainedMaker
    from onpu.music import Audio, Timeline

MIDI, MUSICXML = (".mid", ".midi"), (".musicxml", ".xml", ".mxl")
RATE = 44_100
SUFFIXES = {"musicxml": ".musicxml", "midi": ".mid", "wav": ".wav", "html": ".html"}
"""Format -> what its files end with."""
Writer = Callable[[Path], list[Path]]


def formats(text: str, known: Sequence[str]) -> tuple[str, ...]:
    """The formats of an option, parted by commas. Raises `OnpuError` for others."""
    forms = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    unknown = [name for name in forms if name not in known]
    if unknown or not forms:
        raise OnpuError(f"no format is called {', '.join(unknown) or 'nothing'}; choose from {', '.join(known)}")
    return forms


def score_of(path: Path, heard: Sequence[str], device: str) -> "Timeline":
    """What a MIDI or MusicXML file holds, or what is heard in a recording when these tasks are listened for."""
    from onpu.analysis import analyze
    from onpu.formats.midi import read_midi
    from onpu.formats.musicxml import read_musicxml

    suffix = path.suffix.lower()
    if suffix in MIDI + MUSICXML:
        return read_midi(path) if suffix in MIDI else read_musicxml(path)
    return analyze(path, tasks=tuple(heard), device=device)


def made_of(trained: "TrainedMaker", options: Any, name: str) -> Any:
    """What is made, with a progress bar of this name meanwhile."""
    from rich.progress import Progress

    with Progress(transient=True) as bar:
        work = bar.add_task(name, total=1.0)
        return trained(options=options, progress=lambda share: bar.update(work, completed=share))


def write_made(out: Path, stem: str, forms: Sequence[str], writers: Mapping[str, Writer], timeline: "Timeline",
               title: str, song: "Song | None" = None) -> list[Path]:
    """Write OUT/STEM in every format; return the files written.

    writers: for the formats of scores. timeline: what the page shows. song: what is heard on it and in the sound; None:
    a player for each instrument of the timeline.
    """
    import tempfile

    from onpu.engine.compose.ensemble import ensemble
    from onpu.formats.audio import write_audio
    from onpu.formats.report import write_report

    files = []
    with tempfile.TemporaryDirectory() as folder:
        heard = (out if "wav" in forms else Path(folder)) / f"{stem}.wav"
        if {"wav", "html"} & set(forms):
            write_audio(heard, played(ensemble(timeline) if song is None else song))
        for name in forms:
            path = out / f"{stem}{SUFFIXES[name]}"
            if name in writers:
                files += writers[name](path)
            else:
                files += [heard] if name == "wav" else write_report(timeline, path, heard, title)
    return files


def played(song: "Song") -> "Audio":
    """Its sound: of the first soundfont, or of the own synthesiser where there is none."""
    from onpu.engine.render import played, render
    from onpu.engine.render.soundfont import library
    from onpu.music import Audio

    fonts = played()[:1] if library() is not None else []
    stems = render(song, 0, RATE, fonts, sampled=True)
    return Audio(stems.samples.sum(axis=0), RATE)
