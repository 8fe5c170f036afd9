"""`onpu make seq2seq`: chords for a melody."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onpu.errors import OnpuError

if TYPE_CHECKING:
    from onpu.maker import TrainedMaker
    from onpu.music.phrase import Phrase

HEARD = ("beats", "key", "notes")
"""What is listened for in the recording of a melody."""
FORMATS = ("musicxml", "midi", "wav", "html")
PROGRAMS = {"flute": 73, "violin": 40, "clarinet": 71, "piano": 0}
"""What may play the melody: its General MIDI number."""
TEMPI = (20.0, 300.0)
USUAL = 100.0
"""Quarters a minute where no melody is given."""


def seq2seq(
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the files, named seq2seq-SEED.")] = Path("."),
    melody: Annotated[Path | None, typer.Option(help="MIDI, MusicXML, or a recording, which is analysed; default: the "
                                                     "Ode to Joy.")] = None,
    key: Annotated[str | None, typer.Option(help="In which chords are spelled, as in Eb:major, a minor; default: the "
                                                 "melody's.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of the chances, where the temperature is above 0.")] = 0,
    count: Annotated[int, typer.Option("--n", "-n", min=1, help="So many, with this seed and those after it.")] = 1,
    temperature: Annotated[float, typer.Option(help="0: the most probable chords; above: drawn, the bolder the "
                                                    "higher.")] = 0.0,
    beam: Annotated[int, typer.Option(min=1, help="Sequences that are followed at temperature 0.")] = 4,
    form: Annotated[str, typer.Option("--format", help=f"With commas: {', '.join(FORMATS)}.")] = "musicxml,midi,html",
    sound: Annotated[str, typer.Option(help=f"What plays the melody: {', '.join(PROGRAMS)}.")] = "flute",
    bpm: Annotated[float | None, typer.Option(help="Quarters a minute; default: as in the melody's file.")] = None,
    attention: Annotated[bool, typer.Option("--attention", help="Draw what each chord attended to, as "
                                                                "seq2seq-SEED.attention.png.")] = False,
    weights: Annotated[str, typer.Option(help="Weights, by name or path.")] = "seq2seq",
    device: Annotated[str, typer.Option(help="auto, cpu, cuda or mps.")] = "auto",
) -> None:
    """Find chords for a melody."""
    from onpu.apps.making import formats

    forms = formats(form, FORMATS)
    if sound not in PROGRAMS:
        raise OnpuError(f"nothing that plays is called {sound}; choose from {', '.join(PROGRAMS)}")
    if bpm is not None and not TEMPI[0] <= bpm <= TEMPI[1]:
        raise OnpuError(f"{bpm:g} quarters a minute are not played; give {TEMPI[0]:g} to {TEMPI[1]:g}")
    if count > 1 and not temperature:
        raise OnpuError("at temperature 0 all seeds give the same chords; leave out --n, or give --temperature 1")
    from dataclasses import replace

    from onpu.apps.making import made_of
    from onpu.apps.remake import chosen
    from onpu.make.seq2seq import ODE, Seq2SeqOptions
    from onpu.music.chorale import key_named

    options = Seq2SeqOptions(seed=seed, temperature=temperature, beam=beam)
    key = None if key is None else key_named(key)
    trained = chosen(weights, "seq2seq", device)
    given, usual = (ODE, USUAL) if melody is None else _melody(melody, device)
    given = given if key is None else replace(given, key=key)
    out.mkdir(parents=True, exist_ok=True)
    for number in range(seed, seed + count):
        phrase = made_of(trained, replace(options, seed=number, melody=given), f"chords {number}")
        stem = f"seq2seq-{number}"
        for path in _write(phrase, out, stem, forms, usual if bpm is None else bpm, PROGRAMS[sound]):
            typer.echo(str(path))
        if attention:
            typer.echo(str(_picture(trained, phrase, out / f"{stem}.attention.png")))


def _melody(path: Path, device: str) -> "tuple[Phrase, float]":
    """The melody of a file and its quarters a minute. Raises `OnpuError` when it has none."""
    import numpy as np

    from onpu.apps.making import score_of
    from onpu.music.bars import usual_beat
    from onpu.music.monody import melody_of

    timeline = score_of(path, HEARD, device)
    phrase = melody_of(timeline, str(path))
    beats = timeline.beats.times if timeline.beats is not None else np.zeros(0)
    return phrase, float(np.clip(60 / usual_beat(beats), *TEMPI))


def _write(phrase: "Phrase", out: Path, stem: str, forms: tuple[str, ...], bpm: float, program: int) -> list[Path]:
    from onpu.apps.making import write_made
    from onpu.formats.midi import write_midi
    from onpu.formats.musicxml import write_melody
    from onpu.music.voicing import accompanied

    title = f"{Path(phrase.name).stem or 'Melody'} with chords"
    shown = phrase.timeline(bpm, program)
    sounding = accompanied(shown)
    writers: dict[str, Callable[[Path], list[Path]]] = {
        "musicxml": lambda path: write_melody(shown, path, title, "chords by onpu"),
        "midi": lambda path: write_midi(sounding, path)}
    return write_made(out, stem, forms, writers, sounding, title)


def _picture(trained: "TrainedMaker", phrase: "Phrase", path: Path) -> Path:
    """What each chord of the first eight bars attended to, chords from the left, the melody's sixteenths from below."""
    try:
        from onpu.apps.attention import draw
    except ImportError:
        raise OnpuError("pictures need matplotlib; pip install onpu[train]") from None
    from onpu.make.seq2seq import BARS, negative_log_likelihood

    phrase = phrase.cut(0, min(BARS, phrase.steps // phrase.bar))
    draw(path, phrase, negative_log_likelihood(trained, [phrase])[1][0])
    return path
