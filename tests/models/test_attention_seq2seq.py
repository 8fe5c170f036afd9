"""Encoder and decoder: attention is a mean over what was read, answers depend on those before, equations hold."""

import pytest
import torch

from onpu.models.attention_seq2seq import ATTENTION, READING, WINDOW, AttentionSeq2Seq, Memory, attended

NOTES, CLASSES, PLACES, BARS, SLOTS, STEPS = 9, 5, 4, 3, 6, 12


def built(attention="additive", reading="both"):
    torch.manual_seed(0)
    return AttentionSeq2Seq(NOTES, CLASSES, PLACES, BARS, 6, 8, attention, reading).double().eval()


def score(batch=2, there=STEPS):
    rng = torch.Generator().manual_seed(3)
    notes = torch.randint(1, NOTES, (batch, STEPS), generator=rng)
    notes[:, there:] = 0
    at = torch.arange(STEPS).expand(batch, -1)
    return {"notes": notes, "begins": torch.randint(0, 2, (batch, STEPS), generator=rng), "place": at % PLACES,
            "bar": at // PLACES, "starts": torch.arange(0, STEPS, 2).expand(batch, -1)}


def said(batch=2):
    return torch.randint(0, CLASSES + 1, (batch, SLOTS), generator=torch.Generator().manual_seed(4))


@pytest.mark.parametrize("reading", READING)
@pytest.mark.parametrize("attention", ATTENTION)
def test_answers_depend_on_the_melody_and_on_earlier_answers_alone(attention, reading):
    network = built(attention, reading)
    logits, weights = network(score(), said())
    assert logits.shape == (2, SLOTS, CLASSES) and weights.shape == (2, SLOTS, STEPS)
    changed = said()
    changed[:, 3] = (changed[:, 3] + 1) % CLASSES
    others, _ = network(score(), changed)
    assert torch.equal(others[:, :3], logits[:, :3]) and not torch.allclose(others[:, 3:], logits[:, 3:])
    melody = score()
    melody["notes"][:, 7] = melody["notes"][:, 7] % (NOTES - 1) + 1
    assert not torch.allclose(network(melody, said())[0][:, 0], logits[:, 0])


@pytest.mark.parametrize("attention", [form for form in ATTENTION if form != "none"])
def test_attention_is_a_distribution_over_what_is_there(attention):
    _, weights = built(attention)(score(there=8), said())
    torch.testing.assert_close(weights.sum(dim=2), torch.ones(2, SLOTS, dtype=torch.double))
    assert (weights[:, :, 8:] == 0).all() and (weights[:, :, :8] > 0).all()


def test_the_energies_are_the_papers():
    """eq. of the module's docstring, at the first answer."""
    for form in ("additive", "dot", "general"):
        network = built(form)
        memory, state = network.read(score())
        _, weights, after = network.step(said()[:, 0], 0, memory, state)
        h = memory.states
        if form == "additive":
            energy = torch.tanh(state.output @ network.query.weight.T + network.query.bias
                                + (h @ network.key.weight.T).transpose(0, 1)).transpose(0, 1) @ network.energy.weight[0]
        elif form == "dot":
            energy = torch.einsum("bu,btu->bt", after.output, h)
        else:
            energy = torch.einsum("bu,vu,btv->bt", after.output, network.key.weight.T, h)
        torch.testing.assert_close(weights, energy.softmax(dim=1))


def test_reading_backwards_is_reading_the_melody_backwards():
    forwards, backwards = built("none", "forwards"), built("none", "backwards")
    backwards.load_state_dict(forwards.state_dict())
    melody = score()
    turned = {name: values.flip(1) if values.shape[1] == STEPS else values for name, values in melody.items()}
    torch.testing.assert_close(forwards.read(melody)[1], backwards.read(turned)[1])


def test_the_context_is_the_weighted_mean():
    states = torch.randn(1, 3, 4)
    memory = Memory(states, states, torch.tensor([[True, False, True]]), torch.zeros(1, 1, 1),
                    torch.zeros(1, 1, dtype=torch.long))
    context, weights = attended(torch.tensor([[0.0, 9.0, 0.0]]), memory)
    assert weights.tolist() == [[0.5, 0.0, 0.5]]
    torch.testing.assert_close(context[0], (states[0, 0] + states[0, 2]) / 2)


def test_local_attention_looks_no_further_than_its_window_and_by_distance():
    network = built("local")
    long = {"notes": torch.ones(1, 60, dtype=torch.long), "begins": torch.zeros(1, 60, dtype=torch.long),
            "place": torch.arange(60)[None] % PLACES, "bar": torch.zeros(1, 60, dtype=torch.long),
            "starts": torch.tensor([[0, 30]])}
    _, weights = network(long, torch.zeros(1, 2, dtype=torch.long))
    assert (weights[0, 0, WINDOW + 1 :] == 0).all() and (weights[0, 0, : WINDOW + 1] > 0).all()
    assert (weights[0, 1, 30 - WINDOW : 31 + WINDOW] > 0).all() and weights[0, 1, : 30 - WINDOW].sum() == 0
    with torch.no_grad():
        network.near[WINDOW + 3] = 50.0
    _, weights = network(long, torch.zeros(1, 2, dtype=torch.long))
    assert weights[0].argmax(dim=1).tolist() == [3, 33]


def test_in_training_some_answers_are_forgotten_and_none_in_use():
    torch.manual_seed(0)
    network = AttentionSeq2Seq(NOTES, CLASSES, PLACES, BARS, 6, 8, "local", "both", 0.0, 1.0).double()
    other = (said() + 1) % CLASSES
    torch.testing.assert_close(network(score(), said())[0], network(score(), other)[0])
    network.eval()
    assert not torch.allclose(network(score(), said())[0], network(score(), other)[0])
