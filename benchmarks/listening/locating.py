"""Directions of sounds in rooms by the image method: one source and two, standing and walking, in rooms of three kinds.

    python -m benchmarks.listening.locating [--network locate]

Scenes that chose the decoder's constants have another seed. Beside the tracks of `onpu locate` stands the direction of
the largest response in each frame, without tracks, and SELDnet (--network: its name or a path of weights), which
learned from other scenes of the same six kinds of sound. Scenes report.
"""

import numpy as np
import torch

from benchmarks.report import parser, run, save, table
from onpu.analysis.locating import ELEVATIONS, STEP_DEGREES, array, locate
from onpu.data.scenes.array import RATE, ArrayScenes
from onpu.make import load
from onpu.make.locate import LocateOptions
from onpu.metrics.bearings import evaluate
from onpu.music import Audio
from onpu.music.bearing import Bearings
from onpu.represent.steered import SteeredResponse

SCENES = 20
SECONDS = 6.0
SEED = 11
ROOMS = {"outdoors": (0.0, 0.0), "living rooms, T60 .2 to .6 s": (0.2, 0.6), "halls, T60 .6 to 1.2 s": (0.6, 1.2)}
LEVEL = 0.05
"""Root mean square of a frame over that of the recording from which on the largest response counts."""


def largest(audio: Audio, microphones: np.ndarray) -> Bearings:
    """The direction of the largest response in each frame that is not faint."""
    azimuths = np.arange(-180.0, 180.0, STEP_DEGREES)
    steered = SteeredResponse(microphones, azimuths, ELEVATIONS)
    found = steered(audio.samples)
    frames = np.arange(found.shape[-1])
    places = found.reshape(-1, len(frames)).argmax(axis=0)
    power = np.array([np.square(audio.samples[:, max(0, at - 256) : at + 256]).mean() for at in frames * 512])
    loud = np.sqrt(power) > LEVEL * np.sqrt(np.square(audio.samples).mean())
    across, up = np.divmod(places, len(ELEVATIONS))
    return Bearings(steered.clock.seconds(frames)[loud], azimuths[across][loud], ELEVATIONS[up][loud],
                    np.zeros(int(loud.sum()), np.int64), np.ones(int(loud.sum())))


def main() -> None:
    """Write the table."""
    options = parser(__doc__)
    options.add_argument("--network", default="locate", metavar="WEIGHTS")
    given = options.parse_args()
    torch.set_num_threads(1)
    microphones = array("tetrahedron", 0.06)
    network = load(given.network)
    rows = []
    for name, decay in ROOMS.items():
        for sources in (1, 2):
            scenes = ArrayScenes(tuple(map(tuple, microphones)), SEED, SECONDS, sources, decay)
            asked = LocateOptions(sources, microphones=tuple(map(tuple, microphones)))
            tracked, single, learned = [], [], []
            for number in range(SCENES):
                sound, truth = scenes.item(number)
                audio = Audio(sound, RATE)
                tracked.append(evaluate(truth, locate(audio, microphones, sources), SECONDS))
                single.append(evaluate(truth, largest(audio, microphones), SECONDS))
                learned.append(evaluate(truth, network(audio, options=asked), SECONDS))
            for system, scores in (("tracks", tracked), ("largest response", single), ("SELDnet", learned)):
                errors = [score["DOA error"] for score in scores]
                rows.append([f"{name}, {sources} source{'s' if sources > 1 else ''}", system, float(np.mean(errors)),
                             float(np.median(errors)), float(np.mean([score["Frame recall"] for score in scores]))])
                print(rows[-1], flush=True)
    save(given, "locating", "Directions of sounds", [
        f"{SCENES} scenes of {SECONDS:.0f} s for each row; half of the sources walk; four microphones, a tetrahedron "
        "with a radius of 6 cm; microphones' noise 30 dB below. Degrees; frames of .1 s.\n",
        table(["scenes", "system", "DOA error, mean", "median", "frame recall"], rows)])


if __name__ == "__main__":
    run(main)
