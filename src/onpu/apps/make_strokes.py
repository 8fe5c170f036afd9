"""`onpu make gan`, `onpu make cgan`: strokes of drums, as sounds to play with."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from onpu.make.gan import HitOptions

Out = Annotated[Path, typer.Option("--out", "-o", help="Folder for the files, named by drum and seed, WAV.")]
Seed = Annotated[int, typer.Option(min=0, help="Of the noise; the same seed gives the same stroke.")]
Count = Annotated[int, typer.Option("--n", "-n", min=1, help="So many, with this seed and those after it.")]
Iterations = Annotated[int, typer.Option(help="Iterations that find the phases, 0 to 1000.")]
Weights = Annotated[str, typer.Option(help="Weights, by name or path.")]
Device = Annotated[str, typer.Option(help="auto, cpu, cuda or mps.")]


def gan(out: Out = Path("."), seed: Seed = 0, count: Count = 1, iterations: Iterations = 64, weights: Weights = "gan",
        device: Device = "auto") -> None:
    """Make strokes of drums, whichever come."""
    from onpu.make.gan import HitOptions

    _strokes("gan", HitOptions(seed, iterations), "stroke", count, out, weights, device)


def cgan(drum: Annotated[str, typer.Option(help="Which: kick, snare, 'closed hi-hat' …; a wrong name lists them.")],
         out: Out = Path("."), seed: Seed = 0, count: Count = 1, iterations: Iterations = 64,
         weights: Weights = "cgan", device: Device = "auto") -> None:
    """Make strokes of a drum."""
    from onpu.make.cgan import DrumKindOptions

    _strokes("cgan", DrumKindOptions(seed, iterations, drum), drum.replace(" ", "-"), count, out, weights, device)


def _strokes(task: str, options: "HitOptions", stem: str, count: int, out: Path, weights: str, device: str) -> None:
    """Make and write so many."""
    from onpu.apps.remake import chosen
    from onpu.formats.audio import write_audio

    trained = chosen(weights, task, device)
    out.mkdir(parents=True, exist_ok=True)
    for seed in range(options.seed, options.seed + count):
        path = out / f"{stem}-{seed}.wav"
        write_audio(path, trained(options=replace(options, seed=seed)))
        typer.echo(str(path))
