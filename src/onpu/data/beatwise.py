"""Items of a corpus beat by beat: features pooled over the labelled beats, sections where they lie on these."""

from dataclasses import dataclass, field

import numpy as np

from onpu.data.stream import CorpusCrops
from onpu.music import Beats, Clock, Timeline
from onpu.represent.beatwise import BeatwiseFrames


@dataclass
class BeatwiseCrops(CorpusCrops):
    """As `CorpusCrops`, whose frames and seconds are beat by beat (`onpu.represent.beatwise`).

    clock: of the stored features. Fields must hold beats and sections.
    """

    clock: Clock = field(kw_only=True)
    _pooled: dict[int, np.ndarray] = field(default_factory=dict, repr=False)

    def frames(self, number: int) -> int:
        """Length of an item in frames beat by beat."""
        return self._grid(number).frames

    def crop(self, number: int, start: int, stop: int) -> np.ndarray:
        """Frames [start, stop) of an item beat by beat, (channels, bins, frames) float32; the item is kept once
        pooled."""
        if number not in self._pooled:
            whole = self.features.crop(number, 0, self.features.frames(number))
            self._pooled[number] = self._grid(number).pooled(whole)
        return self._pooled[number][..., start:stop]

    def timeline(self, number: int) -> Timeline:
        """The sections of an item, beat by beat."""
        return self._grid(number).sections(super().timeline(number))

    def known(self, number: int) -> np.ndarray | None:
        """See `CropSource`."""
        known = super().known(number)
        return None if known is None else self._grid(number).beatwise(known)

    def _grid(self, number: int) -> BeatwiseFrames:
        timeline = super().timeline(number)
        return BeatwiseFrames.of(timeline.require(Beats), timeline.duration, self.clock)
