"""What a track's player does, put the same way for every instrument: notes that the pedal holds and the next stroke of
the same key ends, pitch bend, and the events that a soundfont wants."""

from dataclasses import dataclass

import numpy as np

from onpu.engine.compose.song import Track
from onpu.engine.compose.sounding import held
from onpu.engine.render.soundfont import BEND_RANGE, BLOCK, SoundFont


@dataclass(frozen=True, eq=False)
class Strokes:
    """Notes to sound, ordered by onset: onsets, offsets (n,) seconds, pitches (n,) MIDI numbers with fractions,
    velocities (n,) 1 to 127; bends (m, 2) seconds and semitones of the whole channel from there on."""

    onsets: np.ndarray
    offsets: np.ndarray
    pitches: np.ndarray
    velocities: np.ndarray
    bends: np.ndarray


def strokes(track: Track) -> Strokes:
    """The notes of a pitched track as they sound: held by the pedal, cut by the next stroke of the same key, doubled
    strokes made one."""
    notes = held(track)
    return Strokes(notes.onsets, notes.offsets, notes.pitches, np.clip(notes.velocities, 1, 127),
                   np.asarray(track.bends, dtype=np.float64).reshape(-1, 2))


def note_events(played: Strokes, rate: int) -> list[tuple]:
    """Events for `SoundFont.play`. Fractional pitches bend the whole channel: such a track should be monophonic."""
    keys = np.rint(played.pitches).astype(int)
    starts = np.rint(played.onsets * rate).astype(int)
    ends = np.maximum(np.rint(played.offsets * rate).astype(int), starts + 2 * BLOCK)
    events: list[tuple] = [(int(end), "noteoff", int(key)) for end, key in zip(ends, keys, strict=True)]
    events += [(round(time * rate), "pitch_bend", _wheel(semitones)) for time, semitones in played.bends]
    for start, key, pitch, velocity in zip(starts, keys, played.pitches, played.velocities, strict=True):
        if pitch != key:
            events.append((int(start), "pitch_bend", _wheel(pitch - key)))
        events.append((int(start), "noteon", int(key), int(velocity)))
    return events


def drum_events(track: Track, font: SoundFont, rate: int) -> list[tuple]:
    """Hits for `SoundFont.play`. No note-offs: those would choke the long drums of some fonts."""
    assert track.drums is not None
    hits = zip(track.drums.times, track.drums.pitches, np.clip(track.drums.velocities, 1, 127), strict=True)
    return [(round(time * rate), "noteon", font.key(int(pitch)), int(velocity)) for time, pitch, velocity in hits]


def _wheel(semitones: float) -> int:
    return int(np.clip(round(8192 + semitones / BEND_RANGE * 8192), 0, 16383))
