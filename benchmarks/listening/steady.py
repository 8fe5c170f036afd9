"""Beats that are labelled by rule (`onpu.data.corpora.steady`) beside the known ones of the free recordings.

    python -m benchmarks.listening.steady [--results FOLDER] [--dry]

For each kind of recordings in real/free: how many the rule keeps, in how many of these beats have an F-measure above
.95, in how many it tells the bars, and in how many of those that can be checked downbeats have one above .95. Table:
benchmarks/results/steady.md.
"""

from benchmarks.paths import data
from benchmarks.report import parser, run, save, table
from onpu.apps.corpora import beat_network
from onpu.data.corpora.free import KINDS, read_free
from onpu.data.corpora.steady import label_steady
from onpu.data.credits import stored_audio
from onpu.metrics.beats import f_measure

RIGHT = 0.95


def main() -> None:
    """Print and store the table."""
    given = parser(__doc__).parse_args()
    activations = beat_network()
    rows = []
    for kind in KINDS:
        recordings = read_free(data("real/free"), [kind])
        kept = beats_right = told = checked = downbeats_right = 0
        for one in recordings:
            found, truth = label_steady(stored_audio(one.audio, 150.0), activations), one.timeline.beats
            if found is None or truth is None:
                continue
            kept += 1
            known = truth.times[truth.times < 150]
            beats_right += f_measure(known, found.times) > RIGHT
            if found.positions.any():
                told += 1
                if truth.positions.any():
                    checked += 1
                    downbeats_right += f_measure(truth.downbeats[truth.downbeats < 150], found.downbeats) > RIGHT
        rows.append((kind, len(recordings), kept, beats_right, told, f"{downbeats_right} of {checked}"))
    save(given, "steady", "Beats by rule beside known ones", [table(
        ("kind", "recordings", "kept", "beats right", "bars told", "downbeats right"), rows)])


if __name__ == "__main__":
    run(main)
