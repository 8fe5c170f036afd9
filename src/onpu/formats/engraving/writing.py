"""Timeline -> engraved lead sheets and scores: SVG, PDF."""

import io
import os
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from xml.etree.ElementTree import Element

from onpu.errors import OnpuError
from onpu.files import replacing
from onpu.formats.about import spoken
from onpu.formats.engraving.flat import flattened
from onpu.formats.engraving.pages import MISSING, PAGE_WIDTH, engraved, require_verovio
from onpu.formats.musicxml.document import document
from onpu.formats.musicxml.writing import SCORE_SUFFIX, SUFFIX, musicxml_parts
from onpu.music.sheet import AS_USUAL, SheetOptions
from onpu.music.timeline import Timeline

PDF_WIDTH, PDF_HEIGHT = 210 / 25.4 * 96, 297 / 25.4 * 96
"""A4 in CSS pixels."""
NAMES = {SUFFIX: "Lead sheet as printed", SCORE_SUFFIX: "Score"}
"""Suffix of a sheet -> what it is called on the page."""
_VIEW = re.compile(r'viewBox="0 0 (\S+) (\S+)"')


def write_svg(timeline: Timeline, path: str | os.PathLike[str], title: str = "", creator: str = "",
              options: SheetOptions = AS_USUAL) -> list[Path]:
    """Write song.svg, the lead sheet, and song.score.svg, each one picture as long as the music is; return the files
    written, as `write_musicxml` does. Raises as it does, and `OnpuError` where verovio is not installed."""
    require_verovio("svg")
    return _written(timeline, Path(path), ".svg", (title, creator), options, lambda text: svg_of(text).encode("utf-8"))


def write_pdf(timeline: Timeline, path: str | os.PathLike[str], title: str = "", creator: str = "",
              options: SheetOptions = AS_USUAL) -> list[Path]:
    """Write song.pdf, the lead sheet, and song.score.pdf, on pages of A4; return the files written, as `write_musicxml`
    does. Raises as it does, and `OnpuError` where a library is not installed."""
    require_pdf()
    return _written(timeline, Path(path), ".pdf", (title, creator), options, pdf_of)


def require_engraving(formats: Iterable[str]) -> None:
    """Raises `OnpuError` where pdf or svg is among the formats and what makes it is not installed."""
    if "pdf" in formats:
        require_pdf()
    elif "svg" in formats:
        require_verovio("svg")


def require_pdf() -> None:
    """Raises `OnpuError` where what makes PDF is not installed."""
    require_verovio("pdf")
    try:
        import cairosvg
        import pypdf
    except ImportError as error:
        raise OnpuError(MISSING.format("pdf", error.name or "cairosvg")) from None
    except OSError:
        raise OnpuError("pdf needs the library cairo, which is not on this system; install it "
                        "(apt install libcairo2, brew install cairo), or write svg") from None
    assert cairosvg and pypdf


def svg_of(musicxml: str, width: int = PAGE_WIDTH) -> str:
    """A score as one picture of a width in tenths of a millimetre; raises as `engraved`."""
    pages = engraved(musicxml, paged=False, width=width)
    if len(pages) == 1:
        return pages[0]
    sizes = [tuple(float(side) for side in found.groups()) for found in map(_VIEW.search, pages) if found]
    widest, height, inside = max(wide for wide, _ in sizes), 0.0, []
    for page, (wide, high) in zip(pages, sizes, strict=True):
        inside.append(page.replace("<svg ", f'<svg y="{height:g}" width="{wide:g}" height="{high:g}" ', 1))
        height += high
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {widest:g} {height:g}">'
    return head + "".join(inside) + "</svg>"


def pdf_of(musicxml: str) -> bytes:
    """A score as a PDF with pages of A4; raises as `engraved` and `require_pdf`."""
    require_pdf()
    import cairosvg
    from pypdf import PdfWriter

    writer, out = PdfWriter(), io.BytesIO()
    for page in engraved(musicxml):
        writer.append(io.BytesIO(cairosvg.svg2pdf(flattened(page).encode("utf-8"), output_width=PDF_WIDTH,
                                                  output_height=PDF_HEIGHT)))
    writer.metadata = None  # the same music gives the same bytes
    writer.write(out)
    return out.getvalue()


def engrave_file(musicxml: Path, path: Path) -> None:
    """Write the score in a MusicXML file as the suffix of the path says, .svg or .pdf; raises as `write_pdf`."""
    text = musicxml.read_text(encoding="utf-8")
    made = pdf_of(text) if path.suffix.lower() == ".pdf" else svg_of(text).encode("utf-8")
    with replacing(path) as temporary:
        temporary.write_bytes(made)


def sheets(timeline: Timeline, title: str, creator: str = "", options: SheetOptions = AS_USUAL) -> dict[str, str]:
    """What `write_musicxml` writes, as texts by the suffixes of their files; raises as it does."""
    return {suffix: document(title, creator, parts) for suffix, parts in musicxml_parts(timeline, options).items()}


def engraved_sheets(timeline: Timeline, title: str, width: int = PAGE_WIDTH) -> dict[str, str]:
    """Lead sheet and score of a timeline as pictures of a width in tenths of a millimetre, by what they are called;
    none where verovio is not installed, or the timeline cannot be written as a score."""
    try:
        require_verovio()
        return {NAMES[suffix]: svg_of(text, width) for suffix, text in sheets(timeline, title).items()}
    except OnpuError:
        return {}


def save_sheet(parts: Sequence[tuple[Element, Element]], title: str, path: Path) -> None:
    """Write one score as the suffix of the path says, .svg or .pdf; raises as `write_pdf`."""
    text = document(title, "", list(parts))
    made = pdf_of(text) if path.suffix.lower() == ".pdf" else svg_of(text).encode("utf-8")
    with replacing(path) as temporary:
        temporary.write_bytes(made)


def _written(timeline: Timeline, path: Path, ending: str, names: tuple[str, str], options: SheetOptions,
             make: Callable[[str], bytes]) -> list[Path]:
    stem, written = path.name.removesuffix(ending), []
    for suffix, text in sheets(timeline, names[0] or spoken(stem), names[1], options).items():
        target = path.with_name(stem + {SUFFIX: "", SCORE_SUFFIX: ".score"}[suffix] + ending)
        made = make(text)
        with replacing(target) as temporary:
            temporary.write_bytes(made)
        written.append(target)
    return written
