"""`onpu export`: trained systems as ONNX models, with what a decoder needs to know."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from onpu.apps import flags
from onpu.apps.applying import with_progress
from onpu.errors import OnpuError
from onpu.files import replacing
from onpu.licensing import Licence, checked

CHECKED_SECONDS = (0.05, 1.0, 4.2, 11.0, 31.0)
"""Lengths of the sounds on which the models are compared with torch."""
MOST_APART = 1e-4
"""That activations may be."""


def export(
    names: Annotated[list[str], typer.Argument(help="Listeners by task, name or path of weights, or stems.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder; each system gets one of its name in it.",
                                      callback=flags.no_file)]
    = Path("onnx"),
    licence: Annotated[str, typer.Option(help="Which of shipped weights: default or permissive.")] = "default",
    force: Annotated[bool, typer.Option("--force", help="Write over what is there.")] = False,
) -> None:
    """Write trained systems as ONNX models that take recordings of any length: front end, network, and a JSON file with
    the rate, the frames, the classes of each output and the constants of the decoder. Each model is compared with torch
    before it is kept."""
    folders = {name: out / Path(name).stem for name in names}
    for folder in folders.values():
        if folder.exists() and not force:
            raise OnpuError(f"{folder}: is there already; choose another --out, or write over it with --force")
    for name, folder in folders.items():
        files, apart = with_progress(f"exporting {name}", partial(_exported, name, checked(licence)))
        if apart > MOST_APART:
            raise OnpuError(f"{name}: its models answer {apart:.1e} apart from torch; please report this")
        folder.mkdir(parents=True, exist_ok=True)
        for file, content in files.items():
            with replacing(folder / file) as path:
                path.write_bytes(content)
        size = sum(map(len, files.values())) / 2**20
        typer.echo(f"{folder}: {', '.join(files)}; {size:.1f} MiB, within {apart:.0e} of torch")


def _exported(name: str, licence: Licence, progress: Callable[[float], None]) -> tuple[dict[str, bytes], float]:
    """Files of a system, and how far its models are from torch at most. progress: half of it are the models, half is
    the comparison."""
    from onpu.export.decoder_config import description, stems_description
    from onpu.export.systems import farthest, listener_to_onnx, stems_farthest, stems_to_onnx
    from onpu.exported import CARD, DESCRIPTION
    from onpu.loading import load
    from onpu.make import stems
    from onpu.trained import TrainedListener

    trained = load(name, "cpu", licence=licence, precision="float32")

    def compared(share: float) -> None:
        progress((1 + share) / 2)

    if isinstance(trained, TrainedListener):
        models = listener_to_onnx(trained, lambda share: progress(share / 2))
        files, told = models.files(), description(trained)
        apart = farthest(trained, models, CHECKED_SECONDS, compared)
    elif trained.maker.name == stems.MAKER.name:
        model = stems_to_onnx(trained)
        progress(0.5)
        files, told = {"shares.onnx": model}, stems_description()
        apart = stems_farthest(trained, model, CHECKED_SECONDS, compared)
    else:
        raise OnpuError(f"{name}: only listeners and stems are exported; onpu models --kind listener lists them")
    for file, text in ((DESCRIPTION, told), (CARD, dict(trained.card))):
        files[file] = json.dumps(text, ensure_ascii=False, indent=1).encode()
    return files, apart
