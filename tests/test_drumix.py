"""Drumix: what is put in the place of a song's drums, while the rest of the song stays as it is."""

import json

import numpy as np
import pytest
from typer.testing import CliRunner

import onpu
from onpu.apps.cli import app
from onpu.errors import OnpuError
from onpu.formats.audio import read_audio, write_audio
from onpu.music import Audio, Beats, Drums, Stems, Timeline
from onpu.music.drum_mix import DrumMix
from onpu.music.drum_patterns import DRUMS
from onpu.pipelines.drumix import drumixed

RATE = 16_000
PARTS = ("vocals", "drums", "bass", "other")
BEATS = Beats.of(np.arange(0.2, 4.0, 0.45), 1 + np.arange(9) % 4)
HEARD = Timeline(4.0, beats=BEATS, drums=Drums(BEATS.times, np.full(9, 36), np.full(9, 90.0), np.ones(9)))


@pytest.fixture
def stems():
    """Noise in four stereo parts."""
    rng = np.random.default_rng(0)
    return Stems(PARTS, 0.1 * rng.standard_normal((4, 2, 4 * RATE)).astype(np.float32), RATE)


def muted(**drums):
    return DrumMix.of({"drums": {name: {"muted": True} | drums.get(name, {}) for name in DRUMS}})


def test_the_rest_of_the_song_is_untouched(stems):
    rest = stems["vocals"].samples + stems["bass"].samples + stems["other"].samples
    np.testing.assert_array_equal(drumixed(stems, HEARD, muted()).samples, rest)
    mix = muted(snare={"pattern": "rock", "muted": False})
    once = drumixed(stems, HEARD, mix).samples
    silent = Stems(PARTS, stems.samples * np.array([0, 1, 0, 0], np.float32)[:, None, None], RATE)
    np.testing.assert_allclose(once - drumixed(silent, HEARD, mix).samples, rest, atol=2e-7)
    before = round(BEATS.times[1] * RATE) - round(0.002 * RATE)
    np.testing.assert_array_equal(once[:, :before], rest[:, :before], err_msg="before the first hit")


def test_new_hits_lie_on_the_beats(stems):
    mix = muted(snare={"pattern": "rock", "muted": False})
    part = drumixed(stems, HEARD, mix).samples - drumixed(stems, HEARD, muted()).samples
    loud = np.abs(part).max(axis=0)
    for time in BEATS.times[1::2]:
        near = loud[round((time - 0.1) * RATE) : round((time + 0.05) * RATE)]
        begins = np.argmax(near > 0.2 * near.max()) / RATE - 0.1
        assert abs(begins) < 0.005


def test_the_songs_own_drums_can_stay(stems):
    mix = DrumMix.of(muted().json() | {"original": 0.0})
    np.testing.assert_allclose(drumixed(stems, HEARD, mix).samples, stems.mixture().samples, atol=1e-6)


def test_a_song_without_beats_is_told(stems):
    with pytest.raises(OnpuError, match="no beats"):
        drumixed(stems, Timeline(4.0), muted())


def test_the_command_writes_a_song_with_other_drums(tmp_path, monkeypatch):
    rng = np.random.default_rng(1)
    song = Audio(0.1 * rng.standard_normal((1, 3 * RATE)).astype(np.float32), RATE)
    write_audio(tmp_path / "song.wav", song, "FLOAT")
    labels = tmp_path / "beats.jams"
    Timeline(3.0, beats=BEATS.select(BEATS.times < 3), drums=None).save(labels)
    (tmp_path / "mix.json").write_text(json.dumps(muted(kick={"pattern": "disco", "muted": False}).json()))
    run = CliRunner().invoke(app, ["drumix", str(tmp_path / "song.wav"), "--given", str(labels), "--mix",
                                   str(tmp_path / "mix.json"), "--drum", "kick:level=-6", "--device", "cpu", "-o",
                                   str(tmp_path / "out.wav")])
    assert run.exit_code == 0, run.output
    out, stems = read_audio(tmp_path / "out.wav"), onpu.load("stems", device="cpu")(tmp_path / "song.wav")
    assert out.samples.shape == song.samples.shape
    rest = song.samples - stems["drums"].samples
    first = round(BEATS.times[0] * RATE) - 40
    np.testing.assert_allclose(out.samples[:, :first], rest[:, :first], atol=1e-5)
    assert np.abs(out.samples - rest)[:, first:].max() > 0.02


@pytest.mark.parametrize("flags, said", [
    (["--drum", "gong:muted"], "no drum is called gong"), (["--drum", "kick:loud"], "kick:level=DB"),
    (["--drum", "kick:level=loud"], "number of dB"), (["--pattern", "rokc"], "did you mean rock"),
    (["-o", "a.txt"], "cannot write sound as .txt"), (["--mix", "absent.json"], "is no mix of drums")])
def test_what_cannot_be_is_told_in_one_line(flags, said):
    run = CliRunner().invoke(app, ["drumix", "song.wav", *flags])
    assert run.exit_code != 0 and said in str(run.exception)


def test_patterns_and_kits_are_listed():
    run = CliRunner().invoke(app, ["drumix", "--list"])
    assert "bossa-nova: Bossa nova" in run.output and "onpu: onpu, acoustic" in run.output
