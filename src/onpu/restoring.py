"""A recipe and a network read back from the card of weights, for listeners and makers alike.

A card holds the recipe of a training and the network that came of it. They are not equally binding. The recipe may be
older than this version: fields that it lacks take their value from the network's arguments or their default, renamed
ones are found under their new names, and those that are gone are left out. The network must be the one that was
trained: its class, its arguments and its tensors are compared.
"""

import inspect
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import MISSING, fields
from typing import Any, TypeVar

from torch import Tensor, nn
from torch.nn.modules.module import (
    register_module_buffer_registration_hook,
    register_module_parameter_registration_hook,
)

from onpu.errors import OnpuError, WeightsError
from onpu.files import Json
from onpu.recipe import Recipe

Card = Mapping[str, Any]
LARGER = 16
"""How many times as large as the tensors of its weights a network may be before they are loaded; makers have others
beside the one that is kept."""
LEAST_TENSORS, LEAST_NUMBERS = 10_000, 2 * 10**7
"""What a network may have in any case."""
R = TypeVar("R", bound=Recipe)


def recipe_from_card(recipes: Mapping[str, R], card: Card) -> R:
    """The recipe on a card, as one of a task that has these recipes.

    A field of the task's own that the card lacks is younger than the weights: where an argument of the network has its
    name, the value is that argument's, else the field's default. Raises `WeightsError` when a value is refused today.
    """
    kind = type(next(iter(recipes.values())))
    known = {field.name: field.default for field in fields(kind)}
    values = {name: card["network"][name] for name in known.keys() - {field.name for field in fields(Recipe)}
              if name in card["network"]}
    values |= {name: value for name, value in current(kind, card["recipe"]).items() if name in known}
    try:
        return kind(**{name: _as_field(name, value, known[name]) for name, value in values.items()})
    except (OnpuError, TypeError) as error:
        raise WeightsError(f"the recipe of these weights of {card['task']} (onpu {card['onpu']}) holds what this "
                           f"version does not know: {error}") from error


@contextmanager
def within(tensors: Mapping[str, Tensor], card: Card) -> Iterator[None]:
    """While a network is built for these tensors: raise `WeightsError` as soon as it is far larger than they are, which
    is before its memory is used (parameters are registered before they are initialised), or cannot be built. What a
    card says of sizes need not be true."""
    task, left = card["task"], [max(LEAST_TENSORS, LARGER * len(tensors)),
                                max(LEAST_NUMBERS, LARGER * sum(tensor.numel() for tensor in tensors.values()))]

    def count(module: nn.Module, name: str, tensor: Tensor | None) -> None:
        left[0] -= 1
        left[1] -= tensor.numel() if tensor is not None else 0
        if min(left) < 0:
            raise WeightsError(f"the network on the card of these weights of {task} is far larger than they are; fetch "
                               "or train them again")

    hooks = register_module_parameter_registration_hook(count), register_module_buffer_registration_hook(count)
    try:
        yield
    except (ValueError, RuntimeError, TypeError, ArithmeticError, LookupError, AssertionError, MemoryError) as error:
        raise WeightsError(f"the network on the card of these weights of {task} cannot be built "
                           f"({' '.join(str(error).split())[:200]}); fetch or train them again") from error
    finally:
        for hook in hooks:
            hook.remove()


def load_network(network: nn.Module, tensors: Mapping[str, Tensor], card: Card) -> None:
    """Load the tensors that belong to a card into an untrained network. Raises `WeightsError` when it is another
    network than the one on the card."""
    then, now = dict(card["network"]), network_entry(network)
    given = {"class": then.pop("class", "")} | current(type(network), then)
    changed = [f"its {name} is {_said(value)} on the card and {_said(now[name]) if name in now else 'unknown'} here"
               for name, value in given.items() if name not in now or _plain(now[name]) != _plain(value)]
    if not changed:
        try:
            network.load_state_dict(dict(tensors), strict=True)
            return
        except RuntimeError as error:
            changed = [" ".join(str(error).split())[:200]]
    raise WeightsError(f"the network of these weights of {card['task']} (onpu {card['onpu']}) is another one than this "
                       f"version builds: {'; '.join(changed)}; use that version or train them again")


def network_entry(network: nn.Module) -> Json:
    """A network as cards describe it: its class, and the constructor's arguments, which modules keep under their
    names."""
    names = list(inspect.signature(type(network).__init__).parameters)[1:]
    return {"class": type(network).__name__} | {name: getattr(network, name) for name in names
                                                if hasattr(network, name)}


def current(kind: type, values: Mapping[str, Any]) -> Json:
    """The values under the names that a class has for them today, by its `RENAMED` and those of its bases; an old name
    that is there beside the new one is a field of its own."""
    renamed = {old: new for base in reversed(kind.__mro__) for old, new in vars(base).get("RENAMED", {}).items()
               if new not in values}
    return {renamed.get(name, name): value for name, value in values.items()}


def _as_field(name: str, value: object, default: object) -> Any:
    """A value of a card, where tuples are lists and a number may have been another kind of number."""
    if isinstance(value, list):
        value = tuple(value)
    elif type(default) is int and isinstance(value, float) and value.is_integer():
        value = int(value)
    elif type(default) is float and type(value) is int:
        value = float(value)
    if default is not MISSING and type(value) is not type(default):
        raise TypeError(f"{name} is {_said(value)}, and should be like {_said(default)}")
    return value


def _plain(value: object) -> Any:
    """A value as it is after a way through JSON."""
    return json.loads(json.dumps(value))


def _said(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def network_in_words(network: nn.Module) -> str:
    """Class, size and device of a network: `BeatTcn with 72,434 parameters on cpu`."""
    parameters = list(network.parameters())
    count = sum(parameter.numel() for parameter in parameters)
    return f"{type(network).__name__} with {count:,} parameters on {parameters[0].device}"
