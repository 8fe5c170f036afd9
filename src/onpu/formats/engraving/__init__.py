"""Lead sheets and scores as they are printed: MusicXML engraved by verovio, as SVG and as PDF.

Verovio (Pugin, Zitellini & Roland, "Verovio: a library for engraving MEI music notation into SVG", ISMIR 2014; LGPL-3),
CairoSVG and pypdf are no part of onpu: `pip install 'onpu[engrave]'` brings them. Letters are written as outlines, in
the fonts that come with verovio, so that a file looks the same everywhere and needs no fonts where it is shown.
"""

from onpu.formats.engraving.pages import engraved
from onpu.formats.engraving.writing import (
    engrave_file,
    engraved_sheets,
    pdf_of,
    require_engraving,
    svg_of,
    write_pdf,
    write_svg,
)

__all__ = [
    "engrave_file", "engraved", "engraved_sheets", "pdf_of", "require_engraving", "svg_of", "write_pdf", "write_svg",
]
