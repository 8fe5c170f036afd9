"""Every benchmark starts, and every command that is written down is understood."""

import argparse
import importlib
import re
import shlex
import sys
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from benchmarks import paths
from benchmarks.listening.optimisers import OPTIMISERS, SCHEDULES
from benchmarks.making.gan_losses import LOSSES
from benchmarks.report import parser, save, table
from onpu.errors import OnpuError
from onpu.listen.onsets import LISTENER
from onpu.make.cgan import MAKER as CGAN

ROOT = Path(__file__).parents[1]
SCRIPTS = {".".join(path.relative_to(ROOT).with_suffix("").parts): path
           for path in sorted((ROOT / "benchmarks").rglob("*.py")) if "def main(" in path.read_text(encoding="utf-8")}
WRITTEN = [ROOT / "Makefile", ROOT / "README.md", ROOT / "benchmarks" / "README.md", *(ROOT / "docs").glob("*.md")]
LINES = (re.compile(r"^[ \t]+(?:\$\(BIN\)/)?python -m (benchmarks\.[\w.]+)((?:[^\n#`\\]|\\\n)*)", re.MULTILINE),
         re.compile(r"`python -m (benchmarks\.[\w.]+)([^`]*)`"))
"""Commands in blocks, whose lines a backslash continues, and in running text, where they may be wrapped."""
COMMANDS = sorted({(name, " ".join(words.replace("\\\n", " ").split())) for path in WRITTEN if path.name != "LOG.md"
                   for line in LINES for name, words in line.findall(path.read_text(encoding="utf-8"))})


class Parsed(Exception):
    """The arguments were understood."""


def run(monkeypatch, name, *words):
    """Call a benchmark's `main` with these arguments."""
    module = importlib.import_module(name)
    monkeypatch.setattr(sys, "argv", [name, *words])
    module.main()


@pytest.mark.parametrize("name", SCRIPTS)
def test_help_knows_the_flags_of_the_header(name, monkeypatch, capsys):
    doc = importlib.import_module(name).__doc__
    assert f"    python -m {name}" in doc
    with pytest.raises(SystemExit, match=r"^0$"):
        run(monkeypatch, name, "--help")
    said = capsys.readouterr().out
    assert set(re.findall(r"(?<![\w-])--[a-z][\w-]*", doc)) <= set(re.findall(r"--[a-z][\w-]*", said))


def test_commands_were_found():
    benched = {name for name, _ in COMMANDS}
    assert len(COMMANDS) > 30 and benched <= set(SCRIPTS)
    readme = (ROOT / "benchmarks" / "README.md").read_text(encoding="utf-8")
    assert all(name in readme for name in SCRIPTS), "benchmarks/README.md lists every benchmark"


@pytest.mark.parametrize(("name", "words"), COMMANDS)
def test_commands_are_understood(name, words, monkeypatch):
    parse = argparse.ArgumentParser.parse_args

    def stop(parser, *arguments):
        parse(parser, *arguments)
        raise Parsed

    monkeypatch.setattr(argparse.ArgumentParser, "parse_args", stop)
    with pytest.raises(Parsed):
        run(monkeypatch, name, *shlex.split(words))


def test_tables_tell_how_they_were_made(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", [str(SCRIPTS["benchmarks.speed"]), "--tools", "a;b"])
    given = parser("A title.\n\nMore.").parse_args(["--results", str(tmp_path / "out")])
    text = table(["tool", "F"], [["x", 0.5], ["y", float("nan")], ["z", "3 of 5"]])
    save(given, "one", "A table", [text])
    written = (tmp_path / "out" / "one.md").read_text(encoding="utf-8")
    assert written.startswith("# A table\n") and "`python -m benchmarks.speed --tools 'a;b'`" in written
    assert "| x | 0.500 |\n| y | - |\n| z | 3 of 5 |\n" in written
    save(parser("").parse_args(["--dry", "--results", str(tmp_path / "dry")]), "one", "A table", [text])
    assert not (tmp_path / "dry").exists() and capsys.readouterr().out.count("| x | 0.500 |") == 2


def test_missing_data_are_told(monkeypatch):
    monkeypatch.setattr(paths, "DATA", Path("/nowhere/data"))
    monkeypatch.delenv("ONPU_DATA", raising=False)
    with pytest.raises(OnpuError, match=r"there is no pop909.zip in /nowhere/data \(the default; ONPU_DATA"):
        paths.data("pop909.zip")
    monkeypatch.setenv("ONPU_DATA", "/nowhere/data")
    with pytest.raises(OnpuError, match="which ONPU_DATA names"):
        paths.data("pop909.zip")


def test_what_is_compared_are_settings_of_the_recipes():
    rows = [(LISTENER.recipes["small"], changes) for changes, _ in OPTIMISERS.values()]
    rows += [(LISTENER.recipes["small"], changes) for changes in SCHEDULES.values()]
    rows += [(CGAN.recipes["small"], changes) for changes in LOSSES.values()]
    for recipe, changes in rows:
        assert asdict(replace(recipe, **changes)) == asdict(recipe) | changes
