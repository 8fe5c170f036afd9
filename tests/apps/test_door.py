"""What `import onpu` gives: few names, at once, without torch."""

import json
import subprocess
import sys
from typing import get_args

import pytest

import onpu as door
from onpu.listen import default_weights, tasks
from onpu.loading import ListenerName, MakerName
from onpu.weights import PERMISSIVE_SUFFIX, read_card, read_weights, write_weights


@pytest.mark.parametrize("code", ["import onpu; onpu.__version__; dir(onpu)", "from onpu.apps import cli"])
def test_the_door_is_light(code):
    heavy = "{'torch', 'scipy', 'lightning', 'numpy'} & set(sys.modules)"
    said = subprocess.run([sys.executable, "-c", f"import sys; {code}; print({heavy})"], capture_output=True, text=True)
    assert said.stdout == "set()\n", said.stderr


def test_public_names_alone_are_shown_and_all_of_them_are_there():
    assert dir(door) == door.__all__ == sorted(door.__all__)
    assert {"analyze", "load", "models", "read", "Audio", "Timeline", "OnpuError"} < set(dir(door))
    import onpu.models.beat_tcn

    for name in dir(door):
        assert getattr(door, name).__doc__
    assert onpu.models.beat_tcn.BeatTcn and callable(onpu.models), "the package of networks does not hide the door"
    assert all(callable(getattr(door, name)) for name in dir(door) if name != "__version__")
    with pytest.raises(AttributeError, match="no attribute 'sing'; it has Audio, OnpuError"):
        door.sing  # noqa: B018


def test_a_timeline_is_saved_whatever_was_imported_before(tmp_path):
    """The port behind `Timeline.save` is connected wherever a timeline comes from."""
    code = f"from onpu.music.timeline import Timeline; Timeline(1.0).save({str(tmp_path / 'a.json')!r})"
    subprocess.run([sys.executable, "-c", code], check=True)
    assert (tmp_path / "a.json").read_text() == '{"duration":1.0}\n'


def test_models_are_summaries_of_the_shipped_cards(onpu, untrained, shipped):
    found = door.models()
    card = read_card(untrained)
    assert list(found) == ["beats"] and found["beats"]["bytes"] == untrained.stat().st_size
    assert found["beats"]["kind"] == "listener" and found["beats"]["title"] == "beats, downbeats, metre and tempo"
    assert {found["beats"][name] == card[name] for name in ("task", "paper", "licence", "commercial_use")} == {True}
    answer = onpu("models", "--json")
    assert (answer.code, answer.err) == (0, "") and json.loads(answer.out) == found
    assert onpu("models").out.splitlines()[1].split() == ["beats", "beats", "listener", "Apache-2.0", "yes", "0.0"]
    assert "beats (listener): beats, downbeats" in onpu("models", "beats").out


def test_both_weights_of_a_task_are_listed_and_chosen(onpu, untrained, shipped, clicks, tmp_path):
    tensors, card = read_weights(untrained)
    recordings = [{"name": "Song", "author": "A. Singer", "licence": "CC BY-SA 3.0", "source": "songs-data"},
                  {"name": "Tune", "author": "B. Player", "licence": "GPL-2", "source": "tunes-data"}]
    data = [{"kind": "recordings", "licence": "see credits", "commercial_use": True, "count": 2, "credits": recordings}]
    score = {"measure": "F", "data": "judges", "mean": 0.9, "low": 0.8, "high": 1.0, "items": 9, "tool": "mir_eval"}
    for name, own in (("beats", {"licence": "CC BY-SA 4.0", "data": data, "scores": [score]}),
                      ("beats-permissive", {"scores": [score | {"mean": 0.875}]})):
        write_weights(tmp_path / "weights" / f"{name}.safetensors", tensors, card | own)
    found = door.models()
    assert [found[name]["choices"] for name in found] == [["default"], ["permissive"]]
    assert found["beats"]["credits"] == recordings and found["beats-permissive"]["credits"] == []
    assert found["beats"]["trained_on"] == ["2 recordings, CC BY-SA 3.0, GPL-2"]
    assert found["beats-permissive"]["scores"][0]["gap"] == pytest.approx(-0.025)
    assert "gap" not in found["beats"]["scores"][0]
    assert door.load("beats", licence="permissive").card["licence"] == "Apache-2.0"
    told = onpu("models", "beats-permissive").out
    assert "F 0.875, -0.025 beside the default (judges" in told and "A. Singer" not in told
    told = onpu("models", "beats").out
    assert "Song: A. Singer, CC BY-SA 3.0, songs-data" in told and "-0.025" not in told
    assert list(json.loads(onpu("models", "beats", "--json").out)) == ["beats"]
    answer = onpu("models", "beets")
    assert answer.code == 2 and answer.err == "onpu: beets: no shipped weights are called so; did you mean beats?\n"
    assert onpu("analyze", clicks, "--licence", "permissive", "-o", tmp_path / "out", "-q").code == 0


def test_a_licence_that_is_not_to_be_had_is_one_line(onpu, untrained, shipped, clicks, tmp_path):
    tensors, card = read_weights(untrained)
    write_weights(tmp_path / "weights/beats.safetensors", tensors, card | {"licence": "CC BY-SA 4.0"})
    refused = "onpu: beats: there are no permissive weights, only such under CC BY-SA 4.0; choose licence default"
    for words in (("analyze", clicks, "--tasks", "beats"), ("evaluate", "beats", tmp_path), ("reproduce", "beats")):
        answer = onpu(*words, "--licence", "permissive")
        assert answer.code == 2 and answer.err.startswith(refused) and answer.err.count("\n") == 1, answer.err
    answer = onpu("analyze", clicks, "--licence", "permissive")
    assert answer.code == 2 and answer.err.splitlines() == [
        "onpu: left out: beats, which have no permissive weights; licence default finds them",
        "onpu: no permissive weights are shipped with this copy of onpu; name your own: --tasks PATH"]
    answer = onpu("analyze", clicks, "--licence", "free")
    assert answer.err == "onpu: licence free: choose default or permissive\n"


def test_systems_are_loaded_to_a_device_and_show_what_they_are(untrained):
    system = door.load(untrained, device="cpu")
    assert repr(system).startswith("TrainedListener(beats: BeatTcn with ")
    assert repr(system).endswith(" parameters on cpu)")
    with pytest.raises(door.OnpuError, match="device abacus is not known"):
        door.load(untrained, device="abacus")
    with pytest.raises(door.OnpuError, match=r"^precision half: choose from auto, float32, bfloat16$"):
        door.load(untrained, precision="half")
    assert door.load(untrained, precision="float32").precision == "float32"
    with pytest.raises(door.OnpuError, match="neither shipped weights"):
        door.load("telepathy")


def test_one_task_is_named_without_a_list(untrained, clicks):
    alone, listed = door.analyze(clicks, tasks=untrained), door.analyze(clicks, tasks=[str(untrained)])
    assert set(alone.found()) == set(listed.found()) == {"beats", "metre", "tempo"}
    results = door.analyze([clicks, clicks.read_bytes()], tasks=str(untrained))
    assert [list(one.beats.times) for one in results] == [list(alone.beats.times)] * 2


def test_type_checkers_know_what_the_shipped_weights_are():
    """`tests/typing/user.py` holds what they make of it."""
    kinds = {name: model["kind"] for name, model in door.models().items() if not name.endswith(PERMISSIVE_SUFFIX)}
    others = {task.name for task in tasks().values() if default_weights(task)[0] in kinds}
    assert set(get_args(ListenerName)) == {name for name, kind in kinds.items() if kind == "listener"} | others
    assert set(get_args(MakerName)) == {name for name, kind in kinds.items() if kind == "maker"}
