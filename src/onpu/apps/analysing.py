"""One recording of `onpu analyze`: what is to be done with it, and what came of that."""

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from onpu.apps import known, records
from onpu.apps.recordings import InputFile
from onpu.errors import told_of
from onpu.files import Json
from onpu.licensing import Licence

if TYPE_CHECKING:
    from onpu.analysis.given import Hints, Named
    from onpu.formats.midi import MidiLayout
    from onpu.music.sheet import SheetOptions

log = logging.getLogger(__name__)

NEEDS = {"beats": "beats", "lab": "chords or keys or singing", "musicxml": "beats and chords or notes",
         "pdf": "beats and chords or notes", "svg": "beats and chords or notes"}
"""Format -> what it cannot be written without; for others any labels will do."""


@dataclass(frozen=True)
class Job:
    """What to do with every recording. formats: what is written. named: whether the user has named them, so that what
    cannot be written is told. json: whether the timeline is printed. known: labels that hold; hints: what else is
    known. threads: of torch, 0 for its own choice. weights: hashes of what listens."""

    formats: tuple[str, ...]
    named: bool
    json: bool
    tasks: tuple[str | Path, ...] | None
    options: "Named"
    device: str
    licence: Licence
    precision: str
    known: known.KnownFlags
    hints: "Hints"
    midi: "MidiLayout"
    sheet: "SheetOptions"
    threads: int = 0
    weights: tuple[str, ...] = ()

    @property
    def asked(self) -> Json:
        """What the results depend on beside the recording."""
        return {"options": self.options, "precision": self.precision, "weights": self.weights,
                "hold": self.known.held(), "given": records.facts_below(self.known.named()),
                "hints": repr(self.hints), "midi": repr(self.midi), "sheet": repr(self.sheet)}


@dataclass(frozen=True)
class Outcome:
    """One recording's row of the summary, its timeline as JSON where this is printed, or what was wrong with it; notes:
    what else the user should know."""

    recording: InputFile
    row: tuple[str, ...] = ()
    found: str = ""
    error: str = ""
    notes: tuple[str, ...] = ()


def died(job: Job, item: InputFile) -> Outcome:
    """What is told of a recording whose process died."""
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


def analysed(item: InputFile, job: Job, progress: Callable[[float], None] | None = None) -> Outcome:
    """Analyse a recording and write its files; whatever goes wrong is told, not raised."""
    notes, library = WarningCollector(), logging.getLogger("onpu")
    library.addHandler(notes)
    try:
        return replace(_outcome(item, job, progress), notes=tuple(notes.texts))
    finally:
        library.removeHandler(notes)


def _outcome(item: InputFile, job: Job, progress: Callable[[float], None] | None) -> Outcome:
    from onpu import analysis, formats
    from onpu.analysis.selecting import limit_threads
    from onpu.apps.summary import summary
    from onpu.files import check_place
    from onpu.formats.about import read_about
    from onpu.inference.precision import checked_precision

    if job.threads:
        limit_threads(job.threads)
    try:
        if job.formats:
            check_place(item.folder, [item.stem + formats.WRITERS[name][0] for name in job.formats])
        timeline = analysis.analyze(item.path, tasks=job.tasks, options=job.options, device=job.device,
                                    licence=job.licence, precision=checked_precision(job.precision),
                                    given=job.known.files_for(item.stem) or None, hold=job.known.held(),
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
    except Exception as error:
        return _failed(item, job, told_of(error, item.name, str(item.path)))
    return Outcome(item, summary(timeline), found)
