"""Everything that takes too long for the tests, in about a quarter of an hour.

    python -m benchmarks.soak.run [--only faults,batches,thousand,kills,hour,hours] [--count 1000]
        [--results FOLDER] [--dry]

Damaged files of every format are read or refused in one line; folders of odd recordings are analysed by one and by two
processes, and a thousand short ones of which a twentieth is broken; compositions, trainings and analyses are killed and
go on to the same bytes; recordings of hours are analysed in bounded memory. Ends with exit code 1 where something does
not hold. Table: benchmarks/results/soak.md, where each part that is run has its rows made anew, with the day and the
command; rows of the others stay.
"""

import datetime
import gzip
import logging
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import soundfile

import onpu
from benchmarks.report import parser, run, save, table
from benchmarks.soak.batches import batches
from benchmarks.soak.faults import GROWTH, SLOWEST, batch, labels, recordings, weights
from benchmarks.soak.hours import MEGABYTES, hours, whole_hour
from benchmarks.soak.kills import analyses, corpora, interrupts, trainings
from benchmarks.soak.outcome import Outcome, measured, song
from benchmarks.soak.outcome import onpu as command
from benchmarks.soak.thousand import BROKEN, thousand

PARTS = ("faults", "batches", "thousand", "kills", "hour", "hours")
HEADINGS = ("part", "tried", "failed", "seconds", "peak memory [MiB]", "made by")
SUFFIXES = (".wav", ".flac", ".mp3", ".ogg", ".aiff", ".au", ".caf", ".w64", ".rf64")
LABELS = "jams,midi,beats,lab,musicxml,audacity,csv"
NOTE = (f"What takes longer than {SLOWEST} seconds counts as hanging; over all damaged files of a kind the process "
        f"may grow by {GROWTH:.0f} MiB. Of the large batch one recording in {BROKEN} is broken: others have results, "
        f"these a reason each. An hour of everything may take {MEGABYTES} MB.\n")
CONTAINER = '<container><rootfiles><rootfile full-path="score.musicxml"/></rootfiles></container>'


def sounds(folder: Path, path: Path) -> list[Path]:
    """The song's first seconds in the formats that are read; m4a where ffmpeg is there."""
    samples, rate = soundfile.read(path)
    folder.mkdir()
    for suffix in SUFFIXES:
        soundfile.write(folder / f"song{suffix}", samples[: 5 * rate], rate)
    soundfile.write(folder / "song.opus", samples[: 5 * rate], 48_000, format="OGG", subtype="OPUS")
    if shutil.which("ffmpeg"):
        subprocess.run(["ffmpeg", "-v", "error", "-i", folder / "song.wav", folder / "song.m4a"], check=True)
    return sorted(folder.iterdir())


def annotations(folder: Path, path: Path) -> list[Path]:
    """Files of labels and scores of the song, of every format that is read."""
    command("analyze", path, "-o", folder, "--format", LABELS, "-q", folder=path.parent)
    found = onpu.read(folder / f"{path.stem}.jams")
    found.save(folder / f"{path.stem}.json")
    (folder / "song.jamz").write_bytes(gzip.compress((folder / f"{path.stem}.jams").read_bytes()))
    with zipfile.ZipFile(folder / "song.mxl", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("META-INF/container.xml", CONTAINER)
        archive.write(folder / f"{path.stem}.score.musicxml", "score.musicxml")
    (folder / "song.lrc").write_text("".join(f"[00:{second:02}.50]a line of words\n" for second in range(1, 20)))
    (folder / "song.txt").write_text("#BPM:300\n#GAP:500\n" + "".join(
        f": {4 * number} 3 60 syl\n" for number in range(40)) + "E\n")
    return sorted(found for found in folder.iterdir() if found.is_file() and found.stat().st_size)


def parts(wanted: set[str], folder: Path, count: int) -> list[Outcome]:
    """The outcomes of what is wanted. count: recordings of the large batch."""
    path, outcomes = song(folder), []
    if "faults" in wanted:
        heard, written = sounds(folder / "sounds", path), annotations(folder / "labels", path)
        outcomes += [measured("damaged recordings", lambda row: recordings(heard, folder / "broken-sounds", row)),
                     measured("the same in one go", lambda row: batch(heard, folder / "batch-of-broken", row)),
                     measured("damaged labels and scores", lambda row: labels(written, folder / "broken-labels", row)),
                     measured("damaged weights", lambda row: weights(folder / "broken-weights", row))]
    if "batches" in wanted:
        outcomes.append(measured("odd folders", lambda row: batches(folder / "batches", row)))
    if "thousand" in wanted:
        outcomes.append(measured(f"{count} recordings, a twentieth broken",
                                 lambda row: thousand(folder / "thousand", row, count)))
    if "kills" in wanted:
        whole = folder / "corpora/whole"
        outcomes += [measured("corpora, killed", lambda row: corpora(folder / "corpora", row)),
                     measured("a training, killed", lambda row: trainings(folder / "runs", whole, row)),
                     measured("analyses, killed", lambda row: analyses(folder / "analyses", path, row)),
                     measured("Ctrl-C", lambda row: interrupts(folder / "interrupts", path, row))]
    if "hour" in wanted:
        outcomes.append(whole_hour(folder / "hour", path))
    if "hours" in wanted:
        outcomes += hours(folder / "hours", path)
    return outcomes


def made_before(path: Path) -> dict[str, tuple[str, ...]]:
    """Rows of a table that was made before, by the name of the part."""
    if not path.exists():
        return {}
    lines = [line.strip("| ").split(" | ") for line in path.read_text(encoding="utf-8").splitlines()
             if line.startswith("| ") and not line.startswith(("| part", "| ---"))]
    return {cells[0]: tuple(cells) for cells in lines if len(cells) == len(HEADINGS)}


def main() -> None:
    """The command line."""
    options = parser(__doc__)
    options.add_argument("--only", default=",".join(PARTS), help="parts, by commas")
    options.add_argument("--count", type=int, default=1000, help="recordings of the large batch")
    given = options.parse_args()
    logging.disable(logging.WARNING)  # that files are damaged is known here
    wanted = given.only.split(",")
    made = f"{datetime.date.today()}, `--only {given.only}`" if wanted != list(PARTS) else f"{datetime.date.today()}"
    with tempfile.TemporaryDirectory() as folder:
        outcomes = parts(set(wanted), Path(folder), given.count)
    rows = made_before(given.results / "soak.md")
    for each in outcomes:
        rows[each.name] = (each.name, str(each.done), str(len(each.failures)), f"{each.seconds:.0f}",
                           f"{each.peak:.0f}" if each.peak else "-", made)
    failures = [f"- {outcome.name}: {line}\n" for outcome in outcomes for line in outcome.failures]
    save(given, "soak", "Soak", [NOTE, table(HEADINGS, list(rows.values())), *failures])
    sys.exit(bool(failures))


if __name__ == "__main__":
    run(main)
