"""Looking into a trained listener while it hears an excerpt."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from onpu.errors import AudioError, OnpuError
from onpu.formats.audio_like import AudioLike, as_source
from onpu.inference.passing import Resampler, mono
from onpu.look.relevance import Decision, Deletion, decision, deletion, saliency
from onpu.look.sound import auralise
from onpu.look.walking import Layer, Walk, walk
from onpu.task import O, R
from onpu.trained import TrainedListener

CROPS = 9
"""Passages that excite a map most."""
WIDEST_SECONDS = 1.5
"""Length of such a passage at most; it is as long as what the map sees."""
SEEN = 0.05
"""Share of the strongest frame of what a map shows from which on a frame belongs to what it sees."""
MAPS = 3
"""Maps that are looked at where none is named: those that speak most for the decision."""


@dataclass(frozen=True, eq=False)
class Crop:
    """A passage that excites a map. start, end: seconds from the excerpt's beginning. excitation: of its strongest
    place. features, deconvolved: (bins, frames), what was there and what of it the map's strongest places show, added
    over channels. sound, shown: (samples,), as recorded, and as the map has it (None where features are no bands)."""

    start: float
    end: float
    excitation: float
    features: np.ndarray
    deconvolved: np.ndarray
    sound: np.ndarray
    shown: np.ndarray | None


@dataclass(frozen=True, eq=False)
class MapSeen:
    """A map of a layer. deconvolved: (bins, frames) of the whole excerpt, added over channels. shown: its sound
    (samples,), None where features are no bands. crops: what excites it most, the strongest first. deletion: of its
    mean activation, when what it shows is taken out; only of the first map that is looked at, for it takes time."""

    layer: Layer
    number: int
    deconvolved: np.ndarray
    shown: np.ndarray | None
    crops: tuple[Crop, ...]
    deletion: Deletion | None


@dataclass(frozen=True, eq=False)
class Looked:
    """What was seen of a listener and an excerpt.

    task: its name. rate: of all sounds. start: of the excerpt, seconds. fps: frames a second. sound: (samples,).
    features: (channels, bins, frames). kernels: of the first convolution (maps, inputs, bins, frames), None where there
    is none. layers: those that can be looked at. decision: what is explained. saliency: (bins, frames), what speaks for
    it. because, rest: its sound and what is left (samples,), None where features are no bands. deletion: whether it is
    the cause. maps: those that were looked at.
    """

    task: str
    rate: int
    start: float
    fps: float
    sound: np.ndarray
    features: np.ndarray
    kernels: np.ndarray | None
    layers: tuple[Layer, ...]
    decision: Decision
    saliency: np.ndarray
    because: np.ndarray | None
    rest: np.ndarray | None
    deletion: Deletion
    maps: tuple[MapSeen, ...]


def look(trained: TrainedListener[R, O], audio: AudioLike, rate: int | None = None, *, layer: int | None = None,
         map: int | None = None, head: str | None = None, number: int | None = None, start: float = 0.0,
         seconds: float = 20.0) -> Looked:
    """Look at an excerpt through a listener.

    Parameters
    ----------
    trained
        The listener.
    audio, rate
        A recording as `TrainedListener` takes it.
    layer, map
        Which map is followed back, layers from 1 and maps from 0 on; None: of the last layer the three maps that speak
        most for the decision. Networks without rectified convolutions have a decision and no maps.
    head, number
        Which output is explained, and which of its classes; None: the first, and what it says most clearly.
    start, seconds
        The excerpt.

    Returns
    -------
    Looked
        Kernels, maps, saliency, their sounds and the curves of deletion.

    Raises
    ------
    OnpuError
        When there is no such layer, map, head or class.
    AudioError
        When the recording cannot be read, or nothing of it lies in the excerpt.

    Examples
    --------
    >>> import onpu
    >>> from onpu.look import look
    >>> seen = look(onpu.load("onsets", device="cpu"), "song.wav", seconds=5.0)
    >>> len(seen.layers), seen.maps[0].deconvolved.shape == seen.saliency.shape
    (3, True)
    """
    sound = _excerpt(audio, rate, trained.features.rate, start, seconds)
    x = trained.features(torch.from_numpy(sound)[None])
    if trained.listener.adapt is not None:
        (x,), _ = trained.listener.adapt([x])
    trained = trained.to("cpu")
    walked = walk(trained.network, x)
    what = decision(trained.listener.activate(walked.logits), walked.logits, head, number)
    if layer is not None or map is not None or walked.layers:
        chosen = walked.layer(layer)
        numbers = _telling(walked, chosen, what) if map is None else (map,)
        maps = tuple(_seen(walked, chosen, each, sound, trained, curves=each == numbers[0]) for each in numbers)
    else:
        maps = ()
    salient = saliency(trained.network, x, what)

    @torch.no_grad()
    def strength(features: Tensor) -> float:
        return float(what.strength(trained.listener.activate(trained.network(features))[what.head]))

    because, rest = _heard(sound, salient, trained)
    fallen = deletion(strength, x, salient.sum(dim=0), np.random.default_rng(0))
    kernels = walked.kernels
    if kernels is not None and kernels.ndim == 3:
        kernels = kernels[:, None]
    return Looked(trained.listener.name, trained.features.rate, start, trained.features.clock.fps, sound, x[0].numpy(),
                  None if kernels is None else kernels.numpy(), walked.layers, what, salient.sum(dim=0).numpy(),
                  because, rest, fallen, maps)


def _excerpt(audio: AudioLike, given_rate: int | None, rate: int, start: float, seconds: float) -> np.ndarray:
    """The channels together at `rate`, (samples,)."""
    if seconds <= 0 or start < 0:
        raise OnpuError(f"an excerpt of {seconds:g} s from {start:g} s on is none; begin at 0 or later, and take some")
    with as_source(audio, given_rate) as source:
        resampler, first, wanted = Resampler(source.rate, rate), round(start * rate), round(seconds * rate)
        kept: list[np.ndarray] = []
        blocks = mono(source)
        while sum(len(block) for block in kept) < first + wanted and (block := next(blocks, None)) is not None:
            kept.append(resampler.push(block))
        kept.append(resampler.push(np.zeros(0, np.float32), last=True))
    sound = np.concatenate(kept)[first : first + wanted]
    if len(sound) < rate // 10:
        raise AudioError(f"nothing of this recording lies at {start:g} s; begin earlier with --start")
    return np.ascontiguousarray(sound, np.float32)


def _heard(sound: np.ndarray, relevance: Tensor, trained: TrainedListener[R, O]
           ) -> tuple[np.ndarray | None, np.ndarray | None]:
    """What is relevant, and the rest; nothing where features are no bands."""
    try:
        return auralise(sound, relevance, trained.features)
    except OnpuError:
        return None, None


def _telling(walked: Walk, layer: Layer, what: Decision) -> tuple[int, ...]:
    """The maps whose activations speak most for the decision, to first order, among those that sound at all."""
    slope, = torch.autograd.grad(what.strength(walked.logits[what.head]), layer.source, retain_graph=True,
                                 allow_unused=True)
    weight = layer.maps.clamp(min=0).flatten(1).sum(dim=1)
    if slope is not None:
        weight = (slope[0].reshape(layer.maps.shape) * layer.maps).flatten(1).sum(dim=1)
    return tuple(int(number) for number in weight.topk(min(MAPS, len(weight))).indices)


def _seen(walked: Walk, layer: Layer, number: int, sound: np.ndarray, trained: TrainedListener[R, O],
          curves: bool) -> MapSeen:
    found = walked.deconvolve(layer, number)

    def excitation(features: Tensor) -> float:
        return float(walk(trained.network, features).layer(layer.number).maps[number].detach().clamp(min=0).mean())

    fallen = deletion(excitation, walked.x.detach(), found.sum(dim=0), np.random.default_rng(0)) if curves else None
    shown, _ = _heard(sound, found, trained)
    places = _strongest(layer.maps[number], trained.features.clock.fps)
    only = torch.zeros(layer.maps.shape[1:])
    for place in places:
        only[place] = 1
    strongest = walked.deconvolve(layer, number, only)
    heard, _ = _heard(sound, strongest, trained)
    crops = tuple(_crop(walked, place, layer.maps[number], strongest, sound, heard, trained) for place in places)
    return MapSeen(layer, number, found.sum(dim=0).numpy(), shown, crops, fallen)


def _strongest(maps: Tensor, fps: float) -> list[tuple[int, int]]:
    """Bin and frame of the strongest excitations (bins, frames), a passage apart, the strongest first."""
    best, where = maps.max(dim=0)
    best = best.clone()
    apart = max(1, round(WIDEST_SECONDS * fps))
    out: list[tuple[int, int]] = []
    while len(out) < CROPS and best.max() > 0:
        frame = int(best.argmax())
        out.append((int(where[frame]), frame))
        best[max(0, frame - apart) : frame + apart + 1] = 0
    return out


def _crop(walked: Walk, place: tuple[int, int], excited: Tensor, strongest: Tensor, sound: np.ndarray,
          heard: np.ndarray | None, trained: TrainedListener[R, O]) -> Crop:
    """The passage around an excitation, as far as the map sees."""
    frames, clock = strongest.shape[-1], trained.features.clock
    centre, widest = round(place[1] * frames / excited.shape[-1]), max(1, round(WIDEST_SECONDS / 2 * clock.fps))
    around = strongest[..., max(0, centre - widest) : centre + widest + 1].abs().sum(dim=(0, 1))
    reached = torch.nonzero(around > SEEN * around.max()).flatten() + max(0, centre - widest)
    half = int((reached - centre).abs().max()) + 1 if len(reached) else 1
    first, last = max(0, centre - half), min(frames, centre + half + 1)
    samples = slice(first * clock.hop, last * clock.hop)
    return Crop(first / clock.fps, last / clock.fps, float(excited[place]),
                walked.x.detach()[0, :, :, first:last].sum(dim=0).numpy(),
                strongest[..., first:last].sum(dim=0).numpy(), sound[samples],
                None if heard is None else heard[samples])
