"""`onpu embed` writes a row a recording, in each format, and says what is wrong before it listens."""

import csv

import numpy as np
import pytest
import soundfile


@pytest.fixture(scope="module")
def music(tmp_path_factory):
    folder = tmp_path_factory.mktemp("music")
    rng = np.random.default_rng(0)
    for name in ("a.wav", "b.wav"):
        soundfile.write(folder / name, 0.1 * rng.standard_normal(22_050), 22_050)
    (folder / "c.wav").write_bytes(b"no sound at all")
    return folder


def test_a_row_a_recording_and_the_same_in_each_format(onpu, music, tmp_path):
    for suffix in ("npz", "csv"):
        answer = onpu("embed", music, "--with", "key", "-o", tmp_path / f"t.{suffix}", "--device", "cpu")
        assert answer.code == 1 and "c.wav" in answer.err and "2 recordings" in answer.out, answer
    with np.load(tmp_path / "t.npz") as table:
        files, columns, values = table["files"].tolist(), table["columns"].tolist(), table["values"]
    assert [name.rsplit("/")[-1] for name in files] == ["a.wav", "b.wav"] and values.shape == (2, len(columns))
    assert columns[0] == "key.stages.1.0" and not np.allclose(values[0], values[1])
    rows = list(csv.reader((tmp_path / "t.csv").open()))
    assert rows[0] == ["file", *columns] and [row[0] for row in rows[1:]] == files
    np.testing.assert_allclose(np.array([row[1:] for row in rows[1:]], float), values, rtol=1e-4)


@pytest.mark.parametrize(("words", "said"), [(("-o", "t.xls"), "choose from .parquet, .npz, .csv"),
                                             (("-o", "t.csv", "--with", "chrods"), "did you mean chords")])
def test_what_is_wrong_is_told_before_anything_is_heard(onpu, music, words, said):
    answer = onpu("embed", music, *words)
    assert answer.code == 2 and said in answer.err and answer.err.count("\n") == 1
