import stat

import pytest

from onpu.errors import FormatError
from onpu.files import replacing, write_text


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
