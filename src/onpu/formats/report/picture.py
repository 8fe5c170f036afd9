"""Greyscale images as data URIs: small enough to be embedded, coloured by the page for its light and dark look."""

import base64
import struct
import zlib

import numpy as np

GREY_LEVELS = 16
"""Shades of grey: four bits a pixel."""


def data_uri(kind: str, data: bytes) -> str:
    """`data` of a MIME type, in base64."""
    return f"data:{kind};base64,{base64.b64encode(data).decode('ascii')}"


def png(image: np.ndarray) -> bytes:
    """A PNG file of 16 shades from an image (rows, columns) with values in [0, 1], first row on top."""
    rows, columns = image.shape
    shades = np.rint(np.clip(image, 0, 1) * (GREY_LEVELS - 1)).astype(np.uint8)
    shades = np.pad(shades, ((0, 0), (0, columns % 2)))
    packed = shades[:, ::2] << 4 | shades[:, 1::2]
    lines = np.pad(packed, ((0, 0), (1, 0)))  # each line begins with the number of its filter: 0, none
    header = struct.pack(">IIBBBBB", columns, rows, 4, 0, 0, 0, 0)
    chunks = (b"IHDR", header), (b"IDAT", zlib.compress(lines.tobytes(), 9)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
