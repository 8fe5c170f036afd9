"""What is composed and rendered: one item after the other from a seed."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from onpu.data.corpora.published import LICENCE, PJS, POP909_FORM, hash_of, lying_in
from onpu.data.corpora.sources import SOURCES, arranger
from onpu.errors import DataError
from onpu.files import Json
from onpu.licensing import Terms, terms
from onpu.music import Audio, Chords, Stems, Timeline
from onpu.music.timeline import VALUES

if TYPE_CHECKING:
    from onpu.engine.compose import Song

SETS = {name: source.data.file for name, source in SOURCES.items()} | {
    "pjs": PJS.file, "structure": POP909_FORM.file, "sounds": "instruments"}
"""Field of a plan -> what that data set is called on disk."""
SET_LICENCES = {name: source.data.licence for name, source in SOURCES.items()} | {
    "pjs": PJS.licence, "structure": POP909_FORM.licence}
"""Field of a plan that names a data set -> that set and its licence, as cards have it."""


@dataclass(frozen=True)
class Plan:
    """What is composed: a pure function of these values, so that song n is the same wherever it is made.

    seed: of the corpus. seconds: approximate length of a song. rate: Hz. styles: names; empty: all training styles by
    their weights. fonts: soundfont files; None: all that the system has; empty: onpu's own synthesiser alone.
    negatives: share of items that are no music and have no beats. pop909, groove, billboard, lieder, quartets,
    nottingham, freedoom, openmsx: zip files of these data sets, empty for none; arranged: share of the music that is
    arranged from them. pjs: folder of that corpus of singing, empty for none; sung: share of the music that its singer
    leads. structure: zip file with the sections of POP909's songs, empty for none. sounds: folder of sample sets (drum
    kits, guitars, basses, a piano) that play some of the tracks, empty for none. scenes: share of the items that are no
    music but scenes with labelled sound events.
    """

    seed: int = 1
    seconds: float = 60.0
    rate: int = 44100
    styles: tuple[str, ...] = ()
    fonts: tuple[str, ...] | None = None
    negatives: float = 0.05
    pop909: str = ""
    groove: str = ""
    arranged: float = 0.35
    pjs: str = ""
    sung: float = 0.15
    sounds: str = ""
    billboard: str = ""
    lieder: str = ""
    quartets: str = ""
    nottingham: str = ""
    freedoom: str = ""
    openmsx: str = ""
    structure: str = ""
    scenes: float = 0.0

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Self:
        """From JSON, in which tuples are lists."""
        values: dict[str, Any] = {n: tuple(value) if isinstance(value, list) else value for n, value in stored.items()}
        return cls(**values)

    @property
    def licence(self) -> str:
        """Licence of the recordings."""
        sets = [text for name, text in SET_LICENCES.items() if getattr(self, name)]
        return LICENCE if not sets else f"arranged in part from {' and '.join(sets)}"

    def named(self) -> Json:
        """For cards: as JSON has it, files by their names, wherever they lie."""
        return json.loads(json.dumps(asdict(self) | {name: Path(self._set(name)).name for name in SETS} | {
            "fonts": None if self.fonts is None else [Path(font).name for font in self.fonts]}))

    def located(self, folder: Path) -> Self:
        """Inverse of `named`: data sets lie in `folder`, soundfonts where the system has them. Raises `DataError`."""
        from onpu.engine.render import soundfonts

        found = {font.name: str(font) for font in soundfonts()}
        found |= {file: lying_in(folder, file) for file in map(self._set, SETS) if file and lying_in(folder, file)}
        lacking = [name for name in (*map(self._set, SETS), *(self.fonts or ())) if name and name not in found]
        if lacking:
            raise DataError(f"{folder}: {', '.join(lacking)} is needed; put data sets there and install soundfonts")
        return self._with({name: found.get(self._set(name), "") for name in SETS}
                          | {"fonts": None if self.fonts is None else tuple(found[font] for font in self.fonts)})

    def arranged_from(self, folder: Path) -> Self:
        """With the data sets that are there, as they are called in `folder` or its `real` and `scores`."""
        return self._with({name: lying_in(folder, file) for name, file in SETS.items()})

    def unarranged(self) -> Self:
        """All music is composed, none arranged from data sets."""
        return self._with(dict.fromkeys((*SOURCES, "pjs", "structure"), ""))

    def hashes(self) -> dict[str, str]:
        """SHA-256 of the files that music is arranged from, by name."""
        return {Path(path).name: hash_of(Path(path)) for path in map(self._set, (*SOURCES, "structure")) if path}

    def _with(self, changes: Mapping[str, object]) -> Self:
        """With these fields changed."""
        return self.of({**asdict(self), **changes})

    def _set(self, name: str) -> str:
        """Path of the data set that the field of this name holds."""
        return str(getattr(self, name))

    def permissive(self) -> Self:
        """Without the data sets that ask for more than credit; soundfonts and drum kits stay, whatever theirs is."""
        return self._with({name: "" for name, text in SET_LICENCES.items() if terms(text) is not Terms.PERMISSIVE})

    def soundfonts(self) -> list[str]:
        """Names of the soundfonts that would be played here."""
        from onpu.engine.render import played

        if self.scenes == 1:
            return []
        return sorted(font.name for font in (played() if self.fonts is None else map(Path, self.fonts)))

    def sample_sets(self) -> list[dict[str, str]]:
        """Name, source and hash of the sample sets that are played. Raises `DataError` when they are not there."""
        from onpu.engine.render.sampler import described

        return list(described(Path(self.sounds))) if self.sounds else []

    def item(self, number: int) -> tuple[Audio, Timeline]:
        """Recording and labels of one item."""
        from onpu.engine.render import negative, produce

        if self.scenes and np.random.default_rng([self.seed, number, 0x5CE2E]).random() < self.scenes:
            from onpu.engine.render.scenes import scene

            audio, events = scene(int(np.random.default_rng([self.seed, number]).integers(2**31)), self.seconds,
                                  self.rate)
            return audio, replace(nothing(audio.duration), events=events)
        seed, _, stems, timeline = self.performed(number)
        if stems is None:
            audio = negative(seed, self.seconds, self.rate)
            return audio, nothing(audio.duration)
        return produce(stems, seed, timeline), timeline

    def performed(self, number: int) -> "tuple[int, Song | None, Stems | None, Timeline]":
        """Seed, music, stems and labels of one item before it is produced; no music and stems where it is none."""
        from onpu.engine.render import perform

        seed, song = self._drawn(number)
        if song is None:
            return seed, None, None, nothing(self.seconds)
        fonts = None if self.fonts is None else [Path(font) for font in self.fonts]
        sounds = Path(self.sounds) if self.sounds else None
        if self.pjs and np.random.default_rng([seed, 0x5146]).random() < self.sung:
            from onpu.data.corpora.pjs import sung_over

            return seed, song, *sung_over(Path(self.pjs), song, seed, self.rate, fonts, sounds)
        return seed, song, *perform(song, seed, self.rate, fonts, sounds=sounds)

    def song(self, number: int) -> "Song | None":
        """The music of one item before it is played; None where the item is no music."""
        return self._drawn(number)[1]

    def _drawn(self, number: int) -> tuple[int, "Song | None"]:
        """Seed and music of one item."""
        from onpu.engine.compose import compose
        from onpu.engine.compose.draw import draw

        rng = np.random.default_rng([self.seed, number])
        seed = int(rng.integers(2**31))
        if rng.random() < self.negatives:
            return seed, None
        shares = {name: source.share for name, source in SOURCES.items() if self._set(name)}
        if shares and rng.random() < self.arranged:
            name = draw(rng, shares)
            if name == "pop909" and self.structure:
                from onpu.data.corpora.pop909 import pop909

                return seed, pop909(Path(self.pop909), seed, self.seconds, structure=Path(self.structure))
            return seed, arranger(name)(Path(self._set(name)), seed, self.seconds)
        return seed, compose(seed, str(rng.choice(self.styles)) if self.styles else None, self.seconds)


def nothing(duration: float) -> Timeline:
    """Labels of a recording in which there is no music: every value is there and empty, but for the chords, one N."""
    empty = {name: kind.empty() for name, kind in VALUES.items()}
    none = Chords(np.zeros(1), np.array([duration]), np.array(["N"]), np.ones(1))
    return Timeline(duration, **empty | {"chords": none})
