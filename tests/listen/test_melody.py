"""The melody task: lines with vibrato, pauses and leaps, and all pitches at once."""

import itertools

import numpy as np
import pytest

from onpu.decode import contour
from onpu.decode.contour import best_line, between_bins
from onpu.decode.tasks.melody import MelodyOptions, decode
from onpu.listen import melody, multif0
from onpu.listen.melody import LISTENER, target
from onpu.listen.notes import pitch_spectrum
from onpu.music import Melody, Notes, Timeline
from onpu.trained import TrainedListener

CLOCK = pitch_spectrum().clock
NOTHING = Notes(*(np.zeros(0) for _ in range(6)))


def line(frequencies, notes=NOTHING):
    """A timeline of a melody given every 10 ms."""
    times = np.arange(len(frequencies)) / 100
    return Timeline(len(times) / 100, melody=Melody(times, np.asarray(frequencies, float), np.ones(len(times))),
                    notes=notes)


def again(timeline):
    activations = target(timeline, CLOCK, CLOCK.count(round(timeline.duration * CLOCK.rate)))
    return decode(activations, CLOCK, MelodyOptions())["melody"].validate()


def cents(found, truth):
    return 1200 * np.abs(np.log2(found / truth))


def test_vibrato_is_followed_between_bins():
    t = np.arange(500) / 100
    sung = 220 * 2 ** (0.5 / 12 * np.sin(2 * np.pi * 5.5 * t))
    found = again(line(sung))
    at = np.interp(found.times, t, sung)
    inside = (found.times > 0.05) & (found.times < 4.9)
    assert (found.frequencies[inside] > 0).all()
    assert np.median(cents(found.frequencies[inside], at[inside])) < 10
    assert np.percentile(cents(found.frequencies[inside], at[inside]), 98) < 30


def test_pauses_begin_and_end_within_half_a_frame():
    sung = np.where((np.arange(400) // 70) % 2, 0.0, 330.0)
    found = again(line(sung))
    said = found.frequencies > 0
    truth = sung[: len(said)] > 0
    edges = np.flatnonzero(np.diff(truth))
    assert len(edges) == np.abs(np.diff(said.astype(int))).sum()
    assert np.abs(np.flatnonzero(np.diff(said)) - edges).max() <= 100 / CLOCK.fps / 2 + 1


def test_one_frame_of_another_pitch_does_not_break_the_line():
    activations = target(line(np.full(300, 262.0)), CLOCK, 130)
    activations["melody"][:, 60] = np.roll(activations["melody"][:, 60], 8)
    found = decode(activations, CLOCK, MelodyOptions())["melody"]
    assert cents(found.frequencies[20:280], 262).max() < 100


def test_where_there_is_no_melody_there_is_none():
    assert len(again(line(np.zeros(300))).times) == 0


def test_voicing_trades_false_alarms_for_recall():
    activations = target(line(np.full(300, 262.0)), CLOCK, 130)
    activations["voicing"] = np.full(130, 0.4, np.float32)
    assert len(decode(activations, CLOCK, MelodyOptions(melody_threshold=0.5))["melody"].times) == 0
    assert (decode(activations, CLOCK, MelodyOptions(melody_threshold=0.3))["melody"].frequencies > 0).mean() > 0.95


@pytest.mark.parametrize("seed", range(6))
def test_the_best_line_is_the_best_of_all(seed):
    draw, per_octave = np.random.default_rng(seed), (12, 36)[seed % 2]
    salience, voiced = draw.uniform(0.01, 1, (7, 5)), draw.uniform(0.05, 0.95, 5)
    share = salience / salience.max(axis=0)

    def score(path):
        total = sum(np.log(share[b, t]) + np.log(voiced[t]) if b >= 0 else np.log(1 - voiced[t])
                    for t, b in enumerate(path))
        for a, b in itertools.pairwise(path):
            if (a < 0) != (b < 0):
                total -= contour.VOICING_COST
            elif a >= 0:
                near = abs(a - b) <= round(contour.MAX_GLIDE_SEMITONES * per_octave / 12)
                total -= min(contour.LEAP_COST, contour.GLIDE_COST * 12 / per_octave * abs(a - b) if near else np.inf)
        return total

    best = max(score(path) for path in itertools.product(range(-1, 7), repeat=5))
    assert score(best_line(salience, voiced, per_octave).tolist()) == pytest.approx(best)


def test_between_bins_finds_the_top_of_a_peak():
    rows = np.arange(20)[:, None]
    for centre in (7.0, 7.2, 7.49, 8.4):
        salience = np.exp(-0.5 * ((rows - centre) / 0.6) ** 2)
        assert between_bins(salience, np.array([round(centre)]), np.zeros(1, int))[0] == pytest.approx(centre, abs=0.02)


def test_all_pitches_come_out_beside_the_melody():
    times = np.array([0.0, 0.0, 0.5])
    chord = Notes(times, times + 1.5, np.array([48.0, 55.0, 64.0]), np.full(3, 80), np.zeros(3, int), np.ones(3))
    timeline = line(np.full(200, 523.25), chord)
    activations = target(timeline, CLOCK, CLOCK.count(2 * CLOCK.rate))
    found = multif0.DECODER.decode(activations, CLOCK, multif0.DECODER.options)["multif0"].validate()
    here = np.abs(found.times - 1.0) < 0.5 / CLOCK.fps
    expected = [*(440 * 2 ** ((np.array([48, 55, 64]) - 69) / 12)), 523.25]
    np.testing.assert_allclose(np.sort(found.frequencies[here]), expected, rtol=0.003)
    scores = multif0.evaluate(timeline, Timeline(2.0, multif0=found))
    assert min(scores.values()) > 0.95


def test_a_sung_note_is_where_it_is_sung_and_not_where_it_is_written():
    note = Notes(np.zeros(1), np.ones(1), np.array([60.0]), np.array([80]), np.zeros(1, int), np.ones(1))
    columns, frequencies = melody.sounding(line(np.full(100, 270.0), note), CLOCK, 43)
    assert len(columns) == 43 and np.allclose(frequencies, 270.0, rtol=1e-6)


def test_the_paper_recipe_has_the_published_grid():
    recipe = LISTENER.recipes["paper"]
    trained = TrainedListener.build(LISTENER, recipe)
    front, network = trained.features, trained.network
    assert (front.channels, front.bins, front.clock.hop) == (6, 360, 256)
    assert 350_000 < sum(p.numel() for p in network.parameters()) < 500_000
