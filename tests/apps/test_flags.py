"""Flags derived from dataclasses: one a field with a help text, what was given alone, several values in one word."""

from dataclasses import dataclass

import pytest

from onpu.apps.flags import command, derived, given_values, single
from onpu.errors import OnpuError
from onpu.recipe import setting


@dataclass(frozen=True)
class Recipe:
    units: tuple[int, ...] = setting((8, 4), "units of the layers")
    chords: tuple[str, ...] = setting(("C:maj",), "a chord a bar")
    rate: float = setting(0.5, "learning rate")
    key: str | None = setting(None, "key; the melody's where none is given")
    upbeat: bool = setting(True, "begin with an upbeat")
    inner: object = None


def given(*words):
    """What the command is told."""
    seen = {}
    kinds = {"small": Recipe(), "large": Recipe(rate=0.1)}
    function = command(lambda **values: seen.update(given_values(Recipe, values)), derived(kinds, "Recipe"), "Do it.")
    single("do", function).main([str(word) for word in words], standalone_mode=False)
    return seen


def test_only_what_is_given_is_told_and_false_is_given_too():
    assert given() == {}
    assert given("--rate", 0, "--key", "", "--no-upbeat") == {"rate": 0.0, "key": "", "upbeat": False}


def test_several_values_come_as_one_word_or_as_several_flags():
    assert given("--units", "3,4") == given("--units", 3, "--units", 4) == given("--units", "3 4") == {"units": (3, 4)}
    assert given("--chords", "C:maj G:7(9,#11), A:min") == {"chords": ("C:maj", "G:7(9,#11)", "A:min")}
    assert given("--chords", "") == {"chords": ()}
    with pytest.raises(OnpuError, match=r"--units takes whole numbers, parted by commas, not '4x'"):
        given("--units", "3,4x")


def test_the_help_shows_each_field_and_its_values(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    given("--help")
    said = capsys.readouterr().out
    assert "units of the layers (default: 8,4)" in said and "learning rate (default: small: 0.5, large: 0.1)" in said
    assert "where none is given  " in said and "--no-upbeat" in said and "inner" not in said
