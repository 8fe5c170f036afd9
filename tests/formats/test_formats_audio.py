import logging
import os
import shutil
import subprocess
import tracemalloc

import numpy as np
import pytest
import soundfile

from onpu.errors import AudioError, FormatError
from onpu.formats import audio as audio_module
from onpu.formats import decoding
from onpu.formats.audio import open_audio, read_audio, write_audio
from onpu.music import Audio

needs_ffmpeg = pytest.mark.skipif(not (shutil.which("ffmpeg") and shutil.which("ffprobe")), reason="no ffmpeg program")
CLICKS = np.array([0.5, 1.25, 2.0, 2.9])


def noise(seconds=1.0, rate=8000, channels=1, seed=0):
    samples = np.random.default_rng(seed).uniform(-0.5, 0.5, (channels, round(seconds * rate)))
    return Audio(samples.astype(np.float32), rate)


def clicks(rate=44_100):
    """Three seconds, with a short burst centred on each of `CLICKS`."""
    samples = np.zeros(3 * rate, np.float32)
    burst = np.hanning(65) * np.cos(2 * np.pi * np.arange(-32, 33) / 16)
    for time in CLICKS:
        at = round(time * rate)
        samples[at - 32 : at + 33] += 0.9 * burst
    return Audio(samples[None], rate)


def click_errors(audio):
    """Seconds from where each click went in to where it came out."""
    envelope, reach = np.abs(audio.samples[0]), round(0.2 * audio.rate)
    errors = []
    for time in CLICKS:
        first = max(0, round(time * audio.rate) - reach)
        errors.append((first + int(envelope[first : first + 2 * reach].argmax())) / audio.rate - time)
    return np.array(errors)


def ffmpeg(source, target, *options):
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", source, *options, target], check=True)


@pytest.mark.parametrize(("subtype", "step"), [
    ("PCM_U8", 2**-7), ("PCM_16", 2**-15), ("PCM_24", 2**-23), ("PCM_32", 2**-24), ("FLOAT", 0), ("DOUBLE", 0)])
@pytest.mark.parametrize(("rate", "channels"), [(4000, 1), (44_100, 2), (96_000, 32), (384_000, 6)])
def test_every_sample_format_rate_and_number_of_channels(tmp_path, subtype, step, rate, channels):
    path, given = tmp_path / "sound.wav", noise(0.1, rate, channels)
    soundfile.write(path, given.samples.T, rate, subtype)
    got = read_audio(path)
    assert (got.rate, got.samples.dtype) == (rate, np.float32)
    assert got.samples.shape == given.samples.shape
    assert np.abs(got.samples - given.samples).max() <= step


@pytest.mark.parametrize("suffix", [".wav", ".flac", ".ogg", ".mp3", ".aiff", ".au", ".caf", ".w64", ".rf64"])
@pytest.mark.parametrize("rate", [16_000, 44_100])
def test_sounds_come_out_where_they_went_in(tmp_path, suffix, rate):
    path = tmp_path / f"clicks{suffix}"
    write_audio(path, clicks(rate))
    got = read_audio(path)
    assert np.abs(click_errors(got)).max() < 0.001
    assert got.duration == pytest.approx(3.0, abs=1e-9)
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_opus_is_written_at_its_rates(tmp_path):
    write_audio(tmp_path / "clicks.opus", clicks(48_000))
    assert np.abs(click_errors(read_audio(tmp_path / "clicks.opus"))).max() < 0.001
    with pytest.raises(FormatError, match="44100 Hz"):
        write_audio(tmp_path / "other.opus", clicks(44_100))


@needs_ffmpeg
@pytest.mark.parametrize(("name", "options"), [
    ("clicks.m4a", ["-c:a", "aac"]), ("lossless.m4a", ["-c:a", "alac"]), ("clicks.mka", ["-c:a", "libopus"])])
def test_the_ffmpeg_program_reads_what_libsndfile_cannot(tmp_path, name, options):
    write_audio(tmp_path / "clicks.wav", clicks(48_000))
    path = tmp_path / name
    ffmpeg(tmp_path / "clicks.wav", path, *options)
    with pytest.raises(soundfile.LibsndfileError):
        soundfile.SoundFile(path)
    assert np.abs(click_errors(read_audio(path))).max() < 0.001
    whole = read_audio(path)
    part = read_audio(path, 1.1, 0.7)
    np.testing.assert_array_equal(part.samples, whole.samples[:, 52_800:86_400])
    assert open_audio(path).duration == pytest.approx(3.0, abs=0.05)


def test_an_mp3_whose_first_frame_says_other_channels_is_read(tmp_path, caplog):
    path = tmp_path / "noise.mp3"
    write_audio(path, noise(1.0, 44_100, 2))
    damaged = bytearray(path.read_bytes())
    damaged[3] |= 0xC0  # of the first frame's header: one channel
    path.write_bytes(damaged)
    assert read_audio(path).channels == 1 and "promises" in caplog.text


@needs_ffmpeg
def test_both_decoders_agree_on_the_start_and_length_of_an_mp3(tmp_path):
    write_audio(tmp_path / "clicks.wav", clicks())
    path = tmp_path / "clicks.mp3"
    ffmpeg(tmp_path / "clicks.wav", path, "-c:a", "libmp3lame", "-b:a", "128k")
    by_ffmpeg = np.concatenate(list(decoding.probed(path, path.name).blocks(1.0)), axis=1)
    by_soundfile = read_audio(path).samples
    assert by_ffmpeg.shape == by_soundfile.shape
    np.testing.assert_allclose(by_ffmpeg, by_soundfile, atol=1e-4)


@pytest.mark.parametrize("suffix", [".wav", ".flac", ".ogg", ".mp3"])
def test_parts_are_slices_of_the_whole(tmp_path, suffix):
    path = tmp_path / f"noise{suffix}"
    write_audio(path, noise(4.0, 22_050, 2))
    whole = read_audio(path).samples
    for start in (0.1, 1.777, 3.8, 3.9, 3.99):
        part = read_audio(path, start, 0.5).samples
        np.testing.assert_allclose(part, whole[:, round(start * 22_050) :][:, :11_025], rtol=0, atol=1e-6)
    assert read_audio(path, 99.0, 1.0).samples.shape == (2, 0)


@pytest.mark.parametrize("seconds", [0.3, 1.0, 7.0])
def test_blocks_make_up_the_whole_as_often_as_wanted(tmp_path, seconds):
    path, given = tmp_path / "noise.wav", noise(2.5, 8000, 3)
    write_audio(path, given, "FLOAT")
    with open_audio(path) as file:
        for _ in range(2):
            blocks = list(file.blocks(seconds))
            assert {block.shape[1] for block in blocks[:-1]} <= {round(seconds * 8000)}
            np.testing.assert_array_equal(np.concatenate(blocks, axis=1), given.samples)


def sparse_recording(path, minutes, rate=8000):
    """Silence of any length in a file that takes no space: a header of 32-bit sizes, then nothing."""
    write_audio(path, Audio(np.zeros((1, 1), np.float32), rate))
    size = 44 + 2 * minutes * 60 * rate
    with open(path, "r+b") as file:
        for offset, value in ((4, size - 8), (40, size - 44)):
            file.seek(offset)
            file.write(int(value).to_bytes(4, "little"))
        file.truncate(size)


def test_ten_hours_need_no_more_memory_than_ten_minutes(tmp_path):
    peaks = []
    for minutes in (10, 600):
        sparse_recording(tmp_path / "long.wav", minutes)
        tracemalloc.start()
        with open_audio(tmp_path / "long.wav") as file:
            total = sum(block.shape[1] for block in file.blocks(60.0))
            peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert total == minutes * 60 * 8000
    assert peaks[1] < 1.1 * peaks[0] < 20e6


@needs_ffmpeg
def test_leaving_the_context_ends_the_decoder(tmp_path):
    write_audio(tmp_path / "noise.wav", noise(60.0, 44_100))
    ffmpeg(tmp_path / "noise.wav", tmp_path / "noise.m4a", "-c:a", "alac")
    with open_audio(tmp_path / "noise.m4a") as file:
        blocks = file.blocks(0.5)
        next(blocks)
        children = subprocess.run(["ps", "--ppid", str(os.getpid()), "-o", "comm="], capture_output=True, text=True)
        assert "ffmpeg" in children.stdout
    children = subprocess.run(["ps", "--ppid", str(os.getpid()), "-o", "comm="], capture_output=True, text=True)
    assert "ffmpeg" not in children.stdout
    assert list(blocks) == []


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_samples_that_are_no_numbers_are_found_with_their_time(tmp_path, bad):
    samples = np.zeros((2, 30_000), np.float32)
    samples[1, 20_000] = bad
    path = tmp_path / "bad.wav"
    soundfile.write(path, samples.T, 8000, "FLOAT")
    with pytest.raises(AudioError, match=r"bad\.wav.* 2\.500 s"):
        list(open_audio(path).blocks(0.7))


def message_of(path):
    with pytest.raises(AudioError) as caught:
        read_audio(path)
    message = str(caught.value)
    assert str(path) in message and "\n" not in message
    return message


def test_what_is_no_recording_is_named_in_one_line(tmp_path):
    assert "no such file" in message_of(tmp_path / "missing.wav")
    assert "is a folder" in message_of(tmp_path)
    (tmp_path / "empty.wav").touch()
    assert "empty" in message_of(tmp_path / "empty.wav")
    for name in ("text.wav", "text.mp3", "曲 1.flac"):
        (tmp_path / name).write_text("Ceci n'est pas un son. 音ではない。\n" * 300, encoding="utf-8")
        assert "text, not sound" in message_of(tmp_path / name)
    (tmp_path / "junk.wav").write_bytes(np.random.default_rng(0).bytes(5000))
    assert message_of(tmp_path / "junk.wav")
    (tmp_path / "samples.raw").write_bytes(np.random.default_rng(0).bytes(5000))
    assert message_of(tmp_path / "samples.raw")
    os.mkfifo(tmp_path / "pipe.wav")
    assert "pipe" in message_of(tmp_path / "pipe.wav")


def test_no_permission(tmp_path, monkeypatch):
    path = tmp_path / "locked.wav"
    write_audio(path, noise())
    path.chmod(0)
    if os.access(path, os.R_OK):  # the superuser may read everything

        def refuse(*_):
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(audio_module, "open", refuse, raising=False)
    assert "permission" in message_of(path)


def test_without_ffmpeg_its_formats_are_an_error_that_names_it(tmp_path, monkeypatch):
    (tmp_path / "song.m4a").write_bytes(b"\x00\x00\x00\x20ftypM4A " + bytes(100))
    monkeypatch.setattr(decoding.shutil, "which", lambda _: None)
    assert "ffmpeg" in message_of(tmp_path / "song.m4a")


@pytest.mark.parametrize(("rate", "channels", "words"), [(3999, 1, "Hz"), (500_000, 1, "Hz"), (8000, 33, "channels")])
def test_rates_and_channels_beyond_what_is_promised(tmp_path, rate, channels, words):
    path = tmp_path / "odd.wav"
    soundfile.write(path, np.zeros((100, channels)), rate)
    assert words in message_of(path)


@pytest.mark.parametrize(("samples", "suffix"), [(0, ".wav"), (0, ".ogg"), (1, ".wav"), (3, ".wav"), (3, ".flac")])
def test_almost_nothing_is_legal(tmp_path, samples, suffix):
    path = tmp_path / f"短い 音{suffix}"
    write_audio(path, Audio(np.full((1, samples), 0.25, np.float32), 8000))
    with open_audio(path) as file:
        assert file.duration == samples / 8000
    got = read_audio(path)
    assert got.samples.shape == (1, samples)
    np.testing.assert_allclose(got.samples, 0.25, atol=1e-4)


def test_cut_off_recordings_are_read_to_the_cut_with_a_warning(tmp_path, caplog):
    given = noise(20.0, 8000)
    for suffix in (".mp3", ".flac"):
        path = tmp_path / f"whole{suffix}"
        write_audio(path, given)
        whole = read_audio(path).samples
        cut = tmp_path / f"cut{suffix}"
        data = path.read_bytes()
        cut.write_bytes(data[: len(data) // 2])
        caplog.clear()
        with caplog.at_level(logging.WARNING), open_audio(cut) as file:
            got = np.concatenate(list(file.blocks(3.0)), axis=1)
            assert 8.0 < got.shape[1] / 8000 < 10.5
            assert file.duration == got.shape[1] / 8000
        np.testing.assert_allclose(got[:, :60_000], whole[:, :60_000], atol=1e-6)
        assert [record.getMessage().count("may be cut off") for record in caplog.records] == [1]


def test_whole_recordings_are_read_without_a_warning(tmp_path, caplog):
    for suffix in (".wav", ".mp3", ".ogg", ".flac"):
        write_audio(tmp_path / f"noise{suffix}", noise(5.0))
        read_audio(tmp_path / f"noise{suffix}")
    assert not caplog.records


def test_nothing_to_decode_behind_a_good_header_is_an_error(tmp_path):
    path = tmp_path / "header.flac"
    write_audio(path, noise(5.0))
    data = path.read_bytes()
    path.write_bytes(data[:200])
    assert "header.flac" in message_of(path)


def test_a_stream_of_unknown_length_is_counted(tmp_path):
    path, given = tmp_path / "streamed.flac", noise(3.3)
    write_audio(path, given)
    data = bytearray(path.read_bytes())
    data[21] &= 0xF0  # the 36 bits of STREAMINFO's number of samples
    data[22:26] = bytes(4)
    path.write_bytes(bytes(data))
    with open_audio(path) as file:
        assert file.duration == pytest.approx(3.3, abs=1e-9)
    np.testing.assert_allclose(read_audio(path).samples, given.samples, atol=2**-15)


@pytest.mark.parametrize(("name", "audio", "error", "words"), [
    ("song.m4a", noise(), FormatError, r"\.m4a"),
    ("song", noise(), FormatError, "without suffix"),
    ("song.flac", noise(channels=12), FormatError, "12 channels"),
    ("song.flac", Audio(np.zeros((1, 0), np.float32), 8000), FormatError, "no samples"),
    ("song.wav", Audio(np.full((1, 9), np.nan, np.float32), 8000), AudioError, "NaN"),
    ("song.wav", Audio(np.zeros(9, np.float32), 8000), AudioError, "channels, samples"),
])
def test_what_cannot_be_written_leaves_nothing(tmp_path, name, audio, error, words):
    with pytest.raises(error, match=words):
        write_audio(tmp_path / name, audio)
    assert list(tmp_path.iterdir()) == []


def test_loud_samples_are_clipped_and_the_same_sound_gives_the_same_bytes(tmp_path):
    loud = Audio(np.array([[2.0, -2.0, 0.5]], np.float32), 8000)
    for suffix in (".wav", ".flac"):
        first, second = tmp_path / f"1{suffix}", tmp_path / f"2{suffix}"
        write_audio(first, loud)
        write_audio(second, loud)
        assert first.read_bytes() == second.read_bytes()
        np.testing.assert_allclose(read_audio(first).samples, [[1.0, -1.0, 0.5]], atol=2**-14)
