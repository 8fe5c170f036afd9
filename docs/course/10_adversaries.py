# %% [markdown]
# # 10. GAN, CGAN, pix2pix
#
# What is a good picture of a drum? No formula says so, and the mean of all good ones is not one of them. So let another
# network be the judge, and train both against each other. This notebook takes three steps that build on each other:
# strokes out of noise (GAN, Goodfellow et al. 2014), strokes of the drum that is asked for (CGAN, Mirza & Osindero
# 2014), and one instrument's notes turned into another's (pix2pix, Isola et al. 2017). You write the game.

# %%
import os

import matplotlib.pyplot as plt
import numpy as np
import torch
from torch import nn
from torch.nn.functional import softplus

from onpu.engine.render.performance import Strokes
from onpu.engine.render.synth import play
from onpu.engine.render.synth.drums import kit
from onpu.engine.render.synth.patches import patch
from onpu.layers.adversarial import LOSSES
from onpu.models.patch_critic import PatchCritic
from onpu.models.pix2pix_unet import Pix2PixUnet
from onpu.represent import Features, Log, Mel

FAST = os.environ.get("ONPU_COURSE") == "fast"  # a short run that shows only that everything runs
SEED = 1
torch.manual_seed(SEED)
torch.set_num_threads(1)
RATE = 16000
DRUMS = {"kick": 36, "snare": 38, "closed hat": 42}

# %% [markdown]
# ## Data: strokes of many kits
#
# Pictures of 32 mel bands and 16 frames, between -1 and 1, each of a kit that is drawn for it.

# %%
front = Features(Mel(RATE, 512, 256, bands=32), Log(1000.0))
rng = np.random.default_rng([SEED, 10])
sounds, kinds = [], []
for number in range(20 if FAST else 130):
    drums = kit(np.random.default_rng([10, SEED, number]))
    for kind, drum in enumerate(DRUMS.values()):
        for _ in range(2):
            stroke = drums[drum](rng, rng.uniform(0.5, 1), RATE)[:3900]
            sounds.append(np.pad(stroke / (np.abs(stroke).max() + 1e-6), (0, 3900 - len(stroke))))
            kinds.append(kind)
with torch.no_grad():
    levels = front(torch.from_numpy(np.array(sounds, np.float32)))[:, 0, :, :16].flatten(1)
strokes, kinds = levels / levels.max() * 2 - 1, torch.tensor(kinds)
order = torch.randperm(len(strokes))
strokes, kinds = strokes[order], kinds[order]
count = len(strokes) * 3 // 4  # the rest is only compared with
print("strokes", tuple(strokes.shape), " to learn from", count)

# %% [markdown]
# ## The game
#
# The generator G makes a picture of noise z. The critic D says a number, and σ(D) is the probability that what it sees
# is real. With
#
#     V = E log σ(D(x)) + E log(1 - σ(D(G(z))))
#
# D maximises V. G minimises it; but while G is bad, D is sure and V is flat, so G maximises E log σ(D(G(z))) instead,
# which has the same end and a slope (ibid., section 3). Logarithms of σ are computed as softplus, -log σ(d) =
# softplus(-d):
#
# [_cross_entropy](../../src/onpu/layers/adversarial.py "softplus(fake).mean()")
#
# Write what both minimise.

# %% yours
def critic_loss(real: torch.Tensor, fake: torch.Tensor) -> torch.Tensor:
    """The critic's answers to real and to made pictures -> -V."""
    taken_for_made, taken_for_real = softplus(-real), softplus(fake)
    return taken_for_made.mean() + taken_for_real.mean()


def generator_loss(fake: torch.Tensor) -> torch.Tensor:
    """The critic's answers to made pictures -> -E log σ(D(G(z)))."""
    return softplus(-fake).mean()


# %%
a, b = torch.randn(2, 50)
assert torch.allclose(critic_loss(a, b), LOSSES["non-saturating"].discriminator(a, b, 0.0))
assert torch.allclose(generator_loss(b), LOSSES["non-saturating"].generator(b))
assert abs(critic_loss(torch.zeros(5), torch.zeros(5)).item() - np.log(4)) < 1e-6  # a critic that knows nothing

# %% [markdown]
# Who does not know says ½, and V is -log 4. That is where the game ends if G wins.
#
# Now one round of it. The critic learns from a batch of real and one of made pictures, *without* a slope into the
# generator; then the generator learns by what the critic says of the same pictures, and only its weights move. Write
# it. `given` is what both players are told beside (nothing yet: no columns).

# %% yours
def round_of(generator: nn.Module, critic: nn.Module, optimisers: list, real: torch.Tensor, given: torch.Tensor
             ) -> tuple[float, float]:
    """Real pictures (batch, points), given (batch, columns) -> losses of critic and generator, after a step of both."""
    fake = generator(torch.cat([torch.randn(len(real), 16), given], dim=1))
    of_critic = critic_loss(critic(torch.cat([real, given], dim=1)), critic(torch.cat([fake.detach(), given], dim=1)))
    optimisers[1].zero_grad()
    of_critic.backward()
    optimisers[1].step()
    of_generator = generator_loss(critic(torch.cat([fake, given], dim=1)))
    optimisers[0].zero_grad()
    of_generator.backward()
    optimisers[0].step()
    return of_critic.item(), of_generator.item()


# %%
def players(columns: int) -> tuple[nn.Module, nn.Module]:
    """A generator (batch, 16 + columns) -> (batch, 512) and a critic (batch, 512 + columns) -> (batch, 1)."""
    return (nn.Sequential(nn.Linear(16 + columns, 128), nn.BatchNorm1d(128), nn.ReLU(), nn.Linear(128, 128),
                          nn.BatchNorm1d(128), nn.ReLU(), nn.Linear(128, 512), nn.Tanh()),
            nn.Sequential(nn.Linear(512 + columns, 128), nn.LeakyReLU(0.2), nn.Dropout(0.3), nn.Linear(128, 128),
                          nn.LeakyReLU(0.2), nn.Dropout(0.3), nn.Linear(128, 1)))


generator, critic = players(0)
optimisers = [torch.optim.Adam(player.parameters(), lr=0.0005, betas=(0.5, 0.999)) for player in (generator, critic)]
before = [weight.clone() for weight in critic.parameters()]
round_of(generator, critic, optimisers, strokes[:32], torch.zeros(32, 0))
assert any((old != new).any() for old, new in zip(before, critic.parameters(), strict=True))

# %% [markdown]
# How good is what is made? Losses do not tell: they are a balance of two. Compare *sets*. The energy distance
# (Székely & Rizzo 2013) is 0 where both sets are of one distribution:
#
#     E² = 2 E|x - y| - E|x - x'| - E|y - y'|
#
# `onpu.make.gan.likeness` chooses weights by a score of this kind. And a small classifier, taught by the real strokes,
# tells whether all drums are made: a generator that found one picture that pleases would be *collapsed*.

# %%
def energy(x: torch.Tensor, y: torch.Tensor) -> float:
    """Energy distance of two sets of pictures."""
    within = sum(torch.cdist(z, z).sum() / (len(z) * (len(z) - 1)) for z in (x, y))
    return float(2 * torch.cdist(x, y).mean() - within)


torch.manual_seed(SEED)
namer = nn.Sequential(nn.Linear(512, 32), nn.ReLU(), nn.Linear(32, 3))
optimiser = torch.optim.Adam(namer.parameters(), lr=0.003)
for _ in range(200):
    batch = torch.randint(count, (32,))
    loss = nn.functional.cross_entropy(namer(strokes[:count][batch]), kinds[:count][batch])
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
known = float((namer(strokes[count:]).argmax(dim=1) == kinds[count:]).float().mean())
print(f"the classifier names {known:.0%} of the real strokes that it has not seen")


def compete(columns: int) -> tuple[nn.Module, list[float]]:
    """A generator after the whole game, and the energy distance on the way; columns: 3, or 0 where nothing is told."""
    torch.manual_seed(SEED)
    generator, critic = players(columns)
    optimisers = [torch.optim.Adam(each.parameters(), lr=0.0005, betas=(0.5, 0.999)) for each in (generator, critic)]
    curve = [energy(made(generator, columns)[0], strokes[count:])]
    for number in range(30 if FAST else 1000):
        batch = torch.randint(count, (32,))
        round_of(generator, critic, optimisers, strokes[batch], torch.eye(3)[kinds[batch]][:, :columns])
        if number % 200 == 199:
            curve.append(energy(made(generator, columns)[0], strokes[count:]))
    return generator, curve


@torch.no_grad()
def made(generator: nn.Module, columns: int) -> tuple[torch.Tensor, torch.Tensor]:
    """300 pictures, and the drums that were asked for."""
    generator.eval()
    asked = torch.arange(300) % 3
    pictures = generator(torch.cat([torch.randn(300, 16), torch.eye(3)[asked][:, :columns]], dim=1))
    generator.train()
    return pictures, asked


free, curve = compete(0)
pictures, _ = made(free, 0)
shares = torch.bincount(namer(pictures).argmax(dim=1), minlength=3) / 300
print(f"energy distance {curve[0]:.1f} -> {curve[-1]:.2f}; two halves of real strokes "
      f"{energy(strokes[:count:2], strokes[count:]):.2f}")
print("drums that come:", {name: f"{share:.0%}" for name, share in zip(DRUMS, shares.tolist(), strict=True)})

# %% [markdown]
# You are right if the distance falls to a fifth or less of what an untrained generator has, and if each drum comes in
# one of twenty pictures at least. Which drum, the noise decides.
#
# ## Told the class
#
# The second step changes one thing. Both players are told y, the drum, beside what they see:
#
#     E log D(x | y) + E log(1 - D(G(z | y)))
#
# The critic must be told, too: else a kick would please it where a snare was asked for. In onpu:
#
# [DrumGenerator.forward](../../src/onpu/models/drum_gan.py "torch.cat([noise, *classes], dim=1)")

# %%
told, _ = compete(3)
pictures_told, asked = made(told, 3)
obeys = float((namer(pictures_told).argmax(dim=1) == asked).float().mean())
print(f"what was asked for: {obeys:.0%}; by chance 33 %")
figure, axes = plt.subplots(3, 8, figsize=(10, 4.2), constrained_layout=True)
for row, (name, line) in enumerate(zip(DRUMS, axes, strict=True)):
    real = strokes[count:][kinds[count:] == row]
    for place, axis in enumerate(line):
        picture = real[place] if place < 3 else pictures_told[asked == row][place]
        axis.imshow(picture.reshape(32, 16), aspect="auto", origin="lower", cmap="magma", vmin=-1, vmax=1)
        axis.set(xticks=[], yticks=[], title=(f"{name}, real" if place < 3 else "made") if place in (1, 5) else "")

# %% [markdown]
# You are right if nine of ten pictures are of the drum that was asked for.

# %%
if not FAST:
    assert known > 0.9 and curve[-1] < curve[0] / 5 and shares.min() > 0.05 and obeys > 0.9

# %% [markdown]
# ## Told a whole picture: pix2pix
#
# The third step tells not a class but a picture x, and asks for another of the same things: here, notes of an organ are
# to sound as a marimba. G is a U-Net: down by strides, up again, and on each level what was seen on the way down beside
# it. Noise is no longer needed. There is one right answer y, so the distance to it is part of what G minimises; the
# critic judges pairs, and G
#
#     L = -E log σ(D(x, G(x))) + λ E ‖y - G(x)‖₁
#
# The critic is no judge of the whole. It says a number for each *patch*, which is enough to know what is sharp. How
# large a patch is follows from kernels k and strides s of its layers, from the last to the first:
#
#     r ← (r - 1) s + k,        r = 1 at the end
#
# [PatchCritic.__init__](../../src/onpu/models/patch_critic.py "nn.Conv2d(self.widths[-1], 1, 4, padding=1)")
#
# Write both.

# %% yours
def patch_size(kernels: list[int], strides: list[int]) -> int:
    """Points on a side of what one answer depends on."""
    size = 1
    for kernel, stride in zip(kernels[::-1], strides[::-1], strict=True):
        size = (size - 1) * stride + kernel
    return size


def pix2pix_loss(answers: torch.Tensor, made: torch.Tensor, wanted: torch.Tensor, weight: float) -> torch.Tensor:
    """What the generator minimises; answers (batch, 1, rows, columns), pictures (batch, 1, bands, frames)."""
    return softplus(-answers).mean() + weight * (wanted - made).abs().mean()


# %%
assert patch_size([4, 4, 4, 4, 4], [2, 2, 2, 1, 1]) == 70  # the paper's
small = PatchCritic(2, (16, 24), "none")
picture = torch.zeros(1, 1, 64, 32, requires_grad=True)
answers = small(picture, torch.zeros(1, 1, 64, 32))[0]
answers[0, 0, answers.shape[2] // 2, answers.shape[3] // 2].backward()
rows = picture.grad[0, 0].abs().sum(dim=1).nonzero().flatten()
print("a patch of the small critic:", patch_size([4, 4, 4], [2, 1, 1]), "points; seen by the slope:", len(rows))
assert len(rows) == patch_size([4, 4, 4], [2, 1, 1])

# %%
rng = np.random.default_rng([SEED, 11])
organ, marimba = (patch(program, np.random.default_rng(7)) for program in (19, 12))
bands = Features(Mel(RATE, 1024, 640, bands=64), Log(100.0))


def pair() -> np.ndarray:
    """The same notes on both instruments, (2, 64, 32)."""
    onsets = np.sort(rng.uniform(0.05, 1.1, 5))
    lengths, pitches = rng.uniform(0.15, 0.5, 5), rng.integers(55, 84, 5).astype(float)
    notes = Strokes(onsets, onsets + lengths, pitches, np.full(5, 90.0), np.zeros((0, 2)))
    rows = [play(notes, instrument, 31 * 640, RATE, rng).mean(axis=0) for instrument in (organ, marimba)]
    with torch.no_grad():
        return bands(torch.from_numpy(np.stack([row / np.abs(row).max() for row in rows])))[:, 0].numpy()


pairs = torch.from_numpy(np.stack([pair() for _ in range(20 if FAST else 150)]))[:, :, None]
heard, wanted, new_heard, new_wanted = pairs[:-20, 0], pairs[:-20, 1], pairs[-20:, 0], pairs[-20:, 1]
if FAST:
    heard, wanted = pairs[:, 0], pairs[:, 1]


def translate(adversarial: bool) -> nn.Module:
    """A U-Net after the game, or after the distance alone."""
    torch.manual_seed(SEED)
    unet, judge = Pix2PixUnet((12, 24, 32), 0.0), PatchCritic(2, (16, 24), "none")
    optimisers = [torch.optim.Adam(each.parameters(), lr=rate, betas=(0.5, 0.999))
                  for each, rate in ((unet, 0.003), (judge, 0.001))]
    for _ in range(5 if FAST else 130):
        batch = torch.randint(len(heard), (8,))
        x, y = heard[batch], wanted[batch]
        made = unet(x)
        if adversarial:
            loss = critic_loss(judge(x, y)[0], judge(x, made.detach())[0])
            optimisers[1].zero_grad()
            loss.backward()
            optimisers[1].step()
            loss = pix2pix_loss(judge(x, made)[0], made, y, 20.0)
        else:
            loss = (y - made).abs().mean()
        optimisers[0].zero_grad()
        loss.backward()
        optimisers[0].step()
    return unet.eval()


def detail(picture: torch.Tensor) -> float:
    """Mean change from point to point."""
    return float(picture.diff(dim=-1).abs().mean() + picture.diff(dim=-2).abs().mean())


by_distance, by_both = translate(adversarial=False), translate(adversarial=True)
with torch.no_grad():
    results = {"as it was": new_heard, "distance alone": by_distance(new_heard), "pix2pix": by_both(new_heard)}
far = {name: float((picture - new_wanted).abs().mean()) for name, picture in results.items()}
for name, picture in results.items():
    print(f"{name:15} {far[name]:.3f} from the marimba; detail {detail(picture) / detail(new_wanted):.2f} of its own")
figure, axes = plt.subplots(1, 4, figsize=(12, 3), constrained_layout=True)
for axis, (name, picture) in zip(axes, (*results.items(), ("marimba", new_wanted)), strict=True):
    axis.imshow(picture[0, 0], aspect="auto", origin="lower", cmap="magma", vmin=0, vmax=float(new_wanted.max()))
    axis.set(title=name, xticks=[], yticks=[])

# %% [markdown]
# You are right if both networks bring the picture to half the distance or nearer, on notes that they have not heard.
# By the distance alone the answer is the *median* of what could be, and medians are smooth; the critic does not let
# smooth pictures pass. Compare the third column of numbers, and the pictures.

# %%
if not FAST:
    assert far["distance alone"] < far["as it was"] / 2 and far["pix2pix"] < far["as it was"] / 2

# %% [markdown]
# ## Exercises
#
# 1. Let the generator minimise V itself (`LOSSES["minimax"]`). Where does the curve of the energy distance stay flat?
# 2. Leave out `.detach()` in `round_of`. What goes wrong, and would the losses have told you?
# 3. Give the critic five rounds for each of the generator's, then the other way round. Which collapses?
# 4. Walk from one noise to another in ten steps. Are all pictures between them strokes?
# 5. λ = 0 in pix2pix. Is what comes out a marimba, and is it *these* notes?
# 6. Turn marimba into organ. Why is that harder? *A note that has died away does not tell how long it was held.*
# 7. Hear the drums of the shipped networks: `onpu make cgan --drum snare`. What do phases have to do with it?
