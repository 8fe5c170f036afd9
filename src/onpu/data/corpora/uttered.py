"""What voices say and sing, with the times of their sounds: sentences that programs speak, songs of PJS.

    FOLDER/uttered.json       what it is: licence, voices, and of each utterance its name, voice, sounds, times, notes
    FOLDER/NAME.flac          an utterance, mono, at `onpu.represent.voice_mel.RATE`

Spoken sentences: of each voice each `CHOOSING`-th chooses weights and the one after it is for tests; songs serve for
what `onpu.data.corpora.singing.part` says.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Self

import numpy as np
import soundfile
import soxr

from onpu.data.corpora.pjs import recordings
from onpu.data.corpora.published import PJS
from onpu.data.corpora.sentences import sentence
from onpu.data.corpora.singing import DOUBTFUL, part
from onpu.data.corpora.sung import SungSongs
from onpu.engine.render.voice.spoken_sentences import SPEAKERS
from onpu.errors import DataError
from onpu.files import Json, replacing
from onpu.music.speech_sounds import japanese_numbers, sound_number
from onpu.represent.voice_mel import RATE
from onpu.workers import Progress

INDEX = "uttered.json"
SINGER = "pjs"
VOICES = (*SPEAKERS, SINGER)
"""All voices, in the order of the rows of networks."""
CHOOSING = 25
LOUDNESS = 0.08
"""Root mean square of an utterance where it is not soft."""
NOTE_NUMBERS = 3
"""What is told of the note of a sound: whether it is sung, pitch, length."""
MIDDLE_PITCH = 57.0
LICENCES = {"slt": "MIT-like (flite's voice slt of CMU ARCTIC, Carnegie Mellon University)", "espeak": "CC0-1.0",
            SINGER: PJS.licence}
"""Of what voices utter, as cards name it."""


@dataclass(frozen=True, eq=False)
class Utterance:
    """samples: (n,) float32 at `RATE`. sounds: (count,) numbers in `onpu.music.speech_sounds.SOUNDS`; starts: (count +
    1,) seconds, the end last. notes: (count, `NOTE_NUMBERS`), see `note_numbers`; zeros where it is spoken."""

    name: str
    voice: str
    samples: np.ndarray
    sounds: np.ndarray
    starts: np.ndarray
    notes: np.ndarray


def note_numbers(pitches: np.ndarray, seconds: np.ndarray) -> np.ndarray:
    """(count, 3) float32 of the MIDI pitches of the notes on which sounds are sung, and their lengths."""
    lengths = np.log(np.clip(seconds, 0.05, 5.0) / 0.4)
    return np.stack((np.ones(len(pitches)), (pitches - MIDDLE_PITCH) / 12, lengths), axis=1).astype(np.float32)


def write_uttered(folder: Path, sentences: int, seed: int = 1, singing: Path | None = None,
                  taken: SungSongs | None = None, progress: Progress | None = None) -> "Uttered":
    """Write so many sentences by each program, and the songs of PJS at `singing`, whose notes are those of `taken`.
    Raises `DataError` where a program or the songs are not there."""
    folder.mkdir(parents=True, exist_ok=True)
    rows: list[Json] = []
    songs = () if singing is None or taken is None else recordings(singing)
    total = sentences * len(SPEAKERS) + len(songs)
    for voice, speak in SPEAKERS.items():
        for number in range(sentences):
            text = sentence(np.random.default_rng([seed, number, VOICES.index(voice)]))
            said = speak(text)
            samples = soxr.resample(said.samples, said.rate, RATE)
            sounds = [sound_number(each) for each in said.sounds]
            rows.append(_stored(folder, f"{voice}{number:05d}", voice, samples, sounds, said.starts, None)
                        | {"text": text})
            if progress is not None:
                progress(len(rows), total)
    for song in songs:
        assert taken is not None
        if song.folder.name in taken.names:
            found = taken.item(taken.names.index(song.folder.name))
            audio = song.audio()
            lengths = found.written[:, 1] - found.written[:, 0]
            notes = note_numbers(found.written[found.of_note, 2], lengths[found.of_note])
            notes[found.of_note < 0] = 0
            rows.append(_stored(folder, song.folder.name, SINGER, soxr.resample(audio.samples[0], audio.rate, RATE),
                                japanese_numbers(found.phonemes.tolist()), found.starts, notes))
        if progress is not None:
            progress(len(rows), total)
    with replacing(folder / INDEX) as file:
        file.write_text(json.dumps({"kind": "utterances", "sentences": sentences, "seed": seed, "items": rows}),
                        encoding="utf-8")
    return Uttered.open(folder)


def _stored(folder: Path, name: str, voice: str, samples: np.ndarray, sounds: list[int], starts: np.ndarray,
            notes: np.ndarray | None) -> Json:
    loud = np.abs(samples) > 0.02 * np.abs(samples).max(initial=1e-3)
    samples = samples * (LOUDNESS / max(float(np.sqrt(np.mean(samples[loud] ** 2))), 1e-4) if loud.any() else 1.0)
    with replacing(folder / f"{name}.flac") as path:
        soundfile.write(path, np.clip(samples, -0.99, 0.99), RATE, subtype="PCM_16", format="FLAC")
    return {"name": name, "voice": voice, "sounds": sounds, "starts": np.round(starts, 4).tolist(),
            "notes": None if notes is None else np.round(notes, 4).tolist()}


@dataclass(frozen=True)
class Uttered:
    """Utterances `numbers` of a folder that `write_uttered` wrote. See `onpu.data.dataset.Dataset`."""

    folder: Path
    index: Json
    numbers: tuple[int, ...]

    @classmethod
    def open(cls, path: str | Path) -> Self:
        """All but those for tests and songs whose labels are in doubt. Raises `DataError` where none are."""
        path = Path(path)
        try:
            index = json.loads((path / INDEX).read_text(encoding="utf-8"))
            numbers = tuple(i for i, row in enumerate(index["items"]) if _purpose(row) in ("learn", "choose"))
        except (OSError, ValueError, KeyError):
            raise DataError(f"{path}: holds no utterances; write them with onpu corpus speech") from None
        return cls(path, index, numbers)

    @property
    def voices(self) -> tuple[str, ...]:
        """Those that are heard in it."""
        found = {row["voice"] for row in self.index["items"]}
        return tuple(voice for voice in VOICES if voice in found)

    @property
    def description(self) -> Json:
        """See `Dataset`."""
        licences = dict.fromkeys(LICENCES[voice] for voice in self.voices)
        return {"kind": "utterances", "source": f"{self.index['sentences']} composed sentences (seed "
                f"{self.index['seed']}) by each of flite's slt and espeak-ng's en-us"
                + (", and the PJS corpus" if SINGER in self.voices else ""),
                "licence": PJS.licence if SINGER in self.voices else next(iter(licences)), "commercial_use": True,
                "licences": list(licences), "count": len(self.index["items"])}

    def __len__(self) -> int:
        return len(self.numbers)

    def only(self, numbers: tuple[int, ...]) -> Self:
        """These utterances."""
        return replace(self, numbers=tuple(numbers))

    def tested(self) -> Self:
        """What nobody has learned from or chosen weights by."""
        return self._serving("test")

    def split(self) -> tuple[Self, Self]:
        """Those that are learned from, and those that choose weights."""
        return self._serving("learn"), self._serving("choose")

    def _serving(self, purpose: str) -> Self:
        return self.only(tuple(i for i, row in enumerate(self.index["items"]) if _purpose(row) == purpose))

    def by_voice(self, voice: str) -> tuple[int, ...]:
        """Numbers of its utterances by a voice."""
        return self._by_voice.get(voice, ())

    @cached_property
    def _by_voice(self) -> dict[str, tuple[int, ...]]:
        return {voice: tuple(i for i in self.numbers if self.index["items"][i]["voice"] == voice)
                for voice in self.voices}

    def item(self, number: int) -> Utterance:
        """An utterance; kept once read."""
        if number not in self._read:
            self._read[number] = self._opened(number)
        return self._read[number]

    @cached_property
    def _read(self) -> dict[int, Utterance]:
        return {}

    def _opened(self, number: int) -> Utterance:
        row = self.index["items"][number]
        samples, _ = soundfile.read(self.folder / f"{row['name']}.flac", dtype="float32")
        count = len(row["sounds"])
        notes = np.zeros((count, NOTE_NUMBERS)) if row["notes"] is None else np.array(row["notes"])
        return Utterance(row["name"], row["voice"], samples, np.array(row["sounds"]), np.array(row["starts"]),
                         notes.astype(np.float32))


def _purpose(row: Json) -> str:
    if row["voice"] == SINGER:
        purpose = part(int(row["name"].removeprefix(SINGER)))
        return "" if row["name"] in DOUBTFUL and purpose != "test" else purpose
    number = int(row["name"].removeprefix(row["voice"]))
    return {0: "choose", 1: "test"}.get(number % CHOOSING, "learn")


@dataclass(frozen=True)
class UtteredSource:
    """Utterances that the user brings. See `DatasetSource`."""

    title: str = "Folder of utterances (onpu corpus speech)"
    open: Callable[[Path], Uttered] = Uttered.open

    def check(self, material: object) -> None:
        """They must be such."""
        if not isinstance(material, Uttered):
            raise DataError(f"{getattr(material, 'folder', 'the data')}: holds no utterances; write them with onpu "
                            "corpus speech")

    def composed(self, folder: Path, jobs: int, progress: Progress | None) -> Uttered:
        """There are none without programs that speak."""
        raise DataError(f"a voice learns from what was uttered; give with --data a {self.title.lower()}")
