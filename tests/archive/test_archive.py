"""Archives: every recording has one row, whatever ends the run; shards are one table; workers may die."""

import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import soundfile
from typer.testing import CliRunner

from onpu.apps.cli import app
from onpu.archive import merging
from onpu.archive.manifest import Entry, parse_shard, read_manifest, shard_of
from onpu.archive.merging import merge
from onpu.archive.pools import DIED, local_rows
from onpu.archive.rows import OK, equal, failed, schema, table_of, timeline_of
from onpu.archive.running import make_archive
from onpu.archive.store import UNFINISHED, Store, parts
from onpu.archive.working import ArchiveJob, analysed
from onpu.cluster import check_version
from onpu.engine.compose import compose
from onpu.errors import DataError, OnpuError
from onpu.music import Timeline

parquet = pytest.importorskip("pyarrow.parquet")
WORK = ArchiveJob(("onsets",))


def entries(count):
    return [Entry(f"{number:03d}.wav", f"{number:03d}.wav") for number in range(count)]


def plain_row(entry, work):
    """A row without listening."""
    return failed(entry.name, "broken", 1, 0.0) if entry.name.endswith("7.wav") else {
        "file": entry.name, "status": OK, "error": None, "attempts": 1, "seconds": 0.0, "duration": 1.0}


def rows_of(entries):
    return (plain_row(entry, WORK) for entry in entries)


def row_or_death(entry, work):
    """The process of `003.wav` dies at its first attempt, that of `005.wav` always; `004.wav` never ends."""
    mark = Path(work.weights[0]) / entry.name
    if entry.name == "005.wav" or (entry.name == "003.wav" and not mark.exists()):
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    while entry.name == "004.wav":
        time.sleep(1)
    return plain_row(entry, work)


def test_manifests_are_lists_and_tables(tmp_path):
    for name, text in (("a.txt", "x/1.wav\ns3://music/2.mp3\n"), ("a.csv", "id,file\n1,x/1.wav\n2,s3://music/2.mp3\n"),
                       ("a.jsonl", '{"file": "x/1.wav"}\n\n{"url": "s3://music/2.mp3"}\n')):
        (tmp_path / name).write_text(text, encoding="utf-8")
        found = read_manifest(tmp_path / name)
        assert found == [("x/1.wav", str(tmp_path / "x/1.wav")), ("s3://music/2.mp3", "s3://music/2.mp3")]
        assert [entry.remote for entry in found] == [False, True]


@pytest.mark.parametrize(("name", "text", "message"), [
    ("a.txt", "\n \n", "names no recording"), ("a.txt", "b\nc\nb\n", "names b twice"),
    ("a.csv", "one,two\n1,2\n", "no column is called"), ("a.jsonl", '{"file": "a"}\n[]\n', "line 2")])
def test_manifests_that_say_nothing_are_refused(tmp_path, name, text, message):
    (tmp_path / name).write_text(text)
    with pytest.raises(DataError, match=message):
        read_manifest(tmp_path / name)


def test_shards_share_all_recordings_between_them():
    parts = [shard_of(entries(11), *parse_shard(f"{number}/4")) for number in range(1, 5)]
    assert sorted(entry for part in parts for entry in part) == entries(11)
    for wrong in ("0/4", "5/4", "x", "1/0", "1"):
        with pytest.raises(DataError, match="3/64"):
            parse_shard(wrong)


def test_a_run_is_gone_on_with_and_no_row_is_lost_or_twice(tmp_path):
    begun = make_archive(entries(50), WORK, Store(tmp_path, rows_a_part=8), rows_of)
    for progress in begun:
        if progress.done == 20:
            break
    journal = Store(tmp_path).rows / UNFINISHED
    torn = journal.read_text() + '{"file": "049.wav", "sta'  # as a kill leaves it
    journal.write_text(torn)
    first = next(make_archive(entries(50), WORK, Store(tmp_path, rows_a_part=8), rows_of))
    assert (first.done, first.total) == (20, 50)
    asked = []

    def watched(left):
        asked.extend(left)
        return rows_of(left)

    *_, last = make_archive(entries(50), WORK, Store(tmp_path, rows_a_part=8), watched)
    assert len(asked) == 30 and last.done == 50
    found = merge(tmp_path, tmp_path / "all.parquet")
    assert found == (50, 5, 50)
    names = parquet.read_table(tmp_path / "all.parquet").column("file").to_pylist()
    assert sorted(names) == [entry.name for entry in entries(50)]


@pytest.mark.parametrize("torn", [b'{"file": "049.wav", "sta', b'{"file": "049.wav", "error": "Bj\xc3', b"{"])
def test_a_second_kill_loses_no_row_behind_a_torn_line(tmp_path, torn):
    """Rows are counted by calls: each recording is analysed once, but the one whose line was torn."""
    asked = []

    def watched(left):
        for entry in left:
            asked.append(entry.name)
            yield plain_row(entry, WORK)

    journal, killed = Store(tmp_path).rows / UNFINISHED, []
    for stop in (20, 30):
        killed.append(make_archive(entries(50), WORK, Store(tmp_path, rows_a_part=1000), watched))  # kept: not ended
        for progress in killed[-1]:
            if progress.done == stop:
                break
        journal.write_bytes(journal.read_bytes() + torn)  # as a kill leaves it
    *_, last = make_archive(entries(50), WORK, Store(tmp_path, rows_a_part=1000), watched)
    assert last.done == 50 and sorted(asked) == [entry.name for entry in entries(50)]
    merge(tmp_path, tmp_path / "all.parquet")
    assert parquet.read_table(tmp_path / "all.parquet").column("file").to_pylist() == asked


def test_a_kill_between_part_and_journal_leaves_each_row_once(tmp_path):
    store = Store(tmp_path)
    store.open({})
    for row in rows_of(entries(5)):
        store.add(row | {"jams": {"of": row["file"]}})
    before = store.journal.read_bytes()
    store.close()
    store.journal.write_bytes(before)
    again = Store(tmp_path)
    assert again.open({}) == {entry.name for entry in entries(5)}
    again.close()
    assert len(parts(store.rows)) == 1 and len(list(store.jams.iterdir())) == 1


def test_names_with_strange_line_ends_are_one_name(tmp_path):
    (tmp_path / "a.txt").write_text("x\u2028y.wav\nb\x85.wav\r\n", encoding="utf-8")
    names = [entry.name for entry in read_manifest(tmp_path / "a.txt")]
    assert names == ["x\u2028y.wav", "b\x85.wav"]
    store = Store(tmp_path)
    store.open({})
    for name in names:
        store.add(plain_row(Entry(name, name), WORK))
    assert Store(tmp_path).open({}) == set(names)


def test_those_that_failed_are_tried_again_where_it_is_asked_for(tmp_path):
    list(make_archive(entries(20), WORK, Store(tmp_path), rows_of))
    *_, last = make_archive(entries(20), WORK, Store(tmp_path), lambda left: (
        plain_row(Entry(entry.name, "x"), WORK) | {"status": OK} for entry in left), again=True)
    assert last.last is not None and merge(tmp_path, tmp_path / "all.parquet") == (20, 0, 20)


def test_shards_are_one_table(tmp_path):
    for number in (1, 2, 3):
        list(make_archive(entries(10), WORK, Store(tmp_path, number, 3), rows_of))
    assert merge(tmp_path, tmp_path / "all.parquet") == (10, 1, 10)


def test_an_archive_of_something_else_is_refused(tmp_path):
    list(make_archive(entries(3), WORK, Store(tmp_path), rows_of))
    with pytest.raises(DataError, match="with other tasks"):
        list(make_archive(entries(3), ArchiveJob(("beats",)), Store(tmp_path), rows_of))
    with pytest.raises(DataError, match="with other count, manifest"):
        list(make_archive(entries(4), WORK, Store(tmp_path), rows_of))
    with pytest.raises(DataError, match="is no archive"):
        merge(tmp_path / "other", tmp_path / "all.parquet")


def test_merged_rows_lie_in_groups_that_are_full(tmp_path, monkeypatch):
    list(make_archive(entries(200), WORK, Store(tmp_path, rows_a_part=40), rows_of))
    for most, groups in ((2**25, 1), (1, 10)):  # each part is read in two tables
        monkeypatch.setattr(merging, "GROUP_BYTES", most)
        assert merge(tmp_path, tmp_path / "all.parquet") == (200, 20, 200)
        assert parquet.ParquetFile(tmp_path / "all.parquet").num_row_groups == groups
        rows = parquet.read_table(tmp_path / "all.parquet").column("file").to_pylist()
        assert rows == [entry.name for entry in entries(200)]


def test_a_damaged_part_is_told(tmp_path):
    list(make_archive(entries(3), WORK, Store(tmp_path), rows_of))
    (part,) = Store(tmp_path).rows.glob("*.parquet")
    part.write_bytes(part.read_bytes()[:50])
    with pytest.raises(DataError, match="is damaged; delete it"):
        list(make_archive(entries(3), WORK, Store(tmp_path), rows_of))


def test_workers_that_die_cost_their_recording_alone(tmp_path):
    work = ArchiveJob(("onsets",), weights=(str(tmp_path),))
    rows = {row["file"]: row for row in local_rows(entries(10), work, 2, limit=3.0, analyse=row_or_death)}
    assert sorted(rows) == [entry.name for entry in entries(10)]
    assert (rows["003.wav"]["status"], rows["003.wav"]["attempts"]) == (OK, 2)
    assert rows["005.wav"]["error"] == f"005.wav: {DIED}" and rows["005.wav"]["attempts"] == 2
    assert "took longer than 3 s" in rows["004.wav"]["error"]


def test_rows_hold_the_whole_timeline():
    timeline = compose(3, "pop").timeline
    content = timeline.to_dict()
    row = {"file": "a", "status": OK, "attempts": 1, "seconds": 1.0, **content}
    (back,) = table_of([row]).to_pylist()
    assert equal(timeline_of(back).to_dict(), content, 1e-9)
    assert set(Timeline.__dataclass_fields__) <= set(schema().names)


def test_what_was_analysed_is_a_row_and_what_cannot_be_is_a_reason(tmp_path):
    soundfile.write(tmp_path / "a.wav", 0.1 * np.random.default_rng(0).standard_normal(22_050), 22_050)
    (tmp_path / "b.wav").write_bytes(b"RIFF")
    good, bad, gone = (analysed(Entry(name, str(tmp_path / name)), WORK) for name in ("a.wav", "b.wav", "c.wav"))
    assert good["status"] == OK and good["duration"] == pytest.approx(1.0) and good["onsets"]["times"]
    assert bad["status"] == gone["status"] == "error" and bad["error"].startswith("b.wav: ")
    assert str(tmp_path) not in bad["error"]
    far = analysed(Entry("memory://nothing.wav", "memory://nothing.wav"), WORK)
    assert "cannot be fetched" in far["error"] or "fsspec" in far["error"]


def test_the_command_goes_on_after_a_kill_and_tells_of_the_whole(tmp_path):
    rng = np.random.default_rng(0)
    for number in range(12):
        soundfile.write(tmp_path / f"{number}.wav", 0.1 * rng.standard_normal(11_025), 22_050)
    (tmp_path / "5.wav").write_bytes(b"no sound")
    (tmp_path / "all.txt").write_text("".join(f"{number}.wav\n" for number in range(12)))
    store = tmp_path / "store"
    command = ["batch", str(tmp_path / "all.txt"), "-o", str(store), "--tasks", "onsets", "--jams"]
    program = [sys.executable, "-c", "from onpu.apps.entry import main; main()"]
    running = subprocess.Popen([*program, *command, "-w", "2"], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    journal = Store(store).rows / UNFINISHED
    deadline = time.monotonic() + 300
    while not (journal.exists() and journal.read_text().count("\n") >= 3) and running.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert running.poll() is None, "it was to be killed"
    running.kill()
    running.wait()
    result = CliRunner().invoke(app, [*command, "-q"])
    assert result.exit_code in (0, 1) and "12 of 12" in result.output
    assert CliRunner().invoke(app, ["merge", str(store), "-o", str(tmp_path / "all.parquet")]).exit_code == 0
    rows = parquet.read_table(tmp_path / "all.parquet").to_pylist()
    assert sorted(row["file"] for row in rows) == sorted(f"{number}.wav" for number in range(12))
    assert [row["file"] for row in rows if row["status"] == "error"] == ["5.wav"]
    assert CliRunner().invoke(app, ["report", str(store), "-o", str(tmp_path / "page.html")]).exit_code == 0
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "12 of 12" in page and "5.wav" in page and "<script" not in page
    assert list((store / "jams").rglob("*.jsonl.gz"))


def test_a_cluster_whose_workers_cannot_begin_is_told_of_before_all_recordings_fail():
    def gone() -> str:
        raise ModuleNotFoundError("No module named 'onpu'")

    with pytest.raises(OnpuError, match=r"--address auto: .*No module named 'onpu'.*install onpu where"):
        check_version(gone, "auto")
    with pytest.raises(OnpuError, match=r"have onpu 0\.0 and not .*; install the same"):
        check_version(lambda: "0.0", "auto")


def test_archives_need_pyarrow(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(OnpuError, match="onpu\\[archive\\]"):
        list(make_archive(entries(1), WORK, Store(tmp_path), partial(rows_of)))
