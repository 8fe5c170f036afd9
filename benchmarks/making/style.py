"""Style transfer: which notes survive, and how near the style comes, beside a conversion and a plain mixture.

    python -m benchmarks.making.style [--pieces 4] [--strengths 10,30,100] [--results FOLDER] [--dry]

Contents are 10 s of composed piano pieces whose notes are known, those of `benchmarks.making.conversion`; styles are
rain and applause of the engine and the strings of another piece. Notes: F (onset within 50 ms) of what the
shipped `band` finds. Distance to the style: MMD² with Gram matrices (the polynomial kernel) and with the Gaussian
kernel on random filters of another seed than those that made the sound; the content's own distance is 1. Table:
benchmarks/results/style.md. Nothing here was tuned on these pieces but the strength, of which several are shown.
"""

from collections.abc import Callable
from dataclasses import fields

import numpy as np
import torch

import onpu
from benchmarks.paths import CACHE
from benchmarks.report import parser, run, save, table
from benchmarks.timing import timed
from onpu.data.plan import Plan
from onpu.data.scenes.pairs import RATE, PairScenes
from onpu.data.scenes.sounds import write_sounds
from onpu.engine.render.ambience import applause, rain
from onpu.layers.style import StyleTarget
from onpu.make import load
from onpu.make.style import LEARNED, RANDOM, RandomEars, StyleOptions, levels_of, transfer
from onpu.metrics import notes as note_metric
from onpu.music import Notes
from onpu.music.audio import rms

SEED, SECONDS, KIND = 9, 20.0, "piano-strings"
HEARD_SECONDS = 10.0
LEVEL = 0.055
JUDGE_SEED = 1000
"""Of the filters that measure."""
Change = Callable[[np.ndarray, np.ndarray], np.ndarray]


def brought(samples: np.ndarray) -> np.ndarray:
    """Samples of one level."""
    return samples * np.float32(LEVEL / max(float(rms(samples, np.float64)), 1e-9))


def seen(ears: RandomEars, samples: np.ndarray) -> torch.Tensor:
    """What the measuring filters see of sound at `RATE`."""
    with torch.no_grad():
        return ears(levels_of(ears.stft.spectrum(torch.from_numpy(brought(samples))[None])[0]))[0]


def methods(strengths: list[float]) -> dict[str, Change]:
    """Name -> (content, style) -> result, all (samples,) at `RATE`."""
    tagger, strings = onpu.load("tags", device="cpu"), load("convert-strings")

    def styled(options: StyleOptions) -> Change:
        listener = tagger if options.filters == LEARNED else None
        return lambda content, style: transfer((content, RATE), (style, RATE), options, listener=listener).samples[0]

    def mixed(content: np.ndarray, style: np.ndarray) -> np.ndarray:
        return brought(content) + brought(np.resize(style, len(content)))

    found: dict[str, Change] = {"content as it is": lambda content, style: content, "plain mixture, 0 dB": mixed,
                                "convert to strings": lambda content, style: strings(content, RATE).samples[0]}
    found |= {f"{filters} filters, strength {strength:g}": styled(StyleOptions(filters=filters, strength=strength))
              for filters in (RANDOM, LEARNED) for strength in strengths}
    kernels = {f"{RANDOM} filters, {kernel} kernel": styled(StyleOptions(kernel=kernel))
               for kernel in ("linear", "gaussian")}
    return found | kernels


def clipped(notes: Notes) -> Notes:
    """The notes of the seconds that are heard."""
    heard = notes.onsets < HEARD_SECONDS - 0.1
    return Notes(*(getattr(notes, field.name)[heard] for field in fields(Notes)))


def main() -> None:
    """Measure, print and write the table."""
    options = parser(__doc__)
    options.add_argument("--pieces", type=int, default=4)
    options.add_argument("--strengths", default="10,30,100")
    given = options.parse_args()
    torch.set_num_threads(1)
    scenes = PairScenes(KIND, Plan(seed=SEED, seconds=SECONDS, rate=RATE, negatives=0.0))
    sounds = write_sounds(CACHE / "pairs" / KIND, scenes, given.pieces + 1)
    length, transcribe, judge = round(HEARD_SECONDS * RATE), onpu.load("band", device="cpu"), RandomEars(JUDGE_SEED)
    rng = np.random.default_rng(SEED)
    noises = {name: make(length, RATE, rng)[0].astype(np.float32)
              for name, make in (("rain", rain), ("applause", applause))}
    parts = []
    for name in (*noises, "strings"):
        rows = []
        for method, change in methods([float(each) for each in given.strengths.split(",")]).items():
            if method.startswith("convert") and name != "strings":
                continue
            scores, spent = [], 0.0
            for number in range(given.pieces):
                content = sounds.item(number)[0, :length]
                style = noises.get(name, sounds.item(number + 1)[1, :length])
                result, took = timed(change, content, style)
                spent += took.processor
                found = note_metric.evaluate(clipped(scenes.notes(number)), transcribe(result, RATE))["Note F-measure"]
                distances = []
                for kernel in ("polynomial", "gaussian"):
                    target = StyleTarget(seen(judge, style), kernel)
                    distances.append(float(target.distance(seen(judge, result)))
                                     / float(target.distance(seen(judge, content))))
                scores.append([found, *distances])
            rows.append([method, *np.mean(scores, axis=0).tolist(), f"{spent / given.pieces:.1f}"])
            print(name, rows[-1], flush=True)
        parts.append(f"## Style: {name}\n\n" + table(
            ("", "note F", "distance, Gram", "distance, Gaussian", "processor s for 10 s"), rows))
    parts.append(f"Pieces: {given.pieces}, of which these are means; distances are shares of the content's own. The "
                 "notes of strings are those of the target that sounds them.\n")
    save(given, "style", "Style transfer", parts)


if __name__ == "__main__":
    run(main)
