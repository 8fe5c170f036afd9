"""The key task: what key labels become, keys of the whole and of regions, modes, and recordings in other keys."""

from dataclasses import replace

import numpy as np
import pytest
import torch

import onpu.listen.key
from onpu.decode.tasks.key import MODES, NO_KEY, KeyOptions, decode, key_of
from onpu.listen.key import CLASSES, KeyRecipe, augment, evaluate, features, target
from onpu.music import Beats, Chords, Clock, Key, Keys, Timeline
from onpu.music.spelling import parse_key

CLOCK = Clock(22050, 4410)
RECIPE = KeyRecipe()


def timeline(*regions, duration=None):
    """regions: (label, seconds), one after the other; no label: no key."""
    edges = np.cumsum([0.0, *(seconds for _, seconds in regions)])
    named = [number for number, (label, _) in enumerate(regions) if label]
    keys = Keys(edges[named], edges[np.array(named, dtype=int) + 1],
                np.array([regions[number][0] for number in named], np.str_), np.ones(len(named)))
    labels = np.array(["N" if not named else "C:maj"])
    chords = Chords(np.zeros(1), edges[-1:], labels, np.ones(1))
    return Timeline(float(edges[-1] if duration is None else duration), keys=keys, chords=chords)


def heard(line, sure=0.8):
    """Activations of a network that gives each right answer this probability."""
    ones = target(line, CLOCK, CLOCK.count(round(line.duration * CLOCK.rate)))["keys"]
    return {"keys": sure * ones + (1 - sure) / (CLASSES - 1) * (1 - ones)}


@pytest.mark.parametrize("label", ["C:major", "F#:minor", "Eb:dorian", "B:phrygian", "G:lydian", "Ab:mixolydian"])
def test_what_a_label_becomes_and_back(label):
    line = timeline((label, 30.0))
    found = target(line, CLOCK, 100)["keys"]
    tonic, mode = parse_key(label)
    assert found.shape == (CLASSES, 100) and found.sum() == 100
    assert found[tonic * len(MODES) + MODES.index(mode)].all()
    decoded = decode(heard(line), CLOCK, KeyOptions())
    assert parse_key(str(decoded["key"].labels[0])) == (tonic, mode)
    assert [parse_key(str(name)) for name in decoded["keys"].labels] == [(tonic, mode)]


def test_a_mode_must_be_evident_to_be_named():
    """Between dorian and natural minor it is minor; so is what is a little more dorian."""
    activations = heard(timeline(("D:minor", 30.0)))
    dorian = 2 * len(MODES) + MODES.index("dorian")
    for share in (0.3, 0.5):
        mixed = activations["keys"].copy()
        mixed[dorian] = share
        mixed[2 * len(MODES) + MODES.index("minor")] = 0.9 - share
        found = decode({"keys": mixed / mixed.sum(axis=0)}, CLOCK, KeyOptions())["key"]
        assert found.labels[0] == "D:minor"
        assert found.confidence[0] > 0.8, "modes of one tonic and third speak for it together"


def test_candidates_are_ordered_and_the_relative_may_come_second():
    activations = heard(timeline(("G:major", 40.0)), 0.5)
    activations["keys"][4 * len(MODES) + MODES.index("minor")] += 0.2
    activations["keys"] /= activations["keys"].sum(axis=0)
    found = decode(activations, CLOCK, KeyOptions())
    assert found["key"].labels.tolist()[:2] == ["G:major", "E:minor"] and len(found["key"].labels) == 3
    assert (np.diff(found["key"].confidence) <= 0).all()
    assert found["keys"].alternatives.tolist() == [["E:minor"]]
    assert found["keys"].chances[0, 0] <= found["keys"].confidence[0]


def test_a_modulation_makes_regions_and_the_longer_key_is_the_whole():
    line = timeline(("Eb:major", 60.0), ("F:major", 30.0))
    found = decode(heard(line), CLOCK, KeyOptions())
    assert found["keys"].labels.tolist() == ["Eb:major", "F:major"]
    np.testing.assert_allclose(found["keys"].starts, [0, 60], atol=1 / CLOCK.fps)
    assert found["key"].labels[0] == key_of(line.keys).labels[0] == "Eb:major"


def test_with_beats_keys_change_on_downbeats():
    times = 0.3 + 0.49 * np.arange(200)
    beats = Beats.of(times, np.arange(200) % 4 + 1)
    line = timeline(("A:minor", float(times[101])), ("E:minor", 40.0))
    found = decode(heard(line), CLOCK, KeyOptions(beats=beats))["keys"]
    assert found.labels.tolist() == ["A:minor", "E:minor"]
    assert found.starts[1] == times[100], "the nearest downbeat"


def test_a_moment_in_another_key_is_none():
    line = timeline(("A:major", 40.0), ("C:minor", 2.0), ("A:major", 40.0))
    found = decode(heard(line), CLOCK, KeyOptions())["keys"]
    assert found.labels.tolist() == ["A:major"]


@pytest.mark.parametrize("last", [2.0, 4.0])
def test_a_change_in_the_last_bar_leaves_the_key_of_the_whole(last):
    found = decode(heard(timeline(("D:major", 60.0), ("Eb:major", last))), CLOCK, KeyOptions())
    assert found["key"].labels[0] == "D:major"
    assert found["keys"].labels[0] == "D:major" and len(found["keys"].labels) <= 2
    assert found["keys"].ends[-1] == pytest.approx(60 + last, abs=1 / CLOCK.fps)


def test_a_stretch_without_a_key_is_left_out():
    line = timeline(("Bb:major", 40.0), ("", 40.0), ("Bb:major", 40.0))
    found = decode(heard(line, 0.95), CLOCK, KeyOptions())["keys"]
    assert found.labels.tolist() == ["Bb:major"] * 2
    np.testing.assert_allclose(found.starts, [0, 80], atol=2 / CLOCK.fps)


def test_what_has_no_key_has_none():
    line = timeline(("", 30.0))
    assert target(line, CLOCK, 150)["keys"][NO_KEY].all()
    for frames in (0, 1, 150):
        found = decode({"keys": heard(line)["keys"][:, :frames]}, CLOCK, KeyOptions())
        assert not len(found["key"].labels) and not len(found["keys"].labels)


def test_the_key_of_the_whole_holds_longest_and_modes_count_with_their_third():
    keys = timeline(("A:minor", 20.0), ("C:major", 25.0), ("A:dorian", 10.0)).keys
    assert key_of(keys).labels.tolist() == ["A:minor"]
    assert not len(key_of(timeline(("", 5.0)).keys).labels)


def test_scores_are_those_of_the_given_key():
    truth = timeline(("C:major", 30.0))
    scores = [evaluate(truth, Timeline(30.0, key=Key(np.array([name]), np.ones(1))))["MIREX score"]
              for name in ("C:major", "G:major", "A:minor", "C:minor", "F#:major")]
    assert scores == pytest.approx([1, 0.5, 0.3, 0.2, 0])


def test_spectrum_and_labels_are_transposed_alike(monkeypatch):
    monkeypatch.setattr(onpu.listen.key, "augment_spectrum", lambda spectra, rng, mul, shift: spectra)

    def sinusoid(pitch):
        wave = 0.3 * np.sin(2 * np.pi * 440 * 2 ** ((pitch - 69) / 12) * np.arange(3 * 22050) / 22050)
        with torch.inference_mode():
            return features()(torch.from_numpy(wave.astype(np.float32))[None])[0].numpy()

    places = {shift: int(sinusoid(72 + shift)[0, :, 7].argmax()) for shift in range(-5, 7)}
    spectrum, line, moves = sinusoid(72), timeline(("C:major", 2.0), ("D:dorian", 1.0)), set()
    for seed in range(24):
        varied, moved = augment(spectrum, line, np.random.default_rng(seed), RECIPE)
        tonics = [parse_key(str(label)) for label in moved.keys.labels]
        shift = (tonics[0][0] + 5) % 12 - 5
        assert tonics == [(shift % 12, "major"), ((2 + shift) % 12, "dorian")]
        assert abs(int(varied[0].mean(axis=1).argmax()) - places[shift]) <= 1, seed
        moves.add(shift)
    assert 3 in moves and len(moves) > 7


def test_where_nothing_tells_a_key_there_is_none():
    chances = np.zeros((NO_KEY + 1, 20))
    chances[[MODES.index("major") + len(MODES) * tonic for tonic in range(12)]] = 1 / 25
    chances[[MODES.index("minor") + len(MODES) * tonic for tonic in range(12)]] = 1 / 25
    chances[NO_KEY] = 1 / 25
    found = decode({"keys": chances}, CLOCK, KeyOptions())
    assert not len(found["key"].labels) and not len(found["keys"].labels)
    chances[MODES.index("major")] += 0.1
    assert decode({"keys": chances}, CLOCK, KeyOptions())["key"].labels[0] == "C:major"


def test_a_key_that_is_held_holds_whatever_network_and_chords_say():
    """Chords and network say G major for a minute, surely; of eleven seconds it is known that they are not."""
    line = timeline(("G:major", 60.0))
    steps = np.arange(30)
    loud = replace(line, chords=Chords(2.0 * steps, 2.0 * steps + 2, np.array(["G:maj", "D:7"] * 15), np.ones(30)))
    beats = Beats(np.arange(0, 60, 0.5), np.arange(120) % 4 + 1, np.ones(120))
    held = Keys(np.array([20.3]), np.array([31.7]), np.array(["Cb:dorian"]), np.ones(1))
    found = decode(heard(line, 0.99), CLOCK, KeyOptions(beats, loud.chords, held))
    assert found["keys"].labels.tolist() == ["G:major", "Cb:dorian", "G:major"]
    assert (found["keys"].starts[1], found["keys"].ends[1], found["keys"].confidence[1]) == (20.3, 31.7, 1.0)
    assert found["keys"].ends[0] == 20.3 and found["keys"].starts[2] == 31.7
    whole = Keys(np.zeros(1), np.array([60.0]), np.array(["F#:minor"]), np.ones(1))
    for activations in (heard(line, 0.99), heard(timeline(("", 60.0)))):
        found = decode(activations, CLOCK, KeyOptions(beats, loud.chords, whole))
        assert found["keys"].labels.tolist() == ["F#:minor"] == found["key"].labels.tolist()
