"""Colours of pitch classes, those of `web/src/colours.js`, as hexadecimal numbers that every viewer of HTML knows.

Neighbours on the circle of fifths have neighbouring colours. From Oklab to sRGB by Ottosson, "A perceptual color space
for image processing" (2020).
"""

import math

import numpy as np

LIGHTNESS, DEPTH = 0.77, 0.1
"""Of the circle: its middle, and how far it swings."""
BLUE_YELLOW, GREEN_RED = 0.12, 0.075
TO_LMS = np.array([[1, 0.3963377774, 0.2158037573], [1, -0.1055613458, -0.0638541728],
                   [1, -0.0894841775, -1.2914855480]])
TO_RGB = np.array([[4.0767416621, -3.3077115913, 0.2309699292], [-1.2684380046, 2.6097574011, -0.3413193965],
                   [-0.0041960863, -0.7034186147, 1.7076147010]])
NO_PITCH = "#c9c9c9"


def colour_of(pitch: int | None) -> str:
    """The colour of a pitch class, 0 for C; None: of what has none."""
    if pitch is None:
        return NO_PITCH
    angle = 2 * math.pi * 7 * pitch / 12
    lab = np.array([LIGHTNESS + DEPTH * math.sin(angle), GREEN_RED * math.sin(angle), BLUE_YELLOW * math.cos(angle)])
    linear = np.clip(TO_RGB @ (TO_LMS @ lab) ** 3, 0, 1)
    encoded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return "#" + "".join(f"{round(255 * value):02x}" for value in encoded.tolist())
