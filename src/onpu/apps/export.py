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
    names: Annotated[list[str] | None, typer.Argument(
        help="Listeners by task, name or path of weights, or stems; with --web by default those of onpu analyze."
    )] = None,
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder; each system gets one of its name in it.",
                                      callback=flags.no_file)]
    = Path("onnx"),
    licence: Annotated[str, typer.Option(help="Which of shipped weights: default or permissive.")] = "default",
    force: Annotated[bool, typer.Option("--force", help="Write over what is there.")] = False,
    web: Annotated[Path | None, typer.Option("--web", help="Write instead a page that analyses in the browser, into "
                                             "this folder, for any host of static files.",
                                             callback=flags.no_file)] = None,
    eight_bits: Annotated[bool, typer.Option("--eight-bits", help="Hold the networks' kernels as integers of eight "
                                                                  "bits, a quarter of their size.")] = False,
) -> None:
    """Write trained systems as ONNX models that take recordings of any length: front end, network, and a JSON file with
    the rate, the frames, the classes of each output and the constants of the decoder. Each model is compared with torch
    before it is kept."""
    if web is not None:
        _export_page(web, names, checked(licence), force, eight_bits)
    elif names:
        _export_models(names, out, checked(licence), force, eight_bits)
    else:
        raise OnpuError("no listener is named; onpu models --kind listener lists them, or write a page with --web DIR")


def _export_page(web: Path, names: list[str] | None, licence: Licence, force: bool, eight_bits: bool) -> None:
    from onpu.export.browser.folder import write_page

    if web.exists() and any(web.iterdir()) and not force:
        raise OnpuError(f"{web}: is there already; choose another folder, or write over it with --force")
    chosen = names or together(licence)
    if "stems" in chosen:
        raise OnpuError("stems: a page takes no recording apart; leave it out")
    write_page(web, lambda models: _export_models(chosen, models, licence, True, eight_bits),
               lambda part: typer.echo(f"fetching {part}"))
    size = sum(path.stat().st_size for path in web.rglob("*") if path.is_file()) / 1e6
    typer.echo(f"{web}: {size:.0f} MB for any host of static files; browsers open it over http alone, such as after "
               f"python -m http.server -d {web}: http://localhost:8000")


def together(licence: Licence) -> list[str]:
    """Names of the listeners that `onpu analyze` uses."""
    from onpu.analysis import usual

    return list(map(str, usual(licence)[0]))


def _export_models(names: list[str], out: Path, licence: Licence, force: bool, eight_bits: bool = False) -> None:
    """Each system into a folder of its name."""
    folders = {name: out / Path(name).stem for name in names}
    for folder in folders.values():
        if folder.exists() and not force:
            raise OnpuError(f"{folder}: is there already; choose another --out, or write over it with --force")
    for name, folder in folders.items():
        files, apart, rounded = with_progress(f"exporting {name}", partial(_exported, name, licence, eight_bits))
        if apart > MOST_APART:
            raise OnpuError(f"{name}: its models answer {apart:.1e} apart from torch; please report this")
        folder.mkdir(parents=True, exist_ok=True)
        for file, content in files.items():
            with replacing(folder / file) as path:
                path.write_bytes(content)
        size = sum(map(len, files.values())) / 2**20
        typer.echo(f"{folder}: {', '.join(files)}; {size:.1f} MiB, within {apart:.0e} of torch"
                   + (f", {rounded:.0e} in eight bits" if eight_bits else ""))


def _exported(name: str, licence: Licence, eight_bits: bool, progress: Callable[[float], None]
              ) -> tuple[dict[str, bytes], float, float]:
    """Files of a system, how far its models are from torch at most, and how far when they are rounded. progress: half
    of it are the models, half is the comparison."""
    from dataclasses import replace

    from onpu.export.decoder_config import description, stems_description
    from onpu.export.eight_bits import in_eight_bits
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
        apart = rounded = farthest(trained, models, CHECKED_SECONDS, compared)
        if eight_bits:
            models = replace(models, network=in_eight_bits(models.network))
            rounded = farthest(trained, models, CHECKED_SECONDS)
        files, told = models.files(), description(trained)
    elif eight_bits:
        raise OnpuError(f"{name}: only networks of listeners are written in eight bits; leave out --eight-bits")
    elif trained.maker.name == stems.MAKER.name:
        model = stems_to_onnx(trained)
        progress(0.5)
        files, told = {"shares.onnx": model}, stems_description()
        apart = rounded = stems_farthest(trained, model, CHECKED_SECONDS, compared)
    else:
        raise OnpuError(f"{name}: only listeners and stems are exported; onpu models --kind listener lists them")
    for file, text in ((DESCRIPTION, told), (CARD, dict(trained.card))):
        files[file] = json.dumps(text, ensure_ascii=False, indent=1).encode()
    return files, apart, rounded
