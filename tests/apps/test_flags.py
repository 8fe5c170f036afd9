"""Flags derived from dataclasses: one a field with a help text, what was given alone, several values in one word."""

from dataclasses import dataclass
from typing import Annotated

import pytest
import typer

from onpu.apps.flags import command, derived, given_values, grouped, single
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


@dataclass(frozen=True)
class Page:
    width: Annotated[int, typer.Option("--width", "-w", help="in mm", min=1)] = 210
    wide: Annotated[bool, typer.Option("--wide", help="turned")] = False


def test_a_group_of_flags_stands_in_the_place_of_its_fields():
    seen = []

    def draw(name: str, ink: str = "black", *, page: Page) -> None:
        """Draw it."""
        seen.append((name, ink, page))

    main = single("draw", grouped(draw)).main
    main(["staff"], standalone_mode=False)
    main(["staff", "-w", "99", "--ink", "red", "--wide"], standalone_mode=False)
    assert seen == [("staff", "black", Page()), ("staff", "red", Page(99, True))]
    with pytest.raises(SystemExit, match="2"):
        main(["staff", "-w", "0"])
