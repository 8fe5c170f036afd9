"""A performed piece with its labels: everything in seconds, from the first sound to the last one's end."""

from dataclasses import replace
from typing import TypeVar

import numpy as np

from onpu.engine.compose.atonal import ATONAL
from onpu.engine.compose.band import VOCAL
from onpu.engine.compose.draw import draw
from onpu.engine.compose.edges import WHOLE, Edges, cut, sounds
from onpu.engine.compose.heard import SoundingNotes
from onpu.engine.compose.metre import Signature
from onpu.engine.compose.plan import Placed
from onpu.engine.compose.sampler import SAMPLER
from onpu.engine.compose.song import Song, Track
from onpu.engine.compose.sounding import all_drums, all_notes, all_onsets, pedal_down
from onpu.engine.compose.style import Style
from onpu.engine.compose.tempo import BeatGrid, BeatTimes
from onpu.music import Beats, Chords, Keys, Melody, Metre, Sections, Tags, Tempo, Timeline, Voice
from onpu.music.playing import playing
from onpu.music.segments import Segments
from onpu.music.words import KIND, STYLE, levels, tags_of

S = TypeVar("S", bound=Segments)
Stretch = tuple[float, float, str]
"""From and to in seconds, and a label."""


def label(seed: int, name: str, style: Style, placed: list[Placed], grid: BeatGrid, tempo: BeatTimes,
          tracks: list[Track], rng: np.random.Generator, *, listened: bool = True, edges: Edges = WHOLE) -> Song:
    """Let the piece begin and end as the edges say, and write down all that is known of it.

    listened: whether chord labels are cut down to what sounds (see `heard`), rather than taken as they are written.
    Pieces of unrelated chords, and those in which nothing pitched sounds, have no key.
    """
    silence = draw(rng, {0.0: 2.0, 0.3: 1.0, 1.0: 1.0}) * rng.random() + 0.03
    if edges != WHOLE:
        tracks = [track for track in (cut(whole, edges) for whole in tracks) if sounds(track)]
        silence = 0.0 if edges.at_once else silence
    onsets = np.concatenate([track.notes.onsets if track.drums is None else track.drums.times for track in tracks])
    shift = round(float(silence - onsets.min()), 6)
    tempo = BeatTimes(tempo.places, tempo.times + shift)
    tracks = [_later(track, shift) for track in tracks]
    first, last = float(onsets.min()) + shift, float(onsets.max()) + shift
    notes, drums = all_notes(tracks), all_drums(tracks)
    end = max(last + 0.5, float(notes.offsets.max(initial=0.0)))
    duration = round(end + 0.3 + rng.random(), 6)
    if np.isfinite(edges.end):
        duration = max(round(edges.end + shift, 6), float(notes.offsets.max(initial=last)))
    beats = _beats(grid, tempo, first, last)
    in_key = len(notes) > 0 and not {SAMPLER, ATONAL} & set(style.harmony)
    singers = [track for track in tracks if track.role == "melody" and track.program in VOCAL and track.name != "lead"]
    timeline = Timeline(
        duration, beats, _metre(placed, tempo), _tempo(beats),
        _segments(Keys, _sections(placed, tempo, True) if in_key else [], duration),
        _segments(Chords, _chords(style, placed, tempo, tracks, duration, listened), duration),
        _melody([track for track in tracks if track.role == "melody"], duration), notes, drums,
        _segments(Voice, _voice(singers), duration), _segments(Sections, _sections(placed, tempo, False), duration),
        onsets=all_onsets(notes, drums), pedal=pedal_down(tracks))
    return Song(seed, name, tuple(tracks), tagged(timeline, style.genre, name))


def _later(track: Track, shift: float) -> Track:
    """The track, so many seconds later."""
    onsets, offsets = (np.round(times + shift, 6) for times in (track.notes.onsets, track.notes.offsets))
    drums = replace(track.drums, times=np.round(track.drums.times + shift, 6)) if track.drums is not None else None
    return replace(track, notes=replace(track.notes, onsets=onsets, offsets=offsets), drums=drums,
                   pedal=np.round(track.pedal + shift, 6), bends=np.round(track.bends + np.array([shift, 0.0]), 6))


def _beats(grid: BeatGrid, tempo: BeatTimes, first: float, last: float) -> Beats:
    """Beats from the first sound to the last onset; one that comes a little before the recording is at 0 s."""
    times = tempo.times[:-1]
    kept = (times >= first - 0.06) & (times <= last + 0.06)
    return Beats.of(np.round(np.maximum(times[kept], 0.0), 6), grid.positions[kept])


def _tempo(beats: Beats) -> Tempo:
    """The median tempo, and the tempo from beat to beat."""
    if len(beats.times) < 2:
        return Tempo.empty()
    intervals = np.diff(beats.times)
    return Tempo(np.array([60 / np.median(intervals)]), np.ones(1), beats.times[:-1], 60 / intervals)


def _metre(placed: list[Placed], tempo: BeatTimes) -> Metre:
    """Time signatures; the first holds from 0 s, an upbeat included."""
    changes: list[tuple[float, Signature]] = []
    for place in placed:
        for start, signature in zip(place.sketch.starts[:-1], place.sketch.signatures, strict=True):
            if not changes or changes[-1][1].name != signature.name:
                changes.append((place.start + start, signature))
    times = np.round(tempo.seconds(np.array([place for place, _ in changes])), 6)
    times[0] = 0.0
    return Metre(times, np.array([signature.numerator for _, signature in changes]),
                 np.array([signature.denominator for _, signature in changes]), np.ones(len(changes)))


def _sections(placed: list[Placed], tempo: BeatTimes, keys: bool) -> list[Stretch]:
    """Section by section, its label or its key."""
    edges = tempo.seconds(np.array([place.start for place in placed] + [placed[-1].end])).tolist()
    return [(start, end, place.sketch.key.label if keys else place.section.label)
            for place, start, end in zip(placed, edges, edges[1:], strict=False)]


def _chords(style: Style, placed: list[Placed], tempo: BeatTimes, tracks: list[Track], duration: float,
            listened: bool) -> list[Stretch]:
    """Chord by chord; `N` before and after the harmony and where nothing pitched sounds, `X` for unrelated notes."""
    spans = [(place.start + span.start, span.chord, place.sketch.key) for place in placed
             for span in place.sketch.spans]
    edges = tempo.seconds(np.array([start for start, _, _ in spans] + [placed[-1].end])).tolist()
    listening = SoundingNotes(tracks)
    onsets, offsets = (np.sort(np.concatenate([getattr(track.notes, side) for track in tracks]))
                       for side in ("onsets", "offsets"))
    stretches = [(0.0, edges[0], "N")]
    for (_, chord, key), start, end in zip(spans, edges, edges[1:], strict=False):
        if np.searchsorted(onsets, end - 0.1) <= np.searchsorted(offsets, start + 0.1):
            stretches.append((start, end, "N"))
        elif ATONAL in style.harmony:
            stretches.append((start, end, "X"))
        else:
            stretches.append((start, end, listening.label(chord, key, start, end) if listened else chord.label(key)))
    return [*stretches, (edges[-1], duration, "N")]


def _voice(singers: list[Track]) -> list[Stretch]:
    """Stretches of singing; notes less than half a second apart are one."""
    spans = sorted((onset, offset) for track in singers
                   for onset, offset in zip(track.notes.onsets.tolist(), track.notes.offsets.tolist(), strict=True))
    joined: list[Stretch] = []
    for start, end in spans:
        if joined and start - joined[-1][1] < 0.5:
            joined[-1] = joined[-1][0], max(end, joined[-1][1]), ""
        else:
            joined.append((start, end, ""))
    return joined


def _segments(kind: type[S], stretches: list[Stretch], duration: float) -> S:
    """Stretches in order as labels within the recording; slivers are dropped, equal neighbours joined unless they are
    sections or sung phrases."""
    rows: list[Stretch] = []
    for start, end, text in stretches:
        start, end = round(max(start, 0.0, rows[-1][1] if rows else 0.0), 6), round(min(end, duration), 6)
        if end - start < 0.02:
            continue
        if rows and rows[-1][2] == text and start - rows[-1][1] < 0.001 and kind in (Chords, Keys):
            rows[-1] = rows[-1][0], end, text
        else:
            rows.append((start, end, text))
    return kind(np.array([row[0] for row in rows]), np.array([row[1] for row in rows]),
                np.array([row[2] for row in rows], dtype=np.str_), np.ones(len(rows)))


def _melody(tracks: list[Track], duration: float) -> Melody:
    """Fundamental frequency every 10 ms: of the highest note of the leading lines, bends included."""
    times = np.arange(int(duration * 100) + 1) / 100
    pitch = np.zeros(len(times))
    for track in tracks:
        curve = np.zeros(len(times))
        if len(track.bends):
            index = np.searchsorted(track.bends[:, 0], times, side="right") - 1
            curve = np.where(index >= 0, track.bends[index, 1], 0.0)
        for onset, offset, number in zip(track.notes.onsets, track.notes.offsets, track.notes.pitches, strict=True):
            first, last = int(np.ceil(onset * 100)), int(np.ceil(offset * 100))
            pitch[first:last] = np.maximum(pitch[first:last], number + curve[first:last])
    frequencies = np.where(pitch > 0, 440 * 2 ** ((pitch - 69) / 12), 0.0)
    return Melody(times, np.round(frequencies, 4), np.ones(len(times)))


def tagged(timeline: Timeline, kind: str, style: str) -> Timeline:
    """The timeline with who plays when and its tags: kind of music, style, and what follows from what is written."""
    names = np.array([KIND + kind, STYLE + style])
    known = replace(timeline, instruments=playing(timeline), tags=Tags(names, np.ones(2)))
    words = [*names, *tags_of(levels(known).mean(axis=1)).labels]
    return replace(known, tags=Tags(np.array(words, dtype=np.str_), np.ones(len(words))))
