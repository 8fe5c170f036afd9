"""Which listeners hear a recording, and what they are told of it before."""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from onpu import exported
from onpu.called import AnyHearing
from onpu.decode.decoder import AnyDecoder
from onpu.decode.tasks import decoders as known
from onpu.decode.tasks import default_weights
from onpu.device import Device, resolve_device
from onpu.errors import OnpuError, WeightsError, suggestion
from onpu.files import Json
from onpu.inference import sessions
from onpu.inference.precision import Precision, checked_precision
from onpu.licensing import Licence, checked
from onpu.weight_store import learned_in

if TYPE_CHECKING:
    from onpu.trained import TrainedListener

log = logging.getLogger(__name__)

Tasks: TypeAlias = str | Path | Sequence[str | Path]
"""Tasks or weights, by name or path, or a folder of weights that were learned from corrections: one or several."""


def listeners(tasks: Tasks | None, device: Device, licence: Licence = "default",
              precision: Precision = "auto") -> list[AnyHearing]:
    """The trained listeners of these tasks or weights (None: of every task), loaded once a process.

    Raises
    ------
    OnpuError
        When weights, or such of that licence, the device or the precision are not to be had.
    """
    checked_precision(precision)
    names = names_of(tasks, licence)
    by_onnx = [name for name in names if exported.is_exported(name)]
    if len(by_onnx) not in (0, len(names)):
        raise OnpuError(f"{by_onnx[0]}: an exported listener, which cannot listen beside those of torch; name one kind")
    if by_onnx:
        if str(device) not in ("auto", "cpu") or precision == "bfloat16":
            raise OnpuError("exported listeners compute on the CPU in float32; leave out device and precision")
        return [exported.load(name, licence) for name in names]
    where = resolve_device(device)
    return [replace(_loaded(name, where, licence), precision=precision) for name in names]


def names_of(tasks: Tasks | None, licence: Licence) -> list[str | Path]:
    """The names of the weights that these tasks or weights stand for (None: of every task); a folder of learned weights
    (`onpu.weight_store`), or a library that has one, stands for every task, by its own weights where some are
    in use. Raises as `listeners`."""
    if tasks is not None and not isinstance(tasks, Iterable | Path):
        raise OnpuError(f"tasks is {tasks!r}; give names of tasks or weights, one or several")
    wanted = [tasks] if isinstance(tasks, str | Path) else tasks
    names, missing = usual(licence) if wanted is None else ([], [])
    for task in wanted or ():
        learned = learned_in(task) if isinstance(task, str | Path) else None
        if learned is None:
            names += _named(task)
            continue
        shipped, missing = usual(licence)
        own = learned.in_use()
        names += [own.get(str(name), name) for name in shipped]
    if missing:
        log.warning(without(missing, licence))
    if not names:
        raise OnpuError("there is nothing to listen for: no task is named" if wanted is not None else
                        f"no {licence} weights are shipped with this copy of onpu; name your own: --tasks PATH")
    return names


def usual(licence: Licence) -> tuple[list[str | Path], list[str]]:
    """The weights that are used where no task is named, and the tasks that lack weights of that licence.

    Raises
    ------
    OnpuError
        When the licence is neither default nor permissive.
    """
    there, found, missing = set(exported.shipped()), list[str | Path](), list[str]()
    find: Callable[[str, Licence], Path] = exported.find
    tasks: Iterable[AnyDecoder] = known().values()
    if not there:
        from onpu.listen import tasks as listening
        from onpu.weights import find, models

        there, tasks = set(models()), listening().values()
    checked(licence)
    for task in tasks:
        names = [name for name in default_weights(task) if name in there] if task.default and not task.weights else []
        try:
            found += [name for name in names if find(name, licence)]
        except WeightsError:
            missing.append(task.name)
    return found, missing


def without(missing: Sequence[str], licence: Licence) -> str:
    """What is told where tasks are left out for their licence."""
    return f"left out: {', '.join(missing)}, which have no {licence} weights; licence default finds them"


def _named(name: str | Path) -> tuple[str | Path, ...]:
    """The weights that a name stands for; a task with one set of weights stands for itself."""
    task = known().get(str(name))
    return task.shipped if task is not None and task.shipped else (name,)


def possible(chosen: Sequence[AnyHearing], wishes: Json) -> Json:
    """The wishes of which a listener knows."""
    names = {f.name for trained in chosen if trained.decoder.options is not None
             for f in fields(trained.decoder.options)}
    return {name: value for name, value in wishes.items() if name in names}


def wished(options: Mapping[str, object] | None) -> Json:
    """The options that the user has set. Raises `OnpuError` when they are no names with values."""
    if not isinstance(options, Mapping | None):
        raise OnpuError(f"options is {options!r}; give a dict, name -> value, such as {{'metres': (3, 4)}}")
    return dict(options or {})


def resolve_options(chosen: Sequence[AnyHearing], options: Json) -> list[Any]:
    """Each listener's decoding options, with what `options` says of them; None for a listener that has none.

    Raises
    ------
    OnpuError
        When no listener knows an option.
    """
    own = [trained.decoder.options for trained in chosen]
    known = sorted({f.name for each in own if each is not None for f in fields(each)})
    for name in options:
        if name not in known:
            raise OnpuError(f"no listener has an option {name}; {suggestion(name, known)}")
    return [each if each is None else _changed(each, options) for each in own]


def _changed(default: Any, options: Json) -> Any:
    """The options with their new values; None inside a tuple keeps what stands there."""
    values = {}
    for name in {f.name for f in fields(default)} & set(options):
        value = options[name]
        before = getattr(default, name)
        if isinstance(value, tuple) and isinstance(before, tuple) and any(one is None for one in value):
            if len(value) != len(before):
                raise OnpuError(f"{name} is {value}; give {len(before)} values, None for those that stay")
            value = tuple(old if new is None else new for new, old in zip(value, before, strict=True))
        values[name] = value
    return replace(default, **values)


def limit_threads(count: int) -> None:
    """Let the networks of this process compute on so many threads."""
    sessions.limit_threads(count)
    if not exported.shipped():
        import torch

        torch.set_num_threads(count)


@lru_cache(maxsize=32)
def _loaded(name: str | Path, where: str, licence: Licence) -> "TrainedListener":
    from onpu.listen import load

    return load(name, licence).to(where)
