"""A corpus is finished or says what is missing; stopping and going on, and any number of processes, change nothing."""

import json

import numpy as np
import pytest
import soundfile
import tiny
import torch

import onpu.data.corpus
from onpu.data.corpus import Corpus, import_corpus, write_corpus
from onpu.data.features import cache_key, compute_features
from onpu.data.plan import Plan, nothing
from onpu.errors import AudioError, DataError
from onpu.music import Audio
from onpu.music.timeline import VALUES
from onpu.represent import LogFilterbank

PLAN = Plan(seed=5, seconds=4.0, rate=22050, fonts=(), negatives=0.3)


@pytest.fixture(scope="module")
def composed(tmp_path_factory):
    return write_corpus(tmp_path_factory.mktemp("composed"), PLAN, 4)


def contents(folder):
    return {path.name: path.read_bytes() for path in sorted((folder / "songs").iterdir())}


def test_two_processes_write_the_same_bytes(composed, tmp_path):
    done = []
    write_corpus(tmp_path, PLAN, 4, jobs=2, progress=lambda finished, all_: done.append((finished, all_)))
    sounds = {name: data for name, data in contents(tmp_path).items() if name.endswith(".flac")}
    assert sounds == {name: data for name, data in contents(composed.folder).items() if name.endswith(".flac")}
    assert done == sorted(set(done)) and done[-1] == (4, 4)  # two that end together are told of once


def test_it_goes_on_where_it_stopped(composed, tmp_path, monkeypatch):
    """A song is only composed when its labels are not there; half-written ones have none."""
    write_corpus(tmp_path, PLAN, 2)
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "songs").iterdir()}
    (tmp_path / "songs" / "00002.flac").write_bytes(b"half")
    calls = []
    item = Plan.item
    monkeypatch.setattr(Plan, "item", lambda self, number: (calls.append(number), item(self, number))[1])
    write_corpus(tmp_path, PLAN, 4)
    assert calls == [2, 3]
    assert all(path.stat().st_mtime_ns == time for path, time in before.items())
    for number in range(4):
        np.testing.assert_array_equal(Corpus.open(tmp_path).audio(number).samples, composed.audio(number).samples)
    assert len(write_corpus(tmp_path, PLAN, 1)) == 4, "asking for fewer takes nothing away"


def test_audio_and_labels_are_the_plans(composed):
    kinds = set()
    for number in range(4):
        audio, timeline = PLAN.item(number)
        np.testing.assert_allclose(composed.audio(number).samples[0], audio.mono(), atol=2 / 32768)
        stored = composed.timeline(number).arrays()
        for name, column in timeline.arrays().items():
            np.testing.assert_array_equal(stored[name], column)
        kinds.add(len(timeline.beats.times) > 0)
    assert kinds == {True, False}, "choose a seed with music and without"
    assert set(composed.timeline(0, ("beats", "metre")).found()) == {"beats", "metre"}
    assert composed.seconds == pytest.approx(sum(composed.audio(n).duration for n in range(4)))


def test_nothing_is_valid_and_empty_but_for_one_chord_that_is_none():
    timeline = nothing(3.0).validate()
    assert set(timeline.found()) == set(VALUES)
    chords = timeline.chords
    assert (list(chords.labels), list(chords.starts), list(chords.ends)) == (["N"], [0.0], [3.0])
    assert all(column.size == 0 for name, column in timeline.arrays().items()
               if not name.startswith(("duration", "chords")))


def test_a_missing_item_is_counted(composed, tmp_path):
    write_corpus(tmp_path, PLAN, 2)
    (tmp_path / "songs" / "00001.npz").unlink()
    with pytest.raises(DataError, match="1 of 2 items are still missing"):
        Corpus.open(tmp_path)
    with pytest.raises(DataError, match=r"no readable corpus\.json"):
        Corpus.open(tmp_path / "songs")
    with pytest.raises(DataError, match="holds another corpus"):
        write_corpus(tmp_path, Plan(seed=6), 1)


def test_a_failing_item_is_named(tmp_path, monkeypatch):
    def fail(self, number):
        raise ValueError("no such chord")

    monkeypatch.setattr(Plan, "item", fail)
    with pytest.raises(ValueError, match="no such chord") as caught:
        write_corpus(tmp_path, PLAN, 3)
    assert any("item 0" in note for note in caught.value.__notes__)
    assert list((tmp_path / "songs").iterdir()) == []


def test_imported_recordings_replace_what_was_there(tmp_path):
    first = tiny.click_corpus(tmp_path, 3)
    folder = compute_features(first, LogFilterbank(8000, fmax=3000.0)).folder
    again = import_corpus(tmp_path, [("one", lambda: tiny.clicks(9)[0], tiny.clicks(9)[1])], "CC0-1.0", True, "x")
    assert len(again) == 1 and again.name(0) == "one" and not folder.exists()
    with pytest.raises(DataError, match="nothing to store"):
        import_corpus(tmp_path, [], "CC0-1.0", True, "x")


def test_a_recording_that_cannot_be_read_leaves_the_corpus_that_was_there(tmp_path):
    first = tiny.click_corpus(tmp_path, 3)
    before = {path: path.read_bytes() for path in sorted(tmp_path.rglob("*")) if path.is_file()}

    def broken():
        raise AudioError("two.wav: cannot be read")

    items = [("one", lambda: first.audio(2), tiny.clicks(9)[1]), ("two", broken, tiny.clicks(9)[1])]
    with pytest.raises(AudioError):
        import_corpus(tmp_path, items, "CC0-1.0", True, "x")
    assert {path: path.read_bytes() for path in sorted(tmp_path.rglob("*")) if path.is_file()} == before
    moved = import_corpus(tmp_path, items[:1], "CC0-1.0", True, "x")  # of itself: what is read may be what is replaced
    assert len(moved) == 1 and sorted(path.name for path in tmp_path.iterdir()) == ["corpus.json", "songs"]


def test_recordings_have_kinds_where_these_are_given(tmp_path):
    items = [(name, lambda: tiny.clicks(9)[0], tiny.clicks(9)[1]) for name in ("one", "two")]
    corpus = import_corpus(tmp_path, items, "CC0-1.0", True, "x", kinds=("heavy", "piano"))
    assert [corpus.kind(number) for number in range(2)] == ["heavy", "piano"]
    assert [import_corpus(tmp_path, items, "CC0-1.0", True, "x").kind(number) for number in range(2)] == ["", ""]
    with pytest.raises(DataError, match="2 recordings and 1 kinds"):
        import_corpus(tmp_path, items, "CC0-1.0", True, "x", kinds=("heavy",))


def test_loud_recordings_are_clipped_not_wrapped(tmp_path):
    loud = Audio(np.array([[0.5, 1.5, -1.5, -0.5]], dtype=np.float32), 8000)
    corpus = import_corpus(tmp_path, [("loud", lambda: loud, nothing(1.0))], "CC0-1.0", True, "x")
    np.testing.assert_allclose(corpus.audio(0).samples, [[0.5, 1, -1, -0.5]], atol=1e-4)
    assert soundfile.info(corpus.path(0)).subtype == "PCM_16"


def test_stored_features_are_the_representations(corpus, tmp_path):
    representation = tiny.features()
    features = compute_features(corpus, representation)
    for number in (0, 5):
        with torch.inference_mode():
            whole = representation(torch.from_numpy(corpus.audio(number).samples))[0].numpy()
        assert features.frames(number) == whole.shape[-1]
        np.testing.assert_allclose(features.crop(number, 0, whole.shape[-1]), whole, atol=2e-3)
        np.testing.assert_array_equal(features.crop(number, 30, 50), features.crop(number, 0, 100)[..., 30:50])


def test_features_are_computed_once_each(corpus, monkeypatch):
    representation = LogFilterbank(8000, hop=80, fmax=3000.0)
    folder = compute_features(corpus, representation).folder
    (folder / "00003.npy").unlink()
    calls = []
    monkeypatch.setattr(onpu.data.corpus.Corpus, "audio",
                        lambda self, number: (calls.append(number), tiny.clicks(number)[0])[1])
    compute_features(corpus, representation)
    assert calls == [3]
    assert cache_key(representation) != cache_key(LogFilterbank(8000, hop=80, fmax=2900.0))


def test_the_description_tells_what_is_needed_to_do_it_again(composed):
    stored = json.loads((composed.folder / "corpus.json").read_text())
    assert Plan.of(stored["plan"]) == PLAN
    assert stored["count"] == 4 and stored["soundfonts"] == [] and stored["commercial_use"] is True
