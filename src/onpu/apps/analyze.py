"""`onpu analyze`: recordings in, annotation files and a summary, or JSON, out."""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from onpu.apps import flags, known, records, sheets
from onpu.apps.analysing import Job, Outcome, analysed, died
from onpu.apps.batches import spread, threads_each
from onpu.apps.recordings import InputFile, recordings
from onpu.errors import OnpuError
from onpu.licensing import checked

ALWAYS_WRITTEN = ("jams", "midi")
"""Formats that are written whatever is found."""
DEFAULT_FORMATS = (*ALWAYS_WRITTEN, "beats", "lab", "musicxml")
"""Formats where the user names none."""


@flags.grouped
def analyze(
    files: Annotated[list[str], typer.Argument(
        help="Recordings, folders of recordings, or patterns; - is a recording on standard input, @list.txt a file "
        "with one of all these a line (@-: on standard input).")],
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Folder for the results.",
                                             show_default="the current one", callback=flags.no_file)] = None,
    formats: Annotated[str | None, typer.Option(
        "--format", "-f", help="Of jams, midi, beats, lab, musicxml (lead sheet and score), pdf and svg (both "
        "engraved), audacity, csv, events "
        "(plain tables of notes, melody, drums), abc, chordpro, reaper, rekordbox, html (a page to look and listen); "
        "by commas; default: "
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
    half: Annotated[bool, typer.Option("--half", help="Half the tempo that is found.")] = False,
    double: Annotated[bool, typer.Option("--double", help="Twice the tempo that is found.")] = False,
    tempo: Annotated[float | None, typer.Option(help="Beats a minute, roughly.", rich_help_panel=known.KNOWN)] = None,
    tuning: Annotated[float | None, typer.Option(help="Of A4, in Hz.", rich_help_panel=known.KNOWN)] = None,
    *,
    labels: known.KnownFlags,
    midi: known.MidiFlags,
    sheet: sheets.SheetFlags,
) -> None:
    """Find the beats, bars, tempo, key and chords of recordings and write them down.

    A recording that fails does not stop the others; the exit code is then 1 (2 where it was the only one, but with
    --json always 1).
    """
    from onpu.formats import WRITERS

    if json and skip_existing:
        raise OnpuError("--json and --skip-existing exclude each other: what is skipped has nothing to print")
    writing = not json or out is not None or formats is not None
    named = flags.named_formats(formats, tuple(WRITERS), ()) if formats is not None else ()
    beats_a_bar = labels.metre if labels.metre is not None and "/" not in labels.metre else None
    hints = (labels if beats_a_bar is None else replace(labels, metre=None)).hints(tempo, tuning)
    job = Job(named or (DEFAULT_FORMATS if writing else ()), bool(named), json, _tasks(tasks, licence),
              known.wishes(min_bpm, max_bpm, beats_a_bar, half, double), device, checked(licence), precision, labels,
              hints, midi.layout(), sheet.options(), threads_each(jobs))
    job = replace(job, weights=_checked_weights(job))
    out = out or Path(".")
    with tempfile.TemporaryDirectory(prefix="onpu-") as folder:
        items, notes = records.apart(recordings(files, out, Path(folder)))
        labels.check(len(items))
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
        return known.words(text) if text else None
    names, missing = usual(checked(licence))
    if missing:
        typer.echo(f"onpu: {without(missing, checked(licence))}", err=True)
    return tuple(names) or None


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
                yield analysed(item, job, partial(_advanced, bar, task, number))
                bar.update(task, completed=number + 1)
        else:
            yield from spread(partial(analysed, job=job), items, jobs, partial(died, job), lambda: bar.advance(task))


def _advanced(bar: Any, task: Any, done: int, share: float) -> None:
    """Show that so many recordings are done, and a share of the next."""
    bar.update(task, completed=done + share)
