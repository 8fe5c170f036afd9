"""The notebooks of docs/course run, each in seconds; what they say of the code is so; their pages are theirs."""

import ast
import json
import re

import pytest

from docs.course import notebooks
from docs.course.notebooks import LINK, NOTEBOOKS, blank, cells, ipynb, quoted

EACH = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


@EACH
def test_it_runs(path, monkeypatch):
    """Its own assertions tell whether what the reader is to write does what it should."""
    monkeypatch.setenv("ONPU_COURSE", "fast")
    said = [text for cell, text in notebooks.run(path, None) if cell.kind != "markdown"]
    assert any(each.text for each in said) and any(each.pictures for each in said)


@EACH
def test_each_link_leads_to_one_line_of_the_named_function(path):
    links = LINK.findall("\n".join(cell.text for cell in cells(path)))
    assert len(links) >= 2
    for name, file, piece in links:
        assert piece in quoted(name, file, piece)
    assert sum(cell.text.count("](../../src") for cell in cells(path)) == len(links), "a link that is not understood"


def test_a_link_that_leads_nowhere_is_told():
    file = "src/onpu/represent/spectra.py"
    assert quoted("Stft.spectrum", file, "torch.fft.rfft(").startswith("frames: Tensor = torch.fft.rfft(")
    for name, piece in (("Stft.spectre", "torch.fft.rfft("), ("Stft.spectrum", "torch.fft.fft("), ("Stft", "self")):
        with pytest.raises(LookupError, match=re.escape(piece)):
            quoted(name, file, piece)


@EACH
def test_it_teaches(path):
    found = cells(path)
    kinds = [cell.kind for cell in found]
    text = "\n".join(cell.text for cell in found if cell.kind == "markdown")
    assert found[0].text.startswith(f"# {int(path.stem[:2])}. ") and kinds.count("yours") >= 2
    assert "You are right if" in text and "## Exercises" in found[-1].text
    assert sum("assert " in cell.text for cell in found if cell.kind == "code") >= 3
    for cell in found:
        if cell.kind == "yours":
            written, empty = ast.parse(cell.text), ast.parse(blank(cell.text))
            assert [type(node) for node in written.body] == [type(node) for node in empty.body]
            assert "yours to write" in ast.unparse(empty) and len(blank(cell.text)) < len(cell.text)


@EACH
def test_its_page_shows_it_as_it_is(path):
    page = path.with_suffix(".md").read_text(encoding="utf-8")
    place = 0
    for cell in cells(path):
        shown = notebooks.page([(cell, notebooks.Said("", ()))]).strip()
        assert shown in page[place:], f"run python -m docs.course.notebooks {int(path.stem[:2])}"
        place = page.index(shown, place)
    pictures = re.findall(r"!\[\]\((.*?)\)", page)
    assert pictures and all((path.parent / name).stat().st_size < 60_000 for name in pictures)


@EACH
def test_jupyter_gets_it_with_what_is_to_be_written_empty(path):
    made = json.loads(ipynb(path))
    assert [cell["cell_type"] for cell in made["cells"]] == [
        "markdown" if cell.kind == "markdown" else "code" for cell in cells(path)]
    assert "".join(made["cells"][0]["source"]) == cells(path)[0].text
    assert any("yours to write" in "".join(cell["source"]) for cell in made["cells"])


def test_what_is_left_to_write_keeps_names_and_what_is_promised():
    head = 'class A:\n    """Of a."""\n\n    def f(self, x: int) -> int:\n        """Twice x."""\n'
    later = 'raise NotImplementedError("yours to write")'
    assert blank(f"{head}        y = x\n        return 2 * y\n\n\ndef g():\n    return 1\n") == (
        f"{head}        {later}\n\n\ndef g():\n    {later}")
