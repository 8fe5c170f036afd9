"""Importing onpu, and asking the command line for help, loads no torch."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize("code", ["import onpu; onpu.__version__", "from onpu.apps import cli"])
def test_the_door_is_light(code):
    heavy = "{'torch', 'scipy', 'lightning', 'numpy'} & set(sys.modules)"
    said = subprocess.run([sys.executable, "-c", f"import sys; {code}; print({heavy})"], capture_output=True, text=True)
    assert said.stdout == "set()\n", said.stderr


def test_unknown_names_are_attribute_errors():
    import onpu

    assert {"analyze", "load"} <= set(dir(onpu))
    with pytest.raises(AttributeError, match="no attribute 'sing'"):
        onpu.sing  # noqa: B018
