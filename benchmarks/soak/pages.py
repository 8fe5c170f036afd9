"""The commands of README and docs/, one after the other as they stand there; what would take hours is made small.

    python -m benchmarks.soak.pages

Ends with exit code 1 where one fails. Table: benchmarks/results/pages.md.
"""

import re
import shlex
import shutil
import sys
import tempfile
from functools import partial
from pathlib import Path

import soundfile

from benchmarks import report
from benchmarks.paths import DATA, ROOT
from benchmarks.soak.outcome import Outcome, measured, song
from benchmarks.soak.outcome import onpu as command

COMMAND = re.compile(r"^(?:    |\$ )(onpu .*?)(?: +# .*)?$", re.MULTILINE)
SMALLER = {r"-n 2000\b": "-n 3 --seconds 10", r"-n 200\b": "-n 2", r"-n 500\b": "-n 3 --seconds 10",
           r"--minutes \d+": "--minutes 0.2", r"^(onpu train (?!.*--minutes).*)$": r"\1 --minutes 0.2"}
"""What makes a command shorter, as a pattern and its replacement."""
LEFT_OUT = ("onpu reproduce", "onpu serve")
"""Beginnings of the commands that are left out: whole trainings, and what does not end."""
SETS = ("pop909.zip", "groove.zip", "chorales.json.gz")


def commands() -> list[str]:
    """All commands of the pages, in their order, each once."""
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    found = [each for page in pages if page.name != "LOG.md"
             for each in COMMAND.findall(page.read_text(encoding="utf-8"))]
    alone = (re.split(r" [|>] ", each)[0] for each in found if " < " not in each)  # without the shell's pipes and files
    return [each for each in dict.fromkeys(alone) if not each.startswith(LEFT_OUT)]


def furnish(folder: Path, song: Path) -> None:
    """Put the files there that the pages name."""
    samples, rate = soundfile.read(song)
    for name in ("song.mp3", "waltz.flac", "piano.wav", "old.wav", "music/one.wav", "music/two.flac",
                 "my-songs/one.wav"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(folder / name, samples, rate)
    (folder / "list.txt").write_text("song.mp3\nwaltz.flac\n", encoding="utf-8")
    shutil.copy(song.with_suffix(".jams"), folder / "my-songs" / "one.jams")
    shutil.copy(song.with_suffix(".mid"), folder / "begun.mid")
    for words, made in ((("make", "musicvae", "--n", 2), ("a.mid", "b.mid")), (("make", "chorale"), ("hymn.mid",)),
                        (("make", "musicvae", "--weights", "musicvae-melody-16"), ("song.mid",))):
        out = folder / "furnished" / made[0]
        command(*words, "-o", out, folder=folder)
        for name, path in zip(made, sorted(out.rglob("*.mid")), strict=False):
            shutil.copy(path, folder / name)
    for name in SETS:
        if (DATA / name).exists():
            for place in (folder / name, folder / "sets" / name):
                place.parent.mkdir(exist_ok=True)
                place.symlink_to(DATA / name)


def pages(folder: Path, song: Path) -> list[Outcome]:
    """One outcome for each first word of the commands."""
    folder.mkdir()
    furnish(folder, song)
    outcomes: dict[str, Outcome] = {}
    for line in commands():
        small = line
        for pattern, replacement in SMALLER.items():
            small = re.sub(pattern, replacement, small)
        missing = [name for name in SETS if name in small and not (folder / name).exists()]
        if not missing:
            words = shlex.split(small)[1:]
            outcome = outcomes.setdefault(words[0], Outcome(f"onpu {words[0]}"))
            spent = measured(line, partial(run, words, line, folder))
            outcome.done, outcome.seconds = outcome.done + 1, outcome.seconds + spent.seconds
            outcome.failures += spent.failures
            outcome.peak = max(outcome.peak, spent.peak)
    return list(outcomes.values())


def run(words: list[str], line: str, folder: Path, outcome: Outcome) -> None:
    """Run one command."""
    ended = command(*words, folder=folder)
    outcome.peak = ended.peak
    outcome.check(ended.code == 0, f"{line}: exit code {ended.code}: {' '.join(ended.output[-300:].split())}")


def main() -> None:
    """The command line."""
    given = report.parser(__doc__).parse_args()
    with tempfile.TemporaryDirectory() as folder:
        outcomes = pages(Path(folder) / "pages", song(Path(folder)))
    rows = [(each.name, each.done, len(each.failures), round(each.seconds), round(each.peak)) for each in outcomes]
    failures = [f"- {line}\n" for outcome in outcomes for line in outcome.failures]
    headings = ["commands", "tried", "failed", "seconds", "peak memory [MiB]"]
    report.save(given, "pages", "The commands of README and docs", [report.table(headings, rows), *failures])
    sys.exit(bool(failures))


if __name__ == "__main__":
    report.run(main)
