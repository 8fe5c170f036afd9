"""Standard MIDI files with the tempo map of the performance: bars and beats in the grid, every note in its second.

Written are notes (a track and a channel for each General MIDI program, named after the instrument, on those of pianos
the sustain pedal as controller 64), drum hits (channel 10), sections as markers, chords and sung syllables as lyrics of
tracks of their own, keys as key signatures (of those that were heard, the ones that a sheet has). Where there are no
notes, or it is asked for, the chords sound as block chords; where there are neither notes nor hits, a click on channel
10 is each beat's. Without sections the markers name the chords as people write them (`Cm7/Eb`). The marker `end` stands
at the recording's end.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import numpy as np
from symusic import core

from onpu.files import replacing
from onpu.formats.midi.melody import melody_track
from onpu.formats.midi.names import CHORDS, CLICK, DRUMS, END, SILENCE, TEMPO, VOICE, chord_marker, instrument_name
from onpu.formats.midi.quantised import quantised
from onpu.formats.midi.sustain import sustain_of
from onpu.formats.midi.tempo_map import TempoMap, tempo_map
from onpu.music import Notes, Timeline
from onpu.music.bars import bars
from onpu.music.segments import Segments
from onpu.music.signatures import keys_of
from onpu.music.spelling import parse_key, written_signature
from onpu.music.voicing import block_chords

HIGH_WOODBLOCK, LOW_WOODBLOCK = 76, 77
CLICK_VELOCITIES = 80, 50  # of downbeats and other beats
HIT_SECONDS = 0.05  # a drum hit has no length; it is let go after this
MOST_TRACKS = 12  # of notes and melody: with those of tempo, chords and voice the 15 channels beside the drums


S = TypeVar("S", bound=Segments)


@dataclass(frozen=True)
class MidiLayout:
    """What a file is for. constant_tempo: one tempo throughout, which fits the beats best; a steady tempo is one event
    anyway. quantised: notes and hits on the grid of the beats (`onpu.music.quantise`) instead of where they were
    played. melody: a track of the melody's contour, with pitch bends. chord_track: block chords also where there are
    notes."""

    constant_tempo: bool = False
    quantised: bool = False
    melody: bool = False
    chord_track: bool = False


PLAIN = MidiLayout()


def write_midi(timeline: Timeline, path: str | os.PathLike[str], layout: MidiLayout = PLAIN, title: str = ""
               ) -> list[Path]:
    """Write the timeline; return the files written, here one.

    MIDI holds less than a timeline: pitches are rounded to semitones, a note ends where the next of its pitch and
    program begins, modes other than major and minor become the key signature with the same accidentals, programs
    beyond the twelve most used are played by the one of these next in number. There are no confidences and tags.
    title: of the piece, which the first track is named after.

    Raises
    ------
    LabelError
        When the timeline contradicts itself, a beat lies before 0 s, a label is no chord or no key.
    FormatError
        When the place cannot be written to.
    """
    timeline.validate()
    tempi = tempo_map(timeline.beats, timeline.metre, layout.constant_tempo)
    score = core.ScoreTick(tempi.resolution)
    score.tempos = core.TempoTickList.from_numpy(tempi.ticks.astype(np.int32), tempi.microseconds.astype(np.int32))
    for row in zip(tempi.signature_ticks.tolist(), tempi.numerators.tolist(), tempi.denominators.tolist(), strict=True):
        score.time_signatures.append(core.TimeSignatureTick(*row))
    for tick, label in _keys(timeline, tempi):
        if label != "N":
            minor = int(parse_key(label)[1] == "minor")
            score.key_signatures.append(core.KeySignatureTick(tick, written_signature(label), minor))
    end = int(tempi.nearest_ticks(np.array([timeline.duration]))[0])
    if layout.quantised:
        timeline = quantised(timeline, tempi, end)
    texts = []
    if timeline.sections is not None:
        texts = _texts(_on_grid(timeline.sections, tempi), tempi, end, SILENCE)
    elif timeline.chords is not None:
        texts = [(tick, chord_marker(label))
                 for tick, label in _texts(_on_grid(timeline.chords, tempi), tempi, end, silence="N")]
    score.markers = _text_list([*texts, (end, END)])
    score.tracks = core.TrackTickList(_tracks(timeline, tempi, end, layout, title))
    with replacing(path) as temporary:
        temporary.write_bytes(score.dumps_midi())
    return [Path(path)]


def _tracks(timeline: Timeline, tempi: TempoMap, end: int, layout: MidiLayout, title: str) -> Iterator[core.TrackTick]:
    """The track of the tempi (symusic writes them into the first one), chords, lyrics, melody, notes, and drums or else
    clicks."""
    yield core.TrackTick(title or TEMPO, 0, False)
    if timeline.chords is not None:
        named = _lyrics(CHORDS, _texts(_on_grid(timeline.chords, tempi), tempi, end, silence="N"))
        if layout.chord_track or timeline.notes is None or not len(timeline.notes.onsets):
            sounding = block_chords(_on_grid(timeline.chords, tempi))
            named.notes = _played(sounding, np.ones(len(sounding.onsets), bool), tempi)
        yield named
    if timeline.voice is not None:
        yield _lyrics(VOICE, [(tick, text) for tick, text in _texts(timeline.voice, tempi, end, silence="") if text])
    if layout.melody and timeline.melody is not None:
        yield melody_track(timeline.melody, tempi)
    notes, drums, beats = timeline.notes, timeline.drums, timeline.beats
    if notes is not None:
        programs = _kept_programs(notes.programs, MOST_TRACKS - layout.melody)
        for program in np.unique(programs).tolist():
            track = core.TrackTick(instrument_name(program), program, False)
            track.notes = _played(notes, programs == program, tempi)
            if timeline.pedal is not None and program // 8 == 0:
                track.controls = sustain_of(timeline.pedal, tempi)
            yield track
    if drums is not None and len(drums.times):
        yield _hits(DRUMS, drums.times, drums.pitches, drums.velocities, tempi)
    elif beats is not None and not (notes is not None and len(notes.onsets)):
        down = beats.positions == 1
        yield _hits(CLICK, tempi.on_grid(beats.times), np.where(down, HIGH_WOODBLOCK, LOW_WOODBLOCK),
                    np.where(down, *CLICK_VELOCITIES), tempi)


def _keys(timeline: Timeline, tempi: TempoMap) -> list[tuple[int, str]]:
    """Ticks and labels of the keys: of regions that are known as they are, of what was heard those of a sheet
    (`onpu.music.signatures`); without any regions the key of the whole."""
    keys = timeline.keys
    if keys is None or not len(keys):
        return [(0, str(label)) for label in timeline.key.labels[:1]] if timeline.key is not None else []
    starts, labels = keys.starts, [str(label) for label in keys.labels]
    if timeline.beats is not None and len(timeline.beats.times) and (keys.confidence < 1).any():
        found = bars(timeline)
        of_bars = keys_of(found, timeline)
        new = [i for i, label in enumerate(of_bars) if label and (not i or label != of_bars[i - 1])]
        starts, labels = found.starts[new] * (np.array(new) > 0), [of_bars[i] for i in new]
    return list(zip(tempi.nearest_ticks(tempi.on_grid(starts)).tolist(), labels, strict=True))


def _on_grid(segments: S, tempi: TempoMap) -> S:
    """Segments that begin and end with the beats of the file where they do with those that were found."""
    starts, ends = tempi.on_grid(segments.starts), tempi.on_grid(segments.ends)
    return replace(segments, starts=starts, ends=np.maximum(ends, starts))


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


def _kept_programs(programs: np.ndarray, most: int) -> np.ndarray:
    """For each note its program, or where that is not among the most used, the one of these that is next to it."""
    used, counts = np.unique(programs, return_counts=True)
    kept = np.sort(used[np.argsort(-counts, kind="stable")[:most]])
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
