"""onpu train, evaluate, models: flags are the recipe's fields, and a run from songs to scores."""

import csv
import json
import shutil
from dataclasses import fields

import numpy as np
import pytest
import soundfile

from onpu.listen import tasks
from onpu.listen.beats import BeatRecipe
from onpu.make import makers
from onpu.weights import read_card

TINY = ["--width", 4, "--channels", 8, "--blocks", 3, "--crop-seconds", 4, "--batch", 2, "--steps", 2, "--epochs", 1,
        "--workers", 0, "--device", "cpu"]


@pytest.fixture(scope="session")
def recordings(tmp_path_factory):
    """Five recordings of clicks with their beats."""
    folder = tmp_path_factory.mktemp("annotated")
    rate, generator = 22_050, np.random.default_rng(0)
    for number in range(5):
        times = 0.3 + np.arange(12) * 60 / (90 + 10 * number)
        sound = 0.01 * generator.normal(size=round((times[-1] + 1) * rate))
        for time in times:
            sound[round(time * rate) :][:400] += np.hanning(400) * np.sin(np.arange(400))
        soundfile.write(folder / f"take{number}.wav", sound, rate)
        lines = (f"{time:.4f}\t{beat % 4 + 1}\n" for beat, time in enumerate(times))
        (folder / f"take{number}.beats").write_text("".join(lines))
    return folder


def test_every_field_of_the_recipe_is_a_flag(onpu):
    answer = onpu("train", "beats", "--help")
    assert answer.code == 0
    for field in fields(BeatRecipe):
        assert f"--{field.name.replace('_', '-')}" in answer.out


def test_train_on_a_folder_then_evaluate_and_fine_tune(onpu, recordings, tmp_path):
    first = onpu("train", "beats", "--data", recordings, "-o", tmp_path / "run", "--learning-rate", 0.002, *TINY)
    best = tmp_path / "run/best.safetensors"
    assert first.code == 0 and str(best) in first.out, first.err
    card = read_card(best)
    assert card["recipe"]["learning_rate"] == 0.002 and card["recipe"]["blocks"] == 3
    assert card["commercial_use"] is False

    second = onpu("evaluate", best, recordings, "--csv", tmp_path / "scores.csv")
    assert second.code == 0 and "Beat F-measure" in second.out and "5 recordings" in second.out, second.err
    with open(tmp_path / "scores.csv") as file:
        rows = {row["recording"]: row for row in csv.DictReader(file)}
    assert {"take0", "take4", "mean", "median", "low", "high"} <= set(rows)
    assert rows["mean"]["tool"].startswith("mir_eval ")

    assert "these weights learned from these recordings" in second.err

    third = onpu("train", "beats", "--from", best, "--data", recordings, "-o", tmp_path / "tuned", "--epochs", 1,
                 "--steps", 1, "--workers", 0, "--device", "cpu")
    assert third.code == 0, third.err
    tuned = read_card(tmp_path / "tuned/best.safetensors")
    assert tuned["trained"]["parent"] == card["sha256"]
    assert tuned["recipe"]["learning_rate"] < card["recipe"]["learning_rate"]
    before, after = card["trained"]["score"], tuned["trained"]["score"]
    assert tuned["trained"]["before"] == before and f"onpu: before: {before:.3f} (Beat F-measure" in third.err
    verdict = "no better than before" if after <= before else "better than before"
    assert f"{verdict}: {after:.3f} after, {before:.3f} before" in third.out

    again = ["train", "beats", "--from", best, "--data", recordings, "-o", tmp_path / "again"]
    for words, said in ((("--width", 8), "width is 8, but the weights to start from have 4: another network"),
                        (("--network", "blstm"), "network is blstm, but the weights to start from have tcn"),
                        (("--blocks", 3, "--channels", 4), "channels is 4, but the weights to start from have 8")):
        refused = onpu(*again, *words)
        assert refused.code == 2 and refused.err.startswith(f"onpu: {said}") and refused.err.count("\n") == 1, refused
    assert not (tmp_path / "again").exists()


def test_who_judges_by_what_is_learned_from_is_told(onpu, recordings, tmp_path):
    for name in ("take0", "take1"):
        for suffix in (".wav", ".beats"):
            shutil.copy(recordings / f"{name}{suffix}", tmp_path)
    few = onpu("train", "beats", "--data", tmp_path, "-o", tmp_path / "run", *TINY)
    assert few.code == 0 and "judged by what is learned from, since there are fewer than 5 recordings" in few.err
    same = onpu("train", "beats", "--data", recordings, "--validation", recordings, "-o", tmp_path / "run2", *TINY)
    assert same.code == 0 and "which is learned from as well" in same.err
    right = onpu("train", "beats", "--data", recordings, "--validation", tmp_path, "-o", tmp_path / "run3", *TINY)
    assert right.code == 0 and "learned from" not in right.err, right.err


def test_training_without_its_extra_is_one_line(onpu, recordings, monkeypatch):
    monkeypatch.setattr("onpu.apps.train.find_spec", lambda name: None)
    for words in (("train", "beats", "--data", recordings), ("train", "chorale")):
        answer = onpu(*words)
        assert (answer.code, answer.err) == (2, "onpu: training needs lightning and tensorboard, not installed here; "
                                                "pip install 'onpu[train]'\n")


def test_chords_of_a_folder_are_learned_scored_and_fine_tuned(onpu, tmp_path):
    songs, rate = tmp_path / "songs", 22_050
    songs.mkdir()
    for number in range(3):
        times = np.arange(3 * rate) / rate
        tones = np.where(times[:, None] < 1.5, [261.6, 329.6, 392.0], [220.0, 261.6, 329.6]) * 2 ** (number / 12)
        soundfile.write(songs / f"song{number}.wav", 0.1 * np.sin(2 * np.pi * times[:, None] * tones).sum(axis=1), rate)
    (songs / "song0.chords.lab").write_text("0\t1.5\tC:maj\n1.5\t3\tA:min\n")
    (songs / "song1.lab").write_text("0 1.5 C#:maj\n1.5 3 A#:min\n")
    device = ["--workers", 0, "--device", "cpu", "--epochs", 1, "--steps", 1]
    first = onpu("train", "chords", "--data", songs, "-o", tmp_path / "run", "--channels", 1, "--frame-features", 4,
                 "--units", 4, "--crop-seconds", 2, "--batch", 2, *device)
    best = tmp_path / "run/best.safetensors"
    assert first.code == 0, first.err
    assert "1 of 3 recordings have no chords and are left out: song2.wav" in first.err

    second = onpu("evaluate", best, songs, "--csv", tmp_path / "scores.csv")
    assert second.code == 0 and "2 recordings" in second.out, second.err
    assert {"root", "majmin", "tetrads_inv", "seg"} <= set(second.out.split())

    third = onpu("train", "chords", "--from", best, "--data", songs, "-o", tmp_path / "tuned", *device)
    assert third.code == 0, third.err
    assert read_card(tmp_path / "tuned/best.safetensors")["trained"]["parent"] == read_card(best)["sha256"]


@pytest.mark.parametrize(("words", "named"), [
    (["--recipe", "enormous"], "enormous"), (["--recipe", "small", "--from", "beats"], "--from"),
    (["--data", "nowhere"], "nowhere"),
])
def test_wrong_training_is_one_line(onpu, tmp_path, words, named):
    answer = onpu("train", "beats", "-o", tmp_path / "run", *words)
    assert answer.code == 2 and answer.err.count("\n") == 1 and named in answer.err


CHOOSING = [name for name, task in {**tasks(), **makers()}.items()
            if hasattr(next(iter(task.recipes.values())), "network")]


@pytest.mark.parametrize("task", CHOOSING)
def test_an_unknown_network_is_refused_before_any_data_are_prepared(onpu, clicks, tmp_path, task):
    help_text = onpu("train", task, "--help").out
    answer = onpu("train", task, "-o", tmp_path / "run", "--data", clicks.parent, "--network", "nonsense")
    assert answer.code == 2 and answer.err.startswith("onpu: nonsense: no such network; choose from ")
    choices = answer.err.strip().split("choose from ")[1].split(", ")
    assert len(choices) > 1 and all(name in help_text for name in choices)
    assert not (tmp_path / "run").exists()


def test_an_unknown_network_is_refused_when_going_on_with_weights(onpu, untrained, clicks, tmp_path):
    answer = onpu("train", "beats", "--from", untrained, "-o", tmp_path / "run", "--data", clicks.parent, "--network",
                  "nonsense")
    assert answer.code == 2 and answer.err == "onpu: nonsense: no such network; choose from tcn, blstm\n"


def test_a_folder_without_labels_says_what_was_found(onpu, clicks, tmp_path):
    answer = onpu("train", "beats", "--data", clicks.parent, "-o", tmp_path / "run")
    assert answer.code == 2 and "1 recordings, 0 label files, no recording with beats; put NAME.beats" in answer.err


def test_unknown_task_is_an_error(onpu):
    answer = onpu("train", "telepathy")
    assert answer.code == 2 and "telepathy" in answer.err


@pytest.fixture(scope="module")
def tagged(tmp_path_factory):
    """Six recordings in folders named after what they are."""
    folder, rate, generator = tmp_path_factory.mktemp("tagged"), 16_000, np.random.default_rng(0)
    for number in range(6):
        kind = ("hum", "hiss")[number % 2]
        tone = np.sin(np.arange(2 * rate) * 2 * np.pi * (100 + 20 * number) / rate)
        (folder / kind).mkdir(exist_ok=True)
        sound = tone if kind == "hum" else generator.normal(size=2 * rate)
        soundfile.write(folder / kind / f"{number}.wav", 0.1 * sound, rate)
    return folder


def test_tags_of_ones_own_are_learned_from_folders_and_named(onpu, tagged, tmp_path):
    small = ["--width", 4, "--units", 6, "--batch", 2, "--steps", 12, "--epochs", 1, "--workers", 0, "--device", "cpu",
             "--crop-seconds", 2, "--minutes", 0, "--precision", "32-true", "--learning-rate", 0.02]
    run = onpu("train", "tags", "--data", tagged, "-o", tmp_path / "run", *small)
    best = tmp_path / "run/best.safetensors"
    assert run.code == 0 and best.exists(), run.err
    assert read_card(best)["recipe"]["words"] == ["hiss", "hum"]
    found = onpu("analyze", tagged / "hum/0.wav", "--tasks", best, "--json")
    tags = json.loads(found.out)["tags"]
    assert found.code == 0 and set(tags["labels"]) <= {"hum", "hiss"} and tags["labels"]


def test_a_wrong_table_of_tags_stops_the_training_in_one_line(onpu, tagged, tmp_path):
    table = tagged / "tags.csv"
    table.write_text("file,tag\nhum/0.wav,hum\nhum/9.wav,hum\n")
    answer = onpu("train", "tags", "--data", tagged, "-o", tmp_path / "run")
    table.unlink()
    assert answer.code == 2 and "tags.csv, line 3: there is no recording hum/9.wav" in answer.err
