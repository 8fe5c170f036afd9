"""The peers that track beats while music sounds."""

from importlib.metadata import version

import numpy as np

from benchmarks.peers.base import Found, Loaded, Peer, madmom_version

SEED = 0
"""Of the particles."""


def beatnet() -> Loaded:
    """BeatNet (Heydari, Cwitkowitz & Duan, ISMIR 2021), its first network and its particle filter, in the mode
    `online`: network and filter know nothing of what follows."""
    madmom_version()
    from BeatNet.BeatNet import BeatNet

    def call(path: str) -> Found:
        np.random.seed(SEED)  # noqa: NPY002
        tracker = BeatNet(1, mode="online", inference_model="PF", plot=[], thread=False)
        found = np.asarray(tracker.process(path)).reshape(-1, 2)
        return {"beats": [(float(time), int(position)) for time, position in found]}

    return f"BeatNet {version('BeatNet')}", call


PEERS = {"beatnet": Peer(("beats",), beatnet, "ONPU_BEATNET_PYTHON")}
