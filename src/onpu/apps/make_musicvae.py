"""`onpu make musicvae`: passages out of nothing, like another, between two others."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onpu.errors import OnpuError

if TYPE_CHECKING:
    from onpu.make.musicvae import Kind, MusicvaeOptions
    from onpu.maker import TrainedMaker
    from onpu.music.passage import Passage

FORMATS = ("musicxml", "midi", "wav", "html")
PROGRAMS = {"melody": 0, "bass": 33}
"""What plays the lines: General MIDI numbers."""
TEMPI = (20.0, 300.0)
STEPS = (2, 64)
HEARD = ("beats", "notes", "drums")
"""What is listened for in recordings."""


def musicvae(
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the files, named musicvae-SEED.")] = Path("."),
    seed: Annotated[int, typer.Option(min=0, help="Of the chances; the same seed gives the same passage.")] = 0,
    count: Annotated[int, typer.Option("--n", "-n", min=1, help="So many, with this seed and those after it.")] = 1,
    like: Annotated[Path | None, typer.Option(help="A passage that is to be made anew: MIDI, MusicXML, or a recording; "
                                                   "its first bars with notes are taken.")] = None,
    interpolate: Annotated[tuple[Path, Path] | None, typer.Option(
        help="Two such files: what lies between them, one after the other.", metavar="A B")] = None,
    steps: Annotated[int, typer.Option(help=f"Passages from the one to the other, both included, {STEPS[0]} to "
                                            f"{STEPS[1]}.")] = 8,
    more: Annotated[tuple[str, float] | None, typer.Option(
        help="density, syncopation or range, and how much more of it: 1 is from the least to the greatest quarter of "
             "music, below 0 is less.", metavar="WHAT AMOUNT")] = None,
    temperature: Annotated[float | None, typer.Option(help="Below 1 plainer, above it bolder, 0 the likeliest; default "
                                                           "0.5, and 0 for what is like a file.")] = None,
    form: Annotated[str, typer.Option("--format", help=f"With commas: {', '.join(FORMATS)}.")] = "midi,html",
    bpm: Annotated[float, typer.Option(help="Quarters a minute.")] = 100.0,
    weights: Annotated[str, typer.Option(help="Weights, by name or path; they decide whether melodies, drums or bands "
                                              "are made, and of how many bars.")] = "musicvae",
    device: Annotated[str, typer.Option(help="auto, cpu, cuda or mps.")] = "auto",
) -> None:
    """Make melodies, drumming or small bands; or vary what there is, or go from one to another."""
    from dataclasses import replace

    from onpu.apps.making import formats
    from onpu.apps.remake import chosen
    from onpu.make.musicvae import MusicvaeOptions, kind_of
    from onpu.metrics.passages import ATTRIBUTES

    forms = formats(form, FORMATS)
    if not TEMPI[0] <= bpm <= TEMPI[1]:
        raise OnpuError(f"{bpm:g} quarters a minute are not played; give {TEMPI[0]:g} to {TEMPI[1]:g}")
    if not STEPS[0] <= steps <= STEPS[1]:
        raise OnpuError(f"{steps} steps do not lead from one to another; give {STEPS[0]} to {STEPS[1]}")
    if like is not None and interpolate is not None:
        raise OnpuError("--like and --interpolate ask for different things; give one of them")
    if more is not None and more[0] not in ATTRIBUTES:
        raise OnpuError(f"there is no more or less of {more[0]}; choose from {', '.join(ATTRIBUTES)}")
    given = [path for path in ((like,) if interpolate is None else interpolate) if path is not None]
    if temperature is None:
        temperature = 0.0 if given else MusicvaeOptions().temperature
    options = MusicvaeOptions(seed=seed, temperature=temperature)
    if more is not None:
        options = replace(options, **{more[0]: more[1]})  # type: ignore[arg-type]
    trained = chosen(weights, "musicvae", device)
    passages = [_passage(path, kind_of(trained), device) for path in given]
    options = replace(options, begin=passages[0] if passages else None, end=passages[1] if interpolate else None)
    out.mkdir(parents=True, exist_ok=True)
    for number in range(seed, seed + count):
        found = _made(trained, replace(options, seed=number), steps)
        for path in _write(found, out, f"musicvae-{number}", forms, bpm):
            typer.echo(str(path))


def _made(trained: "TrainedMaker", options: "MusicvaeOptions", steps: int) -> "list[Passage]":
    """The passage, or those on the way from the one to the other."""
    from dataclasses import replace

    from onpu.apps.making import made_of

    shares = [step / (steps - 1) for step in range(steps)] if options.end is not None else [0.0]
    return [made_of(trained, replace(options, share=share), f"passage {number}") for number, share in enumerate(shares, 1)]


def _passage(path: Path, kind: "Kind", device: str) -> "Passage":
    """The first bars of a file. Raises `OnpuError` when it holds none."""
    from onpu.apps.making import score_of
    from onpu.music.excerpt import passage_of

    return passage_of(score_of(path, HEARD, device), str(path), kind.parts, kind.bars)


def _write(passages: "list[Passage]", out: Path, stem: str, forms: tuple[str, ...], bpm: float) -> list[Path]:
    """The files; several passages follow each other, each a section."""
    from dataclasses import replace

    import numpy as np

    from onpu.apps.making import write_made
    from onpu.formats.midi import write_midi
    from onpu.formats.musicxml import write_melody
    from onpu.music import Sections
    from onpu.music.passage import joined

    whole = joined(passages)
    timeline = whole.timeline(bpm, PROGRAMS)
    title = f"{', '.join(whole.parts).capitalize()} of {passages[0].bars} bars"
    if len(passages) > 1:
        edges = np.linspace(0, timeline.duration, len(passages) + 1)
        labels = np.array([f"{number} of {len(passages)}" for number in range(1, len(passages) + 1)], np.str_)
        timeline = replace(timeline, sections=Sections(edges[:-1], edges[1:], labels, np.ones(len(passages))))
        title += f", {len(passages)} from one to the other"
    writers: dict[str, Callable[[Path], list[Path]]] = {
        "musicxml": lambda path: write_melody(timeline, path, title, "composed by onpu"),
        "midi": lambda path: write_midi(timeline, path)}
    return write_made(out, stem, forms, writers, timeline, title)
