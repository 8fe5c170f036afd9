"""How many threads a computation gets."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch


@contextmanager
def one_thread() -> Iterator[None]:
    """One thread of the CPU inside: a recurrent layer is thousands of products too small to share, and where other work
    is on the machine, waiting for each other takes two threads a hundred times as long as one."""
    count = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(count)
