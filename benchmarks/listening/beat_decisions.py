"""What the beat decoder decides, on the sets that constants are chosen on: belief, tempo octave, bars and confidence.

    python -m benchmarks.listening.beat_decisions [--weights beats=runs/x/best.safetensors] [--only mdb,maps,songs]
        [--alone] [--rows] [--fit] [--results FOLDER] [--dry]

Activations of beats and chords are kept in the benchmarks' cache, by weights, so that a changed decoder is judged
without hearing everything again. `mdb` and `maps` need ONPU_DATA (see README.md); `songs` are composed ones of many
styles, half of them in compound and odd metres; `noise` is no music. Table: benchmarks/results/beat_decisions.md.
--fit prints what each cue of `onpu.decode.levels` should count with these activations: the weights of the cues of
candidates, so that the likeliest is the one of the best F-measures, by maximum likelihood with a pull to those in use.
"""

from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, fields
from itertools import chain
from typing import Any

import numpy as np
from scipy.optimize import minimize

from benchmarks.listening.beats_data import items
from benchmarks.listening.beats_scores import MEASURES, score
from benchmarks.listening.calibration import beat_calibration
from benchmarks.paths import CACHE, Missing
from benchmarks.recordings import fonts
from benchmarks.report import parser, run, save, table
from benchmarks.tools import weights_of
from onpu.analysis.agreement import Prediction, agree
from onpu.decode.bars import BarModel
from onpu.decode.levels import WEIGHTS, candidates, cues
from onpu.decode.pulse import TEMPI, HeardPulse
from onpu.engine.compose import STYLES, compose
from onpu.engine.render import negative, produce, render
from onpu.formats.audio import open_audio
from onpu.listen import load
from onpu.metrics import beats as beat_metric
from onpu.music import Audio, AudioSource, Beats, Timeline
from onpu.trained import TrainedListener

SONGS, SECONDS, SEED = 60, 24.0, 4_000_000
SCENES, SCENE_SECONDS = 60, 20.0
FIT_SHARPNESS, FIT_PULL = 20.0, 1.0


@dataclass(frozen=True, eq=False)
class Heard:
    """A recording: what is true of it, and the activations of the listeners by task."""

    name: str
    truth: Timeline
    beats: dict[str, np.ndarray]
    chords: dict[str, np.ndarray]

    def arrays(self) -> dict[str, np.ndarray]:
        """All of it, for storing."""
        parts = {"truth": self.truth.arrays(), "beats": self.beats, "chords": self.chords}
        return {"name": np.array(self.name)} | {
            f"{part}/{key}": value for part, values in parts.items() for key, value in values.items()}

    @staticmethod
    def from_arrays(arrays: dict[str, np.ndarray]) -> "Heard":
        """Inverse of `arrays`."""
        truth, beats, chords = ({key.partition("/")[2]: value for key, value in arrays.items()
                                 if key.startswith(f"{part}/")} for part in ("truth", "beats", "chords"))
        return Heard(str(arrays["name"]), Timeline.from_arrays(truth), beats, chords)


def recordings(name: str) -> Iterator[tuple[str, Timeline, AudioSource]]:
    """The recordings of a set."""
    if name == "songs":
        yield from songs()
    elif name == "noise":
        for seed in range(SEED, SEED + SCENES):
            yield f"noise-{seed}", Timeline(SCENE_SECONDS, beats=Beats.empty()), negative(seed, SCENE_SECONDS)
    else:
        for item in items(name, SONGS):
            with open_audio(item.path) as source:
                yield item.name, item.truth, source


def songs() -> Iterator[tuple[str, Timeline, Audio]]:
    """Songs of all styles in turn, and between them songs of those styles that know compound or odd metres."""
    every = sorted(name for name, style in STYLES.items() if not style.held_out)
    uneven = [name for name in every if sum(weight for metre, weight in STYLES[name].metres.items()
                                            if metre not in ("4/4", "2/4", "2/2", "3/4")) >= 0.3]
    for number in range(SONGS):
        among = uneven if number % 2 else every
        style = among[number * 7 % len(among)]
        song = compose(SEED + number, style, SECONDS)
        yield f"{style} {number}", song.timeline, produce(render(song, song.seed, 44_100, fonts()), song.seed)


def heard(name: str, beats: TrainedListener, chords: TrainedListener) -> Iterator[Heard]:
    """The recordings of a set with activations, one by one, from the cache where they are kept."""
    folder = CACHE / "decisions" / f"{name}-{beats.card['sha256'][:12]}-{chords.card['sha256'][:12]}"
    done = folder / "done"
    if not done.exists():
        folder.mkdir(parents=True, exist_ok=True)
        for number, (title, truth, source) in enumerate(recordings(name)):
            one = Heard(title, truth, dict(beats.activations(source)), dict(chords.activations(source)))
            np.savez(folder / f"{number:03d}.npz", **one.arrays())  # type: ignore[arg-type]
        done.touch()
    for path in sorted(folder.glob("*.npz")):
        with np.load(path) as stored:
            yield Heard.from_arrays(dict(stored))


def decided(one: Heard, beats: TrainedListener, chords: TrainedListener | None, **options: Any) -> Timeline:
    """What the listeners agree on; chords: None for the beats alone."""
    wish = type(beats.listener.options)(**options)
    predictions = [Prediction(beats, one.beats, one.truth.duration, wish)]
    if chords is not None:
        predictions.append(Prediction(chords, one.chords, one.truth.duration, chords.listener.options))
    return agree(predictions)


def judge(name: str, beats: TrainedListener, chords: TrainedListener | None, harmony: TrainedListener,
          rows: bool) -> tuple[list[object], str]:
    """The row of means of a set, and a table of its recordings."""
    answers = [(one, decided(one, beats, chords)) for one in heard(name, beats, harmony)]
    if name == "noise":
        silent = [float(len(found.require(Beats).times) == 0) for _, found in answers]
        return [f"{name}: without beats", float(np.mean(silent)), *[float("nan")] * len(MEASURES)], ""
    scores = [score(one.truth, found) for one, found in answers]
    means = [float(np.nanmean(column)) if np.isfinite(column).any() else float("nan")
             for column in (np.array([row[measure] for row in scores]) for measure in MEASURES)]
    error = beat_calibration([(one.truth.require(Beats), found.require(Beats)) for one, found in answers])
    details = table([name, *MEASURES, "true", "found"], [
        [one.name, *(row[measure] for measure in MEASURES), brief(one.truth), brief(found)]
        for (one, found), row in zip(answers, scores, strict=True)]) if rows else ""
    return [name, *means, error], details


def fitted(known: Iterable[Heard], beats: TrainedListener) -> str:
    """A table of the weights in use and of those that fit best."""
    now, groups = np.array(astuple(WEIGHTS)), []
    clock, options = beats.features.clock, beats.listener.options
    for one in known:
        truth, beat = one.truth.require(Beats), np.asarray(one.beats["beat"], np.float64)
        pulse = HeardPulse(beat, np.minimum(one.beats["downbeat"], beat), clock.fps, one.beats.get("tempo"), TEMPI,
                           one.beats.get("flux"))
        paths = candidates(pulse.beat, pulse.downbeat, BarModel(clock.fps, options.metres, options.bpm_range))
        if len(truth.times) < 2 or len(paths) < 2:
            continue
        quality = np.array([beat_metric.f_measure(truth.times, clock.seconds(path.frames)) +
                            beat_metric.f_measure(truth.downbeats, clock.seconds(path.frames[path.positions == 1])) / 2
                            for path in paths])
        wanted = np.exp(FIT_SHARPNESS * (quality - quality.max()))
        groups.append((np.array([astuple(cues(path, pulse, paths[0])) for path in paths]),
                       wanted / wanted.sum()))

    def cost(weights: np.ndarray) -> tuple[float, np.ndarray]:
        total, slope = FIT_PULL * float(np.square(weights - now).sum()), 2 * FIT_PULL * (weights - now)
        for rows, wanted in groups:
            scores = rows @ weights
            odds = np.exp(scores - scores.max())
            total -= float(wanted @ np.log(odds / odds.sum() + 1e-12))
            slope = slope - (wanted - odds / odds.sum()) @ rows
        return total, slope

    best = minimize(cost, now, jac=True).x
    return f"{len(groups)} recordings\n\n" + table(["cue", "in use", "fitted"], [
        [field.name, float(old), float(new)] for field, old, new in zip(fields(WEIGHTS), now, best, strict=True)])


def brief(timeline: Timeline) -> str:
    """Tempo and metres in words: `62 4/4`."""
    times = timeline.require(Beats).times
    if len(times) < 2:
        return "no beats"
    return f"{60 / np.median(np.diff(times)):.0f} {timeline.metre.in_brief() if timeline.metre is not None else ''}"


def main() -> None:
    """Run and write beat_decisions.md."""
    options = parser(__doc__)
    options.add_argument("--weights", default="", help="beats=PATH in place of the shipped ones")
    options.add_argument("--only", default="mdb,maps,songs,noise", help="sets, by commas")
    options.add_argument("--alone", action="store_true", help="beats alone, without what chords say")
    options.add_argument("--fit", action="store_true", help="print what each cue of the metrical level should count")
    options.add_argument("--rows", action="store_true", help="a table of recordings for each set")
    given = options.parse_args()
    beats, chords = load(weights_of(["beats"], given.weights)["beats"][0]), load("chords")
    if given.fit:
        sets = [heard(name, beats, chords) for name in given.only.split(",") if name != "noise"]
        print(fitted(chain(*sets), beats))
        return
    rows, parts, notes = [], [], []
    for name in given.only.split(","):
        try:
            row, details = judge(name, beats, None if given.alone else chords, chords, given.rows)
        except Missing as error:
            notes.append(f"{name} left out: {error}\n")
            continue
        rows.append(row)
        parts.append(details)
    save(given, "beat_decisions", "Decisions of the beat decoder", [
        "## Means\n\n" + table(["set", *MEASURES, "calibration error"], rows), *filter(None, chain(parts, notes))])


if __name__ == "__main__":
    run(main)
