"""Conversion: pictures are the sound, pieces leave no seam, what changes nothing gives the recording back as it was."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from onpu.data.scenes.pairs import RATE
from onpu.errors import AudioError, OnpuError
from onpu.make.convert import MAKER, ConvertOptions, evaluate, painted, seen
from onpu.maker import TrainedMaker
from onpu.models.patch_critic import PatchCritic
from onpu.models.pix2pix_unet import Pix2PixUnet
from onpu.music import Audio

TINY = replace(MAKER.recipes["small"], widths=(4, 4, 4), critic_widths=(4, 4), crop_seconds=0.4)
IDLE = TrainedMaker(MAKER, TINY, nn.Sequential(nn.Identity(), nn.Conv2d(1, 1, 1)))


@pytest.fixture(autouse=True)
def idle():
    """The network that changes nothing."""
    with torch.no_grad():
        IDLE.network[1].weight.fill_(1)
        IDLE.network[1].bias.zero_()


def tones(seconds, rate, channels=1):
    t = np.arange(round(seconds * rate)) / rate
    steps = 220 * 2 ** (np.floor(t * 4) % 24 / 12)
    noise = 1e-3 * np.random.default_rng(0).standard_normal(len(t))
    sound = noise + 0.1 * np.sin(2 * np.pi * np.cumsum(steps) / rate) * (1 + 0.3 * np.sin(2 * np.pi * 3 * t))
    return np.tile(sound, (channels, 1)).astype(np.float32) * np.linspace(0.5, 1, channels)[:, None].astype(np.float32)


@pytest.mark.parametrize("frames", [1, 2, 33, 64, 150])
def test_a_picture_is_painted_in_pieces_without_a_seam(frames):
    shown = torch.rand(2, 3, 16, frames)
    torch.testing.assert_close(painted(nn.Identity(), shown, 34), shown[:, 0])


def test_a_tone_is_shown_where_its_overtones_would_be():
    """220 Hz and 235 Hz are one lump in the picture; their fourth overtones are two lines, 880 Hz and 940 Hz."""
    t = np.arange(RATE) / RATE
    sound = 0.1 * np.sin(2 * np.pi * 220 * t) + 0.1 * np.sin(2 * np.pi * 235 * t)
    shown = seen(torch.from_numpy(sound.astype(np.float32))[None], 5)
    assert shown.shape[:3] == (1, 5, 512)
    levels, bin_of = shown[0, :, :, 43], lambda hertz: round(hertz * 1024 / RATE)
    for order in range(2, 6):
        assert abs(int(levels[order - 1].argmax()) - bin_of(order * 227.5)) <= order
    lines, between = levels[3, [bin_of(880), bin_of(940)]], levels[3, bin_of(880) : bin_of(940)].min()
    assert (lines > between + 0.15).all()  # 7.5 dB
    assert torch.equal(seen(torch.zeros(2, 4096), 1), torch.full((2, 1, 512, 17), -1.0))


@pytest.mark.parametrize(("rate", "channels", "seconds"), [(RATE, 1, 2.0), (44_100, 2, 23.0), (96_000, 8, 0.7),
                                                           (8000, 1, 1.0)])
def test_what_changes_nothing_gives_the_recording_back_at_its_rate_with_its_channels(rate, channels, seconds):
    sound = tones(seconds, rate, channels)
    found = IDLE(sound, rate, options=ConvertOptions(4))
    assert found.rate == rate and found.samples.shape == sound.shape and found.samples.dtype == np.float32
    inner = slice(rate // 10, -rate // 10)
    error = np.abs(found.samples - sound)[:, inner].max() / np.abs(sound).max()
    assert error < 0.05  # noise above 11 kHz is not kept


def test_scores_tell_what_a_conversion_gains():
    pair = np.concatenate([tones(1.0, RATE), 0.5 * tones(1.0, RATE)])
    scores = evaluate(IDLE, pair, np.random.default_rng(0))
    assert scores["Relative gain"] == pytest.approx(0, abs=0.1)
    assert evaluate(IDLE, np.stack([pair[0], 0 * pair[0]]), np.random.default_rng(0)) == {}
    with torch.no_grad():
        IDLE.network[1].bias.fill_(float(40 / 100 * np.log10(0.5)))
    assert evaluate(IDLE, pair, np.random.default_rng(0))["Relative gain"] > 0.5


def test_the_network_keeps_every_shape_and_the_critic_answers_for_patches_of_70_points():
    torch.manual_seed(0)
    unet = Pix2PixUnet((4, 6, 8), 0.5).eval()
    for shape in ((1, 1, 512, 128), (2, 1, 31, 5), (1, 1, 1, 1)):
        assert unet(torch.zeros(shape)).shape == shape
    critic = PatchCritic(2, (4, 4, 4, 4), "none").double()
    x = torch.zeros(1, 2, 160, 160, dtype=torch.float64, requires_grad=True)
    answers = critic(x[:, :1], x[:, 1:])[0]
    answers[0, 0, answers.shape[2] // 2, answers.shape[3] // 2].backward()
    rows, columns = (torch.nonzero(x.grad.abs().sum(dim=(0, 1, axis))).flatten() for axis in (3, 2))
    assert len(rows) == len(columns) == 70


def test_what_cannot_be_converted_is_said():
    with pytest.raises(OnpuError, match="no recording"):
        IDLE()
    with pytest.raises(AudioError, match="NaN"):
        IDLE(np.full((1, 100), np.nan), RATE)
    with pytest.raises(OnpuError, match="0 to 1000"):
        ConvertOptions(-1)
    for changed in ({"adversarial_loss": "kind"}, {"label_smoothing": 0.1, "adversarial_loss": "hinge"},
                    {"gradient_penalty": 10.0}):
        with pytest.raises(OnpuError):
            replace(TINY, **changed)
    for length in (0, 1, 100):
        sound = Audio(np.zeros((3, length), np.float32), 44_100)
        assert not IDLE(sound).samples.any() and IDLE(sound).samples.shape == (3, length)
    click = np.zeros((1, 1), np.float32) + 0.5
    assert IDLE(click, 8000).samples.shape == (1, 1)
