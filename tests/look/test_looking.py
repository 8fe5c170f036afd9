"""A listener that was set by hand to hear one pitch: its pitch is what is shown, heard, and the cause."""

import re
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

import onpu
from onpu.apps import cli
from onpu.errors import AudioError, OnpuError
from onpu.formats.audio import read_audio, write_audio
from onpu.listen import tasks
from onpu.look import look, write_page
from onpu.look.sound import mask
from onpu.music import Audio
from onpu.represent import Cqt, Features, Hcqt, Log, LogFilterbank, Mel, Mfcc, PositiveDifference
from onpu.represent.hpss import TwoStageHpss
from onpu.represent.transposed import band_weights, to_spectrum
from onpu.trained import TrainedListener

RATE, PITCH, OTHER = 22_050, 440.0, 1500.0


class OnePitch(nn.Module):
    """Hears the band of one frequency."""

    receptive = 0

    def __init__(self, bins: int, band: int):
        super().__init__()
        self.convolution = nn.Conv2d(1, 2, (bins, 1), bias=False)
        nn.init.zeros_(self.convolution.weight)
        with torch.no_grad():
            self.convolution.weight[0, 0, band] = 1
            self.convolution.weight[1, 0, 0] = 1

    def forward(self, x):
        return {"voice": 8 * self.convolution(x).relu()[:, 0, 0] - 4}


@pytest.fixture(scope="module")
def listener() -> TrainedListener:
    """Says voice where 440 Hz sounds."""
    features = LogFilterbank()
    tone = torch.sin(2 * np.pi * PITCH * torch.arange(RATE) / RATE)[None]
    band = int(features(tone)[0, 0].mean(dim=1).argmax())
    voice = tasks()["voice"]
    return TrainedListener(voice, voice.recipes["small"], features, OnePitch(features.bins, band))


@pytest.fixture(scope="module")
def sound() -> Audio:
    """The pitch in the second second of two, another one, which is louder, from .5 to 1.8 s."""
    t = np.arange(2 * RATE) / RATE
    noise = 0.001 * np.random.default_rng(0).standard_normal(len(t))
    pitch, other = (np.sin(2 * np.pi * frequency * t) for frequency in (PITCH, OTHER))
    mixed = 0.1 * pitch * (t > 1) + 0.3 * other * (t > 0.5) * (t < 1.8) + noise
    return Audio(mixed[None].astype(np.float32), RATE)


def level(samples: np.ndarray, frequency: float) -> float:
    t = np.arange(len(samples)) / RATE
    return float(np.abs((samples * np.exp(-2j * np.pi * frequency * t)).mean()))


def test_the_pitch_lights_up_and_is_heard_alone(listener, sound):
    seen = look(listener, sound, layer=1, map=0)
    one = seen.maps[0]
    bright = np.unravel_index(one.deconvolved.argmax(), one.deconvolved.shape)
    assert bright[0] == int(listener.network.convolution.weight[0, 0, :, 0].argmax()) and bright[1] > seen.fps
    second = slice(round(1.2 * RATE), round(1.7 * RATE))
    assert level(one.shown[second], PITCH) > 0.6 * level(seen.sound[second], PITCH)
    assert level(one.shown[second], OTHER) < 0.03 * level(seen.sound[second], OTHER)
    assert abs(level(seen.because[second], PITCH) / level(seen.sound[second], PITCH) - 1) < 0.5
    np.testing.assert_allclose(seen.because + seen.rest, seen.sound, atol=1e-6)
    assert one.crops[0].start > 0.9 and one.crops[0].excitation == pytest.approx(one.layer.maps[0].max())


def test_what_is_shown_is_the_cause(listener, sound):
    fallen = look(listener, sound, layer=1, map=0).deletion
    assert fallen.lost(fallen.shown) > fallen.lost(fallen.elsewhere) + 0.3
    assert fallen.lost(fallen.shown) >= fallen.lost(fallen.loudest)
    assert fallen.shown[0] == 1 and fallen.shown[-1] < 0.2


def test_what_a_map_shows_is_what_excites_it(listener, sound):
    first, *rest = look(listener, sound).maps
    assert first.deletion.lost(first.deletion.shown) > first.deletion.lost(first.deletion.elsewhere) + 0.3
    assert all(one.deletion is None for one in rest)


def test_the_maps_that_speak_for_the_decision_come_first(listener, sound):
    assert look(listener, sound).maps[0].number == 0


@pytest.mark.parametrize("features", [
    LogFilterbank(), Mel(RATE), Features(Cqt(RATE), Log()), Hcqt(bins=120, bins_per_octave=24, harmonics=(1, 2, 3)),
    Features(LogFilterbank(), PositiveDifference(1)), TwoStageHpss()])
def test_full_bands_come_back_as_a_full_spectrum(features):
    weights = band_weights(features, 2048)
    assert weights.shape == (features.channels, features.bins, 1025) and weights.min() >= 0
    back = to_spectrum(torch.ones(features.channels, features.bins, 4), features, 2048)
    covered = weights.sum(dim=(0, 1)) > 0.05 * features.channels
    torch.testing.assert_close(back[covered], torch.full_like(back[covered], features.channels))
    assert covered.sum() > 200


@pytest.mark.parametrize("features", [LogFilterbank(), Features(Cqt(RATE, 512), Log())])
def test_a_band_comes_back_at_its_own_frequency(features):
    tone = torch.sin(2 * np.pi * 1000 * torch.arange(RATE) / RATE)[None]
    band = int(features(tone)[0, 0, :, 10].argmax())
    values = torch.zeros(1, features.bins, 44)
    values[0, band] = 1
    hz = torch.linspace(0, RATE / 2, 1025)[to_spectrum(values, features, 2048)[:, 10].argmax()]
    assert abs(float(hz) - 1000) < 50


def test_a_mask_lies_on_the_frames_of_the_sound():
    features = LogFilterbank()  # 441 samples from frame to frame, where the mask has 512
    values = torch.zeros(1, features.bins, 101)
    values[..., 50] = 1
    assert int(mask(values, features, 100 * 441).sum(dim=0).argmax()) == round(50 * 441 / 512)


def test_cepstra_have_no_way_back():
    with pytest.raises(OnpuError, match="no bands"):
        band_weights(Mfcc(Mel(RATE)), 2048)


def test_the_page_has_pictures_and_sounds_and_no_way_out(listener, sound, tmp_path):
    path = write_page(look(listener, sound), tmp_path / "page.html", "<Song>")
    text = path.read_text()
    assert "<h1>&lt;Song&gt; · voice</h1>" in text and "<Song>" not in text
    assert text.count("data:image/png;base64,") >= 8 and text.count("data:audio/mpeg;base64,") >= 6
    assert not re.search(r'(src|href)="(?!data:)', text)


def test_nothing_to_look_at_is_refused(listener, sound):
    with pytest.raises(AudioError, match="nothing of this recording lies at 9 s"):
        look(listener, sound, start=9)
    with pytest.raises(OnpuError, match="layer 1 has maps 0 to 1, not 2"):
        look(listener, sound, layer=1, map=2)
    with pytest.raises(OnpuError, match="no head is called voise; did you mean voice"):
        look(listener, sound, head="voise")


def test_silence_has_no_cause(listener):
    seen = look(listener, Audio(np.zeros((1, RATE), np.float32), RATE))
    assert np.isfinite(seen.deletion.shown).all() and not seen.because.any()


def test_the_command_writes_a_page_and_sounds(tmp_path, sound, capsys):
    write_audio(tmp_path / "song.wav", sound)
    with pytest.raises(SystemExit) as ended:
        cli.app(["look", "onsets", str(tmp_path / "song.wav"), "-o", str(tmp_path / "out"), "--layer", "1",
                 "--map", "3"])
    assert ended.value.code == 0
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == ["song.onsets-decision.wav", "song.onsets-layer1-map3.wav", "song.onsets-look.html",
                     "song.onsets-rest.wav"]
    assert sorted(capsys.readouterr().out.split()) == sorted(str(tmp_path / "out" / name) for name in names)
    assert read_audio(tmp_path / "out" / names[0]).duration == pytest.approx(2.0, abs=0.01)


def test_a_maker_is_refused(tmp_path):
    with pytest.raises(OnpuError, match="listens to nothing"):
        cli.app(["look", "stems", str(tmp_path / "song.wav")])


def test_a_recurrent_listener_has_a_decision_and_no_maps(sound):
    seen = look(onpu.load("voice-blstm", device="cpu"), sound)
    assert seen.maps == () and seen.kernels is None and seen.saliency.shape[1] == seen.features.shape[-1]
    with pytest.raises(OnpuError, match="followed back"):
        look(onpu.load("voice-blstm", device="cpu"), sound, layer=1)


def test_looking_changes_nothing(listener, sound):
    before = replace(listener).activations(sound)["voice"]
    look(listener, sound)
    np.testing.assert_array_equal(listener.activations(sound)["voice"], before)
