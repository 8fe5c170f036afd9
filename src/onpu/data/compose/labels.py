"""Labels in seconds of what was composed and played."""

import numpy as np

from onpu.data.compose.chord import Key
from onpu.data.compose.metre import Signature
from onpu.data.compose.song import Track
from onpu.data.compose.tempo import Grid, TempoMap
from onpu.music import Beats, Chords, Drums, Keys, Melody, Metre, Notes, Sections, Tags, Tempo, Voice

Stretch = tuple[float, float, str]
"""From and to in seconds, and a label."""


def beat_labels(grid: Grid, tempo: TempoMap, first: float, last: float) -> Beats:
    """Beats from the first sound to the last onset, seconds."""
    times = tempo.times[:-1]
    kept = (times >= first - 0.06) & (times <= last + 0.06) & (times >= 0)
    return Beats.of(np.round(times[kept], 6), grid.positions[kept])


def tempo_labels(beats: Beats) -> Tempo:
    """The median tempo, and the tempo from beat to beat."""
    if len(beats.times) < 2:
        nothing = np.zeros(0)
        return Tempo(nothing, nothing, nothing, nothing)
    intervals = np.diff(beats.times)
    return Tempo(np.array([60 / np.median(intervals)]), np.ones(1), beats.times[:-1], 60 / intervals)


def metre_labels(changes: list[tuple[float, Signature]]) -> Metre:
    """Time signatures from the second on at which each begins."""
    times, signatures = zip(*changes, strict=True)
    return Metre(np.round(np.array(times), 6), np.array([s.numerator for s in signatures]),
        np.array([s.denominator for s in signatures]),
                 np.ones(len(times)))


def segment_labels(kind: type, stretches: list[Stretch]):  # type: ignore[no-untyped-def]
    """Chords, Keys, Sections or Voice of stretches in order; equal neighbours that touch are joined, slivers dropped."""
    joined: list[Stretch] = []
    for start, end, label in stretches:
        start, end = round(start, 6), round(end, 6)
        if end - start < 0.02:
            continue
        if joined and joined[-1][2] == label and start - joined[-1][1] < 0.001 and kind in (Chords, Keys):
            joined[-1] = joined[-1][0], end, label
        else:
            joined.append((max(start, joined[-1][1]) if joined else start, end, label))
    starts, ends, labels = zip(*joined, strict=True) if joined else ((), (), ())
    return kind(np.array(starts, dtype=np.float64), np.array(ends, dtype=np.float64), np.array(labels, dtype=np.str_),
        np.ones(len(joined)))


def silent_as_n(stretches: list[Stretch], tracks: list[Track]) -> list[Stretch]:
    """Chord stretches in which nothing pitched sounds, labelled N."""
    notes = [track.notes for track in tracks if track.drums is None]
    onsets = np.sort(np.concatenate([n.onsets for n in notes])) if notes else np.zeros(0)
    offsets = np.sort(np.concatenate([n.offsets for n in notes])) if notes else np.zeros(0)
    out = []
    for start, end, label in stretches:
        sounding = np.searchsorted(onsets, end - 0.1) - np.searchsorted(offsets, start + 0.1)
        out.append((start, end, label if sounding > 0 else "N"))
    return out


def melody_labels(tracks: list[Track], duration: float) -> Melody:
    """Fundamental frequency every 10 ms: of the highest note of the melody tracks, bends included."""
    times = np.arange(int(duration * 100) + 1) / 100
    pitch = np.zeros(len(times))
    for track in tracks:
        bends = track.bends
        for onset, offset, number in zip(track.notes.onsets, track.notes.offsets, track.notes.pitches, strict=True):
            first, last = int(np.ceil(onset * 100)), int(np.ceil(min(offset, duration) * 100))
            curve = np.full(last - first, number)
            if len(bends) and last > first:
                index = np.clip(np.searchsorted(bends[:, 0], times[first:last], side="right") - 1, 0, None)
                curve = curve + bends[index, 1]
            pitch[first:last] = np.maximum(pitch[first:last], curve)
    frequencies = np.where(pitch > 0, 440 * 2 ** ((pitch - 69) / 12), 0.0)
    return Melody(times, np.round(frequencies, 4), np.ones(len(times)))


def voice_labels(tracks: list[Track]) -> Voice:
    """Stretches of singing: notes less than half a second apart are one."""
    spans = sorted((on, off) for track in tracks for on, off in zip(track.notes.onsets, track.notes.offsets,
        strict=True))
    joined: list[Stretch] = []
    for start, end in spans:
        if joined and start - joined[-1][1] < 0.5:
            joined[-1] = joined[-1][0], max(end, joined[-1][1]), ""
        else:
            joined.append((start, end, ""))
    return segment_labels(Voice, joined)


def all_notes(tracks: list[Track]) -> Notes:
    """The notes of all pitched tracks, by onset."""
    parts = [track.notes for track in tracks]
    columns = [np.concatenate([getattr(part, name) for part in parts]) for name in
               ("onsets", "offsets", "pitches", "velocities", "programs", "confidence")]
    order = np.argsort(columns[0], kind="stable")
    return Notes(*(column[order] for column in columns))


def all_drums(tracks: list[Track]) -> Drums:
    """The hits of all drum tracks, by time."""
    parts = [track.drums for track in tracks if track.drums is not None]
    if not parts:
        nothing = np.zeros(0)
        return Drums(nothing, np.zeros(0, dtype=np.int64), nothing, nothing)
    columns = [np.concatenate([getattr(part, name) for part in parts]) for name in ("times", "pitches", "velocities",
        "confidence")]
    order = np.argsort(columns[0], kind="stable")
    return Drums(*(column[order] for column in columns))


def key_stretches(keys: list[tuple[float, float, Key]]) -> list[Stretch]:
    """Key regions with their labels."""
    return [(start, end, key.label) for start, end, key in keys]


def tag_labels(labels: list[str]) -> Tags:
    """Distinct tags in order."""
    distinct = list(dict.fromkeys(labels))
    return Tags(np.array(distinct, dtype=np.str_), np.ones(len(distinct)))


__all__ = ["Sections", "all_drums", "all_notes", "beat_labels", "key_stretches", "melody_labels", "metre_labels",
           "segment_labels", "silent_as_n", "tag_labels", "tempo_labels", "voice_labels"]
