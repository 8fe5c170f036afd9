# %% [markdown]
# # 6. Transcription: CNN, RNN, CRNN, Onsets and Frames
#
# From sound to notes: which keys are pressed, when, and for how long. The answer for each frame is a row of yes and no,
# one for each key. Four networks are compared on the same data, in the order in which the field found them, and then
# what matters as much: how activations become notes.

# %%
import os

import matplotlib.pyplot as plt
import numpy as np
import torch
from torch import nn

from onpu.decode.notes import Levels, find_notes
from onpu.engine.render.performance import Strokes
from onpu.engine.render.synth import play
from onpu.engine.render.synth.patches import patch
from onpu.layers.losses import binary_cross_entropy
from onpu.metrics.notes import evaluate
from onpu.music import Notes
from onpu.represent import Cqt, Features, Log

FAST = os.environ.get("ONPU_COURSE") == "fast"  # a short run that shows only that everything runs
torch.set_num_threads(1)
RATE, HOP, SECONDS = 16000, 512, 8.0
LOWEST, KEYS = 48, 24  # C3 to B4
PIANO = 0  # General MIDI program
front = Features(Cqt(RATE, HOP, fmin=440 * 2 ** ((LOWEST - 69) / 12), bins=60, amplitude=True), Log(100.0))
FPS = front.clock.fps

# %% [markdown]
# ## Data: pianos playing chords, lines and repeated notes
#
# Every clip is played on another piano, drawn from a seed; test pianos are never heard in training. A third of the
# notes repeat the key before, for a reason that comes at the end.

# %%
def clip(seed: int) -> tuple[torch.Tensor, Notes]:
    """Features (1, 60, frames) and notes."""
    rng = np.random.default_rng([6, seed])
    rows, time, keys = [], 0.1, rng.integers(LOWEST, LOWEST + KEYS, 1)
    while time < SECONDS - 0.6:
        if rng.random() > 0.35:
            keys = rng.choice(np.arange(LOWEST, LOWEST + KEYS), rng.integers(1, 4), replace=False)
        length = rng.choice([0.2, 0.4, 0.6])
        rows += [(time, time + 0.98 * length, key, rng.integers(50, 110)) for key in keys]
        time += length
    onsets, offsets, pitches, velocities = (np.array(column, float) for column in zip(*rows, strict=True))
    sound = play(Strokes(onsets, offsets, pitches, velocities, np.zeros((0, 2))), patch(PIANO, rng),
                 round(SECONDS * RATE), RATE, rng).mean(axis=0)
    with torch.no_grad():
        seen = front(torch.from_numpy(sound / np.abs(sound).max())[None])[0]
    return seen, Notes(onsets, offsets, pitches, velocities, np.zeros(len(rows), int), np.ones(len(rows)))


training = [clip(seed) for seed in range(2 if FAST else 12)]
test = [clip(seed) for seed in range(100, 101 if FAST else 104)]
print("clips", len(training), "and", len(test), " features", tuple(training[0][0].shape),
      " notes to learn from", sum(len(notes) for _, notes in training))

# %% [markdown]
# ## Targets
#
# Two rolls (keys, frames): where a note *begins* (its onset and the next frame), and where it *sounds*. Frame i lies at
# i / FPS seconds. Write them.

# %% yours
def rolls(notes: Notes, frames: int) -> np.ndarray:
    """Onset and frame rolls, (2, KEYS, frames), zeros and ones."""
    onset, sounding = np.zeros((2, KEYS, frames), np.float32)
    for start, end, pitch in zip(notes.onsets, notes.offsets, notes.pitches, strict=True):
        first, key = round(start * FPS), int(pitch) - LOWEST
        onset[key, first : first + 2] = 1
        sounding[key, first : max(first + 1, round(end * FPS))] = 1
    return np.stack([onset, sounding])


# %%
seen, notes = training[0]
told = rolls(notes, seen.shape[-1])
assert told.shape == (2, KEYS, seen.shape[-1]) and (told[0] <= np.maximum(told[1], np.roll(told[0], 1, axis=1))).all()
assert told[1].sum() > told[0].sum() > len(notes)
figure, axes = plt.subplots(3, 1, figsize=(10, 6), sharex=True, constrained_layout=True)
for axis, values, title in zip(axes, (seen[0], told[0], told[1]), ("what is seen", "onsets", "frames"), strict=True):
    axis.imshow(values, aspect="auto", origin="lower", cmap="magma", extent=(0, SECONDS, 0, len(values)))
    axis.set_title(title)

# %% [markdown]
# ## Four networks
#
# **CNN** (Kelz et al. 2016): convolutions over time and pitch, then a dense layer for each frame. It sees five frames.
#
# **RNN** (Böck & Schedl 2012): a recurrent network over the spectrum, both ways in time. It can remember, and has to
# learn anew for each pitch what a note looks like. Its cell here is the GRU (28–31), whose last line decides how much
# of the old state stays:
#
#     h_t = z_t ⊙ h_{t-1} + (1 - z_t) ⊙ h̃_t
#
# [GruCell.step](../../src/onpu/layers/cells.py "(1 - z)")
#
# **CRNN**: the recurrent network reads what the convolutions say.
#
# [NoteBaseline.forward](../../src/onpu/models/note_baselines.py "y, _ = self.recurrent(y)")
#
# Write the CRNN from the two parts that are given.

# %%
class Stack(nn.Module):
    """(batch, 1, 60, frames) -> (batch, frames, 48)."""

    def __init__(self):
        super().__init__()
        self.convolutions = nn.Sequential(
            nn.Conv2d(1, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d((2, 1)),
            nn.Conv2d(8, 12, 3, padding=1), nn.BatchNorm2d(12), nn.ReLU(), nn.MaxPool2d((2, 1)))
        self.dense = nn.Linear(12 * 15, 48)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """See the class."""
        return self.dense(self.convolutions(x).flatten(1, 2).transpose(1, 2)).relu()


def both_ways(inputs: int) -> nn.GRU:
    """A recurrent layer, 24 units in each direction."""
    return nn.GRU(inputs, 24, batch_first=True, bidirectional=True)


class Cnn(nn.Module):
    """(batch, 1, 60, frames) -> logits of onset and frame, (batch, 2, KEYS, frames)."""

    def __init__(self):
        super().__init__()
        self.stack, self.heads = Stack(), nn.Linear(48, 2 * KEYS)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """See the class."""
        return self.heads(self.stack(x)).transpose(1, 2).unflatten(1, (2, KEYS))


class Rnn(nn.Module):
    """As `Cnn`."""

    def __init__(self):
        super().__init__()
        self.normalise, self.recurrent, self.heads = nn.BatchNorm1d(60), both_ways(60), nn.Linear(48, 2 * KEYS)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """See the class."""
        y, _ = self.recurrent(self.normalise(x[:, 0]).transpose(1, 2))
        return self.heads(y).transpose(1, 2).unflatten(1, (2, KEYS))


# %% yours
class Crnn(nn.Module):
    """As `Cnn`: a stack, a recurrent layer on it, two heads."""

    def __init__(self):
        super().__init__()
        self.stack, self.recurrent, self.heads = Stack(), both_ways(48), nn.Linear(48, 2 * KEYS)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """See the class."""
        y, _ = self.recurrent(self.stack(x))
        return self.heads(y).transpose(1, 2).unflatten(1, (2, KEYS))


# %% [markdown]
# **Onsets and Frames** (Hawthorne et al. 2018): two networks, one for onsets, one for frames, and the frame network
# *reads* what the onset network says, so that it need not decide again where notes begin. No slope goes back that way:
# the onset network shall become good at onsets, not a servant of frames.
#
# [OnsetsFrames.forward](../../src/onpu/models/onsets_frames.py "onset.detach().sigmoid()")
#
# Write its `forward`: onsets by stack, recurrence and head; frames by a stack and a head of their own; then both
# together, as probabilities, through the last recurrent layer.

# %% yours
class OnsetsFrames(nn.Module):
    """As `Cnn`."""

    def __init__(self):
        super().__init__()
        self.onset_stack, self.onset_recurrent, self.onset_head = Stack(), both_ways(48), nn.Linear(48, KEYS)
        self.frame_stack, self.sounding = Stack(), nn.Linear(48, KEYS)
        self.frame_recurrent, self.frame_head = both_ways(2 * KEYS), nn.Linear(48, KEYS)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """See the class."""
        onset = self.onset_head(self.onset_recurrent(self.onset_stack(x))[0])
        sounding = self.sounding(self.frame_stack(x))
        joined = torch.cat([onset.detach().sigmoid(), sounding.sigmoid()], dim=-1)
        frame = self.frame_head(self.frame_recurrent(joined)[0])
        return torch.stack([onset, frame], dim=1).transpose(2, 3)


# %% [markdown]
# You are right so far if shapes agree and if the loss of frames leaves the onset network alone.

# %%
probe = torch.rand(2, 1, 60, 20)
for network in (Cnn(), Rnn(), Crnn(), OnsetsFrames()):
    assert network(probe).shape == (2, 2, KEYS, 20)
network = OnsetsFrames()
network(probe)[:, 1].sum().backward()
assert network.onset_head.weight.grad.abs().sum() == 0 < network.sounding.weight.grad.abs().sum()

# %% [markdown]
# ## The same training for all
#
# [binary_cross_entropy](../../src/onpu/layers/losses.py "binary_cross_entropy_with_logits")

# %%
def train(network: nn.Module) -> nn.Module:
    """Adam on stretches of 60 frames; the loss is that of onsets plus that of frames."""
    optimiser = torch.optim.Adam(network.parameters(), lr=0.005)
    wanted = [torch.from_numpy(rolls(notes, seen.shape[-1])) for seen, notes in training]
    for _ in range(10 if FAST else 400):
        picks = torch.randint(len(training), (6,)).tolist()
        starts = torch.randint(training[0][0].shape[-1] - 60, (6,)).tolist()
        x = torch.stack([training[pick][0][..., a : a + 60] for pick, a in zip(picks, starts, strict=True)])
        t = torch.stack([wanted[pick][..., a : a + 60] for pick, a in zip(picks, starts, strict=True)])
        loss = binary_cross_entropy(network(x), t, torch.ones_like(t), positive=2.0)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return network.eval()


@torch.no_grad()
def activations(network: nn.Module, seen: torch.Tensor) -> np.ndarray:
    """Onset and frame, (2, KEYS, frames), 0 to 1."""
    return network(seen[None])[0].sigmoid().numpy()


# %% [markdown]
# ## From activations to notes
#
# The naive way looks at frames alone: a note is a run of frames above ½. A key that is struck twice in a row is then
# one long note. The better way is the rule of Onsets and Frames: *a note begins only where the onset is above ½, and
# lasts until its frames fall silent or the key is struck again*. onpu's decoder has more cases (pedal, offsets, times
# between frames):
#
# [find_notes](../../src/onpu/decode/notes.py "struck = (onset[rows, peaks]")
#
# Write both.

# %% yours
def by_frames(frame: np.ndarray) -> list[tuple[int, int, int]]:
    """Frames (KEYS, frames) -> key, first frame, frame after the last of each note."""
    found = []
    for key, row in enumerate(np.pad(frame > 0.5, ((0, 0), (1, 1)))):
        change = np.diff(row.astype(int))
        found += [(key, a, b) for a, b in zip(np.flatnonzero(change == 1), np.flatnonzero(change == -1), strict=True)]
    return found


def by_onsets(onset: np.ndarray, frame: np.ndarray) -> list[tuple[int, int, int]]:
    """Onsets and frames (KEYS, frames) -> the same, begun at onsets alone."""
    found = []
    for key in range(len(onset)):
        above = np.pad(onset[key] > 0.5, (1, 0))
        begins = np.flatnonzero(above[1:] & ~above[:-1])
        for number, first in enumerate(begins):
            silent = np.flatnonzero(frame[key, first + 1 :] <= 0.5)
            last = first + 1 + (silent[0] if len(silent) else frame.shape[1] - first - 1)
            following = begins[number + 1] if number + 1 < len(begins) else frame.shape[1]
            found.append((key, int(first), int(min(last, following))))
    return found


# %% [markdown]
# You are right if a key that is struck twice within one long sound is one note by frames, and two by onsets, as it is
# for onpu's decoder.

# %%
frame, onset = np.zeros((1, 12)), np.zeros((1, 12))
frame[0, 2:10], onset[0, [2, 3, 6, 7]] = 1, 1
assert by_frames(frame) == [(0, 2, 10)] and by_onsets(onset, frame) == [(0, 2, 6), (0, 6, 10)]
theirs = find_notes(onset, frame, np.zeros_like(frame), Levels(0.5, 0.5, 0.5, 0.5), 1)
assert theirs.peaks.tolist() == [2, 6]


def as_notes(found: list[tuple[int, int, int]]) -> Notes:
    """In seconds, ordered by onset."""
    rows = np.array(sorted((first, last, key) for key, first, last in found), float).reshape(-1, 3)
    nothing = np.zeros(len(rows))
    starts, ends = rows[:, :2].T / FPS
    return Notes(starts, ends, rows[:, 2] + LOWEST, nothing + 80, nothing.astype(int), nothing + 1)


# %% [markdown]
# ## The comparison
#
# F of notes: a note is found if its key is right and its onset within 50 ms.

# %%
table = {}
for kind in (Cnn, Rnn, Crnn, OnsetsFrames):
    torch.manual_seed(1)
    network = train(kind())
    said = [activations(network, seen) for seen, _ in test]
    f = [[evaluate(notes, as_notes(found)) for (_, notes), found in zip(test, each, strict=True)]
         for each in ([by_frames(one[1]) for one in said], [by_onsets(*one) for one in said])]
    table[kind.__name__] = [float(np.mean([score["Note F-measure"] for score in way])) for way in f]
print("network        by frames  by onsets")
for name, (frames_alone, with_onsets) in table.items():
    print(f"{name:14} {frames_alone:9.3f} {with_onsets:10.3f}")

plt.figure(figsize=(8, 3), constrained_layout=True)
for shift, (way, label) in enumerate(((0, "by frames"), (1, "by onsets"))):
    plt.bar(np.arange(4) + 0.4 * shift - 0.2, [row[way] for row in table.values()], 0.4, label=label)
plt.xticks(range(4), table)
plt.ylabel("F of notes, unheard pianos")
plt.legend()

# %% [markdown]
# You are right if onsets beat frames for every network (a third of the notes repeat a key, and frames alone cannot
# tell), and if the best is above 0.5.
#
# Look at the order, too. In the paper, with hours of pianos to learn from, Onsets and Frames is far ahead of Kelz's
# network; here, with a minute and a half and 400 steps, the plain CNN is far ahead of both networks that have a
# recurrent layer on top of convolutions. A comparison of networks is one of networks *with* their data and their
# training. Which of the two is lacking is exercise 6.

# %%
if not FAST:
    assert all(with_onsets > frames_alone for frames_alone, with_onsets in table.values())
    assert max(with_onsets for _, with_onsets in table.values()) > 0.5

# %% [markdown]
# ## Exercises
#
# 1. Take `.detach()` out of Onsets and Frames. Which of the two scores falls?
# 2. Let the threshold of onsets run from 0.1 to 0.9, draw precision against recall. Which network's curve is highest?
# 3. Transpose training clips by whole bins of the picture, with their notes. Does the RNN, which has to learn each
#    pitch by itself, gain most?
# 4. Add a head for velocity, trained on onset frames alone. How near does it come on unheard pianos?
# 5. Make a task of it that `onpu train` knows: `docs/contributing.md` has a complete listener in one file, in which the
#    network of this notebook takes the place of that one.
# 6. Print the loss of every fiftieth step of the CRNN, and that of test clips beside it. Is it still falling after 400
#    (then steps are lacking), or do the two part (then music is)? Mend what it is, and compare again.
