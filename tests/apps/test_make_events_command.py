"""onpu make performance, onpu make seq2seq: files in every format, primers and melodies, what cannot be made."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from onpu.formats.midi import read_midi, write_midi
from onpu.formats.musicxml import read_musicxml
from onpu.make import performance, seq2seq
from onpu.maker import TrainedMaker
from onpu.music import Timeline
from onpu.music.phrase import NONE, Phrase
from onpu.represent.performance import encoded
from onpu.training.checkpoint import save

RECIPES = {
    "performance": (performance.MAKER, {"units": (4,), "embedding": 4}),
    "seq2seq": (seq2seq.MAKER, {"units": (4,), "embedding": 4})}
QUICK = ("--device", "cpu")


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    folder = tmp_path_factory.mktemp("weights")
    for name, (maker, sizes) in RECIPES.items():
        torch.manual_seed(0)
        card = {"data": [], "validation": {}, "commercial_use": True, "command": "none", "trained": {}}
        save(folder / name, TrainedMaker.build(maker, replace(maker.recipes["small"], **sizes)), [], card)
    return folder


def test_a_seed_is_a_performance_in_every_format(onpu, tmp_path, weights):
    words = ("make", "performance", *QUICK, "--seconds", 2, "--seed", 3, "--weights", weights / "performance")
    answer = onpu(*words, "--n", 2, "-o", tmp_path / "a", "--format", "midi,wav,html")
    assert answer.code == 0, answer.err
    names = {f"performance-{seed}{suffix}" for seed in (3, 4) for suffix in (".mid", ".wav", ".html")}
    assert {path.name for path in (tmp_path / "a").iterdir()} == names
    assert all(str(tmp_path / "a" / name) in answer.out for name in names)
    page = (tmp_path / "a/performance-3.html").read_text(encoding="utf-8")
    assert "Performance 3" in page and '"sound":null' not in page
    assert onpu(*words, "-o", tmp_path / "b", "--format", "midi").code == 0
    first, other = ((tmp_path / "a" / f"performance-{seed}.mid").read_bytes() for seed in (3, 4))
    assert first == (tmp_path / "b/performance-3.mid").read_bytes() and first != other


def test_a_primer_is_played_first(onpu, tmp_path, weights):
    melody = seq2seq.ODE.timeline(120, 0)
    write_midi(melody, tmp_path / "primer.mid")
    answer = onpu("make", "performance", *QUICK, "--seconds", 1, "--primer", tmp_path / "primer.mid",
                  "--primer-seconds", 2.4, "--format", "midi", "-o", tmp_path, "--weights", weights / "performance")
    assert answer.code == 0, answer.err
    played = read_midi(tmp_path / "performance-0.mid").notes
    assert encoded(played)[encoded(played) < 128][:4].tolist() == [64, 64, 65, 67]
    assert played.onsets.max() < 2.4 + 1.5


def test_a_melody_gets_chords_in_every_format(onpu, tmp_path, weights):
    pitches = np.repeat([60, 64, 67, 72, 71, 67, 65, 62] * 3, 4)
    given = Phrase(pitches, np.arange(96) % 4 == 0, np.full(12, NONE), 4, "C:major", "x").validate()
    write_midi(replace(given.timeline(90, 0), chords=None), tmp_path / "tune.mid")
    answer = onpu("make", "seq2seq", *QUICK, "--melody", tmp_path / "tune.mid", "--key", "c minor", "--format",
                  "midi,musicxml,wav,html,attention", "-o", tmp_path / "a", "--weights", weights / "seq2seq")
    assert answer.code == 0, answer.err
    names = {f"seq2seq-0{suffix}" for suffix in (".mid", ".musicxml", ".wav", ".html", ".attention.png")}
    assert {path.name for path in (tmp_path / "a").iterdir()} == names
    found = read_midi(tmp_path / "a/seq2seq-0.mid")
    sung = found.notes.programs == 73
    assert found.notes.pitches[sung].tolist() == pitches[::4].tolist() and (~sung).any()
    assert np.median(np.diff(found.beats.times)) == pytest.approx(60 / 90, abs=1e-3)
    written = read_musicxml(tmp_path / "a/seq2seq-0.musicxml")
    assert written.notes.pitches.tolist() == pitches[::4].tolist()
    text = (tmp_path / "a/seq2seq-0.musicxml").read_text(encoding="utf-8")
    assert text.count("<harmony") == len(found.chords.labels)
    assert "tune with chords" in (tmp_path / "a/seq2seq-0.html").read_text(encoding="utf-8")
    again = onpu("make", "seq2seq", *QUICK, "--melody", tmp_path / "a/seq2seq-0.musicxml", "--format", "midi", "--bpm",
                 90, "-o", tmp_path / "b", "--weights", weights / "seq2seq")
    assert again.code == 0, again.err
    assert read_midi(tmp_path / "b/seq2seq-0.mid").chords.starts.tolist() == pytest.approx(
        found.chords.starts.tolist(), abs=1e-3)


def test_drawn_chords_have_seeds_and_without_a_melody_there_is_one(onpu, tmp_path, weights):
    words = ("make", "seq2seq", *QUICK, "--temperature", 1, "--format", "musicxml", "--weights", weights / "seq2seq")
    assert onpu(*words, "--n", 2, "-o", tmp_path / "a").code == 0
    assert onpu(*words, "--seed", 1, "-o", tmp_path / "b").code == 0
    one, two = ((tmp_path / "a" / f"seq2seq-{seed}.musicxml").read_bytes() for seed in (0, 1))
    assert two == (tmp_path / "b/seq2seq-1.musicxml").read_bytes() and one != two and b"Ode to Joy" in one


def test_what_can_be_made_is_listed(onpu):
    said = onpu("make", "--list").out
    assert "performance: performances on the piano (Simon" in said and "seq2seq: chords for a melody (Bahdanau" in said


def test_what_a_user_can_mend_is_one_line_and_nothing_is_written(onpu, tmp_path, weights):
    (tmp_path / "bad.mid").write_bytes(b"no")
    write_midi(Timeline(2.0), tmp_path / "silent.mid")
    out = tmp_path / "out"
    play = ("performance", "--weights", weights / "performance")
    find = ("seq2seq", "--weights", weights / "seq2seq")
    for words, said in (((*play, "--seconds", 0), "1 to 600"), ((*play, "--temperature", 0), "0.05"),
                        ((*play, "--top-p", 2), "above 0 and up to 1"), ((*play, "--format", "musicxml"), "midi, wav"),
                        ((*play, "--primer", tmp_path / "bad.mid"), "bad.mid"),
                        ((*play, "--primer", tmp_path / "silent.mid"), "holds no notes"),
                        ((*play, "--primer", tmp_path / "bad.mid", "--primer-seconds", 0), "more than 0"),
                        (("performance", "--weights", weights / "seq2seq"), "weights of seq2seq"),
                        ((*find, "--key", "H"), "'H'"), ((*find, "--temperature", -1), "0 or more"),
                        ((*find, "--n", 2), "--n has no effect with --temperature 0"),
                        ((*find, "--seed", 2), "--seed has no effect with --temperature 0"),
                        ((*find, "--beam", 2, "--temperature", 1), "--beam has no effect with --temperature 1"),
                        ((*play, "--primer-seconds", 3), "--primer-seconds has no effect without --primer"),
                        ((*find, "--sound", "kazoo"), "flute"),
                        ((*find, "--bpm", 1), "20 to 300"), ((*find, "--beam", 1000), "1 to 100"),
                        ((*find, "--format", "docx"), "musicxml"),
                        ((*find, "--melody", tmp_path / "bad.mid"), "bad.mid"),
                        ((*find, "--melody", tmp_path / "silent.mid"), "no notes on beats"),
                        (("performance", "--weights", "kazoo"), "kazoo")):
        answer = onpu("make", *words, "-o", out)
        assert answer.code == 2 and said in answer.err and answer.err.count("\n") == 1, (words, answer.err)
    assert not out.exists()
    for name in RECIPES:
        answer = onpu("train", name, "-o", tmp_path / "run", "--device", "cpu")
        assert answer.code == 2 and "pop909.zip" in answer.err and answer.err.count("\n") == 1, answer.err
