"""Scores of the notes benchmark, all by mir_eval but those of frames; each takes truth and estimate."""

import mir_eval
import numpy as np

from onpu.music import Drums, Melody, Notes, Onsets, Timeline, Voice

STEP = 0.01
"""Seconds a frame, wherever frames are compared."""
GAP = 0.03
"""Seconds within which onsets count as one (Böck & Schlüter)."""
WINDOW = 0.05
DRUMS = {"kick": (35, 36), "snare": (37, 38, 39, 40), "hi-hat": (42, 44, 46)}
FAMILIES = ("piano", "chromatic percussion", "organ", "guitar", "bass", "strings", "ensemble", "brass", "reed", "pipe",
            "synth lead", "synth pad", "synth effects", "ethnic", "percussive", "effects")
Scores = dict[str, float]


def notes(truth: Notes, found: Notes) -> Scores:
    """Precision, recall and F of onset and pitch; F with the offset, with the velocity, with both; F of frames."""
    intervals, hz = _intervals(truth)
    estimated, found_hz = _intervals(found)
    if not len(hz) or not len(found_hz):
        empty = float(len(hz) == len(found_hz))
        return dict.fromkeys(("P", "R", "F", "with offset", "with velocity", "with both", "frame P", "frame R",
                              "frame F"), empty)
    score, velocity = mir_eval.transcription, mir_eval.transcription_velocity
    precision, recall, f, _ = score.precision_recall_f1_overlap(intervals, hz, estimated, found_hz, offset_ratio=None)
    with_offset = score.precision_recall_f1_overlap(intervals, hz, estimated, found_hz)[2]
    loud = (intervals, hz, truth.velocities, estimated, found_hz, found.velocities)
    with_velocity = velocity.precision_recall_f1_overlap(*loud, offset_ratio=None)[2]
    with_both = velocity.precision_recall_f1_overlap(*loud)[2]
    return {"P": precision, "R": recall, "F": f, "with offset": with_offset, "with velocity": with_velocity,
            "with both": with_both, **frames(truth, found)}


def _intervals(value: Notes) -> tuple[np.ndarray, np.ndarray]:
    """(n, 2) seconds, none shorter than 10 ms, and (n,) Hz."""
    ends = np.maximum(value.offsets, value.onsets + 0.01)
    return np.column_stack([value.onsets, ends]), mir_eval.util.midi_to_hz(np.round(value.pitches))


def frames(truth: Notes, found: Notes) -> Scores:
    """Precision, recall and F of sounding keys, 128 x frames of 10 ms."""
    last = max(truth.offsets.max(initial=0.0), found.offsets.max(initial=0.0))
    rolls = [_roll(value, round(last / STEP) + 1) for value in (truth, found)]
    hits = float(np.sum(rolls[0] & rolls[1]))
    return {f"frame {name}": value for name, value in ratios(hits, rolls[1].sum(), rolls[0].sum()).items()}


def _roll(value: Notes, length: int) -> np.ndarray:
    roll = np.zeros((128, length), bool)
    for onset, offset, pitch in zip(value.onsets, value.offsets, np.round(value.pitches).astype(int), strict=True):
        roll[pitch, round(onset / STEP):max(round(offset / STEP), round(onset / STEP) + 1)] = True
    return roll


def ratios(hits: float, found: float, true: float) -> Scores:
    """P, R and F of counts; 1 where there is nothing and nothing is found."""
    precision, recall = hits / found if found else float(not true), hits / true if true else float(not found)
    return {"P": precision, "R": recall, "F": 2 * precision * recall / (precision + recall) if hits else
            float(not found and not true)}


def by_family(truth: Notes, found: Notes) -> dict[str, tuple[int, int]]:
    """Family of General MIDI programs -> notes that were found, and notes that there are."""
    intervals, hz = _intervals(truth)
    estimated, found_hz = _intervals(found)
    pairs = mir_eval.transcription.match_notes(intervals, hz, estimated, found_hz, offset_ratio=None) if (
        len(hz) and len(found_hz)) else []
    heard = np.zeros(len(hz), bool)
    heard[[index for index, _ in pairs]] = True
    families = np.asarray(truth.programs, int) // 8
    return {FAMILIES[number]: (int(heard[families == number].sum()), int((families == number).sum()))
            for number in np.unique(families)}


def merged(times: np.ndarray) -> np.ndarray:
    """Onsets without those that follow another within 30 ms."""
    kept: list[float] = []
    for time in np.sort(times):
        if not kept or time - kept[-1] > GAP:
            kept.append(float(time))
    return np.array(kept)


def onsets(truth: Onsets, found: Onsets) -> Scores:
    """F, precision and recall within 50 ms, both sides merged."""
    return dict(zip(("F", "P", "R"), hits(merged(truth.times), merged(found.times)), strict=True))


def hits(truth: np.ndarray, found: np.ndarray) -> tuple[float, float, float]:
    """F, precision and recall of times within 50 ms; 1 where there are none and none are found."""
    if not len(truth) or not len(found):
        return (float(len(truth) == len(found)),) * 3
    f, precision, recall = mir_eval.onset.f_measure(np.sort(truth), np.sort(found), window=WINDOW)
    return float(f), float(precision), float(recall)


def drums(truth: Drums, found: Drums) -> Scores:
    """F of kick, snare and hi-hat; NaN where the truth has none of the kind."""
    scores = {}
    for name, pitches in DRUMS.items():
        times, heard = (value.times[np.isin(value.pitches, pitches)] for value in (truth, found))
        scores[name] = hits(times, heard)[0] if len(times) else float("nan")
    return scores


def melody(truth: Melody, found: Melody) -> Scores:
    """Overall accuracy, raw pitch, raw chroma, voicing recall and false alarm."""
    names = {"OA": "Overall Accuracy", "RPA": "Raw Pitch Accuracy", "RCA": "Raw Chroma Accuracy",
             "VR": "Voicing Recall", "VFA": "Voicing False Alarm"}
    if len(found.times) < 2:
        found = Melody(truth.times, np.zeros(len(truth.times)), np.ones(len(truth.times)))
    scores = mir_eval.melody.evaluate(truth.times, truth.frequencies, found.times, found.frequencies)
    return {short: float(scores[name]) for short, name in names.items()}


def voice(truth: Timeline, found: Voice) -> Scores:
    """Accuracy, precision, recall and F of singing, frames of 10 ms."""
    true, heard = (on_grid(value, truth.duration) for value in (truth.require(Voice), found))
    return {"accuracy": float(np.mean(true == heard)),
            **ratios(float(np.sum(true & heard)), float(heard.sum()), float(true.sum()))}


def on_grid(value: Voice, duration: float) -> np.ndarray:
    """Whether someone sings in each frame."""
    grid = np.arange(0, duration, STEP)
    return np.searchsorted(value.starts, grid, "right") > np.searchsorted(np.sort(value.ends), grid, "right")


def invented(found: Timeline) -> Scores:
    """Notes, hits and onsets a second; shares of the time with melody and with voice: of what has none of them."""
    out = {}
    for name, value in (("notes/s", found.notes), ("onsets/s", found.onsets), ("hits/s", found.drums)):
        if value is not None:
            out[name] = len(value.times if not isinstance(value, Notes) else value.onsets) / found.duration
    if found.melody is not None:
        out["melody"] = float(np.mean(found.melody.frequencies > 0)) if len(found.melody.times) else 0.0
    if found.voice is not None:
        out["voice"] = float(np.mean(on_grid(found.voice, found.duration)))
    return out
