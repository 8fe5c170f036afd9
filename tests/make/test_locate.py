"""SELDnet: its heads, what it learns from, its tracks."""

import numpy as np
import pytest
import torch

from onpu.data.scenes.array import ArrayScenes
from onpu.data.scenes.located import LocatedSource, microphones_of
from onpu.errors import AudioError, DataError, OnpuError
from onpu.make.locate import KNOWN, MAKER, LocateOptions, LocateRecipe, activations, decode, example, loss
from onpu.maker import TrainedMaker
from onpu.metrics.bearings import evaluate
from onpu.models.seldnet import SeldNet
from onpu.music import Audio

RATE = 16_000
RECIPE = LocateRecipe(widths=(4, 4, 4), units=4, scenes=3, crop_seconds=1.0)


@pytest.fixture(scope="module")
def material(tmp_path_factory):
    return LocatedSource(3, 8, 2.0, 0.0).composed(tmp_path_factory.mktemp("located"), 1, None)


@pytest.fixture(scope="module")
def trained():
    torch.manual_seed(0)
    built = TrainedMaker.build(MAKER, RECIPE)
    built.network.eval()
    return built


@pytest.mark.parametrize("heads", ["two", "accdoa"])
def test_a_step_is_four_frames_and_directions_lie_within_the_unit_cube(heads):
    found = SeldNet(widths=(4, 4, 4), units=4, heads=heads)(torch.randn(2, 10, 64, 43))
    assert found["sounds"].shape == (2, 6, 10) and found["directions"].shape == (2, 6, 3, 10)
    assert found["directions"].abs().max() <= 1
    if heads == "accdoa":
        torch.testing.assert_close(found["sounds"].sigmoid(), found["directions"].norm(dim=2).clamp(1e-4, 1 - 1e-4))


def test_examples_say_what_sounds_and_are_turned_together_with_where_it_is(material):
    first, again = (example(material, np.random.default_rng(5), RECIPE) for _ in range(2))
    for name, values in first.items():
        np.testing.assert_array_equal(values, again[name])
    assert first["features"].shape == (10, 64, 40) and first["sounds"].shape == (6, 10)
    lengths = np.linalg.norm(first["directions"], axis=1)
    np.testing.assert_allclose(lengths, first["sounds"], atol=2e-3)
    many = [example(material, np.random.default_rng(n), RECIPE) for n in range(12)]
    assert len(material.mixed) == 3 and len({each["features"].tobytes() for each in many}) == 12


def test_sources_are_stored_as_they_are_heard(material):
    number = 5
    source, microphones = material.source(number), microphones_of(number)
    assert source.sound.shape == (4, 2 * RATE) and source.name in KNOWN
    assert material.split()[1].numbers == (0, 1, 2, 3)
    together, heard_by = material.item(number)
    assert len(together) == 1 or together[0].name != together[1].name
    np.testing.assert_array_equal(heard_by, microphones)
    with pytest.raises(DataError, match="no sources in rooms"):
        LocatedSource().open(material.folder / "sources")
    with pytest.raises(DataError, match="holds no sources in rooms"):
        LocatedSource().check(None)


def test_losses_of_two_heads_and_of_one(material):
    batch = {name: torch.from_numpy(values)[None]
             for name, values in example(material, np.random.default_rng(1), RECIPE).items()}

    class Knows(torch.nn.Module):
        def forward(self, features):
            return {"sounds": 40 * (batch["sounds"] - 0.5), "directions": batch["directions"]}

    for heads, parts in (("two", {"sounds", "directions"}), ("accdoa", {"directions"})):
        found = loss({"locate": Knows()}, batch, LocateRecipe(heads=heads))
        assert set(found) == parts and all(float(value) < 1e-6 for value in found.values())


def test_tracks_are_the_surest_sounds_and_point_where_the_vectors_do():
    sure, where = np.zeros((6, 20)), np.zeros((6, 3, 20))
    sure[0, :15], sure[3, 5:], sure[4, 8:12], sure[5, 3] = 0.9, 0.8, 0.6, 0.4
    where[0, 1], where[3, 0], where[3, 2], where[4, 0] = 0.7, -0.5, 0.5, 1
    found = decode(sure, where, 2, 0.5).validate()
    assert set(found.labels.tolist()) == {"speech", "footsteps"}
    assert found.tracks.tolist() == [KNOWN.index(label) and 1 for label in found.labels.tolist()]
    assert set(found.azimuths[found.labels == "speech"]) == {90.0}
    np.testing.assert_allclose(found.elevations[found.labels == "footsteps"], 45)
    three = decode(sure, where, 3, 0.5)
    assert np.count_nonzero(three.labels == "typing") == 4 and not len(decode(sure, where, 3, 0.95))


def test_blocks_of_a_recording_fit_together(trained, monkeypatch):
    sound = np.random.default_rng(2).standard_normal((4, 3 * RATE)).astype(np.float32)
    whole, where = activations(trained, Audio(sound, RATE), microphones_of(1))
    assert whole.shape == (6, 30) and where.shape == (6, 3, 30)
    monkeypatch.setattr("onpu.make.locate.BLOCK_SECONDS", 1.5)
    monkeypatch.setattr("onpu.make.locate.MARGIN_SECONDS", 1.5)
    halves, _ = activations(trained, Audio(sound, RATE), microphones_of(1))
    np.testing.assert_allclose(halves, whole, atol=0.05)


def test_what_it_does_not_hear_is_refused(trained):
    four = Audio(np.zeros((4, RATE), np.float32), RATE)
    with pytest.raises(AudioError, match="recordings of 4 channels, one a microphone; this one has 2"):
        trained(Audio(np.zeros((2, RATE), np.float32), RATE))
    with pytest.raises(OnpuError, match="do not lie in a plane"):
        trained(four, options=LocateOptions(microphones=((0, 1, 0), (0, -1, 0), (1, 0, 0), (-1, 0, 0))))
    with pytest.raises(OnpuError, match="give three"):
        MAKER.players(LocateRecipe(widths=(4, 4)))
    assert len(trained(Audio(np.zeros((4, 0), np.float32), RATE))) == 0


def test_the_events_of_a_scene_are_what_its_sources_sound():
    scenes = ArrayScenes(tuple(map(tuple, microphones_of(1))), 2, 2.0, 2, moving=0.0)
    truth, events = scenes.item(0)[1], scenes.events(0)
    assert set(events.labels.tolist()) == {source.name for source in scenes.parts(0)[0]} <= set(KNOWN)
    assert evaluate(truth, truth, 2.0) == {"DOA error": 0.0, "Frame recall": 1.0}
