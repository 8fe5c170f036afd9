"""Text -> the sounds that a voice says, in pieces that it says at once.

English is pronounced by espeak-ng; what stands between slashes is read as the names of sounds (`/hh ax l ow/`), which
needs no program. The singer of PJS says kana and romaji, and of other languages the nearest sounds of Japanese.
"""

import re
import shutil
import subprocess
import unicodedata
from functools import lru_cache

from onpu.errors import OnpuError, suggestion
from onpu.formats.pronouncing import PROGRAM, pronounced
from onpu.music.phonemes import syllables_of
from onpu.music.speech_sounds import ENGLISH, PAUSE_NAME, sounds_of_ipa

LONGEST_PIECE = 30
"""Sounds that are said at once."""
LONGEST_TEXT = 1000
"""Letters of a text."""
_SECONDS = 20
_ENDS = re.compile(r"(?<=[.,;:!?。、！？\n])\s*")


def pieces_of_english(text: str) -> list[list[str]]:
    """Names of sounds of each piece: of what lies between commas and stops, and of no more than `LONGEST_PIECE`, cut
    between words. Raises `OnpuError` for a text that cannot be said."""
    checked_text(text)
    found: list[list[str]] = []
    for part in filter(str.strip, _ENDS.split(text)):
        piece: list[str] = []
        for word in _words(part):
            if piece and len(piece) + len(word) > LONGEST_PIECE:
                found.append(piece)
                piece = []
            piece = [*piece, *word]
        found += [piece] if piece else []
    if not found:
        raise OnpuError(f"{text[:40]!r}: there is nothing to say in it; give words")
    return found


def pieces_of_japanese(text: str) -> list[list[list[str]]]:
    """Syllables of each piece, each the names of its phonemes (`onpu.music.phonemes`). Raises `OnpuError` for a text
    that cannot be said."""
    checked_text(text)
    strange = foreign_letters(text, ("LATIN", "HIRAGANA", "KATAKANA"))
    if strange:
        raise OnpuError(f"no voice knows how to say {strange[:20]!r}; write it in kana or Latin letters")
    found = []
    for part in filter(str.strip, _ENDS.split(text)):
        words = re.findall(r"[\w'ー]+", part)
        said = pronounced(words)
        if said.unknown:
            raise OnpuError(f"no voice knows how to say {said.unknown[:20]!r}; write it in kana or Latin letters")
        syllables = [syllable for word in said.syllables for syllable in _syllables(word)]
        found += [syllables[start : start + LONGEST_PIECE // 3]
                  for start in range(0, len(syllables), LONGEST_PIECE // 3)]
    if not found:
        raise OnpuError(f"{text[:40]!r}: there is nothing to say in it; give words")
    return found


def foreign_letters(text: str, scripts: tuple[str, ...]) -> str:
    """Letters of a text that are of none of these scripts, as Unicode names them."""
    return "".join(sign for sign in text if sign.isalpha()
                   and not any(script in unicodedata.name(sign, "") for script in scripts))


def _syllables(phonemes: list[str]) -> list[list[str]]:
    return [phonemes[first:last] for first, last in syllables_of(phonemes)] if phonemes else []


def checked_text(text: str) -> None:
    """Raise `OnpuError` where a text is empty or too long."""
    if not text.strip():
        raise OnpuError("there is no text to say; give some with --text, or a score with --score")
    if len(text) > LONGEST_TEXT:
        raise OnpuError(f"the text has {len(text)} letters; give at most {LONGEST_TEXT} at once")


def _words(part: str) -> list[list[str]]:
    """Sounds of each word of a part of a text."""
    found = []
    for number, stretch in enumerate(part.split("/")):
        if number % 2:
            names = stretch.split()
            for name in names:
                if name not in (*ENGLISH, PAUSE_NAME):
                    raise OnpuError(f"{name}: no sound is called so; {suggestion(name, ENGLISH)}")
            found.append(names)
        elif re.search(r"\w", stretch):
            found += [sounds_of_ipa(word) for word in pronounced_english(stretch).split()]
    return [word for word in found if word]


def pronounced_english(text: str) -> str:
    """A text in letters of the IPA, by espeak-ng. Raises `OnpuError` for letters that English does not have, and where
    the program is missing."""
    strange = foreign_letters(text, ("LATIN",))
    if strange:
        raise OnpuError(f"no English voice knows how to say {strange[0]!r}; write Latin letters, or take --voice pjs "
                        "for kana")
    if shutil.which(PROGRAM) is None:
        raise OnpuError("English is pronounced by the program espeak-ng; install it (apt-get install espeak-ng), or "
                        "write sounds between slashes, as in /hh ax l ow/")
    return _said(" ".join(text.split()))


@lru_cache(1000)
def _said(text: str) -> str:
    told = subprocess.run([PROGRAM, "-q", "--ipa", "-v", "en-us", "--", text], capture_output=True, text=True,
                          check=False, timeout=_SECONDS)
    return " ".join(told.stdout.split())
