"""What `onpu make` costs: processor and wall seconds of each maker's command as a user runs it.

    python -m benchmarks.making.make_speed [--makers chorale,musicvae] [--runs 1] [--results FOLDER] [--dry]

Each command runs in a process of its own, from the start of Python to the written files, with its default options and
formats, and no variable of the environment that limits threads; of several runs the one with the fewest processor
seconds counts. Processor seconds are those of all cores and of all processes that the command starts. Makers that need
something to begin with are given it: the singer a score of eight bars with words, Tacotron a sentence, NSynth two
notes, `style` ten seconds of music and five of noise. Makers without shipped weights are named, and not run. What takes
more than `LIMIT` processor seconds is named with the reason. The table goes to benchmarks/results/make_speed.md.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import soundfile

from benchmarks.report import parser, run, save, table
from benchmarks.timing import Spent
from onpu.make import makers
from onpu.weights import models

COMMAND = "from onpu.apps.entry import main; main()"
LIMITS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMEXPR_NUM_THREADS")
"""Variables of the environment that limit threads."""
LIMIT = 30.0
"""Processor seconds for ten seconds of sound or eight bars."""
STYLE = "style"
"""The command that has no weights and is none of `onpu.make.makers`."""
RATE = 22_050
REASONS = {"nsynth": "two notes are analysed and their phases found anew",
           "singer": "200 frames a second are drawn one by one, each after those before it",
           "style": "the sound itself is what is optimised, in forty steps of L-BFGS",
           "tacotron": "frames are drawn one by one, each after those before it",
           "wavenet": "16,000 samples a second are drawn one by one"}
"""Why a command takes its time."""


def sung(folder: Path) -> list[str]:
    """A score of eight bars of four notes, with words."""
    words, pitches = "sa ku ra hana".split(), (0, 2, 4, 5, 7, 5, 4, 2)
    notes = [f": {4 * place} 4 {pitches[place % 8] - 3} {words[place % 4]}" for place in range(32)]
    (folder / "song.txt").write_text("\n".join(["#BPM:120", "#GAP:500", *notes, "E"]) + "\n", encoding="utf-8")
    return ["--score", str(folder / "song.txt")]


def between(folder: Path) -> list[str]:
    """Two notes of two seconds, of odd partials and of all."""
    times = np.arange(2 * RATE) / RATE
    for name, step in (("flute", 2), ("cello", 1)):
        sound = sum(np.sin(2 * np.pi * 220 * partial * times) / partial for partial in range(1, 12, step))
        soundfile.write(folder / f"{name}.wav", 0.2 * sound * np.exp(-times), RATE)
    return ["--from", str(folder / "flute.wav"), "--to", str(folder / "cello.wav")]


def restyled(folder: Path) -> list[str]:
    """Ten seconds of music, five of noise."""
    rng = np.random.default_rng(0)
    times = np.arange(RATE // 2) / RATE
    notes = [0.2 * np.sin(2 * np.pi * 220 * 2 ** (step / 12) * times) * np.exp(-3 * times)
             for step in rng.integers(0, 24, 20)]
    soundfile.write(folder / "song.wav", np.concatenate(notes), RATE)
    soundfile.write(folder / "rain.wav", 0.1 * rng.standard_normal(5 * RATE), RATE)
    return [str(folder / "song.wav"), "--style", str(folder / "rain.wav")]


GIVEN: dict[str, tuple[str, Callable[[Path], list[str]]]] = {
    "nsynth": ("--from flute.wav --to cello.wav", between), "singer": ("--score song.txt", sung),
    STYLE: ("song.wav --style rain.wav", restyled),
    "tacotron": ('--text "…"', lambda folder: ["--text", "Music is the silence between the notes."])}
"""Maker -> what its user gives, in words, and a function that writes it into a folder and returns the arguments."""


def made(name: str) -> tuple[Spent, str]:
    """What `onpu make NAME` took, and the suffixes of its files."""
    environment = {key: value for key, value in os.environ.items() if key not in LIMITS}
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as sources:
        given = GIVEN[name][1](Path(sources)) if name in GIVEN else []
        start = time.perf_counter()
        process = subprocess.Popen([sys.executable, "-c", COMMAND, "make", name, *given, "-o", folder],
                                   env=environment, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        if status:
            raise SystemExit(f"onpu make {name} ended with {os.waitstatus_to_exitcode(status)}")
        suffixes = sorted({path.suffix for path in Path(folder).rglob("*") if path.is_file()})
    return Spent(wall, usage.ru_utime + usage.ru_stime), " ".join(suffixes)


def commands() -> tuple[list[str], list[str]]:
    """Makers whose command can be run, and those without shipped weights."""
    there = {str(card["task"]) for card in models().values()}
    names = [name for name, maker in makers().items() if maker.command is not None]
    return ([*(name for name in names if name in there), STYLE], [name for name in names if name not in there])


def main() -> None:
    """Measure and write the table."""
    arguments = parser(__doc__)
    names, without = commands()
    arguments.add_argument("--makers", default=",".join(names), help="with commas; default: all with weights")
    arguments.add_argument("--runs", type=int, default=1, help="of each command")
    given = arguments.parse_args()
    rows, slow = [], []
    for name in given.makers.split(","):
        spent, files = min((made(name) for _ in range(given.runs)), key=lambda each: each[0].processor)
        words = " ".join(["onpu make", name, *GIVEN.get(name, ())[:1]])
        rows.append([f"`{words}`", f"{spent.processor:.1f}", f"{spent.seconds:.1f}", files])
        if spent.processor > LIMIT:
            slow.append(f"`{name}` ({REASONS.get(name, 'nobody knows why yet')})")
        print(*rows[-1], flush=True)
    load = f"load of the machine at the end, over one minute: {os.getloadavg()[0]:.1f}"
    longer = f"More than {LIMIT:g} processor seconds: {', '.join(slow) or 'none'}."
    skipped = f"Not run, for no weights are shipped: {', '.join(f'`{name}`' for name in without) or 'none'}."
    save(given, "make_speed", "What onpu make costs",
         [f"Of {given.runs} runs the one with the fewest processor seconds; {load}.\n",
          table(("command", "processor seconds", "wall seconds", "files"), rows), f"{longer} {skipped}\n"])


if __name__ == "__main__":
    run(main)
