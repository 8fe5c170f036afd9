"""What `import onpu` gives: few names, at once, without torch."""

import json
import subprocess
import sys
from typing import get_args

import pytest

import onpu as door
from onpu.listen import default_weights, tasks
from onpu.loading import ListenerName, MakerName
from onpu.weights import read_card


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
    assert "beats (listener): beats, downbeats" in onpu("models").out


def test_systems_are_loaded_to_a_device_and_show_what_they_are(untrained):
    system = door.load(untrained, device="cpu")
    assert repr(system).startswith("TrainedListener(beats: BeatTcn with ")
    assert repr(system).endswith(" parameters on cpu)")
    with pytest.raises(door.OnpuError, match="device abacus is not known"):
        door.load(untrained, device="abacus")
    with pytest.raises(door.OnpuError, match="neither shipped weights"):
        door.load("telepathy")


def test_one_task_is_named_without_a_list(untrained, clicks):
    alone, listed = door.analyze(clicks, tasks=untrained), door.analyze(clicks, tasks=[str(untrained)])
    assert set(alone.found()) == set(listed.found()) == {"beats", "metre", "tempo"}
    results = door.analyze([clicks, clicks.read_bytes()], tasks=str(untrained))
    assert [list(one.beats.times) for one in results] == [list(alone.beats.times)] * 2


def test_type_checkers_know_what_the_shipped_weights_are():
    """`tests/typing/user.py` holds what they make of it."""
    kinds = {name: model["kind"] for name, model in door.models().items()}
    others = {task.name for task in tasks().values() if default_weights(task)[0] in kinds}
    assert set(get_args(ListenerName)) == {name for name, kind in kinds.items() if kind == "listener"} | others
    assert set(get_args(MakerName)) == {name for name, kind in kinds.items() if kind == "maker"}
