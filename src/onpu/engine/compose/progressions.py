"""Chord progressions by family, in roman numerals: `|` ends a bar, a space shares a bar evenly.

They go round until a section is full; phrases with cadences are made in `harmony`. Degrees count from the tonic's major
scale in every mode.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Family:
    """Progressions for major-like and minor-like keys."""

    major: tuple[str, ...]
    minor: tuple[str, ...]


FAMILIES: dict[str, Family] = {
    "pop": Family(
        (
            "I|V|vi|IV", "vi|IV|I|V", "I|vi|IV|V", "I|IV|vi|V", "IV|I|V|vi", "I|iii|IV|V", "I|V/3|vi|IV", "IV|V|iii|vi",
            "I|ii|IV|V", "I|IV|I|V", "I|I|IV|V", "vi|V|IV|V", "I|V/3|vi|I/5|IV|I/3|ii|V", "I|iii|vi|IV|ii|IV|V|Vs4 V",
            "IVM7|V|iii7|vi7", "I|Is4|I|Is2", "I|V|ii|IV", "IV|iv|I|I", "I|III7|vi|IV", "I|I+|I6|I7|IV|iv|I|V",
            "Is2|vi7|IVM7|Vs4", "I|bVII|IV|I", "ii|V|I|vi", "I V|vi IV", "IV V|I vi", "I|vi|ii|V7"),
        (
            "i|bVI|bIII|bVII", "i|bVII|bVI|bVII", "i|iv|bVII|bIII", "i|bVI|iv|V", "bVI|bVII|i|i", "i|v|bVI|bVII",
            "i|bIII|bVII|iv", "i|bVII|bVI|V", "i|i/7|bVI|V7", "i|iv|i|V7", "bVI|bIII|bVII|i", "i|bVIM7|bIII|bVII",
            "iv|i|V|i", "i|bVII/3|bIII|bVI", "i bVII|bVI V", "i|iiio|bVI|Vs4 V", "i7|iv7|bVIM7|V7")),
    "beat": Family(
        (
            "I|IV|I|V", "I|vi|ii|V", "I|I|IV|IV|I|V|I|V7", "I|vi|IV|V7", "I|bVII|IV|I", "I|ii|IV|I", "IV|iv|I|I7",
            "I|I7|IV|iv", "I|iii|IV|V", "I|II7|IV|I", "I IV|I V", "vi|vi|ii7|V7", "I|V|bVII|IV", "I|vi|iii|V",
            "I|III7|vi|I7|IV|iv|I|V7", "I|IV|bVII|I", "I|iii|biiio|ii V7"),
        ("i|bVII|bVI|V7", "i|i/7|i6|bVI", "i|IV|i|V7", "i|bIII|IV|bVI", "i|iv|i|bVII", "i|bVII|i|v", "i|i|iv|V")),
    "rock": Family(
        (
            "I|bVII|IV|I", "I|IV|V|IV", "I|I|bVII|IV", "I|bIII|IV|I", "I5|I5|bVII5|IV5", "I|V|IV|I", "I IV|V IV",
            "I|IV|I|V", "I5|IV5|V5|IV5", "I|bVII|bVI|bVII", "V|IV|I|I", "I|vi|IV|V", "I5|V5|IV5|V5", "I7|I7|IV7|I7",
            "I|bVII I|IV|I"),
        (
            "i|bVII|bVI|bVII", "i|bIII|bVII|IV", "i5|bVI5|bVII5|i5", "i5|bIII5|IV5|i5", "i|iv|bVII|i", "i|bVI|bVII|i",
            "i|bVII|IV|i", "i5|i5|bIII5|bVII5", "i|i|bVI|bVII", "i|v|iv|i", "i|bVII|i|bVII", "i|bII|i|bII")),
    "punk": Family(
        (
            "I5|V5|vi5|IV5", "I5|IV5|V5|V5", "I5|I5|IV5|V5", "I5|IV5|I5|V5", "I5 IV5|V5 IV5", "vi5|IV5|I5|V5",
            "I5|bVII5|IV5|I5", "I|IV|V|I", "I5|iii5|IV5|V5", "I5|I5|IV5|IV5|V5|IV5|I5|V5"),
        ("i5|bVI5|bIII5|bVII5", "i5|bVII5|bVI5|V5", "i5|iv5|bVI5|V5", "i5|i5|bVI5|bVII5")),
    "metal": Family(
        ("I5|bVI5|bVII5|I5", "I5|bII5|I5|bIII5", "I5|I5|bVII5|bVI5"),
        (
            "i5|i5|bVI5|bVII5", "i5|bII5|i5|bIII5", "i5|bVI5|bIII5|bVII5", "i5|i5|i5|bII5 bVII5", "i5|iv5|bVI5|V5",
            "i5|bV5|iv5|bIII5", "i5|i5|bVII5|bVI5", "i|bVI|iv|V")),
    "riff": Family(
        ("I5", "I5|I5|I5|bVII5", "I5|I5|IV5|I5", "I7|I7|I7|I7", "I5|I5|bIII5|IV5"),
        ("i5", "i5|i5|i5|bVII5", "i5|i5|bIII5|iv5", "i|i|i|i", "i5|i5|bVI5|bVII5")),
    "blues": Family(
        (
            "I7|I7|I7|I7|IV7|IV7|I7|I7|V7|IV7|I7|V7", "I7|IV7|I7|I7|IV7|IV7|I7|I7|V7|IV7|I7 IV7|I7 V7",
            "I7|IV7|I7|I7|IV7|#ivo7|I7|VI7|ii7|V7|I7 VI7|ii7 V7", "I|I|I|I7|IV|IV|I|I|V|V|I|V7",
            "I7|V7|IV7|IV7|I7|V7|I7 IV7|I7 V7", "I6|IV7|I6|I7|IV7|iv6|I6|VI7|ii7|V7|I6|V+"),
        (
            "i7|i7|i7|i7|iv7|iv7|i7|i7|bVI7|V7|i7|V7", "i|i|i|i|iv|iv|i|i|v|iv|i|i",
            "i7|iv7|i7|i7|iv7|iv7|i7|i7|bVIM7|V7|i7|i7")),
    "jazz": Family(
        (
            "ii7|V7|IM7|IM7", "IM7 vi7|ii7 V7", "IM7|VI7|ii7|V7", "iii7|VI7|ii7|V7", "ii7 V7|IM7|ii7 V7|IM7",
            "IM7|biiio7|ii7|V7", "I6|#io7|ii7|V7", "IM9|IVM7|iii7|VI7|ii9|V13|IM9|V13",
            "IM7|IM7|IVM7|IVM7|iv7|bVII9|IM7|VI7|ii7|V7|IM7|ii7 V7", "ii9|bII7|IM9|IM9", "IM7|iv7 bVII7|IM7|ii7 V13",
            "I6|II7|ii7|V7", "III7|VI7|II7|V7", "#ivh7|II7|v7|I7|IVM7|iv6|IM7|V7"),
        (
            "i7|iih7 V7|i7|i7", "iih7|V7|iM7|i6", "i|i/7|iih7|V7", "iv7|bVII7|bIIIM7|bVIM7|iih7|V7|i6|i6",
            "i6|i6|iih7|V7", "iM7|i7|i6|bVIM7|iih7|V7|iM7|V7", "i9|iv9|i9|V7", "i|iM7|i7|i6")),
    "modal jazz": Family(
        ("I7", "IM7|IM7|bVIIM7|bVIIM7", "IM9|IM9|bIIIM7|bIIIM7", "I9"),
        ("i7", "i9", "i7|i7|IV7|IV7", "i7|i7|i7|i7|bii7|bii7|i7|i7")),
    "bossa": Family(
        (
            "IM7|IM7|II7|II7|ii7|V7|IM7|V7", "IM9|VI7|ii9|V13", "IM7|#io7|ii7|V7", "IM7|iv6|iii7|VI7|ii7|bII7|IM7|V7",
            "I6|IVM7|iii7|biii7|ii7|V13|IM9|IM9"), ("i9|i9|iih7|V7", "i7|iv7|iih7|V7|i6|i6|iih7|V7", "iM7|i6|iih7|V7")),
    "soul": Family(
        (
            "IM7|iii7|IVM7|V7", "I|vi7|ii7|V7", "I7|IV7|I7|IV7", "IM7|IVM7", "ii7|V9|IM7|IM7", "I|I7|IV|iv",
            "I|iii7|vi7|V", "IVM7|iii7|ii7|I", "vi7|ii7|V7|IM7", "I|V/3|v6|VI7|ii7|V7|I|V", "I IV/1|I V",
            "ii9|ii9/5|IM9|IM9", "IVM7 III7|vi7 I7"),
        ("i7|iv7", "i7|IV9", "i7|bVIIM7|bVIM7|V7", "i9|iv9|bVIM7|V7", "i7|v7|iv7|V7", "bVIM7|V7|i7|I7")),
    "funk": Family(
        ("I7", "I9", "I7|I7|I7|IV7", "I9|IV9", "I7|I7|bVII7|IV7", "I9|I9|I9|II9 bII9"),
        ("i7", "i9", "i7|IV7", "i7|i7|iv7|iv7", "i7|i7|i7|bVIM7 V7", "i7|bIIIM7|IV9|i7")),
    "folk": Family(
        (
            "I|IV|I|V", "I|V|IV|I", "I|IV|V|I", "I|vi|IV|V", "I|I|V|V|IV|IV|I|I", "I|IV|I|I|IV|I|V|V", "I|iii|IV|I",
            "I|I|IV|I|V|IV|I|V", "I|ii|I|V", "I|V/3|vi|V", "IV|I|V|I", "I|Is4|IV|I"),
        ("i|bVII|i|bVII", "i|bVII|bVI|V", "i|iv|i|v", "i|bIII|bVII|i", "i|i|bVII|bVII|bVI|bVI|V|V", "i|IV|i|bVII")),
    "country": Family(
        (
            "I|I|IV|IV|V|V|I|I", "I|IV|V|I", "I|I|V|V7|V7|V7|I|I", "I|I7|IV|IV|I|V|I|V7", "I|V|I|IV|I|V7|I|I",
            "I|vi|IV|V", "I|II7|V7|I", "IV|I|V|I|IV|I|II7|V7"), ("i|i|iv|i|i|i|V|V7", "i|bVII|bVI|V", "i|iv|i|V7")),
    "celtic": Family(
        ("I|I|IV|V|I|I|IV V|I", "I|V|IV|V|I|V|IV V|I", "I|IV|I|V|I|IV|V|I", "I|I|V|V|IV|I|IV V|I"),
        ("i|i|bVII|bVII|i|i|bVII|i", "i|bVII|i|bVII|i|bVII|v|i", "i|i|bIII|bVII|i|bVI|bVII|i")),
    "modal": Family(
        ("I|bVII", "I|II/1", "I|I|bVII|bVII", "I|v|bVII|I", "Is2|Is4", "IM7|II/1"),
        ("i|IV", "i|bII", "i|i|bVII|bVII", "i|bVII", "i|bVI", "i9|iv7/1")),
    "drone": Family(("I", "I|I|IV/1|I", "I5", "Is2"), ("i", "i|i|bVII/1|i", "i5", "i|iv/1")),
    "dance": Family(
        ("vi|IV|I|V", "I|V|vi|IV", "IV|V|vi|vi", "IV|vi|V|I", "I|I|vi|vi|IV|IV|V|V", "IVM7|V|vi7|iii7", "ii|vi|IV|I"),
        (
            "i|bVI|bIII|bVII", "i|bVII|bVI|bVII", "i|i|bVI|bVII", "bVI|bVII|i|i", "i7", "i9|i9|bVIM7|bVIM7",
            "i|iv|bVI|v", "i7|iv7|bVIM7|v7", "i|i|i|i", "i|i|bIII|bVII")),
    "latin": Family(
        ("I|IV|V|IV", "I|VI7|ii7|V7", "ii7|V7|I6|I6", "I|I|V7|V7|V7|V7|I|I", "IM7|vi7|ii7|V7", "I IV|V IV"),
        ("i|iv|V7|iv", "i|V7|V7|i", "i|bVII|bVI|V7", "i|iv|V7|i", "i7|i7|iih7|V7", "i|i|iv|iv|V7|V7|i|i")),
    "tango": Family(
        ("I|I|V7|V7|V7|V7|I|I", "I|VI7|ii|V7"),
        ("i|i|V7|V7|V7|V7|i|i", "i|iv|V7|i|iv|i|V7|i", "i|I7|iv|iv|i|V7|i V7|i", "i|iih7|V7|i")),
    "ragtime": Family(
        (
            "I|I|V7|I|III7|VI7|II7|V7", "I|#io7|V7|V7|V7|V7|I|V7", "I|VI7|II7|V7", "IV|#ivo7|I/5|VI7|II7|V7|I|I",
            "III7|III7|VI7|VI7|II7|V7|I|I"), ("i|i|V7|V7|i|iv|i V7|i", "i|bVI7|V7|i")),
    "march": Family(
        ("I|I|I|V7|V7|V7|V7|I", "I|I|IV|I|II7|II7|V|V7", "I|V7|I|V7|I|IV|V7|I", "I|vi|ii|V7|I|vi|V7|I"),
        ("i|i|V7|i|iv|i|V7|i", "i|iv|V|i|bVI|iv|V7|i")),
    "reggae": Family(
        ("I|IV", "I|V|vi|IV", "I|ii", "I|vi|IV|V", "I|I|IV|V", "I|iii|IV|ii"),
        ("i|iv", "i|bVII", "i|bVII|bVI|bVII", "i7|iv7", "i|v")),
    "phrygian": Family(
        ("I|bII|I|bII", "iv|bIII|bII|I"), ("iv|bIII|bII|I", "i|bVII|bVI|V", "I|bII|bIII|bII", "i|bII|i|bII")),
    "ambient": Family(
        ("IM7|IVM7", "Is2|IVM7|vi7|Vs4", "IM9|IM9|iii7|IVM7", "I|IV/1", "IM7|II/1", "IM7|bVIM7", "I+|I|IVM7|iv6"),
        ("i|bVI", "i9|bVIM7", "i|bVI|bIII|bVII", "i7|iv9", "iM7|i6", "i|bII/1", "io|i")),
}
"""Progressions by the name of their family."""
