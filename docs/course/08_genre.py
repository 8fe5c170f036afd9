# %% [markdown]
# # 8. Genre, and what a score is worth
#
# Which genre is it? Nothing in music is easier to ask of a network, and with nothing has the field fooled itself more
# often (Sturm 2013). A song is longer than what a network sees at a time, its parts resemble each other, and songs of
# one kind share more than their genre. You write how a song is judged, and find out what the judgement is worth.

# %%
import os

import matplotlib.pyplot as plt
import numpy as np
import torch
from torch import nn

from onpu.engine.compose import compose
from onpu.engine.render import render
from onpu.represent import Features, Log, Mel

FAST = os.environ.get("ONPU_COURSE") == "fast"  # a short run that shows only that everything runs
SEED = 1
torch.set_num_threads(1)
RATE, HOP, BANDS, LENGTH = 16000, 512, 64, 96  # three seconds at a time
GENRES = {"rock": ("rock", "punk", "blues rock", "grunge"), "electronic": ("house", "techno", "trance", "minimal"),
          "jazz": ("jazz combo", "jazz trio", "bebop", "hard bop"),
          "classical": ("string quartet", "sonata", "nocturne", "orchestra"),
          "reggae": ("reggae", "ska", "rocksteady", "dancehall")}

# %% [markdown]
# ## Data
#
# Five genres, of each four styles. The last style of each is never taught: a genre that is understood is recognised in
# a style that is new, as you would know a kind of jazz that you had not heard before.

# %%
front = Features(Mel(RATE, 1024, HOP, bands=BANDS), Log(1000.0))


def songs(styles: slice, count: int, first: int) -> list[tuple[np.ndarray, int]]:
    """Features (bands, frames) and genre of so many songs of these styles of each genre."""
    found = []
    for genre, names in enumerate(GENRES.values()):
        for place, style in enumerate(names[styles]):
            for number in range(first, first + count):
                seed = 100_000 * SEED + 1000 * genre + 100 * place + number
                sound = render(compose(seed, style, seconds=8), seed, RATE, fonts=[]).mixture().samples.mean(axis=0)
                with torch.no_grad():
                    picture = front(torch.from_numpy(sound)[None])[0, 0].numpy()
                found.append((np.pad(picture, ((0, 0), (0, max(0, LENGTH - picture.shape[1])))), genre))
    return found


known, taught, same, new = (1, 1, 1, 1) if FAST else (3, 4, 2, 6)  # styles that are taught, and songs of each
parts = {"taught": songs(slice(0, known), taught, 0), "new songs": songs(slice(0, known), same, 50),
         "new styles": songs(slice(3, 4), new, 0)}
print({name: len(part) for name, part in parts.items()}, "songs")

figure, axes = plt.subplots(1, 5, figsize=(11, 2.6), constrained_layout=True)
for axis, (name, genre) in zip(axes, zip(GENRES, range(5), strict=True), strict=True):
    picture = next(picture for picture, number in parts["taught"] if number == genre)
    axis.imshow(picture[:, :LENGTH], aspect="auto", origin="lower", cmap="magma")
    axis.set(title=name, xticks=[], yticks=[])

# %% [markdown]
# ## A network for any length
#
# It convolves over time alone, all bands at once (Dieleman & Schrauwen 2014), then forgets *when*: of each map only its
# mean and its maximum over time are kept.
#
#     y = W [ mean_t x_ct ; max_t x_ct ] + b
#
# The mean says how usual something is, the maximum whether it occurs. In onpu's tagger the order in time inside a
# window is kept, and forgotten over windows:
#
# [TagConv1d.forward](../../src/onpu/models/tag_conv1d.py "self.blocks(")
#
# Write the pooling.

# %% yours
def pooled(maps: torch.Tensor) -> torch.Tensor:
    """Maps (batch, channels, time) -> means and maxima over time (batch, 2 channels)."""
    return torch.cat([maps.mean(dim=2), maps.amax(dim=2)], dim=1)


# %%
class Tagger(nn.Module):
    """(batch, bands, frames) -> logits (batch, 5)."""

    def __init__(self, width: int = 24):
        super().__init__()
        self.maps = nn.Sequential(
            nn.BatchNorm1d(BANDS), nn.Conv1d(BANDS, width, 4), nn.BatchNorm1d(width), nn.ReLU(), nn.MaxPool1d(4),
            nn.Conv1d(width, width, 4), nn.BatchNorm1d(width), nn.ReLU())
        self.last = nn.Sequential(nn.Dropout(0.3), nn.Linear(2 * width, len(GENRES)))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """See the class."""
        return self.last(pooled(self.maps(x)))


assert torch.allclose(pooled(torch.tensor([[[1.0, 5.0], [2.0, 2.0]]])), torch.tensor([[3.0, 2.0, 5.0, 2.0]]))
assert Tagger()(torch.rand(2, BANDS, LENGTH)).shape == Tagger()(torch.rand(2, BANDS, 200)).shape == (2, 5)

# %% [markdown]
# ## From segments to a song
#
# The network is trained on three seconds at a time. A song has several such segments, and what is said of it is the
# mean of what is said of them:
#
#     p(genre | song) = 1/S Σ_s p(genre | segment s)
#
# onpu does the same for tags, over the windows of a whole recording. Write it.

# %% yours
def vote(model: nn.Module, picture: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Picture (bands, frames) -> probabilities of each segment (segments, 5), and of the song (5,)."""
    starts = range(0, picture.shape[1] - LENGTH + 1, LENGTH)
    segments = torch.from_numpy(np.stack([picture[:, a : a + LENGTH] for a in starts]))
    with torch.no_grad():
        said = model.eval()(segments).softmax(dim=1).numpy()
    return said, said.mean(axis=0)


# %%
def train(data: list[tuple[np.ndarray, int]], copies: bool = False) -> nn.Module:
    """Adam on random segments of these songs; copies: each as `another_copy`, which comes below."""
    torch.manual_seed(SEED)
    rng = np.random.default_rng(SEED)
    model = Tagger()
    optimiser = torch.optim.Adam(model.parameters(), lr=0.003)
    for _ in range(20 if FAST else 250):
        picks = rng.integers(len(data), size=24)
        starts = [int(rng.integers(data[pick][0].shape[1] - LENGTH + 1)) for pick in picks]
        crops = [data[pick][0][:, a : a + LENGTH] for pick, a in zip(picks, starts, strict=True)]
        x = np.stack([another_copy(crop, rng) if copies else crop for crop in crops]).astype(np.float32)
        loss = nn.functional.cross_entropy(model(torch.from_numpy(x)), torch.tensor([data[pick][1] for pick in picks]))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return model.eval()


def score(model: nn.Module, data: list[tuple[np.ndarray, int]]) -> tuple[float, float]:
    """Share of segments and of songs that are named right."""
    votes = [(vote(model, picture), genre) for picture, genre in data]
    segments = np.concatenate([said.argmax(axis=1) == genre for (said, _), genre in votes])
    return float(segments.mean()), float(np.mean([whole.argmax() == genre for (_, whole), genre in votes]))


plain = train(parts["taught"])
table = {name: score(plain, data) for name, data in parts.items()}
for name, (segment, song) in table.items():
    print(f"{name:12} segments {segment:.0%}, songs {song:.0%}; by chance 20 %")
said, whole = vote(plain, parts["taught"][0][0])
assert np.allclose(said.sum(axis=1), 1, atol=1e-5) and np.allclose(whole, said.mean(axis=0), atol=1e-6)

# %% [markdown]
# You are right if taught songs are nearly all named, new songs of the same styles far more often than by chance, and
# new styles less often than those. Three scores of one network: which of them would you print in a paper?
#
# ## The score that flatters
#
# There is a fourth. Cut all songs into segments and divide *the segments* at random, as a loader that knows no songs
# would. Then the test's segments have sisters in the training part: the same instruments, key and tempo.

# %%
cut = [(picture[:, : picture.shape[1] // 2 // LENGTH * LENGTH or LENGTH], genre) for picture, genre in parts["taught"]]
rest = [(picture[:, min(first.shape[1], picture.shape[1] - LENGTH) :], genre)
        for (picture, genre), (first, _) in zip(parts["taught"], cut, strict=True)]
flattering = score(train(cut), rest)
print(f"other segments of the songs that were learned: {flattering[0]:.0%} of segments are right")
print(f"segments of new songs, of new styles: {table['new songs'][0]:.0%}, {table['new styles'][0]:.0%}")

figure, axis = plt.subplots(figsize=(7, 2.8), constrained_layout=True)
bars = {"taught": table["taught"][0], "same songs,\nother segments": flattering[0],
        "new songs": table["new songs"][0], "new styles": table["new styles"][0]}
axis.bar(range(4), bars.values())
axis.axhline(1 / len(GENRES), color="grey", linestyle=":")
axis.set(ylabel="segments named right", ylim=(0, 1))
axis.set_xticks(range(4), bars)

# %% [markdown]
# You are right if it names the sisters ten points more often than segments of new songs, and twenty points more often
# than new styles, although the network heard half as much. Divide by song; where songs come from albums, by album; and
# say which. (The best known set of genres, GTZAN, holds excerpts twice, and the same artists on both sides of
# most divisions of it: Sturm 2013.)

# %%
if not FAST:
    assert table["taught"][1] > 0.85 and table["new songs"][1] > 0.4 and table["new styles"][1] > 0.22
    assert flattering[0] > table["new songs"][0] + 0.1 and flattering[0] > table["new styles"][0] + 0.2

# %% [markdown]
# ## A horse
#
# Clever Hans could count as long as he saw his master's face. What does the network look at? Change what is of no
# matter to the genre, and look whether the answer stays: the same songs, 12 dB softer and with less treble, as from the
# next room. Where bands are logarithms log₁₀(1 + 1000 x), a gain of g dB is nearly a sum, above the floor:
#
#     m' = max( m + g / 20, 0 )
#
# [augment_levels](../../src/onpu/engine/augment/spectrum.py "np.maximum(x, floor")

# %%
def next_room(picture: np.ndarray) -> np.ndarray:
    """The same, softer and duller."""
    return np.maximum(picture - 0.6 - 0.6 * np.linspace(0, 1, BANDS)[:, None], 0).astype(np.float32)


def steadiness(model: nn.Module) -> float:
    """Share of the test's segments of which the same is said in the next room."""
    test = [picture for name in ("new songs", "new styles") for picture, _ in parts[name]]
    return float(np.concatenate([vote(model, picture)[0].argmax(axis=1) == vote(model, next_room(picture))[0].argmax(
        axis=1) for picture in test]).mean())


print(f"of {steadiness(plain):.0%} of the segments it says the same in the next room")

# %% [markdown]
# What is to be of no matter must *vary* in what is taught. Write a copy of a picture as it might have come to you
# otherwise: a gain of -20 to 6 dB, and a slope from the lowest to the highest band of up to 15 dB either way.

# %% yours
def another_copy(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Logarithmic bands (bands, frames) -> the same at another level, through another equaliser."""
    decibels = rng.uniform(-20, 6) + rng.uniform(-15, 15) * np.linspace(-0.5, 0.5, len(picture))
    return np.maximum(picture + decibels[:, None] / 20, 0)


# %%
rng = np.random.default_rng(1)
copies = np.stack([another_copy(np.full((BANDS, 2), 3.0), rng) for _ in range(300)])
assert 1.4 < copies.min() < 1.9 and 3.3 < copies.max() < 3.7 and (another_copy(np.zeros((BANDS, 1)), rng) >= 0).all()
robust = train(parts["taught"], copies=True)
before, after = steadiness(plain), steadiness(robust)
print(f"the same is said in the next room: {before:.0%}, with copies {after:.0%}")
for name in ("new songs", "new styles"):
    far = [(next_room(picture), genre) for picture, genre in parts[name]]
    print(f"{name}: as they are {score(plain, parts[name])[1]:.0%}, with copies {score(robust, parts[name])[1]:.0%}; "
          f"from the next room {score(plain, far)[1]:.0%}, with copies {score(robust, far)[1]:.0%}")

# %% [markdown]
# You are right if the network that was taught with copies says the same in the next room of two thirds of the segments
# or more. Whether that is more than before depends on the songs: with one seed of this notebook it rose from 58 of a
# hundred to 74, with another it had been 76 and became 74. What a network happens to withstand, nobody has promised;
# what is taught, it must. The score on songs as they are need not rise, and with so few songs it may fall.

# %%
if not FAST:
    assert after > 2 / 3

# %% [markdown]
# ## Exercises
#
# 1. Keep only the maxima of `pooled`, then only the means. Which of both does the genre need?
# 2. Draw the confusions of new styles. Which style is taken for which genre, and would you have known?
# 3. Teach with the last style and leave the first one out. *You are right if the score of new styles changes by more
#    than ten points: a test of one style a genre is a small test. How many would you want?*
# 4. Shuffle the frames of each segment before the test. How much of the score needs order in time at all?
# 5. Transpose copies by whole bands, too. Does genre depend on pitch?
# 6. Compare with `onpu.load("tags")`, whose words name genres: how many of the new styles does it know?
