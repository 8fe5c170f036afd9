"""Numbers that tell what kind of music a recording is, from its beats, drums, notes, harmony and voice.

What two genres share or do not share is where in the beat and in the bar each part plays, which chords there are, and
who plays: a spectrum of bands shows it badly, a timeline at once. Gabrielsson & Lindström ("The role of structure in
the musical expression of emotions", 2010) list the cues of moods (`onpu.music.words`); histograms of onsets over the
bar are those of Dixon, Gouyon & Widmer, "Towards characterisation of music via rhythmic patterns" (ISMIR 2004).
"""

from collections.abc import Iterator

import numpy as np

from onpu.music.activity import PLAYERS
from onpu.music.arrays import occurrences
from onpu.music.drums import CLASSES
from onpu.music.harte import parse
from onpu.music.instruments import FAMILIES, family_of
from onpu.music.playing import playing
from onpu.music.spelling import parse_key
from onpu.music.timeline import Timeline
from onpu.music.words import MODES, TEMPI, moods

STEPS, BEATS = 12, 4
"""Parts of a beat, and beats of a bar, in which onsets are counted."""
BOTTOM, LOW, HIGH, TOP = 0, 48, 72, 128
"""MIDI pitches from which notes are low, in the middle, high."""
STACCATO_SECONDS = 0.15
"""Length below which a note is short."""
NUMERATORS = (2, 3, 4, 5, 6, 7, 9, 12)
QUALITIES = {"major": {4, 7}, "minor": {3, 7}, "seventh": {4, 10}, "major seventh": {4, 11}, "minor seventh": {3, 10},
             "diminished": {3, 6}, "augmented": {4, 8}, "suspended": {5, 7}, "second": {2}, "sixth": {9}}
"""Quality -> semitones over its root that a chord of it has."""
REQUIRED = ("beats", "tempo", "chords", "keys", "notes", "drums", "voice")
"""Values of a timeline that its cues are taken from; metre, key and instruments serve where they are there."""
Cues = Iterator[tuple[str, float]]


def has_cues(timeline: Timeline) -> bool:
    """Whether all was looked for that cues are taken from."""
    return all(getattr(timeline, name) is not None for name in REQUIRED)


def cues(timeline: Timeline) -> dict[str, float]:
    """Name of a cue -> its value, about -3 to 3, of a timeline that `has_cues`; the same names for every timeline, in
    the same order."""
    return {name: float(value) for part in (_speed, _harmony, _notes, _rhythm, _players)
            for name, value in part(timeline)}


def _speed(timeline: Timeline) -> Cues:
    """Tempo and metre."""
    tempo, metre = timeline.tempo, timeline.metre
    assert tempo is not None
    there = len(tempo.bpm) > 0
    bpm = float(tempo.bpm[0]) if there else 0.0
    yield "tempo", np.log2(max(bpm, 20) / 100) if there else 0.0
    yield "tempo, sure", float(tempo.strength[0]) if there else 0.0
    yield "tempo, octave", float(np.log2(tempo.octave)) if len(tempo.bpm) > 1 else 0.0
    for name, (low, high) in TEMPI.items():
        yield f"tempo {name}", sum(float(strength) for beats, strength in zip(tempo.bpm, tempo.strength, strict=True)
                                   if low <= beats < high)
    first = int(metre.numerators[0]) if metre is not None and len(metre.numerators) else 0
    for number in NUMERATORS:
        yield f"metre {number}", float(first == number)


def _harmony(timeline: Timeline) -> Cues:
    """Mode, qualities of chords, their roots over the tonic and after one another."""
    keys, chords = timeline.keys, timeline.chords
    assert keys is not None and chords is not None
    shares, tonics = dict.fromkeys(MODES, 0.0), []
    for start, end, label, sure in zip(keys.starts, keys.ends, keys.labels, keys.confidence, strict=True):
        tonic, mode = parse_key(str(label))
        shares[mode] += float(sure * (end - start)) / timeline.duration
        tonics.append((float(end), tonic))
    yield "brightness", sum(share * (2 * MODES[mode] - 1) for mode, share in shares.items())
    yield from ((f"mode {mode}", share) for mode, share in shares.items())
    lengths = np.maximum(chords.ends - chords.starts, 0) / timeline.duration
    parsed = [parse(str(label)) for label in chords.labels]
    roots = np.array([chord.root for chord in parsed], int)
    for name, tones in QUALITIES.items():
        yield f"chords, {name}", sum(float(share) for share, chord in zip(lengths, parsed, strict=True)
                                     if chord.root >= 0 and tones <= chord.tones)
    sounding = roots >= 0
    yield "chords, none", 1 - float(lengths[sounding].sum())
    yield "chords a second", float(sounding.sum()) / timeline.duration
    over = np.zeros(12)
    for end, share, root in zip(chords.ends, lengths, roots, strict=True):
        tonic = next((tonic for until, tonic in tonics if until >= end), tonics[-1][1] if tonics else 0)
        over[(root - tonic) % 12] += share if root >= 0 and tonics else 0.0
    yield from ((f"root {n} over the tonic", value) for n, value in enumerate(over))
    steps = np.diff(roots[sounding]) % 12
    moved = occurrences(steps, minlength=12) / max(len(steps), 1)
    yield from ((f"root {n} on", value) for n, value in enumerate(moved))


def _notes(timeline: Timeline) -> Cues:
    """How high, long, loud, many, and what is felt at it."""
    notes = timeline.notes
    assert notes is not None
    lengths = np.clip(notes.offsets - notes.onsets, 0.05, 4.0)
    there = len(notes.pitches) > 0
    low, middle, high = np.percentile(notes.pitches, (5, 50, 95)) if there else (60.0, 60.0, 60.0)
    yield from (("lowest", (low - 48) / 12), ("middle", (middle - 60) / 12), ("highest", (high - 72) / 12))
    yield "length", float(np.log2(np.median(lengths)) + 2) if there else 0.0
    yield "short", float((lengths < STACCATO_SECONDS).mean()) if there else 0.0
    yield "loudness", float(notes.velocities.mean() - 70) / 20 if there else 0.0
    yield "notes at a time", float(np.log1p(lengths.sum() / timeline.duration))
    count = max(1, int(np.ceil(timeline.duration)))
    electric, felt = moods(timeline, count)
    yield "electric", float(electric.mean())
    yield from ((f"felt {word}", float(level.mean())) for word, level in felt.items())


def _layers(timeline: Timeline) -> Iterator[tuple[str, np.ndarray]]:
    """Name of a layer -> onsets of what plays in it, in seconds."""
    notes, drums = timeline.notes, timeline.drums
    assert notes is not None and drums is not None
    named = [number for numbers in CLASSES.values() for number in numbers]
    for name, numbers in CLASSES.items():
        own = np.isin(drums.pitches, numbers)
        yield name, drums.times[own if name != "Percussion" else own | ~np.isin(drums.pitches, named)]
    for name, (low, high) in {"low": (BOTTOM, LOW), "middle": (LOW, HIGH), "high": (HIGH, TOP)}.items():
        yield name, notes.onsets[(notes.pitches >= low) & (notes.pitches < high)]


def _rhythm(timeline: Timeline) -> Cues:
    """How often each layer plays, and where in the beat and, on the beat, where in the bar."""
    beats = timeline.beats
    assert beats is not None
    for name, onsets in _layers(timeline):
        yield f"{name}, a second", float(np.log1p(len(onsets) / timeline.duration))
        phases, places = np.zeros(STEPS), np.zeros(BEATS)
        if len(beats.times) > 1 and len(onsets):
            within = onsets[(onsets >= beats.times[0]) & (onsets < beats.times[-1])]
            at = np.interp(within, beats.times, np.arange(len(beats.times)))
            step = np.rint(at * STEPS).astype(int)
            phases = occurrences(step % STEPS, minlength=STEPS) / max(len(within), 1)
            on = step[step % STEPS == 0] // STEPS
            position = np.maximum(beats.positions[np.minimum(on, len(beats.positions) - 1)] - 1, 0) % BEATS
            places = occurrences(position, minlength=BEATS) / max(len(within), 1)
        yield from ((f"{name}, step {n}", value) for n, value in enumerate(phases))
        yield from ((f"{name}, beat {n + 1}", value) for n, value in enumerate(places))


def _players(timeline: Timeline) -> Cues:
    """Who plays, and who sings."""
    notes, voice = timeline.notes, timeline.voice
    assert notes is not None and voice is not None
    lengths = np.clip(notes.offsets - notes.onsets, 0.05, 4.0)
    held = occurrences(family_of(notes.programs), lengths, len(FAMILIES))
    yield from ((f"{name}, share of notes", value) for name, value in zip(
        FAMILIES, held / max(held.sum(), 1e-9), strict=True))
    seconds = np.arange(max(1, int(np.ceil(timeline.duration)))) + 0.5
    yield from ((f"{name} plays", value) for name, value in zip(
        PLAYERS, playing(timeline).at(seconds).mean(axis=1), strict=True))
    yield "sung", float((voice.ends - voice.starts).sum()) / timeline.duration
