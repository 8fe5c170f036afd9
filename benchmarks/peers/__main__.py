"""Serve one peer: `python -m benchmarks.peers NAME`, by an interpreter that has it."""

import sys

from benchmarks.peers import PEERS, live
from benchmarks.peers.base import serve

serve({**PEERS, **live.PEERS}[sys.argv[1]].load)
