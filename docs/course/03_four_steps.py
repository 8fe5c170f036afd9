# %% [markdown]
# # 3. The four steps, and how they go wrong
#
# Every study with a network consists of the same steps: **data**, **preparing them**, **training**, **testing**. This
# notebook takes them one by one for a small but honest task, naming the drum that was struck, and then breaks each on
# purpose: too small a network, too few kits, wrong labels. After it you can read a learning curve.

# %%
import os

import matplotlib.pyplot as plt
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from onpu.engine.render.synth.drums import kit
from onpu.represent import Features, Log, Mel, Standardise

FAST = os.environ.get("ONPU_COURSE") == "fast"  # a short run that shows only that everything runs
torch.set_num_threads(1)
RATE, SECONDS = 16000, 0.25
DRUMS = {"kick": 36, "snare": 38, "closed hat": 42, "open hat": 46, "tom": 45, "clap": 39}

# %% [markdown]
# ## Step 1: data
#
# The engine draws a whole drum kit from a seed. A stroke is one drum of one kit, at some loudness, with other noise
# each time, begun up to 10 ms late, under hiss. What shall be known at the end is strokes of kits *that were never
# heard*. So the data are divided **by kit**, not by stroke: strokes of one kit are nearly copies of each other, and a
# test that holds copies of what was learned says nothing.
#
# - *training* kits: the weights follow them;
# - *validation* kits: what you decide follows them (size, rate, when to stop);
# - *test* kits: looked at once, at the end.

# %%
def strokes(kits: range, each: int, seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Sounds (count, samples) of `each` strokes of every drum of these kits, and their classes (count,)."""
    rng = np.random.default_rng(seed)
    sounds, classes = [], []
    for number in kits:
        drums = kit(np.random.default_rng([77, number]))
        for label, drum in enumerate(DRUMS.values()):
            for _ in range(each):
                sound = np.zeros(round(RATE * SECONDS), np.float32)
                late = int(rng.integers(0, RATE // 100))
                stroke = drums[drum](rng, rng.uniform(0.4, 1), RATE)[: len(sound) - late]
                sound[late : late + len(stroke)] = stroke / (np.abs(stroke).max() + 1e-6)
                sounds.append(sound * rng.uniform(0.1, 1) + rng.normal(0, 0.01, len(sound)))
                classes.append(label)
    return torch.from_numpy(np.array(sounds, np.float32)), torch.tensor(classes)


KITS, EACH = (6, 2) if FAST else (40, 4)
parts = {"training": strokes(range(KITS), EACH, 1), "validation": strokes(range(100, 100 + KITS // 2), 2, 2),
         "test": strokes(range(200, 200 + KITS // 2), 2, 3)}
print({name: tuple(sounds.shape) for name, (sounds, _) in parts.items()})

# %% [markdown]
# ## Step 2: preparing them
#
# Mel bands, a logarithm (notebook 1), and each band to mean 0 and deviation 1. Mean and deviation are *learned from the
# training part alone*: whatever is computed from test data is a leak, even an average.
#
# [Standardise.forward](../../src/onpu/represent/scale.py "self.deviation")
#
# Write it: from the training features alone to a function that prepares any features.

# %% yours
def standardiser(training: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Features (count, 1, bands, frames) -> mean and deviation of each band, (1, bands, 1)."""
    return training.mean(dim=(0, 3))[..., None], training.std(dim=(0, 3), correction=0)[..., None]


# %%
picture = Features(Mel(RATE, 512, 160, bands=40), Log(1000.0))
pictures = {name: (picture(sounds), classes) for name, (sounds, classes) in parts.items()}
mean, deviation = standardiser(pictures["training"][0])
theirs = Standardise(1, 40).fit([pictures["training"][0]])
assert (mean - theirs.mean).abs().max() < 1e-4 and (deviation - theirs.deviation).abs().max() < 1e-4
ready = {name: ((features - mean) / deviation, classes) for name, (features, classes) in pictures.items()}
print("a picture:", tuple(ready["training"][0].shape[1:]), " mean", f"{ready['training'][0].mean():.3f}")

figure, axes = plt.subplots(1, 6, figsize=(10, 2.3), constrained_layout=True)
for label, (axis, name) in enumerate(zip(axes, DRUMS, strict=True)):
    axis.imshow(ready["training"][0][label * EACH, 0], aspect="auto", origin="lower", cmap="magma")
    axis.set(title=name, xticks=[], yticks=[])

# %% [markdown]
# PyTorch's `DataLoader` shuffles and batches, and loads in other processes where reading is slow.

# %%
def batches(name: str) -> DataLoader:
    """Mini-batches of 32 of a part, shuffled."""
    return DataLoader(TensorDataset(*ready[name]), batch_size=32, shuffle=True,
                      generator=torch.Generator().manual_seed(1))


# %% [markdown]
# ## Step 3: training
#
# A small convolutional network. A convolution lets one small filter pass over the whole picture (32), so that a stroke
# 10 ms later is the same thing:
#
#     x_ij = f( Σ_ab w_ab · x_{i-1+a, j-1+b} + b )
#
# In onpu's own networks it is `nn.Conv2d`, as here:
#
# [_convolution](../../src/onpu/models/tag_fcn.py "nn.Conv2d(")
#
# Write the loop over epochs: train on all batches, then measure loss and accuracy on training and validation *in
# evaluation mode* (dropout off), without slopes.

# %%
def cnn(width: int, dropout: float = 0.0) -> nn.Module:
    """(batch, 1, 40, frames) -> logits (batch, 6)."""
    return nn.Sequential(
        nn.Conv2d(1, width, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(width, 2 * width, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Dropout(dropout), nn.Linear(2 * width * 10 * 6, len(DRUMS)))


@torch.no_grad()
def measure(model: nn.Module, x: torch.Tensor, t: torch.Tensor) -> tuple[float, float]:
    """Mean cross-entropy and share that is right."""
    model.eval()
    logits = model(x)
    return nn.functional.cross_entropy(logits, t).item(), (logits.argmax(dim=1) == t).float().mean().item()


# %% yours
def fit(model: nn.Module, training: DataLoader, epochs: int, decay: float = 0.0) -> list[tuple[float, ...]]:
    """Train; after each epoch: loss and accuracy on training, loss and accuracy on validation."""
    optimiser = torch.optim.AdamW(model.parameters(), lr=0.002, weight_decay=decay)
    curves = []
    for _ in range(epochs):
        model.train()
        for x, t in training:
            loss = nn.functional.cross_entropy(model(x), t)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        curves.append((*measure(model, *training.dataset.tensors), *measure(model, *ready["validation"])))
    return curves


# %%
EPOCHS = 3 if FAST else 12
torch.manual_seed(1)
good = cnn(8)
curves = {"as it should be": fit(good, batches("training"), EPOCHS)}
for number in (0, -1):
    loss, right, validation, known = curves["as it should be"][number]
    print(f"epoch {number % EPOCHS + 1}: training {loss:.2f} ({right:.0%} right), "
          f"validation {validation:.2f} ({known:.0%})")
assert curves["as it should be"][-1][0] < curves["as it should be"][0][0]

# %% [markdown]
# ## Step 4: testing
#
# Once, at the end, on what nothing was decided by. A single number hides what is wrong, so look at the confusions: rows
# are what was struck, columns what was said.

# %%
with torch.inference_mode():
    said = good.eval()(ready["test"][0]).argmax(dim=1)
confusion = np.zeros((6, 6), int)
np.add.at(confusion, (ready["test"][1].numpy(), said.numpy()), 1)
right = np.trace(confusion) / confusion.sum()
plt.figure(figsize=(4.2, 3.6), constrained_layout=True)
plt.imshow(confusion, cmap="magma")
plt.xticks(range(6), DRUMS, rotation=45, ha="right")
plt.yticks(range(6), DRUMS)
plt.title(f"{right:.0%} right on unheard kits")
print(f"test: {right:.1%} right; by chance 17 %")
assert right > (0.2 if FAST else 0.8)

# %% [markdown]
# You are right if more than eight of ten strokes of unheard kits are named. Now three ways to fail.
#
# **Underfitting**: the network is too small, or trained too briefly. Both curves stay high *together*. More data does
# not help; a larger network, a larger rate or more steps do.
#
# **Overfitting**: two kits instead of forty. The training loss goes to nothing, the validation loss turns and *rises*.
# A larger network does not help; more and more varied data do, then dropout (2.8), weight decay, stopping early.
#
# **Wrong labels**: the labels of five kits are dealt out at random. A large network still brings the training loss
# down, by heart (Zhang et al. 2017), and the validation stays at chance. A falling training loss proves nothing.

# %%
def only(count: int, shuffled: bool) -> DataLoader:
    """Training batches of the first `count` kits, with their labels or with random ones."""
    x, t = (values[: count * len(DRUMS) * EACH] for values in ready["training"])
    if shuffled:
        t = t[torch.randperm(len(t), generator=torch.Generator().manual_seed(3))]
    return DataLoader(TensorDataset(x, t), batch_size=32, shuffle=True, generator=torch.Generator().manual_seed(1))


for name, model, data, epochs in (
        ("underfitting", nn.Sequential(nn.AvgPool2d((40, 25)), nn.Flatten(), nn.Linear(1, 6)), batches("training"),
         EPOCHS),
        ("overfitting", cnn(16), only(2, False), 3 * EPOCHS),
        ("wrong labels", cnn(16), only(max(1, KITS // 8), True), 3 * EPOCHS)):
    curves[name] = fit(model, data, epochs)

figure, axes = plt.subplots(1, 4, figsize=(12, 3), sharey=True, constrained_layout=True)
for axis, (name, rows) in zip(axes, curves.items(), strict=True):
    axis.plot([row[0] for row in rows], label="training")
    axis.plot([row[2] for row in rows], label="validation")
    axis.set(title=name, xlabel="epoch", ylim=(0, 3))
axes[0].set_ylabel("cross-entropy")
axes[0].legend()
for name, rows in curves.items():
    print(f"{name}: training {rows[-1][1]:.0%} right, validation {rows[-1][3]:.0%}")

# %% [markdown]
# You are right if your curves tell the four cases apart without their titles:
#
# | | training | validation |
# |---|---|---|
# | as it should be | low | low, near it |
# | underfitting | high | high, near it |
# | overfitting | near nothing | far above, and turning up |
# | wrong labels | goes down | above log 6 = 1.79, rising |

# %%
if not FAST:
    last = {name: rows[-1] for name, rows in curves.items()}
    assert last["underfitting"][0] > 1.2 and abs(last["underfitting"][0] - last["underfitting"][2]) < 0.3
    assert last["overfitting"][1] > 0.98 and last["overfitting"][3] < last["as it should be"][3] - 0.05
    assert last["wrong labels"][0] < 1.5 and last["wrong labels"][2] > 1.79

# %% [markdown]
# ## Stopping early, and the validation's other use
#
# The best epoch is the one with the lowest validation loss, not the last. Because you chose it by the validation
# part, its score there is flattering, and that is why the test part exists. onpu chooses by the task's own measure,
# not by the loss (F of beats, say), and averages weights over the last steps.
#
# Write it: the number of the epoch at which to stop if `patience` epochs in a row bring nothing better.

# %% yours
def stop(losses: list[float], patience: int) -> int:
    """The epoch (from 0) whose weights are kept."""
    best = 0
    for number, loss in enumerate(losses):
        if loss < losses[best]:
            best = number
        elif number - best >= patience:
            break
    return best


# %%
assert stop([3.0, 2.0, 2.5, 1.0], patience=1) == 1 and stop([3.0, 2.0, 2.5, 1.0], patience=2) == 3
overfitted = [row[2] for row in curves["overfitting"]]
print(f"overfitting is best after epoch {stop(overfitted, 5) + 1} of {len(overfitted)}")

# %% [markdown]
# ## Exercises
#
# 1. Divide the strokes at random instead of by kit. *You are right if the test now flatters: by how much?*
# 2. Draw accuracy on the test kits against the number of training kits: 1, 2, 5, 10, 20, 40. Is it still rising at 40?
# 3. Give the overfitting network `dropout=0.5`, then `decay=0.1`, then both. Does either help as much as two more kits?
# 4. Leave the standardising out. What happens to the first epoch?
# 5. Train with a rate of 0.2, and of 0.00002. Which of the four pictures does each look like?
