"""How much sound the bytes of a file hold, whatever its header promises.

Decoders believe the header: libsndfile guesses the length of an mp3 without a Xing header from its first frames, finds
nothing in a WAV whose recorder died before it wrote the sizes, and reads the first of several Ogg streams. What is
found here is compared with what a decoder delivers, and a header that would end the sound too early is replaced.
"""

import mmap
from pathlib import Path

from onpu.formats.extent.base import Extent, Mended
from onpu.formats.extent.chunks import chunks_extent
from onpu.formats.extent.flac import flac_extent
from onpu.formats.extent.mp3 import mp3_extent, tags_end
from onpu.formats.extent.ogg import ogg_extent

__all__ = ["Extent", "Mended", "examine"]


def examine(path: str | Path) -> Extent:
    """What can be told without decoding; an `Extent` that knows nothing where the format is none of WAV, RF64, W64,
    AIFF, AU, CAF, FLAC, Ogg and MPEG audio, or is damaged at its head. The file must not be empty."""
    with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        start = tags_end(data)
        if data[start : start + 4] == b"fLaC":
            found = flac_extent(data, start)
        elif data[:4] == b"OggS":
            found = ogg_extent(data)
        else:
            found = chunks_extent(data) or mp3_extent(data, start)
    return found or Extent()
