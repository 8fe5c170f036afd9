"""Cases that are music: what is found in them, against the truth beside them."""

import json
from functools import cache
from pathlib import Path

import mir_eval
import numpy as np

import onpu
from onpu.music import Timeline

LEAST = {"beats": 0.9, "downbeats": 0.9, "notes": 0.95}
"""F from which on these are right."""
NEAR = 0.07
"""Seconds by which a beat may be off; a note by 0.05, as the field has it."""
CHORDS, CHORD_SECONDS = ("C", "A", "F", "G"), 2.0
"""Roots of the song from which most files of sound are made, and how long each sounds: case 27 has but three."""


@cache
def heard(path: Path) -> Timeline:
    """What is found in a recording."""
    return onpu.analyze(path, device="cpu")


def music(folder: Path) -> list[str]:
    """What of the truth is not found; empty: all is right."""
    truth = json.loads((folder / "truth.json").read_text())
    found, wrong = heard(folder / "input.ogg"), []
    beats = found.beats
    times = beats.times if beats is not None else np.zeros(0)
    downbeats = beats.downbeats if beats is not None else np.zeros(0)
    for name, own in (("beats", times), ("downbeats", downbeats)):
        if name in truth:
            score = mir_eval.util.match_events(np.array(truth[name]), own, NEAR)
            f = 2 * len(score) / max(1, len(truth[name]) + len(own))
            wrong += [f"{name}: F {f:.2f}"] if f < LEAST[name] else []
    if "notes" in truth:
        wrong += _notes(truth["notes"], found)
    if "key" in truth:
        key = str(found.key.labels[0]) if found.key is not None and len(found.key.labels) else "none"
        wrong += [f"key: {key}"] if key.replace(":", " ") != truth["key"] else []
    if "metre" in truth and found.metre is not None:
        metre = [f"{n}/{d}" for n, d in zip(found.metre.numerators[:1], found.metre.denominators[:1], strict=True)]
        wrong += [f"metre: {', '.join(metre) or 'none'}"] if metre != [truth["metre"]] else []
    return wrong


def lines_of(folder: Path) -> list[str]:
    """What is missed of notes with vibrato: `NAME.flac`, whose notes are in `NAME.truth.json`; that they break into
    many is wrong, too."""
    wrong = []
    for path in sorted(folder.glob("*.flac")):
        truth, found = json.loads(path.with_suffix(".truth.json").read_text()), heard(path)
        count = len(found.notes.onsets) if found.notes is not None else 0
        wrong += [f"{path.name}: {text}" for text in _notes(truth, found)]
        wrong += [f"{path.name}: {count} notes in place of {len(truth)}"] if count > 1.5 * len(truth) else []
    return wrong


def _notes(truth: list[list[float]], found: Timeline) -> list[str]:
    """Onsets (within 50 ms) and pitches that are missed, and notes that are too many."""
    assert found.notes is not None
    pairs = np.array(truth)
    ends = np.stack([pairs[:, 0], pairs[:, 0] + 0.1], axis=1)
    own = np.stack([found.notes.onsets, found.notes.onsets + 0.1], axis=1)
    hertz = [440.0 * 2 ** ((pitches - 69) / 12) for pitches in (pairs[:, 1], found.notes.pitches)]
    _, recall, f, _ = mir_eval.transcription.precision_recall_f1_overlap(ends, hertz[0], own, hertz[1],
                                                                         offset_ratio=None)
    return [f"notes: recall {recall:.2f}, F {f:.2f}"] if recall < LEAST["notes"] else []


def retuned(path: Path) -> list[str]:
    """As `like_the_song`, of one played slower or faster with its pitch: a432 by 432 / 440, else by 45 cents."""
    return like_the_song(path, 120 * (432 / 440 if path.stem == "a432" else 2 ** (45 / 1200)))


def like_the_song(path: Path, tempo: float = 120.0) -> list[str]:
    """What is not found of the song in C major, of four chords at 120 BPM, of which most files of sound are made."""
    found, wrong = heard(path), []
    bpm = float(found.tempo.bpm[0]) if found.tempo is not None and len(found.tempo.bpm) else 0.0
    wrong += [f"tempo {bpm:.1f}"] if abs(bpm - tempo) > 2 else []
    key = str(found.key.labels[0]) if found.key is not None and len(found.key.labels) else "none"
    wrong += [f"key {key}"] if key != "C:major" else []
    labels = list(found.chords.labels) if found.chords is not None else []
    roots = {str(label).partition(":")[0].partition("/")[0] for label in labels}
    played = CHORDS[: max(1, round(found.duration / CHORD_SECONDS))]
    wrong += [f"chords {', '.join(sorted(roots))}"] if not set(played) <= roots else []
    return wrong


def nothing(path: Path) -> list[str]:
    """What is found where there is nothing."""
    found = heard(path)
    wrong = [f"key {found.key.labels[0]}"] if found.key is not None and len(found.key.labels) else []
    wrong += [f"{len(found.beats)} beats"] if found.beats is not None and len(found.beats) else []
    chords = [label for label in (found.chords.labels if found.chords is not None else ()) if label != "N"]
    return wrong + ([f"chords {', '.join(chords)}"] if chords else [])
