"""What every MusicXML file has around its parts."""

from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from onpu.files import replacing
from onpu.version import __version__

DOCTYPE = ('<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN" '
           '"http://www.musicxml.org/dtds/partwise.dtd">')


def save(title: str, creator: str, parts: list[tuple[Element, Element]], path: Path, bracketed: bool = False) -> None:
    """Write a score of parts: each its `score-part` and its `part`. bracketed: whether a bracket joins all staves.
    Raises `FormatError`."""
    text = document(title, creator, parts, bracketed)
    with replacing(path) as temporary:
        temporary.write_bytes(text.encode("utf-8"))


def document(title: str, creator: str, parts: list[tuple[Element, Element]], bracketed: bool = False) -> str:
    """The text of a score of parts; see `save`."""
    score = Element("score-partwise", version="4.0")
    SubElement(SubElement(score, "work"), "work-title").text = title
    identification = SubElement(score, "identification")
    if creator:
        SubElement(identification, "creator", type="composer").text = creator
    SubElement(SubElement(identification, "encoding"), "software").text = f"onpu {__version__}"
    listed = SubElement(score, "part-list")
    if bracketed:
        group = SubElement(listed, "part-group", number="1", type="start")
        SubElement(group, "group-symbol").text = "bracket"
        SubElement(group, "group-barline").text = "yes"
    listed.extend([declared for declared, _ in parts])
    if bracketed:
        SubElement(listed, "part-group", number="1", type="stop")
    score.extend([part for _, part in parts])
    indent(score)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{DOCTYPE}\n{tostring(score, encoding="unicode")}\n'
