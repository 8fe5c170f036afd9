"""Engraved sheets: every bar and note is drawn, nothing in them needs a font, and what is missing is told in a line."""

import re
import sys
from concurrent.futures import ThreadPoolExecutor
from xml.etree import ElementTree

import numpy as np
import pytest

from onpu.errors import OnpuError
from onpu.formats.engraving import engraved, pdf_of, require_engraving, svg_of
from onpu.formats.engraving.flat import flattened
from onpu.formats.engraving.outlines import SVG
from onpu.formats.engraving.raised import raise_sections
from onpu.formats.engraving.writing import sheets
from onpu.formats.musicxml.writing import SCORE_SUFFIX, SUFFIX
from onpu.music import Beats, Chords, Notes, Timeline

pytest.importorskip("verovio")
BARS = 40


@pytest.fixture(scope="module")
def song():
    """Quarters of a scale over forty bars, two chords."""
    times = np.arange(4 * BARS) * 0.5
    notes = Notes(times, times + 0.5, 60.0 + np.arange(len(times)) % 12, np.full(len(times), 80),
                  np.zeros(len(times), int), np.ones(len(times)))
    chords = Chords(np.array([0.0, 8.0]), np.array([8.0, 80.0]), np.array(["Bb", "F#:hdim7"]), np.ones(2))
    return Timeline(80.0, Beats.of(times, np.arange(len(times)) % 4 + 1), notes=notes, chords=chords)


def count(svg, name):
    return sum(name in element.get("class", "").split() for element in ElementTree.fromstring(svg).iter())


def test_every_bar_and_note_is_drawn_on_pages_and_on_one_long_one(song):
    text = sheets(song, "Song")[SCORE_SUFFIX]
    pages, whole = engraved(text), svg_of(text)
    assert sum(count(page, "measure") for page in pages) == count(whole, "measure") == BARS
    assert sum(count(page, "note") for page in pages) == count(whole, "note") == 4 * BARS
    heights = [float(re.search(r'viewBox="0 0 (\d+) (\d+)"', page)[2]) for page in pages]
    assert set(heights) == {2970.0}, "pages of A4"


def test_any_thread_engraves(song):
    """Verovio knows the folder of its fonts in the thread alone that was told of it."""
    text = sheets(song, "Song")[SUFFIX]
    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(svg_of, text).result() == svg_of(text)


def test_letters_are_outlines_but_those_that_the_fonts_lack(song):
    def texts(title):
        root = ElementTree.fromstring(engraved(sheets(song, title)[SUFFIX])[0])
        return ["".join(text.itertext()) for text in root.iter(f"{{{SVG}}}text")]

    assert texts("Ça va: Über 7") == []
    assert texts("音符") == ["音符"]
    labels = {element.get("aria-label") for element in ElementTree.fromstring(engraved(sheets(song, "a")[SUFFIX])[0]
                                                                              ).iter() if element.get("aria-label")}
    assert {"a"} < labels and any(label.startswith("B") for label in labels)


def test_the_flat_picture_has_the_same_shapes_and_no_references(song):
    page = engraved(sheets(song, "Song")[SCORE_SUFFIX])[0]
    root, flat = ElementTree.fromstring(page), ElementTree.fromstring(flattened(page))
    assert not any(element.tag.endswith(("}use", "}g", "}style")) for element in flat.iter())
    uses = sum(element.tag == f"{{{SVG}}}use" for element in root.iter())
    defined = sum(element.tag == f"{{{SVG}}}path" for element in root.find(f"{{{SVG}}}defs").iter())
    paths = sum(element.tag == f"{{{SVG}}}path" for element in root.iter()) - defined
    assert uses > 50 and sum(element.tag == f"{{{SVG}}}path" for element in flat.iter()) == uses + paths


def test_pdf_has_a_page_of_a4_for_each_page_and_the_same_bytes_again(song):
    pypdf = pytest.importorskip("pypdf")
    pytest.importorskip("cairosvg")
    import io

    text = sheets(song, "Song")[SCORE_SUFFIX]
    made = pdf_of(text)
    pages = pypdf.PdfReader(io.BytesIO(made)).pages
    assert len(pages) == len(engraved(text))
    assert [round(float(side)) for side in pages[0].mediabox[2:]] == [595, 842]
    assert pdf_of(text) == made


@pytest.mark.parametrize(("module", "formats"), [("verovio", ("svg",)), ("verovio", ("pdf",)), ("cairosvg", ("pdf",)),
                                                 ("pypdf", ("jams", "pdf")), ("fontTools", ("svg",))])
def test_a_missing_library_is_named_with_the_mend(monkeypatch, module, formats):
    require_engraving(("jams", "musicxml"))
    for name in [name for name in sys.modules if name.split(".")[0] == module]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(OnpuError, match=rf"needs {module}.*pip install 'onpu\[engrave\]'") as caught:
        require_engraving(formats)
    assert "\n" not in str(caught.value)


def test_a_section_letter_that_would_stand_in_a_chord_stands_above_it():
    bar = """<svg xmlns="http://www.w3.org/2000/svg"><g class="measure"><g class="reh">
    <rect x="{x}" y="1352" height="492" width="1353"/><text x="10290" y="1716"><tspan>chorus</tspan></text></g>
    <g class="harm"><text x="10891" y="1571">Bb</text></g></g></svg>"""
    near, far = (ElementTree.fromstring(bar.format(x=x)) for x in (9614, 3000))
    for root in (near, far):
        raise_sections(root)
    tops = [float(root.find(".//{*}rect").get("y")) for root in (near, far)]
    assert tops[0] + 492 < 1571 - 405 and tops[1] == 1352
    assert float(near.find(".//{*}text").get("y")) - tops[0] == 1716 - 1352
