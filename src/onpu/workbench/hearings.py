"""By which weights songs were heard, and whether these are still in use; read off files, without any network."""

import json
import re
import zipfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np

import onpu
from onpu.weight_store import SHIPPED, LearnedWeights, hash_on_card

SHIPPED_WEIGHTS = Path(onpu.__file__).parent / "weights"


def is_older(heard_by: str, folder: Path, in_use: Mapping[str, int]) -> bool:
    """Whether a song was heard by other weights than those that would hear it today.

    heard_by: JSON, name or file of weights -> hash; empty: not known. folder: of the learned weights; in_use: name ->
    number of those.
    """
    heard = json.loads(heard_by) if heard_by else {}
    return any(hash_now(folder, name_of(file), in_use.get(name_of(file), SHIPPED)) not in ("", known)
               for file, known in heard.items())


def heard_by(path: Path) -> dict[str, str]:
    """Name or file of weights -> hash, of those by which a file of what was heard came to be; empty where there is
    none."""
    try:
        with np.load(path, allow_pickle=False) as stored:
            said = json.loads(stored["onpu"].tobytes())
        return {Path(name).name: str(sha) for name, sha in zip(said["names"], said["weights"], strict=True)}
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile):
        return {}


def name_of(file: str) -> str:
    """`beats` of beats and of beats-3.safetensors."""
    return re.sub(r"-\d+$", "", file.removesuffix(".safetensors")) if file.endswith(".safetensors") else file


def hash_now(folder: Path, name: str, number: int) -> str:
    """The hash of the weights of that number, or of the shipped ones; empty where there are none."""
    path = SHIPPED_WEIGHTS / f"{name}.safetensors" if number == SHIPPED else LearnedWeights(folder).path(name, number)
    try:
        return _hash(path, path.stat().st_mtime_ns)
    except OSError:
        return ""


@lru_cache(maxsize=256)
def _hash(path: Path, stamp: int) -> str:
    return hash_on_card(path)
