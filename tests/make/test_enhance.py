"""Enhancement: mixtures have the ratio that was asked for, what adds nothing gives the recording back as it was."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from onpu.data.scenes.noise import RATE, TARGET_RMS
from onpu.errors import OnpuError
from onpu.make.enhance import MAKER, VALIDATION_SNR_DB, EnhanceOptions, emphasised, evaluate, even, generate, mixed
from onpu.maker import TrainedMaker
from onpu.metrics.separation import si_sdr
from onpu.models.mask_denoiser import MaskDenoiser
from onpu.models.segan import SeganCritic, SeganGenerator

TINY = replace(MAKER.recipes["residual"], widths=(4, 4), noise_channels=2)
DICE = np.random.default_rng(0)
PAIR = np.stack([np.sin(np.arange(RATE) / 9), DICE.standard_normal(RATE)]).astype(np.float32) * np.float32(0.3)


@pytest.fixture
def idle():
    """A system that has learned nothing, and so adds nothing."""
    return TrainedMaker.build(MAKER, TINY)


@pytest.mark.parametrize("ratio", [-5.0, 0.0, 12.0])
def test_a_mixture_has_its_ratio_and_level(ratio):
    clean, noisy = mixed(*PAIR, ratio)
    assert np.sqrt(np.square(noisy).mean()) == pytest.approx(TARGET_RMS, rel=1e-4)
    assert 10 * np.log10(np.square(clean).mean() / np.square(noisy - clean).mean()) == pytest.approx(ratio, abs=0.01)
    assert si_sdr(clean, noisy) == pytest.approx(ratio, abs=0.2)
    quiet = mixed(0 * PAIR[0], PAIR[1], ratio)
    assert not quiet[0].any() and np.isfinite(quiet[1]).all()


def test_emphasis_is_undone():
    np.testing.assert_allclose(even(emphasised(PAIR, 0.95), 0.95), PAIR, atol=1e-5)
    np.testing.assert_array_equal(emphasised(PAIR, 0.0), PAIR)


@pytest.mark.parametrize(("rate", "channels", "seconds"), [(RATE, 1, 43.0), (44_100, 2, 1.0), (96_000, 8, 0.5)])
def test_what_adds_nothing_gives_the_recording_back(idle, rate, channels, seconds):
    t = np.arange(round(seconds * rate)) / rate
    sound = np.tile(0.3 * np.sin(2 * np.pi * 500 * t) * np.hanning(len(t)), (channels, 1)).astype(np.float32)
    found = idle(sound, rate)
    assert found.rate == rate and found.samples.shape == sound.shape
    np.testing.assert_allclose(found.samples, sound, atol=1e-3)


def test_an_improvement_is_told_in_decibels(idle):
    scores = evaluate(idle, PAIR, DICE)
    assert scores["SI-SDR"] == pytest.approx(VALIDATION_SNR_DB, abs=0.1)
    assert scores["SI-SDR improvement"] == pytest.approx(0, abs=1e-3)
    assert evaluate(idle, 0 * PAIR, DICE) == {}


def test_a_mask_lets_through_what_it_takes_for_music_and_nothing_grows():
    torch.manual_seed(0)
    network = MaskDenoiser((4, 4)).eval()
    sound = torch.from_numpy(PAIR)[:, None]
    with torch.no_grad():
        assert network(sound, torch.zeros(2, 0, 1)).square().sum() < sound.square().sum()
        for bias, share in ((30.0, 1.0), (-30.0, 0.0)):
            network.unet.masks.bias.copy_(torch.tensor([bias, 0.0]))
            torch.testing.assert_close(network(sound, torch.zeros(2, 0, 1)), share * sound, atol=1e-4, rtol=0)


def test_at_first_the_generator_hears_of_the_distance_alone():
    torch.manual_seed(0)
    networks = {name: player.network for name, player in MAKER.players(TINY).items()}
    batch = {"clean": torch.randn(2, 1, 400), "noisy": torch.randn(2, 1, 400), "noise": torch.zeros(2, 2, 25)}
    recipe = replace(TINY, l1_only_steps=10)
    told = [set(generate(networks, batch | step, recipe)) for step in ({"step": 9}, {"step": 10}, {})]
    assert told == [{"likeness"}, {"adversarial", "likeness"}, {"adversarial", "likeness"}]


def test_a_waveform_loses_its_noise_in_the_game():
    """A few steps of both stages, of tones in hiss."""
    recipe = replace(MAKER.recipes["residual"], widths=(8, 16), l1_only_steps=40)
    torch.manual_seed(0)
    players = MAKER.players(recipe)
    networks = {name: player.network for name, player in players.items()}
    optimisers = {name: torch.optim.RMSprop(network.parameters(), 2e-3, 0.9) for name, network in networks.items()}
    rng, gains = np.random.default_rng(0), []
    for step in range(81):
        tones = np.sin(np.arange(512) * rng.uniform(0.05, 0.2, (4, 1)))
        hiss = rng.standard_normal((4, 512))
        pairs = [mixed(*pair, VALIDATION_SNR_DB) for pair in zip(tones, hiss, strict=True)]
        clean, noisy = torch.from_numpy(np.array(pairs, np.float32)).transpose(0, 1)[:, :, None]
        batch = {"clean": clean, "noisy": noisy, "noise": torch.randn(4, 32, 32), "step": step}
        for name, player in players.items():
            optimisers[name].zero_grad()
            sum(player.loss(networks, batch, recipe).values()).backward()
            torch.nn.utils.clip_grad_norm_(networks[name].parameters(), 5.0)
            optimisers[name].step()
        if step in (0, 39, 80):
            with torch.no_grad():
                found = networks["generator"](noisy, batch["noise"])
            gains.append(np.mean([si_sdr(*pair) for pair in zip(clean.numpy(), found.numpy(), strict=True)]))
    assert gains[1] > gains[0] + 2 and gains[2] > gains[0] + 2


def test_equal_seeds_give_equal_results_and_noise_is_heard():
    torch.manual_seed(0)
    trained = TrainedMaker.build(MAKER, replace(TINY, network="segan"))
    one, again, other = (trained(PAIR[:1], RATE, options=EnhanceOptions(seed)).samples for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, again)
    assert not np.array_equal(one, other)


def test_networks_take_any_length_and_noise():
    generator, critic = SeganGenerator((4, 6), 4, 2, False), SeganCritic((4, 6), 4, "spectral")
    for samples in (1, 17, 400):
        x = torch.randn(2, 1, samples)
        for steps in (0, 1, 50):
            assert generator(x, torch.randn(2, 2, steps)).shape == x.shape
        answers, seen = critic(x, x)
        assert answers.shape == (2, 1) and len(seen) == 2


def test_what_cannot_be_done_is_said(idle):
    with pytest.raises(OnpuError, match="no recording"):
        idle()
    with pytest.raises(OnpuError, match="0 or more"):
        EnhanceOptions(-1)
    with pytest.raises(OnpuError, match="segan"):
        replace(TINY, network="wiener")
