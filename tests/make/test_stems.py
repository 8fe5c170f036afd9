"""Separation: exact sums in any format, pieces that equal the whole, and what ideal masks would reach."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from onpu.data.plan import Plan
from onpu.data.scenes.stems import PARTS, StemScenes
from onpu.errors import OnpuError
from onpu.make import stems
from onpu.make.stems import MAKER, StemOptions, StemRecipe
from onpu.maker import TrainedMaker
from onpu.metrics.separation import evaluate

RECIPE = StemRecipe(widths=(4, 6, 8), dropout=0.0, batch=2, crop_seconds=1.5)


@pytest.fixture(scope="module")
def song():
    """The four parts of a song with drums and bass, float32 (4, samples)."""
    return StemScenes().of(Plan(seed=3, seconds=8, styles=("rock",), fonts=())).item(0)


@pytest.fixture(scope="module")
def made():
    torch.manual_seed(1)
    return TrainedMaker.build(MAKER, RECIPE)


class Loose:
    """Sounds from anywhere of the song."""

    names, rate = PARTS, stems.RATE

    def __init__(self, song):
        self.song = song
        self.heard = {name: (number,) for number, name in enumerate(PARTS)}
        self.asked = []

    def draw(self, generator, samples, numbers=()):
        self.asked.append(numbers)
        start = int(generator.integers(self.song.shape[1] - samples))
        return self.song[:, start : start + samples]


@pytest.mark.parametrize(("rate", "channels", "seconds"), [(44_100, 2, 2.0), (48_000, 1, 1.3), (96_000, 8, 0.7),
                                                           (8_000, 2, 3.0), (44_100, 1, 0.01)])
def test_parts_have_the_form_of_the_recording_and_sum_to_it(made, rate, channels, seconds):
    rng = np.random.default_rng(0)
    sound = (0.3 * rng.standard_normal((channels, round(rate * seconds)))).astype(np.float32)
    found = made(sound, rate)
    assert found.names == PARTS and found.rate == rate and found.samples.shape == (4, *sound.shape)
    assert np.abs(found.samples.sum(axis=0) - sound).max() < 1e-5


@pytest.mark.parametrize("sound", [np.zeros((2, 44_100), np.float32), np.zeros((1, 1), np.float32),
                                   np.zeros((1, 0), np.float32)])
def test_silence_and_next_to_nothing(made, sound):
    found = made(sound, 44_100)
    assert found.samples.shape == (4, *sound.shape) and not found.samples.any()
    with pytest.raises(OnpuError):
        made(np.full((1, 100), np.nan, np.float32), 44_100)


def test_pieces_are_woven_without_seams(made, song, monkeypatch):
    mixture = np.stack([song.sum(axis=0), 0.5 * song[0] + song[1]])
    whole = made(mixture, stems.RATE, options=StemOptions(wiener=0)).samples
    monkeypatch.setattr(stems, "PIECE_SECONDS", 2.0)
    pieces = made(mixture, stems.RATE, options=StemOptions(wiener=0)).samples
    assert np.abs(pieces.sum(axis=0) - mixture).max() < 1e-5
    error = np.sqrt(((pieces - whole) ** 2).mean()) / np.sqrt((whole**2).mean())
    assert error < 0.02
    seams = [round(2.0 * stems.RATE) * n for n in (1, 2, 3)]
    jumps = np.abs(np.diff(pieces - whole, axis=-1))
    assert max(jumps[..., at - 5 : at + 5].max() for at in seams) <= np.quantile(jumps, 0.9999) + 1e-4


@pytest.mark.parametrize("rate", [44_100, 32_000])
def test_ideal_masks_take_a_song_apart(made, song, monkeypatch, rate):
    import soxr

    parts = song if rate == stems.RATE else soxr.resample(song.T, stems.RATE, rate).T.astype(np.float32)

    def ideal(network, samples, own):
        heard = parts if own == stems.RATE else soxr.resample(parts.T, own, stems.RATE).T
        power = stems.bands().mean(stems.front().spectrum(torch.from_numpy(np.ascontiguousarray(heard, np.float32))
                                                          ).abs() ** 2)
        return (power / power.sum(dim=0).clamp(min=1e-12))[:, None]

    monkeypatch.setattr(stems, "masks_of", ideal)
    found = made(parts.sum(axis=0), rate).samples[:, 0]
    scores = evaluate(dict(zip(PARTS, parts, strict=True)), dict(zip(PARTS, found, strict=True)))
    assert scores["drums SI-SDR improvement"] > 8 and scores["bass SI-SDR improvement"] > 8


def test_examples_are_shares_of_their_mixture(song):
    sounds = Loose(song)
    for seed in range(6):
        drawn = stems.example(sounds, np.random.default_rng(seed), RECIPE)
        again = stems.example(sounds, np.random.default_rng(seed), RECIPE)
        np.testing.assert_array_equal(drawn["parts"], again["parts"])
        np.testing.assert_allclose(drawn["parts"].sum(axis=0), drawn["mixture"][0], atol=1e-4 * drawn["mixture"].max())


def test_parts_of_strangers_come_from_songs_that_have_them(song):
    for strangers, asked in ((1.0, [(0,), (1,), (2,), (3,)]), (0.0, [()])):
        sounds = Loose(song)
        stems.example(sounds, np.random.default_rng(1), replace(RECIPE, mix_songs=strangers))
        assert sounds.asked == asked


def test_what_is_chopped_sounds_and_pauses_two_to_seven_times_a_second():
    for seed in range(20):
        gain = stems.chopping(np.random.default_rng(seed), 10 * stems.RATE)
        assert gain.min() == 0 and gain.max() == 1
        beginnings = np.count_nonzero((gain[1:] > 0) & (gain[:-1] == 0))
        assert 19 <= beginnings <= 71
        assert np.abs(np.diff(gain)).max() < 0.006


def test_an_absent_part_weighs_no_more_than_what_is_enough(song):
    torch.manual_seed(0)
    player = MAKER.players(RECIPE)["separator"]
    mixture = torch.rand(1, 1, len(stems.bands()), 40)
    silent = torch.zeros(1, 4, len(stems.bands()), 40)
    leaked = 10 * np.log10(1 / 16 + 10 ** (stems.ENOUGH_DB / 10))
    for parts, told in ((silent, leaked), (mixture.expand(1, 4, -1, -1) / 4, stems.ENOUGH_DB)):
        found = player.loss({"separator": Even()}, {"mixture": mixture, "parts": parts}, RECIPE)["loss"]
        assert float(found) == pytest.approx(told, abs=1e-3)


class Even(torch.nn.Module):
    """Gives each part a quarter."""

    def forward(self, x):
        return torch.zeros(len(x), 4, *x.shape[2:])


def test_a_batch_is_learned_and_every_parameter_with_it(song):
    torch.manual_seed(0)
    player = MAKER.players(RECIPE)["separator"]
    drawn = [stems.example(Loose(song), np.random.default_rng(seed), RECIPE) for seed in range(2)]
    batch = {name: torch.from_numpy(np.stack([one[name] for one in drawn])) for name in drawn[0]}
    optimiser = torch.optim.Adam(player.network.parameters(), 0.01)
    losses = []
    for _ in range(25):
        optimiser.zero_grad()
        total = player.loss({"separator": player.network}, batch, RECIPE)["loss"]
        total.backward()
        losses.append(float(total.detach()))
        optimiser.step()
    assert losses[-1] < losses[0] - 1.5  # dB
    assert all(p.grad is not None and torch.isfinite(p.grad).all() and p.grad.any()
               for p in player.network.parameters())


def test_two_parts_are_the_one_that_is_wanted_and_the_rest(made, song):
    found = made(song.sum(axis=0), stems.RATE)
    two = stems.together(found, ("vocals",))
    assert two.names == ("vocals", "accompaniment")
    np.testing.assert_allclose(two.samples.sum(axis=0), found.samples.sum(axis=0), atol=1e-6)
