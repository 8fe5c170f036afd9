"""A small network on curves of novelty: how unlike what follows a moment is what went before, in many respects.

Foote, "Automatic audio segmentation using a measure of audio novelty" (ICME 2000): the difference between what lies
before and after a moment, of timbre and harmony, over several lengths. Serrà, Müller, Grosche & Arcos, "Unsupervised
music structure annotation by time series structure features and segment similarity" (IEEE Transactions on Multimedia,
2014): the same of what each moment repeats, lag by lag. The curves are fixed, and a few convolutions over time learn
from them what listeners call a boundary.

Deviations: means of windows before and after in place of a checkerboard over a matrix of similarities, so that an hour
needs no matrix; signed differences of loudness, of the lowest and of the highest bands besides; learned convolutions in
place of a threshold; further heads tell the section's name and where there is music.
"""

import math

import torch
from torch import Tensor, nn

from onpu.models.boundary_cnn import ALIKE_FRAMES, CEPSTRUM, LAG_FRAMES, LAGS, drop_embedding, similarities
from onpu.music.sections import NAMES

WINDOWS = (4, 7, 14, 28, 57, 115)
"""Frames before and after a moment that are compared: half a second to 16 s."""
SLOW, SLOW_WINDOWS = 4, (4, 8, 16)
"""Frames taken together where repetitions are compared, and windows of these."""
EDGE = 10
"""Lowest and highest bands that are compared by themselves."""
RARE = -2.5
"""Logit of a boundary before anything is learned."""


class NoveltyNet(nn.Module):
    """(batch, 1, mel + 12, frames) -> the heads of `BoundaryCnn`.

    Args:
        mel: bands of the spectrogram, after which the features hold twelve bands of chroma.
        units: channels of the convolutions.
        dropout: share of the curves that is set to zero in training.
    """

    def __init__(self, mel: int = 80, units: int = 32, dropout: float = 0.1) -> None:
        super().__init__()
        self.mel, self.bins, self.slowest = mel, mel + 12, SLOW
        self.normalise = nn.BatchNorm1d(self.bins, affine=False)
        curves = len(WINDOWS) * 7 + 4 * len(SLOW_WINDOWS) + 4
        self.scale = nn.BatchNorm1d(curves)
        self.drop = nn.Dropout1d(dropout)
        self.near = nn.Sequential(
            nn.Conv1d(curves, units, 9, padding=4), nn.ReLU(),
            nn.Conv1d(units, units, 9, padding=16, dilation=4), nn.ReLU(),
            nn.Conv1d(units, units, 9, padding=64, dilation=16), nn.ReLU())
        self.content = nn.Sequential(nn.Conv1d(self.bins, units, 1), nn.ReLU(),
                                     nn.Conv1d(units, units, 9, padding=32, dilation=8), nn.ReLU())
        self.boundary = nn.Conv1d(2 * units, 1, 1)
        self.heads = nn.ModuleDict({name: nn.Conv1d(2 * units, size, 1) for name, size in
                                    {"music": 1, "name": len(NAMES)}.items()})
        assert self.boundary.bias is not None
        nn.init.constant_(self.boundary.bias, RARE)
        self.receptive = SLOW * (LAGS * LAG_FRAMES + ALIKE_FRAMES + max(SLOW_WINDOWS) + 24)
        steps = torch.arange(mel) + 0.5
        basis = torch.cos(math.pi / mel * steps * torch.arange(1, CEPSTRUM + 1)[:, None]) * math.sqrt(2 / mel)
        self.register_buffer("basis", basis, persistent=False)
        nn.Module.register_load_state_dict_pre_hook(self, drop_embedding)

    basis: Tensor

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        """Features (batch, 1, bins, frames) -> heads."""
        frames = x.shape[-1]
        x = nn.functional.pad(x[:, 0], (0, -frames % SLOW), mode="replicate")
        standard = self.normalise(x)
        with torch.no_grad():
            timbre = self.basis @ standard[:, : self.mel]
            curves = self.curves(standard, timbre, x[:, self.mel :])
        heard = torch.cat([self.near(self.drop(self.scale(curves))), self.content(standard)], dim=1)[..., :frames]
        heads = {name: head(heard) for name, head in self.heads.items()}
        return heads | {"boundary": self.boundary(heard)[:, 0], "music": heads["music"][:, 0],
                        "chroma": x[:, self.mel :, :frames], "timbre": timbre[..., :frames]}

    def curves(self, standard: Tensor, timbre: Tensor, chroma: Tensor) -> Tensor:
        """(batch, curves, frames)."""
        centred = chroma - chroma.mean(dim=1, keepdim=True)
        edges = torch.stack([standard[:, : self.mel].mean(dim=1), standard[:, :EDGE].mean(dim=1),
                             standard[:, self.mel - EDGE : self.mel].mean(dim=1)], dim=1)
        together = torch.cat([timbre, centred, edges], dim=1)
        parts = [part.shape[1] for part in (timbre, centred, edges)]
        rows = []
        for window in WINDOWS:
            sides = (side.split(parts, dim=1) for side in _around(together, window))
            *heard, (before, after) = zip(*sides, strict=True)
            for earlier, later in heard:
                rows.append((later - earlier).square().mean(dim=1, keepdim=True).sqrt())
                rows.append(1 - nn.functional.cosine_similarity(earlier, later, dim=1)[:, None])
            rows.append(after - before)
        slow = [nn.functional.avg_pool1d(each, SLOW) for each in (timbre, chroma)]
        picture = similarities(slow)  # (batch, 4, lags, frames / SLOW)
        again = [picture.topk(4, dim=2).values.mean(dim=2)]
        for window in SLOW_WINDOWS:
            before, after = _around(picture.flatten(1, 2), window)
            again.append((after - before).abs().unflatten(1, (4, -1)).mean(dim=2))
        return torch.cat([*rows, torch.cat(again, dim=1).repeat_interleave(SLOW, dim=-1)], dim=1)


def _around(values: Tensor, window: int) -> tuple[Tensor, Tensor]:
    """Means of so many frames before each frame, and from each frame on; at the ends of a recording its last frames
    are repeated."""
    padded = nn.functional.pad(values, (window, window - 1), mode="replicate")
    means = nn.functional.avg_pool1d(padded, window, stride=1)
    return means[..., : values.shape[-1]], means[..., window : window + values.shape[-1]]
