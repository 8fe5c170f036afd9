# %% [markdown]
# # 4. Chords, and what follows what
#
# Notebook 1 named chords frame by frame, and the names flickered. Music does not: a chord stays for a second or two,
# and what comes next is no accident. Here a small network learns the chords of a frame, and a *conditional random
# field* learns how they follow each other, from the likelihood of whole sequences. You write its two algorithms,
# Viterbi and forward.

# %%
import itertools
import os

import matplotlib.pyplot as plt
import numpy as np
import torch
from torch import nn

from onpu.decode.chain import best_path
from onpu.engine.compose import compose
from onpu.engine.render import render
from onpu.layers.chain import chain_loss
from onpu.models.chord_chain import ChordChain
from onpu.music import harte
from onpu.represent import Chroma

FAST = os.environ.get("ONPU_COURSE") == "fast"  # a short run that shows only that everything runs
torch.manual_seed(1)
torch.set_num_threads(1)
RATE, HOP = 22050, 2205  # ten frames a second
STYLES = ("singer songwriter", "folk", "pop", "country", "hymn", "piano ballad")
NONE, CLASSES = 24, 26  # root * 2 + minor; none; without a third

# %% [markdown]
# ## Data
#
# Songs in six styles, other seeds to learn from than to test. Every tenth of a second has a chord: of 24 major and
# minor triads, sevenths counted with their triad, none, or one without a third.

# %%
def song(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Chroma (12, frames) and classes (frames,)."""
    made = compose(seed, STYLES[seed % len(STYLES)], seconds=6 if FAST else 20)
    sound = render(made, seed, RATE, fonts=[]).mixture().samples.mean(axis=0)
    values = Chroma(RATE, HOP, octaves=6)(torch.from_numpy(sound)[None])[0, 0].numpy()
    times = np.arange(values.shape[1]) * HOP / RATE
    classes = np.full(len(times), NONE)
    for start, end, label in zip(made.timeline.chords.starts, made.timeline.chords.ends, made.timeline.chords.labels,
                                 strict=True):
        chord = harte.parse(str(label))
        number = NONE
        if chord.root >= 0:
            major, minor = ((chord.root + third) % 12 in chord.classes for third in (4, 3))
            number = chord.root * 2 + (not major) if major or minor else CLASSES - 1
        classes[(times >= start) & (times < end)] = number
    return values, classes


COUNT = 3 if FAST else 8
training, test = [song(seed) for seed in range(COUNT)], [song(seed) for seed in range(100, 102 if FAST else 104)]
print(sum(len(classes) for _, classes in training) / 10, "seconds to learn from,",
      sum(len(classes) for _, classes in test) / 10, "to test")

# %% [markdown]
# ## The network of a frame
#
# It sees nine frames of chroma, and what it says of C major it must say of D major two steps on: a convolution *around*
# the circle of pitch classes, whose weights are shared by all roots (the picture shifts when music is transposed, see
# notebook 1). So 12 keys' worth of data comes for nothing.

# %%
class Frames(nn.Module):
    """(batch, 12, frames) -> logits (batch, 26, frames)."""

    def __init__(self, hidden: int = 16):
        super().__init__()
        self.around = nn.Conv2d(1, hidden, (12, 9), padding=(0, 4))
        self.third = nn.Conv2d(hidden, 2, 1)
        self.rest = nn.Linear(hidden, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """See the class."""
        circle = torch.cat([x, x[:, :11]], dim=1)[:, None]
        seen = self.around(circle).relu()  # (batch, hidden, 12, frames)
        triads = self.third(seen).permute(0, 2, 1, 3).flatten(1, 2)  # root * 2 + minor
        return torch.cat([triads, self.rest(seen.mean(dim=2).transpose(1, 2)).transpose(1, 2)], dim=1)


def crops(songs: list[tuple[np.ndarray, np.ndarray]], count: int, length: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Random stretches: chroma (count, 12, length), classes (count, length)."""
    rows = [songs[int(torch.randint(len(songs), ()))] for _ in range(count)]
    starts = [int(torch.randint(row[0].shape[1] - length + 1, ())) for row in rows]
    return (torch.from_numpy(np.stack([row[0][:, a : a + length] for row, a in zip(rows, starts, strict=True)])),
            torch.from_numpy(np.stack([row[1][a : a + length] for row, a in zip(rows, starts, strict=True)])))


shifted = Frames()
x = torch.rand(1, 12, 20)
there = shifted(torch.roll(x, 2, dims=1))[:, :24]
assert torch.allclose(there, torch.roll(shifted(x)[:, :24], 4, dims=1), atol=1e-5)  # transposed by two semitones

# %%
LENGTH, STEPS = 40, 20 if FAST else 300


def train_frames(model: nn.Module) -> None:
    """Cross-entropy of each frame by itself."""
    optimiser = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(STEPS):
        x, classes = crops(training, 8, LENGTH)
        loss = nn.functional.cross_entropy(model(x), classes)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()


def score(paths: list[np.ndarray]) -> tuple[float, float]:
    """Share of the time that is right, and changes of chord over those of the truth, on the test songs."""
    truth = [classes for _, classes in test]
    right = np.mean(np.concatenate([path == t for path, t in zip(paths, truth, strict=True)]))
    changes = [sum(int((np.diff(each) != 0).sum()) for each in sequences) for sequences in (paths, truth)]
    return float(right), changes[0] / changes[1]


@torch.no_grad()
def said(model: nn.Module) -> list[np.ndarray]:
    """Log probabilities (26, frames) of each test song."""
    return [model(torch.from_numpy(x)[None])[0].log_softmax(dim=0).numpy() for x, _ in test]


frames = Frames()
train_frames(frames)
alone = score([each.argmax(axis=0) for each in said(frames)])
print(f"frame by frame: right {alone[0]:.1%} of the time, {alone[1]:.1f} times as many changes as there are")
assert alone[0] > 3 / 26

# %% [markdown]
# ## Viterbi: the best sequence
#
# A sequence s of chords has a score: what the frames say, e_t(s_t), and how likely each step is. A chord stays with
# probability 1 - c and goes with c to another one by a matrix M of moves:
#
#     score(s) = Σ_t e_t(s_t) + Σ_t log[ (1 - c_t) 1(s_t = s_{t-1}) + c_t M(s_{t-1}, s_t) ]
#
# There are 26^T sequences. But the best one that ends in a state at time t needs only the best ones that end at t - 1,
# so it takes 26² T steps (Viterbi 1967):
#
#     δ_t(j) = e_t(j) + max_i [ δ_{t-1}(i) + log P(i, j) ]
#
# with a note of which i it was, to go back along. In onpu, where most states stay, the two cases are kept apart:
#
# [best_path](../../src/onpu/decode/chain.py "arrivals = log_moves + score")
#
# Write it.

# %% yours
def viterbi(emissions: np.ndarray, change: np.ndarray, moves: np.ndarray) -> np.ndarray:
    """emissions (states, frames), change (frames,), moves (states, states; rows sum to 1, diagonal 0) -> (frames,)."""
    count, length = emissions.shape
    best, origin = emissions[:, 0], np.zeros((length, count), int)
    for t in range(1, length):
        step = np.log(np.maximum((1 - change[t]) * np.eye(count) + change[t] * moves, 1e-12))
        arriving = best[:, None] + step
        origin[t] = arriving.argmax(axis=0)
        best = arriving.max(axis=0) + emissions[:, t]
    path = [int(best.argmax())]
    for t in range(length - 1, 0, -1):
        path.append(int(origin[t, path[-1]]))
    return np.array(path[::-1])


# %% [markdown]
# You are right if it finds onpu's path, and if on four frames of three states it is the best of all 81 sequences.

# %%
def chain_score(path: np.ndarray, emissions: np.ndarray, change: np.ndarray, moves: np.ndarray) -> float:
    """Score of a sequence, as it stands above."""
    total = float(sum(emissions[state, t] for t, state in enumerate(path)))
    for t in range(1, len(path)):
        a, b = path[t - 1], path[t]
        total += float(np.log((1 - change[t]) * (a == b) + change[t] * moves[a, b]))
    return total


rng = np.random.default_rng(1)
small = rng.normal(0, 1, (3, 4)), np.full(4, 0.3), (np.ones((3, 3)) - np.eye(3)) / 2
every = {path: chain_score(np.array(path), *small) for path in itertools.product(range(3), repeat=4)}
assert tuple(viterbi(*small)) == max(every, key=every.__getitem__)

any_other = (np.ones((CLASSES, CLASSES)) - np.eye(CLASSES)) / (CLASSES - 1)
paths = {}
for c in (0.5, 0.05, 0.001):
    paths[c] = [viterbi(each, np.full(each.shape[1], c), any_other) for each in said(frames)]
    theirs = [best_path(each, np.full(each.shape[1], c), any_other) for each in said(frames)]
    assert all((mine == other).mean() > 0.99 for mine, other in zip(paths[c], theirs, strict=True))
    right, changes = score(paths[c])
    print(f"c = {c}: right {right:.1%}, {changes:.1f} times the changes")

# %% [markdown]
# With a large c the frames have their way; too small a c passes over chords. You could try values until one is best. Or
# let it be learned.
#
# ## The likelihood of a sequence
#
# A conditional random field gives a sequence the probability exp(score(s)) / Z, where Z sums over *all* sequences. What
# is minimised is -log of it for the true sequence:
#
#     L = log Z - score(s_true),        Z = Σ_s exp(score(s))
#
# Z needs no 26^T terms either: the forward algorithm is Viterbi with a sum in place of the maximum,
#
#     log α_t(j) = e_t(j) + log Σ_i exp( log α_{t-1}(i) + log P(i, j) ),        log Z = log Σ_j α_T(j)
#
# In onpu α is scaled in each frame so that it neither overflows nor vanishes:
#
# [chain_loss](../../src/onpu/layers/chain.py "alpha = ((1 - c) * alpha")

# %% yours
def log_partition(emissions: np.ndarray, change: np.ndarray, moves: np.ndarray) -> float:
    """log Z; arguments as for `viterbi`."""
    log_alpha = emissions[:, 0]
    for t in range(1, emissions.shape[1]):
        step = np.log(np.maximum((1 - change[t]) * np.eye(len(moves)) + change[t] * moves, 1e-300))
        log_alpha = np.logaddexp.reduce(log_alpha[:, None] + step, axis=0) + emissions[:, t]
    return float(np.logaddexp.reduce(log_alpha))


# %% [markdown]
# You are right if Z is the sum over the 81 sequences, and if log Z minus the score is onpu's loss.

# %%
assert abs(log_partition(*small) - np.logaddexp.reduce(list(every.values()))) < 1e-9
one = said(frames)[0][:, :30]
truth = test[0][1][:30]
c = np.full(30, 0.05)
mine = (log_partition(one, c, any_other) - chain_score(truth, one, c, any_other)) / 30
theirs = chain_loss(torch.from_numpy(one)[None], torch.from_numpy(truth)[None], torch.full((1, 30), 0.05),
                    torch.from_numpy(any_other).float(), torch.ones(1, 30)).item()
print(f"nats a frame: yours {mine:.4f}, onpu {theirs:.4f}")
assert abs(mine - theirs) < 1e-3

# %% [markdown]
# ## The chain learns
#
# The network stays as it is. The chain has a few dozen weights: how likely a change is, and for each pair of qualities
# and each *interval* of roots how likely that move is. PyTorch derives L through the forward algorithm.
#
# [ChordChain.forward](../../src/onpu/models/chord_chain.py "self.moves.flatten()[self.index]")

# %%
def chain_parts(chain: ChordChain) -> tuple[torch.Tensor, torch.Tensor]:
    """Probability of a change, moves (26, 26)."""
    logits = chain()
    return logits["change"][1].sigmoid(), logits["moves"].softmax(dim=1)


chain = ChordChain(2)
optimiser = torch.optim.Adam(chain.parameters(), lr=0.03)
curve = []
for _ in range(10 if FAST else 150):
    x, classes = crops(training, 8, LENGTH)
    change, moves = chain_parts(chain)
    with torch.no_grad():
        emissions = frames(x).log_softmax(dim=1)
    loss = chain_loss(emissions, classes, change.expand(8, LENGTH), moves, torch.ones(8, LENGTH))
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    curve.append(loss.item())
with torch.no_grad():
    change, moves = (value.numpy() for value in chain_parts(chain))
chained = [viterbi(each, np.full(each.shape[1], change), moves) for each in said(frames)]
right, changes = score(chained)
print(f"loss {np.mean(curve[:5]):.2f} -> {np.mean(curve[-5:]):.2f} nats a frame; a change every {0.1 / change:.1f} s")
print(f"with the chain: right {right:.1%}, {changes:.1f} times the changes; frame by frame it was {alone[0]:.1%}, "
      f"{alone[1]:.1f} times")

figure, axes = plt.subplots(1, 2, figsize=(12, 3.6), constrained_layout=True, width_ratios=(2, 1))
seconds = np.arange(len(test[0][1])) / 10
axes[0].plot(seconds, test[0][1], linewidth=6, alpha=0.3, label="truth")
axes[0].plot(seconds, said(frames)[0].argmax(axis=0), ".", markersize=3, label="frames alone")
axes[0].plot(seconds, chained[0], linewidth=1, label="with the chain")
axes[0].set(xlabel="seconds", ylabel="class", title="an unheard song")
axes[0].legend()
from_major = np.stack([moves[0, 0:24:2], moves[0, 1:24:2]])
axes[1].bar(np.arange(12) - 0.2, from_major[0], 0.4, label="to major")
axes[1].bar(np.arange(12) + 0.2, from_major[1], 0.4, label="to minor")
axes[1].set(xlabel="semitones up from the root of a major chord", title="learned moves")
axes[1].legend()

# %% [markdown]
# You are right if it names more of the time right than frames alone, with fewer changes, and if the learned
# moves show harmony: from a major chord a fourth up (5 semitones) or a fifth up (7) is among the two most common steps
# to another major one. Nobody told it. (Do not mind the loss from batch to batch: crops differ by more than a few dozen
# weights can gain.)

# %%
if not FAST:
    assert right > alone[0] and changes < alone[1]
    assert {5, 7} & set(from_major[0].argsort()[-2:].tolist())

# %% [markdown]
# ## Exercises
#
# 1. Print the ten most likely moves with names. Which are cadences?
# 2. Let `change` depend on the place in the bar (the timeline knows the beats): two numbers, one on beats and one off.
#    *You are right if the first is at least five times the second.* This is what `onpu.models.chord_chain` does.
# 3. Train network and chain together, by giving the optimiser the weights of both. *You are right if the loss falls to
#    a third and the test songs get worse: four minutes of music are learned by heart (notebook 3).* What would help?
# 4. Write the posterior of a frame (forward times backward) and compare with `onpu.decode.chain.posterior`. When is the
#    most probable state of each frame not on the best path?
# 5. Add `dim` and `aug` as qualities. What do 24 bars of examples teach, and what would a million?
