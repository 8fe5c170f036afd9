"""A list of layers whose kind type checkers know."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Generic, TypeVar, overload

from torch import nn

Kind = TypeVar("Kind", bound=nn.Module)


class TypedModuleList(nn.ModuleList, Generic[Kind]):
    """`torch.nn.ModuleList`, which itself says of its layers only that they are modules."""

    if TYPE_CHECKING:
        def __init__(self, modules: Iterable[Kind]) -> None: ...

        def __iter__(self) -> Iterator[Kind]: ...

        @overload
        def __getitem__(self, index: slice) -> "TypedModuleList[Kind]": ...

        @overload
        def __getitem__(self, index: int) -> Kind: ...

        def __getitem__(self, index: int | slice) -> "Kind | TypedModuleList[Kind]": ...
