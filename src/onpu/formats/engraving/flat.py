"""An SVG by verovio without references, groups and style sheet: the same picture, which is drawn many times faster."""

from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from onpu.formats.engraving.outlines import SVG, XLINK

STROKED = frozenset({"ellipse", "path", "polygon", "polyline", "rect"})
"""What verovio's style sheet draws the outline of."""
INHERITED = ("color", "fill", "fill-opacity", "opacity", "stroke", "stroke-opacity", "stroke-width", "visibility")
TEXTS, UNSEEN = "text", "placeholder"


def flattened(svg: str) -> str:
    """The picture of an SVG as shapes in one row, each with its own transform and style."""
    root = ElementTree.fromstring(svg)
    names = {element.get("id"): element for element in root.iter() if element.get("id")}
    inner = root.find(f"{{{SVG}}}svg")
    flat = Element(f"{{{SVG}}}svg", {"viewBox": (inner if inner is not None else root).get("viewBox", "")})
    _shapes(inner if inner is not None else root, "", {}, flat, names, True)
    return ElementTree.tostring(flat, encoding="unicode")


def _shapes(element: Element, transform: str, style: dict[str, str], flat: Element, names: dict[str | None, Element],
            outlined: bool) -> None:
    """Add the shapes of an element. outlined: whether their outlines are drawn."""
    kind = element.tag.removeprefix(f"{{{SVG}}}")
    own = f"{transform} {element.get('transform', '')}".strip()
    style = style | {name: element.attrib[name] for name in INHERITED if name in element.attrib}
    if kind in ("defs", "style", "desc", "title") or UNSEEN in element.get("class", "").split():
        return
    if kind == "use":
        glyph = names[str(element.get(f"{{{XLINK}}}href", element.get("href"))).removeprefix("#")]
        for child in glyph:
            _shapes(child, own, style, flat, names, False)
        return
    if kind in ("g", "svg"):
        for child in element:
            _shapes(child, own, style, flat, names, outlined)
        return
    kept = {name: value for name, value in element.attrib.items() if name not in ("id", "class", "style", "transform")}
    drawn = outlined and kind in STROKED and "stroke:none" not in element.get("style", "")
    shape = SubElement(flat, element.tag, ({"stroke": style.get("color", "black")} if drawn else {}) | style | kept)
    if own:
        shape.set("transform", own)
    if kind == TEXTS:
        shape.extend(list(element))
