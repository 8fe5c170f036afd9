"""Pictures and sounds of the page, as data URIs: colours by a palette, so that a picture is a byte a pixel."""

import io
import struct
import zlib

import numpy as np
import soundfile

from onpu.formats.report.picture import data_uri

SHADES = 64
HEAT = ((0.0, (13, 10, 34)), (0.35, (92, 33, 110)), (0.65, (221, 81, 58)), (0.88, (252, 180, 64)),
        (1.0, (252, 252, 220)))
"""What is there: dark to light."""
SIGNED = ((0.0, (33, 102, 172)), (0.5, (244, 244, 244)), (1.0, (178, 24, 43)))
"""Negative blue, positive red."""
LOUD = 0.7
"""Peak of what is played."""
WIDEST = 1200
"""Columns of a picture at most."""


def picture(values: np.ndarray, signed: bool = False, quantile: float = 0.995) -> str:
    """(bins, frames), the lowest bin first -> PNG. signed: 0 is in the middle; else the least is dark. What lies above
    the quantile is as light as can be."""
    values = _narrowed(values)
    if signed:
        level = float(np.quantile(np.abs(values), quantile)) or 1.0
        shades = 0.5 + values / (2 * level)
    else:
        low, high = float(values.min()), float(np.quantile(values, quantile))
        shades = (values - low) / max(high - low, 1e-12)
    return _png(shades[::-1], SIGNED if signed else HEAT)


def mosaic(kernels: np.ndarray) -> str:
    """Kernels (maps, bins, frames), each in a frame of its own, in rows -> PNG; red is positive, blue negative."""
    count, rows, columns = kernels.shape
    across = int(np.ceil(np.sqrt(count * (rows + 1) / (columns + 1) * 2.5)))
    across = min(max(across, 1), count)
    down = -(-count // across)
    sheet = np.full((down * (rows + 1) + 1, across * (columns + 1) + 1), 0.5)
    for number, kernel in enumerate(kernels):
        row, column = divmod(number, across)
        top, left = row * (rows + 1) + 1, column * (columns + 1) + 1
        level = max(float(np.abs(kernel).max()), 1e-12)
        sheet[top : top + rows, left : left + columns] = 0.5 + kernel[::-1] / (2 * level)
    return _png(sheet, SIGNED)


def mp3(sound: np.ndarray, rate: int) -> str:
    """(samples,) -> MP3, as loud as all others."""
    peak = float(np.abs(sound).max(initial=0))
    out = io.BytesIO()
    soundfile.write(out, sound * (LOUD / peak if peak > 1e-5 else 1.0), rate, format="MP3")
    return data_uri("audio/mpeg", out.getvalue())


def _narrowed(values: np.ndarray) -> np.ndarray:
    """At most `WIDEST` columns, each the mean of its frames."""
    if values.shape[1] <= WIDEST:
        return values
    starts = np.linspace(0, values.shape[1], WIDEST, endpoint=False).astype(int)
    return np.add.reduceat(values, starts, axis=1) / np.diff(np.append(starts, values.shape[1]))


def _png(shades: np.ndarray, stops: tuple[tuple[float, tuple[int, int, int]], ...]) -> str:
    """Values in [0, 1], first row on top -> PNG coloured by straight lines between the stops."""
    places, colours = zip(*stops, strict=True)
    steps = np.linspace(0, 1, SHADES)
    palette = np.stack([np.interp(steps, places, channel) for channel in zip(*colours, strict=True)], axis=1)
    indices = np.rint(np.clip(shades, 0, 1) * (SHADES - 1)).astype(np.uint8)
    lines = np.pad(indices, ((0, 0), (1, 0)))  # each line begins with the number of its filter: 0, none
    header = struct.pack(">IIBBBBB", indices.shape[1], indices.shape[0], 8, 3, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"PLTE", np.rint(palette).astype(np.uint8).tobytes()),
              (b"IDAT", zlib.compress(lines.tobytes(), 9)), (b"IEND", b""))
    data = b"".join(struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
                    for name, data in chunks)
    return data_uri("image/png", b"\x89PNG\r\n\x1a\n" + data)
