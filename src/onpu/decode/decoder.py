"""What a task says of its decoding: all that is needed once a network has answered, without torch.

`onpu.decode.tasks` has one a task; a `Listener` of `onpu.listen` is a decoder and all that learns.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

import numpy as np

from onpu.music import Clock
from onpu.recipe import NO_OPTIONS

O = TypeVar("O")  # noqa: E741


@dataclass(frozen=True, kw_only=True)
class Decoder(Generic[O]):
    """The half of a listening task that makes music of activations.

    A head of activations is (frames,) or (classes, frames), or, when it is named in `pooled`, (classes,) for the
    recording as a whole, each in [0, 1].

    name: of the task and of its modules in `decode/tasks/` and `listen/`. title: one line for tables. paper: citation.
    label: the field of `Timeline` that a call returns. fields: all fields that decoding fills, `label` among them.
    decode: (activations without the batch axis, clock, options) -> name -> value, for all of `fields`.
    options: the decoder's options with their defaults, a frozen dataclass; None where there are none.
    pooled: names of the heads that have one value a recording.
    weights: name of the task whose weights this one uses; empty: its own.
    default: whether `analyze` runs it unasked; not where another task finds the same better.
    shipped: names of its weights that `analyze` uses when the task is named or none is; empty: those named after it.
    telling: (words that the network tells) -> the decoder of these; None where what is told apart is settled.
    """

    name: str
    title: str
    paper: str
    label: str
    fields: tuple[str, ...]
    decode: Callable[[Mapping[str, np.ndarray], Clock, O], Mapping[str, Any]]
    options: O = NO_OPTIONS
    pooled: tuple[str, ...] = ()
    weights: str = ""
    default: bool = True
    shipped: tuple[str, ...] = ()
    telling: "Callable[[tuple[str, ...]], Decoder[O]] | None" = None


AnyDecoder: TypeAlias = Decoder[Any]
"""Whatever its options are."""
