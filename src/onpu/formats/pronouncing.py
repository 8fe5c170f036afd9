"""Words under notes -> the phonemes that a Japanese singer has, syllable by syllable.

Kana and Latin letters that are Japanese are read by rule (`onpu.music.kana`). Other words are pronounced by espeak-ng
where it is installed, whose sounds (IPA) become the nearest that there are; without it, letter by letter.
"""

import re
import shutil
import subprocess
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from onpu.music.kana import is_kana, phonemes_of_kana, phonemes_of_romaji
from onpu.music.phonemes import NASAL, SYLLABIC, VOWELS

PROGRAM = "espeak-ng"
_SECONDS = 30
_NEAREST = {
    "tʃ": "ch", "dʒ": "j", "ts": "ts", "ɑ": "a", "æ": "a", "ʌ": "a", "ə": "a", "ɐ": "a", "ɜ": "a", "ɚ": "a", "a": "a",
    "ɔ": "o", "o": "o", "ɒ": "o", "ɤ": "o", "ʊ": "u", "u": "u", "ɯ": "u", "y": "u", "ɪ": "i", "i": "i", "ɨ": "i",
    "ᵻ": "i", "e": "e", "ɛ": "e", "ø": "e", "œ": "e", "p": "p", "b": "b", "t": "t", "d": "d", "k": "k", "ɡ": "g",
    "g": "g", "f": "f", "v": "b", "θ": "s", "ð": "z", "s": "s", "z": "z", "ʃ": "sh", "ʒ": "j", "h": "h", "x": "h",
    "ç": "hy", "m": "m", "n": "n", "ŋ": NASAL, "ɲ": "ny", "l": "r", "ɫ": "r", "ɹ": "r", "r": "r", "ɾ": "r", "ʁ": "r",
    "w": "w", "j": "y", "ɕ": "sh", "ʂ": "sh", "ʑ": "j", "ʔ": "cl", "β": "b", "ɣ": "g", "ʎ": "ry"}
_LONGEST = max(map(len, _NEAREST))


class Pronounced(NamedTuple):
    """syllables: phonemes of each label. nearest: words that are no Japanese. unknown: letters that stand for
    nothing."""

    syllables: list[list[str]]
    nearest: list[str]
    unknown: str


def pronounced(labels: Sequence[str], language: str = "auto") -> Pronounced:
    """Phonemes of the labels of passages, a syllable, a word or several each; a hyphen at the end of one says that its
    word goes on. language: ja; one that espeak-ng knows, as en-us; auto: ja where all words can be, else en-us."""
    parts = [re.sub(r"[^\w'ー-]", " ", label.replace("~", "")).strip() for label in labels]
    plain = [part.rstrip("-") for part in parts]
    japanese = language == "ja" or (language == "auto" and all(
        is_kana(part) or phonemes_of_romaji(part.replace(" ", ""))[2] for part in _words(parts)))
    found: list[list[str]] = []
    nearest: list[str] = []
    unknown = ""
    for word in _grouped(parts):
        texts = [plain[i] for i in word]
        whole = "".join(texts)
        if japanese or is_kana(whole):
            for text in texts:
                phonemes, strange = (phonemes_of_kana(text) if is_kana(text) else
                                     phonemes_of_romaji(text.replace(" ", ""))[:2])
                found.append(phonemes)
                unknown += "".join(sign for sign in strange if sign.isalpha())
        else:
            phonemes = spoken(whole, "en-us" if language == "auto" else language)
            nearest.append(whole)
            unknown += whole if not phonemes else ""
            found += shared_out(phonemes, len(texts))
    return Pronounced(found, nearest, unknown)


def shared_out(phonemes: list[str], count: int) -> list[list[str]]:
    """The phonemes of a word over so many syllables: as many vowels, with what stands before them, in each."""
    if count == 1:
        return [phonemes]
    carrying = [i for i, phoneme in enumerate(phonemes) if phoneme in VOWELS
                and (i == 0 or phonemes[i - 1] not in VOWELS)]
    if len(carrying) < 2:
        return [phonemes, *([] for _ in range(count - 1))]
    starts = [carrying[i * len(carrying) // count] for i in range(count)]
    cuts = [0]
    for start in starts[1:]:
        before = start - 1 if start and phonemes[start - 1] not in SYLLABIC else start
        cuts.append(max(cuts[-1], before))
    return [phonemes[a:b] for a, b in zip(cuts, [*cuts[1:], len(phonemes)], strict=True)]


@lru_cache(20_000)
def _said(word: str, language: str) -> tuple[str, ...]:
    if shutil.which(PROGRAM) is None:
        return tuple(phonemes_of_romaji(word)[0])
    told = subprocess.run([PROGRAM, "-q", "--ipa", "-v", language, "--", word], capture_output=True, text=True,
                          check=False, timeout=_SECONDS)
    if told.returncode:
        return tuple(phonemes_of_romaji(word)[0])
    ipa, place = told.stdout.strip(), 0
    found: list[str] = []
    while place < len(ipa):
        name = next((ipa[place : place + size] for size in range(_LONGEST, 0, -1) if ipa[place : place + size] in
                     _NEAREST), None)
        if name is not None:
            found.append(_NEAREST[name])
        place += 1 if name is None else len(name)
    return tuple(NASAL if phoneme in ("n", "m") and later not in VOWELS else phoneme
                 for phoneme, later in zip(found, [*found, ""][1:], strict=True))


def spoken(text: str, language: str) -> list[str]:
    """Nearest phonemes of one word or several."""
    return [phoneme for word in text.split() for phoneme in _said(word, language)]


def _grouped(parts: Sequence[str]) -> list[list[int]]:
    """Labels that make a word together."""
    groups: list[list[int]] = []
    inside = False
    for i, part in enumerate(parts):
        if inside:
            groups[-1].append(i)
        else:
            groups.append([i])
        inside = part.endswith("-") and len(part) > 1
    return groups


def _words(parts: Sequence[str]) -> list[str]:
    return ["".join(parts[i].rstrip("-") for i in word) for word in _grouped(parts)]
