"""Work in several processes: each item has one end, whatever becomes of the processes."""

import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from onpu.errors import OnpuError
from onpu.workers import as_done, for_each


def work(folder: str, number: int) -> int:
    """3 dies once, 5 always, 7 never ends."""
    mark = Path(folder) / str(number)
    if number == 5 or (number == 3 and not mark.exists()):
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    while number == 7:
        time.sleep(0.1)
    return 2 * number


def refuse(number: int) -> None:
    if number == 4:
        raise OnpuError("four is refused")


def die(number: int) -> None:
    if number == 2:
        os._exit(9)


def test_each_item_ends_once_and_dead_processes_are_replaced(tmp_path):
    ended = list(as_done(partial(work, str(tmp_path)), range(10), 2, limit=4.0))
    assert sorted(each.number for each in ended) == list(range(10))
    told = {each.item: (each.how, each.result, each.attempts) for each in ended}
    assert told[3] == ("done", 6, 2) and told[5] == ("died", None, 2) and told[7] == ("late", None, 1)
    assert all(told[number] == ("done", 2 * number, 1) for number in (0, 1, 2, 4, 6, 8, 9))


def test_what_work_raises_is_raised_here_with_the_place_where_it_was():
    with pytest.raises(OnpuError, match="four is refused") as raised:
        for_each(refuse, range(6), 2)
    assert "in refuse" in raised.value.__notes__[0]


def test_a_death_is_told_of():
    with pytest.raises(OnpuError, match="number 2: its process died"):
        for_each(die, range(4), 2)


def test_no_process_outlives_its_parent(tmp_path):
    program = ("import sys; sys.path.insert(0, {here!r})\nfrom functools import partial\nimport test_workers\n"
               "from onpu.workers import as_done\n"
               "if __name__ == '__main__': list(as_done(partial(test_workers.stay, {folder!r}), range(2), 2))")
    parent = subprocess.Popen([sys.executable, "-c", program.format(here=str(Path(__file__).parent),
                                                                    folder=str(tmp_path))])
    deadline = time.monotonic() + 60
    while len(list(tmp_path.iterdir())) < 2:
        assert time.monotonic() < deadline and parent.poll() is None
        time.sleep(0.05)
    parent.kill()
    parent.wait()
    left = {int(path.name) for path in tmp_path.iterdir()}
    while left:
        assert time.monotonic() < deadline
        left = {number for number in left if _lives(number)}
        time.sleep(0.05)


def stay(folder: str, number: int) -> None:
    """Says which process it is in, and never ends."""
    (Path(folder) / str(os.getpid())).touch()
    while True:
        time.sleep(1)


def _lives(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
