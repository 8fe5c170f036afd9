"""How right scores of notes are that were played: composed songs whose scores are known, and piano pieces of MAPS.

    python -m benchmarks.sheets.score

Both programs get the same notes and the same beats: onpu a timeline, MuseScore a MIDI file whose tempo map has a beat
for each beat of the timeline. `benchmarks/sheets/measure.py` says what the columns are.

Neither program is told more than General MIDI programs, and tracks of one program are one part for both: so `part`
cannot come above the share of notes that are the only track's of their program or its largest one's, which is the row
"bound". Where two players strike one key at once, `bar` and `place` lack one of the notes.
"""

import tempfile
from collections import Counter
from pathlib import Path

import numpy as np

from benchmarks import report
from benchmarks.paths import data
from benchmarks.sheets.known import Known, composed, maps
from benchmarks.sheets.measure import measures
from benchmarks.sheets.musescore import convert
from benchmarks.sheets.parsed import parsed
from onpu.formats.midi import write_midi
from onpu.formats.musicxml import write_musicxml
from onpu.music import Timeline

COLUMNS = ("bar", "place", "length", "part", "mean")


def main() -> None:
    parser = report.parser(__doc__)
    parser.add_argument("--songs", type=int, default=60, help="composed songs")
    parser.add_argument("--seconds", type=float, default=20.0, help="of a song")
    given = parser.parse_args()
    sets = {f"{given.songs} composed songs": list(composed(given.songs, given.seconds)),
            "8 pieces of MAPS": list(maps(data("real/maps")))}
    rows, worst = list[list[object]](), list[tuple[float, str]]()
    for name, songs in sets.items():
        ours, theirs = zip(*map(both, songs), strict=True)
        for program, found in (("onpu", ours), ("MuseScore 3", theirs)):
            rows.append([f"{name}: {program}", *(float(np.nanmean([song[column] for song in found])) if not np.isnan(
                [song[column] for song in found]).all() else float("nan") for column in COLUMNS)])
        rows.append([f"{name}: bound", "", "", "", float(np.mean([bound(song) for song in songs])), ""])
        worst += [(own["mean"] - other["mean"], song.name) for song, own, other in zip(songs, ours, theirs,
                                                                                      strict=True)]
    below = [name for difference, name in sorted(worst) if difference < 0]
    parts = [__doc__.partition("\n\n")[2] if __doc__ else "",
             report.table(["set: program", *COLUMNS], rows),
             f"\nMuseScore is nearer to what was written in {len(below)} of {len(worst)}"
             f"{': ' + ', '.join(below[:12]) if below else ''}.\n"]
    report.save(given, "scores", "Scores beside what was written", parts)


def bound(known: Known) -> float:
    """Largest share of notes in the right part where the tracks of one program are one part."""
    counts = Counter(note.part for note in known.written)
    largest = dict[int, int]()
    for part, program in enumerate(known.programs):
        largest[program] = max(largest.get(program, 0), counts[part])
    return sum(largest.values()) / max(counts.total(), 1)


def both(known: Known) -> tuple[dict[str, float], dict[str, float]]:
    """The measures of onpu's score and of MuseScore's."""
    timeline = Timeline(known.timeline.duration, known.timeline.beats, known.timeline.metre, key=known.timeline.key,
                        keys=known.timeline.keys, notes=known.timeline.notes, pedal=known.timeline.pedal)
    with tempfile.TemporaryDirectory() as folder:
        (ours,) = write_musicxml(timeline, Path(folder) / "onpu.musicxml")
        write_midi(timeline, Path(folder) / "played.mid")
        convert(Path(folder) / "played.mid", Path(folder) / "theirs.musicxml")
        found = [parsed(path) for path in (ours, Path(folder) / "theirs.musicxml")]
    own, other = (measures(known.written, each, known.lengths) for each in found)
    return own, other


if __name__ == "__main__":
    report.run(main)
