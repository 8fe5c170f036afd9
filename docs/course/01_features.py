# %% [markdown]
# # 1. Features: sound as pictures
#
# A network for music seldom gets the samples themselves. It gets a picture of them: time to the right, frequency
# upwards. This notebook makes the four pictures that nearly all papers use (spectrogram, mel spectrogram, constant-Q
# transform, chroma), each from its equation. What you write is compared with `onpu.represent`, which the trained
# networks use.
#
# You need Python and a little NumPy. Cells marked "yours to write" are empty in the notebook; below each stands a cell
# that tells whether you are right.

# %%
import os

import matplotlib.pyplot as plt
import numpy as np
import torch

from onpu.engine.compose import compose
from onpu.engine.render import render
from onpu.music import harte
from onpu.represent import Chroma, Cqt, Decibels, Mel, Stft

FAST = os.environ.get("ONPU_COURSE") == "fast"  # a short run that shows only that everything runs
RATE = 22050
torch.set_num_threads(1)

# %% [markdown]
# ## A song with known chords
#
# The engine composes a song and plays it. It knows every note and chord of it, so nothing has to be labelled by ear.
# `fonts=[]` means the built-in synthesiser, which sounds the same on every machine.

# %%
song = compose(11, "jazz trio", seconds=8 if FAST else 20)
audio = render(song, 11, RATE, fonts=[]).mixture().samples.mean(axis=0)
audio = audio / np.abs(audio).max()
chords = song.timeline.chords
print(f"{len(audio) / RATE:.1f} s, {len(song.timeline.notes)} notes, chords {' '.join(chords.labels[:6])} …")

# %% [markdown]
# ## The short-time Fourier transform
#
# Cut the signal into overlapping frames of N samples, one every H samples; multiply each by a window w that fades to
# zero at both ends; and ask how much of each frequency it holds (Choi et al., eq. 2):
#
#     X[k, m] = | Σ_n  w[n] · x[n + m H] · exp(-2πi k n / N) |          k = 0 … N/2
#
# Bin k stands for k · rate / N hertz, frame m for m · H / rate seconds. In onpu the sum is this line of
#
# [Stft.magnitudes](../../src/onpu/represent/spectra.py "torch.fft.rfft(frames)")
#
# Write it yourself. Frame m is to be *centred* on the sample m · H: put N / 2 zeros before and after the signal first.
# The window is the periodic Hann window, ½ - ½ cos(2π n / N). `np.fft.rfft` does the sum.

# %% yours
def spectrogram(x: np.ndarray, n_fft: int, hop: int) -> np.ndarray:
    """Samples (n,) -> magnitudes (n_fft // 2 + 1, n // hop + 1)."""
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(n_fft) / n_fft)
    padded = np.pad(x, n_fft // 2)
    starts = np.arange(len(x) // hop + 1) * hop
    frames = np.stack([padded[start : start + n_fft] for start in starts])
    return np.abs(np.fft.rfft(frames * window)).T


# %% [markdown]
# You are right if the largest difference from onpu's is below 0.001 (its numbers have 24 bits, yours 53).

# %%
mine = spectrogram(audio, 2048, 512)
theirs = Stft(RATE, 2048, 512)(torch.from_numpy(audio)[None])[0, 0].numpy()
print("shapes", mine.shape, theirs.shape, " largest difference", f"{np.abs(mine - theirs).max():.1e}")
assert mine.shape == theirs.shape and np.abs(mine - theirs).max() < 1e-3

# %% [markdown]
# ### Time or frequency, not both
#
# A long frame tells frequencies apart, a short one moments. Two sines a semitone apart (440 and 466 Hz) and two clicks
# 20 ms apart, with a long and a short frame:

# %%
time = np.arange(RATE) / RATE
sines = np.sin(2 * np.pi * 440 * time) + np.sin(2 * np.pi * 466.16 * time)
clicks = np.zeros(RATE)
clicks[[10_000, 10_000 + RATE // 50]] = 1

figure, axes = plt.subplots(2, 2, figsize=(10, 5), constrained_layout=True)
for row, n_fft in zip(axes, (4096, 256), strict=True):
    tones, hits = (spectrogram(x, n_fft, 64) for x in (sines, clicks))
    row[0].plot(np.arange(len(tones)) * RATE / n_fft, tones[:, tones.shape[1] // 2])
    row[0].set(xlim=(300, 600), title=f"two sines, frames of {n_fft} ({n_fft / RATE * 1000:.0f} ms)", xlabel="Hz")
    row[1].plot(np.arange(hits.shape[1]) * 64 / RATE, hits.sum(axis=0))
    row[1].set(xlim=(0.35, 0.6), title="two clicks", xlabel="seconds")


# %% [markdown]
# Count the peaks: the long frame must show two sines and one click, the short one one sine and two clicks. To part two
# sines the Hann window needs about 4 bins between them at most: 26 Hz ≥ 2 · rate / N gives N ≥ 1700 at the very least.

# %%
def peaks(curve: np.ndarray) -> int:
    """How many separate stretches of a curve lie above half of its maximum."""
    high = np.concatenate([[False], curve > curve.max() / 2])
    return int((high[1:] & ~high[:-1]).sum())


found = {n_fft: (peaks(spectrogram(sines, n_fft, 64)[:, 150]), peaks(spectrogram(clicks, n_fft, 64).sum(axis=0)))
         for n_fft in (4096, 256)}
print("frame -> sines, clicks:", found)
assert found == {4096: (2, 1), 256: (1, 2)}

# %% [markdown]
# ## Loudness is logarithmic
#
# Magnitudes of music span five powers of ten, and most of the picture would be black. Decibels, 20 log₁₀, spread them
# as the ear does; what lies 80 dB below the loudest point is cut off. Networks learn markedly better from it, because
# the same pattern played softer becomes the same picture minus a constant.
#
# [Decibels.forward](../../src/onpu/represent/scale.py ".log10()")

# %%
power = torch.from_numpy(theirs**2)[None, None]
decibels = Decibels()(power)[0, 0].numpy()
figure, axes = plt.subplots(2, 1, figsize=(9, 5), sharex=True, constrained_layout=True)
for axis, (values, title) in zip(axes, ((theirs, "magnitude"), (decibels, "decibels")), strict=True):
    axis.imshow(values[:372, :345], aspect="auto", origin="lower", extent=(0, 8, 0, 4), cmap="magma")
    axis.set(ylabel="kHz", title=title)
axes[1].set_xlabel("seconds")
softer = Decibels(span=None)(0.1**2 * power) - Decibels(span=None)(power)
print("a tenth of the amplitude moves the picture by", float(softer.median()), "dB")
assert abs(float(softer.median()) + 20) < 1e-3

# %% [markdown]
# ## Mel bands
#
# Half of the 1025 bins lie above 5.5 kHz, where little happens that a listener could name. The mel scale is nearly
# linear below 1 kHz and logarithmic above (Choi et al., eq. 3):
#
#     m(f) = 2595 log₁₀(1 + f / 700)
#
# [hz_to_mel](../../src/onpu/represent/filterbanks.py "return 2595")
#
# A mel spectrogram adds up the bins under triangles whose corners are equally spaced in mel: band b rises from corner b
# to corner b + 1 and falls to corner b + 2.
#
# [mel_triangles](../../src/onpu/represent/filterbanks.py "np.minimum((hz - left)")
#
# Write the triangles, with peak 1.

# %% yours
def triangles(bands: int, n_fft: int, rate: int) -> np.ndarray:
    """Weights (bands, n_fft // 2 + 1) of triangles from 0 Hz to half of the rate."""
    highest = 2595 * np.log10(1 + rate / 2 / 700)
    corners = 700 * (10 ** (np.linspace(0, highest, bands + 2) / 2595) - 1)
    hz = np.arange(n_fft // 2 + 1) * rate / n_fft
    left, centre, right = corners[:-2, None], corners[1:-1, None], corners[2:, None]
    return np.maximum(0, np.minimum((hz - left) / (centre - left), (right - hz) / (right - centre)))


# %%
weights = triangles(40, 2048, RATE)
bank = Mel(RATE, 2048, 512, bands=40, formula="htk", norm=None)
mel = bank(torch.from_numpy(audio)[None])[0, 0].numpy()
difference = np.abs(weights @ mine**2 - mel).max() / mel.max()
print(f"largest difference of the bands, of the largest band: {difference:.1e}")
assert difference < 1e-4

plt.figure(figsize=(10, 2.6), constrained_layout=True)
plt.plot(np.arange(1025) * RATE / 2048, weights.T, linewidth=0.8)
plt.title("40 mel triangles")
plt.xlabel("Hz")

# %% [markdown]
# ## Constant Q: a transposition is a shift
#
# The ear, and notation, know intervals: an octave is a factor of two wherever it lies. In the constant-Q transform bin
# k has the frequency fmin · 2^(k / B), and its window is Q periods long, so that every bin is equally sharp in
# *semitones* (Choi et al., eq. 4):
#
#     f_k = fmin · 2^(k/B),    N_k = Q · rate / f_k,    X[k, m] = | Σ_n w(n / N_k) x[n + m H] exp(-2πi f_k n / rate) |
#
# [Cqt.__init__](../../src/onpu/represent/pitch.py "self.frequencies = fmin")
#
# So a melody played a fifth higher is the same picture seven bins up (B = 12), and a convolution that has learned a
# chord at one height knows it at all others. On the STFT the same melody is a *stretched* picture.
#
# Write one bin of it, at one moment: the sum above with a Hann window of N_k samples around the sample `centre`. The
# window's samples sum to N_k / 2 and a sine is two exponentials of half its amplitude: so 4 / N_k makes it read a.

# %% yours
def cqt_bin(x: np.ndarray, rate: int, frequency: float, quality: float, centre: int) -> float:
    """Magnitude at one frequency around one sample, in units of a sinusoid's amplitude."""
    length = quality * rate / frequency
    n = np.arange(-int(length / 2), int(length / 2) + 1)
    window = 0.5 + 0.5 * np.cos(2 * np.pi * n / length)
    wave = np.exp(-2j * np.pi * frequency * n / rate)
    return float(np.abs((window * x[centre + n] * wave).sum()) * 4 / length)


# %%
cqt = Cqt(RATE, 512, bins=84, amplitude=True)
pitch = 45  # A4, semitones above C1
sine = 0.3 * np.sin(2 * np.pi * 440 * time).astype(np.float32)
ratio = 2 ** (2 / 12)
quality = (ratio + 1) / (ratio - 1)
there = cqt(torch.from_numpy(sine)[None])[0, 0, pitch, 20].item()
here = cqt_bin(sine, RATE, cqt.frequencies[pitch], quality, 20 * 512)
print(f"the sine of amplitude 0.3: yours {here:.4f}, onpu {there:.4f}")
assert abs(here - 0.3) < 0.003 and abs(there - 0.3) < 0.003

low, high = (cqt(torch.from_numpy(np.sign(np.sin(2 * np.pi * f * time)).astype(np.float32))[None])[0, 0, :, 20].numpy()
             for f in (220.0, 220.0 * 2 ** (7 / 12)))
alike = np.corrcoef(low[10:65], high[17:72])[0, 1]
print(f"a square wave and its fifth, seven bins apart: correlation {alike:.3f}; unmoved "
      f"{np.corrcoef(low[10:65], high[10:65])[0, 1]:.3f}")
assert alike > 0.95

# %% [markdown]
# ## Chroma, and a first chord recogniser
#
# Chords are named by pitch classes, whatever the octave. Chroma adds up the constant-Q bins of all octaves:
#
#     chroma[c, m] = Σ_o X[c + 12 o, m]                                     (Choi et al., eq. 5)
#
# [Chroma.forward](../../src/onpu/represent/pitch.py "chroma = self.weights @")
#
# Write it for a transform of twelve bins an octave, each frame divided by its largest value.

# %% yours
def fold(magnitudes: np.ndarray) -> np.ndarray:
    """Magnitudes (12 * octaves, frames) from C on -> chroma (12, frames), largest value of a frame 1, silence 0."""
    chroma = magnitudes.reshape(-1, 12, magnitudes.shape[1]).sum(axis=0)
    return chroma / np.maximum(chroma.max(axis=0), 1e-10)


# %%
both = [fold(Cqt(RATE, 512, bins=84)(torch.from_numpy(audio)[None])[0, 0].numpy()),
        Chroma(RATE, 512, bins_per_octave=12)(torch.from_numpy(audio)[None])[0, 0].numpy()]
assert np.abs(both[0] - both[1]).max() < 1e-4

# %% [markdown]
# Now the oldest chord recogniser (Fujishima 1999): 24 templates, the triads as vectors of zeros and ones; the chord of
# a frame is the template with the largest cosine. No learning at all. Frames are averaged over half a second first.

# %%
chroma = Chroma(RATE, 512)(torch.from_numpy(audio)[None])[0, 0].numpy()
width = round(0.5 * RATE / 512)
smooth = np.stack([np.convolve(row, np.ones(width) / width, mode="same") for row in chroma])
triads = np.zeros((24, 12))
for root in range(12):
    triads[root, [root, (root + 4) % 12, (root + 7) % 12]] = 1
    triads[12 + root, [root, (root + 3) % 12, (root + 7) % 12]] = 1
guess = (triads @ smooth / np.maximum(np.linalg.norm(smooth, axis=0), 1e-9)).argmax(axis=0)

moments = np.arange(chroma.shape[1]) * 512 / RATE
truth = np.full(len(moments), -1)
for start, end, label in zip(chords.starts, chords.ends, chords.labels, strict=True):
    chord = harte.parse(str(label))
    if 0 <= chord.root < 12 and (chord.root + 7) % 12 in chord.classes:
        minor = (chord.root + 3) % 12 in chord.classes and (chord.root + 4) % 12 not in chord.classes
        truth[(moments >= start) & (moments < end)] = chord.root + 12 * minor
known = truth >= 0
right = float((guess == truth)[known].mean())
roots = float((guess % 12 == truth % 12)[known].mean())
print(f"right triad {right:.0%} of the time, right root {roots:.0%}; by chance {1 / 24:.0%} and {1 / 12:.0%}")

figure, axes = plt.subplots(2, 1, figsize=(10, 5), sharex=True, constrained_layout=True)
axes[0].imshow(chroma, aspect="auto", origin="lower", extent=(0, moments[-1], -0.5, 11.5), cmap="magma")
axes[0].set(title="chroma", yticks=range(12), yticklabels="C D♭ D E♭ E F G♭ G A♭ A B♭ B".split())
axes[1].plot(moments, np.where(known, truth, np.nan), label="truth", linewidth=4, alpha=0.4)
axes[1].plot(moments, guess, ".", markersize=2, label="templates")
axes[1].set(xlabel="seconds", ylabel="chord (0–11 major, 12–23 minor)")
axes[1].legend(loc="upper right")

# %% [markdown]
# You are right if the templates are several times better than chance, and far from good: melody, drums and overtones
# stand in the picture too, and seventh chords hold two triads. To do better the picture must be *learned* (notebook 2
# begins), and what is known of how chords follow each other must be used.

# %%
assert right > 3 / 24 and roots > 3 / 12 and right < 0.95

# %% [markdown]
# ## Exercises
#
# 1. Put `hop=64` and `hop=2048` into the first cell of chroma. What changes in the picture, and what does it cost? *You
#    are right if the number of frames is samples // hop + 1.*
# 2. Play the song on other seeds of `render`. Do the templates suffer from the instruments? *Expect roots right between
#    three times chance and nine tenths.*
# 3. Add templates for sevenths (four ones). Why does accuracy *fall* when the truth is still triads? *Think of C6 and
#    A minor 7.*
# 4. `onpu.represent.TwoStageHpss` takes the drums away. Put it before chroma and measure again.
# 5. Draw the mel triangles with `norm="slaney"`. Which noise would now give equal bands, and which before?
