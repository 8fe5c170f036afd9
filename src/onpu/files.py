"""Writing a file as a whole: under another name first, so that a reader never meets half of it."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from onpu.errors import FormatError

Json = dict[str, Any]
"""A JSON object: what cards, descriptions of corpora, run files and the page of the report hold."""


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Lend a new name in the folder of `path`, with its suffix; what the body wrote there becomes `path` in one step.

    Whatever stops the body (Ctrl-C included), `path` stays as it was and nothing is left beside it.

    Raises
    ------
    FormatError
        When the folder does not exist, cannot be written to or is full.
    """
    path = Path(path)
    temporary = path.with_name(f".onpu-{secrets.token_hex(8)}{path.suffix}")
    try:
        if not path.parent.is_dir():
            raise FormatError(f"{path}: the folder {path.parent} does not exist; make it first")
        yield temporary
        os.replace(temporary, path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise FormatError(f"{path}: cannot be written ({reason}); choose another place for it") from error
    finally:
        temporary.unlink(missing_ok=True)


def write_text(path: str | os.PathLike[str], text: str) -> None:
    """Make `path` hold `text`, UTF-8, line ends as they are. Raises `FormatError` as `replacing` does."""
    with replacing(path) as temporary:
        temporary.write_bytes(text.encode("utf-8"))
