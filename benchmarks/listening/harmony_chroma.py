"""How well a chroma tells chord tones from other tones: the learned one beside the plain one."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import soxr
import torch
from scipy.ndimage import uniform_filter1d
from scipy.stats import rankdata

from benchmarks.recordings import Item
from benchmarks.report import table
from onpu.formats.audio import read_audio
from onpu.music import Chords, harte
from onpu.represent import Chroma
from onpu.trained import TrainedListener

HOP = 2205
CONTEXT = 15
"""Frames that the learned chroma sees."""
Extract = Callable[[Path], tuple[np.ndarray, np.ndarray]]


def chroma_table(songs: Sequence[Item], learned: TrainedListener | None) -> str:
    """Areas under the curve: of each frame, averaged over frames, and of all values together."""
    plain = plain_chroma()
    contenders: dict[str, Extract] = {"plain": plain,
                                      f"plain, mean of {CONTEXT} frames": lambda path: smooth(*plain(path))}
    if learned is not None:
        contenders = {"learned": lambda path: activations(learned, path)} | contenders
    rows = []
    for name, extract in contenders.items():
        values, tones = zip(*(_with_truth(item, *extract(item.path)) for item in songs), strict=True)
        frames, truth = np.concatenate(values, axis=1), np.concatenate(tones, axis=1)
        rows.append([name, area(frames, truth), area(frames.reshape(-1, 1), truth.reshape(-1, 1))])
    return table(["chroma", "area, within a frame", "area, over all frames"], rows)


def area(values: np.ndarray, truth: np.ndarray) -> float:
    """Chance that a value whose truth is 1 lies above one whose truth is 0 in the same column, the mean over columns;
    ties count half. values: (n, columns); truth: boolean."""
    ranks = rankdata(values, axis=0)
    yes = truth.sum(axis=0)
    areas = ((ranks * truth).sum(axis=0) - yes * (yes + 1) / 2) / (yes * (len(values) - yes))
    return float(areas.mean())


def plain_chroma() -> Extract:
    """Energy of the pitch classes, ten frames a second."""
    module = Chroma(22050, HOP)

    def extract(path: Path) -> tuple[np.ndarray, np.ndarray]:
        audio = read_audio(path)
        samples = soxr.resample(audio.samples.mean(axis=0), audio.rate, module.rate)
        with torch.no_grad():
            chroma = module(torch.from_numpy(samples.astype(np.float32))[None])[0, 0].numpy()
        return chroma, module.clock.seconds(np.arange(chroma.shape[1]))

    return extract


def smooth(chroma: np.ndarray, times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean over as many frames as the learned chroma sees."""
    return uniform_filter1d(chroma, CONTEXT, axis=1, mode="nearest"), times


def activations(trained: TrainedListener, path: Path) -> tuple[np.ndarray, np.ndarray]:
    """The learned chroma, (12, frames), and the times of its frames."""
    chroma = trained.activations(path)["chroma"]
    return chroma, trained.features.clock.seconds(np.arange(chroma.shape[1]))


def _with_truth(item: Item, chroma: np.ndarray, times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Frames in which there is a chord, and its tones; both (12, frames)."""
    chords = item.truth.require(Chords)
    tones = np.zeros(chroma.shape, bool)
    for start, end, label in zip(chords.starts, chords.ends, map(str, chords.labels), strict=True):
        here = (times >= start) & (times < end)
        for pitch in harte.parse(label).classes:
            tones[pitch, here] = True
    there = tones.any(axis=0)
    return chroma[:, there], tones[:, there]
