"""Sampled instruments: every key has a sound, the files say which, and a synthesiser plays them at the right pitch."""

import numpy as np
import pytest
import soundfile

from onpu.engine.render.soundfont import library, soundfont
from onpu.errors import FormatError
from onpu.formats.sampled import ranges, write_sf2, write_sfz

RATE = 16_000


def sine(key, seconds=1.0):
    return 0.5 * np.sin(2 * np.pi * 440 * 2 ** ((key - 69) / 12) * np.arange(round(seconds * RATE)) / RATE)


SOUNDS = {72: sine(72), 48: sine(48), 60: sine(60)}


def test_each_key_of_midi_is_played_by_the_nearest_sound():
    found = ranges([48, 60, 72])
    assert found == [(0, 54), (55, 66), (67, 127)]
    assert sorted(key for low, high in found for key in range(low, high + 1)) == list(range(128))
    assert ranges([60]) == [(0, 127)]


def test_an_sfz_names_the_files_beside_it_by_their_keys(tmp_path):
    files = write_sfz(SOUNDS, RATE, tmp_path / "note.sfz")
    assert files == [tmp_path / "note.sfz", *(tmp_path / "note-samples" / f"{key}.wav" for key in (48, 60, 72))]
    lines = (tmp_path / "note.sfz").read_text().splitlines()
    regions = [dict(word.split("=") for word in line.split()[1:]) for line in lines if line.startswith("<region>")]
    assert [int(region["pitch_keycenter"]) for region in regions] == [48, 60, 72]
    for region in regions:
        sound, rate = soundfile.read(tmp_path / region["sample"])
        np.testing.assert_allclose(sound, SOUNDS[int(region["pitch_keycenter"])], atol=1e-4)
        assert rate == RATE


def test_a_soundfont_is_a_riff_whose_chunks_fill_it(tmp_path):
    (path,) = write_sf2(SOUNDS, RATE, tmp_path / "note.sf2")
    data = path.read_bytes()
    assert data[:4] == b"RIFF" and data[8:12] == b"sfbk" and int.from_bytes(data[4:8], "little") == len(data) - 8
    at, sizes = 12, {}
    while at < len(data):
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        inner, end = at + 12, at + 8 + size
        while inner < end:
            length = int.from_bytes(data[inner + 4 : inner + 8], "little")
            sizes[data[inner : inner + 4].decode()] = length
            inner += 8 + length
        assert inner == end
        at = end
    records = {"phdr": 38, "pbag": 4, "pmod": 10, "pgen": 4, "inst": 22, "ibag": 4, "imod": 10, "igen": 4, "shdr": 46}
    assert {name: sizes[name] // size for name, size in records.items()} == {
        "phdr": 2, "pbag": 2, "pmod": 1, "pgen": 2, "inst": 2, "ibag": 4, "imod": 1, "igen": 10, "shdr": 4}
    assert all(sizes[name] % size == 0 for name, size in records.items())


@pytest.mark.skipif(library() is None, reason="libfluidsynth is not installed")
def test_a_synthesiser_plays_the_soundfont_at_the_pitch_of_each_key(tmp_path):
    (path,) = write_sf2(SOUNDS, RATE, tmp_path / "note.sf2")
    font = soundfont(path, 32_000)
    assert (0, 0) in font.presets
    for key in (48, 50, 60, 64, 72, 76):
        sound = font.play(0, False, [(0, "noteon", key, 100), (16_000, "noteoff", key)], 16_000, {})[0]
        spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound)), 2**18))
        heard = float(spectrum.argmax()) * 32_000 / 2**18
        assert abs(1200 * np.log2(heard / (440 * 2 ** ((key - 69) / 12)))) < 5


def test_nothing_to_play_and_keys_that_midi_lacks_are_refused(tmp_path):
    for sounds in ({}, {128: sine(60)}, {-1: sine(60)}):
        with pytest.raises(FormatError, match=r"note\.sf2: a sampled instrument needs sounds of keys from 0 to 127"):
            write_sf2(sounds, RATE, tmp_path / "note.sf2")
