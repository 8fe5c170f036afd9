"""Every maker that declares a command answers `onpu make NAME --help`, is made, small, and refuses idle flags."""

from dataclasses import fields, replace

import numpy as np
import pytest
import soundfile
import torch
import typer
from maker_cases import tiny

from onpu.apps.flags import flag
from onpu.apps.make import app
from onpu.engine.render.voice.bank import world
from onpu.errors import OnpuError
from onpu.make import makers
from onpu.maker import TrainedMaker
from onpu.music.instruments import SOUNDS
from onpu.training.checkpoint import save

COMMANDS = {name: maker for name, maker in makers().items() if maker.command is not None}
SHORTEST = {"bars": 1, "sweeps": 1, "seconds": 1, "iterations": 1}
"""Least values of options that say how much is made."""
CARD = {"data": [], "validation": {}, "commercial_use": True, "command": "none", "trained": {}}
each_maker = pytest.mark.parametrize("name", COMMANDS)


def make(*words):
    typer.main.get_command(app).main([str(word) for word in words], standalone_mode=False)


def settings(maker):
    return [field.name for field in fields(maker.options) if "help" in field.metadata]


def first_recipe(maker):
    return next(iter(maker.recipes.values()))


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    """Tiny untrained weights, by maker."""
    folder = tmp_path_factory.mktemp("weights")
    for name, maker in COMMANDS.items():
        torch.manual_seed(0)
        recipe = tiny(first_recipe(maker))
        shallow = {"depth": 1} if hasattr(recipe, "depth") else {}
        save(folder / name, TrainedMaker.build(maker, replace(recipe, **shallow)), [], CARD)
    return folder


@each_maker
def test_the_help_names_every_option_and_every_input(name, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    make(name, "--help")
    said, maker = capsys.readouterr().out, COMMANDS[name]
    own = [*settings(maker), *(each.name for each in maker.command.inputs)]
    assert "seed" in own and all(f"{flag(option)} " in said for option in own)
    for each in maker.command.inputs:
        assert said.count(f"not with {flag(each.name)}") == len({*each.decides} & {*settings(maker)})
        assert said.count(f"only with {flag(each.name)}") == len(each.needed_by)
    for common in ("--n ", "--format ", "--weights ", "--device ", "--out "):
        assert common in said
    assert ("--sound " in said) == bool(maker.command.sound) and ("--bpm " in said) == bool(maker.command.bpm)


@each_maker
def test_a_seed_is_a_file_and_the_same_one_each_time(name, weights, tmp_path):
    maker = COMMANDS[name]
    idle = maker.without_effect(maker.options, first_recipe(maker), ())
    short = [word for option, least in SHORTEST.items() if option in settings(maker) and option not in idle
             for word in (flag(option), least)]
    form = () if maker.command.piece is None else ("--format", "midi")
    if name == "singer":  # which makes nothing without words
        if world() is None:
            pytest.skip("pyworld is not installed")
        (tmp_path / "song.txt").write_text("#BPM:240\n: 1 4 0 ka\nE\n")
        form = ("--score", tmp_path / "song.txt")
    if name == "tacotron":  # which says nothing without a text
        form = ("--text", "/aa iy s/", "--format", "wav")
    if name == "nsynth":  # which makes nothing without a note
        time = np.arange(22_050) / 22_050
        soundfile.write(tmp_path / "note.wav", 0.3 * np.sin(2 * np.pi * 220 * time) * np.exp(-3 * time), 22_050)
        form = ("--from", tmp_path / "note.wav")
    for folder in ("a", "b"):
        make(name, *short, *form, "--weights", weights / name, "--device", "cpu", "-o", tmp_path / folder)
    (made,) = (tmp_path / "a").iterdir()
    assert made.name.startswith(name) and made.stem.endswith("-0") and made.stat().st_size
    assert made.read_bytes() == (tmp_path / "b" / made.name).read_bytes()


@each_maker
def test_what_a_maker_declares_of_its_command_is_there(name):
    maker = COMMANDS[name]
    options, declared = {field.name for field in fields(maker.options)}, maker.command
    assert set(declared.written) <= set(declared.formats) and set(declared.named) <= options
    assert declared.sound in ("", *SOUNDS)
    for each in declared.inputs:
        assert {*each.decides, *each.needed_by} <= options and each.name not in settings(maker)
        assert set(each.needed_by) <= set(settings(maker))
        assert getattr(each, "files", 1) in (1, 2)
    known = {*settings(maker), *(each.name for each in declared.inputs), "sound", "bpm", "format"}
    for recipe in maker.recipes.values():
        for temperature in (0.0, 1.0) if "temperature" in options else ():
            try:
                chosen = replace(maker.options, temperature=temperature)
            except OnpuError:  # not every maker has a temperature of 0
                continue
            for inputs in ((), tuple(each.name for each in declared.inputs[:1])):
                assert set(maker.without_effect(chosen, recipe, inputs)) <= known


@pytest.mark.parametrize(("name", "given", "option"), [
    (name, each, option) for name, maker in COMMANDS.items() for each in maker.command.inputs
    for option in each.decides if option in settings(maker)], ids=lambda value: getattr(value, "name", value))
def test_what_a_file_decides_cannot_be_chosen_beside_it(name, given, option, tmp_path):
    value = getattr(COMMANDS[name].options, option)
    word = (f"--no-{option}",) if value is True else (flag(option), value)
    with pytest.raises(OnpuError, match=f"^{flag(option)} has no effect with {flag(given.name)}; leave it out$"):
        make(name, flag(given.name), *["x.mid"] * given.files, *word, "-o", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_makers_of_recordings_have_commands_of_their_own():
    own = {"convert", "enhance", "stems", "phase", "timbre", "cover", "wavernn", "locate"}
    assert own == set(makers()) - set(COMMANDS)
    with pytest.raises(typer._click.exceptions.UsageError, match="No such command"):
        make("convert")


@each_maker
def test_a_random_seed_below_zero_is_refused(name):
    with pytest.raises(OnpuError, match="seed is -1; give a number of 0 or more"):
        replace(COMMANDS[name].options, seed=-1)


WITH_SHEETS = [name for name, maker in COMMANDS.items() if maker.command.sheets]


@pytest.mark.parametrize("name", WITH_SHEETS)
def test_sheets_are_written_for_the_instrument_that_is_named(name, weights, tmp_path):
    """In Bb, where it is a wind instrument that plays, and with tablature for a guitar."""
    maker = COMMANDS[name]
    short = [word for option, least in SHORTEST.items() if option in settings(maker) for word in (flag(option), least)]
    usual = ("--weights", weights / name, "--device", "cpu", "-o", tmp_path, "--format", "musicxml", *short)
    make(name, *usual, "--sound", "flute", "--transpose", "Bb")
    make(name, *usual, "--sound", "guitar", "--tab")
    first, second = sorted(tmp_path.iterdir(), key=lambda path: (len(path.name), path.name))
    assert b"<transpose>" in first.read_bytes() and b"<fret>" not in first.read_bytes()
    assert b"<fret>" in second.read_bytes() and b"<transpose>" not in second.read_bytes()
    with pytest.raises(OnpuError, match="--tab has no effect without --format musicxml"):
        make(name, *usual[:-len(short) - 1], "midi", *short, "--tab")
