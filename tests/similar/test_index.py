"""The index on disk: it goes on where it stopped, knows what changed, and is refused where it is damaged."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest
from songs import SIZES, WEIGHTS, song_of, write_index

from onpu.errors import DataError
from onpu.similar import Index, IndexWriter

COUNT = 7


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return write_index(tmp_path_factory.mktemp("index") / "music.index", COUNT)


def columns(index):
    return {name: getattr(index, name).tobytes() for name in ("timbre", "cover", "code", "place")}


def test_descriptors_come_back_as_half_precision_has_it(whole):
    index = Index.open(whole)
    assert len(index) == COUNT and index.file(3) == "music/3.wav" and index.row("music/3.wav") == 3
    assert index.row("music/none.wav") is None
    for row in range(COUNT):
        was, found = song_of(row), index.descriptors(row)
        np.testing.assert_array_equal(found.chroma, was.chroma)
        np.testing.assert_array_equal(found.code, was.code)
        np.testing.assert_allclose(found.cover, was.cover, atol=1e-3)
        np.testing.assert_allclose(found.timbre, was.timbre, atol=1e-3)
        assert found.seconds == 30.0


@pytest.mark.parametrize("cut", range(0, 400, 37))
def test_an_interrupted_index_is_finished_to_the_same_bytes(whole, tmp_path, cut):
    """Whatever a writer had written of the last rows when it was stopped."""
    half = write_index(tmp_path / "half", 4)
    for name in ("timbres.f2", "covers.f2", "codes.u1", "places", "chroma.u1"):
        with (half / name).open("ab") as file:
            file.write(bytes(range(256))[: cut % 200])
    table = (half / "songs.tsv").read_bytes()
    (half / "songs.tsv").write_bytes(table + (whole / "songs.tsv").read_bytes()[len(table):][: cut % 60])
    assert len(Index.open(half)) == 4
    write_index(half, COUNT, first=4)
    assert columns(Index.open(half)) == columns(Index.open(whole))
    assert (half / "chroma.u1").read_bytes() == (whole / "chroma.u1").read_bytes()


def test_a_recording_that_changed_has_one_row_and_it_is_the_new_one(tmp_path):
    folder = write_index(tmp_path / "music.index", 3)
    with IndexWriter(folder, WEIGHTS, SIZES) as writer:
        assert writer.has("music/1.wav", 1, 1) and not writer.has("music/1.wav", 1, 2)
        writer.add("music/1.wav", 1, 2, song_of(99))
    index = Index.open(folder)
    assert len(index) == 3 and index.row("music/1.wav") == 3 and index.rows.tolist() == [0, 2, 3]
    np.testing.assert_array_equal(index.descriptors(3).chroma, song_of(99).chroma)


def test_names_of_any_letters_are_kept(tmp_path):
    names = ["ü/a\tb.wav", 'say "no".mp3', "line\nbreak.wav"]
    with IndexWriter(tmp_path / "i", WEIGHTS, SIZES) as writer:
        for name in names:
            writer.add(name, 1, 1, song_of(1))
    index = Index.open(tmp_path / "i")
    assert [index.file(row) for row in range(3)] == names and index.row(names[2]) == 2


FILES = ("timbres.f2", "covers.f2", "codes.u1", "places", "songs.tsv")


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("harm", ("flipped", "cut", "gone"))
def test_a_damaged_index_is_refused_in_one_line(whole, tmp_path, name, harm):
    folder = shutil.copytree(whole, tmp_path / "copy")
    data = bytearray((folder / name).read_bytes())
    if harm == "gone":
        (folder / name).unlink()
    elif harm == "cut":
        (folder / name).write_bytes(data[: len(data) // 2].replace(b"\n", b"") + b"\n" * (name == "songs.tsv"))
    else:
        data[len(data) // 3] ^= 0x10
        (folder / name).write_bytes(data)
    with pytest.raises(DataError, match="damaged") as told:
        Index.open(folder)
    assert "\n" not in str(told.value) and "onpu index" in str(told.value)


def test_damaged_chroma_is_found_when_it_is_read(whole, tmp_path):
    folder = shutil.copytree(whole, tmp_path / "copy")
    data = bytearray((folder / "chroma.u1").read_bytes())
    data[5] ^= 1
    (folder / "chroma.u1").write_bytes(data)
    index = Index.open(folder)
    index.chroma(1)
    with pytest.raises(DataError, match="damaged"):
        index.chroma(0)


def test_what_is_no_index_or_another_ones_is_refused(tmp_path, whole):
    with pytest.raises(DataError, match="no index"):
        Index.open(tmp_path)
    (tmp_path / "song.txt").write_text("words")
    with pytest.raises(DataError, match="holds no index"):
        IndexWriter(tmp_path, WEIGHTS, SIZES)
    with pytest.raises(DataError, match="other weights"):
        IndexWriter(whole, WEIGHTS | {"cover": "z"}, SIZES)
    about = json.loads((whole / "index.json").read_text())
    other = shutil.copytree(whole, tmp_path / "later")
    (other / "index.json").write_text(json.dumps(about | {"onpu index": 99}))
    with pytest.raises(DataError, match="another version"):
        Index.open(other)


def test_covers_of_many_songs_are_whitened_and_silence_stays_silent(tmp_path, monkeypatch):
    monkeypatch.setattr("onpu.similar.index.LEAST_TO_WHITEN", 50)
    rng = np.random.default_rng(0)
    narrow = rng.standard_normal((300, 16)) * np.geomspace(1, 0.1, 16) + 0.5
    with IndexWriter(tmp_path / "i", WEIGHTS, SIZES) as writer:
        for number, row in enumerate(narrow):
            own = song_of(number)
            vector = np.zeros(16) if number == 7 else row / np.linalg.norm(row)
            writer.add(f"{number}.wav", 1, 1, replace(own, cover=vector))
    index = Index.open(tmp_path / "i")
    whitened = index.vectors["cover"]
    assert not whitened[7].any() and np.allclose(np.linalg.norm(np.delete(whitened, 7, 0), axis=1), 1, atol=1e-5)
    variances = np.delete(whitened, 7, 0).var(axis=0)
    before = np.delete(index.cover, 7, 0).astype(float)
    before = np.linalg.eigvalsh(np.cov(before.T))
    assert variances.max() / variances.min() < 3 < before[-1] / before[1]
    np.testing.assert_allclose(index.whitened(index.cover[3]), whitened[3], atol=1e-6)
