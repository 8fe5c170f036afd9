"""Weights by name or path -> the trained system that they belong to, whether it listens or makes; which there are."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, TypeAlias, TypedDict, get_args, overload

from onpu import exported
from onpu.device import Device, resolve_device
from onpu.errors import OnpuError, WeightsError, suggestion
from onpu.export.systems import on_onnxruntime
from onpu.exported import AnyExported
from onpu.files import Json
from onpu.inference.precision import Precision, checked_precision
from onpu.licensing import Licence
from onpu.listen import load as load_listener
from onpu.listen import tasks
from onpu.make import load as load_maker
from onpu.make import makers
from onpu.maker import Maker, TrainedMaker
from onpu.task import Listener
from onpu.trained import TrainedListener
from onpu.weights import PERMISSIVE_SUFFIX, choices, find, permissive, read_card
from onpu.weights import models as cards

ListenerName: TypeAlias = Literal[
    "band", "beats", "beats-blstm", "chords", "chroma", "drums", "events", "instruments", "key", "lyrics", "melody",
    "multif0", "notes", "onsets", "piano", "piano-wide", "structure", "tags", "tempo", "voice", "voice-blstm"]
MakerName: TypeAlias = Literal[
    "cgan", "chorale", "cover", "convert-band", "convert-guitar", "convert-piano", "convert-strings", "enhance", "gan",
    "locate", "midinet", "musicvae", "musicvae-drums-2", "musicvae-melody-16", "musicvae-trio-16", "nsynth",
    "performance", "performance-transformer", "phase", "pixelcnn", "pixelcnn-strokes", "ride", "ride-strokes",
    "seq2seq", "seq2seq-general", "singer", "stems", "tacotron", "timbre", "wavenet"]
"""What type checkers know to be listeners and makers: the shipped weights, and the tasks that use them."""
Backend: TypeAlias = Literal["torch", "onnx"]
"""What computes a listener's features and network: torch, or onnxruntime."""


@overload
def load(name: ListenerName, device: Device = "auto", *, licence: Licence = "default",
         precision: Precision = "auto", backend: Backend = "torch") -> TrainedListener:
    """A shipped listener; see below."""


@overload
def load(name: MakerName, device: Device = "auto", *, licence: Licence = "default",
         precision: Precision = "auto") -> TrainedMaker:
    """A shipped maker; see below."""


@overload
def load(name: str | Path, device: Device = "auto", *, licence: Licence = "default",
         precision: Precision = "auto", backend: Literal["torch"] = "torch") -> TrainedListener | TrainedMaker:
    """Any weights; see below."""


@overload
def load(name: str | Path, device: Device = "auto", *, licence: Licence = "default",
         precision: Precision = "auto", backend: Literal["onnx"]) -> TrainedListener | AnyExported:
    """Any listener, computed by onnxruntime; see below."""


def load(name: str | Path, device: Device = "auto", *, licence: Licence = "default",
         precision: Precision = "auto", backend: Backend = "torch"
         ) -> TrainedListener | TrainedMaker | AnyExported:
    """Load a trained listener or maker.

    Parameters
    ----------
    name
        A task (`chords`), shipped weights (`piano`; `onpu.models` lists them) or the path of a file of weights.
    device
        auto (the fastest that is there), cpu, cuda, mps, or cuda:1.
    licence
        default: the best weights that may be used commercially, where there are such. permissive: those that learned
        from composed music and sources that ask for credit at most, under Apache-2.0; where the default ones did too,
        these serve for both. A file is refused where it is not of that licence.
    precision
        Of a listener's network: float32, bfloat16, or auto, which is bfloat16 where the device multiplies it itself and
        the network is not recurrent, else float32. Makers know float32 alone.
    backend
        torch, or onnx: onnxruntime computes a listener's features and network, on the CPU in float32. Its models are
        made when it is loaded, which takes some seconds (`onpu.export.systems`), unless `name` is a folder that
        `onpu export` has written.

    Returns
    -------
    TrainedListener, TrainedMaker or ExportedListener
        The system, which is called with a recording.

    Raises
    ------
    WeightsError
        When there are no such weights, none of that licence, or they are damaged or made for something else.
    OnpuError
        When the device, the precision or the backend is not to be had, or the licence is neither of the two.

    Examples
    --------
    >>> import onpu
    >>> beats = onpu.load("beats", device="cpu")
    >>> beats
    TrainedListener(beats: BeatTcn with ... parameters on cpu)
    >>> len(beats("song.wav").times)
    37
    """
    checked_precision(precision)
    if backend not in get_args(Backend):
        raise OnpuError(f"backend {backend}: {suggestion(backend, get_args(Backend))}")
    if backend == "onnx":
        return _on_onnxruntime(name, device, licence, precision)
    trained = _restored(name, licence).to(resolve_device(device))
    if isinstance(trained, TrainedListener):
        return replace(trained, precision=precision)
    if precision == "bfloat16":
        raise OnpuError(f"{name}: makers know no precision bfloat16; leave it out")
    return trained


def _on_onnxruntime(name: str | Path, device: Device, licence: Licence, precision: Precision
                    ) -> TrainedListener | AnyExported:
    if device not in ("auto", "cpu") or precision == "bfloat16":
        raise OnpuError("the backend onnx computes on the CPU in float32; leave out device and precision")
    if exported.is_exported(name):
        return exported.load(name, licence)
    trained = _restored(name, licence)
    if not isinstance(trained, TrainedListener):
        raise OnpuError(f"{name}: makers have no backend onnx; leave it out")
    return on_onnxruntime(trained)


def _restored(name: str | Path, licence: Licence) -> TrainedListener | TrainedMaker:
    if str(name) in tasks():
        return load_listener(name, licence)
    task = read_card(find(name, licence, (*tasks(), *makers())))["task"]
    if task not in tasks() and task not in makers():
        raise WeightsError(f"{name}: made for the task {task}, which is not among "
                           f"{', '.join(sorted((*tasks(), *makers())))}")
    return load_listener(name, licence) if task in tasks() else load_maker(name, licence)


class Model(TypedDict):
    """What shipped weights are, in short; `onpu.weights.read_card` has all of their card.

    task: what they are for. kind: whether they find labels in a recording or make sound or scores. title: the task in
    a line. network: its class. paper: citation. licence, commercial_use: what one may do with them. choices: the values
    of `licence` by which `onpu.load` and `onpu.analyze` take them. trained_on: each source and its licence. credits:
    name, author, licence and source of each recording among these. scores: each a dict of measure, mean, low and high
    (95 % interval of the mean), items, data, tool; of permissive weights beside default ones also `gap`, the mean over
    that of the default ones on the same data. bytes: size of the file.
    """

    task: str
    kind: Literal["listener", "maker"]
    title: str
    network: str
    paper: str
    licence: str
    commercial_use: bool
    choices: list[Licence]
    trained_on: list[str]
    credits: list[Json]
    scores: list[Json]
    bytes: int


def models() -> dict[str, Model]:
    """List the shipped weights.

    Returns
    -------
    dict
        Name -> summary, ready for JSON; see `Model`.

    Examples
    --------
    >>> import onpu
    >>> card = onpu.models()["chords"]
    >>> card["task"], card["kind"], card["licence"], card["commercial_use"]
    ('chords', 'listener', 'Apache-2.0', True)
    """
    shipped = cards()
    return {name: _model(card, choices(name), shipped.get(name.removesuffix(PERMISSIVE_SUFFIX), card)["scores"])
            for name, card in shipped.items()}


def described(name: str | Path) -> tuple[str, Model, Json]:
    """Name, summary and card of shipped weights, or of a file of weights; raises `WeightsError` as `load` does."""
    path = find(name, known=(*tasks(), *makers()))
    card = read_card(path) | {"bytes": path.stat().st_size}
    if card["task"] not in tasks() and card["task"] not in makers():
        raise WeightsError(f"{name}: made for the task {card['task']}, which onpu does not have")
    chosen: tuple[Licence, ...] = ("default", "permissive") if permissive(card) else ("default",)
    return path.stem, _model(card, chosen, card["scores"]), card


def _model(card: Json, chosen: Sequence[Licence], default: Sequence[Json]) -> Model:
    """The summary of weights; default: scores of the weights beside which these may be chosen."""
    known: dict[str, Listener | Maker] = {**tasks(), **makers()}
    return Model(
        task=card["task"], kind="listener" if card["task"] in tasks() else "maker", title=known[card["task"]].title,
        network=card["network"]["class"], paper=card["paper"], licence=card["licence"],
        commercial_use=card["commercial_use"], choices=list(chosen),
        trained_on=list(dict.fromkeys(_told(source) for source in card["data"])), credits=_credits(card["data"]),
        scores=_beside(card["scores"], default), bytes=card["bytes"])


def _told(source: Mapping[str, Any]) -> str:
    """One source of training data in a few words."""
    count = f"{source['count']} " if "count" in source else ""
    licences = dict.fromkeys(credit["licence"] for credit in source.get("credits", ())) or (source["licence"],)
    return f"{count}{source['kind']}, {', '.join(licences)}"


def _credits(sources: Sequence[Mapping[str, Any]]) -> list[Json]:
    """Name, author, licence and source of the recordings of these sources, each once."""
    found = [credit for source in sources for credit in source.get("credits", ())]
    return [credit for number, credit in enumerate(found) if credit not in found[:number]]


def _beside(scores: Sequence[Json], others: Sequence[Json]) -> list[Json]:
    """Scores with their distance from those of other weights by the same measure on the same data."""
    if scores == others:
        return list(scores)
    means = {(score["measure"], score["data"]): score["mean"] for score in others}
    return [score | ({"gap": score["mean"] - means[key]} if (key := (score["measure"], score["data"])) in means else {})
            for score in scores]
