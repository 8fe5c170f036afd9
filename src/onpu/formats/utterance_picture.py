"""A picture of what was uttered: its mel spectrum, and which sound each step of it attended to."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from onpu.errors import OnpuError
from onpu.files import replacing


def write_utterance(path: Path, mel: np.ndarray, attention: np.ndarray, sounds: Sequence[str], seconds: float
                    ) -> list[Path]:
    """Draw mel (bands, frames) and attention (steps, sounds) one over the other; return the files written. seconds: of
    both. Raises `OnpuError` where matplotlib is missing."""
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise OnpuError("pictures need matplotlib; pip install 'onpu[train]'") from None
    figure = Figure(figsize=(10, 7), layout="constrained")
    above, below = figure.subplots(2, 1, sharex=True)
    above.imshow(mel, origin="lower", aspect="auto", extent=(0, seconds, 0, len(mel)), cmap="magma")
    above.set_ylabel("mel band")
    below.imshow(attention.T, aspect="auto", cmap="Greys", interpolation="nearest", vmin=0, vmax=1,
                 extent=(0, seconds, attention.shape[1] - 0.5, -0.5))
    below.set_yticks(range(len(sounds)), list(sounds), fontsize=7)
    below.set_xlabel("seconds")
    below.set_title("what each step attended to", loc="left", fontsize=10)
    with replacing(path) as temporary:
        figure.savefig(temporary, dpi=110)
    return [path]
