"""Learning from corrections: what is kept, and that it is better where it is."""

from dataclasses import replace

import numpy as np
import pytest
import soundfile
import tiny
import torch

from onpu.data.corrected import CorrectedRecording
from onpu.trained import TrainedListener
from onpu.training import from_corrections
from onpu.training.datasets import TrainingData
from onpu.training.from_corrections import Material, chosen, learn_task
from onpu.training.listeners import train
from onpu.weights import read_card, read_weights


def f_measure(reference, estimate):
    near = np.abs(np.subtract.outer(reference.beats.times, estimate.beats.times)) < 0.05
    return {"F": float(near.any(axis=1).sum() + near.any(axis=0).sum()) / sum(near.shape)}


LISTENER = replace(tiny.LISTENER, metric=f_measure, criterion=("F",))
BEFORE = {"kept": 0.7, "composed": 0.9}


@pytest.mark.parametrize("kept, composed, expected", [
    ((0.80, 0.78, 0.75), (0.90, 0.90, 0.90), 1.0),
    ((0.80, 0.78, 0.75), (0.80, 0.896, 0.90), 0.6),  # the first has forgotten too much
    ((0.70, 0.7005, 0.699), (0.95, 0.95, 0.95), 0.0),  # no better on what was kept out
    ((0.90, 0.90, 0.90), (0.89, 0.89, 0.89), 0.0),  # worse on composed songs
    ((0.80, 0.80, 0.75), (0.90, 0.91, 0.91), 0.6)])
def test_the_best_mix_is_chosen_that_forgets_nothing(kept, composed, expected):
    scored = {blend: {"kept": one, "composed": other} for blend, one, other in zip((1.0, 0.6, 0.3), kept, composed,
                                                                                  strict=True)}
    assert chosen(scored, BEFORE) == expected


@pytest.fixture(scope="module")
def parent(tmp_path_factory):
    """A network that has not learned enough."""
    folder = tmp_path_factory.mktemp("parent")
    corpus = tiny.click_corpus(folder / "corpus")
    torch.manual_seed(1)
    best = train(LISTENER, replace(tiny.RECIPE, steps=2, epochs=1), TrainingData((corpus,)), folder / "run",
                 bar=False)
    return TrainedListener.restore(LISTENER, *read_weights(best)), corpus


def recordings(folder, count=2):
    for seed in range(20, 20 + count):
        audio, labels = tiny.clicks(seed, 30.0)
        soundfile.write(folder / f"{seed}.flac", audio.samples.T, audio.rate)
        yield CorrectedRecording(f"song {seed}", folder / f"{seed}.flac", labels, np.array([[0.0, 30.0]]), "Ann")


def test_what_is_learned_is_better_kept_and_told_on_its_card(parent, tmp_path, monkeypatch):
    listener, corpus = parent
    monkeypatch.setattr(from_corrections, "LEARNING_RATE", 2e-2)
    shares = []
    target = tmp_path / "tiny-1.safetensors"
    verdict = learn_task(listener, list(recordings(tmp_path)), Material(corpus, corpus), tmp_path / "run", target, 5.0,
                         shares.append)
    assert verdict.kept and verdict.after > verdict.before + 0.2
    assert verdict.composed_after >= verdict.composed_before - from_corrections.WORSE_AT_MOST
    assert verdict.recordings == ("song 20", "song 21") and verdict.seconds == 60.0
    assert shares == sorted(shares) and 0 < shares[0] and shares[-1] == 1.0
    card = read_card(target)
    own = next(source for source in card["data"] if source.get("credits"))
    assert [credit["name"] for credit in own["credits"]] == ["song 20", "song 21"] and own["known_seconds"] == 40.0
    assert not card["commercial_use"] and "not for redistribution" in card["licence"]
    assert card["trained"]["parent"] == listener.card["sha256"] and card["trained"]["blend"] == verdict.blend
    assert "better (on what was kept out" in verdict.sentence()


def test_what_is_no_better_leaves_nothing(parent, tmp_path, monkeypatch):
    listener, corpus = parent
    monkeypatch.setattr(from_corrections, "LEAST_GAIN", 1.0)
    target = tmp_path / "tiny-1.safetensors"
    target.write_bytes(b"of a run that was broken off")
    verdict = learn_task(listener, list(recordings(tmp_path)), Material(corpus, corpus), tmp_path / "run", target, 5.0)
    assert not verdict.kept and verdict.blend == 0 and not target.exists()
    assert "the weights stay as they were" in verdict.sentence()
