"""What the commands share that make a recording of a recording: `onpu convert`, `onpu enhance`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from onpu.errors import OnpuError

if TYPE_CHECKING:
    from onpu.maker import TrainedMaker


def chosen(weights: str, task: str, device: str) -> "TrainedMaker":
    """The maker with these weights on a device. Raises `OnpuError` when they are another task's."""
    from onpu.device import resolve_device
    from onpu.make import load

    trained = load(weights).to(resolve_device(device))
    if trained.maker.name != task:
        raise OnpuError(f"{weights}: weights of {trained.maker.name}, not of {task}")
    return trained


def write_remade(trained: "TrainedMaker", source: Path, out: Path, options: Any, page: Path | None, names: tuple[str, str]
                 ) -> None:
    """Write what the maker makes of a recording, and, if a page is wanted, both of those names on it."""
    from rich.progress import Progress

    from onpu.formats.audio import write_audio
    from onpu.formats.comparison import write_comparison

    if out.exists() and out.samefile(source):
        raise OnpuError(f"{out}: is the recording itself; name another file with --out")
    with Progress(transient=True) as bar:
        work = bar.add_task(source.name, total=1.0)
        audio = trained(source, options=options, progress=lambda share: bar.update(work, completed=share))
    out.parent.mkdir(parents=True, exist_ok=True)
    write_audio(out, audio)
    if page is not None:
        write_comparison(page, dict(zip(names, (source, out), strict=True)), f"{source.stem}: {names[1]}")
