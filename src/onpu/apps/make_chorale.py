"""`onpu make chorale`: chorales in four parts, or three voices under a melody."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onpu.errors import OnpuError

if TYPE_CHECKING:
    from onpu.music.chorale import Chorale

HEARD = ("beats", "key", "notes")
"""What is listened for in the recording of a melody."""
FORMATS = ("musicxml", "midi", "wav", "html")
PROGRAMS = {"organ": 19, "choir": 52, "strings": 48, "piano": 0}
"""What may play: its General MIDI number."""
TEMPI = (20.0, 300.0)


def chorale(
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the files, named chorale-SEED.")] = Path("."),
    bars: Annotated[int | None, typer.Option(help="Length, 1 to 64; default 8.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of the chances; the same seed gives the same score.")] = 0,
    count: Annotated[int, typer.Option("--n", "-n", min=1, help="So many, with this seed and those after it.")] = 1,
    key: Annotated[str | None, typer.Option(help="As in Eb:major, a minor, D:dorian; default: G:major, or the "
                                                 "melody's.")] = None,
    metre: Annotated[str | None, typer.Option(help="4/4 or 3/4; default 4/4.")] = None,
    upbeat: Annotated[bool, typer.Option(help="Whether to begin with the last quarter of a bar.")] = True,
    phrase: Annotated[int | None, typer.Option(min=0, help="Bars to a fermata, 0: none but the last; default "
                                                           "2.")] = None,
    soprano: Annotated[Path | None, typer.Option(help="Melody to harmonise: MIDI, MusicXML, or a recording, which is "
                                                      "analysed.")] = None,
    temperature: Annotated[float, typer.Option(help="Below 1 plainer, above it bolder.")] = 1.0,
    sweeps: Annotated[int, typer.Option(min=1, help="Times that every note is drawn.")] = 30,
    strictness: Annotated[float | None, typer.Option(help="Nats that a parallel fifth or octave costs; 0: as likely as "
                                                          "the networks find it.")] = None,
    form: Annotated[str, typer.Option("--format", help=f"With commas: {', '.join(FORMATS)}.")] = "musicxml,midi,html",
    sound: Annotated[str, typer.Option(help=f"What plays: {', '.join(PROGRAMS)}.")] = "organ",
    bpm: Annotated[float, typer.Option(help="Quarters a minute.")] = 72.0,
    weights: Annotated[str, typer.Option(help="Weights, by name or path.")] = "chorale",
    device: Annotated[str, typer.Option(help="auto, cpu, cuda or mps.")] = "auto",
) -> None:
    """Compose four-part chorales in the manner of J. S. Bach, or harmonise a melody."""
    from dataclasses import replace

    from onpu.apps.making import formats, made_of
    from onpu.apps.remake import chosen
    from onpu.make.chorale import ChoraleOptions

    forms = formats(form, FORMATS)
    if sound not in PROGRAMS:
        raise OnpuError(f"nothing that plays is called {sound}; choose from {', '.join(PROGRAMS)}")
    if metre not in (None, "3/4", "4/4"):
        raise OnpuError(f"chorales are not composed in {metre}; choose 3/4 or 4/4")
    if not TEMPI[0] <= bpm <= TEMPI[1]:
        raise OnpuError(f"{bpm:g} quarters a minute are not played; give {TEMPI[0]:g} to {TEMPI[1]:g}")
    if soprano is not None and (bars, metre, phrase) != (None, None, None):
        raise OnpuError("with --soprano, bars, metre and phrases are the melody's; leave out --bars, --metre, --phrase")
    options = ChoraleOptions(seed=seed, bars=8 if bars is None else bars, key=key or "G:major",
                             quarters=3 if metre == "3/4" else 4, upbeat=upbeat, phrase=2 if phrase is None else phrase,
                             temperature=temperature, sweeps=sweeps)
    if strictness is not None:
        options = replace(options, strictness=strictness)
    trained = chosen(weights, "chorale", device)
    if soprano is not None:
        options = replace(options, given=_melody(soprano, key, device))
    out.mkdir(parents=True, exist_ok=True)
    for number in range(seed, seed + count):
        score: Chorale = made_of(trained, replace(options, seed=number), f"chorale {number}")
        for path in _write(score, out, f"chorale-{number}", forms, bpm, PROGRAMS[sound]):
            typer.echo(str(path))


def _melody(path: Path, key: str | None, device: str) -> "Chorale":
    """The melody of a file. Raises `OnpuError` when it has none that a soprano could sing."""
    from onpu.apps.making import score_of
    from onpu.music.chorale import key_named
    from onpu.music.monody import soprano_of

    return soprano_of(score_of(path, HEARD, device), str(path), None if key is None else key_named(key))


def _write(score: "Chorale", out: Path, stem: str, forms: tuple[str, ...], bpm: float, program: int) -> list[Path]:
    """The files."""
    from onpu.apps.making import write_made
    from onpu.engine.compose.choir import choir
    from onpu.formats.chorale_midi import write_chorale_midi
    from onpu.formats.musicxml.choral import write_choral

    title = f"Chorale in {score.key.replace(':', ' ')}"
    writers: dict[str, Callable[[Path], list[Path]]] = {
        "musicxml": lambda path: write_choral(score, path, bpm, program, title, "composed by onpu"),
        "midi": lambda path: write_chorale_midi(score, path, bpm, program)}
    return write_made(out, stem, forms, writers, score.timeline(bpm, program), title, choir(score, bpm, program))
