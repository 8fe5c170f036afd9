"""usage: make_golden.py: writes golden/TASK-NETWORK.npz, what the tiny untrained networks answer to a fixed sound.

Run it after a change that is meant to change answers, and say in the commit why they change.
"""

from pathlib import Path

import numpy as np
from cases import build, cases, sound

GOLDEN = Path(__file__).parent / "golden"
SECONDS = 4.0


def answers(name: str) -> dict[str, np.ndarray]:
    """Head -> every tenth frame of the activations of the case."""
    listener, recipe = cases()[name]
    found = build(listener, recipe).activations(sound(SECONDS, 44100))
    return {head: values if head in listener.pooled else values[..., ::10] for head, values in found.items()}


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for case in (name for name, (listener, _) in cases().items() if not listener.weights):
        halves = {head: values.astype(np.float16) for head, values in answers(case).items()}
        np.savez_compressed(GOLDEN / f"{case}.npz", **halves)
