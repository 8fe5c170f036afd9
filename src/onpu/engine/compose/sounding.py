"""What sounds when players have played: notes that the pedal holds, a key struck again, all players together."""

from dataclasses import replace

import numpy as np

from onpu.engine.compose.song import Track
from onpu.music import Drums, Notes, Onsets, Pedal

MIN_NOTE_SECONDS = 0.01
"""Seconds: what two strokes of a key are apart at least, and how long a note sounds at least."""
MERGED_ONSET_SECONDS = 0.03
"""Seconds within which onsets are heard as one (as the annotations of Böck et al., ISMIR 2012, are joined)."""


def struck(onsets: np.ndarray, offsets: np.ndarray, keys: np.ndarray, apart: float) -> tuple[np.ndarray, np.ndarray]:
    """Which notes (n,) are strokes of their own, ordered by key and onset, and when they end, seconds.

    keys: what sounds but once at a time. A stroke ends where the next one of its key begins, which then sounds as long
    as either was meant to; strokes less than `apart` seconds after one are that one.
    """
    order = np.lexsort((onsets, keys))
    onsets, keys = onsets[order], keys[order]
    offsets = np.maximum(offsets[order], onsets + MIN_NOTE_SECONDS)
    kept = np.ones(len(order), dtype=bool)
    last = 0
    for here in range(1, len(order)):
        if keys[here] == keys[last] and onsets[here] < offsets[last]:
            offsets[here] = max(offsets[here], offsets[last])
            if onsets[here] - onsets[last] < apart:
                kept[here], offsets[last] = False, offsets[here]
                continue
            offsets[last] = onsets[here]
        last = here
    return order[kept], offsets[kept]


def damped(offsets: np.ndarray, pedal: np.ndarray) -> np.ndarray:
    """When released keys (n,) fall silent: those released while the pedal, (k, 2) seconds down and up, is down end
    with it."""
    down, up = np.asarray(pedal, dtype=np.float64).reshape(-1, 2).T
    if not len(down):
        return offsets
    place = np.searchsorted(down, offsets, side="right") - 1
    return np.where((place >= 0) & (offsets < up[place]), up[place], offsets)


def held(track: Track) -> Notes:
    """The notes of a pitched track as they sound, by onset: held by the pedal, cut by the next stroke of the key."""
    notes = track.notes
    return _chosen(notes, *struck(notes.onsets, damped(notes.offsets, track.pedal), notes.pitches, MIN_NOTE_SECONDS))


def all_notes(tracks: list[Track]) -> Notes:
    """The notes of all pitched tracks as they sound, by onset; players of one instrument in unison are as one."""
    notes = Notes.concatenate(held(track) for track in tracks if track.drums is None)
    keys = 128 * notes.pitches + notes.programs
    return _chosen(notes, *struck(notes.onsets, notes.offsets, keys, MERGED_ONSET_SECONDS))


def all_drums(tracks: list[Track]) -> Drums:
    """The hits of all drum tracks, by time."""
    drums = Drums.concatenate(track.drums for track in tracks if track.drums is not None)
    return drums.select(np.argsort(drums.times, kind="stable"))


def all_onsets(notes: Notes, drums: Drums) -> Onsets:
    """When anything begins; what begins within `MERGED_ONSET_SECONDS` seconds of an onset belongs to it."""
    kept: list[float] = []
    for time in np.sort(np.concatenate([notes.onsets, drums.times])).tolist():
        if not kept or time - kept[-1] >= MERGED_ONSET_SECONDS:
            kept.append(time)
    return Onsets(np.array(kept), np.ones(len(kept)))


def pedal_down(tracks: list[Track]) -> Pedal:
    """When the pedal of any player is down; one that is down when the recording begins is so from 0 s on."""
    rows: list[list[float]] = []
    strokes = np.concatenate([np.asarray(track.pedal).reshape(-1, 2) for track in tracks] or [np.zeros((0, 2))])
    for start, end in sorted(np.maximum(strokes[strokes[:, 1] > 0], 0.0).tolist()):
        if rows and start <= rows[-1][1]:
            rows[-1][1] = max(rows[-1][1], end)
        else:
            rows.append([start, end])
    table = np.array(rows, dtype=np.float64).reshape(-1, 2)
    return Pedal(table[:, 0], table[:, 1], np.ones(len(table)))


def _chosen(notes: Notes, kept: np.ndarray, offsets: np.ndarray) -> Notes:
    """These notes with new offsets, by onset."""
    chosen = replace(notes.select(kept), offsets=np.round(offsets, 6))
    return chosen.select(np.argsort(chosen.onsets, kind="stable"))
