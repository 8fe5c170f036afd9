"""Flags derived from dataclasses: one a field with a help text, what was given alone, several values in one word; what
`--out` may be called."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import pytest
import typer

from onpu.apps import cli
from onpu.apps.flags import Deferred, command, derived, given_values, grouped, no_file, no_folder, single
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


def commands_with_out():
    """The words of every command that has `--out`."""
    def below(group, words):
        context = group.context_class(group)
        for name in group.list_commands(context):
            found = group.get_command(context, name)
            if isinstance(found, Deferred):
                found = single(name, found.callback())
            if hasattr(found, "list_commands"):
                yield from below(found, [*words, name])
            elif any(each.name == "out" for each in found.params):
                yield [*words, name]

    return list(below(typer.main.get_command(cli.app), []))


@pytest.mark.parametrize("words", commands_with_out(), ids=" ".join)
def test_out_that_cannot_be_is_refused_before_anything_is_done(onpu, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there").mkdir()
    (tmp_path / "taken").write_text("x")
    wrong = ["there"] if words[0] in ("average", "card", "drumix", "embed", "merge", "playlist", "report") else [
        "song.mid", "a/song.WAV", "taken"]
    for name in wrong:
        answer = onpu(*words, "-o", name)
        assert (answer.code, answer.out) == (2, "")
        assert answer.err.startswith(f"onpu: -o {name}: ") and answer.err.count("\n") == 1
        assert ("names a file here" if wrong == ["there"] else "names a folder here") in answer.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["taken", "there"]


def test_a_folder_may_have_any_name_but_that_of_a_file(tmp_path):
    for name in ("out", "v1.2", "music.index", "2026-11-30.band", ".hidden"):
        assert no_file(Path(name)) == Path(name)
    (tmp_path / "song.mid").mkdir()
    assert no_file(tmp_path / "song.mid") and no_folder(tmp_path / "new.parquet")
    for name in ("song.jams", "song.jamz", "song.m4a", "song.svg", "table.npz", "best.safetensors", "song.png"):
        with pytest.raises(OnpuError, match=f"{name}: names a folder here"):
            no_file(Path(name))
