# %% [markdown]
# # 11. VAE and MusicVAE: a space of music
#
# An autoencoder squeezes a pattern into a few numbers and makes it out of them again. If every point of the space of
# these numbers were music, one could walk from one pattern to another, or ask for more of something. A variational
# autoencoder (Kingma & Welling 2014) takes care that it is so. You write it for drums; then MusicVAE (Roberts et al.
# 2018), which does it for melodies and has to keep its decoder from forgetting the space altogether.

# %%
import os

import matplotlib.pyplot as plt
import numpy as np
import torch
from torch import nn

from onpu.engine.compose.bands import composed_passage
from onpu.layers import variational
from onpu.music.passage import BAR
from onpu.represent.tokens import encoded

FAST = os.environ.get("ONPU_COURSE") == "fast"  # a short run that shows only that everything runs
SEED = 1
torch.manual_seed(SEED)
torch.set_num_threads(1)

# %% [markdown]
# ## Data: two bars at a time
#
# Bands that the engine composes, on a grid of sixteenths: nine drums that are struck or not, and a melody. The songs of
# the test are others.

# %%
def parts(numbers: range) -> tuple[torch.Tensor, torch.Tensor]:
    """Drums (count, 32, 9), zeros and ones, and tokens of melodies (count, 32), from every second bar of the songs."""
    drums, melodies = [], []
    for number in numbers:
        passage = composed_passage(10_000 * SEED + number)
        for bar in range(0, passage.bars - 1 if passage else 0, 2):
            two = passage.cut(bar, 2)
            if two.parts["drums"].any(axis=1).sum() >= 8 and (two.parts["melody"] >= 0).sum() >= 4:
                drums.append(two.parts["drums"])
                melodies.append(encoded(two, ("melody",))[0])
    return torch.from_numpy(np.array(drums, np.float32)), torch.from_numpy(np.array(melodies))


drums, melodies = parts(range(15 if FAST else 200))
new_drums, new_melodies = parts(range(5000, 5010 if FAST else 5040))
print("passages", len(drums), "and", len(new_drums))

# %% [markdown]
# ## Draw, and be near to N(0, I)
#
# The encoder says not a point but a cloud, μ and σ, from which z is drawn. A draw has no slope; but written as
#
#     z = μ + σ ⊙ ε,        ε ~ N(0, I)
#
# it has (the noise is an input). In onpu's MusicVAE:
#
# [MusicVae.forward](../../src/onpu/models/musicvae.py "torch.randn_like(spread)")
#
# The clouds shall together fill N(0, I), so that each point drawn from it lies in some cloud. That is what the second
# part of the loss wants, the divergence of each cloud from N(0, I):
#
#     L = -log p(x | z) + β D,        D = ½ Σ_k ( μ_k² + σ_k² - 1 - log σ_k² )
#
# [divergence](../../src/onpu/layers/variational.py "spread.square() - 1")
#
# Write both.

# %% yours
def draw(mean: torch.Tensor, spread: torch.Tensor) -> torch.Tensor:
    """μ, σ (batch, latent) -> z, with a slope to both."""
    return mean + spread * torch.randn_like(spread)


def divergence(mean: torch.Tensor, spread: torch.Tensor) -> torch.Tensor:
    """μ, σ (batch, latent) -> nats (batch,)."""
    return 0.5 * (mean**2 + spread**2 - 1 - torch.log(spread**2)).sum(dim=1)


# %%
mean, spread = torch.randn(4, 6), torch.rand(4, 6) + 0.1
assert torch.allclose(divergence(mean, spread), variational.divergence(mean, spread), atol=1e-5)
assert divergence(torch.zeros(1, 6), torch.ones(1, 6)).abs().item() < 1e-6
many = draw(torch.full((20000, 1), 3.0), torch.full((20000, 1), 0.5))
assert abs(many.mean().item() - 3) < 0.02 and abs(many.std().item() - 0.5) < 0.02


class Vae(nn.Module):
    """Drums (batch, 32, 9) -> logits of the same shape, μ, σ (batch, 8)."""

    def __init__(self, latent: int = 8):
        super().__init__()
        self.encoder = nn.Sequential(nn.Flatten(), nn.Linear(32 * 9, 96), nn.ReLU(), nn.Linear(96, 2 * latent))
        self.decoder = nn.Sequential(nn.Linear(latent, 96), nn.ReLU(), nn.Linear(96, 32 * 9), nn.Unflatten(1, (32, 9)))

    def encode(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """μ, σ."""
        mean, spread = self.encoder(x).chunk(2, dim=1)
        return mean, nn.functional.softplus(spread) + 1e-4


def train(beta: float) -> Vae:
    """β 0: a plain autoencoder, whose z is μ."""
    torch.manual_seed(SEED)
    model = Vae()
    optimiser = torch.optim.Adam(model.parameters(), lr=0.003)
    for _ in range(20 if FAST else 1200):
        x = drums[torch.randint(len(drums), (48,))]
        mean, spread = model.encode(x)
        logits = model.decoder(draw(mean, spread) if beta else mean)
        wrong = nn.functional.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(dim=(1, 2))
        loss = (wrong + beta * divergence(mean, spread)).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return model.eval()


def energy(x: torch.Tensor, y: torch.Tensor) -> float:
    """Energy distance of two sets of patterns: 0 where both are of one distribution (notebook 10)."""
    x, y = x.flatten(1), y.flatten(1)
    within = sum(torch.cdist(z, z).sum() / (len(z) * (len(z) - 1)) for z in (x, y))
    return float(2 * torch.cdist(x, y).mean() - within)


models = {"autoencoder": train(0.0), "VAE": train(1.0)}
table = {}
for name, model in models.items():
    with torch.no_grad():
        known, new = (float(((model.decoder(model.encode(x)[0]) > 0).float() != x).sum() / x.sum())
                      for x in (drums, new_drums))
        out_of_nothing = model.decoder(torch.randn(300, 8)).sigmoid().bernoulli()
    table[name] = known, new, energy(out_of_nothing, new_drums[:300])
    print(f"{name:12} wrong after the way through z: {known:.0%} of the hits of what it learned, {new:.0%} of unheard; "
          f"out of nothing: energy distance {table[name][2]:.2f}")

# %% [markdown]
# You are right if the autoencoder brings back with fewer errors what it has learned, and if what is made of nothing, of
# z ~ N(0, I), is nearer to real drumming from the VAE, by a quarter or more. That is the bargain, and β sets its price.
# Patterns that neither has heard may even come back better from the VAE: the noise keeps it from learning by heart.
#
# ## Walking, and asking for more
#
# Between two points of N(0, I) in many dimensions one walks along an arc, for all its points are about as far from the
# middle (White 2016). With ω the angle between a and b:
#
#     z(s) = [ sin((1 - s) ω) a + sin(s ω) b ] / sin ω
#
# [between](../../src/onpu/layers/variational.py "angle).sin() * first")
#
# And a property that one can count has a direction: the mean of the codes that have much of it, less that of those that
# have little (Roberts et al. 2018, section 5.4).
#
# Write both.

# %% yours
def walk(a: torch.Tensor, b: torch.Tensor, share: float) -> torch.Tensor:
    """From a to b (latent,), a share of the way."""
    angle = torch.arccos((a @ b) / (a.norm() * b.norm()))
    return (torch.sin((1 - share) * angle) * a + torch.sin(share * angle) * b) / torch.sin(angle)


def direction(codes: torch.Tensor, amounts: torch.Tensor) -> torch.Tensor:
    """Codes (count, latent), how much each has of something (count,) -> upper quarter less lower quarter (latent,)."""
    order, quarter = amounts.argsort(), len(amounts) // 4
    return codes[order[-quarter:]].mean(dim=0) - codes[order[:quarter]].mean(dim=0)


# %%
a, b = torch.randn(2, 8)
assert torch.allclose(walk(a, b, 0.3), variational.between(a, b, 0.3), atol=1e-4)
model = models["VAE"]
with torch.no_grad():
    codes, _ = model.encode(drums)
    dense = direction(codes, drums.sum(dim=(1, 2)))
    start, _ = model.encode(new_drums[:100])
    hits = {amount: float((model.decoder(start + amount * dense) > 0).sum() / len(start)) for amount in (-1, 0, 1)}
    first, last = model.encode(new_drums[:1])[0][0], model.encode(new_drums[-1:])[0][0]
    way = torch.stack([model.decoder(walk(first, last, share)[None])[0].sigmoid() for share in (0, 0.25, 0.5, 0.75, 1)])
print("hits in two bars with the direction of density taken off, left alone, added:",
      {amount: round(count, 1) for amount, count in hits.items()})
figure, axes = plt.subplots(1, 5, figsize=(12, 2.2), constrained_layout=True)
for axis, picture, share in zip(axes, way, (0, 0.25, 0.5, 0.75, 1), strict=True):
    axis.imshow(picture.T.numpy(), aspect="auto", cmap="magma", vmin=0, vmax=1)
    axis.set(title=f"{share:.0%} of the way", xticks=(0, BAR), yticks=[])
if not FAST:
    assert table["autoencoder"][0] < table["VAE"][0] and table["VAE"][2] < 0.75 * table["autoencoder"][2]
    assert hits[-1] < 0.8 * hits[0] and hits[1] > 1.1 * hits[0]

# %% [markdown]
# You are right if taking the direction off loses a fifth of the hits and adding it brings ten in a hundred more.
#
# ## Melodies, and a decoder that forgets
#
# A melody is a sequence, so its decoder is recurrent and is told at each step the note before. That makes it so good at
# guessing that it no longer asks z: the divergence goes to nothing, and with it the space (*posterior collapse*,
# Bowman et al. 2016). MusicVAE takes its memory away. A *conductor* makes of z a context for each of some short
# subsequences, and the decoder begins each of them anew, knowing its context and nothing else of what was before:
#
#     c_1 … c_8 = conductor(z),        p(x | z) = Π_u Π_t p( x_ut | x_u1 … x_u,t-1, c_u )
#
# [MusicVae.decode](../../src/onpu/models/musicvae.py "tokens[:, part].reshape(-1, self.steps)")
#
# Write the decoder's `states`: (a) *flat*: one sequence of 32 steps that begins with what `plan` makes of z; (b)
# *conducted*: eight of four steps, a beat each, every one with its own part of the plan.

# %% yours
def states(plan: torch.Tensor, tokens: torch.Tensor, conducted: bool) -> tuple[torch.Tensor, torch.Tensor]:
    """plan (batch, 8, units), tokens (batch, 32) -> first states (sequences, units) and tokens (sequences, steps).

    Flat: `batch` sequences, whose states are the first part of the plan. Conducted: 8 batch, those of a melody side by
    side.
    """
    if not conducted:
        return plan[:, 0], tokens
    return plan.flatten(0, 1), tokens.reshape(-1, 4)


# %%
plan, tokens = torch.randn(3, 8, 5), torch.arange(96).reshape(3, 32)
assert states(plan, tokens, False)[0].shape == (3, 5) and states(plan, tokens, False)[1].shape == (3, 32)
begun, beats = states(plan, tokens, True)
assert beats[9].tolist() == [36, 37, 38, 39] and torch.equal(begun[9], plan[1, 1])


class Melodies(nn.Module):
    """Tokens (batch, 32) -> logits (batch, 32, 90), μ, σ (batch, 24)."""

    def __init__(self, conducted: bool, latent: int = 24, units: int = 80):
        super().__init__()
        self.conducted = conducted
        self.read = nn.Embedding(90, 12)
        self.heard = nn.GRU(48, 48, batch_first=True, bidirectional=True)
        self.cloud = nn.Linear(96, 2 * latent)
        self.plan = nn.Sequential(nn.Linear(latent, 96), nn.ReLU(), nn.Linear(96, 8 * units), nn.Tanh(),
                                  nn.Unflatten(1, (8, units)))
        self.before = nn.Embedding(91, 12)
        self.decoder, self.last = nn.GRU(12, units, batch_first=True), nn.Linear(units, 90)

    def encode(self, tokens: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """μ, σ; a beat of four tokens is read at a time."""
        _, end = self.heard(self.read(tokens).reshape(len(tokens), 8, 48))
        mean, spread = self.cloud(end.transpose(0, 1).flatten(1)).chunk(2, dim=1)
        return mean, nn.functional.softplus(spread - 2) + 1e-4

    def decode(self, z: torch.Tensor, tokens: torch.Tensor) -> torch.Tensor:
        """Logits of each step, told the true tokens before it."""
        begun, rows = states(self.plan(z), tokens, self.conducted)
        told = self.before(nn.functional.pad(rows[:, :-1], (1, 0), value=90))
        said, _ = self.decoder(told, begun[None].contiguous())
        return self.last(said).reshape(len(tokens), 32, 90)


def learn(conducted: bool) -> Melodies:
    """Cross-entropy and 0.2 times the divergence; melodies in all keys."""
    torch.manual_seed(SEED)
    model = Melodies(conducted)
    optimiser = torch.optim.Adam(model.parameters(), lr=0.004)
    for _ in range(10 if FAST else 500):
        x = melodies[torch.randint(len(melodies), (48,))]
        moved = x + torch.randint(-5, 7, (len(x), 1))
        x = torch.where((x > 1) & (moved > 1) & (moved < 90), moved, x)
        mean, spread = model.encode(x)
        wrong = nn.functional.cross_entropy(model.decode(draw(mean, spread), x).transpose(1, 2), x, reduction="none")
        loss = (wrong.sum(dim=1) + 0.2 * divergence(mean, spread)).mean()
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimiser.step()
    return model.eval()


@torch.no_grad()
def asked(model: Melodies) -> tuple[float, float, float]:
    """Of unheard melodies: divergence, nats a melody told the notes before and its own z, or told another one's z."""
    mean, spread = model.encode(new_melodies)
    own, other = (nn.functional.cross_entropy(model.decode(z, new_melodies).transpose(1, 2), new_melodies).item() * 32
                  for z in (mean, mean.roll(1, dims=0)))
    return float(divergence(mean, spread).mean()), own, other


results = {name: asked(learn(name == "conducted")) for name in ("flat", "conducted")}
print("decoder     divergence   nats a melody, own z   another's z")
for name, (apart, own, other) in results.items():
    print(f"{name:10} {apart:11.1f} {own:22.1f} {other:13.1f}")

# %% [markdown]
# How much does a decoder ask z? Give it the z of another melody, and see how many nats that costs. You are right if the
# conducted decoder's z holds a quarter more nats than the flat one's at least, and if a wrong z costs it at least twice
# as much. It does not guess better for all that: told the notes before, both know about as much. The gain is a z that
# means something.
#
# A sketch it is, with 24 numbers, some hundred songs and half a minute of training; `onpu make musicvae` has 128 and
# hours.

# %%
if not FAST:
    lost = {name: other - own for name, (_, own, other) in results.items()}
    assert results["conducted"][0] > 1.25 * results["flat"][0] and lost["conducted"] > 2 * lost["flat"]

# %% [markdown]
# ## Exercises
#
# 1. β = 0.1, 0.3, 3 for the drums. Draw both errors against each other. Where would you stop?
# 2. Let β rise from 0 over the first half of the training. Does the flat decoder's divergence survive?
# 3. Walk straight (`torch.lerp`) instead of along the arc. How many hits have the patterns half-way, and why fewer?
# 4. Find the direction of syncopation (`onpu.metrics.passages`), and add it to a march.
# 5. Tell the flat decoder nothing of the note before. *You are right if its divergence rises and its melodies fall
#    apart.*
# 6. Write the loop that composes from z ~ N(0, I), each token drawn given the decoder's own before it. Which of both
#    keeps to a key from beat to beat?
