"""A singer's corpus: syllables read, held-out songs left alone, his pitch the label over another song."""

from dataclasses import replace

import numpy as np
import pytest
import soundfile

from onpu.data.corpora.pjs import held_out, recordings, sung_over
from onpu.data.plan import Plan
from onpu.engine.compose.song import Song, Track
from onpu.engine.render.voice.bank import world
from onpu.errors import DataError
from onpu.music import Beats, Keys, Notes, Tempo, Timeline

RATE = 32_000
TONE = 220.0


@pytest.fixture
def corpus(tmp_path):
    """Two songs, one of them held out, of a buzz at 220 Hz (A3) in A major with two syllables."""
    rows = ["# song\tduration [s]\tkey\ttempo [BPM]"]
    for number, tone in ((1, TONE), (4, 300.0)):
        t = np.arange(3 * 24_000) / 24_000
        buzz = sum(np.sin(2 * np.pi * k * tone * t) / k for k in range(1, 20)) * 0.1 * ((t > 0.4) & (t < 2.2))
        folder = tmp_path / f"pjs{number:03d}"
        folder.mkdir()
        soundfile.write(folder / "song.flac", buzz, 24_000)
        (folder / "phonemes.lab").write_text(
            "# start\n0.0 0.4 pau\n0.4 0.5 t\n0.5 1.2 a\n1.2 1.3 n\n1.3 2.0 o\n2.0 2.2 N\n2.2 3.0 pau\n")
        rows.append(f"pjs{number:03d}\t3.00\tA maj\t120")
    (tmp_path / "index.tsv").write_text("\n".join(rows) + "\n")
    return tmp_path


def song():
    beats = 0.2 + 0.5 * np.arange(14)
    played = Notes(beats, beats + 0.4, np.full(14, 48.0), np.full(14, 90.0), np.full(14, 33), np.ones(14))
    flat = np.zeros((0, 2))
    bass = Track("bass", "bass", 33, played, None, 0.0, 0.0, flat, flat)
    lead = replace(bass, name="lead", role="melody", program=53)
    keys = Keys(np.zeros(1), np.array([8.0]), np.array(["C:major"]), np.ones(1))
    tempo = Tempo(np.array([120.0]), np.ones(1), beats[:-1], np.full(13, 120.0))
    return Song(1, "x", (bass, lead), Timeline(8.0, Beats.of(beats, np.arange(14) % 4 + 1), tempo=tempo, keys=keys,
                                               notes=played))


def test_consonants_go_with_their_vowels_and_a_nasal_stands_alone(corpus):
    first, second = recordings(corpus)
    assert first.syllables == ((0.4, 1.2, "ta"), (1.2, 2.0, "no"), (2.0, 2.2, "N"))
    assert (first.number, first.tonic, first.minor, first.bpm) == (1, 9, False, 120.0)
    assert not held_out(first.number) and held_out(second.number)


@pytest.mark.skipif(world() is None, reason="no pyworld")
def test_the_singer_leads_in_the_songs_key_and_his_pitch_is_the_label(corpus):
    stems, labels = sung_over(corpus, song(), 1, RATE, [])
    labels.validate()
    assert stems.names == ("bass", "voice") and labels.notes is None and labels.onsets is None
    start = labels.voice.starts[0]
    assert np.abs(start - 0.4 - labels.beats.times[labels.beats.positions == 1]).min() < 0.01
    assert labels.voice.labels[:3].tolist() == ["ta", "no", "N"]
    sung = labels.melody.frequencies[labels.melody.frequencies > 0]
    assert np.median(1200 * np.log2(sung / (TONE * 2 ** (3 / 12)))) == pytest.approx(0, abs=10)
    piece = stems["voice"].samples.mean(axis=0)[round((start + 0.2) * RATE) :][: RATE // 4]
    spectrum = np.abs(np.fft.rfft(piece * np.hanning(len(piece)), 1 << 17))
    bins = np.fft.rfftfreq(1 << 17, 1 / RATE)
    near = np.abs(bins - sung[0]) < 25
    assert abs(1200 * np.log2(bins[near][np.argmax(spectrum[near])] / np.median(sung))) < 15


@pytest.mark.skipif(world() is None, reason="no pyworld")
def test_sometimes_he_sings_alone_and_then_nothing_else_is_labelled(corpus):
    alone = [sung_over(corpus, song(), seed, RATE, []) for seed in range(1, 12)]
    alone = [(stems, labels) for stems, labels in alone if stems.names == ("voice",)]
    assert 1 <= len(alone) <= 6
    stems, labels = alone[0]
    assert labels.beats is None and labels.drums is None and labels.duration == 8.0
    heard = np.abs(stems["voice"].samples.mean(axis=0))
    sung = np.interp(np.arange(len(heard)) / RATE, labels.melody.times, labels.melody.frequencies > 0)
    assert heard[sung == 1].mean() > 10 * heard[sung == 0].mean()


def test_a_folder_without_the_corpus_is_an_error(tmp_path):
    with pytest.raises(DataError, match="not the PJS corpus"):
        recordings(tmp_path)


def test_a_plan_names_the_singer_in_its_licence_and_finds_him_again(corpus):
    plan = Plan(pjs=str(corpus), fonts=())
    assert "CC BY-SA 4.0" in plan.licence and "CC BY-SA" not in Plan().licence
    assert Plan.of(plan.named()).located(corpus.parent).pjs == str(corpus)
