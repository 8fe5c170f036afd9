"""Which of the cases in shared/cases are right: one line each, and what is wrong with the others.

    python -m benchmarks.cases.run [--cases FOLDER] [--only 12,33,46] [--quick] [--results FOLDER] [--dry]

A case is a folder with what users of another program reported, made anew, and `case.md`, which says what is right.
--quick leaves out those that are music, which are listened to. Those of real music, which are judged elsewhere, are
shown beside the others. Ends with exit code 1 where one of the others is wrong. Table: benchmarks/results/cases.md.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.cases import files, music
from benchmarks.paths import DATA
from benchmarks.report import parser, run, save, table
from benchmarks.soak.outcome import onpu as command
from onpu.formats.musicxml import read_musicxml

OF_REAL_MUSIC = frozenset({"02", "04", "06", "11", "16", "17", "21", "27", "47"})
Check = Callable[[Path, Path], list[str]]
"""(folder of the case, folder to work in) -> what is wrong."""
SHORT = ("n1.wav", "n10.wav", "n441.wav", "n2000.wav")


def each(folder: Path, names: tuple[str, ...], judge: Callable[[Path], list[str]]) -> list[str]:
    """What is wrong with files of a case."""
    return [f"{name}: {text}" for name in names for text in judge(folder / name)]


def pickup(folder: Path, work: Path) -> list[str]:
    """The upbeat is the fourth beat, and a tied note is one."""
    found = read_musicxml(folder / "pickup.musicxml")
    assert found.beats is not None and found.notes is not None
    wrong = [f"first beat is {found.beats.positions[0]}"] if found.beats.positions[0] != 4 else []
    longest = float((found.notes.offsets - found.notes.onsets).max())
    return wrong + ([f"longest note {longest:.2f} s"] if abs(longest - 2) > 0.01 else [])


def covers(folder: Path, work: Path) -> list[str]:
    """Files with pictures and several streams."""
    wrong = files.lengths(folder, {"cover_vbr.mp3": 13.0, "cover.m4a": 13.0, "two_streams.mp4": 6.0,
                                   "noxing_vbr.mp3": 6.0})
    return wrong + files.told(command("analyze", folder / "two_streams.mp4", *files.LISTEN, "-o", work, folder=work), 0,
                              "sound tracks")


LISTENED: dict[str, Check] = {
    **{number: lambda folder, work: music.music(folder) for number in (
        "01", "02", "03", "04", "05", "06", "08", "09", "10", "11", "13", "16", "17", "18", "21", "24")},
    "26": lambda folder, work: each(folder, ("a432.ogg", "plus45cents.ogg"), music.retuned),
    "27": lambda folder, work: each(folder, ("input.flac",), music.like_the_song),
    "28": lambda folder, work: each(folder, ("white30.mp3",), music.nothing),
    "47": lambda folder, work: music.lines_of(folder),
    "30": lambda folder, work: each(folder, ("input.wav",), music.like_the_song),
}
"""Number of a case that is music -> its check."""
CHECKED: dict[str, Check] = {
    "12": files.steady, "32": covers, "33": files.truncated, "34": files.odd_samples,
    "35": lambda folder, work: each(folder, SHORT, music.nothing),
    "36": lambda folder, work: each(folder, ("input.flac",), music.nothing),
    "37": lambda folder, work: files.midi(folder, {"overlap.mid": 3, "dup_off.mid": None}),
    "38": lambda folder, work: files.midi(folder, {"running_over_meta.mid": 3, "sysex.mid": 2}),
    "39": lambda folder, work: files.midi(folder, {"example.mid": 8}),
    "41": lambda folder, work: files.midi(folder, dict.fromkeys(
        sorted(path.name for path in folder.glob("*.mid")))),
    "42": lambda folder, work: files.midi(folder, {"tempo_in_track2.mid": 8}),
    "45": pickup,
    "46": lambda folder, work: files.lengths(folder, {"cbr.mp3": 13.04, "vbr.mp3": 13.04,
                                                      "vbr_quiet_start.mp3": 16.04}),
    "49": files.names, "50": files.hidden, "52": files.disk_full, "54": files.interrupted, "55": files.two_at_once,
    "56": files.pipe, "58": files.few_beats, "59": files.labs, "60": files.null_test, "61": files.in_is_out,
}
"""Number of any other case -> its check."""


def judged(folder: Path, check: Check) -> tuple[str, list[str], float]:
    """right or wrong, what is wrong, and the seconds that it took; what breaks off is wrong."""
    begin = time.perf_counter()
    with tempfile.TemporaryDirectory() as work:
        try:
            wrong = check(folder, Path(work))
        except Exception as error:
            wrong = [f"breaks off: {type(error).__name__}: {' '.join(str(error).split())[:200]}"]
    return "wrong" if wrong else "right", wrong, time.perf_counter() - begin


def main() -> None:
    """The command line."""
    options = parser(__doc__)
    options.add_argument("--cases", type=Path, default=DATA.parent / "cases", help="folder of the cases")
    options.add_argument("--only", default="", help="numbers, by commas")
    options.add_argument("--quick", action="store_true", help="without those that are listened to")
    given = options.parse_args()
    checks = CHECKED if given.quick else LISTENED | CHECKED
    wanted = set(given.only.split(",")) if given.only else set(checks)
    rows, failed = [], 0
    for folder in sorted(path for path in given.cases.iterdir() if path.is_dir()):
        number = folder.name.partition("-")[0]
        if number in checks and number in wanted:
            verdict, wrong, seconds = judged(folder, checks[number])
            failed += bool(wrong) and number not in OF_REAL_MUSIC
            note = " (real music)" if number in OF_REAL_MUSIC else ""
            rows.append((folder.name + note, verdict, f"{seconds:.0f}", "; ".join(wrong)[:300]))
            print(*rows[-1], flush=True)
    save(given, "cases", "Cases", [table(["case", "verdict", "seconds", "what is wrong"], rows),
                                   f"{sum(row[1] == 'right' for row in rows)} of {len(rows)} right.\n"])
    sys.exit(bool(failed))


if __name__ == "__main__":
    run(main)
