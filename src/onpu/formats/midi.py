"""Standard MIDI files with the tempo map of the performance: bars and beats in the grid, every note in its second.

Written are notes (a track and a channel for each General MIDI program, on those of pianos the sustain pedal as
controller 64), drum hits (channel 10), sections as markers, chords and sung syllables as lyrics of tracks of their own,
keys as key signatures. Where there are no notes, the chords sound as block chords; where there are neither notes nor
hits, a click on channel 10 is each beat's. Without sections the markers name the chords (`Cm7/Eb`). The marker `end`
stands at the recording's end.
"""

import os
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

import numpy as np
from symusic import core

from onpu.errors import FormatError, LabelError
from onpu.files import replacing
from onpu.formats.general_midi import FAMILIES
from onpu.formats.sustain import pedal_of, sustain_of
from onpu.formats.tempo_map import TempoMap, beats_on, tempo_map
from onpu.music import Chords, Drums, Keys, Notes, Sections, Timeline
from onpu.music.segments import Segments
from onpu.music.spelling import name_of, parse_key, written_signature
from onpu.music.symbols import symbol
from onpu.music.voicing import block_chords

END, SILENCE = "end", "-"  # markers
CLICK, CHORDS, VOICE = "click", "chords", "voice"  # names of tracks
HIGH_WOODBLOCK, LOW_WOODBLOCK = 76, 77
CLICK_VELOCITIES = 80, 50  # of downbeats and other beats
UNSAID_TEMPO = 500_000  # microseconds a quarter, by the standard
HIT_SECONDS = 0.05  # a drum hit has no length; it is let go after this
PROGRAMS = 12  # tracks of notes: with those of tempo, chords and voice no more than the 15 channels beside the drums

S = TypeVar("S", bound=Segments)


def write_midi(timeline: Timeline, path: str | os.PathLike[str]) -> list[Path]:
    """Write the timeline; return the files written, here one.

    MIDI holds less than a timeline: pitches are rounded to semitones, a note ends where the next of its pitch and
    program begins, modes other than major and minor become the key signature with the same accidentals, programs
    beyond the twelve most used are played by the one of these next in number. There are no confidences, melody, tags.

    Raises
    ------
    LabelError
        When the timeline contradicts itself, a beat lies before 0 s, a label is no chord or no key.
    FormatError
        When the place cannot be written to.
    """
    timeline.validate()
    tempi = tempo_map(timeline.beats, timeline.metre)
    score = core.ScoreTick(tempi.resolution)
    score.tempos = core.TempoTickList.from_numpy(tempi.ticks.astype(np.int32), tempi.microseconds.astype(np.int32))
    for row in zip(tempi.signature_ticks.tolist(), tempi.numerators.tolist(), tempi.denominators.tolist(), strict=True):
        score.time_signatures.append(core.TimeSignatureTick(*row))
    for tick, label in _keys(timeline, tempi):
        if label != "N":
            minor = int(parse_key(label)[1] == "minor")
            score.key_signatures.append(core.KeySignatureTick(tick, written_signature(label), minor))
    end = int(tempi.nearest_ticks(np.array([timeline.duration]))[0])
    texts = []
    if timeline.sections is not None:
        texts = _texts(timeline.sections, tempi, end, SILENCE)
    elif timeline.chords is not None:
        texts = _symbols(_texts(timeline.chords, tempi, end, silence="N"))
    score.markers = _text_list([*texts, (end, END)])
    score.tracks = core.TrackTickList(_tracks(timeline, tempi, end))
    with replacing(path) as temporary:
        temporary.write_bytes(score.dumps_midi())
    return [Path(path)]


def _tracks(timeline: Timeline, tempi: TempoMap, end: int) -> Iterator[core.TrackTick]:
    """The track of the tempi (symusic writes them into the first one), lyrics, notes, and drums or else clicks."""
    yield core.TrackTick("tempo", 0, False)
    if timeline.chords is not None:
        named = _lyrics(CHORDS, _texts(timeline.chords, tempi, end, silence="N"))
        if timeline.notes is None or not len(timeline.notes.onsets):
            sounding = block_chords(timeline.chords)
            named.notes = _played(sounding, np.ones(len(sounding.onsets), bool), tempi)
        yield named
    if timeline.voice is not None:
        yield _lyrics(VOICE, [(tick, text) for tick, text in _texts(timeline.voice, tempi, end, silence="") if text])
    notes, drums, beats = timeline.notes, timeline.drums, timeline.beats
    if notes is not None:
        programs = _kept_programs(notes.programs)
        for program in np.unique(programs).tolist():
            track = core.TrackTick(f"{FAMILIES[program // 8]} ({program + 1})", program, False)
            track.notes = _played(notes, programs == program, tempi)
            if timeline.pedal is not None and program // 8 == 0:
                track.controls = sustain_of(timeline.pedal, tempi)
            yield track
    if drums is not None and len(drums.times):
        yield _hits("drums", drums.times, drums.pitches, drums.velocities, tempi)
    elif beats is not None and not (notes is not None and len(notes.onsets)):
        down = beats.positions == 1
        yield _hits(CLICK, beats.times, np.where(down, HIGH_WOODBLOCK, LOW_WOODBLOCK),
                    np.where(down, *CLICK_VELOCITIES), tempi)


def _keys(timeline: Timeline, tempi: TempoMap) -> list[tuple[int, str]]:
    """Ticks and labels of the key regions; without any the key of the whole."""
    if timeline.keys is not None and len(timeline.keys.starts):
        starts = tempi.nearest_ticks(timeline.keys.starts).tolist()
        return list(zip(starts, map(str, timeline.keys.labels), strict=True))
    return [(0, str(label)) for label in timeline.key.labels[:1]] if timeline.key is not None else []


def _symbols(texts: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Chord labels as lead sheets have them."""
    return [(tick, symbol(label)) for tick, label in texts]


def _texts(segments: Segments, tempi: TempoMap, end: int, silence: str) -> list[tuple[int, str]]:
    """Each label at its start, and `silence` at its end where no other begins there and the recording goes on."""
    starts, ends = tempi.nearest_ticks(segments.starts).tolist(), tempi.nearest_ticks(segments.ends).tolist()
    nexts = [*starts[1:], end][: len(starts)]
    texts = []
    for first, last, label, following in zip(starts, ends, segments.labels, nexts, strict=True):
        texts.append((first, str(label)))
        if last < following:
            texts.append((last, silence))
    return texts


def _lyrics(name: str, texts: list[tuple[int, str]]) -> core.TrackTick:
    track = core.TrackTick(name, 0, False)
    track.lyrics = _text_list(texts)
    return track


def _text_list(texts: list[tuple[int, str]]) -> core.TextMetaTickList:
    return core.TextMetaTickList([core.TextMetaTick(tick, text) for tick, text in texts])


def _kept_programs(programs: np.ndarray) -> np.ndarray:
    """For each note its program, or where that is not among the most used, the one of these that is next to it."""
    used, counts = np.unique(programs, return_counts=True)
    kept = np.sort(used[np.argsort(-counts, kind="stable")[:PROGRAMS]])
    return kept[np.abs(programs[:, None] - kept).argmin(axis=1)] if len(kept) else programs


def _played(notes: Notes, chosen: np.ndarray, tempi: TempoMap) -> core.NoteTickList:
    """The chosen notes; of two at once of one pitch the longer, and none sounds into the next."""
    pitches = np.clip(np.rint(notes.pitches[chosen]), 0, 127).astype(np.int64)
    starts, ends = tempi.nearest_ticks(notes.onsets[chosen]), tempi.nearest_ticks(notes.offsets[chosen])
    columns = np.stack([pitches, starts, np.maximum(ends, starts + 1), _velocities(notes.velocities[chosen])])
    columns = columns[:, np.lexsort((-columns[2], starts, pitches))]
    same = (np.diff(columns[0], prepend=-1) == 0) & (np.diff(columns[1], prepend=-1) == 0)
    pitches, starts, ends, velocities = columns[:, ~same]
    ends[:-1] = np.where(pitches[1:] == pitches[:-1], np.minimum(ends[:-1], starts[1:]), ends[:-1])
    order = np.lexsort((pitches, starts))
    return _note_list(starts[order], ends[order], pitches[order], velocities[order])


def _hits(name: str, times: np.ndarray, pitches: np.ndarray, velocities: np.ndarray, tempi: TempoMap) -> core.TrackTick:
    track = core.TrackTick(name, 0, True)
    starts = tempi.nearest_ticks(times)
    ends = np.maximum(tempi.nearest_ticks(times + HIT_SECONDS), starts + 1)
    track.notes = _note_list(starts, ends, pitches, _velocities(velocities))
    return track


def _note_list(starts: np.ndarray, ends: np.ndarray, pitches: np.ndarray, velocities: np.ndarray) -> core.NoteTickList:
    return core.NoteTickList.from_numpy(starts.astype(np.int32), (ends - starts).astype(np.int32),
                                   pitches.astype(np.int8), velocities.astype(np.int8))


def _velocities(velocities: np.ndarray) -> np.ndarray:
    return np.clip(np.rint(velocities), 1, 127).astype(np.int64)


def read_midi(path: str | os.PathLike[str]) -> Timeline:
    """Read a MIDI file in seconds: notes, drum hits (channel 10), and the beats and metre of its grid.

    Beats run from the file's beginning to its last event; clicks and block chords that onpu wrote are no notes. Key
    signatures become keys, markers sections, the lyrics of a track `chords` chords; None where the file has none. Notes
    end where the key is let go, whatever the pedal does; where it is down on any track is the timeline's pedal.

    Raises
    ------
    FormatError
        When the file cannot be read or is not MIDI.
    """
    try:
        score = core.ScoreTick.from_midi(Path(path).read_bytes())
    except OSError as error:
        raise FormatError(f"{path}: cannot be read ({error.strerror}); check the path and its permissions") from error
    except (RuntimeError, ValueError) as error:
        raise FormatError(f"{path}: is not a complete MIDI file ({error}); export it again") from error
    tempi = _tempi(score)
    end = score.end()
    beats, metre = beats_on(tempi, end)
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
              if not track.is_drum and not (named and track.name == CHORDS)]
    starts, lengths, pitches, velocities = _stacked([notes for notes, _ in tracks])
    lengths_of_tracks = [len(notes["time"]) for notes, _ in tracks]
    programs = np.repeat(np.array([program for _, program in tracks], np.int64), lengths_of_tracks)
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
        named = _symbols(chords)
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
