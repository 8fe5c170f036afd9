"""Transcribed notes and the melody's contour, decided together.

A network that says for each semitone and frame what sounds there hears a wide vibrato as many short notes, of the
pitch, its neighbours and its partials, all over the time that one note lasts. The melody's contour follows the swing.
So where the contour has a note with vibrato (`onpu.music.contour_notes`), short transcribed notes within the swing of
its pitch and partials are taken for pieces of it. Where the whole recording is one line, weak notes at its partials are
no notes either, notes end with the contour, not with their reverberation, and those that the contour alone has are
added.
"""

from dataclasses import dataclass, replace

import numpy as np

from onpu.music import Melody, Notes
from onpu.music.arrays import occurrences
from onpu.music.contour_notes import contour_notes
from onpu.music.instruments import FAMILIES, family_of

PARTIALS = 12 * np.log2(np.arange(1, 11))
"""Of a tone, in semitones above it."""
SLACK_SEMITONES = 0.7
"""Semitones beyond the swing of a pitch within which a transcribed one is still a piece of it."""
PIECE_CYCLES = 1.25
"""A piece lasts at most so many cycles of the vibrato."""
LEAST_PIECES = 3
"""Pieces from which on a note was broken."""
EDGE_SECONDS = 0.08
"""Seconds by which the borders of a note differ between contour and transcription."""
COVERED_SHARE = 0.6
"""Share of a note of the contour from which on a transcribed one of its pitch stands for it."""
RIGID = [list(FAMILIES).index(name) for name in ("piano", "mallets", "organ")]
"""Families without vibrato."""
TRILL_CENTRE, TRILL_ALTERNATING = 0.3, 0.8
"""Of a trill between two neighbouring semitones: how far, in semitones, its contour's mean lies from the middle between
them at most, and the share of its notes that are followed by the other one. A vibrato swings about a semitone."""
LINE_SHARE = 0.8
"""Share of the transcribed time that the contour and its partials explain in a recording of one line: .85 to .98 in
composed solos, at most .44 in bands, songs with a piano and recordings."""
SURE = 0.6
"""Confidence from which on a note at a partial is one that is played."""
SHORTEST_SECONDS = 0.1
"""Shorter notes of the contour are not added, and none is cut shorter."""


@dataclass(frozen=True)
class Tone:
    """A note of the contour: start and end in seconds, MIDI pitch with its fraction, extent of its vibrato in semitones
    and rate in Hz (0 without one), and how sure the melody is of it."""

    start: float
    end: float
    pitch: float
    extent: float
    rate: float
    confidence: float


def with_melody(notes: Notes, melody: Melody) -> Notes:
    """The notes with each tone that vibrato had broken into pieces as one note; in a recording of one line without
    weak ones at its partials, with those that the melody alone has heard, and no longer than it sounds.

    Nothing else changes: where there is neither vibrato nor a single line, the notes come back as they are.
    """
    tones = _tones(melody)
    near = [_near(notes, tone) for tone in tones]
    single = _is_one_line(notes, tones, near)
    gone, added, offsets = np.zeros(len(notes), bool), [], notes.offsets.copy()
    for tone, rows in zip(tones, near, strict=True):
        here = notes.select(rows)
        pieces = _pieces(here, tone) & ~_trill(here, tone)
        broken = pieces.sum() >= LEAST_PIECES
        wrong = pieces & broken | _weak_partials(here, tone) & single
        own = _standing(here, tone)
        if broken and not own.any():
            wrong |= np.rint(here.pitches) == round(tone.pitch)
            added.append(_as_note(tone, here.select(wrong), notes))
        gone[rows[wrong & ~own]] = True
        if single and not broken:
            begun = _begun(notes, tone)
            offsets[begun] = np.minimum(offsets[begun], np.maximum(tone.end, notes.onsets[begun] + SHORTEST_SECONDS))
            heard = len(begun) or (_at(here, tone, PARTIALS) & ~wrong).any()
            if not heard and tone.end - tone.start >= SHORTEST_SECONDS:
                added.append(_as_note(tone, here.select(wrong), notes))
    if not single and not gone.any():
        return notes
    together = Notes.concatenate([replace(notes, offsets=offsets).select(~gone), *added])
    return together.select(np.lexsort((together.pitches, together.onsets)))


def _tones(melody: Melody) -> list[Tone]:
    """The notes of the melody."""
    if len(melody) < 2:
        return []
    step = float(np.median(np.diff(melody.times)))
    heard = np.where(melody.frequencies > 0, melody.frequencies, np.nan)
    found = contour_notes(69 + 12 * np.log2(heard / 440), 1 / step)
    return [Tone(float(melody.times[first]), float(melody.times[last - 1]) + step, float(pitch), float(extent),
                 float(rate), float(melody.confidence[first:last].mean()))
            for first, last, pitch, extent, rate in zip(found.firsts, found.lasts, found.pitches, found.extents,
                                                        found.rates, strict=True)]


def _near(notes: Notes, tone: Tone) -> np.ndarray:
    """Numbers of the notes of which at least half lies in the time of a tone."""
    start, end = tone.start - EDGE_SECONDS, tone.end + EDGE_SECONDS
    longest = 2 * (end - start)
    rows = np.arange(*np.searchsorted(notes.onsets, (start - longest, end)))
    shared = np.minimum(notes.offsets[rows], end) - np.maximum(notes.onsets[rows], start)
    inside: np.ndarray = rows[shared >= 0.5 * (notes.offsets[rows] - notes.onsets[rows])]
    return inside


def _at(here: Notes, tone: Tone, partials: np.ndarray) -> np.ndarray:
    """Which notes (n,) have a pitch within the swing of partials of a tone, those in semitones above it."""
    apart = np.abs(here.pitches[:, None] - tone.pitch - partials).min(axis=1, initial=np.inf)
    within: np.ndarray = apart <= tone.extent + SLACK_SEMITONES
    return within


def _pieces(here: Notes, tone: Tone) -> np.ndarray:
    """Which notes (n,) are pieces of a tone with vibrato."""
    if not tone.rate:
        return np.zeros(len(here), bool)
    short = here.offsets - here.onsets <= PIECE_CYCLES / tone.rate
    pieces: np.ndarray = short & _at(here, tone, PARTIALS)
    return pieces


def _trill(here: Notes, tone: Tone) -> np.ndarray:
    """Which notes (n,) are those of a trill that was taken for a vibrato; none where it is one."""
    low = np.floor(tone.pitch)
    out: np.ndarray = np.isin(np.rint(here.pitches), (low, low + 1))
    pitches = np.rint(here.pitches[out])
    if not tone.rate or len(pitches) <= LEAST_PIECES or abs(tone.pitch - low - 0.5) > TRILL_CENTRE:
        return np.zeros(len(here), bool)
    sure = here.confidence[out].mean() >= SURE
    return out & (sure and (np.diff(pitches) != 0).mean() >= TRILL_ALTERNATING)


def _standing(here: Notes, tone: Tone) -> np.ndarray:
    """Which notes (n,) stand for a tone: those of its own pitch, where they last for most of it and are no pieces."""
    own: np.ndarray = (np.rint(here.pitches) == round(tone.pitch)) & ~_pieces(here, tone)
    enough = (here.offsets - here.onsets)[own].sum() >= COVERED_SHARE * (tone.end - tone.start)
    return own & enough


def _weak_partials(here: Notes, tone: Tone) -> np.ndarray:
    """Which notes (n,) lie on partials of a tone, not on its own pitch, and are not sure."""
    higher: np.ndarray = _at(here, tone, PARTIALS[1:]) & ~_at(here, tone, PARTIALS[:1])
    return higher & (here.confidence < SURE)


def _begun(notes: Notes, tone: Tone) -> np.ndarray:
    """Numbers of the notes of a tone's own pitch that begin in its time."""
    rows = np.arange(*np.searchsorted(notes.onsets, (tone.start - EDGE_SECONDS, tone.end)))
    same: np.ndarray = rows[np.rint(notes.pitches[rows]) == round(tone.pitch)]
    return same


def _is_one_line(notes: Notes, tones: list[Tone], near: list[np.ndarray]) -> bool:
    """Whether the tones and their partials explain almost all that was found."""
    weights = notes.confidence * (notes.offsets - notes.onsets)
    explained = np.zeros(len(notes), bool)
    for tone, rows in zip(tones, near, strict=True):
        explained[rows[_at(notes.select(rows), tone, PARTIALS)]] = True
    return bool(weights[explained].sum() > LINE_SHARE * weights.sum())


def _as_note(tone: Tone, replaced: Notes, notes: Notes) -> Notes:
    """A tone as a note, as loud as what it replaces, or else as the notes are in the middle, and of its instrument; a
    piano has no vibrato, so that what was taken for one is a voice."""
    alike = replaced if len(replaced) else notes
    velocity = np.max(replaced.velocities) if len(replaced) else np.median(notes.velocities)
    early = replaced.onsets[np.abs(replaced.onsets - tone.start) <= EDGE_SECONDS]
    rigid = np.isin(family_of(alike.programs), RIGID) & (tone.rate > 0)
    programs = np.where(rigid, FAMILIES["voice"], alike.programs)
    return Notes(np.array([early.min(initial=tone.start)]), np.array([tone.end]), np.array([float(round(tone.pitch))]),
                 np.array([float(velocity)]), np.array([occurrences(programs, alike.confidence).argmax()]),
                 np.array([np.clip(tone.confidence, 0, 1)]))
