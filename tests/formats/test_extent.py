"""Sound is read to the end of its bytes, and a length that is wrong anywhere is told."""

import logging
import shutil
import struct

import numpy as np
import pytest
import soundfile

from onpu.errors import OnpuError
from onpu.formats import decoding
from onpu.formats.audio import open_audio, read_audio
from onpu.formats.extent import examine
from onpu.formats.extent.mp3 import frame_of, mp3_extent

RATE, SECONDS = 16_000, 4.0
needs_ffmpeg = pytest.mark.skipif(not shutil.which("ffmpeg"), reason="no ffmpeg program")


def sound(seconds=SECONDS):
    return np.random.default_rng(3).uniform(-0.3, 0.3, round(seconds * RATE)).astype(np.float32)


def stored(path, **options):
    soundfile.write(path, sound(), RATE, **options)
    return path.read_bytes()


def told(path, caplog):
    """Seconds that are read, and what was warned of."""
    caplog.clear()
    with caplog.at_level(logging.WARNING, "onpu"):
        seconds = read_audio(path).duration
    return seconds, [record.getMessage() for record in caplog.records]


def patched(data, at, form, *values):
    new = struct.pack(form, *values)
    return data[:at] + new + data[at + len(new):]


def without_xing(data):
    """Frames of an mp3 after the one that counts them."""
    begin = next(i for i in range(len(data)) if data[i] == 0xFF and frame_of(data[i + 1], data[i + 2]))
    assert data[begin:][:200].count(b"Xing") + data[begin:][:200].count(b"Info") == 1
    return data[begin + frame_of(data[begin + 1], data[begin + 2]).length:]


@pytest.mark.parametrize("size", [0, 8000])
@pytest.mark.parametrize(("name", "field", "order", "shift"), [("a.wav", b"data", "<I", 4), ("a.au", b".snd", ">I", 8)])
def test_what_a_dying_recorder_left_is_read_to_its_end(tmp_path, caplog, name, field, order, shift, size):
    path = tmp_path / name
    data = stored(path)
    whole = read_audio(path).samples
    path.write_bytes(patched(data, data.index(field) + shift, order, size))
    seconds, warnings = told(path, caplog)
    assert seconds == SECONDS and len(warnings) == 1 and f"goes on to {SECONDS} s" in warnings[0]
    np.testing.assert_array_equal(read_audio(path).samples, whole)
    np.testing.assert_array_equal(read_audio(path, 1.3, 0.5).samples, whole[:, 20_800:28_800])


@pytest.mark.parametrize("name", ["a.wav", "a.aiff", "a.au", "a.caf", "a.w64", "a.rf64", "a.flac", "a.ogg", "a.mp3"])
def test_a_file_cut_in_half_is_never_passed_over_in_silence(tmp_path, caplog, name):
    path = tmp_path / name
    data = stored(path)
    assert told(path, caplog) == (pytest.approx(SECONDS), [])
    path.write_bytes(data[: len(data) // 2])
    try:
        seconds, warnings = told(path, caplog)
    except OnpuError:
        return
    assert seconds < SECONDS * 0.7 and len(warnings) == 1 and "may be cut off" in warnings[0]


def test_an_empty_wav_is_empty_and_chunks_after_the_samples_are_no_sound(tmp_path, caplog):
    soundfile.write(tmp_path / "empty.wav", sound(0), RATE)
    assert told(tmp_path / "empty.wav", caplog) == (0.0, [])
    data = stored(tmp_path / "tagged.wav")
    (tmp_path / "tagged.wav").write_bytes(data + b"LIST" + struct.pack("<I", 90_000) + bytes(90_000))
    assert told(tmp_path / "tagged.wav", caplog) == (SECONDS, [])
    (tmp_path / "piped.wav").write_bytes(patched(data, data.index(b"data") + 4, "<I", 2**32 - 1))
    assert told(tmp_path / "piped.wav", caplog) == (SECONDS, [])


@pytest.mark.parametrize("level", [0.2, 0.9])
def test_variable_bit_rate_without_a_header_is_read_to_its_end(tmp_path, caplog, level):
    """Quiet seconds, then loud ones: libsndfile takes the bit rate of the first for that of all."""
    path, bare = tmp_path / "a.mp3", tmp_path / "bare.mp3"
    samples = np.concatenate([sound(2.0) * 0.001, sound(2.0)])
    soundfile.write(path, samples, RATE, bitrate_mode="VARIABLE", compression_level=level)
    bare.write_bytes(without_xing(path.read_bytes()))
    with soundfile.SoundFile(bare) as guessed:
        assert abs(guessed.frames / RATE - SECONDS) > 0.3, "the case that this is about does not occur"
    seconds, warnings = told(bare, caplog)
    assert seconds == pytest.approx(SECONDS, abs=0.15) and warnings == []
    assert open_audio(bare).duration == seconds
    whole = read_audio(bare).samples
    for start in (0.0, 0.01, 1.7, 3.9):
        part = read_audio(bare, start, 0.2).samples
        np.testing.assert_allclose(part, whole[:, round(start * RATE):][:, :3200], atol=1e-6)


def test_replacing_the_head_of_an_mp3_changes_no_sample(tmp_path):
    path = tmp_path / "a.mp3"
    soundfile.write(path, sound(), RATE, bitrate_mode="CONSTANT")
    path.write_bytes(without_xing(path.read_bytes()))
    mended, plain = read_audio(path).samples, soundfile.read(path, dtype="float32")[0]
    np.testing.assert_allclose(mended[0, : len(plain)], plain[: mended.shape[1]], atol=1e-6)


def test_mp3s_one_after_the_other_are_one_recording(tmp_path, caplog):
    path = tmp_path / "a.mp3"
    path.write_bytes(2 * stored(path))
    seconds, warnings = told(path, caplog)
    assert seconds == pytest.approx(2 * SECONDS, abs=0.3) and len(warnings) == 1 and "goes on" in warnings[0]


def test_tags_and_junk_around_an_mp3_are_passed_over(tmp_path):
    data = without_xing(stored(tmp_path / "a.mp3"))
    alone = mp3_extent(data, 0).seconds
    tag = b"ID3\x04\0\0" + bytes((0, 0, 1, 0)) + bytes(128)
    for around in (tag + data, bytes(500) + data, data + b"TAG" + bytes(125), data + b"APETAGEX" + bytes(300)):
        (tmp_path / "b.mp3").write_bytes(around)
        assert examine(tmp_path / "b.mp3").seconds == alone
        assert examine(tmp_path / "b.mp3").complaint == ""


@pytest.mark.parametrize(("total", "word"), [(2 * RATE, "goes on"), (9 * RATE, "may be cut off"), (0, "")])
def test_the_total_of_a_flac_is_held_against_its_last_frame(tmp_path, caplog, total, word):
    path = tmp_path / "a.flac"
    data = stored(path)
    path.write_bytes(patched(data, 22, ">I", total))
    seconds, warnings = told(path, caplog)
    assert seconds == SECONDS and (word in warnings[0] if word else warnings == [])


@needs_ffmpeg
def test_ogg_streams_one_after_the_other_are_read_on(tmp_path, caplog, monkeypatch):
    path = tmp_path / "a.ogg"
    path.write_bytes(2 * stored(path))
    assert told(path, caplog) == (pytest.approx(2 * SECONDS, abs=0.05), [])
    monkeypatch.setattr(decoding.shutil, "which", lambda _: None)
    seconds, warnings = told(path, caplog)
    assert seconds == SECONDS and "2 streams" in warnings[0]


@pytest.mark.parametrize("name", ["a.wav", "a.aiff", "a.au", "a.caf", "a.w64", "a.rf64", "a.flac", "a.ogg", "a.mp3"])
def test_no_damage_makes_the_search_fail(tmp_path, name):
    data, rng = stored(tmp_path / name), np.random.default_rng(1)
    for _ in range(100):
        changed = np.frombuffer(data[: rng.integers(1, len(data))], np.uint8).copy()
        changed[rng.integers(min(80, len(changed)), size=6)] = rng.integers(256, size=6)
        (tmp_path / name).write_bytes(changed.tobytes())
        assert 0 <= examine(tmp_path / name).seconds < 1e9
