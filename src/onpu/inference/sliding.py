"""What a network says of a sound that goes on: its activations over a window of the past, again and again.

Features are computed once, as soon as a frame's whole context has been heard; the network hears the last seconds of
them anew at every step. So any network for recordings answers live, whatever it looks at: convolutions on both sides,
recurrences in both directions. What it does not hear is the future, and how much of that it misses is for whoever reads
the answer to decide, by reading it some frames before its end.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from onpu.errors import OnpuError
from onpu.inference.activations import System, logits_in
from onpu.inference.precision import arithmetic
from onpu.layers.receptive import stride_frames
from onpu.layers.threads import one_thread


@dataclass(frozen=True, eq=False)
class Said:
    """The answer over a window. first, end: its frames [first, end) of all that was heard; heads: head -> (frames,),
    (classes, frames) or, pooled, (classes,), float32; samples: heard when it was given."""

    first: int
    end: int
    heads: dict[str, np.ndarray]
    samples: int


class Sliding:
    """Consecutive samples (samples,) at the features' rate -> an answer every `step` frames.

    When an answer comes depends on how many samples have come alone, not on how they were cut.

    Args:
        trained: the listener, on its device.
        step: frames from answer to answer.
        window: frames that the network hears at most.
        early: frames at the end of a window whose context has not been heard yet, for which silence stands.

    Raises:
        OnpuError: the features of this listener need the whole recording.
    """

    def __init__(self, trained: System, step: int, window: int, early: int = 0) -> None:
        context = trained.features.context
        if context is None:
            raise OnpuError(f"{type(trained.network).__name__} hears whole recordings only; it cannot listen live")
        self.trained, self.step, self.window, self.early, self.context = trained, step, window, early, context
        self.unit = np.lcm(trained.features.grid, stride_frames(trained.network))
        self.device = next(trained.network.parameters()).device
        trained.network.eval()
        self.dtype = arithmetic(trained.precision, trained.network, self.device)
        self.samples = self.end = 0  # heard; frames of the last answer
        self.held, self.held_from = np.zeros(0, np.float32), 0  # samples from the frame `held_from` on
        self.frames: Tensor | None = None  # features of the frames [frames_from, done)
        self.frames_from = self.done = 0

    def push(self, samples: np.ndarray) -> Iterator[Said]:
        """Take the next samples; yields the answers that have become due."""
        self.held = np.concatenate([self.held, samples])
        self.samples += len(samples)
        hop = self.trained.features.clock.hop
        while self.samples >= self._needed(self.end + self.step):
            self.end += self.step
            with one_thread():  # what is computed at a time is too small to be divided
                said = self._answer(self.held[: self._needed(self.end) - self.held_from * hop])
            yield said

    def _needed(self, end: int) -> int:
        """Samples that must have been heard for an answer that ends with this frame."""
        hop = self.trained.features.clock.hop
        return max(0, (end - 1 - self.early) * hop + self.context, (end - 1) * hop + 1)

    @torch.inference_mode()
    def _answer(self, heard: np.ndarray) -> Said:
        """The answer of the window up to the frame `end`, of which these samples are held."""
        features, listener = self.trained.features, self.trained.listener
        new = features(torch.from_numpy(heard)[None].to(self.device))[..., self.done - self.held_from
                                                                      : self.end - self.held_from]
        known = new if self.frames is None else torch.cat([self.frames, new], dim=-1)
        first = max(0, -(-(self.end - self.window) // self.unit) * self.unit)
        window = known[..., first - self.frames_from :]
        self._keep(known, first)
        extra: dict[str, np.ndarray] = {}
        if listener.adapt is not None:
            (window,), extra = listener.adapt([window])
        heads = listener.activate(logits_in(self.trained.network, window, self.dtype))
        return Said(first, self.end, extra | {name: head[0].float().cpu().numpy() for name, head in heads.items()},
                    self.samples)

    def _keep(self, known: Tensor, first: int) -> None:
        """Forget what no later window holds, and the features that silence stood in."""
        features = self.trained.features
        hop, complete = features.clock.hop, self.end - self.early
        self.done = max(self.done, complete)
        self.frames, self.frames_from = known[..., first - self.frames_from : self.done - self.frames_from], first
        behind = max(0, self.done - -(-self.context // hop)) // features.grid * features.grid
        self.held, self.held_from = self.held[(behind - self.held_from) * hop :], behind
