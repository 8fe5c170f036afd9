"""Items of a corpus beat by beat."""

import numpy as np

from onpu.data.beatwise import BeatwiseCrops
from onpu.data.stream import CropExamples
from onpu.listen.structure import LISTENER, features
from onpu.music import Beats, Sections, Timeline

CLOCK = features().clock
TIMES = np.cumsum(np.linspace(0.62, 0.42, 80))
"""Beats that come faster and faster; there is a section every sixteen of them."""


class Songs:
    """A corpus of one song."""

    def timeline(self, number, fields):
        assert set(fields) == {"beats", "sections"}
        starts = np.concatenate([[0.0], TIMES[16::16]])
        ends = np.append(starts[1:], TIMES[-1])
        return Timeline(float(TIMES[-1]), beats=Beats.of(TIMES, np.arange(80) % 4 + 1),
                        sections=Sections(starts, ends, np.array(list("ABABA")), np.ones(5)))

    def known(self, number):
        return np.array([[TIMES[16], TIMES[48]]])


class Stored:
    """Features of one band that are loud in every second section."""

    def frames(self, number):
        return CLOCK.count(round(TIMES[-1] * CLOCK.rate))

    def crop(self, number, start, stop):
        loud = np.searchsorted(TIMES[16::16], CLOCK.seconds(np.arange(start, stop)), side="right") % 2
        return np.repeat(loud.astype(np.float32)[None, None], 92, axis=1)


def test_boundaries_lie_where_the_features_change_and_equally_far_apart():
    crops = BeatwiseCrops(Songs(), Stored(), [0], ("sections", "beats"), clock=CLOCK)
    examples = CropExamples([crops], [1], 0, 40, CLOCK, LISTENER.target)
    starts = []
    for index in range(8):
        example = examples.example(index)
        values, boundary = example["features"][0, 0], example["targets"]["boundary"]
        changes = np.flatnonzero(np.abs(np.diff(values)) > 0.5) + 1
        assert all(boundary[change] > 0.95 for change in changes)
        starts.append(float(example["mask"].mean()))
    labels = crops.timeline(0).require(Sections)
    assert np.ptp(np.diff(labels.starts[1:])) < 1e-9 and np.ptp(np.diff(TIMES[16::16])) > 1
    assert max(starts) == 1 and np.allclose(crops.known(0)[0], labels.starts[[1, 3]])
