"""`onpu make midinet`: melodies over chords."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onpu.errors import OnpuError

if TYPE_CHECKING:
    from onpu.music.passage import Passage

FORMATS = ("musicxml", "midi", "wav", "html")
PROGRAMS = {"flute": 73, "violin": 40, "clarinet": 71, "piano": 0}
"""What may play the melody: its General MIDI number."""
TEMPI = (20.0, 300.0)
HEARD = ("beats", "notes")
"""What is listened for in a recording."""


def midinet(
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the files, named midinet-SEED.")] = Path("."),
    chords: Annotated[str, typer.Option(help="A chord a bar, in Harte's syntax; after the last again the "
                                             "first.")] = "C:maj G:maj A:min F:maj",
    bars: Annotated[int, typer.Option(help="Length, 1 to 64.")] = 8,
    seed: Annotated[int, typer.Option(min=0, help="Of the noise; the same seed gives the same melody.")] = 0,
    count: Annotated[int, typer.Option("--n", "-n", min=1, help="So many, with this seed and those after it.")] = 1,
    after: Annotated[Path | None, typer.Option(help="What it goes on from: the first bar with notes of MIDI, MusicXML, "
                                                    "or a recording.")] = None,
    temperature: Annotated[float, typer.Option(help="Of the noise: below 1 plainer, above it bolder.")] = 1.0,
    form: Annotated[str, typer.Option("--format", help=f"With commas: {', '.join(FORMATS)}.")] = "musicxml,midi,html",
    sound: Annotated[str, typer.Option(help=f"What plays the melody: {', '.join(PROGRAMS)}.")] = "flute",
    bpm: Annotated[float, typer.Option(help="Quarters a minute.")] = 100.0,
    weights: Annotated[str, typer.Option(help="Weights, by name or path.")] = "midinet",
    device: Annotated[str, typer.Option(help="auto, cpu, cuda or mps.")] = "auto",
) -> None:
    """Make melodies over chords, bar by bar."""
    from dataclasses import replace

    from onpu.apps.making import formats, made_of, score_of
    from onpu.apps.remake import chosen
    from onpu.make.midinet import PART, MidinetOptions
    from onpu.music.excerpt import passage_of

    forms = formats(form, FORMATS)
    if sound not in PROGRAMS:
        raise OnpuError(f"nothing that plays is called {sound}; choose from {', '.join(PROGRAMS)}")
    if not TEMPI[0] <= bpm <= TEMPI[1]:
        raise OnpuError(f"{bpm:g} quarters a minute are not played; give {TEMPI[0]:g} to {TEMPI[1]:g}")
    options = MidinetOptions(seed=seed, chords=tuple(chords.replace(",", " ").split()), bars=bars,
                             temperature=temperature)
    trained = chosen(weights, "midinet", device)
    if after is not None:
        options = replace(options, begin=passage_of(score_of(after, HEARD, device), str(after), PART, 1))
    out.mkdir(parents=True, exist_ok=True)
    for number in range(seed, seed + count):
        melody = made_of(trained, replace(options, seed=number), f"melody {number}")
        for path in _write(melody, out, f"midinet-{number}", forms, bpm, PROGRAMS[sound]):
            typer.echo(str(path))


def _write(melody: "Passage", out: Path, stem: str, forms: tuple[str, ...], bpm: float, program: int) -> list[Path]:
    """The files, in which the chords are played below the melody, but in the score stand above it."""
    from onpu.apps.making import write_made
    from onpu.formats.midi import write_midi
    from onpu.formats.musicxml import write_melody
    from onpu.music.voicing import accompanied

    shown = melody.timeline(bpm, {"melody": program})
    sounding, title = accompanied(shown), f"Melody over {' '.join(dict.fromkeys(melody.chords))}"
    writers: dict[str, Callable[[Path], list[Path]]] = {
        "musicxml": lambda path: write_melody(shown, path, title, "composed by onpu"),
        "midi": lambda path: write_midi(sounding, path)}
    return write_made(out, stem, forms, writers, sounding, title)
