"""Songs of PJS taken apart for a singer to learn from: vocoder parameters, phonemes, and the score that was sung.

    FOLDER/sung.json       what it is: licence, names of the songs
    FOLDER/pjsNNN.npz      a song: see `SungSong`

Songs serve for what `onpu.data.corpora.singing.part` says.
"""

import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Self

import numpy as np

from onpu.data.corpora.pjs import PjsSong, recordings
from onpu.data.corpora.published import PJS
from onpu.data.corpora.singing import DOUBTFUL, part
from onpu.engine.render.voice.parameters import VocoderFrames, taken_apart
from onpu.errors import DataError
from onpu.files import Json, replacing
from onpu.formats.musicxml import read_musicxml
from onpu.music.kana import phonemes_of_kana
from onpu.music.phonemes import PHONEMES, SYLLABIC, paired
from onpu.represent.sung import FRAME_SECONDS, PAUSE
from onpu.workers import Progress

INDEX = "sung.json"
LOUD_QUANTILE = 0.7
"""Songs are brought to one level by this quantile of the loudness of their frames."""
MOST_LATE = 0.2
"""Seconds by which vowels begin after their notes, the median of a song, beyond which its score is moved."""


@dataclass(frozen=True, eq=False)
class SungSong:
    """A song. frames: of the recording. phonemes: (n,) numbers, a pause is `PAUSE`; starts: (n + 1,) seconds, the end
    last. written: (notes, 3) start and end in seconds and MIDI pitch in the score. of_note: (n,) number of the note on
    which a phoneme is sung, -1 for pauses."""

    name: str
    frames: VocoderFrames
    phonemes: np.ndarray
    starts: np.ndarray
    written: np.ndarray
    of_note: np.ndarray


def take_apart(folder: Path, source: Path, progress: Progress | None = None) -> "SungSongs":
    """Write the songs of PJS at `source` to a folder; those that are there stay. Raises `DataError` where the corpus is
    not there, `OnpuError` without the vocoder."""
    songs = recordings(source)
    folder.mkdir(parents=True, exist_ok=True)
    for number, song in enumerate(songs):
        path = folder / f"{song.folder.name}.npz"
        if not path.exists():
            taken = _taken(song)
            columns = {name: value for name, value in (vars(taken) | vars(taken.frames)).items()
                       if isinstance(value, np.ndarray)}
            with replacing(path) as file, zipfile.ZipFile(file, "w") as archive:
                for name, value in columns.items():
                    with archive.open(f"{name}.npy", "w") as column:
                        np.save(column, value)
        if progress is not None:
            progress(number + 1, len(songs))
    with replacing(folder / INDEX) as file:
        file.write_text(json.dumps({"kind": "sung songs", "source": PJS.home, "licence": PJS.licence,
                                    "songs": [song.folder.name for song in songs]}, indent=1), encoding="utf-8")
    return SungSongs.open(folder)


def _taken(song: PjsSong) -> SungSong:
    frames = taken_apart(song.audio().samples[0])
    loud = 0.5 * frames.harmonic.mean(axis=1)
    frames = replace(frames, harmonic=(frames.harmonic - 2 * np.quantile(loud, LOUD_QUANTILE)).astype(np.float32))
    score = read_musicxml(song.folder / "score.musicxml")
    if score.notes is None or score.voice is None:
        raise DataError(f"{song.folder}/score.musicxml: has no words; fetch the corpus again")
    written = np.stack((score.notes.onsets, score.notes.offsets, score.notes.pitches), axis=1)
    names = [name if name in PHONEMES else "" for _, _, name in song.phonemes]
    of_note = _notes_of(names, score.voice.starts, score.voice.labels.tolist(), written[:, 0])
    vowels = [number for number, name in enumerate(names) if name in SYLLABIC]
    late = float(np.median([song.phonemes[i][0] - written[of_note[i], 0] for i in vowels]))
    if abs(late) > MOST_LATE:  # a score that does not begin with its recording
        written[:, :2] += late
    middles = np.rint(written[:, :2].mean(axis=1) / FRAME_SECONDS).astype(int)
    heard = frames.pitch[np.clip(middles, 0, len(frames) - 1)]
    written[:, 2] += 12 * np.rint(np.median(heard - written[:, 2]) / 12)  # some are written an octave away
    starts = np.array([*(start for start, _, _ in song.phonemes), song.phonemes[-1][1]])
    return SungSong(song.folder.name, frames, np.array([PHONEMES.index(name) if name else PAUSE for name in names]),
                    starts, written, of_note)


def _notes_of(names: list[str], starts: np.ndarray, labels: list[str], onsets: np.ndarray) -> np.ndarray:
    """The note of each phoneme: the sung sequence along the written one, at least changes (Levenshtein 1966); what is
    not written belongs to the note of what is sung after it, or before."""
    told = [(phoneme, int(np.abs(onsets - start).argmin()))
            for start, label in zip(starts, labels, strict=True) for phoneme in phonemes_of_kana(label)[0]]
    sung = [number for number, name in enumerate(names) if name]
    found = np.full(len(names), -1)
    for place, written in paired([names[number] for number in sung], [phoneme for phoneme, _ in told]):
        found[sung[place]] = told[written][1]
    later = -1
    for number in reversed(sung):
        later = found[number] = found[number] if found[number] >= 0 else later
    for number in sung:
        found[number] = found[number] if found[number] >= 0 else max(0, int(found[:number].max(initial=0)))
    return found


@dataclass(frozen=True, eq=False)
class SungSongs:
    """Songs `numbers` of a folder that `take_apart` wrote. See `onpu.data.dataset.Dataset`."""

    folder: Path
    names: tuple[str, ...]
    numbers: tuple[int, ...]

    @classmethod
    def open(cls, path: str | Path) -> Self:
        """All songs but those for tests and those whose labels are in doubt. Raises `DataError` where none are."""
        path = Path(path)
        try:
            names = tuple(json.loads((path / INDEX).read_text(encoding="utf-8"))["songs"])
        except (OSError, ValueError, KeyError):
            raise DataError(f"{path}: holds no songs taken apart; write them with onpu corpus voice") from None
        return cls(path, names, tuple(i for i, name in enumerate(names) if _purpose(name) in ("learn", "choose")))

    @property
    def description(self) -> Json:
        """See `Dataset`."""
        return {"kind": "sung songs", "source": "PJS corpus 1.1", "licence": PJS.licence, "commercial_use": True,
                "count": len(self.names)}

    def __len__(self) -> int:
        return len(self.numbers)

    def only(self, numbers: tuple[int, ...]) -> Self:
        """These songs."""
        return replace(self, numbers=tuple(numbers))

    def tested(self) -> Self:
        """What nobody has learned from or chosen weights by."""
        return self.only(tuple(i for i, name in enumerate(self.names) if _purpose(name) == "test"))

    def split(self) -> tuple[Self, Self]:
        """Those that are learned from, and those that choose weights."""
        chosen = tuple(i for i in self.numbers if _purpose(self.names[i]) == "choose") or self.numbers[:1]
        return self.only(tuple(i for i in self.numbers if i not in chosen) or self.numbers), self.only(chosen)

    def item(self, number: int) -> SungSong:
        """A song; kept once read."""
        if number not in self._read:
            with np.load(self.folder / f"{self.names[number]}.npz") as stored:
                rows = {name: stored[name] for name in stored.files}
            frames = VocoderFrames(*(rows.pop(name) for name in ("pitch", "voiced", "harmonic", "aperiodic")))
            self._read[number] = SungSong(self.names[number], frames, **rows)
        return self._read[number]

    @cached_property
    def _read(self) -> dict[int, SungSong]:
        return {}


def _purpose(name: str) -> str:
    purpose = part(int(name.removeprefix("pjs")))
    return "" if name in DOUBTFUL and purpose != "test" else purpose


@dataclass(frozen=True)
class SungSource:
    """Songs that the user brings. See `DatasetSource`."""

    title: str = "Folder of songs taken apart (onpu corpus voice)"
    open: Callable[[Path], SungSongs] = SungSongs.open

    def check(self, material: object) -> None:
        """They must be such songs."""
        if not isinstance(material, SungSongs):
            raise DataError(f"{getattr(material, 'folder', 'the data')}: holds no songs taken apart; write them with "
                            "onpu corpus voice")

    def composed(self, folder: Path, jobs: int, progress: Progress | None) -> SungSongs:
        """There are none without recordings."""
        raise DataError(f"a singer learns from songs that were sung; give with --data a {self.title.lower()}")

