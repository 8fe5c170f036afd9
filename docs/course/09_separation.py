# %% [markdown]
# # 9. Separation: a mask for each part
#
# A mixture is a sum, and sums cannot be undone: x = 1 + 4 or 2 + 3? Yet people hear a piano beside drums. What helps is
# that in a *spectrogram* sounds seldom meet in one point. So the question becomes one that a network can answer: which
# share of each point belongs to which part? You write the measure, the mask, a rule, and what the network minimises.

# %%
import os

import matplotlib.pyplot as plt
import numpy as np
import torch
from scipy.ndimage import median_filter
from torch import nn

from onpu.decode.masks import masked
from onpu.engine.render.performance import Strokes
from onpu.engine.render.synth import play
from onpu.engine.render.synth.drums import kit
from onpu.engine.render.synth.patches import patch
from onpu.metrics.separation import evaluate
from onpu.metrics.separation import si_sdr as measured

FAST = os.environ.get("ONPU_COURSE") == "fast"  # a short run that shows only that everything runs
SEED = 1
torch.manual_seed(SEED)
torch.set_num_threads(1)
RATE, WINDOW, HOP, SECONDS = 8000, 512, 128, 1.5 if FAST else 4.0
SAMPLES = round(RATE * SECONDS)
KICK, SNARE, HAT = 36, 38, 42
PIANO, GUITAR, ORGAN, FLUTE = 0, 24, 16, 73  # General MIDI programs

# %% [markdown]
# ## Data: drums and one instrument, equally loud
#
# Kits, instruments and what they play are drawn for each clip. Piano, guitar, organ and flute teach; in the test other
# kits and other pianos, guitars, organs and flutes play. Both parts have the same loudness: where one is much louder,
# the mixture itself is nearly that part, and there is little to gain.

# %%
def beat(rng: np.random.Generator) -> np.ndarray:
    """Eighths on the hi-hat, kick and snare by turns, and now and then one more."""
    drums, sound, eighth = kit(rng), np.zeros(SAMPLES), rng.uniform(0.15, 0.3)
    for number in range(int(SECONDS / eighth)):
        struck = {HAT: 0.9, KICK: 1.0 if number % 4 == 0 else 0.15, SNARE: 1.0 if number % 4 == 2 else 0.08}
        start = round(number * eighth * RATE)
        for drum, chance in struck.items():
            if rng.random() < chance:
                stroke = drums[drum](rng, rng.uniform(0.5, 1), RATE)[: SAMPLES - start]
                sound[start : start + len(stroke)] += stroke
    return sound


def chords(rng: np.random.Generator, program: int) -> np.ndarray:
    """One to three keys at a time, short and long."""
    rows, time = [], rng.uniform(0, 0.2)
    while time < SECONDS - 0.3:
        length = rng.choice([0.2, 0.4, 0.8])
        for key in rng.choice(np.arange(48, 84), rng.integers(1, 4), replace=False):
            rows.append((time, time + 0.95 * length, key, rng.integers(60, 110)))
        time += length
    columns = [np.array(column, float) for column in zip(*rows, strict=True)]
    return play(Strokes(*columns, np.zeros((0, 2))), patch(program, rng), SAMPLES, RATE, rng).mean(axis=0)


def clip(number: int, programs: tuple[int, ...]) -> np.ndarray:
    """Drums and an instrument, (2, samples), which sum to the mixture."""
    rng = np.random.default_rng([9, SEED, number])
    parts = np.stack([beat(rng), chords(rng, programs[number % len(programs)])])
    return (0.1 * parts / np.sqrt(np.mean(parts**2, axis=1, keepdims=True))).astype(np.float32)


TAUGHT = (PIANO, GUITAR, ORGAN, FLUTE)
training = [clip(number, TAUGHT) for number in range(4 if FAST else 60)]
test = [clip(1000 + number, TAUGHT) for number in range(2 if FAST else 12)]
print("clips", len(training), "and", len(test), " each", training[0].shape)

# %% [markdown]
# ## How near is an estimate?
#
# The error of an estimate ŝ of s, in dB below s. That alone would punish an estimate that is only too quiet, which a
# listener mends with the volume; so s is first scaled to come nearest to ŝ (Le Roux et al. 2019):
#
#     α = ⟨ŝ, s⟩ / ⟨s, s⟩          SI-SDR = 10 log10 ( |α s|² / |α s - ŝ|² )
#
# [si_sdr](../../src/onpu/metrics/separation.py "scaled = truth * (found @ truth)")
#
# Of equally loud parts the mixture has 0 dB, so what an estimate has is what was gained. Write it.

# %% yours
def si_sdr(truth: np.ndarray, estimate: np.ndarray) -> float:
    """Scale-invariant ratio of signal to distortion, dB."""
    scaled = truth * (estimate @ truth) / (truth @ truth)
    return float(10 * np.log10(np.sum(scaled**2) / np.sum((scaled - estimate) ** 2)))


# %%
drums, tune = test[0].astype(float)
assert abs(si_sdr(drums, drums + 0.1 * tune) - measured(drums, drums + 0.1 * tune)) < 1e-6
assert abs(si_sdr(drums, 3 * drums + 0.3 * tune) - si_sdr(drums, drums + 0.1 * tune)) < 1e-6  # volume does not count
print(f"the mixture taken for the drums: {si_sdr(drums, drums + tune):.1f} dB, for the tune: "
      f"{si_sdr(tune, drums + tune):.1f} dB")

# %% [markdown]
# ## The mask
#
# Spectra add up: X = S_1 + S_2 at each point, as complex numbers. An estimate takes a share of X, with the phase of X:
#
#     Ŝ_p = M_p X,       M_p = |S_p| / ( |S_1| + |S_2| )       0 ≤ M_p ≤ 1,  Σ_p M_p = 1
#
# [masked](../../src/onpu/decode/masks.py "masks * mixture")
#
# Since masks sum to one, the estimates sum to the mixture: nothing is lost, nothing is added. M, which needs to know
# the parts, is called the *ideal ratio mask*. What it reaches is about what can be hoped for. Write it.

# %% yours
def ratio_masks(magnitudes: torch.Tensor) -> torch.Tensor:
    """|S| of the parts (parts, bins, frames) -> masks of the same shape."""
    return magnitudes / magnitudes.sum(dim=0, keepdim=True).clamp(min=1e-8)


# %%
SHAPE = torch.hann_window(WINDOW)


def spectrum(sound: np.ndarray) -> torch.Tensor:
    """(…, samples) -> (…, bins, frames), complex."""
    return torch.stft(torch.from_numpy(sound), WINDOW, HOP, window=SHAPE, return_complex=True)


def sounds(spectra: torch.Tensor) -> np.ndarray:
    """Complex (…, bins, frames) -> (…, samples)."""
    return torch.istft(spectra, WINDOW, HOP, window=SHAPE, length=SAMPLES).numpy()


def gains(masks_of, clips: list[np.ndarray] = test) -> np.ndarray:
    """Mean SI-SDR gained for drums and tune, dB; masks_of: the mixture's spectrum and the parts' -> masks."""
    rows = []
    for parts in clips:
        mixture = parts.sum(axis=0)
        mixed = spectrum(mixture)
        estimates = sounds(masked(mixed[None], masks_of(mixed, spectrum(parts))[:, None])[:, 0])
        rows.append([si_sdr(part, estimate) - si_sdr(part, mixture)
                     for part, estimate in zip(parts, estimates, strict=True)])
    return np.mean(rows, axis=0)


parts = spectrum(test[0])
shares = ratio_masks(parts.abs())
assert torch.allclose(shares.sum(dim=0)[parts.abs().sum(dim=0) > 1e-3], torch.ones(()), atol=1e-5)
estimates = sounds(masked(parts.sum(dim=0)[None], shares[:, None])[:, 0])
assert np.abs(estimates.sum(axis=0) - test[0].sum(axis=0)).max() < 1e-4  # they sum to the mixture
scores = evaluate(*(dict(zip(("drums", "tune"), each, strict=True)) for each in (test[0], estimates)))
assert abs(scores["drums SI-SDR"] - si_sdr(test[0][0], estimates[0])) < 0.01
table = {"ideal ratio mask": gains(lambda mixed, parts: ratio_masks(parts.abs()))}
print(f"ideal ratio mask: drums {table['ideal ratio mask'][0]:.1f} dB, tune {table['ideal ratio mask'][1]:.1f} dB")

# %% [markdown]
# ## A rule: upright and level lines
#
# In a spectrogram strokes are upright lines, held notes level ones. So smooth along frequency, and what is upright
# stays; along time, and what is level stays (Fitzgerald 2010). With medians, since a median ignores what is rare:
#
#     P = median of |X| along frequency,    H = median of |X| along time,    M_drums = P² / ( P² + H² )
#
# Write it with `median_filter`, over `length` points.

# %% yours
def upright(magnitudes: np.ndarray, length: int) -> np.ndarray:
    """|X| (bins, frames) -> the mask of what is struck, of the same shape."""
    struck = median_filter(magnitudes, size=(length, 1))
    held = median_filter(magnitudes, size=(1, length))
    return struck**2 / (struck**2 + held**2 + 1e-12)


# %%
probe = np.zeros((40, 40))
probe[:, 10] = probe[25] = 1.0
mask = upright(probe, 9)
assert mask[5, 10] > 0.99 and mask[25, 30] < 0.01 and abs(mask[25, 10] - 0.5) < 1e-6
for length in (9, 17, 31):
    found = gains(lambda mixed, _, length=length: torch.from_numpy(
        np.stack([mask := upright(mixed.abs().numpy(), length), 1 - mask])))
    print(f"medians over {length}: drums {found[0]:+.1f} dB, tune {found[1]:+.1f} dB")
    table["medians"] = max(table.get("medians", found), found, key=np.mean)

# %% [markdown]
# The rule is famous, and here it hardly gains anything: a kick is a low tone that lasts, a plucked string begins with
# an upright line, chords change five times a second. The rule knows lines; it does not know drums.
#
# ## A network: the U-Net
#
# Which share a point has depends on what is around it, near and far. Strided convolutions look far, and lose where
# exactly; so what was seen on the same level on the way down is given to the way up (Ronneberger et al. 2015; for
# voices Jansson et al. 2017):
#
# [SeparationUnet.forward](../../src/onpu/models/separation_unet.py "y = level(torch.cat([y, seen.pop()], dim=1))")
#
# Write the way through it. On the way down each level halves bins and frames. The first level up reads the deepest
# picture alone, each next one also what was seen at its size, the last layer also x itself. Where `skips` is off,
# nothing is passed over.

# %% yours
def through(net: nn.Module, x: torch.Tensor, skips: bool) -> torch.Tensor:
    """Pictures (batch, 1, bins, frames) -> logits of the drums' mask, of the same shape."""
    seen = []
    y = x
    for level in net.down:
        y = level(y)
        seen.append(y)
    y = net.up[0](seen.pop())
    for level in net.up[1:]:
        y = level(torch.cat([y, seen.pop()], dim=1) if skips else y)
    return net.last(torch.cat([y, x], dim=1) if skips else y)


# %%
class Unet(nn.Module):
    """(batch, 1, bins, frames), both multiples of 8 -> the drums' mask, of the same shape."""

    def __init__(self, skips: bool, widths: tuple[int, ...] = (8, 16, 32)) -> None:
        super().__init__()
        self.skips = skips
        twice, first = (2, 1) if skips else (1, 0)
        self.down = nn.ModuleList(
            nn.Sequential(nn.Conv2d(a, b, 5, stride=2, padding=2), nn.BatchNorm2d(b), nn.LeakyReLU(0.2))
            for a, b in zip((1, *widths[:-1]), widths, strict=True))
        given, out = (widths[-1], *(twice * width for width in widths[-2::-1])), (*widths[-2::-1], widths[0])
        self.up = nn.ModuleList(
            nn.Sequential(nn.ConvTranspose2d(a, b, 5, stride=2, padding=2, output_padding=1), nn.BatchNorm2d(b),
                          nn.ReLU())
            for a, b in zip(given, out, strict=True))
        self.last = nn.Conv2d(widths[0] + first, 1, 5, padding=2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.sigmoid(through(self, x, self.skips))


net = Unet(True)
assert net(torch.randn(2, 1, 64, 48)).shape == (2, 1, 64, 48)
silenced = Unet(True).eval()
for weights in silenced.up.parameters():
    nn.init.zeros_(weights)  # nothing comes up from below ...
a, b = torch.randn(2, 1, 1, 64, 48)
assert not torch.allclose(silenced(a), silenced(b))  # ... but x itself comes past

# %% [markdown]
# ## What it minimises
#
# The absolute difference of magnitudes, of both parts (Jansson et al. 2017, equation 2), by one mask M of the drums:
#
#     L = mean over points of  | M |X| - |S_1| | + | (1 - M) |X| - |S_2| |
#
# Write it. No mask is ever shown to the network: it finds the one by which the *sounds* come right, so points in
# which nothing sounds cost nothing.

# %% yours
def loss_of(mask: torch.Tensor, mixture: torch.Tensor, parts: torch.Tensor) -> torch.Tensor:
    """mask and mixture's magnitudes (batch, bins, frames), parts' (batch, 2, bins, frames) -> L."""
    both = torch.stack([mask, 1 - mask], dim=1)
    return (both * mixture[:, None] - parts).abs().sum(dim=1).mean()


# %%
apart = torch.rand(3, 2, 8, 8) * torch.tensor([1.0, 0.0]).view(1, 2, 1, 1)
right, wrong = (loss_of(mask, apart.sum(dim=1), apart) for mask in (torch.ones(3, 8, 8), torch.rand(3, 8, 8)))
assert right < 1e-6 < wrong

# %% [markdown]
# The training draws drums from one clip and a tune from another, at levels of its own: sixty clips make 3,600 mixtures.
# Loudness says nothing of what a sound is, so pictures are log10(1 + 100 |X| / level), where the level is ten times the
# mean.

# %%
BINS, FRAMES, BATCH = 256, 64, 8
spectra = torch.stack([spectrum(parts) for parts in training])[:, :, :BINS]  # (clips, 2, bins, frames)


def picture(mixture: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Magnitudes (batch, bins, frames) -> what the network sees (batch, 1, bins, frames), level (batch, 1, 1)."""
    level = 10 * mixture.mean(dim=(1, 2), keepdim=True) + 1e-8
    return torch.log10(1 + 100 * mixture / level)[:, None], level


def train(net: nn.Module, steps: int) -> nn.Module:
    optimiser = torch.optim.Adam(net.parameters(), lr=0.003)
    rng = np.random.default_rng(SEED)
    for _ in range(steps):
        drawn = torch.stack([torch.stack([
            10 ** rng.uniform(-0.3, 0.3) * spectra[rng.integers(len(spectra)), part, :, start : start + FRAMES]
            for part, start in enumerate(rng.integers(spectra.shape[-1] - FRAMES, size=2))]) for _ in range(BATCH)])
        mixture = drawn.sum(dim=1).abs()
        seen, level = picture(mixture)
        loss = loss_of(net(seen)[:, 0], mixture / level, drawn.abs() / level[:, None])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return net.eval()


def by(net: nn.Module):
    """The masks that a network tells, for `gains`."""

    def masks(mixed: torch.Tensor, _: torch.Tensor) -> torch.Tensor:
        frames = mixed.shape[-1]
        seen = nn.functional.pad(picture(mixed.abs()[None, :BINS])[0], (0, -frames % 8))
        with torch.no_grad():
            mask = net(seen)[0, 0, :, :frames]
        mask = torch.cat([mask, mask[-1:]])  # the highest bin goes with the one below
        return torch.stack([mask, 1 - mask])

    return masks


STEPS = 3 if FAST else 250
for name, skips in (("U-Net", True), ("the same without skips", False)):
    torch.manual_seed(SEED)
    net = train(Unet(skips), STEPS)
    table[name] = gains(by(net))
    if skips:
        unet = net
for name, (drums_gain, tune_gain) in table.items():
    print(f"{name:24} drums {drums_gain:+5.1f} dB   tune {tune_gain:+5.1f} dB")

# %%
mixed, parts = spectrum(test[1].sum(axis=0)), spectrum(test[1])
figure, axes = plt.subplots(2, 3, figsize=(11, 5), sharex=True, sharey=True, constrained_layout=True)
shown = {"mixture": mixed.abs(), "drums": parts[0].abs(), "tune": parts[1].abs(),
         "ideal mask of the drums": ratio_masks(parts.abs())[0],
         "medians": torch.from_numpy(upright(mixed.abs().numpy(), 31)), "U-Net": by(unet)(mixed, parts)[0]}
for axis, (title, values) in zip(axes.flat, shown.items(), strict=True):
    sound = title in ("mixture", "drums", "tune")
    axis.imshow(torch.log10(1 + 10 * values) if sound else values, aspect="auto", origin="lower", cmap="magma",
                extent=(0, SECONDS, 0, RATE / 2000))
    axis.set_title(title)
axes[1, 0].set(xlabel="s", ylabel="kHz")

# %% [markdown]
# You are right if the U-Net gains ten dB or more for both parts, less than the ideal mask, and eight more than the
# medians; without skips it loses something, not much: the mask is mostly decided from afar, its edges near by.
#
# ## What has it learned: drums, or these instruments?
#
# Xylophone, marimba and pizzicato are tunes that are struck, and none of them was heard in training.

# %%
STRUCK = (13, 12, 45)  # xylophone, marimba, pizzicato strings
strange = [clip(2000 + number, STRUCK) for number in range(2 if FAST else 9)]
elsewhere, bound = gains(by(unet), strange), gains(lambda mixed, parts: ratio_masks(parts.abs()), strange)
for name, found, best in (("never heard", elsewhere, bound), ("heard", table["U-Net"], table["ideal ratio mask"])):
    print(f"instruments that were {name:12} U-Net {found.mean():+5.1f} dB, ideal mask {best.mean():+5.1f} dB, "
          f"still missing {best.mean() - found.mean():4.1f} dB")
if not FAST:
    assert table["U-Net"].min() > 10 and table["ideal ratio mask"].min() > table["U-Net"].max()
    assert table["U-Net"].mean() > table["medians"].mean() + 8
    assert table["U-Net"].mean() > table["the same without skips"].mean()
    assert bound.mean() - elsewhere.mean() > table["ideal ratio mask"].mean() - table["U-Net"].mean() + 1

# %% [markdown]
# You are right if the way to the ideal mask becomes longer by more than a dB. The gain alone would not tell: these
# tunes meet the drums in fewer points, so the ideal mask gains more. Set a figure beside what is possible.
#
# ## Exercises
#
# 1. Write the parts to files (`soundfile.write`) and listen: mixture, U-Net, ideal mask. What is the kind of error that
#    the number does not tell?
# 2. Give each estimate the phase of the true part in place of the mixture's. How many dB is phase worth, with the ideal
#    mask and with the network's?
# 3. Draw drums and tune from the same clip, always. Sixty mixtures in place of 3,600: what is lost?
# 4. Use a binary mask: 1 where M > ½, else 0. Listen: why is it called musical noise?
# 5. Make the network tell three masks, with a bass as the third part. Which line of `SeparationUnet` makes masks sum to
#    one there?
# 6. Mean squared magnitudes in place of absolute ones: which part wins, and why?
# 7. `onpu train stems --data …` learns this for four parts of whole songs at 44.1 kHz. Its loss is the logarithm of
#    each part's squared error. What does that change for a part that is quiet?
