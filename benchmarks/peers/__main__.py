"""Serve one peer: `python -m benchmarks.peers NAME`, by an interpreter that has it."""

import sys

from benchmarks.peers import PEERS
from benchmarks.peers.base import serve

serve(PEERS[sys.argv[1]].load)
