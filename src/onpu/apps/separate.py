"""`onpu separate`: recordings taken apart, a file a part."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onpu.apps.recordings import recordings
from onpu.errors import OnpuError

if TYPE_CHECKING:
    import numpy as np

    from onpu.make.stems import StemOptions
    from onpu.maker import TrainedMaker

SAMPLES = {"wav": "FLOAT", "flac": "PCM_24", "mp3": None, "ogg": None}
"""Format -> libsndfile's name of how samples are stored; None: the usual way. Parts may exceed full scale."""


def separate(
    paths: Annotated[list[str], typer.Argument(help="Recordings, folders of them, or patterns.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder; each recording gets one of its own there.")],
    only: Annotated[str, typer.Option(help="Parts that are wanted, with commas: vocals, drums, bass, other; the sum of "
                                           "the others is written as accompaniment. Default: all four.")] = "",
    form: Annotated[str, typer.Option("--format", help="wav (floating-point), flac (24 bit), mp3, ogg.")] = "wav",
    weights: Annotated[str, typer.Option(help="Weights, by name or path.")] = "stems",
    page: Annotated[bool, typer.Option("--page", help="Analyse the recording too, and write a page on which its parts "
                                                      "can be muted and heard alone.")] = False,
    wiener: Annotated[int, typer.Option(min=0, max=5, help="Passes of the Wiener filter (stereo).")] = 0,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda or mps.")] = "auto",
) -> None:
    """Take recordings apart: voice, drums, bass and the rest, at the recording's own rate, which sum to it."""
    from onpu.device import resolve_device
    from onpu.make import load
    from onpu.make.stems import PARTS, StemOptions

    wanted = tuple(name.strip() for name in only.split(",") if name.strip())
    unknown = [name for name in wanted if name not in PARTS]
    if unknown:
        raise OnpuError(f"no part is called {', '.join(unknown)}; there are {', '.join(PARTS)}")
    if form not in SAMPLES:
        raise OnpuError(f"parts are not written as {form}; choose from {', '.join(SAMPLES)}")
    trained = load(weights).to(resolve_device(device))
    if trained.maker.name != "stems":
        raise OnpuError(f"{weights}: weights of {trained.maker.name}, not of stems")
    for recording in recordings(paths, out):
        folder = recording.folder / recording.stem
        folder.mkdir(parents=True, exist_ok=True)
        files = _write(trained, recording.path, folder, wanted, form, StemOptions(wiener))
        if page:
            from onpu.analysis import analyze
            from onpu.formats.report import write_report

            files |= {"page": write_report(analyze(recording.path, device=device), folder / f"{recording.stem}.html",
                                           recording.path, recording.stem, files)[0]}
        for file in files.values():
            typer.echo(str(file))


def _write(trained: "TrainedMaker", path: Path, folder: Path, wanted: tuple[str, ...], form: str, options: "StemOptions"
           ) -> dict[str, Path]:
    """Take one recording apart into files, which appear when all are written; part -> its file."""
    from rich.progress import Progress

    from onpu.formats.audio import open_audio, writing
    from onpu.make.stems import PARTS
    from onpu.make.stems import separate as blocks

    names = [*wanted, "accompaniment"] if wanted and len(wanted) < len(PARTS) else list(PARTS)
    with open_audio(path) as source, ExitStack() as open_files, Progress(transient=True) as bar:
        work = bar.add_task(path.name, total=1.0)
        files = {name: folder / f"{name}.{form}" for name in names}
        sinks = [open_files.enter_context(writing(file, source.rate, source.channels, SAMPLES[form]))
                 for file in files.values()]
        for parts in blocks(trained, source, options, lambda share: bar.update(work, completed=share)):
            for sink, sound in zip(sinks, _chosen(parts, PARTS, names), strict=True):
                sink.write(sound.T)
    return files


def _chosen(parts: "np.ndarray", known: tuple[str, ...], names: list[str]) -> "Iterator[np.ndarray]":
    """The sounds (channels, samples) of these names; `accompaniment`: the sum of what is not among them."""
    for name in names:
        if name in known:
            yield parts[known.index(name)]
        else:
            yield parts[[number for number, part in enumerate(known) if part not in names]].sum(axis=0)
