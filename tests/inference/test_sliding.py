"""Answers over windows are the network's over the features of the recording, in bounded memory."""

from dataclasses import replace

import numpy as np
import tiny
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from onpu.inference.sliding import Sliding
from onpu.trained import TrainedListener

NOISE = (0.1 * np.random.default_rng(0).standard_normal(3 * tiny.RATE)).astype(np.float32)


def trained() -> TrainedListener:
    torch.manual_seed(0)
    return replace(TrainedListener.build(tiny.LISTENER, tiny.TinyRecipe()), precision="float32")


@settings(max_examples=8)
@given(blocks=st.lists(st.integers(1, 5000), min_size=1, max_size=12), step=st.sampled_from([1, 4, 7]),
       early=st.sampled_from([0, 1, 2]))
def test_an_answer_is_what_the_network_says_of_the_window(blocks, step, early):
    system = trained()
    sliding, window = Sliding(system, step, 40, early), 40
    context, hop = system.features.context, system.features.clock.hop
    ends, start = [], 0
    with torch.inference_mode():
        for size in [*blocks, len(NOISE)]:
            for said in sliding.push(NOISE[start : start + size]):
                ends.append(said.end)
                needed = max((said.end - 1 - early) * hop + context, (said.end - 1) * hop + 1)
                assert said.first == max(0, said.end - window) and said.samples >= needed > said.samples - size
                spectra = system.features(torch.from_numpy(NOISE[:needed])[None])[..., said.first : said.end]
                expected = system.network(spectra)["beat"].sigmoid()[0].numpy()
                np.testing.assert_allclose(said.heads["beat"], expected, atol=1e-5)
            start += size
    assert ends == list(range(step, ends[-1] + 1, step))


def test_memory_does_not_grow():
    system = trained()
    sliding = Sliding(system, 5, 50)
    sizes = []
    for _ in range(20):
        for _ in sliding.push(NOISE):
            pass
        sizes.append((len(sliding.held), sliding.frames.shape[-1]))
    assert max(sizes[5:]) <= max(sizes[:5])
    assert max(held for held, _ in sizes) < 2 * len(NOISE)
