"""A folder of utterances as `onpu corpus speech` writes it, without a program that speaks."""

import json

import numpy as np
import soundfile

from onpu.data.corpora.uttered import INDEX, Uttered
from onpu.music.speech_sounds import sound_number
from onpu.represent.voice_mel import RATE


def write_tones(folder, count=51):
    """Sentences of one voice: a tone of its own for each of three sounds, .2 s long."""
    times = np.arange(round(0.2 * RATE)) / RATE
    sound = np.concatenate([np.zeros(1600), *(0.3 * np.sin(2 * np.pi * hertz * times) for hertz in (300, 900, 2500)),
                            np.zeros(1600)])
    folder.mkdir()
    rows = []
    for number in range(count):
        soundfile.write(folder / f"slt{number:05d}.flac", (1 + number / 40) * sound, RATE)
        rows.append({"name": f"slt{number:05d}", "voice": "slt", "starts": [0, 0.1, 0.3, 0.5, 0.7, 0.8], "notes": None,
                     "sounds": [0, *(sound_number(name) for name in ("aa", "iy", "s")), 0]})
    (folder / INDEX).write_text(json.dumps({"kind": "utterances", "sentences": count, "seed": 1, "items": rows}))
    return Uttered.open(folder)
