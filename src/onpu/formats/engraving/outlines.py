"""The letters of an SVG by verovio as outlines.

Verovio writes text as `text` elements, accidentals of chord symbols and notes of metronome marks among it, in fonts
that browsers find in the file and other programs do not. Its fonts come with it; their outlines are put in the place of
the text. What they have no letters for (a title in Japanese) stays text.
"""

import base64
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from onpu.formats.engraving.raised import raise_sections

SVG, XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
TEXT_FONT, MUSIC_FONT = "Liberation", "Leipzig"
BOLD, ITALIC = frozenset({"ending", "fing", "reh", "tempo"}), frozenset({"dir", "dynam", "mNum"})
"""Classes of verovio whose text is so, by the style sheet that it writes."""
OTHER_FONTS = "serif"
"""For letters that `TEXT_FONT` does not have."""
_FACE = re.compile(r"font-family: [\"'](\w+)[\"'].*?base64,([^)]*)\).*?font-weight: (\w+);\s*font-style: (\w+)", re.S)


@dataclass(frozen=True)
class TextStyle:
    """What holds for a piece of text: the font's family, size in user units, whether bold and italic, its anchor."""

    family: str = TEXT_FONT
    size: float = 0.0
    bold: bool = False
    italic: bool = False
    anchor: str = "start"

    def inside(self, element: Element) -> "TextStyle":
        """What holds inside an element."""
        kind = set(element.get("class", "").split())
        weight, slant = element.get("font-weight"), element.get("font-style")
        plain = "label" in kind or weight == "normal"
        return TextStyle(element.get("font-family", self.family).split(",")[0].strip("'\" "),
                         float(element.get("font-size", str(self.size)).removesuffix("px")),
                         (self.bold or bool(kind & BOLD) or weight == "bold") and not plain,
                         (self.italic or bool(kind & ITALIC) or slant == "italic") and slant != "normal",
                         element.get("text-anchor", self.anchor))


def outlined(svg: str) -> str:
    """An SVG in which no font is needed, but for letters that verovio's fonts do not have."""
    ElementTree.register_namespace("", SVG)
    ElementTree.register_namespace("xlink", XLINK)
    root = ElementTree.fromstring(svg)
    raise_sections(root)
    _outline(root, TextStyle())
    return ElementTree.tostring(root, encoding="unicode")


def _outline(element: Element, style: TextStyle) -> None:
    style = style.inside(element)
    for number, child in enumerate(list(element)):
        if child.tag == f"{{{SVG}}}text":
            drawn = _drawn(child, style.inside(child))
            if drawn is None:
                for part in list(child.iter()):
                    part.attrib.pop("font-family", None)
                    for title in part.findall(f"{{{SVG}}}title"):
                        part.remove(title)
                child.set("font-family", OTHER_FONTS)
            else:
                element[number] = drawn
        else:
            _outline(child, style)


def _runs(element: Element, style: TextStyle, x: float, y: float) -> Iterator[tuple[str, TextStyle, float, float]]:
    """The texts inside an element in their order, each with its style and the place where the line that it belongs to
    begins."""
    if element.text:
        yield element.text, style, x, y
    for child in (child for child in element if child.tag != f"{{{SVG}}}title"):
        yield from _runs(child, style.inside(child), float(child.get("x", x)), float(child.get("y", y)))


def _drawn(text: Element, style: TextStyle) -> Element | None:
    """The text as a group of outlines; None where a letter is missing."""
    from fontTools.pens.svgPathPen import SVGPathPen
    from fontTools.pens.transformPen import TransformPen

    lines: dict[tuple[float, float], list[tuple[str, TextStyle]]] = {}
    for run, own, x, y in _runs(text, style, float(text.get("x", "0")), float(text.get("y", "0"))):
        lines.setdefault((x, y), []).append((run, own))
    group = Element(f"{{{SVG}}}g", {key: value for key, value in text.attrib.items() if key in ("id", "class")}
                    | {"aria-label": "".join(run for line in lines.values() for run, _ in line)})
    for (x, y), line in lines.items():
        place, letters = 0.0, []
        for run, own in line:
            font, names, scale = _font(own.family, own.bold, own.italic)
            for letter in run:
                if ord(letter) not in names:
                    return None
                letters.append((font, names[ord(letter)], place, own.size * scale))
                place += font[names[ord(letter)]].width * own.size * scale
        start = x - place * {"middle": 0.5, "end": 1.0}.get(line[0][1].anchor, 0.0)
        shapes = []
        for font, name, at, size in letters:
            pen = SVGPathPen(font, ntos=lambda number: f"{number:.0f}")
            font[name].draw(TransformPen(pen, (size, 0, 0, -size, start + at, y)))
            shapes.append(pen.getCommands())
        group.append(Element(f"{{{SVG}}}path", {"d": "".join(shapes), "style": "stroke:none"}))
    return group


@cache
def _font(family: str, bold: bool, italic: bool) -> tuple[Any, dict[int, str], float]:
    """Glyphs by name, names by code point, and the size of a unit of the font for a size of 1."""
    from fontTools.ttLib import TTFont

    face = (MUSIC_FONT, "normal", "normal") if family == MUSIC_FONT else (
        TEXT_FONT, "bold" if bold else "normal", "italic" if italic else "normal")
    font = TTFont(io.BytesIO(_faces(face[0])[face]))
    return font.getGlyphSet(), font.getBestCmap(), 1 / font["head"].unitsPerEm


@cache
def _faces(family: str) -> dict[tuple[str, str, str], bytes]:
    """Family, weight and slant -> a font file, as verovio has them in its style sheets."""
    sheet = files("verovio").joinpath("data", f"{family}.css").read_text(encoding="utf-8")
    return {(name, weight, slant): base64.b64decode(data) for name, data, weight, slant in _FACE.findall(sheet)}
