"""Scores of the notes benchmark: onpu's metrics, drums hit by hit, recall by family, false positives."""

import mir_eval
import numpy as np

from onpu.metrics import melody, notes, onsets, voice
from onpu.music import Drums, Melody, Notes, Timeline

Scores = dict[str, float]
COLUMNS = {
    "notes": {"F": "Note F-measure", "P": "Note precision", "R": "Note recall",
              "with offset": "Note-with-offset F-measure", "and velocity": "Note-with-velocity F-measure",
              "frame F": "Frame F-measure", "frame P": "Frame precision", "frame R": "Frame recall"},
    "onsets": {"F": "Onset F-measure", "P": "Onset precision", "R": "Onset recall", "F 25 ms": "Onset F-measure 25 ms"},
    "melody": {"OA": "Overall accuracy", "RPA": "Raw pitch accuracy", "RCA": "Raw chroma accuracy",
               "VR": "Voicing recall", "VFA": "Voicing false alarm"},
    "drums": {name: name for name in ("kick", "snare", "hi-hat", "mean")},
    "voice": {"accuracy": "Accuracy", "P": "Precision", "R": "Recall", "F": "F-measure"},
}
"""What is judged -> heading of a table -> measure."""
DRUMS = {"kick": (35, 36), "snare": (37, 38, 39, 40), "hi-hat": (42, 44, 46)}
WINDOW = 0.05
"""Seconds within which a hit is found."""
FAMILIES = ("piano", "chromatic percussion", "organ", "guitar", "bass", "strings", "ensemble", "brass", "reed", "pipe",
            "synth lead", "synth pad", "synth effects", "ethnic", "percussive", "effects")


def score(subject: str, truth: Timeline, found: Timeline) -> Scores:
    """Heading -> value of one recording; a measure that has no meaning there is missing."""
    if subject == "drums":
        return drums(truth.require(Drums), found.require(Drums))
    sides = getattr(truth, subject), getattr(found, subject)
    if subject == "voice":
        values = voice.evaluate(*sides, truth.duration)
    else:
        values = {"notes": notes, "onsets": onsets, "melody": melody}[subject].evaluate(*sides)
    return {short: values[name] for short, name in COLUMNS[subject].items() if name in values}


def drums(truth: Drums, found: Drums) -> Scores:
    """F of every noted kick, snare and hi-hat within 50 ms, and their mean; what the truth has none of is missing."""
    scores = {}
    for name, pitches in DRUMS.items():
        times, hits = (np.sort(value.times[np.isin(value.pitches, pitches)]) for value in (truth, found))
        if len(times):
            scores[name] = float(mir_eval.onset.f_measure(times, hits, window=WINDOW)[0])
    return scores | ({"mean": float(np.mean(list(scores.values())))} if scores else {})


def by_family(truth: Notes, found: Notes) -> dict[str, np.ndarray]:
    """Family of General MIDI programs -> (notes that were found, notes that there are)."""
    (intervals, hz), (estimated, found_hz) = (_columns(value) for value in (truth, found))
    matched = np.zeros(len(hz), bool)
    if len(hz) and len(found_hz):
        pairs = mir_eval.transcription.match_notes(intervals, hz, estimated, found_hz, offset_ratio=None)
        matched[[index for index, _ in pairs]] = True
    families = np.asarray(truth.programs, int) // 8
    return {FAMILIES[number]: np.array([matched[families == number].sum(), (families == number).sum()])
            for number in np.unique(families)}


def _columns(value: Notes) -> tuple[np.ndarray, np.ndarray]:
    """Intervals (n, 2) in seconds, and Hz (n,)."""
    ends = np.maximum(value.offsets, value.onsets + 0.01)
    return np.column_stack([value.onsets, ends]), mir_eval.util.midi_to_hz(np.round(value.pitches))


def false_positives(found: Timeline) -> Scores:
    """What was found in a recording that has none of it: notes, onsets and hits a second; shares of the time with
    melody and with voice."""
    times = {"notes/s": None if found.notes is None else found.notes.onsets,
             "onsets/s": None if found.onsets is None else found.onsets.times,
             "hits/s": None if found.drums is None else found.drums.times}
    out = {name: len(value) / found.duration for name, value in times.items() if value is not None}
    if found.melody is not None:
        out["melody"] = sounding(found.melody)
    if found.voice is not None:
        out["voice"] = float(voice.sung(found.voice, found.duration).mean())
    return out


def sounding(melody: Melody) -> float:
    """Share of the frames that have a pitch."""
    return float(np.mean(melody.frequencies > 0)) if len(melody.times) else 0.0
