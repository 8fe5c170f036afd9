"""The data sets that are learned from: file, licence as cards name it, and where each is had.

`onpu.licensing` reads from the licences what weights ask for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

LICENCE = "CC0-1.0"
"""Of composed and rendered music; soundfonts leave no claim on what is played with them."""
FOLDERS = ("", "real", "scores")
"""Where in a folder of data sets they lie."""


@dataclass(frozen=True)
class Published:
    """A data set.

    file: what it is called on disk. licence: as cards name it. home: who publishes it, and, where the file is not
    published as it is, what it is made of.
    """

    file: str
    licence: str
    home: str


POP909 = Published("pop909.zip", "POP909 (MIT; not to be published: the songs are under copyright)",
                   "github.com/music-x-lab/POP909-Dataset, and in each folder NNN the NNN_cl.mid of "
                   "github.com/AndyWeasley2004/POP909-CL-Dataset")
POP909_FORM = Published("pop909-structure.zip", "the sections of POP909's songs (MIT, S. Dai, H. Zhang, R. Dannenberg)",
                        "github.com/Dsqvival/hierarchical-structure-analysis, the folders NNN of its POP909")
GROOVE = Published("groove.zip", "the Groove MIDI Dataset (CC BY 4.0, Google LLC)",
                   "magenta.tensorflow.org/datasets/groove, MIDI only")
CHORALES = Published("chorales.json.gz", "CC BY-NC-SA 4.0",
                     "github.com/craigsapp/bach-370-chorales, as a JSON list on a grid of sixteenths")
PJS = Published("pjs", "the PJS corpus (CC BY-SA 4.0, J. Koguchi, S. Takamichi, M. Morise)",
                "sites.google.com/site/shinnosuketakamichi/research-topics/pjs_corpus")
BILLBOARD = Published("billboard.zip", "McGill Billboard annotations (CC0-1.0)",
                      "ddmal.ca/research/The_McGill_Billboard_Project_(Chord_Analysis_Dataset)")
LIEDER = Published("openscore_lieder.zip", "the OpenScore Lieder Corpus (CC0-1.0)",
                   "github.com/OpenScore/Lieder, as MIDI")
QUARTETS = Published("openscore_quartets.zip", "the OpenScore String Quartet Corpus (CC0-1.0)",
                     "github.com/OpenScore/StringQuartets, as MIDI")
NOTTINGHAM = Published("nottingham.zip",
                       "the Nottingham Music Database (GPL-3.0, J. Allwright, E. Foxley, Jukedeck)",
                       "github.com/jukedeck/nottingham-dataset")
FREEDOOM = Published("game_midi.zip", "the music of Freedoom (BSD-3-Clause, contributors to Freedoom)",
                     "github.com/freedoom/freedoom, in the folder freedoom of the file")
OPENMSX = Published("game_midi.zip", "the music of OpenMSX (GPL-2.0, contributors to OpenMSX)",
                    "github.com/OpenTTD/OpenMSX, in the folder openmsx of the file")
PUBLISHED = (POP909, POP909_FORM, GROOVE, CHORALES, PJS, BILLBOARD, LIEDER, QUARTETS, NOTTINGHAM, FREEDOOM, OPENMSX)
SOUNDFONTS: Mapping[str, str] = {
    "FluidR3_GM.sf2": "fluid-soundfont-gm", "TimGM6mb.sf2": "timgm6mb-soundfont",
    "MuseScore_General.sf3": "musescore-general-soundfont", "MuseScore_General_Lite.sf3": "musescore-general-soundfont"}
"""Soundfont -> the package of Debian and Ubuntu that installs it."""


def homes(file: str) -> str:
    """Where the data sets in a file of this name are had."""
    return "; ".join(one.home for one in PUBLISHED if one.file == file)


def lying_in(folder: Path, file: str) -> str:
    """Path of a set of this name in a folder of data sets; empty where there is none."""
    return next((str(folder / place / file) for place in FOLDERS if (folder / place / file).exists()), "")


def hash_of(path: Path) -> str:
    """SHA-256 of a file."""
    return _hash(path, path.stat().st_mtime_ns)


@lru_cache(16)
def _hash(path: Path, changed: int) -> str:
    """The time of change is part of the key only."""
    return sha256(path.read_bytes()).hexdigest()
