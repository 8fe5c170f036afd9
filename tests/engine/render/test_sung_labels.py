"""What is sung: in tune with its labels, voice only where a voice sounds, with programs and without."""

import numpy as np
import pytest
from handmade import NOTHING, make_notes

from onpu.engine.compose.song import Song, Track
from onpu.engine.render import perform
from onpu.engine.render.performance import Strokes
from onpu.engine.render.voice import line, sing, singing, vocoder
from onpu.engine.render.voice.bank import BANDS, FRAME_SECONDS, NOISE_BANDS, Syllable, world
from onpu.engine.render.voice.tts import Speaker, speakers
from onpu.music import Chords, Melody, Timeline, Voice

RATE = 32_000
PITCHES = [57, 60, 62, 57]
programs = pytest.mark.skipif(world() is None or not speakers(), reason="no pyworld, or no text-to-speech program")


@pytest.fixture(params=[pytest.param(False, marks=programs), True], ids=["programs", "formants"])
def bare(request, monkeypatch, tmp_path):
    """Without programs, and with them, but nobody doubles or harmonises."""
    monkeypatch.setattr(singing, "DOUBLED_CHANCE", 0.0)
    monkeypatch.setattr(singing, "HARMONY_CHANCE", 0.0)
    monkeypatch.setattr(singing, "SYNTHETIC_CHANCE", float(request.param))
    if not request.param:
        monkeypatch.setattr(singing, "speakers", lambda: tuple(s for s in speakers() if s.voice in ("slt", "it+m2")))


def melody(program=53, role="melody"):
    notes = make_notes([0.5, 1.1, 1.7, 3.4], 0.58, PITCHES, program)
    return Track("voice", role, program, notes, None, 0.0, 0.0, NOTHING, NOTHING)


def of(track, duration=4.5):
    nothing = np.zeros(0)
    times = np.arange(int(duration * 100) + 1) / 100
    return Song(0, "x", (track,), Timeline(
        duration, chords=Chords(np.zeros(1), np.array([duration]), np.array(["A:min"]), np.ones(1)),
        melody=Melody(times, np.zeros(len(times)), np.ones(len(times))), notes=track.notes,
        voice=Voice(nothing, nothing, nothing.astype(str), nothing)))


def strongest(sound, start, hertz):
    """Hz of the strongest peak near a frequency, in 0.15 s from `start`."""
    piece = sound[round(start * RATE) : round((start + 0.15) * RATE)]
    spectrum = np.abs(np.fft.rfft(piece * np.hanning(len(piece)), 1 << 17))
    bins = np.fft.rfftfreq(1 << 17, 1 / RATE)
    near = (bins > hertz / 1.2) & (bins < hertz * 1.2)
    return bins[near][np.argmax(spectrum[near])]


def test_the_pitch_is_the_label_and_near_the_written_note(bare):
    off, near = [], []
    for seed in range(5):
        sung = sing(melody(), None, round(4.5 * RATE), RATE, np.random.default_rng(seed))
        for onset, pitch in zip([0.5, 1.1, 1.7, 3.4], sung.notes.pitches, strict=True):
            label = np.median(sung.frequencies[round(onset * 100) + 20 : round(onset * 100) + 35])
            off.append(1200 * np.log2(strongest(sung.sound.mean(axis=0), onset + 0.2, label) / label))
            near.append(100 * (69 - pitch) + 1200 * np.log2(label / 440))
        assert set((sung.notes.pitches - PITCHES).tolist()) in ({0.0}, {-12.0})
        assert np.abs(sung.notes.onsets - [0.5, 1.1, 1.7, 3.4]).max() < 0.05
    assert np.median(np.abs(off)) < 8 and np.median(np.abs(near)) < 35


def test_equal_seeds_sing_alike_and_others_do_not(bare):
    first, again, other = (sing(melody(), None, 4 * RATE, RATE, np.random.default_rng(seed)) for seed in (3, 3, 4))
    assert first.sound.tobytes() == again.sound.tobytes() and first.syllables == again.syllables
    assert np.abs(first.sound - other.sound).max() > 0.01 * np.abs(first.sound).max()


def test_labels_tell_syllables_where_sound_is_and_pauses_where_none_is(bare):
    found = 0
    for seed in range(6):
        stems, labels = perform(of(melody()), seed, RATE, [])
        voice = labels.validate().voice
        if not len(voice.starts):
            continue
        found += 1
        assert all(voice.labels) and len(voice.starts) <= 4
        assert 0.2 < voice.starts[0] <= 0.55 and voice.ends[-1] == pytest.approx(3.98, abs=0.08)
        energy = (stems.samples[0] ** 2).mean(axis=0)
        inside = np.zeros(len(energy), dtype=bool)
        for start, end in zip(voice.starts, voice.ends, strict=True):
            inside[round(start * RATE) : round((end + 0.06) * RATE)] = True
        assert energy[~inside].sum() < 0.01 * energy.sum()
        assert labels.melody.frequencies[66:84].min() > 0 and not labels.melody.frequencies[245:290].any()
    assert found >= 4


def test_what_an_instrument_plays_is_no_voice(bare):
    for program, role in ((65, "melody"), (0, "pad")):
        _, labels = perform(of(melody(program, role)), 1, RATE, [])
        assert not len(labels.voice.starts) and (labels.notes.pitches == PITCHES).all()


def test_a_choir_is_voice_without_words_and_no_melody(bare, monkeypatch):
    monkeypatch.setattr("onpu.engine.render.stems.CHOIR_SUNG_CHANCE", 1.0)
    notes = make_notes([0.5, 0.5, 0.5, 2.0, 2.0], 1.2, [60, 64, 67, 59, 65], 52)
    track = Track("choir", "pad", 52, notes, None, 0.0, 0.0, NOTHING, NOTHING)
    _, labels = perform(of(track), 2, RATE, [])
    assert set(labels.voice.labels) == {""} and len(labels.notes.pitches) == 5
    assert not labels.melody.frequencies.any()


@pytest.mark.parametrize("pitches", [[60], [60, 72, 48]])
def test_a_line_reaches_its_notes(pitches):
    manner = line.draw_manner(np.random.default_rng(0))
    onsets = 0.5 + np.arange(len(pitches))
    part = Strokes(onsets, onsets + 1, np.array(pitches, dtype=float), np.full(len(pitches), 90.0), np.zeros((0, 2)))
    drawn = line.sung_line(part, 5.0, manner, np.random.default_rng(1))
    for onset, pitch in zip(onsets, pitches, strict=True):
        middle = drawn.pitch[round((onset + 0.4) / FRAME_SECONDS) : round((onset + 0.9) / FRAME_SECONDS)]
        assert abs(np.median(middle) - pitch) < 0.5


@programs
def test_a_second_voice_sings_chord_tones():
    part = Strokes(np.arange(8) / 2, np.arange(8) / 2 + 0.4, np.full(8, 64.0), np.full(8, 90.0), np.zeros((0, 2)))
    chords = Chords(np.zeros(1), np.array([4.0]), np.array(["C:maj"]), np.ones(1))
    tones = {float(pitch) % 12 for seed in range(20)
             for pitch in singing._second(part, chords, np.random.default_rng(seed)).pitches}
    assert tones and tones <= {0.0, 7.0}


def test_a_syllable_begins_where_the_one_before_ends_though_their_notes_overlap(monkeypatch):
    rows = 60
    syllable = Syllable("la", np.zeros((rows, BANDS), np.float32), np.zeros((rows, NOISE_BANDS), np.float32),
                        np.ones(rows, bool), 10, 40)
    monkeypatch.setattr(vocoder, "syllables", lambda speaker: [syllable] * 8)
    throat = vocoder.draw_throat(Speaker("x", "x", False), 1.0, np.random.default_rng(0))
    slots = (line.Slot(0.1, 0.5 + 2 * FRAME_SECONDS, False), line.Slot(0.5, 0.9, False))
    times = np.array([0.1, 0.5])
    whole = line.SungLine(slots, times, times + 0.4, np.full(300, 60.0), np.zeros(300))
    taken = vocoder.take(whole, throat, np.random.default_rng(0))
    (_, end, _), (start, _, _) = taken.spoken
    assert start >= end and taken.sounding[round(0.12 / FRAME_SECONDS) : round(0.85 / FRAME_SECONDS)].all()
