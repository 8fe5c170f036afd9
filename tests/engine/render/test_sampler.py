"""Recorded instruments: on time, louder where struck harder, in tune, never twice the same, the same again."""

from dataclasses import replace

import numpy as np
import pytest
import soundfile
from handmade import NOTHING, make_drums, make_notes

from onpu.data.plan import Plan
from onpu.engine.compose.song import Song, Track
from onpu.engine.render import perform
from onpu.engine.render.performance import Strokes
from onpu.engine.render.sampler import sample_sets
from onpu.engine.render.sampler.keyboard import keys_of, play_keys
from onpu.engine.render.sampler.kit import play_kit, recorded_kit
from onpu.errors import DataError
from onpu.music import Timeline

RATE = 44_100
LEAD = 0.002


def hit(loud, pitch, seconds, channels, seed):
    """Silence of 2 ms, then a struck tone with noise."""
    t = np.arange(round(seconds * RATE)) / RATE
    noise = np.random.default_rng(seed).standard_normal(len(t)) * np.exp(-t / 0.01)
    sound = loud * (np.sin(2 * np.pi * pitch * t + 1.5) * np.exp(-t / (seconds / 6)) + 0.3 * noise) * 0.5
    return np.repeat(np.pad(sound, (round(LEAD * RATE), 0))[:, None], channels, axis=1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A kit of three drums in three layers, and a guitar on two keys."""
    root = tmp_path_factory.mktemp("sets") / "instruments"
    kit, guitar = root / "drums_muldjord", root / "guitars_electric"
    for place in (kit, guitar):
        place.mkdir(parents=True)
        (place / "licence.txt").write_text("Made here.\nLicence: CC0.\n\nmore", encoding="utf-8")
    rows = ["# file\tpiece\tMIDI key\tlayer (1 softest)"]
    for name, number, pitch, seconds in (("kick", 36, 60, 0.3), ("snare", 38, 200, 0.2), ("hat", 42, 6000, 0.1),
                                         ("open", 46, 5000, 1.0)):
        for layer in (1, 2, 3):
            soundfile.write(kit / f"{name}{layer}.flac", hit(0.1 * 3**(layer - 1), pitch, seconds, 2, layer), RATE)
            rows.append(f"{name}{layer}.flac\t{name}\t{number}\t{layer}")
    (kit / "samples.tsv").write_text("\n".join(rows), encoding="utf-8")
    rows = ["# file\tguitar\tarticulation\tMIDI pitch\tlayer\tround robin"]
    for guitar_name in ("green", "black"):
        for pitch in (45, 57):
            file = f"{guitar_name}{pitch}.flac"
            soundfile.write(guitar / file, hit(0.9, 440 * 2 ** ((pitch - 69) / 12), 3.0, 1, pitch), RATE)
            rows.append(f"{file}\t{guitar_name}\tord\t{pitch}\tf\t1")
    (guitar / "samples.tsv").write_text("\n".join(rows), encoding="utf-8")
    return root


@pytest.fixture
def kit(folder):
    return recorded_kit(sample_sets(folder)["drums_muldjord"])


@pytest.fixture
def guitar(folder):
    return keys_of(sample_sets(folder)["guitars_electric"], 0.02, conditions={"guitar": "green", "articulation": "ord"})


def dry(monkeypatch):
    monkeypatch.setattr("onpu.engine.render.sampler.kit._with_room", lambda close, rate, rng: close)


def first_sound(sound, near):
    """Seconds at which a fifth of the highest level around `near` is first reached."""
    start = round((near - 0.03) * RATE)
    level = np.abs(sound[start : start + round(0.08 * RATE)])
    return (start + int(np.argmax(level > 0.2 * level.max()))) / RATE


def test_hits_begin_when_they_are_written_to_two_milliseconds(kit, monkeypatch):
    dry(monkeypatch)
    times = 0.1 + 0.5 * np.arange(6)
    for seed in range(3):
        sound = play_kit(kit, make_drums(times, [36, 38, 42] * 2), 4 * RATE, RATE, np.random.default_rng(seed))
        assert all(abs(first_sound(sound[0], time) - time) < 0.002 for time in times)


def test_a_hit_at_the_very_beginning_sounds(kit):
    sound = play_kit(kit, make_drums([0.0], [38]), RATE, RATE, np.random.default_rng(0))
    assert np.abs(sound[:, :200]).max() > 0.5 * np.abs(sound).max()


def test_harder_hits_are_louder(kit, monkeypatch):
    dry(monkeypatch)
    times, velocities = 0.5 * np.arange(6), np.array([15, 35, 55, 80, 100, 127])
    for number in (36, 38, 42):
        drums = replace(make_drums(times, [number] * 6), velocities=velocities)
        sound = play_kit(kit, drums, 4 * RATE, RATE, np.random.default_rng(1))
        levels = [np.square(sound[:, round(at * RATE) : round((at + 0.1) * RATE)]).sum() for at in times]
        assert np.all(np.diff(levels) > 0)


def test_no_two_hits_of_a_drum_are_the_same_nor_scaled(kit, monkeypatch):
    dry(monkeypatch)
    times = 0.25 * np.arange(12)
    sound = play_kit(kit, make_drums(times, [38] * 12), 4 * RATE, RATE, np.random.default_rng(2))[0]
    hits = np.stack([sound[round(at * RATE) : round((at + 0.2) * RATE)] for at in times])
    hits /= np.sqrt(np.square(hits).sum(axis=1, keepdims=True))
    alike = hits @ hits.T - np.eye(12)
    assert alike.max() < 1 - 1e-6


def test_a_closing_hihat_silences_the_open_one(kit, monkeypatch):
    dry(monkeypatch)
    alone = play_kit(kit, make_drums([0.0], [46]), RATE, RATE, np.random.default_rng(3))
    closed = play_kit(kit, make_drums([0.0, 0.2], [46, 42]), RATE, RATE, np.random.default_rng(3))
    late = slice(round(0.4 * RATE), round(0.6 * RATE))
    assert np.abs(closed[:, late]).max() < 1e-3 * np.abs(alone[:, late]).max()


def test_drums_that_were_not_recorded_are_synthesised(kit):
    sound = play_kit(kit, make_drums([0.1], [39]), RATE, RATE, np.random.default_rng(0))
    assert np.abs(sound).max() > 0.01


@pytest.mark.parametrize("pitch", [40, 43, 45, 50, 52, 61.5])
def test_notes_between_the_recorded_keys_are_in_tune_and_on_time(guitar, pitch):
    played = Strokes(np.array([0.5]), np.array([2.5]), np.array([float(pitch)]), np.array([100.0]), NOTHING[:, :2])
    sound = play_keys(guitar, played, 3 * RATE, RATE, np.random.default_rng(5))[0]
    assert abs(first_sound(sound, 0.5) - 0.5) < 0.002
    steady = sound[round(0.6 * RATE) : round(1.6 * RATE)] * np.hanning(RATE)
    spectrum = np.abs(np.fft.rfft(steady, 16 * RATE))
    found = np.argmax(spectrum) / 16
    assert abs(1200 * np.log2(found / (440 * 2 ** ((pitch - 69) / 12)))) < 5


def test_a_guitar_that_the_set_lacks_is_named(folder):
    with pytest.raises(DataError, match="has no row with red"):
        keys_of(sample_sets(folder)["guitars_electric"], 0.02, conditions={"guitar": "red"})


def test_a_guitar_stops_when_its_note_ends(guitar):
    played = Strokes(np.array([0.1]), np.array([0.5]), np.array([47.0]), np.array([100.0]), NOTHING[:, :2])
    sound = play_keys(guitar, played, 2 * RATE, RATE, np.random.default_rng(5))[0]
    assert np.abs(sound[round(0.75 * RATE) :]).max() < 1e-3 * np.abs(sound).max()


def song_of(*tracks):
    return Song(0, "x", tracks, Timeline(2.0))


def test_a_song_is_the_same_again_and_other_with_the_sets(folder):
    drums = Track("drums", "drums", 16, make_notes([], 0, [], 0), make_drums([0.1, 0.6, 1.1], [36, 38, 36]), 0.0, 0.0,
                  NOTHING, NOTHING)
    guitar = Track("guitar", "chords", 30, make_notes([0.1, 0.1, 0.6, 0.6], 0.4, [40, 47, 43, 50], 30), None, 0.0, 0.0,
                   NOTHING, NOTHING)
    differ = 0
    for seed in range(6):
        one, other = (perform(song_of(drums, guitar), seed, 22_050, [], sounds=folder)[0] for _ in range(2))
        assert one.samples.tobytes() == other.samples.tobytes()
        bare = perform(song_of(drums, guitar), seed, 22_050, [])[0]
        differ += not np.array_equal(one.samples, bare.samples)
    assert differ >= 3


def test_a_folder_without_sets_is_named(tmp_path):
    song = song_of()
    with pytest.raises(DataError, match="nowhere: holds no sample sets"):
        perform(song, 0, RATE, [], sounds=tmp_path / "nowhere")


def test_a_missing_sample_is_named(folder, tmp_path):
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "samples.tsv").write_text("# file\tpiece\nlost.flac\tkick", encoding="utf-8")
    with pytest.raises(DataError, match=r"lost\.flac"):
        sample_sets(tmp_path)["set"].sample("lost.flac", RATE)
    with pytest.raises(DataError, match=r"lost\.flac of its table is missing"):
        Plan(sounds=str(tmp_path)).sample_sets()


def test_a_plan_finds_names_and_hashes_its_sets(folder):
    plan = Plan(fonts=()).arranged_from(folder.parent)
    assert plan.sounds == str(folder) and plan.named()["sounds"] == "instruments"
    assert Plan.of(plan.named()).located(folder.parent) == plan
    first, second = plan.sample_sets()
    assert (first["name"], second["name"]) == ("drums_muldjord", "guitars_electric")
    assert first["source"] == "Made here. Licence: CC0." and first["sha256"] != second["sha256"]
    with pytest.raises(DataError, match="instruments is needed"):
        Plan.of(plan.named()).located(folder)
