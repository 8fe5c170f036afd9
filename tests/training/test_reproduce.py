"""From the card alone the same weights come again."""

import json
import shutil
from dataclasses import replace
from hashlib import sha256

import pytest
import tiny
from chorale_files import write_chorales

from onpu.data.corpora.fetching import fetch
from onpu.data.corpus import Corpus, write_corpus
from onpu.data.plan import Plan
from onpu.data.scenes.sounds import write_sounds
from onpu.errors import DataError
from onpu.licensing import Terms, terms
from onpu.make import cgan, chorale
from onpu.trained import TrainedListener
from onpu.training.datasets import TrainingData
from onpu.training.listeners import train
from onpu.training.makers import train_maker
from onpu.training.reproduce import Comparison, reproduce, reproduce_maker
from onpu.training.sources import needed, parent_path
from onpu.weights import models, read_card, read_weights

PLAN = Plan(seed=3, seconds=3.0, rate=8000, fonts=(), negatives=0.0)


@pytest.fixture
def songs(monkeypatch):
    monkeypatch.setattr(Plan, "item", lambda self, number: tiny.clicks(100 * self.seed + number))


def test_a_card_is_enough_to_get_the_same_bits(songs, tmp_path):
    data = TrainingData((write_corpus(tmp_path / "music", PLAN, 6), replace(PLAN, seed=5)), shares=(1.0, 1.0),
                validation=write_corpus(tmp_path / "judge", replace(PLAN, seed=4), 3))
    card = read_card(train(tiny.LISTENER, replace(tiny.RECIPE, epochs=2, steps=6), data, tmp_path / "run", bar=False))
    found = reproduce(tiny.LISTENER, card, tmp_path / "again", bar=False)
    again = read_card(tmp_path / "again" / "run" / "best.safetensors")
    assert again["sha256"] == card["sha256"]
    assert [line.measure for line in found] == ["Recall", "Found"]
    assert all(line.within and line.found == line.stored for line in found)
    with pytest.raises(DataError, match="fine-tuned"):
        reproduce(tiny.LISTENER, card | {"trained": {"parent": "0123456789abcdef"}}, tmp_path / "x")


def test_fine_tuned_weights_begin_again_with_those_that_they_began_with(songs, tmp_path):
    recipe = replace(tiny.RECIPE, epochs=1, steps=4)
    first, second = (write_corpus(tmp_path / f"music{seed}", replace(PLAN, seed=seed), 6) for seed in (3, 5))
    start = train(tiny.LISTENER, recipe, TrainingData((first,)), tmp_path / "first", bar=False)
    parent = TrainedListener.restore(tiny.LISTENER, *read_weights(start))
    tuned = train(tiny.LISTENER, replace(recipe, blend=0.5), TrainingData((second,)), tmp_path / "second",
                  parent=parent, bar=False)
    card = read_card(tuned)
    assert [source["share"] for source in card["data"]] == [6, 0] and "before" in card["trained"]
    data = tmp_path / "data"
    data.mkdir()
    (asked,) = [one for one in needed(card, data) if one.sha256]
    assert asked.sha256 == read_card(start)["sha256"] and not asked.there and "not shipped" in asked.home
    with pytest.raises(DataError, match=f"fine-tuned from {asked.sha256[:12]}, which are neither shipped nor in"):
        parent_path(card, data)
    shutil.copy(start, data / "renamed.safetensors")
    assert parent_path(card, data) == data / "renamed.safetensors"
    found = reproduce(tiny.LISTENER, card, tmp_path / "again", data, parent, bar=False)
    assert read_card(tmp_path / "again/run/best.safetensors")["sha256"] == card["sha256"]
    assert found and all(line.found == line.stored for line in found)
    other = TrainedListener.restore(tiny.LISTENER, *read_weights(tuned))
    with pytest.raises(DataError, match=f"not from {card['sha256'][:12]}"):
        reproduce(tiny.LISTENER, card, tmp_path / "other", data, other, bar=False)


def test_what_shipped_weights_were_made_of_is_told(tmp_path):
    """Of each: hash and home of every file of a data set, and of what they began with."""
    for name, card in models().items():
        found = needed(card, tmp_path)
        assert all(one.home for one in found if one.file), name
        assert all(one.sha256 for one in found if one.file and one.file in card["data"][0].get("sets", {})), name
        parents = [one for one in found if one.sha256 and one.sha256 == card["trained"]["parent"]]
        assert len(parents) == bool(card["trained"]["parent"])
    wanted = models()["beats-permissive"]["sha256"]
    (began,) = [one for one in needed(models()["beats"], tmp_path) if one.sha256 == wanted]
    assert began.there and began.home == "onpu, as beats-permissive"
    assert "chorales.json.gz" in [one.file for one in needed(models()["chorale"], tmp_path)]


@pytest.mark.parametrize("as_address", [False, True])
def test_a_file_is_fetched_only_if_it_is_the_one_that_is_meant(tmp_path, as_address):
    kept = tmp_path / "kept" / ("" if as_address else "scores")
    kept.mkdir(parents=True)
    (kept / "groove.zip").write_bytes(b"drums")
    address = (tmp_path / "kept").as_uri() if as_address else str(tmp_path / "kept")
    wanted = sha256(b"drums").hexdigest()
    path = fetch(address, "groove.zip", wanted, tmp_path / "sets")
    assert path.read_bytes() == b"drums"
    path.unlink()
    for file, asked, said in (("groove.zip", "0" * 64, "another one"), ("pop909.zip", wanted, "pop909.zip")):
        with pytest.raises(DataError, match=said):
            fetch(address, file, asked, tmp_path / "sets")
    with pytest.raises(DataError, match="files are fetched from http"):
        fetch("ftp://somewhere", "groove.zip", wanted, tmp_path / "sets")
    assert list((tmp_path / "sets").iterdir()) == []


def test_recordings_are_found_by_their_origin_wherever_their_corpus_lies(songs, tmp_path):
    sets = tmp_path / "sets"
    items = [{"name": str(number), "author": "A", "licence": "CC BY-SA 3.0", "source": ""} for number in range(6)]
    for name, origin in (("others", "cd"), ("deep/mine", "ab")):
        write_corpus(sets / name, PLAN, 6)
        path = sets / name / "corpus.json"
        description = {key: value for key, value in json.loads(path.read_text()).items() if key != "plan"}
        path.write_text(json.dumps(description | {"kind": "recordings", "origin": origin, "credits": items}))
    (sets / "begun").mkdir()
    (sets / "begun/corpus.json").write_text('{"count": 3}')
    recipe = replace(tiny.RECIPE, epochs=1, steps=4)
    data = TrainingData((Corpus.open(sets / "deep/mine"), replace(PLAN, seed=5)), shares=(1.0, 1.0))
    card = read_card(train(tiny.LISTENER, recipe, data, tmp_path / "run", bar=False))
    assert card["licence"] == "CC BY-SA 4.0" and card["data"][0]["origin"] == "ab"
    found = reproduce(tiny.LISTENER, card, tmp_path / "again", sets, bar=False)
    assert read_card(tmp_path / "again/run/best.safetensors")["sha256"] == card["sha256"]
    assert all(line.found == line.stored for line in found)


def test_what_is_needed_and_not_there_is_named(songs, corpus, tmp_path):
    card = {"trained": {"parent": ""}, "network": {}, "recipe": {}, "validation": {}, "scores": []}
    recordings = {name: value for name, value in corpus.description.items() if name != "plan"}
    with pytest.raises(DataError, match=r"trained on 8 recordings .*, and no corpus here is of these"):
        reproduce(tiny.LISTENER, card | {"data": [recordings | {"origin": "gone"}]}, tmp_path)
    plan = replace(PLAN, groove="/far/away/groove.zip").named()
    assert plan["groove"] == "groove.zip"
    with pytest.raises(DataError, match=r"groove\.zip is needed"):
        reproduce(tiny.LISTENER, card | {"data": [{"plan": plan, "soundfonts": []}]}, tmp_path)
    with pytest.raises(DataError, match=r"soundfonts lost\.sf2"):
        reproduce(tiny.LISTENER, card | {"data": [{"plan": PLAN.named(), "soundfonts": ["lost.sf2"]}]}, tmp_path)


def test_a_maker_learns_again_from_the_file_that_has_the_hash_whatever_it_is_called(tmp_path):
    recipe = replace(chorale.MAKER.recipes["small"], units=(4, 4), width=4, embedding=2, batch=2, crop_quarters=2.0,
                     steps=3, epochs=2, workers=0, warmup=1, minutes=0.0)
    file = write_chorales(tmp_path / "chorales.json.gz", 30)
    card = read_card(train_maker(chorale.MAKER, recipe, [chorale.scenes(recipe).open(file)], tmp_path / "run",
                                 bar=False))
    with pytest.raises(DataError, match="holds no file with the hash"):
        reproduce_maker(chorale.MAKER, card, tmp_path / "x", tmp_path / "run")
    file.rename(tmp_path / "other.json.gz")
    found = reproduce_maker(chorale.MAKER, card, tmp_path / "again", tmp_path, bar=False)
    assert read_card(tmp_path / "again" / "run" / "best.safetensors")["sha256"] == card["sha256"]
    assert len(found) > 3 and all(line.within and line.found == line.stored for line in found)
    with pytest.raises(DataError, match="fine-tuned"):
        reproduce_maker(chorale.MAKER, card | {"trained": {"parent": "0123456789abcdef"}}, tmp_path / "x", tmp_path)


def test_a_maker_learns_again_from_the_sounds_and_judges_that_are_composed_again(tmp_path):
    recipe = replace(cgan.MAKER.recipes["small"], widths=(4, 4, 4, 4), noise_size=4, batch=2, steps=2, epochs=1,
                     workers=0, warmup=1, minutes=0.0, precision="32-true")
    sounds, judge = (write_sounds(tmp_path / name, cgan.scenes(recipe).of(Plan(seed=seed, fonts=())), 3)
                     for name, seed in (("strokes", 5), ("judges", 6)))
    card = read_card(train_maker(cgan.MAKER, recipe, [sounds], tmp_path / "run", validation=judge, bar=False))
    found = reproduce_maker(cgan.MAKER, card, tmp_path / "again", bar=False)
    assert (tmp_path / "again" / "judge" / "corpus.json").exists()
    assert read_card(tmp_path / "again" / "run" / "best.safetensors")["sha256"] == card["sha256"]
    assert found and all(line.found == line.stored for line in found)


def test_the_band_is_closed():
    assert [Comparison("F", 0.8, 0.7, 0.9, found).within for found in (0.69, 0.7, 0.9, 0.91)] == [False, True, True,
                                                                                                 False]


def test_terms_of_arranged_music_are_passed_on():
    assert PLAN.licence == "CC0-1.0"
    assert "CC BY 4.0, Google" in replace(PLAN, groove="g.zip").licence
    assert "MIT" in replace(PLAN, pop909="p.zip", groove="g.zip").licence


def test_other_samples_than_those_of_the_card_are_named_before_anything_is_composed(tmp_path):
    (tmp_path / "instruments" / "drums_x").mkdir(parents=True)
    table = tmp_path / "instruments" / "drums_x" / "samples.tsv"
    table.write_text("# file\tpiece\tMIDI key\tlayer (1 softest)\n", encoding="utf-8")
    plan = replace(PLAN, sounds=str(table.parent.parent))
    described = [entry | {"sha256": "0" * 64} for entry in plan.sample_sets()]
    data = [{"plan": plan.named(), "soundfonts": [], "sample_sets": described}]
    card = {"trained": {"parent": ""}, "network": {}, "recipe": {}, "validation": {}, "scores": [], "data": data}
    with pytest.raises(DataError, match=r"other samples \(different: drums_x\)"):
        reproduce(tiny.LISTENER, card, tmp_path / "run", tmp_path)
    assert not (tmp_path / "run").exists()


def test_a_permissive_plan_is_without_the_sets_that_ask_for_more_than_credit():
    plan = replace(PLAN, pop909="p.zip", groove="g.zip", pjs="pjs")
    assert plan.permissive() == replace(plan, pjs="") and terms(plan.permissive().licence) is Terms.PERMISSIVE
    assert terms(plan.licence) is Terms.SHARE_ALIKE
