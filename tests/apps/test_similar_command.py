"""`onpu index`, `similar`, `playlist` and `recommend` on a few short recordings."""

import json

import numpy as np
import pytest
import soundfile

RATE = 22_050


def chords(roots, shift, seed):
    """Triads of half a second each, other overtones by seed."""
    rng = np.random.default_rng(seed)
    t = np.arange(RATE // 2) / RATE
    out = []
    for root in roots:
        tones = [220 * 2 ** ((root + shift + step) / 12) for step in (0, 4, 7)]
        weights = rng.random(4) + 0.1
        out.append(sum(w * np.sin(2 * np.pi * tone * (n + 1) * t) for tone in tones for n, w in enumerate(weights)))
    sound = np.concatenate(out)
    return 0.3 * sound / np.abs(sound).max()


SONGS = {"a": ((0, 5, 7, 2, 9, 4, 0, 7) * 2, 0), "a again": ((0, 5, 7, 2, 9, 4, 0, 7) * 2, 3),
         "b": ((0, 1, 6, 3, 8, 2, 11, 4) * 2, 0), "c": ((0, 0, 3, 3, 10, 8, 5, 1) * 2, 0)}


@pytest.fixture(scope="module")
def music(tmp_path_factory):
    folder = tmp_path_factory.mktemp("music")
    for seed, (name, (roots, shift)) in enumerate(SONGS.items()):
        soundfile.write(folder / f"{name}.wav", chords(roots, shift, seed), RATE)
    soundfile.write(folder / "silence.wav", np.zeros(5 * RATE), RATE)
    return folder


@pytest.fixture
def index(onpu, music, tmp_path):
    answer = onpu("index", music, "-o", tmp_path / "i", "--device", "cpu")
    assert answer.code == 0 and "5 recordings listened to" in answer.out, answer
    return tmp_path / "i"


def test_an_index_goes_on_and_a_bad_file_costs_its_row(onpu, music, index, tmp_path):
    (tmp_path / "bad.wav").write_bytes(b"nothing")
    answer = onpu("index", music, tmp_path / "bad.wav", "-o", index, "--device", "cpu")
    assert answer.code == 1 and "0 recordings listened to, 5 were there, 1 failed" in answer.out
    assert "bad.wav" in answer.err and answer.err.count("\n") == 1


def test_another_key_of_a_song_is_found_as_a_cover_in_the_index_and_out_of_it(onpu, music, index, tmp_path):
    copy = tmp_path / "copy.wav"
    copy.write_bytes((music / "a.wav").read_bytes())
    for asked, least in ((music / "a.wav", "a again"), (copy, "a")):
        answer = onpu("similar", asked, "--by", "cover", "--json", "-i", index, "--device", "cpu")
        found = json.loads(answer.out)
        assert answer.code == 0 and found[0]["file"].endswith(f"{least}.wav") and found[0]["same"], answer
    assert json.loads(onpu("similar", music / "a.wav", "--by", "cover", "--json", "-i", index).out)[0]["semitones"] == 3
    assert "same song" in onpu("similar", music / "a.wav", "--by", "cover", "-i", index).out
    assert "nothing to compare" in onpu("similar", music / "silence.wav", "-i", index).out
    assert len(json.loads(onpu("similar", music / "a.wav", "-n", 2, "--json", "-i", index).out)) == 2


def test_a_playlist_is_written(onpu, music, index, tmp_path):
    answer = onpu("playlist", music / "a.wav", music / "b.wav", "-n", 3, "-i", index, "-o", tmp_path / "way.m3u8")
    names = answer.out.split("\n")[:-1]
    assert answer.code == 0 and len(names) == 3 and names[0].endswith("/a.wav") and names[2].endswith("/b.wav")
    assert [line for line in (tmp_path / "way.m3u8").read_text().split("\n") if line and line[0] != "#"] == names


def test_recommendation_names_what_nobody_has_played(onpu, music, index, tmp_path):
    (tmp_path / "plays.csv").write_text(f"user,song,count\nanna,{music}/a.wav,5\nben,{music}/a.wav,2\n"
                                        f"ben,{music}/b.wav,9\n")
    found = json.loads(onpu("recommend", tmp_path / "plays.csv", "--user", "anna", "--json", "-i", index).out)
    assert {row["file"].rsplit("/")[-1]: row["played_by_others"] for row in found}["b.wav"]
    assert "a.wav" not in {row["file"].rsplit("/")[-1] for row in found} and not all(
        row["played_by_others"] for row in found)


@pytest.mark.parametrize(("words", "said"), [
    (("similar", "x.wav", "-i", "none"), "no index"),
    (("similar", "x.wav", "--by", "mood"), "choose from timbre, cover"),
    (("playlist", "x.wav", "y.wav"), "not in"),
    (("recommend", "plays.csv", "--user", "zoe"), "cannot be read as a table of plays")])
def test_what_is_wrong_is_told_in_one_line(onpu, index, words, said):
    words = words if "-i" in words else (*words, "-i", index)
    answer = onpu(*words)
    assert answer.code == 2 and said in answer.err and answer.err.count("\n") == 1, answer
