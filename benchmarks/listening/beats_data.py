"""Recordings of the benchmark of beats with what is true of them (see README.md)."""

from collections.abc import Iterator

from benchmarks.composed import held_out, of_all_metres, rendered
from benchmarks.recordings import Item, labelled, real
from onpu.formats.beats import read_beats

SETS = {"metal": "metal with real guitars, sequenced", "grid": "game music on a constant beat",
        "charted": "songs charted for a game, with tempo changes", "mdb": "multitrack recordings of bands (MDB Drums)",
        "maps": "piano recordings with rubato (MAPS, A-MAPS)",
        "composed": "composed songs in styles, and with a soundfont, that are held out",
        "metres": "composed songs in compound, odd and simple metres in turn, seeds and soundfont held out"}
COMPOSED = ("composed", "metres")
"""The sets that the engine makes."""


def items(name: str, composed: int) -> Iterator[Item]:
    """Recordings of a set with their beats; composed: songs of the sets that the engine makes. Raises `Missing`."""
    match name:
        case "composed":
            return rendered(name, held_out(composed))
        case "metres":
            return rendered(name, of_all_metres(composed))
        case _:
            return (Item(folder.name, path, labelled(path, beats=read_beats(folder / "beats.tsv")))
                    for folder, path in real(name) if (folder / "beats.tsv").exists())
