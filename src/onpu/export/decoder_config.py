"""What a program that is not onpu must know to use an exported system: JSON beside its ONNX models."""

from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

import numpy as np
import torch

from onpu.export.systems import ActivatedNetwork
from onpu.files import Json
from onpu.layers.receptive import receptive_frames, stride_frames
from onpu.listen import beats, chroma, key, melody, notes, tags
from onpu.make import stems
from onpu.music import harte
from onpu.music.activity import PLAYERS
from onpu.music.drums import CLASSES
from onpu.music.events import SOUNDS
from onpu.music.phonemes import PHONEMES
from onpu.music.sections import NAMES
from onpu.music.spelling import key_label
from onpu.trained import TrainedListener
from onpu.version import __version__

PITCH_CLASSES = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")
DECODERS = "onpu.decode."


def description(trained: TrainedListener) -> Json:
    """All that a decoder needs to know of a listener.

    Parameters
    ----------
    trained
        The listener.

    Returns
    -------
    dict
        onpu: version. task, title, paper, licence, weights (their hash). audio: rate, in Hz, of the one channel that is
        listened to. frames: hop in samples, frames a second; frame i is centred on sample i * hop. windows:
        `receptive`, the frames on either side that an answer depends on, and `stride`, of which the beginning of what
        is given must be a multiple. features: channels, bins; context and grid: see
        `onpu.represent.chain.Representation`. heads: of each activation its shape and the names of its classes; values
        lie in [0, 1]. options: the decoder's, with their defaults. constants: numbers of the module of its decoder and
        of those that it calls, by module.
    """
    listener, network, clock = trained.listener, trained.network, trained.features.clock
    classes = class_names(trained)
    heads: dict[str, Json] = {}
    for name, axis in ActivatedNetwork(trained, trained.features(torch.zeros(1, clock.rate))).heads.items():
        per_class = ["classes"] if name in classes or axis == 2 else []
        heads[name] = {"shape": ["batch", *per_class, *([] if axis is None else ["frames"])]}
        if name in classes:
            heads[name]["classes"] = classes[name]
    own = f"{DECODERS}tasks.{listener.name}"
    module = import_module(own if find_spec(own) else f"onpu.listen.{listener.name}")
    return {
        "onpu": __version__, "task": listener.name, "title": listener.title, "paper": listener.paper,
        "licence": trained.card.get("licence", ""), "weights": trained.card.get("sha256", ""),
        "audio": {"rate": trained.features.rate, "channels": 1},
        "frames": {"hop": clock.hop, "per_second": clock.fps},
        "windows": {"receptive": receptive_frames(network), "stride": stride_frames(network)},
        "features": {"channels": trained.features.channels, "bins": trained.features.bins,
                     "context": trained.features.context, "grid": trained.features.grid},
        "heads": heads, "options": _plain_values(vars(listener.options)), "constants": constants(module)}


def class_names(trained: TrainedListener) -> dict[str, list[str] | list[float]]:
    """Of each head that has classes: their names; beats a minute of tempi, Hz of pitches, MIDI numbers of keys."""
    task, recipe = trained.listener.name, trained.recipe
    keys = [float(number) for number in range(notes.LOWEST, notes.LOWEST + 88)]
    match task:
        case "beats" | "tempo":
            return {"tempo": beats.TEMPI.tolist(), "flux": ["low", "middle", "high"]}
        case "chords":
            roots = [*PITCH_CLASSES, "N"]
            return {"chord": _chord_labels(harte.VOCABULARY[:recipe.qualities]), "root": roots, "bass": roots,
                    "pitches": list(PITCH_CLASSES)}
        case "chroma":
            return {"chord": _chord_labels(chroma.QUALITIES), "chroma": list(PITCH_CLASSES)}
        case "key":
            return {"keys": [*(key_label(tonic, mode) for tonic in range(12) for mode in key.MODES), "N"]}
        case "drums":
            return {"hits": list(CLASSES), "velocity": list(CLASSES)}
        case "events":
            return {"events": list(SOUNDS)}
        case "instruments":
            return {"instruments": list(PLAYERS)}
        case "tags":
            return {"tags": list(tags.words_of(recipe))}
        case "lyrics":
            return {"ctc": [*PHONEMES, ""], "phonemes": [*PHONEMES, "silence"]}
        case "melody" | "multif0":
            per_octave = melody.bins_per_octave(trained.features.clock)
            hertz = (melody.C1 * 2 ** (np.arange(melody.OCTAVES * per_octave) / per_octave)).tolist()
            return {"melody": hertz, "pitches": hertz}
        case "notes":
            return {head: keys for head in ("onset", "offset", "frame", "velocity", "family")}
        case "structure":
            return {"name": list(NAMES), "chroma": list(PITCH_CLASSES)}
    return {}


def _chord_labels(qualities: tuple[str, ...]) -> list[str]:
    """Classes: root * qualities + quality, none and unnamed."""
    numbers = [harte.VOCABULARY.index(quality) for quality in qualities]
    return [*(harte.class_label(root * len(harte.VOCABULARY) + number) for root in range(12) for number in numbers),
            "N", "X"]


def constants(module: ModuleType) -> Json:
    """Numbers, words and lists of them that a module and the decoders that it calls have under names in capitals."""
    found, waiting, seen = {}, [module], set()
    while waiting:
        here = waiting.pop()
        seen.add(here.__name__)
        found[here.__name__] = _plain_values({name: value for name, value in vars(here).items() if name.isupper()})
        for name in sorted({getattr(value, "__module__", "") or "" for value in vars(here).values()}):
            if name.startswith(DECODERS) and name not in seen:
                waiting.append(import_module(name))
    return {name: values for name, values in sorted(found.items()) if values}


def _plain_values(values: Mapping[str, object]) -> Json:
    """Those that JSON knows; arrays and tuples as lists."""
    found = {}
    for name, value in values.items():
        plain = value.tolist() if isinstance(value, np.ndarray) else list(value) if isinstance(value, tuple) else value
        if _is_plain(plain):
            found[name] = plain
    return found


def _is_plain(value: object) -> bool:
    if isinstance(value, list):
        return all(map(_is_plain, value))
    if isinstance(value, dict):
        return all(isinstance(key, str) for key in value) and all(map(_is_plain, value.values()))
    return value is None or isinstance(value, str | int | float | bool)


def stems_description() -> Json:
    """The same of the separator, whose model gives shares of bands: what is cut out of the recording's own spectrum."""
    bands = stems.bands()
    return {"onpu": __version__, "task": "stems", "parts": list(stems.PARTS),
            "audio": {"rate": stems.RATE, "channels": stems.MAX_MASKED_CHANNELS},
            "spectrum": {"n_fft": stems.N_FFT, "hop": stems.HOP, "window": "hann"},
            "bands": {"edges": bands.edges.tolist(), "hertz": bands.hertz.tolist()}}
