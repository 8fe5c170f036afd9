"""Japanese in kana and in Latin letters -> phonemes of `onpu.music.phonemes`."""

import unicodedata

from onpu.music.phonemes import CLOSURE, NASAL, PHONEMES, VOWELS

_ROWS = {
    "": "あいうえお", "k": "か_くけこ", "g": "が_ぐげご", "s": "さ_すせそ", "z": "ざ_ずぜぞ", "t": "た__てと",
    "d": "だ__でど", "n": "な_ぬねの", "h": "は__へほ", "b": "ば_ぶべぼ", "p": "ぱ_ぷぺぽ", "m": "ま_むめも",
    "r": "ら_るれろ", "w": "わ____"}
_SINGLE = {
    "き": "k i", "ぎ": "g i", "し": "sh i", "じ": "j i", "ぢ": "j i", "ち": "ch i", "つ": "ts u", "づ": "z u",
    "に": "n i", "ひ": "h i", "ふ": "f u", "び": "b i", "ぴ": "p i", "み": "m i", "り": "r i", "や": "y a",
    "ゆ": "y u", "よ": "y o", "を": "o", "ん": NASAL, "っ": CLOSURE, "ゔ": "b u", "ゐ": "i", "ゑ": "e"}
_PALATAL = {
    "き": "ky", "ぎ": "gy", "し": "sh", "じ": "j", "ぢ": "j", "ち": "ch", "に": "ny", "ひ": "hy", "び": "by",
    "ぴ": "py", "み": "my", "り": "ry", "て": "ch", "で": "j"}
_SMALL = dict(zip("ぁぃぅぇぉゃゅょゎ", ("a", "i", "u", "e", "o", "a", "u", "o", "a"), strict=True))
_KANA = {sign: ([consonant] if consonant else []) + [vowel]
         for consonant, signs in _ROWS.items() for sign, vowel in zip(signs, "aiueo", strict=True)
         if sign != "_"} | {sign: text.split() for sign, text in _SINGLE.items()}
LONG = "ー～〜"
_LATIN = {**{name: [name] for name in PHONEMES if name not in (NASAL, CLOSURE)}, "l": ["r"], "v": ["b"], "c": ["k"],
          "q": ["k"], "x": ["k", "s"], "tch": [CLOSURE, "ch"], "si": ["sh", "i"], "ti": ["ch", "i"], "tu": ["ts", "u"],
          "zi": ["j", "i"], "hu": ["f", "u"], "di": ["j", "i"], "du": ["z", "u"], "wo": ["o"],
          **{f"{sign}y{vowel}": [name, vowel] for sign, name in (("s", "sh"), ("t", "ch"), ("z", "j"), ("j", "j"))
             for vowel in "auo"}}
_LONGEST = max(map(len, _LATIN))


def is_kana(text: str) -> bool:
    """Whether a text holds kana."""
    return any("ぁ" <= sign <= "ん" for sign in hiragana(text))


def hiragana(text: str) -> str:
    """The text with katakana as hiragana, and wide letters as narrow ones."""
    text = unicodedata.normalize("NFKC", text)
    return "".join(chr(ord(sign) - 96) if "ァ" <= sign <= "ヴ" else sign for sign in text)


def phonemes_of_kana(text: str) -> tuple[list[str], str]:
    """Phonemes of kana, and the signs that are none; a long vowel is one, which its note makes long."""
    found: list[str] = []
    strange = ""
    signs = hiragana(text)
    for place, sign in enumerate(signs):
        before = signs[place - 1] if place else ""
        if sign in _SMALL and found and found[-1] in VOWELS:
            vowel = _SMALL[sign]
            if sign in "ゃゅょ" or before in ("し", "じ", "ち"):
                found[-2:] = [_PALATAL.get(before, found[-2] if len(found) > 1 else "y"), vowel]
            elif before in ("て", "で"):
                found[-2:] = [{"て": "t", "で": "d"}[before], vowel]
            elif before == "う":
                found[-1:] = ["w", vowel]
            else:
                found[-1] = vowel
        elif sign in _KANA:
            found += _KANA[sign]
        elif sign in _SMALL:
            found.append(_SMALL[sign])
        elif sign not in LONG:
            strange += sign
    return found, strange


def phonemes_of_romaji(text: str) -> tuple[list[str], str, bool]:
    """Phonemes of Japanese in Latin letters (Hepburn, Kunrei), the letters that are none, and whether it is Japanese: a
    vowel stands after each consonant."""
    plain = "".join(sign for sign in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(sign))
    found: list[str] = []
    strange = ""
    place = 0
    while place < len(plain):
        rest, sign = plain[place:], plain[place]
        if sign == "n" and (len(rest) < 2 or rest[1] not in "aiueoy"):
            found.append(NASAL)
            place += 2 if rest[1:2] == "'" else 1
        elif len(rest) > 1 and sign == rest[1] and sign in "bcdfgjkmprstz":
            found.append(CLOSURE)
            place += 1
        else:
            name = next((rest[:size] for size in range(_LONGEST, 0, -1) if rest[:size] in _LATIN), None)
            if name is None:
                strange += sign if sign.isalpha() else ""
            else:
                found += _LATIN[name]
            place += 1 if name is None else len(name)
    followed = [later in VOWELS for phoneme, later in zip(found, [*found, ""][1:], strict=True)
                if phoneme not in (*VOWELS, NASAL, CLOSURE)]
    return found, strange, all(followed) and found[-1:] != [CLOSURE] and not strange
