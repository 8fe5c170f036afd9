"""MusicXML -> pages of SVG."""

import re
from importlib.resources import files
from typing import TYPE_CHECKING

from onpu.errors import FormatError, OnpuError
from onpu.formats.engraving.outlines import outlined

if TYPE_CHECKING:
    from types import ModuleType

PAGE_WIDTH, PAGE_HEIGHT = 2100, 2970
"""A4, in tenths of a millimetre."""
TALLEST = 60_000
"""The longest page that verovio makes, for pages as long as what stands on them."""
SCALES = ((2, 100), (4, 85), (8, 70))
"""Staves -> percentage of the usual size; more staves have `SMALLEST`."""
SMALLEST = 55
SIGNS = str.maketrans("b#", "\u266d\u266f")
_KIND = re.compile(r'(?<=<kind text=")[^"]*')
"""Texts of chord symbols, in which programs read b and #, and people see signs."""
MISSING = "{} needs {}, which is not installed; pip install 'onpu[engrave]'"


def require_verovio(what: str = "engraved music") -> "ModuleType":
    """The library; raises `OnpuError` where it is not installed."""
    try:
        import fontTools.ttLib.woff2
        import verovio
    except ImportError as error:
        raise OnpuError(MISSING.format(what, error.name or "verovio")) from None
    assert fontTools.ttLib.woff2
    return verovio


def engraved(musicxml: str, paged: bool = True, width: int = PAGE_WIDTH) -> list[str]:
    """A score as pages, each an SVG that needs nothing beside it.

    Parameters
    ----------
    musicxml
        The text of a MusicXML file.
    paged
        Whether pages have the size of A4; otherwise a page is as long as what stands on it, and nearly always one.
    width
        Of a page, in tenths of a millimetre: on a narrow one fewer bars stand beside each other.

    Raises
    ------
    OnpuError
        When verovio is not installed.
    FormatError
        When it cannot read the score.
    """
    verovio = require_verovio()
    verovio.enableLog(verovio.LOG_OFF)
    verovio.setDefaultResourcePath(str(files("verovio") / "data"))  # which it holds for each thread apart
    toolkit = verovio.toolkit()
    toolkit.setOptions({
        "pageWidth": width, "pageHeight": PAGE_HEIGHT if paged else TALLEST, "adjustPageHeight": not paged,
        "pageMarginTop": 100, "pageMarginBottom": 100, "pageMarginLeft": 120, "pageMarginRight": 100,
        "scale": _scale(musicxml), "scaleToPageSize": True, "svgViewBox": True, "svgFormatRaw": True,
        "footer": "none", "xmlIdChecksum": True, "fontTextLiberation": True, "smuflTextFont": "none",
        "justifyVertically": paged, "breaks": "auto", "mnumInterval": 0, "lyricNoStartHyphen": True})
    if not toolkit.loadData(_KIND.sub(lambda kind: kind[0].translate(SIGNS), musicxml)):
        raise FormatError("the score cannot be engraved: verovio does not read it; write musicxml, and report it")
    return [outlined(toolkit.renderToSVG(number + 1)) for number in range(toolkit.getPageCount())]


def _scale(musicxml: str) -> int:
    """In per cent: scores of many staves are written smaller."""
    staves = sum(int(number) - 1 for number in re.findall(r"<staves>(\d+)</staves>", musicxml))
    staves += musicxml.count("<score-part ")
    return next((scale for most, scale in SCALES if staves <= most), SMALLEST)
