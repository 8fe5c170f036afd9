"""Standard MIDI file -> timeline."""

import logging
import os
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

import numpy as np
from symusic import core

from onpu.errors import FormatError, LabelError
from onpu.formats.midi.container import complaint, in_ticks, unwrapped
from onpu.formats.midi.melody import is_melody
from onpu.formats.midi.names import CHORDS, CLICK, END, SILENCE, chord_marker
from onpu.formats.midi.sustain import pedal_of
from onpu.formats.midi.tempo_map import TempoMap, beats_on
from onpu.music import Chords, Drums, Keys, Notes, Sections, Timeline
from onpu.music.arrays import repeated
from onpu.music.segments import Segments
from onpu.music.spelling import name_of

MOST_HOURS = 100.0
UNSAID_TEMPO = 500_000  # microseconds a quarter, by the standard
MOST_ACCIDENTALS = 7
DENOMINATORS = (1, 2, 4, 8, 16, 32, 64)

log = logging.getLogger(__name__)

S = TypeVar("S", bound=Segments)


def read_midi(path: str | os.PathLike[str]) -> Timeline:
    """Read a MIDI file in seconds: notes, drum hits (channel 10), and the beats and metre of its grid.

    Beats run from the file's beginning to its last event; clicks, block chords and the bent melody that onpu wrote are
    no notes. Key signatures become keys, markers sections, the lyrics of a track `chords` chords; None where the file
    has none. Notes end where the key is let go, whatever the pedal does; where it is down on any track is the
    timeline's pedal. Files inside of RIFF ones are read too, and those whose ticks divide frames of film in place of
    quarters, which have no beats. What the standard does not allow, as a key of nine sharps, is left out, with a
    warning.

    Raises
    ------
    FormatError
        When the file cannot be read or is not MIDI.
    """
    content = b""
    try:
        content, quarter = in_ticks(unwrapped(Path(path).read_bytes()))
        score = core.ScoreTick.from_midi(content)
    except OSError as error:
        raise FormatError(f"{path}: cannot be read ({error.strerror}); check the path and its permissions") from error
    except (RuntimeError, ValueError) as error:
        raise FormatError(f"{path}: {complaint(content, str(error))}") from error
    _without_the_impossible(score, str(path))
    if quarter:
        score.tempos = core.TempoTickList.from_numpy(np.zeros(1, np.int32), np.array([quarter], np.int32))
    tempi = _tempi(score)
    end = score.end()
    if (hours := float(tempi.seconds(np.array([end]))[0]) / 3600) > MOST_HOURS:
        raise FormatError(f"{path}: goes on for {hours:.0f} hours, so something in it is damaged; export it again")
    beats, metre = (None, None) if quarter else beats_on(tempi, end)
    keys = [(k.time, f"{name_of(k.key + 3 * k.tonality)}:{'minor' if k.tonality else 'major'}")
            for k in score.key_signatures]
    chords = [(m.time, m.text) for track in score.tracks if track.name == CHORDS for m in track.lyrics]
    markers = _sections([(m.time, m.text) for m in score.markers], chords)
    return Timeline(
        duration=float(tempi.seconds(np.array([end]))[0]),
        beats=beats,
        metre=metre,
        keys=_segments(Keys, keys, tempi, end),
        chords=_segments(Chords, chords, tempi, end),
        notes=_notes(score, tempi),
        drums=_drums(score, tempi),
        sections=_segments(Sections, markers, tempi, end),
        pedal=pedal_of(score, tempi, end),
    )


def _without_the_impossible(score: core.ScoreTick, name: str) -> None:
    """Leave out, with a warning, keys and time signatures that cannot be, and tempi that stand still."""
    for field, kind, possible, text in (
            ("key_signatures", core.KeySignatureTickList, lambda key: abs(key.key) <= MOST_ACCIDENTALS
             and key.tonality in (0, 1), "key signatures"),
            ("time_signatures", core.TimeSignatureTickList, lambda metre: metre.numerator > 0
             and metre.denominator in DENOMINATORS, "time signatures"),
            ("tempos", core.TempoTickList, lambda tempo: tempo.mspq > 0, "tempi")):
        events = list(getattr(score, field))
        kept = [event for event in events if possible(event)]
        if len(kept) < len(events):
            log.warning(f"{name}: left out {len(events) - len(kept)} of {len(events)} {text}, which cannot be")
            setattr(score, field, kind(kept))


def _tempi(score: core.ScoreTick) -> TempoMap:
    """The file's map; of several events at one tick the last holds."""
    tempi, signatures = score.tempos.numpy(), score.time_signatures.numpy()
    ticks, last = np.unique(tempi["time"][::-1].astype(np.int64), return_index=True)
    microseconds = tempi["mspq"][::-1][last].astype(np.int64)
    if not len(ticks) or ticks[0] > 0:
        ticks, microseconds = np.insert(ticks, 0, 0), np.insert(microseconds, 0, UNSAID_TEMPO)
    signature_ticks, last = np.unique(signatures["time"][::-1].astype(np.int64), return_index=True)
    numerators, denominators = (signatures[name][::-1][last].astype(np.int64) for name in ("numerator", "denominator"))
    return TempoMap(ticks, microseconds, signature_ticks, numerators, denominators, score.ticks_per_quarter)


def _notes(score: core.ScoreTick, tempi: TempoMap) -> Notes:
    named = any(track.name == CHORDS and len(track.lyrics) for track in score.tracks)  # parted on reading
    tracks = [(track.notes.numpy(), track.program) for track in score.tracks
              if not track.is_drum and not (named and track.name == CHORDS) and not is_melody(track)]
    starts, lengths, pitches, velocities = _stacked([notes for notes, _ in tracks])
    lengths_of_tracks = [len(notes["time"]) for notes, _ in tracks]
    programs = repeated(np.array([program for _, program in tracks], np.int64), lengths_of_tracks)
    order = np.lexsort((pitches, starts))
    onsets, offsets = tempi.seconds(starts), tempi.seconds(starts + np.maximum(lengths, 1))
    return Notes(onsets[order], offsets[order], pitches[order].astype(np.float64), velocities[order], programs[order],
                 np.ones(len(order)))


def _drums(score: core.ScoreTick, tempi: TempoMap) -> Drums:
    tracks = [track.notes.numpy() for track in score.tracks if track.is_drum and track.name != CLICK]
    starts, _, pitches, velocities = _stacked(tracks)
    order = np.lexsort((pitches, starts))
    return Drums(tempi.seconds(starts)[order], pitches[order], velocities[order], np.ones(len(order)))


def _stacked(tracks: list[dict[str, np.ndarray]]) -> np.ndarray:
    """All notes of the tracks: (4, n) int64 starts, lengths, pitches, velocities."""
    names = ("time", "duration", "pitch", "velocity")
    empty = np.zeros((4, 0), np.int64)
    return np.concatenate([empty, *(np.stack([t[name].astype(np.int64) for name in names]) for t in tracks)], axis=1)


def _sections(markers: list[tuple[int, str]], chords: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """The markers, but for those that name the chords."""
    try:
        named = [(tick, chord_marker(label)) for tick, label in chords]
    except LabelError:
        return markers
    return [] if [marker for marker in markers if marker[1] != END] == named else markers


def _segments(kind: type[S], texts: list[tuple[int, str]], tempi: TempoMap, end: int) -> S | None:
    """Segments from each text to the next, without those called `SILENCE` or `END`; None where there are no others."""
    found = [(tick, following, text) for (tick, text), (following, _) in pairwise([*sorted(texts), (end, END)])
             if following > tick and text not in (SILENCE, END)]
    if not found:
        return None
    starts, ends = (tempi.seconds(np.array(column)) for column in list(zip(*found, strict=True))[:2])
    return kind(starts, ends, np.array([text for _, _, text in found], np.str_), np.ones(len(found)))
