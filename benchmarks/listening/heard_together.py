"""What all listeners hear of recordings, kept, for the benchmarks of words that are told by all together."""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np

from benchmarks.paths import CACHE
from benchmarks.recordings import Item
from onpu.analysis import hear
from onpu.analysis.stacking import SaidAlone, said_alone
from onpu.files import replacing
from onpu.music import Timeline
from onpu.weights import find, read_card

TASKS = ("beats", "chords", "key", "voice", "drums", "band", "instruments", "tags")
"""Those whose cues count."""
ALONE = "alone."


def together(clips: Sequence[Item]) -> list[tuple[Timeline, SaidAlone]]:
    """Of each recording the timeline on which these listeners agree, and what those of tags and of instruments say by
    themselves; kept in the cache, by the weights and the clip."""
    stamp = sha256("".join(read_card(find(name, "default", TASKS))["sha256"] for name in TASKS).encode()).hexdigest()
    folder = CACHE / f"heard-together-{stamp[:12]}"
    folder.mkdir(parents=True, exist_ok=True)
    return [_heard(clip, folder / f"{clip.path.parent.parent.name}-{clip.path.parent.name}-{clip.path.stem}-"
                                  f"{clip.path.stat().st_size}.npz") for clip in clips]


def _heard(clip: Item, path: Path) -> tuple[Timeline, SaidAlone]:
    if not path.exists():
        heard = hear(clip.path, tasks=TASKS)
        said = said_alone([(each.trained.decoder, each.activations, each.options) for each in heard.predictions])
        columns = {f"{ALONE}{name}": np.array(value) for name, value in said.levels.items()}
        with replacing(path) as temporary, temporary.open("wb") as file:
            np.savez_compressed(file, **heard.decide().arrays(), **columns)  # type: ignore[arg-type]
    with np.load(path) as stored:
        arrays = {name: stored[name] for name in stored.files}
    levels = {name.removeprefix(ALONE): float(arrays.pop(name)) for name in list(arrays) if name.startswith(ALONE)}
    return Timeline.from_arrays(arrays), SaidAlone(levels)
