"""Versions of composed songs as what their harmony is at each moment: what learns to tell songs apart learns from it.

    FOLDER/versions.json     what it is: seed, seconds, versions of each song, count
    FOLDER/versions.npz      tones (frames, 3) uint16, one bit a pitch class (C lowest), of the chords, of all that
                             sounds and of the melody; ends (count * versions,), where each version ends

No sound is rendered: a thousand songs take a minute or two.
"""

import json
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Self

import numpy as np

from onpu.data.corpora.published import LICENCE
from onpu.data.corpora.versions import arrange, compose_work
from onpu.engine.augment.chroma import heard_chroma, heard_melody, heard_pitches
from onpu.errors import DataError
from onpu.files import Json, replacing
from onpu.music import Clock, Timeline, harte
from onpu.workers import Progress, for_each

CLOCK = Clock(22_050, 5_513)
"""Four frames a second."""
POOLED = 2
"""Frames that are averaged: chroma has two a second (`onpu.represent.slow_chroma`)."""
KIND = "versions of composed songs, as chords and notes"
HELD_OUT_EVERY = 10
"""Each so-manieth song is kept to be judged by."""
JUDGED_TOGETHER = 50
"""Songs among which each of them is sought when weights are judged."""


@dataclass(frozen=True)
class VersionChroma:
    """Songs `numbers` of such a folder. See `onpu.data.dataset.Dataset`; an item is a number of songs together."""

    folder: Path
    description: Json
    songs: tuple[int, ...]
    _store: dict[str, np.ndarray] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def open(cls, folder: str | Path) -> Self:
        """Raises `DataError` when there is none, or when it is not finished."""
        folder = Path(folder)
        try:
            description = json.loads((folder / "versions.json").read_text(encoding="utf-8"))
            count = int(description["count"])
        except (OSError, ValueError, KeyError, TypeError):
            raise DataError(f"{folder}: no versions of songs; leave out --data, and they are composed") from None
        return cls(folder, description, tuple(range(count)))

    @property
    def numbers(self) -> tuple[int, ...]:
        """Numbers of the groups of `JUDGED_TOGETHER` songs."""
        return tuple(range(-(-len(self.songs) // JUDGED_TOGETHER)))

    def __len__(self) -> int:
        return len(self.songs)

    def only(self, numbers: tuple[int, ...]) -> Self:
        """These groups of songs."""
        groups = [self.songs[n * JUDGED_TOGETHER : (n + 1) * JUDGED_TOGETHER] for n in numbers]
        return replace(self, songs=tuple(song for group in groups for song in group))

    def split(self) -> tuple[Self, Self]:
        """All but each `HELD_OUT_EVERY`-th song, and those."""
        held = self.songs[::HELD_OUT_EVERY]
        rest = tuple(song for song in self.songs if song not in set(held))
        return replace(self, songs=rest or self.songs), replace(self, songs=held)

    def item(self, number: int) -> list[list[np.ndarray]]:
        """Song by song the chroma of two versions, each (36, frames), as it would be heard; always the same."""
        songs = self.songs[number * JUDGED_TOGETHER : (number + 1) * JUDGED_TOGETHER]
        rng = np.random.default_rng([number, *b"judged"])
        return [[self.chroma(song, version, rng) for version in (0, 1)] for song in songs]

    @property
    def versions(self) -> int:
        """Versions of each song."""
        return int(self.description["versions"])

    def chroma(self, song: int, version: int, rng: np.random.Generator) -> np.ndarray:
        """A version as it would be heard, (36, frames), see `onpu.models.cover_net`, `POOLED` of `CLOCK`'s frames a
        frame."""
        at = song * self.versions + version
        tones = self._tones[int(self._ends[at - 1]) if at else 0 : int(self._ends[at])]
        bits = (tones.T[:, None] >> np.arange(12)[None, :, None]) & 1
        return pooled(np.concatenate([heard_chroma(bits[0], bits[1], rng), heard_pitches(bits[1], rng),
                                      heard_melody(bits[2], bits[1], rng)]))

    @cached_property
    def _tones(self) -> np.ndarray:
        return np.asarray(self._stored["tones"])

    @cached_property
    def _ends(self) -> np.ndarray:
        return np.asarray(self._stored["ends"])

    @cached_property
    def _stored(self) -> dict[str, np.ndarray]:
        with np.load(self.folder / "versions.npz") as stored:
            return {name: stored[name] for name in ("tones", "ends")}


def pooled(chroma: np.ndarray) -> np.ndarray:
    """Means of `POOLED` frames each, (rows, frames // POOLED)."""
    frames = chroma.shape[1] // POOLED
    return np.asarray(chroma[:, : frames * POOLED].reshape(len(chroma), frames, POOLED).mean(axis=2))


def tones_of(timeline: Timeline) -> np.ndarray:
    """Bits (frames, 3) uint16 of a timeline's chords, of its chords and notes, and of its melody."""
    frames = CLOCK.count(round(timeline.duration * CLOCK.rate))
    times = CLOCK.seconds(np.arange(frames))
    out = np.zeros((frames, 3), np.uint16)
    chords, notes, melody = timeline.chords, timeline.notes, timeline.melody
    if chords is not None:
        for start, end, label in zip(chords.starts, chords.ends, chords.labels, strict=True):
            bits = sum(1 << pitch for pitch in set(harte.parse(str(label)).classes))
            out[(times >= start) & (times < end), :2] |= np.uint16(bits)
    if notes is not None:
        firsts, lasts = np.searchsorted(times, notes.onsets), np.searchsorted(times, notes.offsets)
        for first, last, pitch in zip(firsts, lasts, np.rint(notes.pitches).astype(int) % 12, strict=True):
            out[first:last, 1] |= np.uint16(1 << int(pitch))
    if melody is not None and len(melody.times):
        sung = melody.frequencies[np.clip(np.searchsorted(melody.times, times), 0, len(melody.times) - 1)]
        classes = np.rint(12 * np.log2(np.where(sung > 0, sung, 440.0) / 440) + 69).astype(int) % 12
        out[:, 2] = np.where(sung > 0, 1 << classes, 0)
    return out


@dataclass(frozen=True)
class VersionChromaSource:
    """Composes them (see `onpu.data.dataset.DatasetSource`). count: songs; versions: of each and seconds of each."""

    seed: int = 1
    count: int = 1500
    versions: int = 3
    seconds: float = 30.0
    title: str = "a folder of versions of composed songs, as it was composed for an earlier run"

    def open(self, path: Path) -> VersionChroma:
        """See `VersionChroma.open`."""
        return VersionChroma.open(path)

    def check(self, material: object) -> None:
        """It must be versions of songs."""
        if not isinstance(material, VersionChroma):
            raise DataError(f"{getattr(material, 'folder', 'the data')}: holds no versions of songs; leave out --data")

    def composed(self, folder: Path, jobs: int, progress: Progress | None) -> VersionChroma:
        """Composed anew, or gone on with where that was interrupted."""
        if not (folder / "versions.json").exists():
            (folder / "parts").mkdir(parents=True, exist_ok=True)
            missing = [n for n in range(self.count) if not _part(folder, n).exists()]
            for_each(_Writer(self, folder), missing, jobs, progress)
            self._gather(folder)
        return VersionChroma.open(folder)

    def _gather(self, folder: Path) -> None:
        rows: list[np.ndarray] = []
        for number in range(self.count):
            with np.load(_part(folder, number)) as part:
                rows += [part[name] for name in sorted(part.files)]
        with replacing(folder / "versions.npz") as path:
            np.savez_compressed(path, tones=np.concatenate(rows), ends=np.cumsum([len(row) for row in rows]))
        told: Json = {"kind": KIND, "licence": LICENCE, "commercial_use": True, "count": self.count, "seed": self.seed,
                      "versions": self.versions, "seconds": self.seconds}
        with replacing(folder / "versions.json") as path:
            path.write_text(json.dumps(told, indent=1), encoding="utf-8")
        for number in range(self.count):
            _part(folder, number).unlink()


@dataclass(frozen=True)
class _Writer:
    """Composes and stores the versions of one song."""

    source: VersionChromaSource
    folder: Path

    def __call__(self, number: int) -> None:
        seed = int(np.random.default_rng([self.source.seed, number]).integers(2**31))
        work = compose_work(seed, self.source.seconds)
        songs = [arrange(work, seed, version) for version in range(self.source.versions)]
        with replacing(_part(self.folder, number)) as path:
            np.savez(path, allow_pickle=False, **{str(n): tones_of(song.timeline) for n, song in enumerate(songs)})


def _part(folder: Path, number: int) -> Path:
    return folder / "parts" / f"{number:05d}.npz"
