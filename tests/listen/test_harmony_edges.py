"""The shipped harmony weights at the edges: silence, drums, one note, out of tune, short, long, late changes of key."""

from dataclasses import replace

import numpy as np
import pytest
import soundfile

from onpu.engine.compose import compose
from onpu.engine.render import render
from onpu.listen import load
from onpu.music import harte
from onpu.music.spelling import parse_key
from onpu.weights import models

RATE = 22050
CADENCE = ("C:maj", "A:min", "F:maj", "G:maj")


def needs(*names):
    """Skips until these weights lie in onpu/weights."""
    lacking = [name for name in names if name not in models()]
    return pytest.mark.skipif(bool(lacking), reason=f"no weights {', '.join(lacking)} are shipped yet")


def note(pitch, seconds, rate=RATE):
    """A struck tone with partials, loud at once, fading slowly."""
    time = np.arange(round(seconds * rate)) / rate
    frequency = 440 * 2 ** ((pitch - 69) / 12)
    partials = np.arange(1, min(10, int(0.45 * rate / frequency)) + 1)[:, None]
    waves = np.sin(2 * np.pi * frequency * partials * time) * np.exp(-0.4 * partials * time) / partials
    return waves.sum(axis=0) * np.minimum(1, time / 0.005) * np.minimum(1, (time[-1] - time) / 0.01)


def played(labels, seconds=2.0, cents=0.0, rate=RATE):
    """Each chord struck every half second over its bass, so many seconds, so many cents off; (samples,) float32."""
    out = []
    for label in labels:
        chord = harte.parse(label)
        pitches = [36 + (chord.root + chord.bass) % 12, *(52 + (chord.root + tone - 52) % 12 for tone in chord.tones)]
        struck = sum(note(pitch + cents / 100, 0.5, rate) for pitch in pitches)
        out.append(np.tile(struck, round(2 * seconds)))
    return (0.05 * np.concatenate(out)).astype(np.float32)


def classes(chords):
    """Class of each chord that lasts for more than a moment."""
    return [harte.to_class(str(label)) for start, end, label in zip(chords.starts, chords.ends, chords.labels,
                                                                    strict=True) if end - start > 0.4]


class Repeated:
    """An `AudioSource` that plays the same minute again and again, and never holds more."""

    channels, rate = 1, 4000

    def __init__(self, minute, minutes):
        self.minute, self.minutes = minute[None], minutes

    @property
    def duration(self):
        return self.minute.shape[1] / self.rate * self.minutes

    def blocks(self, seconds):
        step = round(seconds * self.rate)
        for _ in range(self.minutes):
            yield from (self.minute[:, start : start + step] for start in range(0, self.minute.shape[1], step))


@pytest.mark.parametrize("name", [pytest.param(name, marks=needs(name)) for name in ("chords", "chroma")])
@pytest.mark.parametrize("floor", [0.0, 2.0**-15])
def test_silence_is_one_n(name, floor):
    samples = floor * np.random.default_rng(0).standard_normal(8 * RATE)
    assert load(name)(samples.astype(np.float32), RATE).labels.tolist() == ["N"]


@needs("key")
def test_silence_has_no_key():
    found = load("key").timeline(np.zeros(8 * RATE, dtype=np.float32), RATE)
    assert not len(found.key.labels) and not len(found.keys.labels)


@needs("chords")
@pytest.mark.parametrize("seed", [1, 2])
def test_a_drum_solo_has_no_chords_or_doubtful_ones(seed):
    song = compose(seed, "rock", 12.0)
    drums = tuple(track for track in song.tracks if track.role == "drums")
    stems = render(replace(song, tracks=drums), seed, RATE, ())
    samples = np.sum(stems.samples, axis=0).mean(axis=0)
    chords = load("chords")((0.5 * samples / np.abs(samples).max()).astype(np.float32), RATE)
    lengths, none = chords.ends - chords.starts, chords.labels == "N"
    sure = np.where(none, 0, chords.confidence)
    assert (lengths * sure).sum() < 0.5 * lengths.sum()


@needs("chords")
@pytest.mark.parametrize("pitch", [45, 57, 69])
def test_a_sustained_note_is_no_confident_chord_of_four_tones(pitch):
    chords = load("chords")((0.2 * note(pitch, 6.0)).astype(np.float32), RATE).validate()
    for label, confidence in zip(chords.labels, chords.confidence, strict=True):
        assert len(harte.parse(str(label)).tones) < 4 or confidence < 0.5, (label, confidence)


@needs("chords")
def test_out_of_tune_is_found_and_changes_no_chord():
    trained = load("chords")
    right, flat = (trained.timeline(played(CADENCE * 2, 2.0, cents), RATE) for cents in (0, -40))
    assert right.tuning.cents[0] == pytest.approx(0, abs=8)
    assert flat.tuning.cents[0] == pytest.approx(-40, abs=8)
    assert classes(flat.chords) == classes(right.chords) == [harte.to_class(label) for label in CADENCE * 2]


@needs("chords", "chroma", "key")
def test_ten_seconds_of_a_file(tmp_path):
    soundfile.write(tmp_path / "short.wav", played(("C:maj", "F:maj", "G:maj", "C:maj"), 2.5), RATE)
    chords, chroma = (load(name)(tmp_path / "short.wav") for name in ("chords", "chroma"))
    for found in (chords, chroma):
        assert found.starts[0] == 0 and found.ends[-1] == pytest.approx(10, abs=0.2)
        assert classes(found) == [harte.to_class(label) for label in ("C:maj", "F:maj", "G:maj", "C:maj")]
    assert parse_key(str(load("key")(tmp_path / "short.wav").labels[0])) == (0, "major")


@needs("key")
def test_a_change_of_key_in_the_last_bar_leaves_the_key():
    home = ("D:maj", "G:maj", "A:maj", "D:maj", "B:min", "E:min", "A:7", "D:maj")
    samples = played((*home * 3, "Bb:7", "Eb:maj"), 2.0)
    found = load("key").timeline(samples, RATE)
    assert parse_key(str(found.key.labels[0])) == (2, "major")
    assert parse_key(str(found.keys.labels[0])) == (2, "major") and len(found.keys.labels) <= 2
    assert found.keys.ends[-1] == pytest.approx(len(samples) / RATE, abs=0.3)


@needs("key")
def test_three_hours_have_the_key_of_a_minute():
    """From a source that holds no more of the sound than a block."""
    source = Repeated(played(CADENCE * 5, 3.0, rate=4000), 180)
    found = load("key").timeline(source)
    assert source.duration == found.duration == 10800
    assert parse_key(str(found.key.labels[0])) == (0, "major")
    assert found.keys.ends[-1] == pytest.approx(10800, abs=1)


@needs("chords")
def test_three_hours_have_the_chords_of_a_minute():
    """What the network hears in a minute, 180 times: that hearing goes on for hours is told in tests of `hearing`."""
    trained = load("chords")
    minute = trained.activations(played(CADENCE * 5, 3.0), RATE)
    whole = {*trained.listener.pooled, "tuning"}
    hours = {name: part if name in whole else np.tile(part, 180) for name, part in minute.items()}
    chords = trained.decode(hours, 10800.0).chords
    assert chords.ends[-1] == pytest.approx(10800, abs=1)
    roots = [harte.parse(str(label)).root for label in chords.labels]
    assert np.mean([roots[i : i + 4] == roots[:4] for i in range(0, len(roots) - 3, 4)]) > 0.9
