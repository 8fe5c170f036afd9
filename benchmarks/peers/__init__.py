"""The peers' recognisers; each runs in a process of its own, by the interpreter that has it (see README.md)."""

from benchmarks.peers import beats, harmony, notes

PEERS = {**beats.PEERS, **harmony.PEERS, **notes.PEERS}
