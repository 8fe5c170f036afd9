"""The beat task: what goes into the targets comes out of the decoder; what is no music has no beats."""

import numpy as np
import pytest
import torch

from onpu.decode.beat_decision import BeatOptions
from onpu.decode.evidence import Evidence
from onpu.decode.tasks.beats import LATE_FRAMES, TEMPI, decode
from onpu.errors import OnpuError
from onpu.listen.beats import LISTENER, UNKNOWN, augment, loss, target, three_spectra
from onpu.metrics.beats import f_measure
from onpu.music import Beats, Clock, Timeline

CLOCKS = [Clock(22050, 441), Clock(44100, 441)]


def timeline(bpm, metre, seconds=30.0, start=0.31):
    times = np.arange(start, seconds - 0.2, 60 / bpm)
    return Timeline(seconds, beats=Beats.of(times, np.arange(len(times)) % metre + 1))


@pytest.mark.parametrize("clock", CLOCKS)
@pytest.mark.parametrize(("bpm", "metre"), [(60, 4), (93, 3), (128, 4), (151, 5), (176, 7), (110, 6), (72, 2)])
def test_target_and_decoder_are_inverse(clock, bpm, metre):
    truth = timeline(bpm, metre)
    found = decode(target(truth, clock, clock.count(30 * clock.rate)), clock, BeatOptions())
    late = truth.beats.times + LATE_FRAMES / clock.fps
    np.testing.assert_allclose(found["beats"].times, late, atol=0.25 / clock.fps)
    np.testing.assert_array_equal(found["beats"].positions, truth.beats.positions)
    assert list(found["metre"].numerators) == [metre]
    assert found["tempo"].bpm[0] == pytest.approx(bpm, rel=0.01)


def half_known():
    """32 beats of which the second half has no known positions, and the same with all positions known."""
    times = 0.5 + 0.5 * np.arange(32)
    known = np.arange(32) % 4 + 1
    return tuple(Timeline(17.0, beats=Beats.of(times, positions))
                 for positions in (np.where(np.arange(32) < 16, known, 0), known))


def test_the_target_says_where_downbeats_are_unknown():
    clock = CLOCKS[0]
    half, whole = (target(labels, clock, 850) for labels in half_known())
    unknown = half["downbeat"] == UNKNOWN
    np.testing.assert_array_equal(np.flatnonzero(unknown), np.arange(int(np.ceil(clock.frames(8.25))), 850))
    np.testing.assert_array_equal(half["downbeat"][~unknown], whole["downbeat"][~unknown])
    np.testing.assert_array_equal(half["beat"], whole["beat"])
    assert (target(Timeline(17.0, beats=Beats.of([], [])), clock, 850)["downbeat"] == 0).all()


def batch_of(labels, clock=CLOCKS[0], frames=850):
    return {name: torch.from_numpy(values)[None] for name, values in target(labels, clock, frames).items()}


def some_logits(network):
    rng = torch.manual_seed(1)
    if network == "blstm":
        return {"events": torch.randn(1, 3, 850, generator=rng)}
    return {"beat": torch.randn(1, 850, generator=rng), "downbeat": torch.randn(1, 850, generator=rng),
            "tempo": torch.randn(1, len(TEMPI), 850, generator=rng)}


def test_no_gradient_reaches_the_downbeat_head_where_downbeats_are_unknown():
    targets, logits = batch_of(half_known()[0]), some_logits("tcn")
    logits["downbeat"].requires_grad_()
    loss(logits, targets, torch.ones(1, 850)).backward()
    unknown = targets["downbeat"] == UNKNOWN
    assert (logits["downbeat"].grad[unknown] == 0).all() and (logits["downbeat"].grad[~unknown] != 0).all()


def test_which_beat_it_is_does_not_matter_to_events_where_downbeats_are_unknown():
    """The loss stays when the odds of beat and downbeat change and their sum stays."""
    targets, logits = batch_of(half_known()[0]), some_logits("blstm")
    probabilities = logits["events"].softmax(dim=1)
    both, unknown = probabilities[:, 1:].sum(dim=1), targets["downbeat"] == UNKNOWN
    moved = torch.stack([probabilities[:, 0], 0.99 * both, 0.01 * both], dim=1)
    mask = unknown.float()
    plain = loss(logits, targets, mask)
    assert loss({"events": moved.log()}, targets, mask).item() == pytest.approx(plain.item(), rel=1e-5)
    elsewhere = loss(logits, targets, 1 - mask).item()
    assert loss({"events": moved.log()}, targets, 1 - mask).item() != pytest.approx(elsewhere, rel=0.01)
    share = mask.mean().item()
    assert loss(logits, targets, torch.ones(1, 850)).item() == pytest.approx(
        share * plain.item() + (1 - share) * elsewhere, rel=1e-5)


@pytest.mark.parametrize("octave", [0.5, 2.0])
def test_octave_is_the_users_choice(octave):
    clock = CLOCKS[0]
    activations = target(timeline(100, 4), clock, 1501)
    activations["beat"] = np.maximum(activations["beat"], 0.3 * target(timeline(200, 4), clock, 1501)["beat"])
    found = decode(activations, clock, BeatOptions(tempo_octave=octave))
    assert found["tempo"].bpm[0] == pytest.approx(100 * octave, rel=0.02)


def test_metres_are_the_users_choice():
    found = decode(target(timeline(120, 4), CLOCKS[0], 1501), CLOCKS[0], BeatOptions(metres=(3,)))
    assert set(found["metre"].numerators) == {3}


def test_low_activation_has_no_beats():
    rng = np.random.default_rng(0)
    for level in (0.0, 0.03, 0.1):
        beat = level * rng.random(3000)
        found = decode({"beat": beat, "downbeat": beat / 2}, CLOCKS[0], BeatOptions())
        assert len(found["beats"].times) == 0 and len(found["metre"].times) == 0 and len(found["tempo"].bpm) == 0


def test_a_long_pause_stays_empty():
    clock = CLOCKS[0]
    one = target(timeline(120, 4), clock, 1500)
    activations = {name: np.concatenate([one[name], np.zeros(1000, dtype=np.float32), one[name]]) for name in one}
    times = decode(activations, clock, BeatOptions())["beats"].times
    assert not np.any((times > 30.2) & (times < 49.8))
    truth = timeline(120, 4).beats.times
    assert f_measure(np.concatenate([truth, truth + 50]), times) > 0.99


def test_confidence_follows_the_height_of_a_beat_among_the_others_and_not_the_scale():
    clock = CLOCKS[0]
    activations = target(timeline(120, 4), clock, 1501)
    weak = slice(clock.frames(np.array([14.0]))[0].astype(int), clock.frames(np.array([17.0]))[0].astype(int))
    for name in ("beat", "downbeat"):
        activations[name][weak] *= 0.3
    found = [decode({name: scale * activations[name] for name in ("beat", "downbeat")}, clock, BeatOptions())["beats"]
             for scale in (0.5, 1.0)]
    low = (found[0].times > 14) & (found[0].times < 17)
    assert found[0].confidence[low].max() < found[0].confidence[~low].min()
    np.testing.assert_allclose(found[0].confidence, found[1].confidence, atol=0.15)


@pytest.mark.parametrize("wish", [{"bpm_range": (60.0, 180.0)}, {"metres": (3, 4)}])
def test_a_wish_for_tempo_or_metre_overrides_disbelief(wish):
    clock = CLOCKS[0]
    rng = np.random.default_rng(0)
    beat = 0.08 * target(timeline(120, 4), clock, 1501)["beat"] + 0.03 * rng.random(1501)
    heard = {"beat": beat, "downbeat": 0.3 * beat}
    assert len(decode(heard, clock, BeatOptions())["beats"].times) == 0
    assert len(decode(heard, clock, BeatOptions(**wish))["beats"].times) > 15


def test_dull_beats_that_stand_out_are_believed():
    """Peaks of 0.2 and little between: music that the network hardly knows."""
    clock = CLOCKS[0]
    heard = {name: 0.2 * activation for name, activation in target(timeline(100, 4), clock, 1501).items()}
    found = decode(heard, clock, BeatOptions())
    assert f_measure(timeline(100, 4).beats.times, found["beats"].times) > 0.95


def test_beats_in_three_are_written_as_a_compound_metre():
    clock = CLOCKS[0]
    activations = target(timeline(70, 2), clock, 1501)
    rises = target(timeline(210, 1), clock, 1501)["beat"]
    found = decode({**activations, "flux": np.repeat(0.1 * rises[None], 3, axis=0)}, clock, BeatOptions())
    assert (found["metre"].numerators.tolist(), found["metre"].denominators.tolist()) == ([6], [8])
    assert found["metre"].beats_in_bar().tolist() == [2] and found["beats"].positions.max() == 2


def test_tempo_head_covers_the_tempi_of_the_decoder():
    low, high = LISTENER.options.bpm_range
    assert TEMPI[0] < low < high < TEMPI[-1]


@pytest.mark.parametrize("wish", [{"metres": ()}, {"metres": (0,)}, {"metres": (4, 99)}, {"bpm_range": (120.0, 60.0)},
                                  {"bpm_range": (0.0, 60.0)}, {"tempo_octave": 0.0}])
def test_impossible_wishes_are_named(wish):
    with pytest.raises(OnpuError, match="give"):
        BeatOptions(**wish)


def test_varied_differences_are_those_of_the_varied_spectra():
    recipe, front = LISTENER.recipes["blstm"], three_spectra()
    spectra = front(0.1 * torch.randn(1, 44_100, generator=torch.manual_seed(0)))[0].numpy()
    varied, _ = augment(spectra, Timeline(1.0), np.random.default_rng(1), recipe)
    assert varied.shape == spectra.shape and not np.allclose(varied, spectra, atol=1e-3)
    first = 0
    for part in front.parts:
        bins = part.front.bins
        again = part.transforms[0](torch.from_numpy(varied[None, :, first : first + bins]))[0].numpy()
        np.testing.assert_allclose(varied[:, first : first + 2 * bins], again, atol=1e-6)
        first += 2 * bins


@pytest.mark.parametrize("said", [[], [1.5], [0.5, 1.5]])
def test_evidence_counts_at_its_times_however_little_there_is(said):
    clock = Clock(22050, 441)
    beat = np.zeros(200)
    beat[25::25] = 0.9
    evidence = Evidence(np.array(said), np.full(len(said), 2.0))
    weighed = decode({"beat": beat, "downbeat": beat / 2}, clock, BeatOptions(harmony=evidence))
    plain = decode({"beat": beat, "downbeat": beat / 2}, clock, BeatOptions())
    assert len(weighed["beats"].times) == len(plain["beats"].times)
    if len(said) == 1:
        assert 1.5 in weighed["beats"].downbeats.round(1)
