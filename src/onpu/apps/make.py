"""`onpu make TASK`: what is made of nothing but a wish: scores, and strokes of drums."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onpu.apps.make_midinet import midinet
from onpu.apps.make_musicvae import musicvae
from onpu.apps.make_performance import performance
from onpu.apps.make_pixels import pixelcnn, ride
from onpu.apps.make_seq2seq import seq2seq
from onpu.apps.make_strokes import cgan, gan
from onpu.errors import OnpuError

if TYPE_CHECKING:
    from onpu.make.chorale import ChoraleOptions
    from onpu.maker import Made
    from onpu.music import Audio
    from onpu.music.chorale import Chorale

MIDI, MUSICXML = (".mid", ".midi"), (".musicxml", ".xml", ".mxl")
HEARD = ("beats", "key", "notes")
"""What is listened for in the recording of a melody."""
TASKS = ("chorale", "musicvae", "midinet", "performance", "seq2seq", "pixelcnn", "ride", "gan", "cgan")
"""Making tasks that this command serves."""
FORMATS = ("musicxml", "midi", "wav", "html")
RATE = 44_100
PROGRAMS = {"organ": 19, "choir": 52, "strings": 48, "piano": 0}
"""What may play: its General MIDI number."""
TEMPI = (20.0, 300.0)

app = typer.Typer(invoke_without_command=True, no_args_is_help=False,
                  help="Compose scores, make strokes of drums: onpu make TASK --help tells what can be asked for.")
app.command("musicvae")(musicvae)
app.command("midinet")(midinet)
app.command("performance")(performance)
app.command("seq2seq")(seq2seq)
app.command("pixelcnn")(pixelcnn)
app.command("ride")(ride)
app.command("gan")(gan)
app.command("cgan")(cgan)


@app.callback()
def listed(context: typer.Context,
           tasks: Annotated[bool, typer.Option("--list", help="List what can be made, with what, and which weights "
                                                              "there are.")] = False) -> None:
    """Make something of nothing but a wish."""
    if context.invoked_subcommand is not None:
        return
    if not tasks:
        raise OnpuError(f"name what is to be made: {', '.join(TASKS)}; onpu make --list says more")
    from onpu.make import makers
    from onpu.weights import models

    for name in TASKS:
        found = [weights for weights, card in models().items() if card["task"] == name]
        typer.echo(f"{name}: {makers()[name].title} ({makers()[name].paper}); "
                   f"weights: {', '.join(found) or f'none shipped, see onpu train {name} --help'}")


@app.command("chorale")
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
    form: Annotated[str, typer.Option("--format", help=f"With commas: {', '.join(FORMATS)}.")] = "musicxml,midi,html",
    sound: Annotated[str, typer.Option(help=f"What plays: {', '.join(PROGRAMS)}.")] = "organ",
    bpm: Annotated[float, typer.Option(help="Quarters a minute.")] = 72.0,
    weights: Annotated[str, typer.Option(help="Weights, by name or path.")] = "chorale",
    device: Annotated[str, typer.Option(help="auto, cpu, cuda or mps.")] = "auto",
) -> None:
    """Compose four-part chorales in the manner of J. S. Bach, or harmonise a melody."""
    forms = tuple(dict.fromkeys(name.strip() for name in form.split(",") if name.strip()))
    unknown = [name for name in forms if name not in FORMATS]
    if unknown or not forms:
        raise OnpuError(f"no format is called {', '.join(unknown) or 'nothing'}; choose from {', '.join(FORMATS)}")
    if sound not in PROGRAMS:
        raise OnpuError(f"nothing that plays is called {sound}; choose from {', '.join(PROGRAMS)}")
    if metre not in (None, "3/4", "4/4"):
        raise OnpuError(f"chorales are not composed in {metre}; choose 3/4 or 4/4")
    if not TEMPI[0] <= bpm <= TEMPI[1]:
        raise OnpuError(f"{bpm:g} quarters a minute are not played; give {TEMPI[0]:g} to {TEMPI[1]:g}")
    if soprano is not None and (bars, metre, phrase) != (None, None, None):
        raise OnpuError("with --soprano, bars, metre and phrases are the melody's; leave out --bars, --metre, --phrase")
    from dataclasses import replace

    from onpu.apps.remake import chosen
    from onpu.make.chorale import ChoraleOptions

    options = ChoraleOptions(seed=seed, bars=8 if bars is None else bars, key=key or "G:major",
                             quarters=3 if metre == "3/4" else 4, upbeat=upbeat, phrase=2 if phrase is None else phrase,
                             temperature=temperature, sweeps=sweeps)
    made = chosen(weights, "chorale", device)
    if soprano is not None:
        options = replace(options, given=_melody(soprano, key, device))
    out.mkdir(parents=True, exist_ok=True)
    for number in range(seed, seed + count):
        score = _composed(made, replace(options, seed=number))
        for path in _write(score, out, f"chorale-{number}", forms, bpm, PROGRAMS[sound]):
            typer.echo(str(path))


def _composed(made: "Made", options: "ChoraleOptions") -> "Chorale":
    """A chorale, with a progress bar while it is composed."""
    from rich.progress import Progress

    with Progress(transient=True) as bar:
        work = bar.add_task(f"chorale {options.seed}", total=1.0)
        score: Chorale = made(options=options, progress=lambda share: bar.update(work, completed=share))
    return score


def _melody(path: Path, key: str | None, device: str) -> "Chorale":
    """The melody of a file. Raises `OnpuError` when it has none that a soprano could sing."""
    from onpu.analysis import analyze
    from onpu.formats.midi import read_midi
    from onpu.formats.musicxml import read_musicxml
    from onpu.music.chorale import key_named
    from onpu.music.monody import soprano_of

    suffix = path.suffix.lower()
    if suffix in MIDI + MUSICXML:
        timeline = read_midi(path) if suffix in MIDI else read_musicxml(path)
    else:
        timeline = analyze(path, tasks=HEARD, device=device)
    return soprano_of(timeline, str(path), None if key is None else key_named(key))


def _write(score: "Chorale", out: Path, stem: str, forms: tuple[str, ...], bpm: float, program: int) -> list[Path]:
    """The files, of which the sound comes first: the page holds it."""
    import tempfile

    from onpu.formats.audio import write_audio
    from onpu.formats.chorale_midi import write_chorale_midi
    from onpu.formats.musicxml.choral import write_choral
    from onpu.formats.report import write_report

    title = f"Chorale in {score.key.replace(':', ' ')}"
    writers: dict[str, Callable[[Path], list[Path]]] = {
        "musicxml": lambda path: write_choral(score, path, bpm, program, title, "composed by onpu"),
        "midi": lambda path: write_chorale_midi(score, path, bpm, program)}
    suffixes = {"musicxml": ".musicxml", "midi": ".mid"}
    files = []
    with tempfile.TemporaryDirectory() as folder:
        heard = out / f"{stem}.wav" if "wav" in forms else Path(folder) / f"{stem}.wav"
        if {"wav", "html"} & set(forms):
            write_audio(heard, _played(score, bpm, program))
        for name in forms:
            if name in writers:
                files += writers[name](out / f"{stem}{suffixes[name]}")
            elif name == "wav":
                files.append(heard)
            else:
                files += write_report(score.timeline(bpm, program), out / f"{stem}.html", heard, title)
    return files


def _played(score: "Chorale", bpm: float, program: int) -> "Audio":
    """Its sound: one soundfont for all voices, or the own synthesiser where there is none."""
    from onpu.data.compose.choir import choir
    from onpu.data.render import played, render
    from onpu.data.render.soundfont import library
    from onpu.music import Audio

    fonts = played()[:1] if library() is not None else []
    stems = render(choir(score, bpm, program), 0, RATE, fonts, sampled=True)
    return Audio(stems.samples.sum(axis=0), RATE)
