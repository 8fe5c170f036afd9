"""Convolutional network for the boundaries of sections, and for which sections are alike.

Ullrich, Schlüter & Grill, "Boundary detection in music structure analysis using convolutional neural networks" (ISMIR
2014, section 3): a mel spectrogram, pooled over time so that an input of equal size spans 8, 16 or 32 s; two
convolutions with max-pooling between them, a dense layer, one sigmoid; tanh, and dropout of half the dense layers'
inputs. Grill & Schlüter, "Music boundary detection using neural networks on combined features and two-level
annotations" (ISMIR 2015, section 3): beside it the similarity of each moment to those of the last 88 s, lag by lag,
through convolutions of its own, joined by the dense layer.

Deviations: the three spans are branches of one network, where the paper averages the answers of three; dense layers are
convolutions over time, so that each frame is computed once; unless the published number of frames is asked for
(`PUBLISHED`), half as many a second, of twice the length, and lags of 44 s; one picture of lags, where the paper has a
near one of 14 s beside it, and none of harmonic and percussive parts; batch
normalisation of the bands in place of a training set's constants; lags look ahead as well as back; similarity is the
cosine of the mel cepstrum and, as a second picture, of chroma, put into [0, 1] by the quantiles of its own row in place
of a nearest-neighbour scale; further heads tell the section's name and where there is music.
"""

import math

import torch
from torch import Tensor, nn

from onpu.music.sections import NAMES

CEPSTRUM = 20
"""Coefficients of the mel cepstrum from the second on, by which moments are compared."""
LAGS, LAG_FRAMES = 80, 2
"""Rows of the picture of similarities, and frames of the slowest branch from one row to the next."""
PUBLISHED = {"near": 8, "far": 6, "lag_frames": 4}
"""Sizes at the published 14.4 frames a second: kernels of 6 bands x 8 frames and 3 x 6, lags up to 89 s."""
ALIKE_FRAMES = 8
"""Frames of the slowest branch over which similarity is averaged."""


def drop_embedding(module: nn.Module, state: dict[str, Tensor], prefix: str, *_: object) -> None:
    """Passes over the head `alike`, an embedding that earlier weights hold and nothing listens to any more."""
    for name in [name for name in state if name.startswith(f"{prefix}heads.alike.")]:
        del state[name]


class BoundaryCnn(nn.Module):
    """(batch, 1, mel + 12, frames) -> boundary (batch, frames), music (batch, frames) and name (batch, 6, frames),
    logits; chroma (batch, 12, frames) and timbre (batch, 20, frames), of the features.

    Frames beyond the edges are the edges'. Windows of a recording must begin at a multiple of the slowest pooling, and
    do, for `receptive` is one.

    Args:
        mel: bands of the spectrogram, after which the features hold twelve bands of chroma.
        width, second_width: kernels of the two convolutions, 6 bands x `near` frames and 3 x `far`.
        units: of a branch's dense layer.
        context: steps of three frames that the dense layer spans; 15: 57 frames in all, 31 with `PUBLISHED`: 115.
        poolings: frames that each branch takes together.
        dropout: share of the dense layers' inputs that is set to zero in training.
        near, far: frames of the two convolutions' kernels.
        lag_frames: frames of the slowest branch from one row of the picture of similarities to the next.
    """

    def __init__(self, mel: int = 80, width: int = 16, second_width: int = 32, units: int = 128, context: int = 15,
                 poolings: tuple[int, ...] = (1, 2, 4), dropout: float = 0.5, near: int = 5, far: int = 3,
                 lag_frames: int = LAG_FRAMES) -> None:
        super().__init__()
        self.mel, self.poolings, self.slowest = mel, poolings, max(poolings)
        self.bins, self.lag_frames = mel + 12, lag_frames
        self.normalise = nn.BatchNorm1d(self.bins)
        self.branches = nn.ModuleList(
            Branch(1, mel, width, second_width, units, context, dropout, near, far) for _ in poolings)
        self.lags = Branch(4, LAGS, width, second_width, units, context, dropout, near, far)
        self.drop = nn.Dropout(dropout)
        heads = {"boundary": 1, "music": 1, "name": len(NAMES)}
        self.heads = nn.ModuleDict({name: nn.Conv1d(units * (len(poolings) + 1), size, 1)
                                    for name, size in heads.items()})
        reach = self.lags.reach + LAGS * lag_frames + ALIKE_FRAMES
        self.receptive = self.slowest * reach
        steps = torch.arange(mel) + 0.5
        basis = torch.cos(math.pi / mel * steps * torch.arange(1, CEPSTRUM + 1)[:, None]) * math.sqrt(2 / mel)
        self.register_buffer("basis", basis, persistent=False)
        nn.Module.register_load_state_dict_pre_hook(self, drop_embedding)

    basis: Tensor

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        """Features (batch, 1, bins, frames) -> heads."""
        frames = x.shape[-1]
        x = nn.functional.pad(x[:, 0], (0, -frames % self.slowest), mode="replicate")
        standard = self.normalise(x)
        found = [branch(_pooled(standard[:, : self.mel], pool)[:, None]).repeat_interleave(pool, dim=-1)
                 for pool, branch in zip(self.poolings, self.branches, strict=True)]
        with torch.no_grad():
            timbre = self.basis @ standard[:, : self.mel]
            slow = [nn.functional.avg_pool1d(each, self.slowest) for each in (timbre, x[:, self.mel :])]
            picture = similarities(slow, self.lag_frames)
        found.append(self.lags(picture).repeat_interleave(self.slowest, dim=-1))
        trunk = self.drop(torch.cat(found, dim=1))
        heads = {name: head(trunk)[..., :frames] for name, head in self.heads.items()}
        return heads | {"boundary": heads["boundary"][:, 0], "music": heads["music"][:, 0],
                        "chroma": x[:, self.mel :, :frames], "timbre": timbre[..., :frames]}


class Branch(nn.Module):
    """(batch, channels, bins, frames) -> (batch, units, frames), of which each sees `reach` frames on either side."""

    def __init__(self, channels: int, bins: int, width: int, second_width: int, units: int, context: int,
                 dropout: float, near: int, far: int) -> None:
        super().__init__()
        self.near = nn.Conv2d(channels, width, (6, near))
        self.pool = nn.MaxPool2d((6, 3), stride=(6, 1))
        self.far = nn.Conv2d(width, second_width, (3, far), dilation=(1, 3))
        self.drop = nn.Dropout(dropout)
        self.dense = nn.Conv1d(second_width * ((bins - 5) // 6 - 2), units, context, dilation=3)
        self.more = near - 1 + 2 + 3 * (far - 1) + 3 * (context - 1)
        self.reach = -(-self.more // 2)

    def forward(self, x: Tensor) -> Tensor:
        """See the class."""
        x = nn.functional.pad(x, (self.more // 2, self.reach, 0, 0), mode="replicate")
        y = self.far(self.pool(self.near(x).tanh())).tanh().flatten(1, 2)
        heard: Tensor = self.dense(self.drop(y))
        return heard.tanh()


def similarities(parts: list[Tensor], lag_frames: int = LAG_FRAMES) -> Tensor:
    """How like each frame is to those before and after it: (batch, 2 * parts, LAGS, frames), in [0, 1].

    parts: each (batch, values, frames). Row n has the largest of the `lag_frames` lags from lag_frames n + 1 on; 0
    beyond the ends.
    """
    rows = []
    for part in parts:
        unit = nn.functional.normalize(part - part.mean(dim=1, keepdim=True), dim=1)
        half = ALIKE_FRAMES // 2
        padded = nn.functional.pad(_products(unit, LAGS * lag_frames), (half, half - 1))
        back = _rank(nn.functional.avg_pool1d(padded, ALIKE_FRAMES, stride=1))
        rows += [each.unflatten(1, (LAGS, lag_frames)).amax(dim=2) for each in (back, _ahead(back))]
    return torch.stack(rows, dim=1)


def _products(unit: Tensor, most: int) -> Tensor:
    """Scalar products with the frames before: (batch, values, frames) -> (batch, most, frames), lags from 1 on."""
    frames = unit.shape[-1]
    early = nn.functional.pad(unit, (most, 0))
    moments = most + torch.arange(frames, device=unit.device)
    earlier = early[..., moments - torch.arange(1, most + 1, device=unit.device)[:, None]]
    return (unit[:, :, None] * earlier).sum(dim=1)


def _ahead(back: Tensor) -> Tensor:
    """What the frames after say of each: row n of (batch, lags, frames) moved n + 1 frames towards the beginning.

    All rows at once: in one line, cut into rows that are longer by one, each begins a frame later than the one before.
    """
    lags, frames = back.shape[1:]
    line = nn.functional.pad(back, (0, lags)).flatten(1)[:, 1:]
    moved: Tensor = nn.functional.pad(line, (0, lags + 1)).unflatten(1, (lags, frames + lags + 1))[..., :frames]
    return moved


def _rank(products: Tensor) -> Tensor:
    """Cosines (batch, lags, frames) as sigmoids around what a tenth of a frame's lags exceed."""
    place, share = divmod(0.1 * (products.shape[1] - 1), 1)
    largest = products.topk(int(place) + 2, dim=1).values
    edge = torch.lerp(largest[:, -2], largest[:, -1], share)[:, None]
    return ((products - edge) * 8).sigmoid() * (products != 0)


def _pooled(x: Tensor, frames: int) -> Tensor:
    return nn.functional.max_pool1d(x, frames) if frames > 1 else x
