"""Single syllables and running speech from text-to-speech programs that the system may have: espeak-ng (formants and
recorded consonants; a hundred languages, many voices) and flite (recorded speakers of English)."""

import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import soundfile

FLITE = {"slt": "f", "rms": "m", "awb": "m", "kal16": "m"}
"""Speakers of flite -> female or male."""
RAISED = {"awb": 200, "kal16": 140}
"""Those who speak too low for the analysis -> pitch that is asked for, Hz (and not quite kept)."""
ESPEAK = ("en-us+m3 en-us+f2 en-gb+m7 en-gb+Andrea de+m1 de+f5 fr-fr+m6 fr-fr+f3 it+m2 it+f1 es+m5 es+f4 pt-br+m4 "
          "pt-br+linda sv+m1 sv+Annie nl+m7 nl+f2 pl+m1 pl+steph ru+m3 ru+belinda ja+m5 ja+f1 hi+m6 hi+Alicia fi+max "
          "fi+f3 tr+victor tr+f5 el+m2 el+f4 cs+david cs+anika ro+john ro+f1 id+alex id+f2 la+klatt hu+klatt3").split()
"""Voices of espeak-ng: languages with variants."""
WOMEN = ("f1", "f2", "f3", "f4", "f5", "Andrea", "linda", "Annie", "steph", "belinda", "Alicia", "anika")
VOWELS = {"flite": "aa ae ah ao eh ih iy uw ow ey ay er".split(), "espeak": "a e i o u a: e: i: o: u: E O @ y".split()}
ONSETS = {"flite": " m n l b d g p t k s sh f h v w y z r dh ch jh".replace(" h ", " hh ").split(" "),
          "espeak": " m n l b d g p t k s S f h v w j z r tS".split(" ")}
CLUSTERS = {"flite": ("s t", "b r", "f l", "g r", "k l", "t r"), "espeak": ("st", "br", "fl", "gr", "kl", "tr")}
CODAS = {"flite": "n m s t l d z v k".split(), "espeak": "n m s t l d z f k".split()}
_SECONDS = 20


@dataclass(frozen=True)
class Speaker:
    """program: espeak-ng or flite. voice: as the program calls it. female: how the voice is meant."""

    program: str
    voice: str
    female: bool

    @property
    def notation(self) -> str:
        """Whose names of phonemes it takes."""
        return "flite" if self.program == "flite" else "espeak"


@cache
def speakers() -> tuple[Speaker, ...]:
    """All voices of the programs that are installed."""
    found: list[Speaker] = []
    if shutil.which("flite"):
        found += [Speaker("flite", name, sex == "f") for name, sex in FLITE.items()]
    if shutil.which("espeak-ng"):
        found += [Speaker("espeak-ng", name, name.split("+")[1] in WOMEN) for name in ESPEAK]
    return tuple(found)


def draw_syllable(speaker: Speaker, rng: np.random.Generator) -> tuple[str, ...]:
    """Phonemes of a random syllable: consonants or none, a vowel, now and then a consonant."""
    notation = speaker.notation
    onsets = CLUSTERS[notation] if rng.random() < 0.08 else ONSETS[notation]
    onset = tuple(str(rng.choice(onsets)).split())
    coda = (str(rng.choice(CODAS[notation])),) if rng.random() < 0.3 else ()
    return (*onset, str(rng.choice(VOWELS[notation])), *coda)


def pronounce(speaker: Speaker, phonemes: tuple[str, ...]) -> tuple[np.ndarray, int, tuple[float, float] | None]:
    """A syllable spoken: samples (n,), Hz, and from when to when the vowel lasts, where the program tells."""
    if speaker.program == "flite":
        higher = ("--setf", f"int_f0_target_mean={RAISED[speaker.voice]}") if speaker.voice in RAISED else ()
        sound, rate, report = _flite(speaker.voice, *higher, "-psdur", "-p", " ".join(("pau", *phonemes, "pau")))
        rows = [(name, float(end)) for name, _, end in (item.partition(":") for item in report.split())]
        ends = {name: (before[1], end) for before, (name, end) in pairwise(rows)
                if name in VOWELS["flite"]}
        return sound, rate, next(iter(ends.values()), None)
    pitch = "70" if speaker.female else "55"
    sound, rate = _espeak(speaker.voice, "-p", pitch, "-s", "130", f"[[{''.join(phonemes)}]]")
    return sound, rate, None


def read_aloud(speaker: Speaker, rng: np.random.Generator) -> tuple[np.ndarray, int]:
    """Some seconds of natural speech: numbers, which every voice can read. Samples (n,), Hz."""
    numbers = [str(int(10 ** rng.uniform(0, 5))) + str(rng.choice(["", ",", ".", " "])) for _ in range(12)]
    text = " ".join(numbers)
    if speaker.program == "flite":
        return _flite(speaker.voice, "--setf", f"duration_stretch={rng.uniform(0.8, 1.3):.2f}", "-t", text)[:2]
    return _espeak(speaker.voice, "-p", str(int(rng.integers(20, 90))), "-s", str(int(rng.integers(120, 220))), text)


def _espeak(voice: str, *arguments: str) -> tuple[np.ndarray, int]:
    result = subprocess.run(["espeak-ng", "-v", voice, "--stdout", *arguments], capture_output=True, check=False,
                            timeout=_SECONDS)
    header, data = result.stdout[:44], result.stdout[44:]
    if len(header) < 44:
        return np.zeros(0), 22_050
    samples = np.frombuffer(data[: len(data) // 2 * 2], dtype="<i2") / 32768
    return samples, int.from_bytes(header[24:28], "little")


def _flite(voice: str, *arguments: str) -> tuple[np.ndarray, int, str]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "speech.wav"
        result = subprocess.run(["flite", "-voice", voice, *arguments, "-o", str(path)], capture_output=True,
                                text=True, check=False, timeout=_SECONDS)
        if not path.exists():
            return np.zeros(0), 16_000, ""
        samples, rate = soundfile.read(path)
        return samples, int(rate), result.stdout
