"""A run can be killed at any moment, divided among processes, resumed: the weights stay what they are."""

import contextlib
import csv
import json
import subprocess
import sys
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import tiny
import torch

from onpu.data.corpus import import_corpus
from onpu.errors import DataError, OnpuError, WeightsError
from onpu.listen import melody, notes
from onpu.music import Beats
from onpu.trained import TrainedListener
from onpu.training import learner, loop
from onpu.training.datasets import TrainingData
from onpu.training.finetune import gentle
from onpu.training.learner import Learner
from onpu.training.listeners import train
from onpu.training.loop import inherit
from onpu.training.state import StateFiles
from onpu.weights import read_weights


@pytest.fixture(scope="module")
def whole(corpus, tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs") / "whole"
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    train(tiny.LISTENER, tiny.RECIPE, TrainingData((corpus,)), folder, bar=False)
    torch.set_num_threads(threads)
    return folder


def tensors(tree, path=""):
    """All tensors of a stored state by path, the clock's time left out."""
    if isinstance(tree, torch.Tensor):
        return {path: tree}
    children = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list | tuple) else ()
    return {name: tensor for key, child in children for name, tensor in tensors(child, f"{path}/{key}").items()}


def test_a_killed_run_ends_with_the_same_bits(corpus, whole, tmp_path):
    run = tmp_path / "run"
    command = [sys.executable, str(Path(tiny.__file__).with_name("run_tiny.py")), str(corpus.folder), str(run)]
    first = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not (run / "state.safetensors").exists() and first.poll() is None:
        time.sleep(0.01)
    first.kill()
    first.wait()
    stopped = StateFiles().load_checkpoint(run / "state.safetensors")
    assert stopped["global_step"] < tiny.RECIPE.steps * tiny.RECIPE.epochs, "the run was over before it was killed"
    subprocess.run(command, check=True, capture_output=True)
    uninterrupted = StateFiles().load_checkpoint(whole / "state.safetensors")
    resumed = StateFiles().load_checkpoint(run / "state.safetensors")
    assert uninterrupted["global_step"] == resumed["global_step"] == tiny.RECIPE.steps * tiny.RECIPE.epochs
    expected, found = tensors(uninterrupted), tensors(resumed)
    assert expected.keys() == found.keys()
    assert all(torch.equal(expected[name], found[name]) for name in expected)
    assert read_weights(whole / "best.safetensors")[1]["sha256"] == read_weights(run / "best.safetensors")[1]["sha256"]


LEARNED = {
    "sgd, plateau": {"optimiser": "sgd", "momentum": 0.9, "momentum_start": 0.5, "momentum_ramp": (6, 30),
                     "nesterov": True, "schedule": "plateau", "lr_patience": 1, "learning_rate": 1e-6},
    "adagrad, constant": {"optimiser": "adagrad", "schedule": "constant"},
    "rmsprop, step": {"optimiser": "rmsprop", "momentum": 0.5, "schedule": "step", "lr_decay_steps": 7},
    "adam, cosine": {"optimiser": "adam", "beta1": 0.5, "l1_penalty": 1e-3},
    "adamw, growing": {"optimiser": "adamw", "schedule": "step", "lr_decay": 0.5, "lr_decay_steps": 10,
                      "batch_growth": 4}}


@pytest.mark.parametrize("name", LEARNED)
def test_a_run_that_broke_off_ends_with_the_same_bits_whatever_it_learns_by(corpus, tmp_path, monkeypatch, name):
    recipe = replace(tiny.RECIPE, **LEARNED[name])
    train(tiny.LISTENER, recipe, TrainingData((corpus,)), tmp_path / "whole", bar=False)
    with monkeypatch.context() as patch:
        step = Learner.training_step

        def breaking(self, batch, batch_idx):
            if self.done == 29:
                raise ConnectionAbortedError("the power fails")
            step(self, batch, batch_idx)

        patch.setattr(Learner, "training_step", breaking)
        with pytest.raises(ConnectionAbortedError):
            train(tiny.LISTENER, recipe, TrainingData((corpus,)), tmp_path / "broken", bar=False)
    stopped = StateFiles().load_checkpoint(tmp_path / "broken" / "state.safetensors")
    train(tiny.LISTENER, recipe, TrainingData((corpus,)), tmp_path / "broken", bar=False)
    whole, resumed = (StateFiles().load_checkpoint(tmp_path / run / "state.safetensors") for run in ("whole", "broken"))
    assert stopped["done"] == 24 and whole["done"] == 36
    expected, found = tensors(whole), tensors(resumed)
    assert expected.keys() == found.keys() and all(torch.equal(expected[key], found[key]) for key in expected)
    assert any(not torch.equal(tensors(stopped)[key], found[key]) for key in found if key.startswith("/state_dict"))
    groups = whole["optimizer_states"][0]["param_groups"]
    assert groups == resumed["optimizer_states"][0]["param_groups"] and whole["plateau"] == resumed["plateau"]
    if name == "sgd, plateau":
        assert whole["plateau"]["falls"] == stopped["plateau"]["falls"] + 1 == 2
        assert groups[0]["lr"] == pytest.approx(1e-6 * 0.1) and groups[0]["momentum"] == 0.9
    if name == "rmsprop, step":
        assert groups[0]["lr"] == pytest.approx(recipe.learning_rate * 0.1**5) and groups[0]["momentum"] == 0.5


def test_two_processes_learn_what_one_learns(corpus, tmp_path):
    one = train(tiny.LISTENER, tiny.PLAIN, TrainingData((corpus,)), tmp_path / "one", bar=False)
    two = train(tiny.LISTENER, tiny.PLAIN, TrainingData((corpus,)), tmp_path / "two", devices=2, bar=False)
    expected, found = read_weights(one)[0], read_weights(two)[0]
    for name in expected:
        torch.testing.assert_close(found[name], expected[name], rtol=1e-3, atol=1e-4)
    card = read_weights(two)[1]
    assert card["scores"][0]["items"] == 1 and card["trained"]["steps"] > 0


def test_it_learns_and_writes_what_it_did(corpus, whole):
    weights, card = read_weights(whole / "best.safetensors")
    trained = TrainedListener.restore(tiny.LISTENER, weights, card)
    audio, labels = tiny.clicks(1000)
    assert tiny.metric(labels, trained.timeline(audio))["Recall"] > 0.9
    assert card["commercial_use"] is True and card["data"][0]["licence"] == "CC0-1.0"
    assert card["recipe"] == json.loads((whole / "run.json").read_text())["recipe"]
    assert list(whole.glob("logs/*/metrics.csv")) and list(whole.glob("tensorboard/*/events*"))


def test_weights_are_chosen_by_the_mean_over_kinds(corpus, tmp_path):
    """Clicks where the labels say, and one recording of another kind whose labels are elsewhere: that one counts as
    much as the three, in the score that chooses and in the log."""
    right = [(f"right {n}", partial(corpus.audio, n), corpus.timeline(n)) for n in range(3)]
    moved = corpus.timeline(3)
    moved = replace(moved, beats=Beats.of(moved.beats.times + 0.17, moved.beats.positions))
    judge = import_corpus(tmp_path / "judge", [*right, ("wrong", partial(corpus.audio, 3), moved)], "CC0-1.0", True,
                          "x", kinds=("clicks",) * 3 + ("moved",))
    train(tiny.LISTENER, tiny.RECIPE, TrainingData((corpus,), validation=judge), tmp_path / "run", bar=False)
    card = read_weights(tmp_path / "run" / "best.safetensors")[1]
    with next((tmp_path / "run" / "logs").rglob("metrics.csv")).open(encoding="utf-8", newline="") as file:
        logged = [row for row in csv.DictReader(file) if row["score"]]
    best = max(logged, key=lambda row: float(row["score"]))
    kinds = [float(best[f"kind/{kind}"]) for kind in ("clicks", "moved")]
    assert card["trained"]["score"] == pytest.approx(np.mean(kinds), abs=1e-3) and kinds[0] > kinds[1] + 0.5
    assert card["validation"]["kinds"] == {"clicks": 3, "moved": 1}


def test_the_average_of_weights_is_kept(corpus, whole):
    """Recomputed from its definition it is between start and end: the kept weights are not the last ones."""
    state = StateFiles().load_checkpoint(whole / "state.safetensors")["state_dict"]
    assert not torch.equal(state["networks.network.first.weight"], state["average.first.weight"])


def test_a_time_budget_ends_the_run(corpus, tmp_path):
    recipe = replace(tiny.RECIPE, minutes=0.02, epochs=100_000, patience=100_000)
    best = train(tiny.LISTENER, recipe, TrainingData((corpus,)), tmp_path / "run", bar=False)
    assert 0 < read_weights(best)[1]["trained"]["steps"] < 100_000


def test_gathered_batches_are_one_large_batch(corpus, tmp_path, monkeypatch):
    """Three of four examples each are one of twelve, as the moments of AdamW say; the two that are left at the end of
    an epoch make a step that goes twice as far as one would."""
    def moments(folder, recipe):
        train(tiny.LISTENER, recipe, TrainingData((corpus,)), folder, bar=False)
        state = StateFiles().load_checkpoint(folder / "state.safetensors")
        return tensors(state["optimizer_states"]), state["optimizer_states"][0]["param_groups"][0]["lr"]

    recipe = replace(tiny.PLAIN, epochs=1, gradient_clip=0.0, schedule="constant", warmup=0)
    large, _ = moments(tmp_path / "large", replace(recipe, batch=12, steps=1))
    monkeypatch.setattr(learner, "batches", lambda recipe, left: 3)
    gathered, _ = moments(tmp_path / "gathered", replace(recipe, batch=4, steps=3))
    assert large.keys() == gathered.keys()
    for name in large:
        torch.testing.assert_close(gathered[name], large[name], rtol=1e-4, atol=1e-7)
    rest, rate = moments(tmp_path / "rest", replace(recipe, batch=4, steps=5))
    steps = [float(tensor) for name, tensor in rest.items() if name.endswith("/step")]
    assert set(steps) == {2.0} and rate == pytest.approx(2 * recipe.learning_rate)


def test_a_folder_keeps_to_its_run(corpus, whole, tmp_path):
    with pytest.raises(DataError, match="run with other recipe"):
        train(tiny.LISTENER, replace(tiny.RECIPE, seed=2), TrainingData((corpus,)), whole, bar=False)
    with pytest.raises(OnpuError, match="cannot be divided among 3"):
        train(tiny.LISTENER, tiny.RECIPE, TrainingData((corpus,)), tmp_path, devices=3)


def test_fine_tuning_starts_from_its_parent(corpus, whole, tmp_path):
    weights, card = read_weights(whole / "best.safetensors")
    parent = TrainedListener.restore(tiny.LISTENER, weights, card)
    recipe = replace(gentle(parent.recipe, corpus.seconds), epochs=1, learning_rate=0.0, ema_decay=0.0, dropout=0.2)
    best = train(tiny.LISTENER, recipe, TrainingData((corpus,)), tmp_path / "run", parent=parent, bar=False)
    tuned, new = read_weights(best)
    assert new["trained"]["parent"] == card["sha256"]
    for name, _ in parent.network.named_parameters():
        assert torch.equal(tuned[name], weights[name])
    with pytest.raises(WeightsError, match="another network"):
        train(tiny.LISTENER, replace(recipe, width=7), TrainingData((corpus,)), tmp_path / "wide", parent=parent,
              bar=False)


def test_a_part_of_what_was_there_before_can_be_blended_in(corpus, whole, tmp_path):
    weights, card = read_weights(whole / "best.safetensors")
    parent = TrainedListener.restore(tiny.LISTENER, weights, card)
    recipe = replace(parent.recipe, epochs=1, steps=3, workers=0)
    learned, _ = read_weights(train(tiny.LISTENER, recipe, TrainingData((corpus,)), tmp_path / "all", parent=parent,
                                    bar=False))
    mixed, new = read_weights(train(tiny.LISTENER, replace(recipe, blend=0.25), TrainingData((corpus,)),
                                    tmp_path / "part", parent=parent, bar=False))
    assert new["recipe"]["blend"] == 0.25
    assert any(not torch.equal(learned[name], weights[name]) for name in weights)
    for name, values in mixed.items():
        if values.is_floating_point():
            torch.testing.assert_close(values, 0.25 * learned[name] + 0.75 * weights[name], rtol=1e-5, atol=1e-6)
    with pytest.raises(OnpuError, match="--from"):
        train(tiny.LISTENER, replace(recipe, blend=0.5), TrainingData((corpus,)), tmp_path / "none", bar=False)
    with pytest.raises(OnpuError, match="above 0"):
        train(tiny.LISTENER, replace(recipe, blend=0.0), TrainingData((corpus,)), tmp_path / "none", parent=parent,
              bar=False)


def test_weights_inherit_what_their_recordings_allow(corpus, tmp_path):
    closed = tiny.click_corpus(tmp_path / "closed", 5)
    description = json.loads((closed.folder / "corpus.json").read_text()) | {"commercial_use": False}
    (closed.folder / "corpus.json").write_text(json.dumps(description))
    recipe = replace(tiny.RECIPE, epochs=1, steps=3)
    data = TrainingData((corpus, type(closed).open(closed.folder)))
    card = read_weights(train(tiny.LISTENER, recipe, data, tmp_path / "run", bar=False))[1]
    assert card["commercial_use"] is False and card["licence"].startswith("not for redistribution")


def test_the_card_names_every_recording_and_passes_on_what_the_parent_learned_from(corpus, tmp_path):
    recorded = tiny.click_corpus(tmp_path / "recorded", 5)
    items = [{"name": f"song {number}", "author": "A. Singer", "licence": "CC BY-SA 3.0", "source": "songs"}
             for number in range(5)]
    description = {name: value for name, value in recorded.description.items() if name != "plan"} | {
        "kind": "recordings", "licence": "see items", "origin": "0123", "credits": items,
        "names": [item["name"] for item in items]}
    (recorded.folder / "corpus.json").write_text(json.dumps(description))
    recipe = replace(tiny.RECIPE, epochs=1, steps=3)
    data = TrainingData((corpus, type(recorded).open(recorded.folder)))
    weights, card = read_weights(train(tiny.LISTENER, recipe, data, tmp_path / "parent", bar=False))
    assert card["data"][1]["credits"] == items and (card["licence"], card["commercial_use"]) == ("CC BY-SA 4.0", True)
    parent = TrainedListener.restore(tiny.LISTENER, weights, card)
    best = train(tiny.LISTENER, recipe, TrainingData((corpus,)), tmp_path / "child", parent=parent, bar=False)
    child = read_weights(best)[1]
    assert [source.get("credits") for source in child["data"]] == [None, items] and child["data"][1]["share"] == 0
    assert child["licence"] == "CC BY-SA 4.0" and read_weights(best)[1]["trained"]["parent"] == card["sha256"]
    closed = replace(parent, card={**card, "licence": "all rights reserved", "commercial_use": False})
    best = train(tiny.LISTENER, recipe, TrainingData((corpus,)), tmp_path / "closed", parent=closed, bar=False)
    assert read_weights(best)[1]["commercial_use"] is False


def test_what_fits_is_taken_and_what_does_not_begins_anew():
    small = replace(notes.LISTENER.recipes["small"], width=6, channels=6, units=6)
    torch.manual_seed(0)
    parent = TrainedListener.build(notes.LISTENER, small)
    child = TrainedListener.build(notes.LISTENER, replace(small, instruments=True))
    before = child.network.state_dict()["family.weight"].clone()
    inherit(child.network, parent.network)
    after = child.network.state_dict()
    assert all(torch.equal(after[name], tensor) for name, tensor in parent.network.state_dict().items())
    assert torch.equal(after["family.weight"], before)
    tune = replace(melody.LISTENER.recipes["small"], width=6, channels=6)
    singer = TrainedListener.build(melody.LISTENER, tune)
    inherit(singer.network, child.network)
    assert torch.equal(singer.network.state_dict()["attack.0.near.0.weight"], after["attack.0.near.0.weight"])
    with pytest.raises(WeightsError, match="another network"):
        inherit(child.network, TrainedListener.build(notes.LISTENER, replace(small, width=5, channels=7)).network)


@pytest.mark.parametrize("kept", [0, 40, 0.5], ids=["nothing", "forty bytes", "half"])
def test_a_damaged_state_is_one_line_that_says_what_to_do(tmp_path, kept):
    path = tmp_path / "state.safetensors"
    StateFiles().save_checkpoint({"weights": torch.arange(1000.0), "step": 3}, path)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(kept if isinstance(kept, int) else kept * len(whole))])
    with pytest.raises(DataError, match=r"is damaged .*; delete the file to begin the run anew") as raised:
        StateFiles().load_checkpoint(path)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("multiplies", [True, False])
def test_bfloat16_is_left_to_processors_that_multiply_it(multiplies, monkeypatch):
    monkeypatch.setattr(loop, "multiplies_bfloat16", lambda device: multiplies)
    assert [loop.computed_in(*asked) for asked in (("32-true", "cpu"), ("16-mixed", "cpu"), ("bf16-mixed", "gpu"))] == [
        "32-true", "16-mixed", "bf16-mixed"]
    with contextlib.nullcontext() if multiplies else pytest.warns(UserWarning, match="faster here"):
        assert loop.computed_in("bf16-mixed", "cpu") == ("bf16-mixed" if multiplies else "32-true")
