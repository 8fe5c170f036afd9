"""`onpu analyze`: recordings in, annotation files and a summary, or JSON, out."""

import json
import logging
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from onpu.apps import known, records, sheets
from onpu.apps.batches import spread, threads_each
from onpu.apps.recordings import InputFile, recordings
from onpu.errors import OnpuError, suggestion
from onpu.files import Json
from onpu.licensing import Licence, checked

if TYPE_CHECKING:
    from onpu.analysis.given import Hints
    from onpu.formats.midi import MidiLayout
    from onpu.music.sheet import SheetOptions

log = logging.getLogger(__name__)

ALWAYS_WRITTEN = ("jams", "midi")
"""Formats that are written whatever is found."""
DEFAULT_FORMATS = (*ALWAYS_WRITTEN, "beats", "lab", "musicxml")
"""Formats where the user names none."""
NEEDS = {"beats": "beats", "lab": "chords or keys or singing", "musicxml": "beats and chords or notes",
         "pdf": "beats and chords or notes", "svg": "beats and chords or notes"}
"""Format -> what it cannot be written without; for others any labels will do."""


@dataclass(frozen=True)
class Job:
    """What to do with every recording. formats: what is written. named: whether the user has named them, so that what
    cannot be written is told. json: whether the timeline is printed. given: files or folders of labels that hold;
    lyrics: of words; hold: what of them does. threads: of torch, 0 for its own choice. weights: hashes of what
    listens."""

    formats: tuple[str, ...]
    named: bool
    json: bool
    tasks: tuple[str | Path, ...] | None
    options: dict[str, Any]
    device: str
    licence: Licence
    precision: str
    given: tuple[Path, ...]
    lyrics: Path | None
    hold: tuple[str, ...] | None
    hints: "Hints"
    midi: "MidiLayout"
    sheet: "SheetOptions"
    threads: int = 0
    weights: tuple[str, ...] = ()

    @property
    def asked(self) -> Json:
        """What the results depend on beside the recording."""
        labels = (*self.given, *(() if self.lyrics is None else (self.lyrics,)))
        return {"options": self.options, "precision": self.precision, "weights": self.weights, "hold": self.hold,
                "given": records.facts_below(labels), "hints": repr(self.hints), "midi": repr(self.midi),
                "sheet": repr(self.sheet)}


@dataclass(frozen=True)
class Outcome:
    """One recording's row of the summary, its timeline as JSON where this is printed, or what was wrong with it; notes:
    what else the user should know."""

    recording: InputFile
    row: tuple[str, ...] = ()
    found: str = ""
    error: str = ""
    notes: tuple[str, ...] = ()


def analyze(
    files: Annotated[list[str], typer.Argument(
        help="Recordings, folders of recordings, or patterns; - is a recording on standard input, @list.txt a file "
        "with one of all these a line (@-: on standard input).")],
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Folder for the results.",
                                             show_default="the current one")] = None,
    formats: Annotated[str | None, typer.Option(
        "--format", "-f", help="Of jams, midi, beats, lab, musicxml (lead sheet and score), pdf and svg (both "
        "engraved), audacity, csv, events "
        "(plain tables of notes, melody, drums), html (a page to look and listen); by commas; default: "
        f"{','.join(DEFAULT_FORMATS)}, where there is something to write.")] = None,
    json: Annotated[bool, typer.Option(
        "--json", help="Print one JSON object a recording, a line each, and nothing else: what was found, or the "
        "error. Files are written only with -o or -f.")] = False,
    tasks: Annotated[str | None, typer.Option(help="What to listen for, by commas; default: everything.")] = None,
    licence: Annotated[str, typer.Option(
        help="default, or permissive: weights that learned from composed music and sources that ask for credit at "
        "most; where no task is named, those without such weights are left out.")] = "default",
    device: Annotated[str, typer.Option(help="auto, cpu, cuda or mps.")] = "auto",
    precision: Annotated[str, typer.Option(
        help="float32, bfloat16, or auto: bfloat16 where the device multiplies it itself and the network gains by "
        "it.")] = "auto",
    skip_existing: Annotated[bool, typer.Option(
        "--skip-existing",
        help="Leave out what has its files, if they are whole and of this recording, these options and this version.",
    )] = False,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, help="Recordings at a time.")] = 1,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no table.")] = False,
    min_bpm: Annotated[float | None, typer.Option(help="Slowest tempo.")] = None,
    max_bpm: Annotated[float | None, typer.Option(help="Fastest tempo.")] = None,
    metre: Annotated[str | None, typer.Option(
        "--metre", "--meter", help="Beats a bar that may occur: 3,4; or the time signature: 6/8")] = None,
    half: Annotated[bool, typer.Option("--half", help="Half the tempo that is found.")] = False,
    double: Annotated[bool, typer.Option("--double", help="Twice the tempo that is found.")] = False,
    given: known.Given = None,
    lyrics: known.Lyrics = None,
    hold: known.Hold = None,
    key: known.Key = None,
    tempo: known.Tempo = None,
    tuning: known.Tuning = None,
    first_downbeat: known.FirstDownbeat = None,
    shift_bars: known.ShiftBars = 0,
    constant_tempo: known.ConstantTempo = False,
    quantised: known.Quantised = False,
    melody_track: known.MelodyTrack = False,
    grid: sheets.Grid = "1/16",
    quantise: sheets.Quantise = "auto",
    simplify: sheets.Simplify = 1,
    transpose: sheets.Transpose = "C",
    tab: sheets.Tab = False,
) -> None:
    """Find the beats, bars, tempo, key and chords of recordings and write them down.

    A recording that fails does not stop the others; the exit code is then 1 (2 where it was the only one, but with
    --json always 1).
    """
    if json and skip_existing:
        raise OnpuError("--json and --skip-existing exclude each other: what is skipped has nothing to print")
    writing = not json or out is not None or formats is not None
    named = _formats(formats) if formats is not None else ()
    beats_a_bar, signature = (None, metre) if metre is not None and "/" in metre else (metre, None)
    job = Job(named or (DEFAULT_FORMATS if writing else ()), bool(named), json, _tasks(tasks, licence),
              known.wishes(min_bpm, max_bpm, beats_a_bar, half, double), device, checked(licence), precision,
              tuple(given or ()), lyrics, known.words(hold),
              known.hints_of(key, signature, tempo, first_downbeat, tuning, shift_bars),
              known.midi_layout(constant_tempo, quantised, melody_track),
              sheets.sheet_options(grid, quantise, simplify, transpose, tab), threads_each(jobs))
    job = replace(job, weights=_checked_weights(job))
    out = out or Path(".")
    with tempfile.TemporaryDirectory(prefix="onpu-") as folder:
        items, notes = records.apart(recordings(files, out, Path(folder)))
        known.check_given(job.given, hold, len(items), job.lyrics)
        needed = job.formats if job.named else ALWAYS_WRITTEN
        waiting = [item for item in items if not (skip_existing and records.finished(item, job.asked, needed))]
        outcomes = _told(_watched(waiting, job, jobs, quiet))
    failures = [outcome for outcome in outcomes if outcome.error]
    if len(items) == 1 and failures and not json:
        raise OnpuError(failures[0].error)
    for note in dict.fromkeys([*notes, *(note for outcome in outcomes for note in outcome.notes)]):
        typer.echo(f"onpu: {note}", err=True)
    if not json:
        _report(outcomes, out, len(items) - len(waiting), quiet)
    if failures:
        raise typer.Exit(1)


def _told(outcomes: Iterator[Outcome]) -> list[Outcome]:
    """All outcomes, after those that are printed as JSON have been, each as soon as it is there."""
    kept = []
    for outcome in outcomes:
        if outcome.found:
            typer.echo(outcome.found)
        kept.append(replace(outcome, found=""))
    return kept


def _report(outcomes: list[Outcome], out: Path, skipped: int, quiet: bool) -> None:
    """The table, and what failed."""
    from rich.console import Console

    from onpu.apps.summary import show

    if not quiet:
        show(Console(), [(outcome.recording, outcome.row) for outcome in outcomes if outcome.row], out, skipped)
    failures = [outcome.error for outcome in outcomes if outcome.error]
    for failure in failures:
        typer.echo(f"onpu: {failure}", err=True)
    if failures:
        typer.echo(f"onpu: {len(failures)} of {len(outcomes) + skipped} recordings failed", err=True)


def _tasks(text: str | None, licence: str) -> tuple[str | Path, ...] | None:
    """What is listened for; what is left out for its licence is told once, not for each recording."""
    from onpu.analysis import usual, without

    if text or checked(licence) == "default":
        return tuple(_words(text)) if text else None
    names, missing = usual(checked(licence))
    if missing:
        typer.echo(f"onpu: {without(missing, checked(licence))}", err=True)
    return tuple(names) or None


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _formats(text: str) -> tuple[str, ...]:
    from onpu.formats import WRITERS

    names = tuple(dict.fromkeys(_words(text)))
    unknown = [name for name in names if name not in WRITERS]
    if unknown or not names:
        name = unknown[0] if unknown else "nothing"
        raise OnpuError(f"--format {text}: {name} is not a format; {suggestion(name, WRITERS)}")
    return names


def _checked_weights(job: Job) -> tuple[str, ...]:
    """Hashes of what listens. Raises for a task, device, precision or option that is not to be had, before the first
    recording is opened."""
    from onpu.analysis import listeners, resolve_options
    from onpu.formats.engraving import require_engraving
    from onpu.inference.precision import checked_precision

    require_engraving(job.formats)
    precision = checked_precision(job.precision)
    chosen = listeners(job.tasks, job.device, job.licence, precision)
    resolve_options(chosen, job.options)
    return tuple(str(trained.card["sha256"]) for trained in chosen)


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
                yield _one(item, job, partial(_advanced, bar, task, number))
                bar.update(task, completed=number + 1)
        else:
            yield from spread(partial(_one, job=job), items, jobs, partial(_died, job), lambda: bar.advance(task))


def _advanced(bar: Any, task: Any, done: int, share: float) -> None:
    """Show that so many recordings are done, and a share of the next."""
    bar.update(task, completed=done + share)


def _died(job: Job, item: InputFile) -> Outcome:
    return _failed(item, job, f"{item.name}: its process died, perhaps for lack of memory; try fewer --jobs")


def _failed(item: InputFile, job: Job, error: str) -> Outcome:
    """What is told of a recording that could not be analysed."""
    return Outcome(item, error=error, found=json.dumps({"file": item.name, "error": error}) if job.json else "")


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
    from onpu.apps.summary import summary
    from onpu.files import check_place
    from onpu.formats.about import read_about
    from onpu.inference.precision import checked_precision

    if job.threads:
        import torch

        torch.set_num_threads(job.threads)
    try:
        if job.formats:
            check_place(item.folder, [item.stem + formats.WRITERS[name][0] for name in job.formats])
        timeline = analysis.analyze(item.path, tasks=job.tasks, options=job.options, device=job.device,
                                    licence=job.licence, precision=checked_precision(job.precision),
                                    given=known.labels_for(item.stem, job.given, job.lyrics) or None, hold=job.hold,
                                    hints=job.hints, progress=progress)
        about = read_about(item.path)
        written = {name: formats.write(timeline, item.folder, item.stem, [name], item.path, job.midi, about,
                                       job.sheet)
                   for name in job.formats}
        if written and not item.standard_input:
            records.remember(item, job.asked, written)
        for name in (name for name in written if job.named and not written[name]):
            log.warning(f"{item.name}: nothing to write as {name}, which needs {NEEDS.get(name, 'labels')}")
        found = json.dumps({"file": item.name} | timeline.to_dict(), allow_nan=False) if job.json else ""
    except OnpuError as error:
        text = str(error).replace(str(item.path), item.name)
        return _failed(item, job, text if item.name in text else f"{item.name}: {text}")
    except OSError as error:
        return _failed(item, job, f"{error.filename or item.name}: {error.strerror or error}")
    except Exception as error:
        return _failed(item, job, f"{item.name}: unforeseen {type(error).__name__} ({error}); please report it")
    return Outcome(item, summary(timeline), found)
