"""Recordings of the notes benchmark with what is true of them (see README.md)."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.listening.notes_bands import songs
from benchmarks.listening.notes_sounds import NEGATIVES, write_negative
from benchmarks.paths import CACHE, data
from benchmarks.peers.notes import PEERS
from benchmarks.recordings import Item, labelled, real
from benchmarks.roles import ULTRASTAR_REPORTED
from benchmarks.tools import running
from onpu.formats.audio import open_audio
from onpu.music import Drums, Melody, Notes, Onsets, Voice

SETS = {"maps": "8 piano recordings (MAPS, close)", "mdb": "6 multitrack recordings (MDB Drums, MedleyDB), mixtures",
        "stems": "the drums of these six recordings alone", "pjs": "23 songs of one unaccompanied singer (PJS)",
        "ultrastar": "3 songs with karaoke notes (UltraStar)",
        "ultrastar-reported": "2 songs with karaoke notes (UltraStar) by which nothing was chosen",
        "voice": "a song with the times of its words (JamendoLyrics)",
        "bands": "24 composed songs in held-out styles, from the held-out soundfont",
        "negatives": "what is not music"}
DRUM_CLASSES = {"KD": 36, "SD": 38, "HH": 42, "TT": 45, "CY": 49, "OT": 54}
UNVOICED = {"pau", "cl", "k", "s", "sh", "t", "ts", "ch", "h", "f", "p", "ky", "hy", "py", "xx"}
"""Phonemes of PJS in which the vocal cords rest."""
QUIET = 40.0
"""dB below the loudest frame, from where on dry singing counts as unvoiced."""


def items(name: str) -> list[Item]:
    """Recordings of a set. Raises `Missing` where its data are not to be had."""
    return list(READERS[name]())


def _rows(path: Path, separator: str | None = "\t") -> list[list[str]]:
    return [line.split(separator) for line in path.read_text(encoding="utf-8").splitlines()
            if line.strip() and not line.startswith("#")]


def _columns(path: Path, count: int) -> np.ndarray:
    """(count, rows)."""
    return np.array([[float(cell) for cell in row[:count]] for row in _rows(path)]).reshape(-1, count).T


def piano() -> list[Item]:
    """MAPS: notes and their onsets."""
    found = []
    for folder in sorted(data("real/maps").glob("*/")):
        path = folder / "audio.flac"
        onsets, offsets, pitches, velocities = _columns(folder / "notes.tsv", 4)
        order = np.lexsort((pitches, onsets))
        notes = Notes(onsets, offsets, pitches, velocities, np.zeros(len(order), int), np.ones(len(order)))
        notes = notes.select(order)
        found.append(Item(folder.name, path, labelled(path, notes=notes, onsets=onsets_of(notes.onsets))))
    return found


def onsets_of(times: np.ndarray) -> Onsets:
    """Onsets that are certain."""
    return Onsets(np.unique(times), np.ones(len(np.unique(times))))


def multitracks() -> list[Item]:
    """MDB: drums, onsets of drums, melody."""
    found = []
    for folder in sorted(data("real/mdb").glob("*/")):
        drums = _drums(folder / "drums.tsv")
        times, f0 = _columns(folder / "melody.tsv", 2)
        found.append(Item(folder.name, folder / "mix.flac",
                          labelled(folder / "mix.flac", drums=drums, onsets=onsets_of(drums.times),
                                    melody=Melody(times, f0, np.ones(len(times))))))
    return found


def _drums(path: Path) -> Drums:
    rows = sorted((float(time), DRUM_CLASSES[kind.strip()]) for time, kind in _rows(path))
    times, pitches = np.array(rows).reshape(-1, 2).T
    return Drums(times, pitches.astype(int), np.full(len(times), 100), np.ones(len(times)))


def stems() -> list[Item]:
    """The drums of MDB alone."""
    return [Item(item.name, item.path.with_name("drums.flac"), replace(item.truth, melody=None))
            for item in multitracks()]


def singing() -> list[Item]:
    """The songs of PJS whose number four divides; truth: Harvest + StoneMask every 10 ms, unvoiced in pauses, closures
    and voiceless consonants and where the frame is `QUIET` dB below the loudest."""
    folders = [folder for folder in sorted(data("real/pjs").glob("pjs*/")) if int(folder.name[3:]) % 4 == 0]
    found = []
    for folder, pitch in zip(folders, pitches([folder / "song.flac" for folder in folders]), strict=True):
        path, times = folder / "song.flac", pitch.times
        with open_audio(path) as source:
            samples = np.concatenate(list(source.blocks(10.0)), axis=1)[0]
            rate = source.rate
        sums = np.concatenate([[0.0], np.cumsum(np.square(samples, dtype=float))])
        middle = np.round(times * rate).astype(int)
        low, high = (np.clip(middle + side * round(0.0125 * rate), 0, len(samples)) for side in (-1, 1))
        level = 10 * np.log10(np.maximum((sums[high] - sums[low]) / (2 * 0.0125 * rate), 1e-12))
        voiced = level > level.max() - QUIET
        for start, end, phoneme in _rows(folder / "phonemes.lab", None):
            if phoneme.strip("[]") in UNVOICED:
                voiced &= (times < float(start)) | (times >= float(end))
        melody = Melody(times, np.where(voiced, pitch.frequencies, 0.0), np.ones(len(times)))
        found.append(Item(folder.name, path, labelled(path, melody=melody)))
    return found


def pitches(paths: Sequence[Path]) -> list[Melody]:
    """The f0 of dry singing, by pyworld. Raises `Missing` where it is not to be had."""
    with running(PEERS, "pyworld", False) as peers:
        return [peers["pyworld"].call(path).timeline.require(Melody) for path in paths]


def karaoke(name: str, reported: bool = False) -> list[Item]:
    """When someone sings; reported: the songs of UltraStar by which nothing is chosen, or the others."""
    found = []
    for folder, path in real(name):
        if (folder.name in ULTRASTAR_REPORTED) != reported:
            continue
        sung = np.array([[float(row[0]), float(row[1])] for row in _rows(folder / "voice.lab", None) if row[2] == "1"])
        starts, ends = sung.reshape(-1, 2).T
        voice = Voice(starts, ends, np.full(len(starts), "", np.str_), np.ones(len(starts)))
        found.append(Item(folder.name, path, labelled(path, voice=voice)))
    return found


def bands() -> list[Item]:
    """Composed songs; notes in unison count as one, longest; onsets are those of all notes and hits."""
    found = []
    for path, truth in songs():
        hits = np.zeros(0) if truth.drums is None else truth.drums.times
        onsets = np.concatenate([truth.require(Notes).onsets, hits])
        found.append(Item(path.stem, path, replace(truth, onsets=onsets_of(onsets))))
    return found


def negatives() -> list[Item]:
    """Sounds that are not music, made once."""
    folder = CACHE / "negatives"
    folder.mkdir(parents=True, exist_ok=True)
    for name in NEGATIVES:
        if not (folder / f"{name}.wav").exists():
            write_negative(name, folder / f"{name}.wav")
    return [Item(name, folder / f"{name}.wav", labelled(folder / f"{name}.wav")) for name in NEGATIVES
            if (folder / f"{name}.wav").exists()]


READERS: dict[str, Callable[[], Sequence[Item]]] = {
    "maps": piano, "mdb": multitracks, "stems": stems, "pjs": singing, "bands": bands, "negatives": negatives,
    "ultrastar": partial(karaoke, "ultrastar"), "voice": partial(karaoke, "voice"),
    "ultrastar-reported": partial(karaoke, "ultrastar", reported=True)}
