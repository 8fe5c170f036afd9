"""What every representation offers, and how they are combined."""

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from onpu.music import Clock


class Representation(nn.Module):
    """Audio (batch, samples), float32 -> features (batch, channels, bins, clock.count(samples)).

    Attributes:
        clock: where the frames lie.
        channels, bins: of the features.
        context: samples before and after a frame's centre that the frame depends on. None: it depends on the whole
            recording, which can then not be computed in chunks.
        grid: chunks of a recording must begin at a multiple of so many frames to be what they are in the whole.
    """

    clock: Clock
    channels: int
    bins: int
    context: int | None
    grid: int = 1

    @property
    def rate(self) -> int:
        """Samples a second that the audio must have."""
        return self.clock.rate

    def __call__(self, audio: Tensor) -> Tensor:
        """Call the module; in full precision also where autocast is on, for bfloat16 buries what is 50 dB down."""
        if torch.is_autocast_enabled(audio.device.type):
            with torch.autocast(audio.device.type, enabled=False):
                features: Tensor = super().__call__(audio)
        else:
            features = super().__call__(audio)
        return features


class Transform(nn.Module):
    """A step from features to features (batch, channels, bins, frames); the frames stay where they are.

    Attributes:
        context_frames: frames before and after that a frame depends on; None: all.
    """

    context_frames: int | None = 0

    def shape(self, channels: int, bins: int) -> tuple[int, int]:
        """Channels and bins after the step."""
        return channels, bins


class Features(Representation):
    """A representation followed by transforms, each applied to the result of the one before.

    Args:
        front: what the audio goes through first.
        transforms: what follows.
    """

    def __init__(self, front: Representation, *transforms: Transform) -> None:
        super().__init__()
        self.front, self.transforms = front, nn.ModuleList(transforms)
        self.clock = front.clock
        self.channels, self.bins, self.context, self.grid = front.channels, front.bins, front.context, front.grid
        for transform in transforms:
            self.channels, self.bins = transform.shape(self.channels, self.bins)
            if self.context is None or transform.context_frames is None:
                self.context = None
            else:
                self.context += transform.context_frames * self.clock.hop

    def forward(self, audio: Tensor) -> Tensor:
        """Audio (batch, samples) -> features (batch, channels, bins, frames)."""
        x = self.front(audio)
        for transform in self.transforms:
            x = transform(x)
        return x


class Concatenate(Representation):
    """Several representations of one clock beside each other.

    Args:
        parts: the representations.
        axis: "bins" or "channels", along which they are put together.

    Raises:
        ValueError: the parts differ in their clock or along the other axis.
    """

    def __init__(self, parts: Sequence[Representation], axis: str) -> None:
        super().__init__()
        self.parts, self.axis = nn.ModuleList(parts), axis
        self.clock = parts[0].clock
        channels, bins = {part.channels for part in parts}, {part.bins for part in parts}
        if {part.clock for part in parts} != {self.clock}:
            raise ValueError(f"parts of different clocks: {sorted({str(part.clock) for part in parts})}")
        if axis not in ("bins", "channels") or len(channels if axis == "bins" else bins) > 1:
            raise ValueError(f"parts of {sorted(channels)} channels and {sorted(bins)} bins do not join along {axis!r}")
        self.channels = channels.pop() if axis == "bins" else sum(part.channels for part in parts)
        self.bins = bins.pop() if axis == "channels" else sum(part.bins for part in parts)
        contexts = [part.context for part in parts]
        self.context = None if None in contexts else max(context for context in contexts if context is not None)
        self.grid = math.lcm(*(part.grid for part in parts))

    def forward(self, audio: Tensor) -> Tensor:
        """Audio (batch, samples) -> features (batch, channels, bins, frames)."""
        return torch.cat([part(audio) for part in self.parts], dim=1 if self.axis == "channels" else 2)
