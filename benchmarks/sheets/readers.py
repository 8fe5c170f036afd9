"""Who reads the sheets that onpu writes: music21, partitura, MuseScore 3 and verovio, and whether their bars are full.

    python -m benchmarks.sheets.readers

Each cell: files that are read without a complaint, with full bars, of how many. For music21 and partitura a bar is full
where its notes last as long as its metre says (upbeats and last bars apart), for MuseScore where what it writes again
has as many notes in voices that fill their bars, for verovio where it draws every bar and complains of none. `own`:
voices that fill their bars, in the file itself.

partitura 1.9.0 stops at drums that are struck together, in what MuseScore writes too: it asks its notes without pitch
for an attribute that they lack (`is_grace_chord`). `partitura, mended` reads after they were given it, nothing else.

music21 and partitura live in an environment of their own: pip install music21 partitura, and its interpreter in
ONPU_SHEETS_PYTHON.
"""

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from benchmarks import report
from benchmarks.paths import Missing, data
from benchmarks.sheets.heard import heard
from benchmarks.sheets.musescore import convert
from benchmarks.sheets.parsed import parsed
from onpu.data.corpora.chorales import FILE, Chorales
from onpu.engine.compose import compose
from onpu.formats.engraving import engraved
from onpu.formats.musicxml import write_musicxml
from onpu.formats.musicxml.choral import write_choral
from onpu.music.sheet import SheetOptions

SETS = ("mdb",)
"""Sets of recordings whose sheets are read."""
READERS = ("music21", "partitura", "partitura, mended", "MuseScore 3", "verovio", "own")
INTERPRETER = "ONPU_SHEETS_PYTHON"


def main() -> None:
    parser = report.parser(__doc__)
    parser.add_argument("--songs", type=int, default=20, help="composed songs")
    parser.add_argument("--chorales", type=int, default=10, help="chorales by Bach")
    given = parser.parse_args()
    rows, failed = [], []
    with tempfile.TemporaryDirectory() as folder:
        for kind, paths in written(Path(folder), given.songs, given.chorales):
            foreign = _foreign(paths)
            right = {name: [path for path in paths if _right(name, path, foreign)] for name in READERS}
            rows.append([kind, *(f"{len(right[name])} of {len(paths)}" for name in READERS)])
            failed += [f"{name}: {path.name}" for name in READERS for path in paths if path not in right[name]]
    parts = [(__doc__ or "").partition("\n\n")[2], report.table(["output", *READERS], rows)]
    parts += [f"\nNot: {', '.join(failed)}.\n"] if failed else []
    report.save(given, "readers", "Who reads the sheets", parts)


def written(folder: Path, songs: int, chorales: int) -> Iterator[tuple[str, list[Path]]]:
    """Kinds of output, and their files."""
    made = [path for seed in range(songs)
            for path in write_musicxml(compose(6000 + seed, None, 20.0).timeline, folder / f"song{seed}.musicxml")]
    scores = [path for path in made if ".score." in path.name]
    yield "lead sheets of composed songs", [path for path in made if path not in scores]
    yield "scores of composed songs", scores
    special = SheetOptions(instrument="Bb", tab=True)
    yield "the same in Bb, with tablature", [
        path for seed in range(songs // 4) for path in write_musicxml(
            compose(6000 + seed, None, 20.0).timeline, folder / f"tab{seed}.musicxml", options=special)
        if ".score." in path.name]
    found = [path for name in SETS for song, timeline in heard(name).items()
             for path in write_musicxml(timeline, folder / f"{song}.musicxml")]
    yield "lead sheets of recordings", [path for path in found if ".score." not in path.name]
    yield "scores of recordings", [path for path in found if ".score." in path.name]
    yield "chorales", [path for number, chorale in enumerate(Chorales.open(data(FILE)).chorales[:chorales])
                       for path in write_choral(chorale, folder / f"chorale{number}.musicxml", 80.0, 19)]


def _foreign(paths: list[Path]) -> dict[str, tuple[int, int]]:
    interpreter = os.environ.get(INTERPRETER)
    if not interpreter:
        raise Missing(f"{INTERPRETER} names no interpreter with music21 and partitura: see the docstring")
    answer = subprocess.run([interpreter, str(Path(__file__).with_name("foreign.py")), *map(str, paths)],
                            capture_output=True, text=True, check=True)
    return json.loads(answer.stdout.strip().splitlines()[-1])


def _right(name: str, path: Path, foreign: dict[str, tuple[int, int]]) -> bool:
    if name in ("music21", "partitura", "partitura, mended"):
        notes, wrong = foreign[f"{name} {path}"]
        return notes > 0 and wrong == 0
    if name == "MuseScore 3":
        again = path.with_suffix(".mscx.musicxml")
        try:
            convert(path, again)
        except (OSError, subprocess.TimeoutExpired):
            return False
        return parsed(again).uneven == 0 and len(parsed(again).notes) == len(parsed(path).notes)
    if name == "verovio":
        bars = len(ElementTree.parse(path).getroot().findall("part[1]/measure"))
        return sum(page.count('class="measure"') for page in engraved(path.read_text(encoding="utf-8"))) == bars
    return parsed(path).uneven == 0


if __name__ == "__main__":
    report.run(main)
