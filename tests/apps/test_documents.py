"""What README and docs/ show works as it stands there: their Python runs, their commands have these flags, the files
that they name are there, and the numbers of docs/results.md are those of the tables."""

import re
import shlex
from itertools import takewhile
from pathlib import Path

import pytest
import soundfile

ROOT = Path(__file__).parents[2]
DIARY = "LOG.md"  # tells of commands and files of its day
PAGES = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
         for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))) if path.name != DIARY}
CODE = {page: re.findall(r"```python\n(.*?)```", text, re.DOTALL) for page, text in PAGES.items()}
SHOWN_ELSEWHERE = {"docs/models.md"}  # tests/models/test_models_page.py runs it
COMMAND = re.compile(r"^(?:    |\$ )(onpu .*?)(?:  +#.*)?$", re.MULTILINE)
COMMANDS = [pytest.param(command, id=f"{page}: {command}")
            for page, text in PAGES.items() for command in dict.fromkeys(COMMAND.findall(text))]
NUMBER = re.compile(r"(?<![\w.])-?\d+\.\d+(?![\w.])")


@pytest.mark.parametrize("page", [page for page, blocks in CODE.items() if blocks and page not in SHOWN_ELSEWHERE])
def test_python(page, clicks, tmp_path, monkeypatch):
    samples, rate = soundfile.read(clicks)
    for name in ("song.mp3", "song.wav"):
        soundfile.write(tmp_path / name, samples, rate)
    monkeypatch.chdir(tmp_path)
    known = {"samples": samples}
    for block in CODE[page]:
        exec(compile(block, page, "exec"), known)
    if "onpu.analyze(" in "".join(CODE[page]):
        assert known["timeline"].duration == pytest.approx(8.0, abs=0.1)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_flag_is_known(onpu, command):
    words = list(takewhile(lambda word: word not in ("|", ">", "&&"), shlex.split(command)[1:]))
    names = list(takewhile(lambda word: not word.startswith("-"), words))
    help_text = onpu(*names[: 2 if names[:1] in (["make"], ["train"], ["corpus"]) else 1], "--help").out
    flags = [word.split("=")[0] for word in words if re.match(r"--?[a-z]", word)]
    assert all(re.search(rf"(?<![\w-]){flag}(?![\w-])", help_text) for flag in flags), command


def test_pages_show_commands():
    assert {"README.md", "docs/index.md", "docs/tasks.md", "docs/own-recordings.md"} <= {
        page for page, text in PAGES.items() if COMMAND.search(text)}


@pytest.mark.parametrize("page", PAGES)
def test_files_that_are_named_are_there(page):
    for name in re.findall(r"`((?:benchmarks|docs|src|tests|web)/[\w./*-]+)`", PAGES[page]):
        assert list(ROOT.glob(name)), name
    for module in re.findall(r"python -m (benchmarks[\w.]*)", PAGES[page]):
        path = ROOT / module.replace(".", "/")
        assert path.with_suffix(".py").is_file() or path.is_dir(), module


def sections(text: str) -> list[str]:
    return re.split(r"^#{2,3} ", text, flags=re.MULTILINE)[1:]


@pytest.mark.parametrize("section", sections(PAGES["docs/results.md"]), ids=lambda section: section.partition("\n")[0])
def test_results_are_those_of_the_tables(section):
    sources = re.findall(r"`(benchmarks/results/\w+\.md)`", section)
    measured = [float(number) for name in sources for number in NUMBER.findall((ROOT / name).read_text("utf-8"))]
    rows = re.findall(r"^\|.*", section.partition("|---")[2], re.MULTILINE)
    for row in rows:
        for number in NUMBER.findall(row):
            half = 0.5 * 10.0 ** -len(number.partition(".")[2]) + 1e-9
            assert any(abs(float(number) - value) <= half for value in measured), (number, row, sources)


def test_results_have_tables():
    assert len(NUMBER.findall("".join(re.findall(r"^\|.*", PAGES["docs/results.md"], re.MULTILINE)))) > 150


def test_the_site_has_every_page_and_every_package():
    navigation = (ROOT / "zensical.toml").read_text(encoding="utf-8")
    pages = [path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")]
    assert [page for page in pages if f'"{page}"' not in navigation] == []
    shown = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "docs/reference").glob("*.md"))
    packages = {path.parent.name for path in (ROOT / "src/onpu").glob("*/__init__.py")} - {"apps"}
    assert {name for name in packages if f"::: onpu.{name}\n" not in shown} == set()


def test_the_readme_is_short_and_begins_with_the_installation():
    words = PAGES["README.md"].split()
    headings = re.findall(r"^## (.*)", PAGES["README.md"], re.MULTILINE)
    assert len(words) <= 700 and headings[0] == "Install"


def test_links_lead_somewhere():
    for page, text in PAGES.items():
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", text):
            assert ((ROOT / page).parent / target).exists(), f"{page}: {target}"
