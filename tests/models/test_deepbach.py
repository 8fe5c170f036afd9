"""The conditionals of the voices: nobody is told what is asked for, and all else is heard."""

import numpy as np
import pytest
import torch

from onpu.models.deepbach import DeepBach

NOTES, STEPS = (9, 7, 5, 6), 13


def score(seed: int = 0) -> dict[str, torch.Tensor]:
    """Anything, consistent or not."""
    rng = torch.Generator().manual_seed(seed)
    notes = torch.stack([torch.randint(count, (1, STEPS), generator=rng) for count in NOTES], dim=1)
    holds = torch.rand(notes.shape, generator=rng) < 0.5
    tokens = torch.where(holds, torch.tensor(NOTES)[None, :, None], notes)
    return {"notes": notes, "tokens": tokens} | {
        name: torch.randint(top, (1, STEPS), generator=rng)
        for name, top in (("fermata", 2), ("place", 16), ("tonic", 12), ("mode", 7))}


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(0)
    return DeepBach(NOTES, 5, (6, 7), 8).eval()


@pytest.mark.parametrize("voice", range(4))
def test_a_prediction_does_not_hear_what_it_predicts_but_everything_else(network, voice):
    at = 6
    before = network(score())[voice][0, at]
    assert before.shape == (NOTES[voice] + 1,)
    for changed in range(4):
        for place in (0, 5, 6, 7, 12):
            other = score()
            other["tokens"][0, changed, place] = (other["tokens"][0, changed, place] + 1) % NOTES[changed]
            other["notes"][0, changed, place] = (other["notes"][0, changed, place] + 1) % NOTES[changed]
            same = torch.equal(network(other)[voice][0, at], before)
            assert same == (changed == voice and place == at)


@pytest.mark.parametrize("voice", range(4))
def test_the_sounding_note_of_the_voice_itself_is_never_told(network, voice):
    other = score()
    other["notes"][0, voice] = (other["notes"][0, voice] + 1) % NOTES[voice]
    assert torch.equal(network(other)[voice], network(score())[voice])


def test_a_margin_is_heard_and_not_predicted(network):
    for whole, inside in zip(network(score()), network(score(), 4), strict=True):
        np.testing.assert_allclose(whole[:, 4:-4].detach(), inside.detach(), rtol=1e-5, atol=1e-6)


def test_with_relations_a_chorale_and_its_transposition_are_one_where_names_say_nothing():
    lowest, by = (60, 55, 48, 40), 2
    torch.manual_seed(0)
    network = DeepBach(NOTES, 5, (6, 7), 8, lowest=lowest).eval()
    relations = [voice.relations for voice in network.voices]
    before = score()
    unlike = [voice(before) for voice in network.voices]
    with torch.no_grad():
        for parameters in relations:
            parameters.logits.weight.normal_()
    hidden = torch.randn(1, STEPS, 8)
    moved = {name: values.clone() for name, values in before.items()}
    moved["tonic"] = (before["tonic"] + by) % 12
    notes = before["notes"].clamp(2)  # all of them sound
    for voice, part in enumerate(relations):
        part_moved = relations[voice]
        here = part(hidden, before | {"notes": notes}, slice(0, STEPS))
        part_moved.pitches += torch.where(part_moved.pitches >= 0, by, 0)  # the same names, a tone higher
        there = part_moved(hidden, moved | {"notes": notes}, slice(0, STEPS))
        torch.testing.assert_close(here, there)
        assert (here[..., :2] == 0).all() and (here[..., NOTES[voice]] == 0).all() and here.abs().max() > 0
    again = [voice(before) for voice in network.voices]
    assert all(not torch.equal(one, other) for one, other in zip(unlike, again, strict=True))


def test_relations_begin_at_nothing_and_tell_no_note_that_is_asked_for():
    torch.manual_seed(0)
    network = DeepBach(NOTES, 5, (6, 7), 8, lowest=(60, 55, 48, 40)).eval()
    torch.manual_seed(0)
    plain = DeepBach(NOTES, 5, (6, 7), 8).eval()
    plain.load_state_dict({name: value for name, value in network.state_dict().items() if "relations" not in name})
    for one, other in zip(network(score()), plain(score()), strict=True):
        torch.testing.assert_close(one, other)
    with torch.no_grad():
        for voice in network.voices:
            voice.relations.logits.weight.normal_()
            voice.relations.degree.weight.normal_()
    at = 6
    for voice in range(4):
        other = score()
        other["tokens"][0, voice, at] = (other["tokens"][0, voice, at] + 1) % NOTES[voice]
        other["notes"][0, voice, at] = (other["notes"][0, voice, at] + 1) % NOTES[voice]
        assert torch.equal(network(other)[voice][0, at], network(score())[voice][0, at])
