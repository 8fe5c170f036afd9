"""What `onpu analyze` says of each recording in the terminal."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from onpu.apps.recordings import InputFile
from onpu.music import Sections, Timeline
from onpu.music.headline import main_key, time_signatures
from onpu.music.words import in_words

if TYPE_CHECKING:
    from rich.table import Table

HEADINGS = ("recording", "length", "tempo", "or", "key", "chords", "metre", "bars", "beats\nsure", "metre\nsure",
            "form", "heard as")
WORDS = 2
"""Of these, the last ones, which are in words and have a table of their own, so that both are as wide as a terminal."""
FORM_SHOWN = 30
"""Characters of the form."""
MOST_PLAYERS = 3
"""Instruments that are named, those that play longest."""


def summary(timeline: Timeline) -> tuple[str, ...]:
    """Length, tempo, second tempo, key, number of chords, metre, bars, mean confidence of beats and metre, form,
    and genre, moods and instruments, as text; `-`: there is none."""
    minutes, seconds = divmod(round(timeline.duration), 60)
    beats, metre, tempo = timeline.beats, timeline.metre, timeline.tempo
    tempi, signatures, bars, sure, metre_sure = ["-", "-"], "-", "-", "-", "-"
    if tempo is not None and len(tempo.bpm):
        tempi = [*(f"{bpm:.1f}" for bpm in tempo.bpm), "-"][:2]
    if metre is not None and len(metre.times):
        signatures = " ".join(time_signatures(timeline))
        metre_sure = f"{metre.confidence.mean():.2f}"
    if beats is not None and len(beats.times):
        bars, sure = str(len(beats.downbeats)), f"{beats.confidence.mean():.2f}"
    elif beats is not None:
        tempi[0] = "no beats"
    named = (main_key(timeline) or "-").replace(":", " ")
    chords = str(int((timeline.chords.labels != "N").sum())) if timeline.chords is not None else "-"
    heard = [] if timeline.tags is None or not len(timeline.tags) else [in_words(timeline.tags)]
    if timeline.instruments is not None and len(timeline.instruments):
        heard.append(", ".join(timeline.instruments.names()[:MOST_PLAYERS]))
    return (f"{minutes}:{seconds:02d}", *tempi, named, chords, signatures, bars, sure, metre_sure,
            form(timeline.sections), "; ".join(heard) or "-")


def form(sections: Sections | None) -> str:
    """`intro A A chorus …`, and of a recording that has but one section, that it is one."""
    if sections is None or not len(sections):
        return "-"
    if len(sections) == 1:
        return "one section"
    text = " ".join(sections.labels.tolist())
    return text if len(text) <= FORM_SHOWN else text[: FORM_SHOWN - 1].rsplit(" ", 1)[0] + " …"


def show(console: Any, rows: list[tuple[InputFile, tuple[str, ...]]], out: Path, skipped: int) -> None:
    """Print the table of all recordings, and how many were skipped."""
    if rows:
        names = [str(item.folder.relative_to(out) / item.label) for item, _ in rows]
        console.print(_table(HEADINGS[:-WORDS], names, [row[:-WORDS] for _, row in rows]), markup=False)
        told = [row[-WORDS:] for _, row in rows]
        if any(text != "-" for row in told for text in row):
            console.print()
            console.print(_table((HEADINGS[0], *HEADINGS[-WORDS:]), names, told, left=True), markup=False)
    if skipped:
        console.print(f"{skipped} skipped: their files are there")


def _table(headings: tuple[str, ...], names: list[str], rows: list[tuple[str, ...]], left: bool = False) -> "Table":
    """A table with the recordings' names in front; left: where the other columns begin, else where they end."""
    from rich.table import Table

    table = Table(box=None, header_style="bold", pad_edge=False, collapse_padding=True)
    for heading in headings:
        table.add_column(heading, overflow="fold", justify="left" if left or heading == HEADINGS[0] else "right")
    for name, row in zip(names, rows, strict=True):
        table.add_row(name, *row)
    return table
