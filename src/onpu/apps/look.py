"""`onpu look`: what a listener's network looks at in a recording, as a page and as sound."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onpu.apps import flags
from onpu.apps.recordings import InputFile, recordings
from onpu.errors import OnpuError

if TYPE_CHECKING:
    import numpy as np


def look(
    task: Annotated[str, typer.Argument(help="A listener: a task or weights, as `onpu models` lists them.")],
    files: Annotated[list[str], typer.Argument(help="Recordings, folders or patterns, as of analyze.")],
    layer: Annotated[int | None, typer.Option(help="Layer, from 1 on; default: the last that leads back.")] = None,
    map: Annotated[int | None, typer.Option("--map", help="Map of the layer, from 0 on; default: the three that speak "
                                            "most for the decision.")] = None,
    head: Annotated[str | None, typer.Option(help="Output that is explained; default: the first.")] = None,
    number: Annotated[int | None, typer.Option("--class", help="One class of the output; default: all.")] = None,
    start: Annotated[float, typer.Option(help="Second at which the excerpt begins.")] = 0.0,
    seconds: Annotated[float, typer.Option(help="Length of the excerpt.")] = 20.0,
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the files.", callback=flags.no_file)] = Path("."),
    licence: Annotated[str, typer.Option(help="default or permissive, as of analyze.")] = "default",
) -> None:
    """Look and listen into a network: its kernels, what excites its maps, what its decision rests on, and whether that
    is the cause."""
    from onpu.licensing import checked
    from onpu.loading import load
    from onpu.look import look as seen_in
    from onpu.look import write_page
    from onpu.trained import TrainedListener

    trained = load(task, "cpu", licence=checked(licence))
    if not isinstance(trained, TrainedListener):
        raise OnpuError(f"{task}: makes something and listens to nothing; name a listener")
    for item in recordings(files, out):
        seen = seen_in(trained, item.path, layer=layer, map=map, head=head, number=number, start=start, seconds=seconds)
        item.folder.mkdir(parents=True, exist_ok=True)
        typer.echo(str(write_page(seen, item.folder / f"{item.stem}.{task}-look.html", item.path.name)))
        sounds = {"decision": seen.because, "rest": seen.rest} | {
            f"layer{one.layer.number}-map{one.number}": one.shown for one in seen.maps}
        for name, sound in sounds.items():
            if sound is not None:
                typer.echo(str(_written(item, f"{task}-{name}", sound, seen.rate)))


def _written(item: InputFile, name: str, sound: "np.ndarray", rate: int) -> Path:
    from onpu.formats.audio import write_audio
    from onpu.music import Audio

    path = item.folder / f"{item.stem}.{name}.wav"
    write_audio(path, Audio(sound[None], rate))
    return path
