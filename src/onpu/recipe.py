"""Recipes and options: what a user may set, with its default, once. Flags and cards are derived from the fields."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from functools import cache
from numbers import Integral, Real
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, ClassVar, Union, get_args, get_origin, get_type_hints

from onpu.errors import OnpuError, suggestion

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

OPTIMISERS = ("sgd", "adagrad", "rmsprop", "adam", "adamw")
SCHEDULES = ("constant", "cosine", "plateau", "step")
PRECISIONS = ("32-true", "bf16-mixed", "16-mixed")
NO_OPTIONS: Any = None
"""Options of a task that has none."""
MAX_WHOLE = 2**31 - 1
"""Largest whole number of any setting."""
KINDS: dict[object, tuple[type, str, str]] = {
    bool: (bool, "of true or false", "true or false"), int: (Integral, "whole numbers", "a whole number"),
    float: (Real, "numbers", "a number"), str: (str, "words", "a word")}
"""Type of a field -> what a value must be, and what several of them and one are called."""

_INTERVAL = re.compile(r"([\[(])(\S+), (\S+)([\])])")


def setting(default: object, text: str, interval: str = "") -> Any:
    """A field of a recipe or of options: its default, and the text that the command line shows for it.

    interval: in which its number, or each of its numbers, must lie, as in "[0, 1)". Where none is named a number is 0
    or more, and a whole number 1 or more, or not below its default where that is lower.
    """
    return field(default=default, metadata={"help": text, "interval": interval})


def choice(default: str, choices: Iterable[str], text: str) -> Any:
    """A field whose value is one of these; the help text lists them, and `check_settings` refuses any other."""
    names = tuple(choices)
    return field(default=default, metadata={"help": f"{text}: {', '.join(names)}", "choices": names})


def check_settings(settings: "DataclassInstance") -> None:
    """Raise `OnpuError` where a field of a recipe or of options, a dataclass, has a value of another type than the
    field's, none of its choices, or a number that is not finite or outside its interval."""
    hints = _hints(type(settings))
    for each in fields(settings):
        if "help" not in each.metadata:
            continue
        value, choices = getattr(settings, each.name), each.metadata.get("choices")
        if choices is not None and value not in choices:
            raise OnpuError(f"{value}: no such {each.name.replace('_', ' ')}; {suggestion(value, choices)}")
        _check(each.name, value, hints[each.name], each.metadata.get("interval", ""), each.default)


@cache
def _hints(kind: type) -> dict[str, object]:
    return get_type_hints(kind)


def _check(name: str, value: object, hint: object, interval: str, default: object) -> None:
    """Raise where a value is not as its field wants it."""
    if get_origin(hint) in (Union, UnionType):
        if value is None and NoneType in get_args(hint):
            return
        hint = next(one for one in get_args(hint) if one is not NoneType)
    if get_origin(hint) is not tuple:
        if hint in KINDS:
            _check_one(name, value, hint, interval, default)
        return
    parts = get_args(hint)
    kind, count = parts[0], None if parts[-1] is Ellipsis else len(parts)
    if not isinstance(value, tuple | list) or count not in (None, len(value)):
        raise OnpuError(f"{name} is {value!r}; give {'' if count is None else f'{count} '}{KINDS[kind][1]}")
    lowest = min(default) if isinstance(default, tuple) and default else None
    for one in value:
        _check_one(name, one, kind, interval, lowest)


def _check_one(name: str, value: object, kind: object, interval: str, default: object) -> None:
    wanted, _, called = KINDS[kind]
    if not isinstance(value, wanted) or (kind is not bool and isinstance(value, bool)):
        raise OnpuError(f"{name} is {value!r}; give {called}")
    if kind not in (int, float):
        return
    assert isinstance(value, Real)
    number = float(value)
    least = min(1 if kind is int else 0, default) if isinstance(default, int | float) else int(kind is int)
    opening, low, high, closing = _parts(interval or f"[{least:g}, inf)")
    if not math.isfinite(number):
        raise OnpuError(f"{name} is {number:g}; give a finite number")
    if not low <= number <= high or number in ((low,) * (opening == "(") + (high,) * (
            closing == ")")):
        raise OnpuError(f"{name} is {value if kind is int else f'{number:g}'}; give a number "
                        f"{_in_words(opening, low, high, closing)}")
    if kind is int and abs(number) > MAX_WHOLE:
        raise OnpuError(f"{name} is {value}; give a number up to {MAX_WHOLE}")


def _parts(interval: str) -> tuple[str, float, float, str]:
    found = _INTERVAL.fullmatch(interval)
    assert found is not None, f"{interval} is no interval"
    return found[1], float(found[2]), float(found[3]), found[4]


def _in_words(opening: str, low: float, high: float, closing: str) -> str:
    """An interval as messages say it: `from 0 to below 1`."""
    if high == math.inf:
        if low == -math.inf:
            return "that is finite"
        return f"of {low:g} or more" if opening == "[" else f"above {low:g}"
    if opening == "[":
        return f"from {low:g} to {high:g}" if closing == "]" else f"from {low:g} to below {high:g}"
    return f"above {low:g} and up to {high:g}" if closing == "]" else f"above {low:g} and below {high:g}"


@dataclass(frozen=True)
class Options:
    """What the user may choose when a trained system is applied; a task adds its own in a subclass. Flags are derived
    from the fields that have a help text; the others are filled by other listeners, by files, or from Python."""

    def __post_init__(self) -> None:
        check_settings(self)


@dataclass(frozen=True)
class Recipe:
    """What every training needs to be told; a task adds its own in a subclass. Flags are derived from the fields.

    A task with several networks has a field `network`, a `choice` among them; a task with one has none.

    RENAMED: the name by which older cards know a field -> its name today; those of base classes hold as well.
    """

    RENAMED: ClassVar[dict[str, str]] = {"momentum": "beta1", "grow": "batch_growth", "clip": "gradient_clip",
                                         "average": "ema_decay"}

    optimiser: str = choice("adamw", OPTIMISERS, "optimiser")
    learning_rate: float = setting(1e-3, "peak learning rate")
    momentum: float = setting(0.0, "momentum of sgd and rmsprop; 0: none", "[0, 1)")
    momentum_start: float = setting(0.0, "momentum before momentum_ramp begins", "[0, 1)")
    momentum_ramp: tuple[int, int] = setting((0, 0), "steps between which momentum rises linearly to its full value")
    nesterov: bool = setting(False, "sgd: Nesterov's momentum")
    beta1: float = setting(0.9, "decay of the first moment in adam and adamw", "[0, 1)")
    beta2: float = setting(0.999, "decay of the second moment in adam and adamw", "[0, 1)")
    rms_decay: float = setting(0.9, "decay of the mean square in rmsprop", "[0, 1)")
    weight_decay: float = setting(1e-4, "adamw: decoupled weight decay; the others: L2 penalty, whose gradient is this "
                                        "times the weight; on matrices and kernels only")
    l1_penalty: float = setting(0.0, "weight of the L1 penalty, whose gradient is this times the weight's sign; on "
                                     "matrices and kernels only")
    schedule: str = choice("cosine", SCHEDULES, "learning-rate schedule")
    warmup: int = setting(200, "steps of linear learning-rate warm-up", "[0, inf)")
    lr_decay: float = setting(
        0.1, "factor of the learning rate at each fall of the schedules step and plateau", "(0, 1]")
    lr_decay_steps: int = setting(1000, "steps from one fall to the next in the schedule step")
    lr_patience: int = setting(5, "epochs without a better validation score before plateau lowers the rate", "[0, inf)")
    lr_floor: float = setting(0.0, "lowest learning rate of the schedule, as a share of the peak", "[0, 1]")
    batch: int = setting(8, "batch size, over all devices together")
    batch_growth: int = setting(1, "batch growth: the largest factor by which the batch grows where else the "
                                   "learning rate would fall; 1: none")
    steps: int = setting(200, "training steps per epoch, after which the network is validated and the state saved")
    epochs: int = setting(50, "largest number of epochs")
    minutes: float = setting(0.0, "time budget in minutes, over which the learning rate falls; 0: none")
    patience: int = setting(12, "epochs without a better validation score before training stops", "[0, inf)")
    gradient_clip: float = setting(1.0, "gradient norm limit; 0: no clipping")
    ema_decay: float = setting(0.999, "decay of the exponential moving average of the weights, which is what is kept; "
                                      "0: no average", "[0, 1)")
    seed: int = setting(1, "random seed of initial weights, dropout, examples and augmentation", "[0, inf)")
    precision: str = choice("32-true", PRECISIONS, "precision of the arithmetic")
    workers: int = setting(1, "processes that prepare examples; 0: the training process does", "[0, inf)")

    def __post_init__(self) -> None:
        check_settings(self)
        if self.optimiser == "sgd" and self.nesterov and not self.momentum:
            raise OnpuError("Nesterov's momentum needs a momentum above 0; set momentum, such as 0.9")
        if self.momentum_ramp[0] > self.momentum_ramp[1]:
            raise OnpuError("momentum_ramp is not two steps in order; give the one where momentum begins to rise, and "
                            "the one where it has its full value")
