"""A real network learns from a library's corrections, and listens from then on: small, and soon done."""

import json
import shutil

import numpy as np
import pytest
import soundfile
import tiny

from onpu.analysis import HeardRecording, hear
from onpu.analysis.hearing_again import carried_over, likeness
from onpu.analysis.selecting import names_of
from onpu.errors import OnpuError
from onpu.formats.jams import write_jams
from onpu.pipelines import fine_tuning as learning
from onpu.training import from_corrections
from onpu.weight_store import LearnedWeights
from onpu.weights import find, read_card
from onpu.workbench.hearings import heard_by, is_older
from onpu.workbench.learning_jobs import learn


def test_words_teach_where_somebody_sings_and_no_words():
    assert learning.checked_tasks("beats, voice".split(", ")) == ["beats", "voice"]
    with pytest.raises(OnpuError, match=r"lyrics cannot learn from corrections: .* --tasks voice"):
        learning.checked_tasks(["beats", "lyrics"])


@pytest.fixture(scope="module")
def taught(tmp_path_factory):
    """A library whose weights of beats have learned for two steps, and what became of it."""
    library = tmp_path_factory.mktemp("taught")
    place = library / "songs" / "a"
    place.mkdir(parents=True)
    audio, labels = tiny.clicks(3, 24.0)
    soundfile.write(place / "sound.flac", audio.samples.T, audio.rate)
    write_jams(labels, place / "v1.jams", title="Clicks")
    lesson = {"song": "a", "sound": "sound.flac", "stem": "v1", "title": "Clicks", "artist": "Ann",
              "known": {"beats": [[0.0, 24.0]]}}
    shares = []
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (("LEARNED_SONGS", 2), ("JUDGING_SONGS", 2), ("SONG_SECONDS", 6.0)):
            patch.setattr(learning, name, value)
        for name, value in (("STEPS", 2), ("EPOCHS", 1), ("LEAST_GAIN", -1.0), ("WORSE_AT_MOST", 1.0)):
            patch.setattr(from_corrections, name, value)
        told = learn(str(library), "beats", 1.0, [lesson], "CC0-1.0", shares.append)
    return library, told, shares


def test_the_library_has_the_weights_and_what_they_came_to(taught):
    library, told, shares = taught
    weights = LearnedWeights(library / "weights")
    assert told["kept"] and weights.in_use() == {"beats": library / "weights" / "beats-1.safetensors"}
    (entry,) = weights.history()
    assert entry["recordings"] == ["Clicks"] and {"before", "after", "composed_before", "composed_after"} <= set(entry)
    assert shares == sorted(shares) and shares[-1] == 1.0
    assert not list((library / "weights" / "runs").iterdir()), "what was only for the training is gone"
    card = read_card(weights.path("beats", 1))
    credit = next(source for source in card["data"] if source.get("credits"))["credits"][0]
    assert (credit["name"], credit["author"], credit["licence"]) == ("Clicks", "Ann", "CC0-1.0")
    assert card["trained"]["parent"] == read_card(find("beats"))["sha256"]


def test_the_learned_weights_listen_in_place_of_the_shipped_ones(taught, tmp_path):
    library, _, _ = taught
    own = library / "weights" / "beats-1.safetensors"
    names = names_of(library, "default")
    assert own in names and "beats" not in names and "chords" in names
    song = library / "songs" / "a" / "sound.flac"
    heard = hear(song, tasks=[own])
    heard.save(tmp_path / "heard.npz")
    known = heard_by(tmp_path / "heard.npz")
    assert known == heard.weights == {"beats-1.safetensors": read_card(own)["sha256"]}
    assert not is_older(json.dumps(known), library / "weights", {"beats": 1})
    assert is_older(json.dumps(known), library / "weights", {}), "the shipped ones are in use again"
    moved = tmp_path / "moved"
    shutil.copytree(library / "weights", moved)
    own.rename(own.with_suffix(".away"))
    try:
        again = HeardRecording.load(tmp_path / "heard.npz", weights=moved)
    finally:
        own.with_suffix(".away").rename(own)
    np.testing.assert_array_equal(again.decide().beats.times, heard.decide().beats.times)


def test_what_was_set_right_is_carried_over(tmp_path):
    audio, labels = tiny.clicks(5, 20.0)
    heard = hear(audio, tasks="beats")
    first = heard.decide()
    octave = [{"kind": "tempo_octave", "factor": 2}]
    doubled = heard.decide(octave)
    # Where the new weights find the saved beats at once, they are not doubled again; where they do not, they are.
    for before, needed in ((first, []), (doubled, octave)):
        _, corrections = carried_over(heard, octave, before)
        assert corrections == needed
    known, corrections = carried_over(heard, octave, labels, ["beats"])
    assert corrections == [] and known.decide().beats.times.tolist() == labels.beats.times.tolist()
    known.save(tmp_path / "heard.npz")
    again = HeardRecording.load(tmp_path / "heard.npz")
    assert again.decide().beats.times.tolist() == labels.beats.times.tolist()
    assert likeness(np.array([1.0, 2.0]), np.array([1.05, 3.0])) == 0.5
    assert likeness(np.zeros(0), np.zeros(0)) == 1.0
