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
