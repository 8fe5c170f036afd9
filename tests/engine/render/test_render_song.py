"""Rendering: balance, places, names, onsets where the labels are, equal bytes in another process."""

import hashlib
import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from handmade import NOTHING, make_drums, make_notes

from onpu.engine.compose.song import Song, Track
from onpu.engine.render import produce, render, soundfonts
from onpu.engine.render.loudness import loudness
from onpu.engine.render.performance import strokes
from onpu.engine.render.soundfont import library
from onpu.engine.render.stems import LEVELS
from onpu.errors import DataError
from onpu.music import Timeline

RATE = 16_000
SMALL = [path for path in soundfonts() if path.stat().st_size < 10e6] if library() is not None else []
needs_font = pytest.mark.skipif(not SMALL, reason="no libfluidsynth, or no small soundfont")


def digest(song, fonts):
    stems = render(song, 5, RATE, fonts)
    mix = produce(stems, 6)
    return hashlib.sha256(stems.samples.tobytes() + mix.samples.tobytes()).hexdigest()


@pytest.mark.parametrize("fonts", [[], pytest.param(SMALL[:2], marks=needs_font)])
def test_equal_arguments_give_equal_bytes_in_another_process(song, fonts):
    code = ("import sys; sys.path.insert(0, sys.argv[1]); from pathlib import Path; "
            "from handmade import by_hand; from test_render_song import digest; "
            "print(digest(by_hand(), [Path(font) for font in sys.argv[2:]]))")
    other = subprocess.run([sys.executable, "-c", code, os.path.dirname(__file__), *map(str, fonts)], check=True,
                           capture_output=True, text=True)
    assert digest(song, fonts) == other.stdout.strip()


def test_stems_have_the_length_of_the_song_unique_names_and_their_roles_levels(song):
    stems = render(song, 0, RATE, [])
    assert stems.samples.shape == (5, 2, round(song.duration * RATE))
    assert stems.names == ("drums", "bass", "guitar", "lead", "lead 2")
    for track, sound in zip(song.tracks, stems.samples, strict=True):
        middle = np.array([np.cos((track.pan + 1) * np.pi / 4), np.sin((track.pan + 1) * np.pi / 4)])
        unplaced = sound / (np.sqrt(2) * np.maximum(middle, 1e-3))[:, None].astype(np.float32)
        if track.pan > -1:
            assert loudness(unplaced, RATE) == pytest.approx(LEVELS[track.role] + track.gain, abs=0.3)
    left, right = (np.abs(side).max() for side in stems["guitar"].samples)
    assert left > 1e3 * right


def test_another_seed_draws_other_instruments(song):
    assert np.abs(render(song, 0, RATE, []).samples - render(song, 1, RATE, []).samples).max() > 1e-3


@pytest.mark.parametrize("fonts", [[], pytest.param(SMALL[:1], marks=needs_font)])
@pytest.mark.parametrize("seed", range(4))
def test_drums_sound_when_the_labels_say(fonts, seed):
    rate, times = 44_100, 0.2 + 0.61 * np.arange(6)
    track = Track("drums", "drums", 0, make_notes([], 0, [], 0), make_drums(times, [36, 38, 42] * 2), 0.0, 0.0, NOTHING,
                  NOTHING)
    sound = np.abs(render(Song(0, "x", (track,), Timeline(4.0)), seed, rate, fonts).samples[0]).max(axis=0)
    for time in times:
        start = round(time * rate)
        window = sound[start - rate // 100 : start + rate // 20]
        first = np.argmax(window > 0.2 * window.max()) / rate - 0.01
        assert -0.001 <= first <= 0.008


def test_a_soundfont_that_was_asked_for_and_is_missing_is_an_error(song, tmp_path):
    with pytest.raises(DataError, match=r"gone\.sf2 does not exist"):
        render(song, 0, RATE, [tmp_path / "gone.sf2"])


@needs_font
def test_a_file_that_is_no_soundfont_is_an_error(song, tmp_path):
    (tmp_path / "text.sf2").write_text("hello")
    with pytest.raises(DataError, match=r"text\.sf2 is not a soundfont"):
        render(song, 0, RATE, [tmp_path / "text.sf2"])


def test_without_libfluidsynth_only_fonts_that_were_asked_for_are_an_error(song, tmp_path, monkeypatch):
    (tmp_path / "a.sf2").touch()
    monkeypatch.setenv("ONPU_SOUNDFONTS", str(tmp_path))
    monkeypatch.setattr("onpu.engine.render.soundfont.library", lambda: None)
    monkeypatch.setattr("onpu.engine.render.stems.library", lambda: None)
    assert render(song, 0, RATE).samples.any()
    with pytest.raises(DataError, match="needs libfluidsynth"):
        render(song, 0, RATE, [tmp_path / "a.sf2"])


def test_soundfonts_are_found_once_by_the_variable_and_its_folders(tmp_path, monkeypatch):
    (tmp_path / "fonts").mkdir()
    (tmp_path / "fonts" / "a.sf2").touch()
    (tmp_path / "fonts" / "same.sf3").symlink_to(tmp_path / "fonts" / "a.sf2")
    (tmp_path / "b.SF3").touch()
    monkeypatch.setenv("ONPU_SOUNDFONTS", os.pathsep.join([str(tmp_path / "fonts"), str(tmp_path / "b.SF3")]))
    assert [path.name for path in soundfonts()][:2] == ["a.sf2", "b.SF3"]
    assert len(set(soundfonts())) == len(soundfonts())


def test_pedal_holds_notes_until_it_is_up_or_the_key_is_struck_again(song):
    played = make_notes([0.0, 0.0, 1.0, 1.003, 3.0], 0.2, [60, 64, 60, 60, 64], 0)
    track = replace(song.tracks[1], notes=played, pedal=np.array([[0.1, 2.0]]))
    held = strokes(track)
    assert list(zip(held.onsets, held.offsets, held.pitches, strict=True)) == [
        (0.0, 1.0, 60.0), (0.0, 2.0, 64.0), (1.0, 2.0, 60.0), (3.0, 3.2, 64.0)]


def test_an_empty_song_and_an_empty_track_render_to_silence(song):
    empty = replace(song, tracks=(replace(song.tracks[1], notes=make_notes([], 0, [], 33)),))
    for fonts in ([], SMALL[:1]):
        assert not render(empty, 0, RATE, fonts).samples.any()
    none = render(replace(song, tracks=()), 0, RATE, [])
    assert produce(none, 0).samples.shape == (2, none.samples.shape[2])
