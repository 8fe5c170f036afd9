"""What `import onpu` gives: few names, at once, without torch."""

import json
import subprocess
import sys

import pytest

import onpu as door
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
