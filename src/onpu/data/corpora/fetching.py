"""A file of a data set, copied from a folder or an address where somebody keeps it, if it is the one that is meant."""

import shutil
from http.client import HTTPException
from pathlib import Path
from typing import BinaryIO
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import urlopen

from onpu.data.corpora.published import hash_of, lying_in
from onpu.errors import DataError
from onpu.files import replacing

SCHEMES = ("http://", "https://", "file://")
TIMEOUT_SECONDS = 60


def fetch(address: str, file: str, wanted: str, folder: Path) -> Path:
    """Copy a file into a folder, if it is the one that is meant; returns its path there.

    address: a folder of data sets, or the http, https or file address of one. wanted: SHA-256. Raises `DataError` when
    there is no such file, it cannot be read, or has another hash; nothing is left then.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with replacing(folder / file) as temporary:
            with _opened(address, file) as source, temporary.open("wb") as copy:
                shutil.copyfileobj(source, copy)
            found = hash_of(temporary)
            if found != wanted:
                raise DataError(f"{address}: its {file} is another one (SHA-256 {found[:12]}, not {wanted[:12]})")
    except (HTTPException, ValueError) as error:  # cut off, or no address
        raise DataError(f"{address}: {file} cannot be fetched ({error}); try another") from error
    return folder / file


def _opened(address: str, file: str) -> BinaryIO:
    if "://" in address:
        if not address.startswith(SCHEMES):
            raise DataError(f"{address}: files are fetched from {' '.join(SCHEMES)} and folders alone")
        try:
            answer: BinaryIO = urlopen(f"{address.rstrip('/')}/{quote(file)}", timeout=TIMEOUT_SECONDS)
        except URLError as error:
            raise DataError(f"{address}: {file} cannot be fetched ({error.reason}); try another") from error
        return answer
    path = lying_in(Path(address), file)
    if not path:
        raise DataError(f"{address}: holds no {file}; name another folder or address")
    return open(path, "rb")
