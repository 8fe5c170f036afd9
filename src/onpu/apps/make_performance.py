"""`onpu make performance`: playing on the piano, from nothing or going on from a primer."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onpu.errors import OnpuError

if TYPE_CHECKING:
    from onpu.music import Notes

FORMATS = ("midi", "wav", "html")


def performance(
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the files, named performance-SEED.")] = Path("."),
    seconds: Annotated[float, typer.Option(help="Length of what is made up, 1 to 600.")] = 30.0,
    seed: Annotated[int, typer.Option(min=0, help="Of the chances; the same seed plays the same.")] = 0,
    count: Annotated[int, typer.Option("--n", "-n", min=1, help="So many, with this seed and those after it.")] = 1,
    primer: Annotated[Path | None, typer.Option(help="What it goes on from: MIDI, MusicXML, or a recording, which is "
                                                     "transcribed.")] = None,
    primed: Annotated[float, typer.Option("--primer-seconds", help="So much of the primer is played first.")] = 10.0,
    temperature: Annotated[float, typer.Option(help="Below 1 plainer, above it bolder.")] = 1.0,
    top_p: Annotated[float, typer.Option("--top-p", help="Only from the likeliest events that have this share of the "
                                                         "probability is drawn; 1: from all.")] = 0.95,
    form: Annotated[str, typer.Option("--format", help=f"With commas: {', '.join(FORMATS)}.")] = "midi,html",
    weights: Annotated[str, typer.Option(help="Weights, by name or path.")] = "performance",
    device: Annotated[str, typer.Option(help="auto, cpu, cuda or mps.")] = "auto",
) -> None:
    """Play on the piano, event by event."""
    from dataclasses import replace

    from onpu.apps.making import formats, made_of, write_made
    from onpu.apps.remake import chosen
    from onpu.formats.midi import write_midi
    from onpu.make.performance import PerformanceOptions
    from onpu.music import Timeline

    forms = formats(form, FORMATS)
    if not primed > 0:
        raise OnpuError(f"{primed:g} seconds of a primer cannot be played; give more than 0")
    options = PerformanceOptions(seed=seed, seconds=seconds, temperature=temperature, top_p=top_p)
    trained = chosen(weights, "performance", device)
    if primer is not None:
        options = replace(options, primer=_primer(primer, primed, device))
    out.mkdir(parents=True, exist_ok=True)
    for number in range(seed, seed + count):
        notes: Notes = made_of(trained, replace(options, seed=number), f"performance {number}")
        timeline = Timeline(float(notes.offsets.max(initial=0.0)), notes=notes)
        for path in write_made(out, f"performance-{number}", forms,
                               {"midi": lambda path, timeline=timeline: write_midi(timeline, path)},  # type: ignore
                               timeline, f"Performance {number}"):
            typer.echo(str(path))


def _primer(path: Path, seconds: float, device: str) -> "Notes":
    """The first so many seconds of what is played there, from its first note on. Raises `OnpuError` when nothing
    is."""
    from onpu.apps.making import score_of
    from onpu.music.pedal import sustained

    timeline = score_of(path, ("notes",), device)
    if timeline.notes is None or not len(timeline.notes.onsets):
        raise OnpuError(f"{path}: holds no notes to go on from; give a primer that does")
    notes = timeline.notes if timeline.pedal is None else sustained(timeline.notes, timeline.pedal)
    return notes.select(notes.onsets < notes.onsets.min() + seconds)
