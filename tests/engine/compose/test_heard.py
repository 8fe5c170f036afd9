"""Labels tell what is heard: cut down to the tones that sound, over the bass that is played."""

import numpy as np
import pytest

from onpu.engine.compose import compose
from onpu.engine.compose.chord import Chord, Tonality
from onpu.engine.compose.heard import SoundingNotes
from onpu.engine.compose.song import Track
from onpu.music import Notes
from onpu.music.harte import CLASSES, parse, to_class

C = Tonality(0, "major")


def track(pitches, role="chords", start=0.0, end=2.0):
    count = len(pitches)
    notes = Notes(np.full(count, start), np.full(count, end), np.array(pitches, dtype=np.float64), np.full(count, 80.0),
                  np.zeros(count), np.ones(count))
    nothing = np.zeros((0, 2))
    return Track(role, role, 0, notes, None, 0.0, 0.0, nothing, nothing)


@pytest.mark.parametrize(("written", "pitches", "label"), [
    (Chord(0, "7"), (48, 52, 55, 58), "C:7"), (Chord(0, "7"), (48, 52, 55), "C:maj"),
    (Chord(0, "7"), (48, 52, 58), "C:7"), (Chord(0, "min"), (48, 55, 60), "C:5"), (Chord(0, "maj"), (36, 48), "C:1"),
    (Chord(0, "hdim7"), (48, 51, 58), "C:min7"), (Chord(0, "dim7"), (48, 51, 54), "C:dim"),
    (Chord(0, "sus4"), (48, 53, 55), "C:sus4"), (Chord(0, "sus4"), (48, 55), "C:5"),
    (Chord(0, "aug"), (48, 52), "C:maj"),
    (Chord(0, "13"), (48, 52, 58, 62), "C:9"), (Chord(0, "maj7"), (52, 55, 59), "E:min"), (Chord(0, "maj"), (55,), "X"),
    (Chord(0, "maj"), (52, 55, 60), "C:maj/3"), (Chord(0, "maj", 4), (48, 52, 55), "C:maj"),
    (Chord(0, "maj", 10), (46, 52, 55, 60), "C:maj/b7"), (Chord(0, "maj"), (), "N")])
def test_what_sounds_is_named(written, pitches, label):
    assert SoundingNotes([track(pitches)]).label(written, C, 0.0, 2.0) == label


def test_a_tune_alone_is_no_harmony_unless_it_spells_a_triad():
    assert SoundingNotes([track((60,), "melody")]).label(Chord(0, "maj"), C, 0.0, 2.0) == "N"
    broken = [track((60,), "melody", 0.0, 0.6), track((64,), "melody", 0.6, 1.3), track((67,), "melody", 1.3, 2.0)]
    assert SoundingNotes(broken).label(Chord(0, "maj"), C, 0.0, 2.0) == "C:maj"


def test_a_third_in_the_melody_makes_a_triad_of_a_power_chord():
    band = [track((40, 47)), track((67,), "melody", 0.0, 1.0)]
    assert SoundingNotes(band).label(Chord(4, "5"), Tonality(4, "minor"), 0.0, 2.0) == "E:min"
    assert SoundingNotes(band[:1]).label(Chord(4, "5"), Tonality(4, "minor"), 0.0, 2.0) == "E:5"


def test_a_bass_that_is_struck_first_stays_the_bass():
    walking = [track((48,), "bass", 0.0, 0.5), track((43,), "bass", 0.5, 2.0), track((60, 64, 67))]
    assert SoundingNotes(walking).label(Chord(0, "maj"), C, 0.0, 2.0) == "C:maj"


def test_labels_of_songs_are_borne_out_by_their_notes():
    shares, bass = [], []
    for seed in range(30):
        line = compose(seed, None, 20.0).timeline
        notes, chords = line.notes, line.chords
        classes = notes.pitches.astype(np.int64) % 12
        for start, end, label in zip(chords.starts, chords.ends, chords.labels, strict=True):
            chord = parse(str(label))
            if to_class(str(label)) >= CLASSES - 2:
                continue
            times = np.clip(np.minimum(notes.offsets, end - 0.03) - np.maximum(notes.onsets, start + 0.03), 0, None)
            heard = np.bincount(classes, times, 12)
            shares.append(heard[sorted(chord.classes)].sum() / heard.sum())
            needed = {tone for tone in chord.tones if tone not in (2, 7, 9)}
            assert all(heard[(chord.root + tone) % 12] > 0 for tone in needed), (seed, label)
            low = notes.pitches[(times > 0.05)]
            bass.append(any(int(pitch) % 12 == (chord.root + chord.bass) % 12 for pitch in low))
    assert np.mean(shares) > 0.9
    assert np.mean(bass) > 0.98
