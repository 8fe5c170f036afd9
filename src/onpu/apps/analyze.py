"""`onpu analyze`: recordings in, annotation files and a summary out."""

import logging
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from onpu.apps.recordings import InputFile, recordings
from onpu.errors import OnpuError

if TYPE_CHECKING:
    from onpu.music import Timeline

log = logging.getLogger(__name__)

ALWAYS = ("jams", "midi")
"""Formats that are written whatever is found."""
USUAL = (*ALWAYS, "beats", "lab", "musicxml")
"""Formats where the user names none."""
NEEDS = {"beats": "beats", "lab": "chords or keys or singing", "musicxml": "beats and chords or notes"}
"""Format -> what it cannot be written without; for others any labels will do."""


@dataclass(frozen=True)
class Job:
    """What to do with every recording. formats: that the user has named; none: `USUAL`. threads: of torch, 0 for its
    own choice."""

    formats: tuple[str, ...]
    tasks: tuple[str, ...] | None
    options: dict[str, Any]
    device: str
    threads: int = 0


@dataclass(frozen=True)
class Outcome:
    """One recording's row of the summary, or what was wrong with it; notes: what else the user should know."""

    recording: InputFile
    row: tuple[str, ...] = ()
    error: str = ""
    notes: tuple[str, ...] = ()


def analyze(
    files: Annotated[list[str], typer.Argument(help="Recordings, folders of recordings, or patterns.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the results.")] = Path("."),
    formats: Annotated[str | None, typer.Option(
        "--format", "-f", help="Of jams, midi, beats, lab, musicxml (lead sheet and score), audacity, csv, events "
        "(plain tables of notes, melody, drums), html (a page to look and listen); by commas; default: "
        f"{','.join(USUAL)}, where there is something to write.")] = None,
    tasks: Annotated[str | None, typer.Option(help="What to listen for, by commas; default: everything.")] = None,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda or mps.")] = "auto",
    skip_existing: Annotated[bool, typer.Option("--skip-existing", help="Leave out what has its files.")] = False,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, help="Recordings at a time.")] = 1,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no table.")] = False,
    min_bpm: Annotated[float | None, typer.Option(help="Slowest tempo.")] = None,
    max_bpm: Annotated[float | None, typer.Option(help="Fastest tempo.")] = None,
    metre: Annotated[str | None, typer.Option("--metre", "--meter", help="Beats a bar that may occur: 3,4")] = None,
    half: Annotated[bool, typer.Option("--half", help="Half the tempo that is found.")] = False,
    double: Annotated[bool, typer.Option("--double", help="Twice the tempo that is found.")] = False,
) -> None:
    """Find the beats, bars, tempo, key and chords of recordings and write them down.

    A recording that fails does not stop the others; the exit code is then 1.
    """
    from rich.console import Console

    job = Job(_formats(formats) if formats is not None else (), tuple(_words(tasks)) if tasks else None,
              _options(min_bpm, max_bpm, metre, half, double), device, (os.cpu_count() or 1) // jobs if jobs > 1 else 0)
    _check(job)
    items = recordings(files, out)
    waiting = [item for item in items if not (skip_existing and _finished(item, job))]
    outcomes = list(_watched(waiting, job, jobs, quiet))
    failures = [outcome for outcome in outcomes if outcome.error]
    if len(items) == 1 and failures:
        raise OnpuError(failures[0].error)
    for note in (note for outcome in outcomes for note in outcome.notes):
        typer.echo(f"onpu: {note}", err=True)
    if not quiet:
        _show(Console(), [outcome for outcome in outcomes if outcome.row], out, len(items) - len(waiting))
    for failure in failures:
        typer.echo(f"onpu: {failure.error}", err=True)
    if failures:
        typer.echo(f"onpu: {len(failures)} of {len(items)} recordings failed", err=True)
        raise typer.Exit(1)


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _formats(text: str) -> tuple[str, ...]:
    from onpu.formats import WRITERS

    names = tuple(dict.fromkeys(_words(text)))
    unknown = [name for name in names if name not in WRITERS]
    if unknown or not names:
        raise OnpuError(f"--format {text}: {unknown[0] if unknown else 'nothing'} is not a format; "
                        f"choose from {', '.join(WRITERS)}")
    return names


def _options(min_bpm: float | None, max_bpm: float | None, metre: str | None, half: bool,
             double: bool) -> dict[str, Any]:
    """The listeners' options that the user has set."""
    chosen: dict[str, Any] = {}
    if half and double:
        raise OnpuError("--half and --double exclude each other; give one")
    if half or double:
        chosen["octave"] = 0.5 if half else 2.0
    if metre is not None:
        try:
            chosen["metres"] = tuple(int(word) for word in _words(metre))
        except ValueError:
            raise OnpuError(f"--metre {metre}: give beats a bar as whole numbers, such as 3,4") from None
    if min_bpm is not None or max_bpm is not None:
        chosen["bpm"] = (min_bpm, max_bpm)
    return chosen


def _check(job: Job) -> None:
    """Raise for a task, device or option that is not to be had, before the first recording is opened."""
    from onpu.analysis import listeners, resolve_options

    resolve_options(listeners(job.tasks, job.device), job.options)


def _finished(item: InputFile, job: Job) -> bool:
    from onpu.formats import WRITERS

    return all((item.folder / (item.stem + WRITERS[name][0])).exists() for name in job.formats or ALWAYS)


def _watched(items: list[InputFile], job: Job, jobs: int, quiet: bool) -> Iterator[Outcome]:
    """Outcomes, in the order of the recordings, behind a progress bar."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console, transient=True, disable=quiet or not console.is_terminal) as bar:
        task = bar.add_task("analysing", total=len(items))
        if jobs == 1 or len(items) < 2:
            for number, item in enumerate(items):
                yield _one(item, job, lambda share, done=number: bar.update(task, completed=done + share))  # type: ignore[misc]
                bar.update(task, completed=number + 1)
        else:
            yield from _spread(items, job, min(jobs, len(items)), lambda: bar.advance(task))


def _spread(items: list[InputFile], job: Job, jobs: int, advance: Callable[[], None]) -> list[Outcome]:
    """Outcomes from worker processes."""
    outcomes = {}
    with ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
        running = {pool.submit(_one, item, job): item for item in items}
        for future in as_completed(running):
            item = running[future]
            try:
                outcomes[item] = future.result()
            except BrokenProcessPool:
                outcomes[item] = Outcome(item, error=f"{item.path}: its process died, perhaps for lack of memory; "
                                                     "try fewer --jobs")
            advance()
    return [outcomes[item] for item in items]


class WarningCollector(logging.Handler):
    """Collects what the library has to say while a recording is analysed."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the message."""
        self.texts.append(record.getMessage())


def _one(item: InputFile, job: Job, progress: Callable[[float], None] | None = None) -> Outcome:
    """Analyse a recording and write its files; whatever goes wrong is told, not raised."""
    notes, library = WarningCollector(), logging.getLogger("onpu")
    library.addHandler(notes)
    try:
        return replace(_analysed(item, job, progress), notes=tuple(notes.texts))
    finally:
        library.removeHandler(notes)


def _analysed(item: InputFile, job: Job, progress: Callable[[float], None] | None) -> Outcome:
    from onpu import analysis, formats

    if job.threads:
        import torch

        torch.set_num_threads(job.threads)
    try:
        timeline = analysis.analyze(item.path, tasks=job.tasks, options=job.options, device=job.device,
                                    progress=progress)
        for name in job.formats or USUAL:
            written = formats.write(timeline, item.folder, item.stem, [name], item.path)
            if not written and job.formats:
                log.warning(f"{item.path}: nothing to write as {name}, which needs {NEEDS.get(name, 'labels')}")
    except OnpuError as error:
        text = str(error)
        return Outcome(item, error=text if str(item.path) in text else f"{item.path}: {text}")
    except OSError as error:
        return Outcome(item, error=f"{error.filename or item.path}: {error.strerror or error}")
    except Exception as error:
        return Outcome(item, error=f"{item.path}: unforeseen {type(error).__name__} ({error}); please report it")
    return Outcome(item, row=summary(timeline))


HEADINGS = ("recording", "length", "tempo", "or", "key", "chords", "metre", "bars", "beats\nsure", "metre\nsure")


def summary(timeline: "Timeline") -> tuple[str, ...]:
    """Length, tempo, second tempo, key, number of chords, metre, bars, mean confidence of beats and metre, as text;
    `-`: there is none."""
    minutes, seconds = divmod(round(timeline.duration), 60)
    beats, metre, tempo = timeline.beats, timeline.metre, timeline.tempo
    tempi, signatures, bars, sure, metre_sure = ["-", "-"], "-", "-", "-", "-"
    if tempo is not None and len(tempo.bpm):
        tempi = [*(f"{bpm:.1f}" for bpm in tempo.bpm), "-"][:2]
    if metre is not None and len(metre.times):
        pairs = zip(metre.numerators, metre.denominators, strict=True)
        signatures = " ".join(dict.fromkeys(f"{above}/{below}" for above, below in pairs))
        metre_sure = f"{metre.confidence.mean():.2f}"
    if beats is not None and len(beats.times):
        bars, sure = str(len(beats.downbeats)), f"{beats.confidence.mean():.2f}"
    elif beats is not None:
        tempi[0] = "no beats"
    key = timeline.key
    named = str(key.labels[0]).replace(":", " ") if key is not None and len(key.labels) else "-"
    chords = str(int((timeline.chords.labels != "N").sum())) if timeline.chords is not None else "-"
    return f"{minutes}:{seconds:02d}", *tempi, named, chords, signatures, bars, sure, metre_sure


def _show(console: Any, outcomes: list[Outcome], out: Path, skipped: int) -> None:
    from rich.table import Table

    if outcomes:
        table = Table(box=None, header_style="bold", pad_edge=False, collapse_padding=True)
        for heading in HEADINGS:
            table.add_column(heading, overflow="fold", justify="left" if heading in HEADINGS[:1] else "right")
        for outcome in outcomes:
            item = outcome.recording
            table.add_row(str(item.folder.relative_to(out) / item.path.name), *outcome.row)
        console.print(table, markup=False)
    if skipped:
        console.print(f"{skipped} skipped: their files are there")
