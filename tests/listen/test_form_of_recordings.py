"""Sections: names, one section of what is short, bars, and that quarters of an hour need bounded memory."""

import numpy as np
import pytest
import torch

from onpu.decode.tasks.structure import StructureOptions, decode
from onpu.listen.structure import LISTENER, features, target
from onpu.models.boundary_cnn import LAG_FRAMES, LAGS, similarities
from onpu.music import Beats, Clock, Sections, Timeline
from onpu.music.sections import NAMES
from onpu.represent.pooling import Pooled

CLOCK = features().clock


def labelled(edges, labels):
    return Timeline(edges[-1], sections=Sections(np.array(edges[:-1]), np.array(edges[1:]), np.array(labels),
                                                 np.ones(len(labels))))


def heard(timeline, **options):
    frames = CLOCK.count(round(timeline.duration * CLOCK.rate))
    return decode(target(timeline, CLOCK, frames), CLOCK, StructureOptions(**options))["sections"]


def test_ten_seconds_are_one_section():
    found = heard(labelled([0.0, 10.0], ["verse"]))
    assert len(found) == 1 and found.starts[0] < 0.2 and found.ends[0] > 9.8


def test_the_group_that_comes_most_often_is_the_chorus():
    found = heard(labelled([0.0, 16.0, 32.0, 48.0, 64.0, 80.0], ["A", "B", "A", "B", "B"]))
    assert found.labels.tolist() == ["A", "chorus", "A", "chorus", "chorus"]


def test_names_that_are_evident_are_given_and_others_are_letters():
    found = heard(labelled([0.0, 16.0, 32.0, 48.0, 64.0, 80.0, 96.0],
                           ["intro", "verse", "chorus", "X", "chorus", "outro"]))
    assert found.labels.tolist() == ["intro", "verse", "chorus", "A", "chorus", "outro"]
    assert ((found.confidence > 0) & (found.confidence <= 1)).all()


def test_sections_begin_with_bars():
    beats = Beats.of(np.arange(0.3, 64, 0.5), np.arange(128) % 4 + 1)
    found = heard(labelled([0.0, 16.5, 32.0, 48.6, 64.0], ["A", "B", "A", "C"]), beats=beats)
    assert len(found) == 4
    assert np.abs(found.starts[1:, None] - beats.downbeats).min(axis=1).max() < 1e-9
    assert np.abs(found.starts[1:] - [16.3, 32.3, 48.3]).max() < 1e-6


def test_silence_has_no_section():
    activations = {"boundary": np.full(200, 0.9), "music": np.zeros(200), "name": np.full((len(NAMES), 200), 1 / 6),
                   "label": np.zeros(200)}
    assert len(decode(activations, CLOCK, StructureOptions())["sections"]) == 0


def test_what_comes_again_lies_on_its_lag():
    """Music that is repeated after 40 frames is like itself there, ahead and back, and nowhere else."""
    torch.manual_seed(0)
    once = torch.randn(1, 20, 40)
    picture = similarities([torch.cat([once, once], dim=-1)])
    assert picture.shape == (1, 2, LAGS, 80)
    back, ahead = picture[0]
    assert back[:, 60].argmax() == 19 and ahead[:, 20].argmax() == 19  # row n: lags 2 n + 1 and 2 n + 2
    assert back[19, 60] > back[:, 60].median() + 0.3


@pytest.mark.parametrize("frames", [1, 7, 159, 300])
def test_the_picture_of_similarities_is_that_of_each_lag_by_itself(frames):
    torch.manual_seed(1)
    part = torch.randn(1, 5, frames)
    unit = torch.nn.functional.normalize(part - part.mean(dim=1, keepdim=True), dim=1)[0].double().numpy()
    lags = LAGS * LAG_FRAMES
    products = np.zeros((lags, frames))
    for lag in range(1, min(lags, frames - 1) + 1):
        products[lag - 1, lag:] = (unit[:, lag:] * unit[:, :-lag]).sum(axis=0)
    around = np.pad(products, [(0, 0), (4, 3)])
    mean = np.stack([around[:, frame : frame + 8].mean(axis=1) for frame in range(frames)], axis=1)
    back = 1 / (1 + np.exp(-8 * (mean - np.quantile(mean, 0.9, axis=0)))) * (mean != 0)
    ahead = np.zeros((lags, frames))
    for lag in range(1, min(lags, frames - 1) + 1):
        ahead[lag - 1, :-lag] = back[lag - 1, lag:]
    expected = np.stack([each.reshape(LAGS, LAG_FRAMES, frames).max(axis=1) for each in (back, ahead)])
    np.testing.assert_allclose(similarities([part])[0].numpy(), expected, atol=1e-5)


def test_pooled_frames_are_the_largest_around_their_centres():
    class Ramp(torch.nn.Module):
        clock, channels, bins, context, grid = Clock(100, 10), 1, 1, 0, 1

        def __call__(self, audio):
            return torch.arange(audio.shape[-1] // 10 + 1.0)[None, None, None]

    pooled = Pooled(Ramp(), 3)(torch.zeros(1, 120))
    assert pooled[0, 0, 0].tolist() == [1, 4, 7, 10, 12] and Pooled(Ramp(), 3).clock == Clock(100, 30)
    assert Pooled(Ramp(), 3, mean=True)(torch.zeros(1, 120))[0, 0, 0, 1] == 3
    with pytest.raises(ValueError, match="can be pooled"):
        front = Ramp()
        front.context = None
        Pooled(front, 3)


def test_windows_begin_where_the_slowest_branch_has_a_frame():
    for recipe in LISTENER.recipes.values():
        network = LISTENER.networks[recipe.network].build(recipe, features())
        assert network.receptive % network.slowest == 0 and network.receptive / CLOCK.fps > 88
