"""Memory that was freed and that the C library still holds for the process."""

import ctypes
from contextlib import suppress


def give_back() -> None:
    """Return it to the system, where the C library has a way to (glibc); others do so by themselves.

    A pass of networks over a recording frees many blocks of different sizes between those that stay, and glibc keeps
    them: a third of what the process has then.
    """
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
