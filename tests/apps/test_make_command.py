"""onpu make: chorales as files, melodies harmonised, and what cannot be made."""

from dataclasses import replace

import pytest
import torch
from chorale_files import row, write_chorales

from onpu.data.corpora.chorales import Chorales
from onpu.formats.chorale_midi import write_chorale_midi
from onpu.formats.midi import read_midi
from onpu.make.chorale import MAKER
from onpu.maker import TrainedMaker
from onpu.training.checkpoint import save

QUICK = ("--bars", 1, "--sweeps", 1, "--device", "cpu")


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    path = tmp_path_factory.mktemp("weights") / "tiny.safetensors"
    torch.manual_seed(0)
    card = {"data": [], "validation": {}, "commercial_use": False, "command": "none", "trained": {}}
    save(path, TrainedMaker.build(MAKER, replace(MAKER.recipes["small"], units=(4,), width=4, embedding=4)), [], card)
    return path


def test_a_seed_is_a_score_in_every_format(onpu, tmp_path, weights):
    answer = onpu("make", "chorale", *QUICK, "--seed", 3, "--n", 2, "-o", tmp_path / "a", "--weights", weights,
                  "--format", "midi,musicxml,wav,html")
    assert answer.code == 0, answer.err
    names = {f"chorale-{seed}{suffix}" for seed in (3, 4) for suffix in (".mid", ".musicxml", ".wav", ".html")}
    assert {path.name for path in (tmp_path / "a").iterdir()} == names
    assert all(str(tmp_path / "a" / name) in answer.out for name in names)
    page = (tmp_path / "a/chorale-3.html").read_text(encoding="utf-8")
    assert "Chorale in G major" in page and '"sound":null' not in page
    answer = onpu("make", "chorale", *QUICK, "--seed", 4, "-o", tmp_path / "b", "--weights", weights, "--format",
                  "midi,musicxml")
    assert answer.code == 0
    for name in ("chorale-4.mid", "chorale-4.musicxml"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    assert (tmp_path / "a/chorale-3.mid").read_bytes() != (tmp_path / "a/chorale-4.mid").read_bytes()


def test_a_melody_from_a_midi_file_is_the_soprano(onpu, tmp_path, weights):
    given = Chorales.open(write_chorales(tmp_path / "chorales.json.gz", 1)).item(0)
    given.pitches[1:], given.attacks[1:] = 0, False
    write_chorale_midi(given, tmp_path / "hymn.mid", 90, 0)
    answer = onpu("make", "chorale", "--soprano", tmp_path / "hymn.mid", "--sweeps", 1, "-o", tmp_path, "--format",
                  "midi", "--weights", weights, "--device", "cpu")
    assert answer.code == 0, answer.err
    made = read_midi(tmp_path / "chorale-0.mid").notes
    highest = {round(onset * 72 / 60 * 4): 0.0 for onset in made.onsets}
    line = given.line(0)
    assert line.pitches.tolist() == row(0)["soprano"][::4]
    starts = [round(onset * 72 / 60 * 4) for onset in made.onsets]
    for start, pitch in zip(line.starts.tolist(), line.pitches.tolist(), strict=True):
        assert start in highest and pitch in [p for s, p in zip(starts, made.pitches, strict=True) if s == start]


def test_what_can_be_made_is_listed(onpu):
    answer = onpu("make", "--list")
    assert answer.code == 0 and "chorale: four-part chorales (Hadjeres" in answer.out


def test_what_a_user_can_mend_is_one_line_and_nothing_is_written(onpu, tmp_path, weights):
    (tmp_path / "bad.mid").write_bytes(b"no")
    out = tmp_path / "out"
    for words, said in (((), "--list"), (("chorale", "--bars", 300), "1 to 64"), (("chorale", "--key", "H"), "'H'"),
                        (("chorale", "--metre", "6/8"), "4/4, 3/4"), (("chorale", "--format", "docx"), "musicxml"),
                        (("chorale", "--temperature", 0), "0.05"), (("chorale", "--sound", "kazoo"), "organ"),
                        (("chorale", "--bpm", 0), "20 to 300"), (("chorale", "--weights", "kazoo"), "kazoo"),
                        (("chorale", "--soprano", tmp_path / "bad.mid", "--weights", weights), "bad.mid"),
                        (("chorale", "--soprano", tmp_path / "bad.mid", "--bars", 8),
                         "--bars has no effect with --soprano; leave it out"),
                        (("chorale", "--no-upbeat", "--soprano", tmp_path / "bad.mid"),
                         "--upbeat has no effect with --soprano")):
        answer = onpu("make", *words, *(("-o", out) if words else ()))
        assert answer.code == 2 and said in answer.err and answer.err.count("\n") == 1, answer.err
    assert not out.exists()
    answer = onpu("train", "chorale", "-o", tmp_path / "run", "--device", "cpu")
    assert answer.code == 2 and "--data" in answer.err and answer.err.count("\n") == 1
    answer = onpu("compose", "--corpus", tmp_path / "c", "--for", "chorale", "-n", 1)
    assert answer.code == 2 and "onpu train chorale" in answer.err
