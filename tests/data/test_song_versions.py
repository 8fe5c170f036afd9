"""Versions of a composed song share its chords and tune, and differ in key, tempo, band and sound."""

from difflib import SequenceMatcher

import numpy as np
import pytest

from onpu.data.corpora.versions import TEMPO_RATIO, arrange, compose_work
from onpu.data.plan import Plan
from onpu.data.scenes.version_chroma import POOLED, VersionChroma, VersionChromaSource, tones_of
from onpu.data.scenes.versions import VersionScenes
from onpu.engine.augment.chroma import heard_chroma, heard_melody, heard_pitches
from onpu.engine.compose import STYLES
from onpu.errors import DataError
from onpu.music import harte

SEEDS = range(12)


def chords_of(song):
    """Root and tones over the root of each chord in turn, repetitions once."""
    told = [harte.parse(str(label)) for label in song.timeline.chords.labels if label not in ("N", "X")]
    chords = [(chord.root, frozenset((tone - chord.root) % 12 for tone in chord.classes)) for chord in told]
    return [chord for number, chord in enumerate(chords) if not number or chord != chords[number - 1]]


@pytest.mark.parametrize("seed", SEEDS)
def test_chords_are_the_same_but_for_the_key(seed):
    work = compose_work(seed, 20.0)
    one, other = (arrange(work, seed, version) for version in (0, 1))
    first, second = chords_of(one), chords_of(other)
    shifts = {(b[0] - a[0]) % 12 for a, b in zip(first, second, strict=False)}
    common = min(len(first), len(second))
    assert len(shifts) == 1 and [a[1] for a in first[:common]] == [b[1] for b in second[:common]]
    assert abs(len(first) - len(second)) <= 1  # a last chord may ring on


def test_versions_differ_and_are_pure_functions_of_seed_and_number():
    keys, ratios, styles = set(), [], set()
    for seed in SEEDS:
        work = compose_work(seed, 15.0)
        one, again, other = arrange(work, seed, 0), arrange(compose_work(seed, 15.0), seed, 0), arrange(work, seed, 1)
        np.testing.assert_array_equal(one.timeline.notes.onsets, again.timeline.notes.onsets)
        beats = [np.median(np.diff(song.timeline.beats.times)) for song in (one, other)]
        keys.add((chords_of(other)[0][0] - chords_of(one)[0][0]) % 12)
        ratios.append(beats[0] / beats[1])
        styles.add((one.style, other.style))
    assert len(keys) > 4 and max(ratios) / min(ratios) > 1.2 and max(ratios) < 1.1 * TEMPO_RATIO**2
    assert sum(one != other for one, other in styles) > len(SEEDS) / 2


def test_a_tune_of_one_line_is_kept_note_by_note():
    for seed in SEEDS:
        work = compose_work(seed, 15.0)
        if len(work.tune) < 8 or len({note.start for note in work.tune}) < len(work.tune):
            continue
        lines = [next(track for track in arrange(work, seed, version).tracks if track.role == "melody").notes
                 for version in (0, 1)]
        steps = [np.diff(np.rint(line.pitches[np.argsort(line.onsets, kind="stable")])) for line in lines]
        same = SequenceMatcher(None, *(row.tolist() for row in steps), autojunk=False).ratio()
        assert same > 0.9  # notes that are too short for a player are left out


def test_held_out_styles_are_composed_where_they_are_wanted():
    assert all(STYLES[compose_work(seed, 10.0, unseen=True).style].held_out for seed in SEEDS)
    assert not any(STYLES[compose_work(seed, 10.0).style].held_out for seed in SEEDS)


def test_two_recordings_of_a_song_sound_and_are_no_copies():
    scenes = VersionScenes().of(Plan(seed=5, seconds=6.0, fonts=()))
    sounds = scenes.item(0)
    assert sounds.shape == (2, 6 * scenes.rate) and (np.abs(sounds).max(axis=1) > 0.01).all()
    assert abs(np.corrcoef(sounds)[0, 1]) < 0.3
    np.testing.assert_array_equal(sounds, scenes.item(0))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return VersionChromaSource(3, 12, 2, 12.0).composed(tmp_path_factory.mktemp("versions"), 1, None).folder


def test_stored_versions_are_what_is_composed_and_interruption_changes_nothing(folder, tmp_path):
    songs = VersionChroma.open(folder)
    seed = int(np.random.default_rng([3, 4]).integers(2**31))
    tones = tones_of(arrange(compose_work(seed, 12.0), seed, 1).timeline)
    assert songs.chroma(4, 1, np.random.default_rng(0)).shape == (36, len(tones) // POOLED)
    rest, held = songs.split()
    assert not set(rest.songs) & set(held.songs) and len(rest) + len(held) == 12
    again = VersionChromaSource(3, 12, 2, 12.0).composed(tmp_path, 1, None)
    np.testing.assert_array_equal(again.item(0)[3][1], songs.item(0)[3][1])
    with pytest.raises(DataError, match="no versions"):
        VersionChroma.open(folder / "none")


def test_heard_chroma_has_the_statistics_it_was_made_for():
    rng = np.random.default_rng(0)
    meant = np.repeat(rng.random((12, 4000)) < 0.25, 8, axis=1).astype(float)
    sounding = np.maximum(meant * (rng.random(meant.shape) < 0.7), rng.random(meant.shape) < 0.05)
    found = heard_chroma(meant, sounding, rng)
    assert found.min() >= 0 and found.max() <= 1
    assert abs(found[meant == 1].mean() - 0.75) < 0.05
    assert abs(found[(meant == 0) & (sounding == 1)].mean() - 0.24) < 0.06
    assert abs(found[(meant == 0) & (sounding == 0)].mean() - 0.08) < 0.04
    assert heard_chroma(np.zeros((12, 0)), np.zeros((12, 0)), rng).shape == (12, 0)


def test_saliences_have_the_statistics_they_were_made_for():
    rng = np.random.default_rng(1)
    sounding = np.repeat(rng.random((12, 4000)) < 0.3, 8, axis=1).astype(float)
    melody = np.zeros_like(sounding)
    melody[5] = sounding[5]
    pitches, tune = heard_pitches(sounding, rng), heard_melody(melody, sounding, rng)
    assert abs(pitches[sounding == 1].mean() - 0.66) < 0.03 and abs(pitches[sounding == 0].mean() - 0.16) < 0.03
    assert abs(tune[melody == 1].mean() - 0.49) < 0.04
    assert abs(tune[(melody == 0) & (sounding == 1)].mean() - 0.07) < 0.02 and tune[sounding == 0].mean() < 0.05
    for found in (pitches, tune):
        assert found.min() >= 0 and found.max() <= 1
    assert heard_melody(np.zeros((12, 0)), np.zeros((12, 0)), rng).shape == (12, 0)


def test_the_melody_of_a_version_is_among_what_sounds_and_moves_with_its_key():
    work = compose_work(SEEDS[0], 12.0)
    tones = tones_of(arrange(work, SEEDS[0], 0).timeline)
    led = tones[:, 2] > 0
    assert tones.shape[1] == 3 and led.mean() > 0.1
    assert (tones[led, 2] & tones[led, 1] > 0).mean() > 0.8
