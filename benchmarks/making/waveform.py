"""Sound made sample by sample: what a sample costs, how fast it is drawn, and what listeners hear in it.

    python -m benchmarks.making.waveform NAME=RUN … [--items 2] [--seconds 5] [--temperature 1] [--results FOLDER]
        [--dry]

RUN: folder of a run of `onpu train wavenet`. Held-out lines are those of a seed that no training has, of which all
instruments play the beginning; *nats* is the mean -log p of a sample given all before it. The course of a run is what
the run itself logged on the items by which it chose its weights. Beside the networks: all levels equally likely, and
each as often as in the held-out sound itself. Drawn sound has the held-out line of an item; in it the listener `band`
looks for the notes and the listener `instruments` for the family, as in the true sound; nothing was trained on either
answer. Table: benchmarks/results/waveform.md.
"""

import csv
import math
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

import onpu
from benchmarks.report import parser, run, save, table
from onpu.data.plan import Plan
from onpu.data.scenes.lines import INSTRUMENTS, RATE, LineScenes
from onpu.make import load
from onpu.make.wavenet import HOP, Trained, WaveNetOptions, judged
from onpu.maker import TrainedMaker
from onpu.metrics import notes as note_metric
from onpu.metrics.spectra import log_spectral_distance
from onpu.music.activity import PLAYERS
from onpu.music.audio import rms
from onpu.music.instruments import FAMILIES, family_of
from onpu.represent import Stft
from onpu.represent.companding import LEVELS, compressed

SEED = 7_700_001
"""Of the held-out lines."""
EDGE = 8
"""A step between samples that is so many times the 99.9th percentile of the true sound's is a click."""


def held_out(items: int, seconds: float) -> list[np.ndarray]:
    """Beginnings of held-out items."""
    scenes = LineScenes().of(Plan(seed=SEED))
    return [scenes.item(number)[:, : round(seconds * RATE) // HOP * HOP] for number in range(items)]


def frequencies(sounds: list[np.ndarray]) -> float:
    """Nats of a sample whose level is drawn as often as it occurs in the held-out sound."""
    levels = np.concatenate([compressed(rows[: len(INSTRUMENTS)]).ravel() for rows in sounds])
    shares = np.bincount(levels, minlength=LEVELS) / len(levels)
    return float(-(shares[shares > 0] * np.log(shares[shares > 0])).sum())


def course(folder: Path, minutes: float, steps: int) -> dict[float, float]:
    """Minutes -> nats on the items by which the run chose its weights."""
    (path,) = sorted(folder.glob("logs/version_*/metrics.csv"))[-1:]
    with open(path, encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row.get("validation/Nats")]
    return {minutes * (int(row["step"]) + 1) / steps: float(row["validation/Nats"]) for row in rows}


def played(trained: Trained, instrument: str, seconds: float, temperature: float) -> tuple[np.ndarray, float]:
    """The first held-out line by an instrument, (samples,), and processor seconds of that."""
    notes = LineScenes().of(Plan(seed=SEED)).notes(0)
    notes = notes.select(notes.onsets < seconds - 0.5)
    notes = replace(notes, offsets=np.minimum(notes.offsets, seconds - 0.5))
    start = time.process_time()
    asked = WaveNetOptions(instrument=instrument, notes=notes, temperature=temperature)
    sound = trained(options=asked).samples[0]
    return sound, time.process_time() - start


def heard(sound: np.ndarray, true: np.ndarray, instrument: str, seconds: float) -> list[float]:
    """F of the notes that `band` finds, probability that `instruments` gives the family, whether it is the likeliest,
    dB of level over the true sound, DC in dB below full scale, log-spectral distance, clicks a second."""
    notes = LineScenes().of(Plan(seed=SEED)).notes(0)
    notes = notes.select(notes.onsets < seconds - 0.5)
    found = onpu.load("band", device="cpu")(sound[None], RATE)
    right = note_metric.evaluate(notes, found)["Note F-measure"]
    shares = onpu.load("instruments", device="cpu").activations(sound[None], RATE)["instruments"].mean(axis=1)
    family = list(FAMILIES)[int(family_of(np.array([INSTRUMENTS[instrument]]))[0])]
    length = min(len(sound), len(true))
    stft = Stft(RATE, 1024, 256, amplitude=True)
    spectra = stft(torch.from_numpy(np.stack([true[:length], sound[:length]])))[:, 0].numpy()
    steps = [np.abs(np.diff(each)) for each in (true, sound)]
    clicks = float((steps[1] > EDGE * np.quantile(steps[0], 0.999)).sum()) / (len(sound) / RATE)
    level = 20 * math.log10(float(rms(sound[None], np.float64)) / float(rms(true[None], np.float64)))
    return [right, float(shares[PLAYERS.index(family)]), float(PLAYERS[int(shares.argmax())] == family), level,
            20 * math.log10(abs(float(sound.mean())) + 1e-9), log_spectral_distance(spectra[0], spectra[1]), clicks]


def main() -> None:
    """Measure and write the table."""
    arguments = parser(__doc__)
    arguments.add_argument("runs", nargs="+", metavar="NAME=RUN", help="what is called so, and its run's folder")
    arguments.add_argument("--items", type=int, default=2, help="held-out lines")
    arguments.add_argument("--seconds", type=float, default=5.0, help="of each line")
    arguments.add_argument("--temperature", type=float, default=1.0, help="at which sound is drawn")
    given = arguments.parse_args()
    torch.set_num_threads(1)
    sounds = held_out(given.items, given.seconds)
    costs: list[list[object]] = [["every level alike", "-", "-", "-", math.log(LEVELS), "-", "-"],
                                 ["as often as in the sound itself", "-", "-", "-", frequencies(sounds), "-", "-"]]
    courses: list[list[object]] = []
    listened: list[list[object]] = []
    truth = {name: sounds[0][number] for number, name in enumerate(INSTRUMENTS)}
    for name, sound in truth.items():
        listened.append([f"{name}, true", *heard(sound, sound, name, given.seconds)])
    for name, folder in (each.split("=", 1) for each in given.runs):
        trained: TrainedMaker = load(Path(folder) / "best.safetensors")
        nats = float(np.mean([list(judged(trained, rows).values()) for rows in sounds]))
        facts = trained.card["trained"]
        count = sum(parameter.numel() for parameter in trained.network.parameters())
        made = {each: played(trained, each, given.seconds, given.temperature) for each in INSTRUMENTS}
        pace = sum(len(sound) / RATE for sound, _ in made.values()) / sum(spent for _, spent in made.values())
        learned = facts["steps"] * trained.recipe.batch * trained.recipe.crop_samples / 1e6
        costs.append([name, count, facts["minutes"], f"{learned:.1f}", nats, nats / math.log(2), pace])
        courses += [[name, f"{minutes:.1f}", value]
                    for minutes, value in course(Path(folder), facts["minutes"], facts["steps"]).items()]
        for each, (sound, _) in made.items():
            listened.append([f"{each}, {name}", *heard(sound, truth[each], each, given.seconds)])
    save(given, "waveform", "Sound made sample by sample", [
        f"{given.items} held-out lines of {given.seconds:g} s by {len(INSTRUMENTS)} instruments; 16 kHz, {LEVELS} "
        "levels of μ-law; processor seconds of one thread.\n",
        table(("network", "parameters", "minutes of training", "million samples seen", "nats", "bits", "× real time"),
              costs),
        "\nThe course of the runs, on what they chose by:\n", table(("network", "minutes", "nats"), courses),
        "\nWhat is heard in one line. *Family*: probability of the right one, and whether it is the likeliest.\n",
        table(("sound", "notes F", "family", "likeliest", "level, dB", "DC, dB", "LSD, dB", "clicks/s"), listened)])


if __name__ == "__main__":
    run(main)
