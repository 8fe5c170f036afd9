"""What every MusicXML file has around its parts."""

from pathlib import Path
from xml.etree.ElementTree import Element, ElementTree, SubElement, indent

from onpu.files import replacing
from onpu.version import __version__

DOCTYPE = ('<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN" '
           '"http://www.musicxml.org/dtds/partwise.dtd">')


def save(title: str, creator: str, parts: list[tuple[Element, Element]], path: Path) -> None:
    """Write a score of parts: each its `score-part` and its `part`. Raises `FormatError`."""
    score = Element("score-partwise", version="4.0")
    SubElement(SubElement(score, "work"), "work-title").text = title
    identification = SubElement(score, "identification")
    if creator:
        SubElement(identification, "creator", type="composer").text = creator
    SubElement(SubElement(identification, "encoding"), "software").text = f"onpu {__version__}"
    SubElement(score, "part-list").extend([declared for declared, _ in parts])
    score.extend([part for _, part in parts])
    indent(score)
    with replacing(path) as temporary, temporary.open("wb") as file:
        file.write(f'<?xml version="1.0" encoding="UTF-8"?>\n{DOCTYPE}\n'.encode())
        ElementTree(score).write(file, encoding="utf-8")
        file.write(b"\n")
