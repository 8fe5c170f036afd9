"""Exported systems answer as torch does, whatever the length, and say what a decoder needs to know."""

import json

import numpy as np
import pytest
from typer.testing import CliRunner

import onpu
from onpu.apps.cli import app
from onpu.errors import OnpuError
from onpu.export import systems
from onpu.export.decoder_config import class_names, description
from onpu.export.eight_bits import in_eight_bits
from onpu.export.onnx import run
from onpu.export.systems import OnnxModels, farthest, stems_farthest, stems_to_onnx
from onpu.listen import tasks

LENGTHS = (0.05, 3.0, 8.3)
"""Seconds; the models are made with five."""


def models_in(folder) -> OnnxModels:
    whole = folder / "whole.onnx"
    return OnnxModels((folder / "features.onnx").read_bytes(), (folder / "network.onnx").read_bytes(),
                      whole.read_bytes() if whole.exists() else None)


@pytest.fixture(scope="module")
def song():
    rng = np.random.default_rng(3)
    return (0.2 * rng.standard_normal(3 * 22_050)).astype(np.float32)


@pytest.mark.parametrize("name", ["chords", "instruments", "structure", "voice"])
def test_models_answer_as_torch_at_any_length(name, exported_listener):
    """One of each kind: recurrent, many heads, of the whole recording, small; `benchmarks.listening.onnx` has all."""
    trained = onpu.load(name, device="cpu", precision="float32")
    assert farthest(trained, models_in(exported_listener(name)), LENGTHS) < 1e-4


def test_kernels_in_eight_bits_are_smaller_and_answer_nearly_the_same(song, exported_listener):
    models = models_in(exported_listener("voice"))
    small = in_eight_bits(models.network)
    assert 0.2 < len(small) / len(models.network) < 0.35
    features = run(models.features, song[None])["features"]
    heads, rounded = run(models.network, features), run(small, features)
    for name, head in heads.items():
        assert rounded[name].dtype == np.float32 and 0 < np.abs(rounded[name] - head).max() < 0.05
    refused = CliRunner().invoke(app, ["export", "stems", "--eight-bits"])
    assert isinstance(refused.exception, OnpuError) and "leave out --eight-bits" in str(refused.exception)


def test_shares_of_stems_are_those_of_torch_at_any_length():
    trained = onpu.load("stems", device="cpu")
    assert stems_farthest(trained, stems_to_onnx(trained), LENGTHS[1:2]) < 1e-4


def test_the_backend_onnx_hears_what_torch_hears(song, exported_listener, monkeypatch):
    models = models_in(exported_listener("beats"))
    monkeypatch.setattr(systems, "listener_to_onnx", lambda trained: models)
    one, other = (onpu.load("beats", device="cpu", precision="float32", backend=backend)
                  for backend in ("torch", "onnx"))
    heard, by_onnx = one.activations(song, 22_050), other.activations(song, 22_050)
    assert heard.keys() == by_onnx.keys()
    for name, head in heard.items():
        np.testing.assert_allclose(by_onnx[name], head, atol=1e-4)
    assert np.array_equal(one(song, 22_050).times, other(song, 22_050).times)
    with pytest.raises(OnpuError, match="no layers to look into; load the weights with the backend torch"):
        other.layer_means(song, 22_050)


def test_what_has_no_such_backend_is_refused(monkeypatch):
    trained = onpu.load("voice-blstm", device="cpu", precision="float32")
    monkeypatch.setattr("onpu.represent.hpss.ITERATIONS", 1)  # of fifty, each of which is written out before
    with pytest.raises(OnpuError, match="Features computes; take other weights"):
        systems.on_onnxruntime(trained)
    with pytest.raises(OnpuError, match="chorale: makers have no backend onnx"):
        onpu.load("chorale", backend="onnx")
    with pytest.raises(OnpuError, match="did you mean onnx"):
        onpu.load("beats", backend="onx")
    with pytest.raises(OnpuError, match="float32"):
        onpu.load("beats", backend="onnx", precision="bfloat16")


@pytest.mark.parametrize("task", sorted(tasks()))
def test_names_of_classes_are_as_many_as_there_are(task, song):
    try:
        trained = onpu.load(task, device="cpu", precision="float32")
    except OnpuError as error:
        pytest.skip(f"no weights yet: {error}")
    names, heads = class_names(trained), trained.activations(song, 22_050)
    for head, values in heads.items():
        if values.ndim == 2 and head in names:
            assert len(names[head]) == len(values), head
    json.dumps(description(trained), allow_nan=False)


def test_export_writes_models_and_their_description_and_overwrites_nothing(tmp_path, monkeypatch, exported_listener):
    models = models_in(exported_listener("onsets"))
    shares: list[float] = []

    def watched(name, work):
        assert name == "exporting onsets"
        return work(progress=shares.append)

    def made(trained, progress):
        progress(0.5)
        progress(1.0)
        return models

    monkeypatch.setattr(systems, "listener_to_onnx", made)
    monkeypatch.setattr("onpu.apps.export.with_progress", watched)
    monkeypatch.setattr("onpu.apps.export.CHECKED_SECONDS", (0.05, 0.4, 1.0, 2.0))
    result = CliRunner().invoke(app, ["export", "onsets", "-o", str(tmp_path)])
    assert len(shares) > 5 and shares == sorted(shares) and shares[-1] == 1
    assert result.exit_code == 0, result.output
    assert {path.name for path in (tmp_path / "onsets").iterdir()} == {
        "features.onnx", "network.onnx", "decoder.json", "card.json"}
    told = json.loads((tmp_path / "onsets" / "decoder.json").read_text(encoding="utf-8"))
    assert told["audio"]["rate"] / told["frames"]["hop"] == told["frames"]["per_second"]
    assert "onpu.decode.peaks" in told["constants"] or "onpu.decode.tasks.onsets" in told["constants"]
    again = CliRunner().invoke(app, ["export", "onsets", "-o", str(tmp_path)])
    assert isinstance(again.exception, OnpuError) and "--force" in str(again.exception)
