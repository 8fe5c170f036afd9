"""A user's folder: every annotated recording is found, and what is wrong with a folder is counted."""

import numpy as np
import pytest
import soundfile
import tiny

from onpu.apps.labels import LABELS
from onpu.data.recordings import adopt, corpus_items, folder_items
from onpu.errors import DataError, FormatError
from onpu.formats.audio import read_audio


def recording(path, seed=0, suffix=".wav"):
    audio, timeline = tiny.clicks(seed)
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path.with_suffix(suffix), audio.samples[0], audio.rate)
    return timeline.beats


def table(path, beats):
    path.write_text("# time\tposition\n" + "".join(f"{time:.6f}\t{i % 4 + 1}\n" for i, time in enumerate(beats.times)))


def beats_in(folder):
    return folder_items(folder, LABELS, {"beats"}, ("beats",))[0]


@pytest.fixture
def folder(tmp_path):
    table(tmp_path / "one.beats", recording(tmp_path / "one"))
    recording(tmp_path / "without labels", 1)
    table(tmp_path / "ワルツ 3.beats", recording(tmp_path / "ワルツ 3", 2, ".flac"))
    table(tmp_path / "alone.beats", tiny.clicks(3)[1].beats)
    recording(tmp_path / "set" / "song" / "drums", 4, ".flac")
    table(tmp_path / "set" / "song" / "beats.tsv", recording(tmp_path / "set" / "song" / "mix", 5, ".flac"))
    return tmp_path


def test_all_annotated_recordings_are_found(folder):
    items = beats_in(folder)
    assert sorted(item.name for item in items) == ["one", "song", "ワルツ 3"]
    song = next(item for item in items if item.name == "song")
    assert song.audio.name == "mix.flac"
    np.testing.assert_allclose(song.timeline.beats.times, tiny.clicks(5)[1].beats.times, atol=1e-6)
    assert song.timeline.beats.positions[:5].tolist() == [1, 2, 3, 4, 1]


def test_what_is_wrong_is_counted(tmp_path):
    recording(tmp_path / "a")
    recording(tmp_path / "b", 1)
    table(tmp_path / "c.beats", tiny.clicks(0)[1].beats)
    with pytest.raises(DataError, match=r"2 recordings, 1 label files, no recording with beats; put NAME\.beats"):
        beats_in(tmp_path)
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="0 recordings, 0 label files"):
        beats_in(tmp_path / "empty")
    with pytest.raises(DataError, match="no such folder"):
        beats_in(tmp_path / "nowhere")
    with pytest.raises(DataError, match="no such folder"):
        beats_in(tmp_path / "a.wav")
    (tmp_path / "a.beats").write_text("one\ttwo\n")
    with pytest.raises(FormatError, match="line 1"):
        beats_in(tmp_path)


def test_adopted_recordings_are_copied_once(folder, tmp_path, monkeypatch):
    items = beats_in(folder)
    corpus = adopt(items, tmp_path / "corpus", read_audio)
    assert corpus.description["commercial_use"] is False
    for number, item in enumerate(items):
        assert corpus.name(number) == item.name
        np.testing.assert_allclose(corpus.audio(number).samples, read_audio(item.audio).samples, atol=2 / 32768)
        np.testing.assert_array_equal(corpus.timeline(number).beats.times, item.timeline.beats.times)
    reads = []
    adopt(items, tmp_path / "corpus", lambda path: (reads.append(path), read_audio(path))[1])
    assert reads == []
    table(folder / "one.beats", tiny.clicks(9)[1].beats)
    adopt(beats_in(folder), tmp_path / "corpus",
          lambda path: (reads.append(path), read_audio(path))[1])
    assert len(reads) == 3


def test_a_corpus_gives_items_too(corpus):
    items = corpus_items(corpus)
    assert len(items) == len(corpus) and items[3].name == "clicks3"
    np.testing.assert_array_equal(items[3].timeline.beats.times, tiny.clicks(3)[1].beats.times)
