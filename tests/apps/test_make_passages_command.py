"""onpu make musicvae, onpu make midinet: files, what lies between two, and what cannot be made."""

from dataclasses import replace

import pytest
import torch
from passage_files import passage

from onpu.formats.midi import read_midi, write_midi
from onpu.make import makers
from onpu.maker import TrainedMaker
from onpu.music.passage import Passage
from onpu.training.checkpoint import save

CARD = {"data": [], "validation": {}, "commercial_use": True, "command": "none", "trained": {}}
SIZES = {"latent": 4, "embedding": 4, "encoder": (4,), "conductor": (4,), "decoder": (4,)}
PROGRAMS = {"melody": 0, "bass": 33}


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    folder = tmp_path_factory.mktemp("weights")

    def saved(name, task, **sizes):
        torch.manual_seed(0)
        maker = makers()[task]
        save(folder / name, TrainedMaker.build(maker, replace(maker.recipes["small"], **sizes)), [], CARD)
        return folder / name

    return {"melody": saved("melody", "musicvae", **SIZES), "trio": saved("trio", "musicvae", kind="trio-16", **SIZES),
            "midinet": saved("midinet", "midinet", noise_size=4, dense_units=(4, 4), channels=4,
                             conditioner_channels=4)}


@pytest.fixture(scope="module")
def songs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("songs")
    for number in (1, 2):
        write_midi(passage(number, 4).timeline(100, PROGRAMS), folder / f"{number}.mid")
    write_midi(Passage({"drums": passage(1, 2).parts["drums"]}).timeline(100, {}), folder / "drums.mid")
    (folder / "bad.mid").write_bytes(b"no")
    return folder


def test_bands_come_in_every_format_and_the_seed_decides(onpu, tmp_path, weights):
    words = ("make", "musicvae", "--weights", weights["trio"], "--temperature", 1, "--device", "cpu")
    answer = onpu(*words, "--seed", 3, "-o", tmp_path / "a", "--format", "musicxml,wav,html", "--bpm", 300)
    assert answer.code == 0, answer.err
    answer = onpu(*words, "--seed", 3, "--n", 2, "-o", tmp_path / "a", "--format", "midi")
    names = {f"musicvae-3{suffix}" for suffix in (".musicxml", ".wav", ".html", "_2.mid")} | {"musicvae-4.mid"}
    assert answer.code == 0 and {path.name for path in (tmp_path / "a").iterdir()} == names
    assert '"sound":null' not in (tmp_path / "a/musicvae-3.html").read_text(encoding="utf-8")
    answer = onpu(*words, "--seed", 4, "-o", tmp_path / "b", "--format", "midi")
    first, other = (tmp_path / "a" / f"musicvae-{seed}.mid" for seed in ("3_2", "4"))
    assert (tmp_path / "b/musicvae-4.mid").read_bytes() == other.read_bytes() != first.read_bytes()
    assert len(read_midi(first).drums.times)


def test_what_lies_between_two_files_is_one_file_of_sections(onpu, tmp_path, weights, songs):
    answer = onpu("make", "musicvae", "--interpolate", songs / "1.mid", songs / "2.mid", "--steps", 5, "-o", tmp_path,
                  "--weights", weights["melody"], "--format", "midi,html", "--bpm", 120, "--device", "cpu")
    assert answer.code == 0, answer.err
    made = read_midi(tmp_path / "musicvae-0.mid")
    assert made.sections.labels.tolist() == [f"{number} of 5" for number in range(1, 6)]
    assert made.sections.starts.tolist() == pytest.approx([0, 4, 8, 12, 16], abs=0.01)
    assert "5 from one to the other" in (tmp_path / "musicvae-0.html").read_text(encoding="utf-8")


def test_a_file_is_varied(onpu, tmp_path, weights, songs):
    for name, words in (("a", ()), ("b", ("--density", 2))):
        answer = onpu("make", "musicvae", "--like", songs / "1.mid", *words, "-o", tmp_path / name, "--weights",
                      weights["melody"], "--format", "midi", "--device", "cpu")
        assert answer.code == 0, answer.err
    files = [(tmp_path / name / "musicvae-0.mid").read_bytes() for name in ("a", "b")]
    assert files[0] == files[1]  # its attribute vectors are still zero


def test_a_melody_over_chords_in_every_format(onpu, tmp_path, weights, songs):
    words = ("make", "midinet", "--chords", "C:maj G:maj, A:min F:maj7", "--bars", 6, "--weights", weights["midinet"],
             "--device", "cpu")
    answer = onpu(*words, "--seed", 2, "-o", tmp_path / "a", "--format", "midi,musicxml,wav,html")
    assert answer.code == 0, answer.err
    assert {path.suffix for path in (tmp_path / "a").iterdir()} == {".mid", ".musicxml", ".wav", ".html"}
    assert "A:min" in (tmp_path / "a/midinet-2.html").read_text(encoding="utf-8")
    assert "<harmony" in (tmp_path / "a/midinet-2.musicxml").read_text(encoding="utf-8")
    made = read_midi(tmp_path / "a/midinet-2.mid")
    assert made.chords.labels.tolist() == ["C:maj", "G:maj", "A:min", "F:maj7", "C:maj", "G:maj"]
    answer = onpu(*words, "--n", 2, "--after", songs / "1.mid", "-o", tmp_path / "b", "--format", "midi")
    assert answer.code == 0 and {path.name for path in (tmp_path / "b").iterdir()} == {"midinet-0.mid", "midinet-1.mid"}


def test_both_are_listed(onpu):
    answer = onpu("make", "--list")
    assert answer.code == 0 and "musicvae: melodies" in answer.out and "midinet: melodies over chords" in answer.out


def test_what_a_user_can_mend_is_one_line_and_nothing_is_written(onpu, tmp_path, weights, songs):
    out, melody = tmp_path / "out", ("musicvae", "--weights", weights["melody"])
    for words, said in (
            ((*melody, "--like", songs / "drums.mid"), "drums.mid: holds no notes"),
            ((*melody, "--like", songs / "bad.mid"), "bad.mid"),
            ((*melody, "--like", songs / "absent.mid"), "absent.mid"),
            ((*melody, "--interpolate", songs / "1.mid", songs / "drums.mid"), "drums.mid: holds no notes"),
            ((*melody, "--like", songs / "1.mid", "--interpolate", songs / "1.mid", songs / "2.mid"), "one of them"),
            ((*melody, "--range", 99), "10 times"), ((*melody, "--bpm", 1), "20 to 300"),
            ((*melody, "--steps", 4), "--steps has no effect without --interpolate"),
            ((*melody, "--interpolate", songs / "1.mid", songs / "2.mid", "--steps", 1), "2 to 64"),
            ((*melody, "--like", songs / "1.mid", "--n", 2), "--n has no effect with --like at temperature 0"),
            ((*melody, "--temperature", -1), "0 or more"), ((*melody, "--format", "docx"), "musicxml"),
            (("musicvae", "--weights", weights["midinet"]), "not of musicvae"), (("musicvae", "--weights", "x"), "x"),
            (("midinet", "--chords", "C:maj H"), "'H'"), (("midinet", "--chords", ""), "a bar each"),
            (("midinet", "--bars", 300), "1 to 64"), (("midinet", "--sound", "kazoo"), "flute"),
            (("midinet", "--after", songs / "drums.mid", "--weights", weights["midinet"]), "drums.mid: holds no"),
            (("midinet", "--weights", weights["melody"]), "not of midinet")):
        answer = onpu("make", *words, "-o", out)
        assert answer.code == 2 and said in answer.err and answer.err.count("\n") == 1, answer.err
    assert not out.exists()
    answer = onpu("train", "musicvae", "--data", tmp_path / "absent.zip", "-o", tmp_path / "run", "--device", "cpu")
    assert answer.code == 2 and "absent.zip" in answer.err and answer.err.count("\n") == 1
