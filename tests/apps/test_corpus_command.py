"""onpu corpus: what people recorded becomes a corpus, whole or without a fold of authors."""

import numpy as np
import pytest
import soundfile
import tiny

from onpu.data.corpus import Corpus


@pytest.fixture
def free(tmp_path):
    audio, timeline = tiny.clicks(1)
    for number in range(6):
        folder = tmp_path / "free" / "grid" / f"song{number}"
        folder.mkdir(parents=True)
        soundfile.write(folder / "audio.flac", audio.samples[0], audio.rate)
        np.savetxt(folder / "beats.tsv", np.stack([timeline.beats.times, timeline.beats.positions], axis=1), "%.3f")
        licence = "GPL-2" if number else "CC BY 4.0"
        (folder / "licence.txt").write_text(f"Author: Person{number // 2}\nLicence: {licence}\n")
    return tmp_path / "free"


def names(folder):
    corpus = Corpus.open(folder)
    return {corpus.name(number) for number in range(len(corpus))}


def test_the_folds_part_the_recordings(onpu, free, tmp_path):
    answer = onpu("corpus", "free", "--data", free, "--out", tmp_path / "all")
    assert answer.code == 0 and "6 recordings by 3 authors" in answer.out, answer.err
    everything = names(tmp_path / "all")
    for fold in range(3):
        onpu("corpus", "free", "--data", free, "--out", tmp_path / "rest", "--without-fold", fold)
        onpu("corpus", "free", "--data", free, "--out", tmp_path / "one", "--only-fold", fold)
        rest, one = names(tmp_path / "rest"), names(tmp_path / "one")
        assert rest | one == everything and not rest & one and len(one) == 2


def test_only_permissive_recordings_where_these_are_wanted(onpu, free, tmp_path):
    assert onpu("corpus", "free", "--data", free, "--out", tmp_path / "some", "--licence", "permissive").code == 0
    assert names(tmp_path / "some") == {"song0"}


def test_a_recording_in_doubt_can_be_left_out(onpu, free, tmp_path):
    onpu("corpus", "free", "--data", free, "--out", tmp_path / "all")
    assert onpu("corpus", "free", "--data", free, "--out", tmp_path / "five", "--without", "song1").code == 0
    assert names(tmp_path / "all") - names(tmp_path / "five") == {"song1"}
    answer = onpu("corpus", "free", "--data", free, "--out", tmp_path / "no", "--without", "nobody")
    assert answer.code == 2 and "nobody" in answer.err and answer.err.count("\n") == 1


def test_what_cannot_be_done_is_one_line(onpu, free, tmp_path):
    answer = onpu("corpus", "free", "--data", free, "--out", tmp_path / "no", "--without-fold", 4)
    assert answer.code == 2 and "give 0 to 3" in answer.err and answer.err.count("\n") == 1
    assert onpu("corpus", "free", "--data", tmp_path / "gone", "--out", tmp_path / "no").code == 2
    both = onpu("corpus", "free", "--data", free, "--out", tmp_path / "no", "--without-fold", 1, "--only-fold", 1)
    assert both.code == 2 and "exclude each other" in both.err
    assert not (tmp_path / "no").exists()


def test_a_corpus_stays_where_nothing_would_take_its_place(onpu, free, tmp_path):
    onpu("corpus", "free", "--data", free, "--out", tmp_path / "kept")
    (free / "grid" / "song0" / "licence.txt").write_text("Author: Person0\nLicence: GPL-2\n")
    answer = onpu("corpus", "free", "--data", free, "--out", tmp_path / "kept", "--licence", "permissive")
    assert answer.code == 2 and "no recording is left" in answer.err and len(names(tmp_path / "kept")) == 6


def test_what_is_not_steady_is_left_out_and_a_damaged_file_is_named(onpu, shipped, tmp_path):
    noise = np.random.default_rng(0).standard_normal(30 * 8000) * 0.1
    soundfile.write(tmp_path / "noise.wav", noise, 8000)
    (tmp_path / "broken.ogg").write_bytes(b"no sound")
    (tmp_path / "index.tsv").write_text("noise.wav\tAnn\tCC0\tx\nbroken.ogg\tBob\tCC0\ty\n")
    answer = onpu("corpus", "steady", "--data", tmp_path, "--out", tmp_path / "out")
    assert answer.code == 2 and "nothing to store" in answer.err and "left out" in answer.err
    assert "broken.ogg" in answer.err
