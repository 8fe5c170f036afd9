"""Exported listeners (`onpu export`), which onnxruntime and NumPy compute: a recording is heard without torch.

    FOLDER/features.onnx    audio (1, samples) -> features (1, channels, bins, frames)
    FOLDER/whole.onnx       features of a whole recording -> adapted, tuning; only where a listener adapts
    FOLDER/network.onnx     features -> activations
    FOLDER/decoder.json     what the decoder needs to know (`onpu.export.decoder_config`)
    FOLDER/card.json        the card of the weights

The recording is cut into the same windows as with torch (`onpu.inference.collecting`).
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Self, TypeAlias

import numpy as np

from onpu.called import AnyHearing, HearingSystem
from onpu.decode.decoder import Decoder, O
from onpu.decode.tasks import decoders
from onpu.errors import OnpuError, WeightsError, suggestion
from onpu.files import Json
from onpu.inference.collecting import Activations, Collector, OverlappingWindows
from onpu.inference.passing import FeatureChunks, pass_over
from onpu.inference.sessions import run
from onpu.licensing import PERMISSIVE_LICENCE, Licence, checked
from onpu.music import AudioSource, Clock

SHIPPED = Path(__file__).parent / "exported_models"
"""Where exported models lie in a distribution without torch; `onpu` itself has none."""
FEATURES, WHOLE, NETWORK = "features.onnx", "whole.onnx", "network.onnx"
DESCRIPTION, CARD = "decoder.json", "card.json"


@dataclass(frozen=True)
class ExportedFrontEnd:
    """features.onnx and what is known of it: see `onpu.represent.chain.Representation`."""

    path: Path
    clock: Clock
    context: int | None
    grid: int

    @cached_property
    def digest(self) -> str:
        """Of the model: equal front ends are computed once."""
        return sha256(self.path.read_bytes()).hexdigest()

    def chunks(self) -> FeatureChunks[np.ndarray]:
        """What turns consecutive samples into features."""
        def compute(samples: np.ndarray, first: int, last: int) -> np.ndarray:
            return run(self.path, samples[None])["features"][..., first:last]

        return FeatureChunks(self, compute)


@dataclass(frozen=True, eq=False)
class ExportedListener(HearingSystem[O]):
    """A listener that onnxruntime computes.

    folder: of its models. telling: its decoder. front: what computes its features. receptive, stride: see
    `onpu.inference.collecting.OverlappingWindows`. card: of the weights.
    """

    folder: Path
    telling: Decoder[O]
    front: ExportedFrontEnd
    receptive: int
    stride: int
    card: Json

    @property
    def decoder(self) -> Decoder[O]:
        """What makes music of the activations."""
        return self.telling

    @property
    def clock(self) -> Clock:
        """Where the frames lie."""
        return self.front.clock

    def __repr__(self) -> str:
        return f"ExportedListener({self.telling.name}: {self.folder})"

    def tuned(self, cents: float) -> Self:
        """See `HearingSystem`. Raises `OnpuError` for one that finds the tuning itself."""
        if (self.folder / WHOLE).exists():
            raise OnpuError(f"{self.telling.name}: exported models find the tuning themselves; leave out tuning")
        return self

    def collector(self) -> Collector[np.ndarray]:
        """What gathers activations of one recording."""
        windows = OverlappingWindows[np.ndarray](self.receptive, self.clock.fps, self.stride)
        adapt = self._adapted if (self.folder / WHOLE).exists() else None
        return Collector(windows, self.clock.fps, self._answer, self.telling.pooled, adapt)

    def _answer(self, window: np.ndarray) -> dict[str, np.ndarray]:
        return {name: head[0] for name, head in run(self.folder / NETWORK, np.ascontiguousarray(window)).items()}

    def _adapted(self, chunks: list[np.ndarray]) -> tuple[list[np.ndarray], dict[str, np.ndarray]]:
        found = run(self.folder / WHOLE, np.concatenate(chunks, axis=-1))
        return [found.pop("adapted")], {name: values.astype(np.float64) for name, values in found.items()}

    def predictions(self, systems: Sequence[AnyHearing], source: AudioSource,
                    progress: Callable[[float], None] | None = None) -> tuple[list[Activations], float]:
        """See `HearingSystem`."""
        own = [system for system in systems if isinstance(system, ExportedListener)]
        collectors = [system.collector() for system in own]
        streams: dict[str, tuple[FeatureChunks[np.ndarray], list[Callable[[np.ndarray], None]]]] = {}
        for system, collector in zip(own, collectors, strict=True):
            _, takers = streams.setdefault(system.front.digest, (system.front.chunks(), []))
            takers.append(collector.push)
        duration = pass_over(source, list(streams.values()), progress)
        return [collector.finish() for collector in collectors], duration


AnyExported: TypeAlias = ExportedListener[Any]
"""Whatever its options are."""


def is_exported(name: str | Path) -> bool:
    """Whether this names an exported listener: a folder of one, or one that is shipped."""
    try:
        return (_shipped(name) or Path(name)).joinpath(DESCRIPTION).is_file()
    except (OSError, TypeError):  # a name that is too long, or no name
        return False


def shipped() -> dict[str, Json]:
    """Name -> card of the exported listeners of this distribution; none where it has torch's weights."""
    return {path.parent.name: json.loads(path.read_text(encoding="utf-8"))
            for path in sorted(SHIPPED.glob(f"*/{CARD}"))}


def find(name: str | Path, licence: Licence = "default") -> Path:
    """The folder of an exported listener: a path, or the name of one that is shipped. Raises `WeightsError` when there
    is none, or none of that licence."""
    folder = _shipped(name) or Path(name)
    if not is_exported(folder):
        raise WeightsError(f"{name}: no exported listener; {suggestion(str(name), shipped())}, or name a folder that "
                           "onpu export has written")
    if checked(licence) == "permissive":
        own = _json(folder / CARD)
        if own["licence"] != PERMISSIVE_LICENCE or not own["commercial_use"]:
            raise WeightsError(f"{name}: its weights are under {own['licence'].partition(',')[0]}; choose licence "
                               "default")
    return folder


def load(name: str | Path, licence: Licence = "default") -> AnyExported:
    """Load an exported listener.

    Parameters
    ----------
    name
        A folder that `onpu export` has written, or the name of a listener that comes with this distribution.
    licence
        default or permissive, see `onpu.load`.

    Returns
    -------
    ExportedListener
        It is called and it decodes as any listener.

    Raises
    ------
    WeightsError
        When there is none of that name or licence, or it was made by a version of another kind.
    OnpuError
        When onnxruntime is not installed.
    """
    return _loaded(find(name, licence).resolve())


@lru_cache(maxsize=32)
def _loaded(folder: Path) -> AnyExported:
    told, card = _json(folder / DESCRIPTION), _json(folder / CARD)
    try:
        decoder, heads = decoders()[told["task"]], told["heads"]
        if decoder.telling is not None:
            decoder = decoder.telling(tuple(next(iter(heads.values()))["classes"]))
        features, windows = told["features"], told["windows"]
        front = ExportedFrontEnd((folder / features.get("file", FEATURES)).resolve(),
                                 Clock(told["audio"]["rate"], told["frames"]["hop"]), features["context"],
                                 features["grid"])
        return ExportedListener(folder, decoder, front, windows["receptive"], windows["stride"], card)
    except (KeyError, TypeError, StopIteration) as error:
        raise WeightsError(f"{folder}: its description lacks {error}; export it again with this version") from error


def _shipped(name: str | Path) -> Path | None:
    folder = SHIPPED / str(name)
    return folder if isinstance(name, str) and name and folder.parent == SHIPPED and folder.is_dir() else None


def _json(path: Path) -> Json:
    try:
        found: Json = json.loads(path.read_text(encoding="utf-8"))
        return found
    except (OSError, ValueError) as error:
        raise OnpuError(f"{path}: cannot be read ({error}); export the listener again") from error
