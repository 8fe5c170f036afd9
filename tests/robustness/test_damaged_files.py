"""Damaged and odd files of every format that is read: each is read or refused in one line, soon, in little memory.

This is a sample of `benchmarks.soak.faults`, which damages more of them in more ways and analyses the sounds.
"""

import gzip
import json
import resource
import shutil
import signal
import struct
import subprocess
import zipfile
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import soundfile
import tiny
import torch
from safetensors import safe_open
from safetensors.torch import save_file

import onpu
from benchmarks.soak.faults import damaged
from onpu.errors import OnpuError, WeightsError
from onpu.formats.about import read_about
from onpu.formats.audio import open_audio
from onpu.music import Beats, Chords, Drums, Key, Keys, Notes, Timeline
from onpu.trained import TrainedListener
from onpu.weights import digest, read_card, read_weights, write_weights

SOUNDS = (".wav", ".flac", ".mp3", ".ogg", ".aiff", ".au", ".caf", ".w64", ".rf64", ".opus", ".m4a")
LABELS = (".jams", ".json", ".mid", ".musicxml", ".score.musicxml", ".beats", ".chords.lab", ".keys.lab",
          ".audacity.txt", ".csv", ".chords.csv")
SEEDS = 2
SECONDS, MEMORY = 20, 400e6
"""How long a file may take, and by how many bytes the process may grow over all of a kind."""


@contextmanager
def bounded():
    """No longer than `SECONDS`, no larger than by `MEMORY`."""
    def late(*_):
        raise TimeoutError

    before, handler = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, signal.signal(signal.SIGALRM, late)
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, handler)
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024 < MEMORY


def refused(path: Path, read: Callable[[Path], object]) -> str:
    """What is said where a file is refused; empty: it is read."""
    with bounded():
        try:
            read(path)
        except OnpuError as error:
            assert str(error) and "\n" not in str(error)
            return str(error)
    return ""


def heard(path: Path) -> None:
    with open_audio(path) as file:
        for block in file.blocks(1.0):
            assert np.isfinite(block).all() and block.shape[0] == file.channels
    read_about(path)


def sound(folder: Path, suffix: str) -> Path:
    samples = np.random.default_rng(0).uniform(-0.3, 0.3, 16_000).astype(np.float32)
    path = folder / f"song{suffix}"
    if suffix == ".m4a":
        if not shutil.which("ffmpeg"):
            pytest.skip("no ffmpeg program")
        soundfile.write(folder / "other.wav", samples, 16_000)
        subprocess.run(["ffmpeg", "-v", "error", "-i", folder / "other.wav", path], check=True)
    else:
        soundfile.write(path, samples, 16_000, **({"format": "OGG", "subtype": "OPUS"} if suffix == ".opus" else {}))
    return path


def timeline() -> Timeline:
    times, ones = np.arange(8) / 2, np.ones(8)
    names = np.array(["C:maj", "A:min7/b3", "F:maj", "G:7"] * 2)
    pitches, programs = np.arange(60, 68, dtype=np.float64), np.zeros(8, np.int64)
    return Timeline(
        4.0, beats=Beats.of(times, np.arange(8) % 4 + 1), chords=Chords(times, times + 0.5, names, ones),
        keys=Keys(np.zeros(1), np.full(1, 4.0), np.array(["C:major"]), np.ones(1)),
        key=Key(np.array(["C:major"]), np.ones(1)), drums=Drums(times, np.full(8, 38), np.full(8, 90), ones),
        notes=Notes(times, times + 0.4, pitches, np.full(8, 80), programs, ones))


def weights(folder: Path) -> Path:
    torch.manual_seed(0)
    trained = TrainedListener.build(tiny.LISTENER, tiny.RECIPE)
    card = trained.describe() | {"data": [], "validation": {}, "licence": "CC0-1.0", "commercial_use": True,
                                 "scores": [], "trained": {}, "onpu": "0", "command": "onpu train"}
    write_weights(folder / "tiny.safetensors", trained.network.state_dict(), card)
    return folder / "tiny.safetensors"


def restored(path: Path) -> None:
    TrainedListener.restore(tiny.LISTENER, *read_weights(path))


def damage(path: Path, read: Callable[[Path], object]) -> int:
    """Read a file damaged in every way; how many were refused."""
    whole, count = path.read_bytes(), 0
    assert refused(path, read) == ""
    for _, content in damaged(whole, Path(__file__).read_bytes(), SEEDS):
        path.write_bytes(content)
        count += bool(refused(path, read))
    return count


@pytest.mark.parametrize("suffix", SOUNDS)
def test_damaged_recordings(tmp_path, suffix):
    assert damage(sound(tmp_path, suffix), heard) >= 3, "empty files, texts and heads cut off are refused"


@pytest.mark.parametrize("suffix", LABELS)
def test_damaged_labels_and_scores(tmp_path, suffix):
    path = tmp_path / f"song{suffix}"
    timeline().save(path)
    assert damage(path, lambda path: onpu.read(path).validate()) >= 2


def test_damaged_compressed_scores(tmp_path):
    timeline().save(tmp_path / "song.score.musicxml")
    container = '<container><rootfiles><rootfile full-path="score.musicxml"/></rootfiles></container>'
    with zipfile.ZipFile(tmp_path / "song.mxl", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("META-INF/container.xml", container)
        archive.write(tmp_path / "song.score.musicxml", "score.musicxml")
    assert damage(tmp_path / "song.mxl", lambda path: onpu.read(path).validate()) >= 10


def test_damaged_weights(tmp_path):
    assert damage(weights(tmp_path), restored) >= 14, "whatever is changed in tensors or card is found by the hash"


def nested(path: Path) -> None:
    path.write_text("[" * 100_000)


def bomb(path: Path) -> None:
    """A compressed score of hundreds of megabytes of blanks."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("META-INF/container.xml", '<container><rootfile full-path="score.xml"/></container>')
        with archive.open("score.xml", "w") as file:
            for _ in range(300):
                file.write(b" " * 2**20)


def laughs(path: Path) -> None:
    """An XML file of a few hundred bytes whose entities are gigabytes of text."""
    entities = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10 if i else "ha" * 50}">' for i in range(10))
    path.write_text(f'<?xml version="1.0"?><!DOCTYPE x [{entities}]><score-partwise>&a9;</score-partwise>')


def gzipped(path: Path) -> None:
    with gzip.open(path, "wb", 1) as file:
        for _ in range(300):
            file.write(b" " * 2**20)


def long_track(path: Path) -> None:
    """A MIDI file whose track says that it has four gigabytes."""
    path.write_bytes(b"MThd" + struct.pack(">IHHH", 6, 1, 1, 480) + b"MTrk" + b"\xff" * 4 + bytes(100))


def late_note(path: Path) -> None:
    """A MIDI file with a note after 2^28 quarters, which are hours of bars."""
    events = b"\xff\xff\xff\x7f\x90\x3c\x40\x10\x80\x3c\x00\x00\xff\x2f\x00"
    path.write_bytes(b"MThd" + struct.pack(">IHHH", 6, 0, 1, 1) + b"MTrk" + struct.pack(">I", len(events)) + events)


def huge_numbers(path: Path) -> None:
    rows = [{"time": 1e300, "duration": 1e300, "value": "C:maj", "confidence": 1}] * 3
    path.write_text(json.dumps({"annotations": [{"namespace": "chord", "data": rows}], "file_metadata": {},
                                "sandbox": {}}))


@pytest.mark.parametrize(("name", "make"), [
    ("a.jams", nested), ("a.json", nested), ("a.mxl", bomb), ("a.musicxml", laughs), ("a.jamz", gzipped),
    ("a.mid", long_track), ("a.jams", huge_numbers)])
def test_odd_files_are_refused(tmp_path, name, make):
    make(tmp_path / name)
    assert name in refused(tmp_path / name, onpu.read)


@pytest.mark.parametrize(("name", "make"), [("a.mid", late_note)])
def test_odd_files_are_read_or_refused(tmp_path, name, make):
    make(tmp_path / name)
    said = refused(tmp_path / name, lambda path: onpu.read(path).validate())
    assert not said or name in said


def changed_card(path: Path, change: Callable[[dict], None]) -> None:
    with safe_open(path, "pt") as stored:
        card, tensors = json.loads(stored.metadata()["onpu"]), {name: stored.get_tensor(name) for name in stored.keys()}
    change(card)
    card["sha256"] = digest(tensors)
    save_file(tensors, path, {"onpu": json.dumps(card)})


@pytest.mark.parametrize("size", [10**5, 10**12, -3, 0, 2.5, "wide", None])
def test_cards_that_lie_about_the_network_are_refused_before_memory_is_taken(tmp_path, size):
    path = weights(tmp_path)

    def change(card):
        own = [name for name in card["network"] if name in card["recipe"]]
        assert own
        for name in own:
            card["network"][name] = card["recipe"][name] = size

    changed_card(path, change)
    with bounded(), pytest.raises(WeightsError):
        restored(path)


def test_tensors_that_are_not_what_their_header_says_are_refused(tmp_path):
    path = weights(tmp_path)
    data = path.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    name = next(name for name in header if name != "__metadata__")
    for shape, end in (([10**6, 10**6], None), ([2**62, 4], None), (None, 2**40)):
        own = json.loads(json.dumps(header))
        own[name]["shape"] = shape or own[name]["shape"]
        own[name]["data_offsets"][1] = end or own[name]["data_offsets"][1]
        text = json.dumps(own).encode()
        path.write_bytes(struct.pack("<Q", len(text)) + text + data[8 + length :])
        assert "tiny.safetensors" in refused(path, restored)
    path.write_bytes(struct.pack("<Q", 2**60) + data[8:])
    assert "tiny.safetensors" in refused(path, restored)


def test_a_sparse_file_of_a_terabyte_is_refused_unread(tmp_path):
    path = weights(tmp_path)
    with safe_open(path, "pt") as stored:
        card = stored.metadata()
    size = 2**40
    header = json.dumps({"__metadata__": card, "w": {"dtype": "F32", "shape": [size // 4], "data_offsets": [0, size]}})
    try:
        with path.open("wb") as file:
            file.write(struct.pack("<Q", len(header)) + header.encode())
            file.truncate(8 + len(header) + size)
    except OSError:
        pytest.skip("the file system holds no such file")
    assert "numbers" in refused(path, restored)


def test_scales_that_would_multiply_a_kernel_are_refused(tmp_path):
    path = weights(tmp_path)
    card = read_card(path)
    held = {"w": torch.ones(1, 2**16, dtype=torch.int8), "w.scale": torch.ones(2**16, 1)}
    save_file(held, path, {"onpu": json.dumps(card | {"sha256": digest(held)})})
    assert "w: scales" in refused(path, restored)
