"""A trained system: whatever is handed in comes out as music or as one clear line."""

from dataclasses import replace

import numpy as np
import pytest
import tiny
import torch

from onpu.errors import AudioError, WeightsError
from onpu.formats.audio import write_audio
from onpu.inference.activations import predict_recording
from onpu.inference.collecting import CompactPiece
from onpu.listen import tasks
from onpu.music import Audio, Beats
from onpu.trained import TrainedListener


@pytest.fixture(scope="module")
def trained():
    torch.manual_seed(0)
    return replace(TrainedListener.build(tiny.LISTENER, tiny.RECIPE), precision="float32")


def test_all_ways_to_hand_in_sound_agree(trained):
    audio, _ = tiny.clicks(1)
    expected = trained.activations(audio)["beat"]
    integers = np.round(audio.samples * 32767).astype(np.int16)
    for samples in (audio.samples, audio.samples[0], audio.samples.astype(np.float64), np.repeat(audio.samples, 2, 0)):
        np.testing.assert_allclose(trained.activations(samples, audio.rate)["beat"], expected, atol=1e-5)
    np.testing.assert_allclose(trained.activations(integers, audio.rate)["beat"], expected, atol=1e-2)


def test_a_path_is_opened(trained, tmp_path):
    audio, _ = tiny.clicks(1)
    write_audio(tmp_path / "song.wav", audio, "FLOAT")
    assert isinstance(trained(tmp_path / "song.wav"), Beats)
    np.testing.assert_array_equal(trained.activations(str(tmp_path / "song.wav"))["beat"],
                                  trained.activations(audio)["beat"])
    with pytest.raises(AudioError, match="no such file"):
        trained(tmp_path / "other.wav")


def test_several_recordings_come_one_by_one(trained, tmp_path):
    audio, other = tiny.clicks(1)[0], tiny.clicks(2)[0]
    results = trained([audio, other.samples, tmp_path / "gone.wav", other], 8000)
    assert isinstance(next(results), Beats)
    np.testing.assert_array_equal(next(results).times, trained(other).times)
    with pytest.raises(AudioError, match=r"gone\.wav: no such file"):
        next(results)
    assert len(list(results)) == 1
    assert [one.duration for one in trained.timeline((audio, audio))] == [audio.duration] * 2
    for found in trained.activations(iter([audio])):
        np.testing.assert_array_equal(found["beat"], trained.activations(audio)["beat"])


def test_the_length_is_that_of_the_samples(trained):
    assert trained.timeline(np.zeros(12345), 8000).duration == pytest.approx(12345 / 8000)
    assert trained.timeline(np.zeros(0), 8000).duration == 0


def test_pooled_heads_are_averaged_by_length(trained):
    """Over a recording of several windows, a head without time is the mean over all frames."""
    listener = replace(tiny.LISTENER, pooled=("mean",), activate=lambda logits: {
        "beat": logits["beat"].sigmoid(), "mean": logits["beat"].sigmoid().mean(dim=1, keepdim=True)})
    system = replace(trained, listener=listener)
    found = system.activations(Audio(tiny.clicks(3, 150.0)[0].samples, 8000))
    assert found["mean"].shape == (1,)
    assert found["mean"][0] == pytest.approx(found["beat"].mean(), abs=1e-3)


def test_wide_heads_are_kept_in_half_the_memory_and_lose_nothing(trained):
    heads = {"beat": lambda x: x["beat"].sigmoid(), "roll": lambda x: x["beat"].sigmoid()[:, None].repeat(1, 100, 1)}
    listener = replace(tiny.LISTENER, activate=lambda logits: {name: head(logits) for name, head in heads.items()})
    (found,), _ = predict_recording([replace(trained, listener=listener)], Audio(tiny.clicks(3, 90.0)[0].samples, 8000))
    assert {type(part) for part in found.pieces["roll"]} == {CompactPiece}
    assert dict(found)["roll"].dtype == np.float32 and len(found) == 2
    np.testing.assert_allclose(found["roll"], np.tile(found["beat"], (100, 1)), atol=1e-5)


def test_several_systems_hear_what_each_hears_alone(trained):
    torch.manual_seed(1)
    other = TrainedListener.build(tiny.LISTENER, replace(tiny.RECIPE, width=3))
    audio, _ = tiny.clicks(4, 70.0)
    together, duration = predict_recording([trained, other], audio)
    assert duration == audio.duration
    for found, system in zip(together, (trained, other), strict=True):
        np.testing.assert_array_equal(found["beat"], system.activations(audio)["beat"])


def test_what_was_saved_is_restored(trained):
    card = trained.describe() | {"onpu": "0"}
    again = replace(TrainedListener.restore(tiny.LISTENER, trained.network.state_dict(), card), precision="float32")
    audio, _ = tiny.clicks(2)
    np.testing.assert_array_equal(again.activations(audio)["beat"], trained.activations(audio)["beat"])
    assert again.recipe == trained.recipe


def test_another_front_end_is_refused(trained):
    card = trained.describe() | {"onpu": "0", "features": {"fingerprint": [0.0, 0.0, 0.0, 0.0]}}
    with pytest.raises(WeightsError, match="answers differently"):
        TrainedListener.restore(tiny.LISTENER, trained.network.state_dict(), card)


def test_tasks_are_found_under_their_module_names():
    import onpu.listen

    assert "beats" in tasks()
    for name, listener in tasks().items():
        assert getattr(onpu.listen, name).LISTENER is listener
        assert listener.label in listener.fields
        assert "small" in listener.recipes


def test_a_system_shows_what_it_is_in_a_line(trained):
    count = sum(parameter.numel() for parameter in trained.network.parameters())
    assert repr(trained) == f"TrainedListener(tiny: Tiny with {count} parameters on cpu)"
