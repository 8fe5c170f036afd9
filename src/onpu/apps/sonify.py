"""`onpu sonify`: beats, chords and melody to be heard over the recording."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onpu.apps import flags, known
from onpu.apps.recordings import InputFile, recordings
from onpu.errors import OnpuError

if TYPE_CHECKING:
    from onpu.music import Timeline

TASKS = {"beats": ("beats",), "chords": ("beats", "chords", "key"), "melody": ("melody",), "notes": ("notes",)}
"""Value -> what is listened for where it is not given."""


def sonify(
    files: Annotated[list[str], typer.Argument(help="Recordings, folders or patterns, as of analyze.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the files.", callback=flags.no_file)] = Path("."),
    of: Annotated[str | None, typer.Option(
        help="What is heard, by commas: beats (clicks, higher on downbeats), chords, melody, notes; default: the "
        "first three, of --given those that are there.")] = None,
    given: Annotated[list[Path] | None, typer.Option(
        help="Labels as of analyze, or a folder of them; what of them is heard is not listened for.")] = None,
    decibels: Annotated[float, typer.Option("--louder", help="Decibels by which labels are louder.")] = 0.0,
    alone: Annotated[bool, typer.Option("--alone", help="The labels without the recording.")] = False,
    format: Annotated[str, typer.Option("--format", "-f", help="wav, flac, ogg, mp3, opus.")] = "wav",
    device: Annotated[str, typer.Option(help="auto, cpu, cuda or mps.")] = "auto",
) -> None:
    """Make beats, chords and the melody audible over recordings, to hear whether they are right."""
    from onpu.engine.render.sonify import VOICES

    values = known.words(of)
    unknown = [name for name in values or () if name not in VOICES]
    if unknown or values == ():
        raise OnpuError(f"--of {of}: {unknown[0] if unknown else 'nothing'} cannot be heard; choose from "
                        f"{', '.join(VOICES)}")
    items = recordings(files, out)
    known.check_given(given or (), None, len(items))
    for item in items:
        typer.echo(str(_sonified(item, values, given or [], decibels, alone, format.lstrip("."), device)))


def _sonified(item: InputFile, values: tuple[str, ...] | None, given: list[Path], decibels: float, alone: bool,
              suffix: str, device: str) -> Path:
    """Write what is heard of a recording beside its other results."""
    from onpu.engine.render.sonify import USUAL, sonified
    from onpu.formats.audio import open_audio, writing

    labels = known.labels_for(item.stem, given)
    timeline = _labels(item.path, values, labels, device)
    heard = values or tuple(name for name in USUAL if getattr(timeline, name) is not None)
    if not heard:
        raise OnpuError(f"{labels[0]}: holds none of {', '.join(USUAL)}; name what is to be heard: --of")
    path = item.folder / f"{item.stem}-sonified.{suffix}"
    item.folder.mkdir(parents=True, exist_ok=True)
    with open_audio(item.path) as source:
        blocks = sonified(source, timeline, heard, decibels, alone)
        with writing(path, source.rate, source.channels) as file:
            for block in blocks:
                file.write(block.T)
    return path


def _labels(recording: Path, values: tuple[str, ...] | None, given: list[Path], device: str) -> "Timeline":
    """What is given, and what is wanted and is not."""
    from onpu.analysis import analyze
    from onpu.analysis.given import NO_HINTS, held
    from onpu.engine.render.sonify import USUAL

    labels = held(given or None, None, NO_HINTS)
    there = {} if labels is None else labels.found()
    wanted = values or (tuple(name for name in USUAL if name in there) if labels is not None else USUAL)
    tasks = dict.fromkeys(task for name in wanted if name not in there for task in TASKS[name])
    if labels is not None and not tasks:
        return labels
    return analyze(recording, tasks=tuple(tasks), given=labels, device=device)
