"""onpu compose and onpu demo: what they write, and that it is the same again."""

import numpy as np
import pytest
import soundfile
import tiny

from onpu.data.corpus import Corpus
from onpu.data.plan import Plan
from onpu.engine.compose import STYLES
from onpu.formats.beats import read_beats


def test_a_song_has_sound_stems_midi_and_labels_and_is_the_same_again(onpu, tmp_path):
    words = "compose", "-n", 1, "--style", "jazz", "--seed", 7, "--seconds", 8, "--rate", 22_050
    for place in ("one", "two"):
        answer = onpu(*words, "-o", tmp_path / place)
        assert answer.code == 0, answer.err
    (folder,) = (tmp_path / "one").iterdir()
    style, seed = folder.name.rsplit("-", 1)
    assert seed == "7" and STYLES[style.replace("-", " ")].genre == "jazz"
    assert {path.suffix for path in folder.glob("*.*")} == {".flac", ".jams", ".mid", ".beats"}
    assert len(list((folder / "stems").glob("*.flac"))) >= 1
    files = [path.relative_to(tmp_path / "one") for path in folder.rglob("*") if path.is_file()]
    assert all((tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes() for name in files)
    beats = read_beats(folder / f"{folder.name}.beats")
    assert len(beats.times) > 5 and beats.times[-1] < soundfile.info(folder / f"{folder.name}.flac").duration


def test_a_corpus_is_taken_up_again(onpu, tmp_path):
    words = "compose", "--corpus", tmp_path / "corpus", "--seconds", 5, "--rate", 16_000, "--seed", 3
    assert onpu(*words, "-n", 1).code == 0
    first = (tmp_path / "corpus/songs/00000.flac").read_bytes()
    assert onpu(*words, "-n", 2).code == 0
    assert len(Corpus.open(tmp_path / "corpus")) == 2
    assert (tmp_path / "corpus/songs/00000.flac").read_bytes() == first


def test_how_much_is_sung_stands_in_the_plan_and_needs_a_singer(onpu, tmp_path, monkeypatch):
    monkeypatch.setattr(Plan, "item", lambda self, number: tiny.clicks(number))
    (tmp_path / "sets/pjs").mkdir(parents=True)
    words = ("compose", "-n", 1, "--corpus", tmp_path / "corpus", "--seconds", 5, "--sung", 0.6)
    assert onpu(*words).code == 2 and "--sung has no effect without --sets" in onpu(*words).err
    assert "no singer" in onpu(*words, "--sets", tmp_path).err
    assert onpu(*words, "--sets", tmp_path / "sets").code == 0
    assert Corpus.open(tmp_path / "corpus").description["plan"]["sung"] == 0.6


def test_several_styles_are_named_one_by_one(onpu, tmp_path, monkeypatch):
    monkeypatch.setattr(Plan, "item", lambda self, number: tiny.clicks(number))
    words = ("compose", "-n", 1, "--corpus", tmp_path / "corpus", "--seconds", 5)
    assert onpu(*words, "--style", "ragtime", "--style", "piano study chords", "--style", "ragtime").code == 0
    assert Corpus.open(tmp_path / "corpus").description["plan"]["styles"] == ["ragtime", "piano study chords"]
    assert onpu(*words, "--style", "ragtime", "--style", "whale song").code == 2


def test_an_unknown_style_is_one_line_that_lists_the_known(onpu, tmp_path):
    answer = onpu("compose", "--style", "whale song", "-o", tmp_path / "out")
    assert answer.code == 2 and answer.err.count("\n") == 1 and "whale song" in answer.err and "jazz" in answer.err
    assert not (tmp_path / "out").exists()


def test_demo_compares_a_held_out_style_with_the_truth(onpu, shipped, tmp_path):
    answer = onpu("demo", "-o", tmp_path / "demo", "--seconds", 10)
    assert answer.code == 0, answer.err
    (sound,) = (tmp_path / "demo").glob("*.flac")
    assert STYLES[sound.stem.rsplit("-", 1)[0].replace("-", " ")].held_out
    assert all(word in answer.out for word in ("tempo", "truth", "metre", "beats      F-measure", "downbeats"))
    assert {"jams", "mid", "beats", "csv", "png"} <= {path.suffix[1:] for path in (tmp_path / "demo").iterdir()}
    assert (tmp_path / "demo" / f"{sound.stem}.truth.jams").exists()


def test_demo_of_a_recording(onpu, shipped, clicks, tmp_path):
    answer = onpu("demo", clicks, "-o", tmp_path / "demo")
    assert answer.code == 0 and "truth" not in answer.out, answer.err
    assert (tmp_path / "demo/clicks.png").stat().st_size > 10_000
    assert onpu("demo", tmp_path / "gone.wav", "-o", tmp_path / "demo").code == 2


def test_models_tells_the_card(onpu, shipped):
    answer = onpu("models", "beats")
    assert answer.code == 0
    assert all(word in answer.out for word in ("beats", "Böck & Davies", "Apache-2.0", "commercial use", "MiB"))


def test_tasks_that_share_weights_hear_once(shipped, clicks, monkeypatch):
    import onpu
    from onpu.inference.activations import Predictor

    calls, push = [], Predictor.push
    with monkeypatch.context() as patch:
        patch.setattr(Predictor, "push", lambda self, chunk: calls.append(self) or push(self, chunk))
        both = onpu.analyze(clicks, tasks=["beats", "tempo"])
    assert len(set(calls)) == 1
    np.testing.assert_allclose(both.beats.times, onpu.analyze(clicks, tasks=["beats"]).beats.times)
    np.testing.assert_allclose(both.tempo.bpm, onpu.analyze(clicks, tasks=["tempo"]).tempo.bpm)


def test_analysis_takes_arrays_sources_and_paths(shipped, clicks):
    import onpu
    from onpu.music import Audio

    samples, rate = soundfile.read(clicks, dtype="float32")
    found = [onpu.analyze(clicks), onpu.analyze(samples, rate), onpu.analyze(Audio(samples[None], rate)),
             onpu.analyze(np.stack([samples, samples]), rate=rate)]
    for timeline in found:
        assert timeline.duration == pytest.approx(8.0)
        np.testing.assert_allclose(timeline.beats.times, found[0].beats.times, atol=1e-3)
    with pytest.raises(onpu.errors.OnpuError, match="rate"):
        onpu.analyze(samples)
    with pytest.raises(onpu.errors.OnpuError, match="swing"):
        onpu.analyze(clicks, options={"swing": 1})
