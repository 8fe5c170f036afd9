"""Composed songs as voice, drums, bass and the rest, to learn to take recordings apart."""

from dataclasses import dataclass, field

import numpy as np

from onpu.data.plan import Plan
from onpu.data.scenes.base import SceneSource
from onpu.engine.compose.song import Song
from onpu.engine.render.parts import parted
from onpu.engine.render.stems import VOICES
from onpu.music import Stems

PARTS = ("vocals", "drums", "bass", "other")
BASSES = range(32, 40)
"""General MIDI programs of basses."""


@dataclass(frozen=True)
class StemScenes(SceneSource):
    """The songs of a plan in four parts, mono; item n is song n."""

    plan: Plan = field(default_factory=lambda: Plan(seconds=30.0, negatives=0.0))

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the parts."""
        return PARTS

    def item(self, number: int) -> np.ndarray:
        """The parts, float32 (4, samples), whose sum is the mixture."""
        seed, song, stems, _ = self.plan.performed(number)
        if song is None or stems is None:
            return np.zeros((len(PARTS), round(self.plan.seconds * self.rate)), dtype=np.float32)
        side = np.random.default_rng([seed, 0x51DE]).random()
        sounds = parted(stems, parts_of(song, stems), PARTS, seed).samples
        return sounds.mean(axis=1) if side < 0.6 else sounds[:, int(side < 0.8)]


def parts_of(song: Song, stems: Stems) -> list[str]:
    """To which part each stem belongs."""
    roles = {name: "other" for name in stems.names}
    if len(stems.names) == len(song.tracks):
        for name, track in zip(stems.names, song.tracks, strict=True):
            if track.drums is None and track.program in VOICES:
                roles[name] = "vocals"
            elif track.drums is None and track.program in BASSES:
                roles[name] = "bass"
    for name in stems.names:
        for part, beginning in (("vocals", "voice"), ("drums", "drums"), ("bass", "bass")):
            if name.startswith(beginning):
                roles[name] = part
    return [roles[name] for name in stems.names]
