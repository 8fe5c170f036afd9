"""`onpu make pixelcnn`, `onpu make ride`: bars for the piano, or a stroke of a drum, painted pixel by pixel."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onpu.errors import OnpuError

if TYPE_CHECKING:
    from onpu.music import Audio
    from onpu.music.roll import Roll

HEARD = ("beats", "key", "notes")
"""What is listened for in a recording that is gone on with."""
FORMATS = ("midi", "wav", "html")
TEMPI = (20.0, 300.0)
PIANO = 0


def command(task: str, how: str) -> Callable[..., None]:
    """The command of one of the tasks. how: the pictures are painted."""

    def run(
        out: Annotated[Path, typer.Option("--out", "-o", help=f"Folder for the files, named {task}-SEED, or "
                                                             f"{task}-DRUM-SEED.")] = Path("."),
        bars: Annotated[int, typer.Option(help="Length, 1 to 64; of what is gone on with, so many more.")] = 8,
        seed: Annotated[int, typer.Option(min=0, help="Of the chances; the same seed gives the same music.")] = 0,
        count: Annotated[int, typer.Option("--n", "-n", min=1, help="So many, with this seed and those after it.")] = 1,
        key: Annotated[str | None, typer.Option(help="As in Eb:major, a minor; default: C:major, or the key of what is "
                                                     "gone on with.")] = None,
        metre: Annotated[str | None, typer.Option(help="4/4 or 3/4; default: 4/4, or that of what is gone on "
                                                       "with.")] = None,
        given: Annotated[Path | None, typer.Option("--continue", help="What comes first: MIDI, MusicXML, or a "
                                                                      "recording, which is analysed.")] = None,
        drum: Annotated[str | None, typer.Option(help="Of weights of the kind strokes: which drum; the sound alone is "
                                                      "written.")] = None,
        temperature: Annotated[float, typer.Option(help="Below 1 plainer, above it bolder.")] = 1.0,
        form: Annotated[str, typer.Option("--format", help=f"With commas: {', '.join(FORMATS)}.")] = "midi,html",
        bpm: Annotated[float, typer.Option(help="Quarters a minute.")] = 90.0,
        weights: Annotated[str, typer.Option(help="Weights, by name or path.")] = task,
        device: Annotated[str, typer.Option(help="auto, cpu, cuda or mps.")] = "auto",
    ) -> None:
        from dataclasses import replace

        from onpu.apps.making import formats, made_of
        from onpu.apps.remake import chosen
        from onpu.make.pixelcnn import STROKES, PixelOptions
        from onpu.music.chorale import key_named

        forms = formats(form, FORMATS)
        if metre not in (None, "3/4", "4/4"):
            raise OnpuError(f"rolls are not painted in {metre}; choose 3/4 or 4/4")
        if not TEMPI[0] <= bpm <= TEMPI[1]:
            raise OnpuError(f"{bpm:g} quarters a minute are not played; give {TEMPI[0]:g} to {TEMPI[1]:g}")
        if given is not None and (key, metre) != (None, None):
            raise OnpuError("with --continue, key and metre are those of the file; leave out --key and --metre")
        options = PixelOptions(seed=seed, bars=bars, temperature=temperature, quarters=3 if metre == "3/4" else 4)
        options = options if key is None else replace(options, key=key_named(key))
        options = options if drum is None else replace(options, drum=drum)
        trained = chosen(weights, task, device)
        strokes = trained.recipe.kind == STROKES  # type: ignore[attr-defined]
        if strokes and (given is not None or drum is None):
            raise OnpuError(f"{weights}: paints strokes of drums; name one with --drum, and leave out --continue")
        if not strokes and drum is not None:
            raise OnpuError(f"{weights}: paints rolls, not drums; leave out --drum, or name weights of strokes")
        if given is not None:
            options = replace(options, given=_begun(given, device))
        out.mkdir(parents=True, exist_ok=True)
        for number in range(seed, seed + count):
            result = made_of(trained, replace(options, seed=number), f"{task} {number}")
            stem = "-".join([task, *([] if drum is None else drum.split()), str(number)])
            for path in [_struck(result, out / f"{stem}.wav")] if strokes else _write(result, out, stem, forms, bpm):
                typer.echo(str(path))

    run.__doc__ = f"Paint bars for the piano, or go on from a file, {how}."
    return run


pixelcnn = command("pixelcnn", "pixel by pixel with a Gated PixelCNN")
ride = command("ride", "pixel by pixel with spatial LSTMs (RIDE)")


def _begun(path: Path, device: str) -> "Roll":
    """The roll of a file. Raises `OnpuError` when it has none."""
    from onpu.apps.making import score_of
    from onpu.music.roll import roll_of

    return roll_of(score_of(path, HEARD, device), str(path))


def _write(roll: "Roll", out: Path, stem: str, forms: tuple[str, ...], bpm: float) -> list[Path]:
    """The files of a roll."""
    from onpu.apps.making import write_made
    from onpu.formats.midi import write_midi

    timeline = roll.timeline(bpm, PIANO)
    return write_made(out, stem, forms, {"midi": lambda path: write_midi(timeline, path)}, timeline,
                      f"Bars in {roll.key.replace(':', ' ')}")


def _struck(stroke: "Audio", path: Path) -> Path:
    """The file of a stroke."""
    from onpu.formats.audio import write_audio

    write_audio(path, stroke)
    return path
