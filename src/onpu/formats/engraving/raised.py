"""Section letters above the chord symbols.

Verovio puts a section letter as low as it can before it lifts all chord symbols of a system to one height, above the
brackets of endings among others. So a letter may stand in the chord of its bar.
"""

from xml.etree.ElementTree import Element

SVG = "http://www.w3.org/2000/svg"
LETTER, MARGIN = 405, 100
"""Height of the letters of a chord symbol, and what is left free above them, in user units."""
WIDE = 0.6
"""Width of a letter over its height, at most on the average."""


def raise_sections(root: Element) -> None:
    """Move frames of section letters, in the tree of a page, up to where they touch no chord symbol."""
    groups = [(group, group.get("class", "").split()) for group in root.iter(f"{{{SVG}}}g")]
    chords = [text for group, kinds in groups if "harm" in kinds for text in group.findall(f"{{{SVG}}}text")]
    for mark in (group for group, kinds in groups if "reh" in kinds):
        frame = mark.find(f"{{{SVG}}}rect")
        touched = [float(text.get("y", 0)) for text in chords if frame is not None and _touch(frame, text)]
        if frame is not None and touched:
            bottom = float(frame.get("y", 0)) + float(frame.get("height", 0))
            _lift(mark, bottom - min(touched) + LETTER + MARGIN)


def _touch(frame: Element, text: Element) -> bool:
    """Whether a chord symbol stands in a frame."""
    left, top, width, height = (float(frame.get(name, 0)) for name in ("x", "y", "width", "height"))
    x, y = float(text.get("x", 0)), float(text.get("y", 0))
    letters = len("".join(text.itertext()))
    return (left - MARGIN < x + WIDE * LETTER * letters and x < left + width + MARGIN
            and top < y + MARGIN and y - LETTER < top + height + MARGIN)


def _lift(mark: Element, up: float) -> None:
    for element in mark.iter():
        if element.get("y"):
            element.set("y", f"{float(element.get('y', 0)) - up:g}")
