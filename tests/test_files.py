import errno
import signal
import stat
import subprocess
import sys

import pytest

from onpu.errors import FormatError
from onpu.files import check_place, replacing, write_text


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_a_writer_that_fails_leaves_the_old_file_and_nothing_else(tmp_path, error):
    path = tmp_path / "file.txt"
    path.write_text("old")
    with pytest.raises(error), replacing(path) as temporary:
        temporary.write_text("half")
        raise error
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["file.txt"]


def test_a_full_disk_is_an_error_that_names_the_file(tmp_path):
    path = tmp_path / "file.txt"
    with pytest.raises(FormatError, match=r"file\.txt.*No space left") as caught, replacing(path) as temporary:
        temporary.write_text("half")
        raise OSError(28, "No space left on device")
    assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_the_file_appears_whole_with_the_usual_permissions(tmp_path):
    path = tmp_path / ("名" * 80 + ".txt")
    plain = tmp_path / "plain"
    plain.touch()
    with replacing(path) as temporary:
        temporary.write_text("new")
        assert not path.exists()
        assert temporary.parent == tmp_path and temporary.suffix == ".txt"
    assert path.read_text() == "new"
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE(plain.stat().st_mode)


def test_missing_folders_and_folders_in_the_way_are_named(tmp_path):
    with pytest.raises(FormatError, match="nowhere does not exist"):
        write_text(tmp_path / "nowhere" / "file.txt", "x")
    (tmp_path / "folder").mkdir()
    with pytest.raises(FormatError, match="folder"):
        write_text(tmp_path / "folder", "x")
    assert [p.name for p in tmp_path.iterdir()] == ["folder"]


def test_line_ends_stay(tmp_path):
    write_text(tmp_path / "file.txt", "a\nb\r\n音")
    assert (tmp_path / "file.txt").read_bytes() == "a\nb\r\n音".encode()


@pytest.mark.parametrize(("number", "words"), [
    (errno.ENOSPC, "No space left on device"), (errno.ENAMETOOLONG, "too long"),
    (errno.EROFS, "may not be written to")])
def test_what_a_file_system_refuses_is_named_with_its_mend(tmp_path, number, words):
    with pytest.raises(FormatError, match=words) as caught, replacing(tmp_path / "a.txt"):
        raise OSError(number, "")
    assert "\n" not in str(caught.value) and ".onpu-" not in str(caught.value)


def test_a_place_is_checked_before_the_work(tmp_path):
    check_place(tmp_path / "not/yet/there", ["a.txt"])
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(FormatError, match="too long"):
        check_place(tmp_path, ["a", "音" * 90])
    (tmp_path / "file").touch()
    with pytest.raises(FormatError, match="file is no folder"):
        check_place(tmp_path / "file/below", ["a"])


INTERRUPTED = """
import sys, time, threading
from pathlib import Path
from onpu.interrupts import end_on, end_at_once, received
from onpu.files import replacing
end_on(patience=0.5)
try:
    with replacing(sys.argv[1]) as temporary:
        temporary.write_text("half")
        print("ready", flush=True)
        while True:
            try:
                time.sleep(60)
            except KeyboardInterrupt:
                if sys.argv[2] == "obedient":
                    raise
except KeyboardInterrupt:
    end_at_once(received())
"""


@pytest.mark.parametrize("manner", ["obedient", "deaf"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_process_ends_even_where_the_interruption_is_swallowed(tmp_path, manner, number):
    process = subprocess.Popen([sys.executable, "-c", INTERRUPTED, tmp_path / "a.txt", manner], stdout=subprocess.PIPE)
    assert process.stdout.readline() == b"ready\n"
    process.send_signal(number)
    assert process.wait(20) == 128 + number
    assert list(tmp_path.iterdir()) == []


BROKEN_OFF = """
import sys, time, types
from onpu.apps import entry
def run():
    print("ready", flush=True)
    try:
        time.sleep(60)
    except KeyboardInterrupt:
        raise RuntimeError("a helper is killed by signal: Terminated") from None
sys.modules["onpu.apps.cli"] = types.SimpleNamespace(main=run)
entry.main()
"""


def test_what_breaks_since_a_signal_has_ended_helpers_is_an_interruption_and_no_traceback():
    process = subprocess.Popen([sys.executable, "-c", BROKEN_OFF], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout.readline() == b"ready\n"
    process.send_signal(signal.SIGTERM)
    assert process.communicate(timeout=20)[1] == b"" and process.returncode == 128 + signal.SIGTERM
