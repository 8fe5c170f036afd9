"""The official schema of MusicXML 4.0."""

from functools import cache
from pathlib import Path

import xmlschema


@cache
def schema() -> xmlschema.XMLSchema:
    """It refers to those of XML and XLink, which the library has."""
    return xmlschema.XMLSchema(Path(__file__).parent / "schema" / "musicxml.xsd", allow="local")
