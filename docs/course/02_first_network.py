# %% [markdown]
# # 2. The first network: which pitch is it?
#
# A network is a chain of affine maps with something bent between them, and learning is walking downhill on a loss. Here
# you write both by hand in NumPy for the smallest musical question there is, the pitch of a sine; then PyTorch does the
# same, and the question grows to two notes at once. Numbers in brackets are the equations of Sakaue's tutorial.

# %%
import os

import matplotlib.pyplot as plt
import numpy as np
import torch
from torch import nn

from onpu.layers.initialise import unit_variance_
from onpu.layers.losses import binary_cross_entropy, cross_entropy

FAST = os.environ.get("ONPU_COURSE") == "fast"  # a short run that shows only that everything runs
torch.manual_seed(1)
torch.set_num_threads(1)
RATE, LENGTH = 8000, 1024  # an eighth of a second
PITCHES = np.arange(60, 72)  # C4 to B4: twelve classes

# %% [markdown]
# ## Data: sines that nobody has heard before
#
# Each example has a random pitch, phase, loudness and noise. It is a function of a random generator, so there is as
# much of it as you like, and what tests is drawn by another seed than what teaches.

# %%
def tones(rng: np.random.Generator, count: int, voices: int, noise: float) -> tuple[np.ndarray, np.ndarray]:
    """Sounds (count, LENGTH) of so many sines in noise, and which pitches they have: (count, 12), zeros and ones."""
    sounds, sounding = np.zeros((count, LENGTH)), np.zeros((count, 12))
    time = np.arange(LENGTH) / RATE
    for sound, row in zip(sounds, sounding, strict=True):
        for pitch in rng.choice(12, voices, replace=False):
            hertz = 440 * 2 ** ((PITCHES[pitch] + rng.normal(0, 0.1) - 69) / 12)  # nobody is in tune to the cent
            sound += rng.uniform(0.2, 1) * np.sin(2 * np.pi * (hertz * time + rng.random()))
            row[pitch] = 1
        sound += rng.normal(0, noise, LENGTH)
    return sounds, sounding


def spectra(sounds: np.ndarray) -> np.ndarray:
    """Magnitudes of the bins from 234 to 539 Hz (count, 40), logarithmic, about 0 to 1."""
    windowed = np.abs(np.fft.rfft(sounds * np.hanning(LENGTH)))[:, 30:70]
    return np.log10(1 + windowed) / 2


COUNT = 200 if FAST else 2000
train_x, train_t = tones(np.random.default_rng(1), COUNT, 1, 0.3)
test_x, test_t = tones(np.random.default_rng(2), 500, 1, 0.3)
print("examples", train_x.shape, " classes", train_t.shape, " features", spectra(train_x).shape)

# %% [markdown]
# ## One layer by hand
#
# The network is a matrix W and a vector b; its output goes through the softmax, so that it sums to one (1, 7):
#
#     a = W x + b,        y_i = exp(a_i) / Σ_j exp(a_j)
#
# The loss is the cross-entropy between y and the truth t (9), which is small where the network gave the right class a
# large probability:
#
#     L = - 1/N Σ_n Σ_i t_ni log y_ni
#
# In onpu it is the first line of
#
# [cross_entropy](../../src/onpu/layers/losses.py "log_softmax")
#
# Learning needs the slope of L. For softmax and cross-entropy together it is so simple that you should derive it once
# on paper:
#
#     ∂L/∂a_n = (y_n - t_n) / N,      ∂L/∂W = Σ_n (∂L/∂a_n) x_nᵀ,      ∂L/∂b = Σ_n ∂L/∂a_n
#
# Write softmax so that it survives a = 1000 (subtract the maximum, which changes nothing), then loss and slopes.

# %% yours
def softmax(a: np.ndarray) -> np.ndarray:
    """Logits (count, classes) -> probabilities of the same shape."""
    powers = np.exp(a - a.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def loss_and_slopes(w: np.ndarray, b: np.ndarray, x: np.ndarray, t: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    """The mean cross-entropy of a layer w (classes, features), b (classes,) and its derivatives by w and b."""
    y = softmax(x @ w.T + b)
    slope = (y - t) / len(x)
    return float(-(t * np.log(y + 1e-12)).sum() / len(x)), slope.T @ x, slope.sum(axis=0)


# %% [markdown]
# You are right if PyTorch, which derives by itself, finds the same loss and the same slopes to six decimals.

# %%
rng = np.random.default_rng(3)
w, b = rng.normal(0, 0.1, (12, 40)), np.zeros(12)
x, t = spectra(train_x[:64]), train_t[:64]
loss, dw, db = loss_and_slopes(w, b, x, t)
tensor_w, tensor_b = (torch.tensor(value, requires_grad=True) for value in (w, b))
logits = torch.tensor(x) @ tensor_w.T + tensor_b
their_loss = cross_entropy(logits[:, :, None], torch.tensor(t)[:, :, None], torch.ones(64, 1))  # one "frame" each
their_loss.backward()
print(f"loss: yours {loss:.6f}, onpu {their_loss.item():.6f}; untrained it must be near log 12 = {np.log(12):.2f}")
assert np.allclose(softmax(np.array([[1000.0, 1000.0]])), 0.5)
assert abs(loss - their_loss.item()) < 1e-6 and abs(loss - np.log(12)) < 0.3
assert np.abs(dw - tensor_w.grad.numpy()).max() < 1e-6 and np.abs(db - tensor_b.grad.numpy()).max() < 1e-6

# %% [markdown]
# ## Walking downhill
#
#     θ ← θ - η ∂L/∂θ                                                                         (15)
#
# on a few examples at a time, a *mini-batch*: the slope of 32 examples is nearly that of 2000 and costs a sixtieth.
# Write one pass over the data (an *epoch*) in a random order.

# %% yours
def epoch(w: np.ndarray, b: np.ndarray, x: np.ndarray, t: np.ndarray, rate: float, rng: np.random.Generator) -> float:
    """Change w and b in place, 32 examples at a time; the mean loss on the way."""
    losses = []
    for batch in np.array_split(rng.permutation(len(x)), max(1, len(x) // 32)):
        loss, dw, db = loss_and_slopes(w, b, x[batch], t[batch])
        w -= rate * dw
        b -= rate * db
        losses.append(loss)
    return float(np.mean(losses))


# %%
w, b = np.zeros((12, 40)), np.zeros(12)
curve = [epoch(w, b, spectra(train_x), train_t, 2.0, rng) for _ in range(5 if FAST else 40)]
score = float(((spectra(test_x) @ w.T + b).argmax(axis=1) == test_t.argmax(axis=1)).mean())
print(f"loss {curve[0]:.2f} -> {curve[-1]:.2f}; right on unheard sines {score:.1%}")
assert curve[-1] < curve[0] and score > (0.3 if FAST else 0.9)

figure, axes = plt.subplots(1, 2, figsize=(10, 3.2), constrained_layout=True)
axes[0].plot(curve)
axes[0].set(xlabel="epoch", ylabel="cross-entropy", title="learning")
hertz = 30 * RATE / LENGTH, 70 * RATE / LENGTH
axes[1].imshow(w, aspect="auto", origin="lower", cmap="coolwarm", extent=(*hertz, 0, 12))
axes[1].set(xlabel="Hz", ylabel="class", title="W: each pitch has found its band")

# %% [markdown]
# You are right if more than nine of ten sines are named, and if the picture of W shows a rising diagonal: each class is
# excited by its own frequency and inhibited by those beside it. Nobody told it what a frequency is.
#
# ## The same on samples stops half-way, and must
#
# Give the layer the samples instead of the spectrum. A row of W is now a wave, and its product with a sine of the same
# pitch is largest where the two are in phase, zero a quarter of a period later, and as far *below* zero in opposite
# phase. So for half of all phases the right class says more than the others, which say nearly nothing, and for the
# other half it says less. No matrix can do better than about one half; a spectrum has thrown the phase away.

# %%
w, b = np.zeros((12, LENGTH)), np.zeros(12)
for _ in range(3 if FAST else 15):
    epoch(w, b, train_x, train_t, 0.02, rng)
raw_train = float(((train_x @ w.T + b).argmax(axis=1) == train_t.argmax(axis=1)).mean())
raw_test = float(((test_x @ w.T + b).argmax(axis=1) == test_t.argmax(axis=1)).mean())
print(f"from samples: on what it learned from {raw_train:.0%}, on unheard sines {raw_test:.0%}; chance {1 / 12:.0%}")
assert 0.2 < raw_test < 0.6 and raw_train > raw_test

# %% [markdown]
# You are right if unheard sines are named far more often than by chance and at most half of the time, and those that it
# learned from more often: beyond one half there was nothing left to learn but the examples themselves. That is
# *overfitting*, the subject of the next notebook.
#
# ## PyTorch: two layers, two notes
#
# From here PyTorch derives. Two layers need something bent between them, for two affine maps in a row are one; the
# rectifier (2) is the usual choice:
#
#     x₁ = max(0, W₁ x₀ + b₁),        a = W₂ x₁ + b₂
#
# Of *two* simultaneous notes (dyads), the classes no longer exclude each other, so the softmax goes. Each output has a
# sigmoid (5) and answers for itself, and the loss is the binary cross-entropy of each:
#
#     y = 1 / (1 + exp(-a)),        L = - t log y - (1 - t) log(1 - y)
#
# [binary_cross_entropy](../../src/onpu/layers/losses.py "binary_cross_entropy_with_logits")
#
# ("with logits": sigmoid and logarithm are computed together, so that neither overflows.) Weights begin at random, and
# the size matters: each layer should hand on signals of variance one. He's rule (13) gives W variance 2 / inputs; onpu
# can also measure and divide until it is so.
#
# [unit_variance_](../../src/onpu/layers/initialise.py "weighted.weight /=")
#
# Write the network and the training loop: five lines that are the same for every network of this course (forward, loss,
# zero the slopes, backward, step).

# %% yours
def network(hidden: int) -> nn.Module:
    """(batch, 40) -> logits (batch, 12), with one hidden layer."""
    return nn.Sequential(nn.Linear(40, hidden), nn.ReLU(), nn.Linear(hidden, 12))


def train(model: nn.Module, x: torch.Tensor, t: torch.Tensor, steps: int) -> list[float]:
    """Adam on mini-batches of 32; the loss of each step."""
    optimiser = torch.optim.Adam(model.parameters(), lr=0.003)
    losses = []
    for _ in range(steps):
        batch = torch.randint(len(x), (32,))
        loss = binary_cross_entropy(model(x[batch]), t[batch], torch.ones(32, 12))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    return losses


# %%
def tensor(values: np.ndarray) -> torch.Tensor:
    """As float32."""
    return torch.from_numpy(values).float()


dyads_x, dyads_t = tones(np.random.default_rng(4), COUNT, 2, 2.0)
heard_x, heard_t = tones(np.random.default_rng(5), 500, 2, 2.0)
model = unit_variance_(network(64), [tensor(spectra(dyads_x))])
losses = train(model, tensor(spectra(dyads_x)), tensor(dyads_t), 400 if FAST else 1500)
with torch.inference_mode():
    strength = model(tensor(spectra(heard_x))).numpy()
two = np.sort(strength.argsort(axis=1)[:, -2:], axis=1)
hit = (two == np.stack([np.flatnonzero(row) for row in heard_t])).all(axis=1)
right = float(hit.mean())
print(f"loss {np.mean(losses[:20]):.3f} -> {np.mean(losses[-20:]):.3f}; both notes right {right:.0%}; "
      f"by chance {1 / 66:.1%}")
assert np.mean(losses[-20:]) < np.mean(losses[:20]) and right > (0.05 if FAST else 0.6)

# %% [markdown]
# You are right if both notes are named in more than six of ten dyads (there are 66 pairs), in noise that is louder than
# they are. Which does it miss?

# %%
distance = np.array([np.diff(np.flatnonzero(row))[0] for row in heard_t])
by_interval = [hit[distance == interval].mean() if (distance == interval).any() else np.nan
               for interval in range(1, 12)]
plt.figure(figsize=(10, 2.6), constrained_layout=True)
plt.bar(range(1, 12), by_interval)
plt.xlabel("semitones between the two notes")
plt.ylabel("both right")
print("a semitone apart:", f"{by_interval[0]:.0%},", "a third or more:", f"{np.nanmean(by_interval[2:]):.0%}")

# %% [markdown]
# Compare with notebook 1: frames of 1024 samples at 8 kHz have bins of 7.8 Hz, and the Hann window blurs a sine over
# four of them, wider than the 15.6 Hz from C4 to the semitone above. There two peaks melt into one, and only its shape
# tells that there are two. A network can learn a shape; a picker of peaks could not.
#
# ## Exercises
#
# 1. Make `LENGTH` 4096 (and take bins 120 to 279, the same hertz). Are there fewer errors now, and at which intervals?
# 2. Take the `nn.ReLU()` out. Is the network any better than one layer? *It cannot be; see (1).*
# 3. Give the two-layer network the samples (1024 inputs, hidden 256, 20,000 examples). *Expect far above chance: the
#    squares of the products with a sine and a cosine sum to the same at every phase, and rectifiers can build squares.*
# 4. Replace Adam by `torch.optim.SGD(…, lr=0.1, momentum=0.9)` (16, 17). At which rate does the loss explode?
# 5. Begin with all weights zero instead. Why does the hidden layer never come alive?
