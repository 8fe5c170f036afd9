"""How long a call takes."""

import time
from collections.abc import Callable
from typing import NamedTuple, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Spent(NamedTuple):
    """seconds: on the wall. processor: seconds of all cores together, the fairer figure on a busy machine."""

    seconds: float
    processor: float


def timed(call: Callable[P, T], *arguments: P.args, **options: P.kwargs) -> tuple[T, Spent]:
    """What the call returns, and what it took."""
    wall, processor = time.perf_counter(), time.process_time()
    result = call(*arguments, **options)
    return result, Spent(time.perf_counter() - wall, time.process_time() - processor)
