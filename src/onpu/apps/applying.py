"""What the commands share that apply a trained maker: its weights, flags without effect, a progress bar."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from onpu.apps.flags import flag
from onpu.errors import OnpuError

if TYPE_CHECKING:
    from onpu.analysis.selecting import Tasks
    from onpu.licensing import Licence
    from onpu.maker import TrainedMaker
    from onpu.trained import TrainedListener


def trained_maker(weights: str, task: str, device: str, licence: str) -> "TrainedMaker":
    """The maker with these weights on a device. Raises `OnpuError` when they are another task's, or there are none of
    this licence."""
    from onpu.device import resolve_device
    from onpu.licensing import checked
    from onpu.make import load

    trained = load(weights, checked(licence)).to(resolve_device(device))
    if trained.maker.name != task:
        raise OnpuError(f"{weights}: weights of {trained.maker.name}, not of {task}")
    return trained


def trained_listeners(tasks: "Tasks", device: str, licence: "Licence" = "default") -> "list[TrainedListener]":
    """The listeners of these tasks or weights, with their networks. Raises `OnpuError` as `onpu.analysis.listeners`,
    and for folders of exported models, whose networks cannot be looked into."""
    from onpu.analysis.selecting import listeners, names_of
    from onpu.trained import TrainedListener

    trained = []
    for name, each in zip(names_of(tasks, licence), listeners(tasks, device, licence), strict=True):
        if not isinstance(each, TrainedListener):
            raise OnpuError(f"{name}: exported models; name the task or the weights that they were exported from")
        trained.append(each)
    return trained


def refuse(chosen: Iterable[str], idle: Mapping[str, str]) -> None:
    """Raise `OnpuError` where something is chosen that has no effect. idle: name -> beside what that is so."""
    for name in chosen:
        if name in idle:
            raise OnpuError(f"{flag(name)} has no effect {idle[name]}; leave it out")


def with_progress(name: str, work: Callable[..., Any]) -> Any:
    """What `work(progress=...)` returns, with a progress bar of this name meanwhile."""
    from rich.progress import Progress

    with Progress(transient=True) as bar:
        line = bar.add_task(name, total=1.0)
        return work(progress=lambda share: bar.update(line, completed=share))
