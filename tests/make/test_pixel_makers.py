"""Painted music: given bars stay, seeds decide, bits are what the networks say, cards name the licence."""

from dataclasses import replace
from math import log

import numpy as np
import pytest
import torch
from tiny_corpora import write_pop909

from onpu.data.corpora.rolls import Rolls
from onpu.data.scenes.hits import CLASSES, RATE
from onpu.errors import OnpuError
from onpu.make import pixelcnn, ride
from onpu.make.pixelcnn import STROKES, PixelOptions, bits, pictures, pixels, roll_pixels
from onpu.maker import TrainedMaker
from onpu.music.roll import PITCHES, Roll
from onpu.represent.pixels import between
from onpu.training.makers import train_maker
from onpu.weights import read_card

TINY = {pixelcnn: {"width": 4, "depth": 2, "first_reach": (4, 4), "reach": (1, 1)},
        ride: {"units": 4, "reach": (2, 4), "components": 2}}
BRIEF = {"batch": 2, "steps": 2, "epochs": 1, "workers": 0, "warmup": 1, "precision": "32-true"}
QUICK = PixelOptions(bars=1, seed=3)


def recipe(task, name="small"):
    return replace(task.MAKER.recipes[name], **TINY[task], **BRIEF)


@pytest.fixture(scope="module", params=[pixelcnn, ride], ids=["pixelcnn", "ride"])
def task(request):
    return request.param


def built(task, name="small"):
    torch.manual_seed(0)
    return TrainedMaker.build(task.MAKER, recipe(task, name))


@pytest.fixture(scope="module")
def rolls(tmp_path_factory):
    return Rolls.open(write_pop909(tmp_path_factory.mktemp("rolls") / "pop909.zip"))


def test_a_roll_has_the_form_that_is_asked_for_and_the_seed_decides(task):
    made = built(task)
    one, again, other = (made(options=replace(QUICK, seed=seed, metre="3/4", key="F:major")) for seed in (3, 3, 4))
    assert one.validate().steps == 12 and one.quarters == 3 and one.key == "F:major"
    assert np.array_equal(one.sounding, again.sounding) and not np.array_equal(one.sounding, other.sounding)


def test_what_is_given_stays_and_bars_are_added_one_window_after_the_other(task):
    given = Roll(np.random.default_rng(0).random((32, PITCHES)) < 0.1, 4, "A:minor", "x")
    shares = []
    went_on = built(task)(options=replace(QUICK, given=given), progress=shares.append)
    assert went_on.steps == 48 and went_on.key == "A:minor" and shares[-1] == 1
    assert np.array_equal(went_on.sounding[:32], given.sounding) and went_on.sounding[32:].any()


def test_bars_painted_in_windows_are_the_bars_that_a_given_beginning_is_continued_with(task):
    """Two bars are painted at once, the third in view of the second alone."""
    made = built(task)
    whole = made(options=replace(QUICK, bars=2))
    rng = np.random.default_rng(3)
    picture = torch.zeros(1, 32, PITCHES)
    with torch.inference_mode():
        pixelcnn.paint(made, picture, 0, roll_pixels().shown([whole])[1], 1.0, rng, None)
    assert np.array_equal(picture[0].numpy() > 0, whole.sounding)


def test_a_lower_temperature_makes_the_probable_more_so(task):
    """Silence is made the more probable."""
    made = built(task)
    silence, louder = (made.network.output[-1].bias, [1.0, 0.0]) if task is pixelcnn else (
        made.network.binary.bias, [-1.0])
    silence.data += torch.tensor(louder)
    fuller, barer = (made(options=replace(QUICK, temperature=heat)).sounding.mean() for heat in (1.0, 0.3))
    assert 0 < barer < 0.5 * fuller < 0.25


def test_a_stroke_is_a_sound(task):
    made = built(task, "strokes")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pixelcnn, "rows", lambda recipe: 3)
        one, again, other = (made(options=PixelOptions(drum=drum, iterations=2))
                             for drum in (CLASSES[0], CLASSES[0], CLASSES[1]))
    assert one.rate == RATE and one.samples.shape == (1, 2 * pixels(STROKES).hop)
    assert np.array_equal(one.samples, again.samples) and not np.array_equal(one.samples, other.samples)


def test_bits_are_the_mean_over_all_pixels_of_pictures_that_follow_each_other(task, rolls):
    made = built(task)
    song = rolls.item(rolls.numbers[0])
    (found, hints), = pictures(song, made.recipe)
    assert len(found) == sum(roll.steps // 32 for roll in song) and np.array_equal(found[1], song[0].sounding[32:64])
    with torch.no_grad():
        nats = made.network.eval().nats(found, hints, pixels("rolls").known(hints, 32))
    said = bits(made, [(found, hints)], np.random.default_rng(0))
    assert said == pytest.approx(float(nats.mean()) / log(2), rel=1e-5)
    scores = task.MAKER.metric(made, song, np.random.default_rng(0))
    assert scores["Likelihood"] == -scores["Bits"] and np.isfinite(scores["Bits"])
    assert np.isnan(task.MAKER.metric(made, (), np.random.default_rng(0))["Bits"])


def test_levels_become_numbers_between_them_and_the_next():
    levels = np.random.default_rng(0).integers(32, size=(4, 32, 32)).astype(np.float32)
    dense = between(levels, pixels(STROKES).levels, np.random.default_rng(1))
    assert np.array_equal(np.floor(dense), levels) and abs((dense - levels).mean() - 0.5) < 0.02


def test_training_begins_from_the_zip_file_and_the_card_says_what_may_be_done(task, rolls, tmp_path):
    short = replace(recipe(task), crop_quarters=1.0)
    best = train_maker(task.MAKER, short, [task.MAKER.scenes(short).open(rolls.archive.path)], tmp_path / "run",
                       bar=False)
    card = read_card(best)
    assert card["commercial_use"] and card["data"][0]["kind"] == "piano rolls" and card["task"] == task.MAKER.name
    assert card["data"][0]["share"] == 2 and card["validation"]["share"] == 1


@pytest.mark.parametrize("wrong", [
    {"bars": 0}, {"bars": 300}, {"key": "H"}, {"temperature": 0.0}, {"metre": "5/4"}, {"seed": -1}, {"drum": "kazoo"},
    {"iterations": -1}, {"given": Roll(np.zeros((10, PITCHES), bool), 5, "C:major")}])
def test_what_cannot_be_painted_is_refused_in_one_line(wrong):
    with pytest.raises(OnpuError) as error:
        PixelOptions(**wrong)
    assert "\n" not in str(error.value)


def test_there_are_two_kinds_of_pictures(task):
    with pytest.raises(OnpuError, match="rolls, strokes"):
        replace(recipe(task), kind="kazoo")
