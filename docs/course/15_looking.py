# %% [markdown]
# # 15. Looking inside
#
# A network that is right may be right for the wrong reason: it may have learned the noise of a microphone. So ask what
# a decision rests on, and then do what is often left out: test whether the answer is true. Here we know what the truth
# is, since the engine gives drum and music apart. You write saliency, deconvolution and the test.

# %%
import os

import matplotlib.pyplot as plt
import numpy as np
import torch
from torch import nn

from onpu.engine.render.performance import Strokes
from onpu.engine.render.synth import play
from onpu.engine.render.synth.drums import kit
from onpu.engine.render.synth.patches import patch
from onpu.look import walk
from onpu.look.relevance import Decision
from onpu.look.relevance import saliency as onpu_saliency
from onpu.look.sound import auralise
from onpu.metrics.separation import si_sdr
from onpu.represent import Features, Log, Mel

FAST = os.environ.get("ONPU_COURSE") == "fast"  # a short run that shows only that everything runs
SEED = 1
torch.manual_seed(SEED)
torch.set_num_threads(1)
RATE, BANDS, FRAMES = 16000, 48, 32
SAMPLES = 512 * (FRAMES - 1)
DRUMS = {"kick": 36, "snare": 38, "closed hat": 42}

# %% [markdown]
# ## Data: a drum somewhere in music
#
# One second of some instrument's notes, and one stroke of a drum at any moment. The question is which drum. Where it
# is, nobody tells.

# %%
rng = np.random.default_rng([SEED, 15])
front = Features(Mel(RATE, 1024, 512, bands=BANDS), Log(1000.0))


def music() -> np.ndarray:
    """A second of notes on some instrument, (samples,)."""
    onsets, pitches = rng.uniform(0, 0.8, 4), rng.integers(45, 80, 4).astype(float)
    notes = Strokes(onsets, onsets + rng.uniform(0.2, 0.8, 4), pitches, np.full(4, 90.0), np.zeros((0, 2)))
    sound = play(notes, patch(int(rng.integers(0, 80)), rng), SAMPLES, RATE, rng).mean(axis=0)
    return sound / (np.abs(sound).max() + 1e-6)


def stroke(drum: int) -> np.ndarray:
    """A stroke of some kit at any moment, (samples,)."""
    sound, late = np.zeros(SAMPLES), int(rng.integers(0, SAMPLES - 5000))
    made = kit(rng)[drum](rng, rng.uniform(0.5, 1), RATE)[: SAMPLES - late]
    sound[late : late + len(made)] = made / (np.abs(made).max() + 1e-6)
    return sound


def clips(count: int, backgrounds: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Drum and music (count, 2, samples), pictures of their sum (count, 1, bands, frames), which drum (count,)."""
    kinds = np.arange(count) % 3
    parts = np.stack([[stroke(list(DRUMS.values())[kind]), 0.7 * backgrounds[int(rng.integers(len(backgrounds)))]]
                      for kind in kinds]).astype(np.float32)
    with torch.no_grad():
        return parts, front(torch.from_numpy(parts.sum(axis=1))).numpy(), kinds


_, pictures, kinds = clips(30 if FAST else 450, [music() for _ in range(5 if FAST else 60)])
parts, test, test_kinds = clips(12 if FAST else 90, [music() for _ in range(5 if FAST else 20)])
print("clips", pictures.shape, " and", test.shape)

# %% [markdown]
# ## A small network
#
# Two convolutions, and of each map the largest value, wherever it is.

# %%
class Net(nn.Module):
    """(batch, 1, bands, frames) -> logits `drum` (batch, 3, 1)."""

    def __init__(self):
        super().__init__()
        self.first, self.second = nn.Conv2d(1, 8, 5, padding=2), nn.Conv2d(8, 16, 5, padding=2)
        self.last = nn.Linear(16, 3)

    def forward(self, x: torch.Tensor) -> dict[str, torch.Tensor]:
        """See the class."""
        y = nn.functional.max_pool2d(nn.functional.relu(self.first(x)), 2)
        y = nn.functional.relu(self.second(y))
        return {"drum": self.last(y.amax(dim=(2, 3)))[..., None]}


network = Net()
optimiser = torch.optim.Adam(network.parameters(), lr=0.003)
x, t = torch.from_numpy(pictures), torch.from_numpy(kinds)
for _ in range(10 if FAST else 250):
    batch = torch.randint(len(x), (24,))
    loss = nn.functional.cross_entropy(network(x[batch])["drum"][..., 0], t[batch])
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
network.eval().requires_grad_(False)
unheard = torch.from_numpy(test)
right = network(unheard)["drum"][..., 0].argmax(dim=1).numpy() == test_kinds
print(f"right on unheard kits in unheard music: {right.mean():.0%}; by chance 33 %")
assert right.mean() > (0.2 if FAST else 0.8)

# %% [markdown]
# ## Saliency
#
# By how much would the decision change if this cell were as it is in a quiet moment? To first order: the slope times
# the difference (Simonyan et al. 2014; times the input: Shrikumar et al. 2017). With a the logit of the class that was
# said, and q the tenth percentile of each band over time,
#
#     s_ij = (∂a / ∂x_ij) (x_ij - q_i)
#
# [saliency](../../src/onpu/look/relevance.py "taken_out(x.detach())")
#
# Write it.

# %% yours
def saliency(network: nn.Module, x: torch.Tensor, kind: int) -> torch.Tensor:
    """Picture (1, 1, bands, frames) -> what speaks for a drum, (bands, frames)."""
    x = x.clone().requires_grad_()
    slope, = torch.autograd.grad(network(x)["drum"][0, kind, 0], x)
    quiet = x.detach().quantile(0.1, dim=-1, keepdim=True)
    return (slope * (x.detach() - quiet))[0, 0]


# %%
for number in range(3):
    one, kind = unheard[number : number + 1], int(test_kinds[number])
    cells = torch.zeros(3, 1)
    cells[kind] = 1
    theirs = onpu_saliency(network, one, Decision("drum", cells, network(one)["drum"][0]))[0]
    assert torch.allclose(saliency(network, one, kind), theirs, atol=1e-5)

# %% [markdown]
# ## Deconvolution
#
# What of the picture does one *map* show? Follow it back (Zeiler & Fergus 2014): through a convolution by its
# transpose, through maxima by putting each value where the largest was (the switches), and through a rectifier by
# rectifying what comes back.
#
#     ŷ = relu( unpool( K₂ᵀ relu(m) ) ),        x̂ = K₁ᵀ ŷ
#
# [_Rectified.backward](../../src/onpu/look/walking.py "signals[0].relu()")
#
# Write it for a map of the second layer: `nn.functional.conv_transpose2d`, `nn.functional.max_unpool2d`.

# %% yours
def deconvolve(network: Net, x: torch.Tensor, number: int) -> torch.Tensor:
    """Picture (1, 1, bands, frames), a map of the second layer -> what of the picture it shows, (bands, frames)."""
    first = network.first(x).relu()
    pooled, switches = nn.functional.max_pool2d(first, 2, return_indices=True)
    maps = network.second(pooled).relu()
    only = torch.zeros_like(maps)
    only[:, number] = maps[:, number]
    back = nn.functional.conv_transpose2d(only, network.second.weight, padding=2)
    back = nn.functional.max_unpool2d(back, switches, 2, output_size=first.shape).relu()
    return nn.functional.conv_transpose2d(back, network.first.weight, padding=2)[0, 0]


# %%
walked = walk(network, unheard[:1])
for number in (0, 5, 11):
    theirs = walked.deconvolve(walked.layer(2), number)[0]
    assert torch.allclose(deconvolve(network, unheard[:1], number), theirs, atol=1e-4)
print("onpu follows back:", walked.layers)

# %% [markdown]
# ## Is it true?
#
# Two tests. The first asks the network: take the cells out that are said to matter most, and ask again. The decision
# must fall faster than when as many cells are taken out elsewhere, in the same shape (Samek et al. 2017).
#
# [deletion](../../src/onpu/look/relevance.py "torch.where(cells, quiet, x)")
#
# Write what takes them out.

# %% yours
def without(x: torch.Tensor, relevance: torch.Tensor, share: float, move: int = 0) -> torch.Tensor:
    """A picture (1, 1, bands, frames), its most relevant cells, or those `move` frames later, as in a quiet moment."""
    out = torch.zeros(relevance.numel(), dtype=torch.bool)
    out[relevance.flatten().topk(round(share * relevance.numel())).indices] = True
    quiet = x.quantile(0.1, dim=-1, keepdim=True).expand_as(x)
    return torch.where(out.reshape(relevance.shape).roll(move, 1), quiet, x)


# %%
probe = torch.arange(BANDS * FRAMES).float().reshape(1, 1, BANDS, FRAMES)
emptied = without(probe, probe[0, 0], 0.25)
assert (emptied != probe).sum() <= BANDS * FRAMES // 4 and torch.equal(emptied[..., : BANDS // 2, :],
                                                                       probe[..., : BANDS // 2, :])

shares = (0.0, 0.01, 0.02, 0.05, 0.1)
chosen = np.flatnonzero(right)[: 4 if FAST else 45]
salient = {number: saliency(network, unheard[number : number + 1], int(test_kinds[number])) for number in chosen}


def named(move: int, share: float) -> float:
    """Share of the chosen clips that are still named right."""
    asked = torch.cat([without(unheard[number : number + 1], salient[number], share, move) for number in chosen])
    return float((network(asked)["drum"][..., 0].argmax(dim=1).numpy() == test_kinds[chosen]).mean())


here, elsewhere = [[named(move, share) for share in shares] for move in (0, FRAMES // 2)]
print("cells taken out ", [f"{share:.0%}" for share in shares])
print("the most salient", [f"{value:.0%}" for value in here])
print("elsewhere       ", [f"{value:.0%}" for value in elsewhere])

# %% [markdown]
# The second test asks the music, which one can do only where the truth is known. The cells in which the drum is louder
# than all else are where a good listener would look. How many of the twentieth of cells that are most salient are
# among them, and how many would be by chance?

# %%
with torch.no_grad():
    alone = front(torch.from_numpy(parts.reshape(-1, SAMPLES))).reshape(len(parts), 2, BANDS, FRAMES)
drum = (alone[:, 0] > alone[:, 1]) & (alone[:, 0] > 0.5)
size = BANDS * FRAMES // 20
looked_at = float(np.mean([drum[number].flatten()[values.flatten().topk(size).indices].float().mean()
                           for number, values in salient.items()]))
by_chance = float(drum[chosen].float().mean())
print(f"of the most salient cells {looked_at:.0%} are the drum's; of all cells {by_chance:.0%}")

# %% [markdown]
# ## Hearing it
#
# A picture of relevance can be made a mask on the recording's spectrogram (Choi et al. 2015), and heard:
#
# [auralise](../../src/onpu/look/sound.py "mask(relevance, features, len(audio))")

# %%
better = []
for number, values in salient.items():
    mixture = parts[number].sum(axis=0)
    because, rest = auralise(mixture, values[None], front)
    better.append(si_sdr(parts[number, 0], because) - si_sdr(parts[number, 0], mixture))
assert np.allclose(because + rest, mixture, atol=1e-4)
print(f"what the decision rests on is nearer to the drum alone than the mixture by {np.mean(better):.1f} dB")

figure, axes = plt.subplots(1, 4, figsize=(12, 2.8), constrained_layout=True)
number = int(chosen[1])
strength = float(salient[number].abs().max())
axes[0].imshow(unheard[number, 0], aspect="auto", origin="lower", cmap="magma")
axes[0].set(title=f"{list(DRUMS)[test_kinds[number]]} in music")
axes[1].imshow(drum[number], aspect="auto", origin="lower", cmap="magma")
axes[1].set(title="where it is the louder one")
axes[2].imshow(salient[number], aspect="auto", origin="lower", cmap="coolwarm", vmin=-strength, vmax=strength)
axes[2].set(title="saliency")
axes[3].plot(shares, here, "o-", label="the most salient")
axes[3].plot(shares, elsewhere, "o-", label="elsewhere")
axes[3].set(title="still named right", xlabel="share taken out", ylim=(0, 1.05))
axes[3].legend()

# %% [markdown]
# You are right if taking the most salient tenth out leaves the network far more often wrong than taking out as much
# elsewhere, and if the salient cells are the drum's at least half as often again as by chance. They are not all: what
# speaks *for* a snare is also that there is nothing where a hat would be, and no picture of saliency shows what is not
# there.

# %%
if not FAST:
    assert here[-1] < elsewhere[-1] - 0.2 and looked_at > 1.5 * by_chance

# %% [markdown]
# ## Exercises
#
# 1. Replace the slope by random numbers. Do both tests notice? *They must, or they are no tests.*
# 2. Which map of the second layer is excited most by hats? Look at what it shows (`deconvolve`) in five clips.
# 3. Add a hum of 50 Hz to every clip with a kick, train again, and look. *You are right if the saliency finds the hum.
#    What does the score on the test say, and what on a test without hum?*
# 4. Use the slope alone, without the difference. Which test gets worse?
# 5. `onpu look voice song.mp3` writes a page of this for any recording. For which decision of which listener do the
#    curves of deletion lie together, and what does that tell? (`benchmarks/results/deletion.md`)
