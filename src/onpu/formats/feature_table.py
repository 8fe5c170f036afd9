"""A table of numbers a recording: CSV, NumPy's npz, or Parquet (extra `table`)."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from onpu.errors import FormatError
from onpu.files import replacing

SUFFIXES = (".parquet", ".npz", ".csv")


def check_suffix(path: Path) -> None:
    """Raise `FormatError` where a table cannot be written as the path's suffix says: before hours of work."""
    if path.suffix.lower() not in SUFFIXES:
        raise FormatError(f"{path}: {path.suffix or 'no suffix'} is no format of a table; choose from "
                          f"{', '.join(SUFFIXES)}")
    if path.suffix.lower() == ".parquet":
        try:
            import pyarrow  # noqa: F401
        except ImportError:
            raise FormatError(f"{path}: needs pyarrow; pip install 'onpu[table]', or write .npz or .csv") from None


def write_table(path: Path, files: Sequence[str], columns: Sequence[str], values: np.ndarray) -> None:
    """Write values (files, columns) with their names, whole or not at all; npz holds `files`, `columns` and `values`.

    Raises `FormatError` as `check_suffix` does, and where the place cannot be written to.
    """
    check_suffix(path)
    with replacing(path) as temporary:
        if path.suffix.lower() == ".npz":
            with temporary.open("wb") as file:
                np.savez_compressed(file, files=np.array(files, np.str_), columns=np.array(columns, np.str_),
                                    values=values)
        elif path.suffix.lower() == ".csv":
            text = io.StringIO()
            writer = csv.writer(text, lineterminator="\n")
            writer.writerow(["file", *columns])
            for name, row in zip(files, values, strict=True):
                writer.writerow([name, *(f"{value:.6g}" for value in row)])
            temporary.write_text(text.getvalue(), encoding="utf-8")
        else:
            import pyarrow
            from pyarrow import parquet

            table = {"file": pyarrow.array(list(files))}
            parquet.write_table(pyarrow.table(table | {name: values[:, n] for n, name in enumerate(columns)}),
                                str(temporary))
