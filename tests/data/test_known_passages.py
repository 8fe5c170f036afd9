"""Recordings of which only passages are known: what is learned from, what is kept out, and what a crop's mask says."""

import numpy as np
import pytest
import soundfile
import tiny

from onpu.data.corpus import import_corpus
from onpu.data.corrected import LEAST_KEPT_SECONDS, CorrectedRecording, corpora_of
from onpu.data.features import compute_features
from onpu.data.stream import CorpusCrops, CropExamples
from onpu.errors import DataError

REPRESENTATION = tiny.features()
CLOCK = REPRESENTATION.clock


def recording(folder, name, known, seed=1, seconds=30.0):
    audio, labels = tiny.clicks(seed, seconds)
    soundfile.write(folder / f"{name}.flac", audio.samples.T, audio.rate)
    return CorrectedRecording(name, folder / f"{name}.flac", labels, np.array(known, float).reshape(-1, 2), "Ann")


@pytest.mark.parametrize("stretch", [1.0, 1.3])
def test_a_crop_has_something_known_and_its_mask_is_one_there_alone(tmp_path, stretch):
    items = [("clicks", lambda: tiny.clicks(1, 20.0)[0], tiny.clicks(1, 20.0)[1])]
    corpus = import_corpus(tmp_path, items, "CC0-1.0", True, "x", known=[np.array([[4.0, 5.0], [11.0, 13.0]])])
    crops = CorpusCrops(corpus, compute_features(corpus, REPRESENTATION), [0], ("beats",))
    examples = CropExamples([crops], [1], 3, 150, CLOCK, tiny.target, stretch=stretch)
    whole = [examples.example(index) for index in range(60)]
    assert min(each["mask"].sum() for each in whole) >= 1
    assert max(each["mask"].sum() for each in whole) <= 2.0 * stretch * CLOCK.fps + 1
    marks = CropExamples([crops], [1], 3, crops.frames(0), CLOCK, tiny.target).example(0)["mask"]
    times = CLOCK.seconds(np.arange(len(marks)))
    np.testing.assert_array_equal(marks == 1, ((times >= 4) & (times < 5)) | ((times >= 11) & (times < 13)))


def test_of_few_recordings_the_last_third_of_what_is_known_is_kept_out(tmp_path):
    two = [recording(tmp_path, "one", [[0, 10], [12, 26]]), recording(tmp_path, "two", [[0, 30]], 2)]
    learned, kept = corpora_of(two, tmp_path)
    np.testing.assert_allclose(learned.known(0), [[0, 10], [12, 18]])
    np.testing.assert_allclose(learned.known(1), [[0, 20]])
    assert [kept.name(number) for number in range(len(kept))] == ["one 18.0-26.0 s", "two 20.0-30.0 s"]
    assert kept.audio(0).duration == pytest.approx(8.0) and kept.timeline(0).duration == pytest.approx(8.0)
    times = two[0].timeline.beats.times
    np.testing.assert_allclose(kept.timeline(0).beats.times, times[(times >= 18) & (times < 26)] - 18)


def test_of_four_recordings_one_is_kept_out_as_a_whole(tmp_path):
    four = [recording(tmp_path, f"song{number}", [[0, 30]], number) for number in range(4)]
    learned, kept = corpora_of(four, tmp_path)
    assert [learned.name(number) for number in range(3)] == ["song0", "song1", "song2"]
    assert [kept.name(number) for number in range(len(kept))] == ["song3 0.0-30.0 s"]


def test_what_is_stored_names_titles_authors_and_hashes_and_may_not_be_redistributed(tmp_path):
    learned, _ = corpora_of([recording(tmp_path, "one", [[0, 30]])], tmp_path)
    (credit,) = learned.description["credits"]
    assert (credit["name"], credit["author"]) == ("one", "Ann") and credit["source"].startswith("sha256 ")
    assert len(credit["source"]) == 7 + 64 and not learned.description["commercial_use"]
    assert corpora_of([recording(tmp_path, "one", [[0, 30]])], tmp_path)[0].description["origin"] == \
        learned.description["origin"]


@pytest.mark.parametrize("known", [[[0, 12]], [[k, k + 3.0] for k in range(0, 30, 4)]])
def test_too_little_is_refused(tmp_path, known):
    with pytest.raises(DataError, match=r"to learn from|to judge by"):
        corpora_of([recording(tmp_path, "one", known)], tmp_path)
    assert LEAST_KEPT_SECONDS > 3
