"""onpu compose --for convert, train convert, convert, enhance: from nothing to a recording in another sound."""

import re
from dataclasses import replace

import numpy as np
import pytest
import soundfile

from onpu.make import enhance
from onpu.maker import TrainedMaker
from onpu.training.checkpoint import save

SMALL = ["--kind", "sine-piano", "--widths", 4, "--widths", 4, "--critic-widths", 4, "--critic-widths", 4,
         "--crop-seconds", 0.4, "--batch", 2, "--steps", 2, "--epochs", 1, "--workers", 0, "--device", "cpu",
         "--precision", "32-true"]


@pytest.fixture
def song(tmp_path):
    rate = 16_000
    sound = 0.2 * np.sin(2 * np.pi * 440 * np.arange(2 * rate) / rate)
    soundfile.write(tmp_path / "a <b>.flac", np.stack([sound, sound / 2], axis=1), rate)
    return tmp_path / "a <b>.flac"


def test_from_a_corpus_to_a_converted_recording_and_its_page(onpu, tmp_path, song):
    corpus, run = tmp_path / "pairs", tmp_path / "run"
    answer = onpu("compose", "--corpus", corpus, "--for", "convert", "--kind", "sine-piano", "-n", 2, "--seconds", 5)
    assert (answer.code, answer.err) == (0, "") and "source, target" in answer.out
    answer = onpu("train", "convert", "--data", corpus, "-o", tmp_path / "no")
    assert answer.code == 2 and "of the kind sine-piano, not piano-strings" in answer.err
    answer = onpu("train", "convert", "--data", corpus, "-o", run, *SMALL)
    assert answer.code == 0, answer.err
    answer = onpu("convert", song, "--weights", run / "best.safetensors", "-o", tmp_path / "out", "--iterations", 2,
                  "--format", "flac,html")
    assert answer.code == 0, answer.err
    page = tmp_path / "out/a <b>-piano.html"
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"a <b>-piano.flac", page.name}
    found = soundfile.info(tmp_path / "out/a <b>-piano.flac")
    assert (found.samplerate, found.channels, found.frames) == (16_000, 2, 32_000)
    text = page.read_text(encoding="utf-8")
    assert text.count("data:audio/mpeg;base64,") == 2 and text.count("data:image/png;base64,") == 2
    assert "a &lt;b&gt;" in text and "a <b>" not in text
    assert not re.search(r"(src|href)=\"(?!data:)", text) and "http" not in text


def test_what_a_user_can_mend_is_one_line(onpu, tmp_path, song):
    out = tmp_path / "out"
    for words, said in ((("convert", song, "--to", "kazoo", "-o", out), "convert-kazoo"), (("convert", song), "--to"),
                        (("convert", song, "--to", "band", "--weights", "x"), "--to has no effect with --weights"),
                        (("convert", song, "--to", "band", "--iterations", -1), "0 to 1000"),
                        (("enhance", song, "--format", "midi", "-o", out), "wav, flac, mp3, ogg, html"),
                        (("enhance", song, "--seed", 1, "-o", out), "--seed has no effect with weights of a network"),
                        (("compose", "--corpus", tmp_path / "c", "--for", "convert", "--kind", "x"), "piano-strings"),
                        (("compose", "--corpus", tmp_path / "c", "--for", "stems", "--kind", "x"), "--kind"),
                        (("compose", "--corpus", tmp_path / "c", "--for", "x"), "no making task")):
        answer = onpu(*words)
        assert answer.code == 2 and said in answer.err and answer.err.count("\n") == 1


def test_a_recording_is_cleaned_by_weights_of_that_task_alone(onpu, tmp_path, song):
    trained = TrainedMaker.build(enhance.MAKER, replace(enhance.MAKER.recipes["residual"], widths=(4, 4),
                                                        noise_channels=2))
    card = {"data": [], "validation": {}, "commercial_use": True, "command": "none", "trained": {}}
    save(tmp_path / "w.safetensors", trained, [], card)
    words = ("--weights", tmp_path / "w.safetensors", "-o")
    answer = onpu("enhance", song, "--format", "flac,html", *words, tmp_path)
    assert (answer.code, answer.err) == (0, "") and (tmp_path / "a <b>-enhanced.html").exists()
    before, after = (soundfile.read(path)[0] for path in (song, tmp_path / "a <b>-enhanced.flac"))
    np.testing.assert_allclose(before, after, atol=1e-3)
    answer = onpu("enhance", song, "--format", "wav", "--seed", 1, *words, tmp_path)
    other = soundfile.read(tmp_path / "a <b>-enhanced.wav")[0]
    assert answer.code == 0 and not np.array_equal(after, other)
    answer = onpu("convert", song, *words, tmp_path / "out")
    assert answer.code == 2 and "weights of enhance, not of convert" in answer.err
    assert not (tmp_path / "out").exists()
