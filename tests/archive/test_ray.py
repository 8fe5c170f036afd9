"""Archives on a Ray cluster have the rows that they have without, and a worker that dies costs its recording alone."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
from test_archive import WORK, entries, plain_row, row_or_death, rows_of

from onpu.archive.pools import DIED, ray_rows
from onpu.archive.rows import OK, equal
from onpu.archive.working import ArchiveJob
from onpu.data.corpus import Corpus, write_corpus
from onpu.data.plan import Plan

ray = pytest.importorskip("ray")
parquet = pytest.importorskip("pyarrow.parquet")


@pytest.fixture(scope="module")
def address():
    """Of a cluster with two processors, whose workers find the modules that tests find."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join([os.environ.get("PYTHONPATH", ""), str(Path(__file__).parent)]))
        ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False,
                 runtime_env={"env_vars": {"PYTHONPATH": os.environ["PYTHONPATH"]}})
        yield ray.get_runtime_context().gcs_address
        ray.shutdown()


def test_rows_are_the_same(address):
    rows = list(ray_rows(entries(12), WORK, 2, address, plain_row))
    assert sorted(json.dumps(row) for row in rows) == sorted(json.dumps(row) for row in rows_of(entries(12)))


def test_a_worker_that_dies_costs_its_recording_alone(address, tmp_path):
    some = [entry for entry in entries(8) if entry.name != "004.wav"]
    work = ArchiveJob(("onsets",), weights=(str(tmp_path),))
    rows = {row["file"]: row for row in ray_rows(some, work, 2, address, row_or_death)}
    assert sorted(rows) == [entry.name for entry in some]
    assert (rows["003.wav"]["status"], rows["003.wav"]["attempts"]) == (OK, 2)
    assert rows["005.wav"]["error"] == f"005.wav: {DIED}" and rows["005.wav"]["attempts"] == 2


def test_a_corpus_of_a_cluster_is_that_of_this_machine(address, tmp_path):
    plan = Plan(seed=3, seconds=4.0, rate=22_050, fonts=(), negatives=0.0)
    for name, more in (("with", {"address": address}), ("without", {})):
        write_corpus(tmp_path / name, plan, 2, **more)
    songs = sorted(path.relative_to(tmp_path / "with") for path in (tmp_path / "with" / "songs").iterdir())
    assert len(songs) == 4
    for song in songs:
        if song.suffix != ".npz":
            assert (tmp_path / "with" / song).read_bytes() == (tmp_path / "without" / song).read_bytes()
    one, other = (Corpus.open(tmp_path / name).timeline(1).to_dict() for name in ("with", "without"))
    assert one == other


def test_the_command_joins_a_cluster(address, tmp_path):
    rng = np.random.default_rng(0)
    for number in range(3):
        soundfile.write(tmp_path / f"{number}.wav", 0.1 * rng.standard_normal(11_025), 22_050)
    (tmp_path / "3.wav").write_bytes(b"no sound")
    (tmp_path / "all.txt").write_text("".join(f"{number}.wav\n" for number in range(4)))
    found = []
    for store, more in ((tmp_path / "with", ["--address", address]), (tmp_path / "without", [])):
        subprocess.run([sys.executable, "-c", "from onpu.apps.entry import main; main()", "batch", tmp_path / "all.txt",
                        "-o", store, "--tasks", "onsets", "-q", *more], check=False)
        rows = [row for part in store.rglob("*.parquet") for row in parquet.read_table(part).to_pylist()]
        found.append({row["file"]: row for row in rows})
    assert len(found[0]) == 4 and found[0]["3.wav"]["status"] == "error"
    assert all(equal(row, found[1][name]) for name, row in found[0].items())
