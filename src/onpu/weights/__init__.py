"""Weights and their cards: NAME.safetensors, whose header says in JSON what they are and what one may do with them.

A card has exactly the entries of `CARD`. Reading one reads the header only; loading checks the hash of the tensors.
Loading never runs code from the file. Kernels may be held in fewer bits than they are computed with: see
`onpu.weights.storage`.
"""

import json
import os
from collections.abc import Collection, Iterable, Mapping
from hashlib import sha256
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from onpu.errors import WeightsError, suggestion
from onpu.files import Json, replacing
from onpu.licensing import PERMISSIVE_LICENCE, Licence, checked
from onpu.weights.storage import kernels_of, packed, unpacked

FOLDER = Path(__file__).parent
"""Where the shipped weights lie."""
PERMISSIVE_SUFFIX = "-permissive"
"""What the name of permissive weights adds to that of the default ones beside which they are shipped."""

Card = Json
MOST_NUMBERS = 10**9
"""In weights that are read."""
LARGEST_NUMBER = 8
"""Bytes."""

CARD: Mapping[str, type | tuple[type, ...]] = {
    "task": str,  # name of the task
    "network": dict,  # class and constructor arguments
    "features": dict,  # class, rate, hop, channels, bins; fingerprint: see onpu.inference.streaming
    "recipe": dict,  # all fields of the recipe
    "data": list,  # one description a training corpus, with seeds, count, licence, commercial_use; credits
    "validation": dict,  # the same of what chose these weights
    "licence": str,  # of the weights
    "commercial_use": bool,
    "paper": str,
    "scores": list,  # {data, measure, mean, low, high, items, tool}, low and high: 95 % confidence interval of the mean
    "trained": dict,  # epoch, steps, minutes, score, parent: hash of the weights that were fine-tuned, or ""
    "onpu": str,  # version
    "command": str,  # that made the file
    "storage": dict,  # kernels: float32, float16 or int8; before: hash of the weights that were rounded to it, if any
    "sha256": str,  # of all tensors as they are held, in the order of their names
}


def write_weights(path: str | Path, tensors: Mapping[str, Tensor], card: Card, kernels: str = "float32") -> None:
    """Store tensors with their card, to which the hash, and in `storage` what kernels are held as, are added.

    kernels: float32, float16 or int8, which is what tensors of two or more dimensions are rounded to in the file.
    Raises `WeightsError` when an entry is missing, or when kernels cannot be held so.
    """
    stored = {name: tensor.contiguous() for name, tensor in
              packed({name: tensor.detach().cpu() for name, tensor in tensors.items()}, kernels).items()}
    storage = {**card.get("storage", {}), "kernels": kernels}
    complete = _check(Path(path), card | {"storage": storage, "sha256": digest(stored)})
    with replacing(path) as temporary:
        save_file(stored, temporary, {"onpu": json.dumps(complete, ensure_ascii=False)})


def round_weights(path: str | Path, target: str | Path, kernels: str) -> None:
    """Write a copy of weights with their kernels held as float32, float16 or int8; its card says of which weights.
    Raises `WeightsError` as `read_weights` and `write_weights` do."""
    tensors, card = read_weights(path)
    before = card["storage"].get("before", card["sha256"])
    write_weights(target, tensors, card | {"storage": {"before": before}}, kernels)


def read_card(path: str | Path) -> Card:
    """The card alone. Raises `WeightsError` when the file is missing, damaged, not onpu's or its card incomplete."""
    with _opened(Path(path)) as stored:
        return _card(Path(path), stored)


def read_weights(path: str | Path) -> tuple[dict[str, Tensor], Card]:
    """Tensors, their kernels as float32, and card. Raises `WeightsError` as `read_card` does, and when a tensor is not
    what it was when stored."""
    path = Path(path)
    with _opened(path) as stored:
        card = _card(path, stored)
        _check_size(path, [stored.get_slice(name).get_shape() for name in stored.keys()])
        tensors = {name: stored.get_tensor(name) for name in stored.keys()}
    if digest(tensors) != card["sha256"]:
        raise WeightsError(f"{path}: damaged (its hash is not the one on its card); fetch or train it again")
    try:
        return unpacked(tensors), card
    except KeyError as error:
        raise WeightsError(f"{path}: lacks {error}, so its int8 kernels mean nothing; fetch it again") from error


def find(name: str | Path, licence: Licence = "default", known: Collection[str] = ()) -> Path:
    """The file of shipped weights, or a path as it is.

    licence: which of the two where there are two; where there is one, and it is permissive, it serves for both. known:
    names that the caller takes beside those of the shipped weights, for suggestions. Raises `WeightsError` that
    proposes names, or when there are no permissive weights of that name.
    """
    default = _file(name, known)
    if checked(licence) == "default" or permissive(read_card(default)):
        return default
    beside = default.with_stem(default.stem + PERMISSIVE_SUFFIX)
    if default.parent == FOLDER and beside.is_file():
        return beside
    card = read_card(default)
    task = card["task"] if str(name) == card["task"] else f"{name} (task {card['task']})"
    offered = card["licence"].partition(",")[0]
    raise WeightsError(f"{task}: there are no permissive weights, only such under {offered}; choose licence default, "
                       f"leave {card['task']} out, or train it on permissive sources")


def permissive(card: Card) -> bool:
    """Whether weights learned from composed music and sources that ask for credit at most."""
    return bool(card["commercial_use"]) and card["licence"] == PERMISSIVE_LICENCE


def choices(name: str) -> tuple[Licence, ...]:
    """By which licences shipped weights are chosen, under the name that two share or their own."""
    known: tuple[Licence, ...] = ("default", "permissive")
    if name.endswith(PERMISSIVE_SUFFIX):
        return known[1:]
    return known if permissive(read_card(FOLDER / f"{name}.safetensors")) else known[:1]


def _file(name: str | Path, known: Collection[str]) -> Path:
    if not isinstance(name, str | os.PathLike):
        raise WeightsError(f"{name!r} names no weights; give a task, a name that onpu models lists, or a path")
    shipped, path = FOLDER / f"{name}.safetensors", Path(name)
    try:
        if shipped.parent == FOLDER and shipped.is_file():
            return shipped
        if path.is_file():
            return path
        if name and path.is_dir():
            raise WeightsError(f"{name}: a folder, not weights; name the file, such as {path / 'best.safetensors'}")
    except OSError as error:  # a name that is too long, a folder that nobody may look into
        raise WeightsError(f"{str(name)[:100]}: cannot be opened ({error.strerror}); check the path") from error
    if name in known:
        raise WeightsError(f"{name}: no weights of it are shipped; train some (onpu train {name}) and give their path")
    names = dict.fromkeys((*known, *(path.stem for path in sorted(FOLDER.glob("*.safetensors")))))
    proposed = suggestion(name, names, listed_by="onpu models")
    raise WeightsError(f"{name}: neither shipped weights nor a file; {proposed}")


def models() -> dict[str, Card]:
    """Name -> card of all shipped weights, without their tensors; `bytes` is added: the size of the file."""
    return {path.stem: read_card(path) | {"bytes": path.stat().st_size} for path in shipped_files()}


def shipped_files() -> list[Path]:
    """The files of all shipped weights, by name."""
    return sorted(FOLDER.glob("*.safetensors"), key=lambda path: path.stem)


def digest(tensors: Mapping[str, Tensor]) -> str:
    """SHA-256 of names, types, shapes and bytes, in the order of the names."""
    whole = sha256()
    for name in sorted(tensors):
        array = tensors[name].detach().cpu().contiguous().numpy()
        whole.update(f"{name} {array.dtype} {array.shape}\n".encode())
        whole.update(np.ascontiguousarray(array).tobytes())
    return whole.hexdigest()


def _opened(path: Path) -> Any:
    try:
        if (size := path.stat().st_size) > LARGEST_NUMBER * MOST_NUMBERS:
            raise WeightsError(f"{path}: has {size:.0e} bytes, more numbers than any weights here; it is damaged, or "
                               "of another program")
        return safe_open(path, "pt")
    except FileNotFoundError as error:
        raise WeightsError(f"{path}: no such file; onpu models lists the shipped weights") from error
    except (OSError, SafetensorError) as error:
        raise WeightsError(f"{path}: cannot be read as safetensors ({error}); fetch or train it again") from error


def _card(path: Path, stored: Any) -> Card:
    try:
        card = json.loads((stored.metadata() or {})["onpu"])
    except (KeyError, ValueError) as error:
        raise WeightsError(f"{path}: has no card, so onpu did not make it; give weights from onpu train") from error
    kernels = kernels_of(stored.get_slice(name).get_dtype() for name in stored.keys())
    return _check(path, {"storage": {"kernels": kernels}} | card)


def _check_size(path: Path, shapes: Iterable[Iterable[int]]) -> None:
    """Raise `WeightsError` for more numbers than any network here has, before they are read."""
    numbers = sum(map(prod, shapes))
    if numbers > MOST_NUMBERS:
        raise WeightsError(f"{path}: says that it holds {numbers:.0e} numbers, more than {MOST_NUMBERS:.0e}; it is "
                           "damaged, or of another program")


def _check(path: Path, card: Card) -> Card:
    wrong = [name for name, kind in CARD.items() if not isinstance(card.get(name), kind)]
    if wrong:
        raise WeightsError(f"{path}: its card lacks {', '.join(wrong)}; train it again with this version of onpu")
    return card
