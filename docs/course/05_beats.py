# %% [markdown]
# # 5. Beats and the bar pointer
#
# People tap along to music without knowing how. A beat tracker of today has two parts: a network says for each moment
# how much it looks like a beat, and a *bar pointer* finds the sequence of beats that explains all moments best, because
# beats are nearly evenly spaced and music keeps its tempo. You write both parts' essentials.

# %%
import os

import matplotlib.pyplot as plt
import numpy as np
import torch
from torch import nn

from onpu.decode.bars import BarModel, decode_bars
from onpu.engine.compose import compose
from onpu.engine.render import render
from onpu.layers.losses import binary_cross_entropy
from onpu.metrics.beats import f_measure
from onpu.music import Beats
from onpu.represent import LogFilterbank

FAST = os.environ.get("ONPU_COURSE") == "fast"  # a short run that shows only that everything runs
torch.manual_seed(1)
torch.set_num_threads(1)
STYLES = ("rock", "funk", "house", "pop", "folk", "disco")
front = LogFilterbank()  # 82 logarithmic bands, 50 frames a second
FPS = front.clock.fps

# %% [markdown]
# ## Data: songs whose beats are known
#
# [LogFilterbank.forward](../../src/onpu/represent/filterbanks.py "bands if self.compress is None")

# %%
def song(seed: int) -> tuple[torch.Tensor, Beats]:
    """Features (82, frames) and the beats of a composed song."""
    made = compose(seed, STYLES[seed % len(STYLES)], seconds=6 if FAST else 20)
    sound = render(made, seed, front.rate, fonts=[]).mixture().samples.mean(axis=0)
    return front(torch.from_numpy(sound)[None])[0, 0], made.timeline.beats


training = [song(seed) for seed in range(2 if FAST else 8)]
test = [song(seed) for seed in range(100, 101 if FAST else 104)]
print("songs", len(training), "and", len(test), " features", tuple(training[0][0].shape))

# %% [markdown]
# ## What the network is asked
#
# Two questions a frame: is this a beat, is it a downbeat? Targets are 1 on the frame of a beat. Its neighbours get ½:
# the label is never right to a hundredth of a second, and a network that is punished for being 20 ms early learns to
# be unsure. Write the targets. Frame i is at i / 50 seconds.

# %% yours
def targets(times: np.ndarray, frames: int) -> np.ndarray:
    """Seconds of events -> (frames,): 1 on the nearest frame, ½ beside it, else 0."""
    places = np.round(np.asarray(times) * FPS).astype(int)
    wanted = np.zeros(frames, np.float32)
    for shift, value in ((-1, 0.5), (1, 0.5), (0, 1.0)):
        near = places + shift
        wanted[near[(near >= 0) & (near < frames)]] = value
    return wanted


# %%
assert targets(np.array([0.1, 0.5]), 30).nonzero()[0].tolist() == [4, 5, 6, 24, 25, 26]
assert targets(np.array([0.0, 0.02]), 3).tolist() == [1, 1, 0.5]

# %% [markdown]
# ## A network with a wide view
#
# What makes a beat lies seconds away: the pattern that repeats. Convolutions with *holes* see far with few weights:
# with kernels of 5 and holes of 1, 2, 4 … 32 frames, seven layers see ±2.5 s (Davies & Böck 2019). In onpu's tracker
# it is
#
# [BeatTcn.forward](../../src/onpu/models/beat_tcn.py "x, skip = block(x)")

# %%
class Tracker(nn.Module):
    """(batch, 82, frames) -> logits of beat and downbeat (batch, 2, frames)."""

    def __init__(self, width: int = 16):
        super().__init__()
        self.first = nn.Conv1d(82, width, 5, padding=2)
        self.far = nn.ModuleList(nn.Conv1d(width, width, 5, padding=2 * hole, dilation=hole)
                                 for hole in (1, 2, 4, 8, 16, 32))
        self.last = nn.Conv1d(width, 2, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """See the class."""
        x = self.first(x)
        for layer in self.far:
            x = x + nn.functional.elu(layer(x))  # a residual: f(x) + x
        return self.last(x)


LENGTH = 250
wanted = [np.stack([targets(beats.times, x.shape[1]), targets(beats.downbeats, x.shape[1])]) for x, beats in training]
model = Tracker()
optimiser = torch.optim.Adam(model.parameters(), lr=0.005)
curve = []
for _ in range(15 if FAST else 250):
    picks = torch.randint(len(training), (8,)).tolist()
    starts = [int(torch.randint(training[pick][0].shape[1] - LENGTH + 1, ())) for pick in picks]
    x = torch.stack([training[pick][0][:, a : a + LENGTH] for pick, a in zip(picks, starts, strict=True)])
    t = torch.from_numpy(np.stack([wanted[pick][:, a : a + LENGTH] for pick, a in zip(picks, starts, strict=True)]))
    loss = binary_cross_entropy(model(x), t, torch.ones_like(t), positive=4.0)
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    curve.append(loss.item())
print(f"loss {np.mean(curve[:5]):.2f} -> {np.mean(curve[-5:]):.2f}")
assert np.mean(curve[-5:]) < np.mean(curve[:5])


@torch.no_grad()
def activations(x: torch.Tensor) -> np.ndarray:
    """Beat and downbeat (2, frames), 0 to 1; a downbeat is a beat."""
    beat, down = model(x[None])[0].sigmoid().double().numpy()
    return np.stack([np.maximum(beat, down), down])


# %% [markdown]
# ## Peaks alone
#
# The simplest decoder takes every peak above ½. F counts a beat as found within 70 ms.
#
# [f_measure](../../src/onpu/metrics/beats.py "mir_eval")

# %%
def peaks(activation: np.ndarray) -> np.ndarray:
    """Seconds of the local maxima above one half."""
    inner = activation[1:-1]
    return (np.flatnonzero((inner > 0.5) & (inner >= activation[:-2]) & (inner > activation[2:])) + 1) / FPS


by_peaks = [f_measure(beats.times, peaks(activations(x)[0])) for x, beats in test]
print(f"peaks: F {np.mean(by_peaks):.3f}; the worst song {min(by_peaks):.3f}")

# %% [markdown]
# ## The bar pointer
#
# Imagine a pointer that runs through each beat, one frame a step. Its state is the *length* of the beat, a whole number
# of frames, and the *place* within it. Inside a beat it has no choice. At the beginning of a beat it may choose another
# length, and a change of tempo is the less likely the larger it is (Krebs, Böck & Widmer 2015, eq. 7):
#
#     P(τ' | τ) ∝ exp(-λ |τ' / τ - 1|)
#
# [_tempo_changes](../../src/onpu/decode/bars.py "logits = -steadiness")
#
# The first 1/Λ of a beat reads the activation b, all other frames its complement, divided by Λ - 1 because there are so
# many of them:
#
#     p(b_t | head) = b_t,        p(b_t | rest) = (1 - b_t) / (Λ - 1)
#
# [log_densities](../../src/onpu/decode/bars.py "silent = np.clip(")
#
# The best sequence of states is Viterbi's (notebook 4), over some thousand states. Write it: states lie in one row,
# beat length after beat length, so that a step is a shift by one, but for the first place of each length, to which
# the last places of all lengths lead.

# %% yours
def pointer(beat: np.ndarray, lengths: np.ndarray, heads: np.ndarray, steadiness: float, share: float) -> np.ndarray:
    """Activation (frames,), lengths (n,) of beats and their heads (n,), in frames -> frames on which beats begin."""
    first = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    last = first + lengths - 1
    place = np.arange(lengths.sum()) - np.repeat(first, lengths)
    head = place < np.repeat(heads, lengths)
    moves = -steadiness * np.abs(lengths[None] / lengths[:, None] - 1)  # from row to column
    moves -= np.log(np.exp(moves).sum(axis=1, keepdims=True))
    seen = np.clip(beat, 1e-6, 1 - 1e-6)
    score, came = np.zeros(len(place)), np.zeros((len(beat), len(lengths)), int)
    for t in range(len(beat)):
        if t:
            arriving = score[last][:, None] + moves
            came[t] = arriving.argmax(axis=0)
            score = np.concatenate([[0], score[:-1]])
            score[first] = arriving.max(axis=0)
        score = score + np.where(head, np.log(seen[t]), np.log((1 - seen[t]) / (share - 1)))
    state, found = int(score.argmax()), []
    for t in range(len(beat) - 1, -1, -1):
        length = int(np.searchsorted(first, state, side="right")) - 1
        if state == first[length]:
            found.append(t)
            state = int(last[came[t, length]])
        else:
            state -= 1
    return np.array(found[::-1])


# %% [markdown]
# You are right if it finds a steady pulse through noise and gaps, and if on the test songs nearly all of its beats are
# those of onpu's decoder, which finds the same path beat by beat instead of frame by frame.

# %%
one = BarModel(FPS, metres=(1,), bpm=(55, 215), downbeats=0.5)  # bars of one beat: a beat pointer
lengths = one.lengths()
heads = one.beat_frames(lengths)
noisy = np.random.default_rng(1).random(400) * 0.3
noisy[7::25] = 0.9
noisy[[82, 107, 132]] = 0.0  # three beats are missing
steady = pointer(noisy, lengths, heads, one.steadiness, one.share)
print("a pulse with a gap:", steady.tolist())
assert len(steady) == 16 and np.abs(steady - np.arange(7, 400, 25)).max() <= 2

same, by_pointer = [], []
for x, beats in test:
    beat, _ = activations(x)
    mine, theirs = pointer(beat, lengths, heads, one.steadiness, one.share), decode_bars(beat, beat, one).frames
    same.append(np.mean([np.abs(theirs - frame).min() <= 1 for frame in mine]))
    by_pointer.append(f_measure(beats.times, mine / FPS))
print(f"as onpu's: {np.mean(same):.1%}; pointer: F {np.mean(by_pointer):.3f}; peaks: {np.mean(by_peaks):.3f}")
assert np.mean(same) > 0.9

# %% [markdown]
# ## Bars
#
# Let the pointer run through a *bar* instead, of three or four beats, whose first reads the downbeat's activation. Then
# beats, downbeats and metre come out together. It is the same search with more states:

# %%
bars = BarModel(FPS, metres=(3, 4), bpm=(55, 215))
by_bars = []
for x, beats in test:
    beat, down = activations(x)
    path = decode_bars(beat, down, bars)
    by_bars.append((f_measure(beats.times, path.frames / FPS),
                    f_measure(beats.downbeats, path.frames[path.positions == 1] / FPS)))
beats_right, bars_right = np.mean(by_bars, axis=0)
print(f"bars: beats F {beats_right:.3f}, downbeats F {bars_right:.3f}")

figure, axis = plt.subplots(figsize=(11, 3), constrained_layout=True)
x, beats = test[0]
beat, down = activations(x)
path = decode_bars(beat, down, bars)
axis.plot(np.arange(len(beat)) / FPS, beat, label="beat")
axis.plot(np.arange(len(beat)) / FPS, -down, label="downbeat (downwards)")
axis.vlines(beats.times, 1.05, 1.2, color="black")
axis.vlines(beats.downbeats, 1.05, 1.35, color="black", linewidth=2.5)
axis.vlines(path.frames / FPS, -1.2, -1.05, color="tab:green")
axis.vlines(path.frames[path.positions == 1] / FPS, -1.35, -1.05, color="tab:green", linewidth=2.5)
axis.set(xlim=(0, min(10, len(beat) / FPS)), xlabel="seconds", title="an unheard song: truth above, found below")
axis.legend(loc="lower right")

# %% [markdown]
# You are right if the pointer's F is at least that of peaks, and the beats of bars are above 0.5, of a network that has
# heard less than three minutes of music.

# %%
if not FAST:
    assert np.mean(by_pointer) > np.mean(by_peaks) - 0.02 and beats_right > 0.5

# %% [markdown]
# ## Exercises
#
# 1. Which songs are found at half or double tempo? *`AMLt` of `onpu.metrics.beats.evaluate`, which allows other levels,
#    is far above `CMLt` there.* Narrow `bpm` and see.
# 2. λ = 10, 60, 300. Which is best for a song that slows down, which for techno?
# 3. Widen the targets to ±2 frames, and narrow them to one. What happens to the height of peaks, and to F?
# 4. Count the states of `pointer` and the operations of a frame. Why does onpu search over beats instead of frames?
# 5. Train on one style and test on another. What does the network know: rhythm, or drums?
