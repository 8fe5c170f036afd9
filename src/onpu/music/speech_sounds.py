"""The sounds of speech and song that a voice is told, as one alphabet: a pause, those of English in the letters of
ARPAbet, those of Japanese as `onpu.music.phonemes` has them; and English in the letters of the IPA.

A sound of English and one of Japanese are two even where a dictionary writes them alike: voices differ.
"""

from collections.abc import Sequence

from onpu.music.phonemes import PHONEMES

PAUSE_NAME = "pau"
ENGLISH = tuple("aa ae ah ao aw ax ay b ch d dh eh er ey f g hh ih iy jh k l m n ng ow oy p r s sh t th uh uw v w y z "
                "zh".split())
"""Of American English, as CMU's dictionary writes them, with `ax` for what is reduced."""
SOUNDS = (PAUSE_NAME, *ENGLISH, *(f"{name}/ja" for name in PHONEMES))
"""All of them, in the order of the rows of networks; those of Japanese end with /ja."""
PAUSE_NUMBER = 0
_NUMBERS = {name: number for number, name in enumerate(SOUNDS)}
_IPA = {
    "tʃ": "ch", "dʒ": "jh", "eɪ": "ey", "aɪ": "ay", "ɔɪ": "oy", "aʊ": "aw", "oʊ": "ow", "əʊ": "ow", "ɑ": "aa",
    "a": "aa", "ɒ": "aa", "æ": "ae", "ʌ": "ah", "ɔ": "ao", "o": "ow", "ə": "ax", "ɐ": "ax", "ɚ": "er", "ɜ": "er",
    "ɝ": "er", "ɛ": "eh", "e": "eh", "ɪ": "ih", "ᵻ": "ih", "ɨ": "ih", "i": "iy", "ʊ": "uh", "u": "uw", "p": "p",
    "b": "b", "t": "t", "d": "d", "k": "k", "ɡ": "g", "g": "g", "f": "f", "v": "v", "θ": "th", "ð": "dh", "s": "s",
    "z": "z", "ʃ": "sh", "ʒ": "zh", "h": "hh", "x": "k", "m": "m", "n": "n", "ŋ": "ng", "l": "l", "ɫ": "l", "r": "r",
    "ɹ": "r", "ɾ": "d", "ʔ": "t", "w": "w", "j": "y"}
_LONGEST = max(map(len, _IPA))


def sound_number(name: str) -> int:
    """Place in `SOUNDS`. Raises `KeyError` for anything else."""
    return _NUMBERS[name]


def japanese_numbers(phonemes: Sequence[int]) -> list[int]:
    """Places in `SOUNDS` of numbers in `onpu.music.phonemes.PHONEMES`, of which the one after the last is a pause."""
    return [PAUSE_NUMBER if number == len(PHONEMES) else 1 + len(ENGLISH) + number for number in phonemes]


def sounds_of_ipa(text: str) -> list[str]:
    """Sounds of English in letters of the IPA, from the left, the longest first; stress, length and what stands for no
    sound are passed over."""
    found: list[str] = []
    place = 0
    while place < len(text):
        letters = next((text[place : place + size] for size in range(_LONGEST, 0, -1)
                        if text[place : place + size] in _IPA), "")
        found += [_IPA[letters]] if letters else []
        place += max(1, len(letters))
    return found
