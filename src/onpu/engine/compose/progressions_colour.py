"""Progressions that any style may fall into now and then: rare chords where they belong, basses that move by step,
pedal points, and vamps that show a mode.

Written as in `progressions`.
"""

from onpu.engine.compose.progressions import Family

COLOURS: dict[str, Family] = {
    "chromatic": Family(
        (
            "I|I+|I6|I7", "I|I+|IV|iv6", "I|IM7|I7|I6", "I|IM7|I6|I+", "I+|I|I+|vi", "V+|I|V+|I", "I|V+|I|IV",
            "I|#io7|ii7|V7", "I|biiio7|ii7|V7", "IV|#ivo7|I/5|VI7", "I|#io7|ii7|#iio7|iii7|biiio7|ii7|V7",
            "I I/3|IV #ivo7|I/5 V7|I", "IV|#ivh7|I/5|V7", "viih7|III7|vi|vi", "iih7|V7|I6|I6", "iih7|bII7|IM7|I6",
            "iio|V|I|I", "viio/3|I/3|viio|I", "I|viio|vi|V", "I|viio7|I|V+", "I|iio7/1|I|I", "I|iii|biiio7|ii7 V+",
            "I|iv6|I|iv6", "I6|iv6|I6|bVII9", "IM7|ivM7|IM7|iv6", "I|vM7|v7|I7", "vi|viM7|vi7|vi6",
            "vi viM7|vi7 vi6|ii7|V7", "ii iiM7|ii7 ii6|V7|IM7", "I|III|IV|iv", "I|bVI|bIII|bVII", "I|III|bVI|I",
            "I|bVI|I|bVI", "I|bIII|I|bIII", "IM7|bIIM7|IM7|bIIM7", "I|bII/3|V7|I", "IM7|bVIM7|bIIM7|IM7",
            "bVIM7|bVII6|I6|I6", "ii7|bII7|I6|I6", "IM7 VI7|ii7 bII7", "Is4|I|IVs2|IV", "Is4|I|Is2|I",
            "I Is4|I Is2|IV IVs2|Vs4 V", "Is2|IVs2|Is2|Vs4", "vi|IVs2|Is2|Vs4", "Vs4|V|Is4|I", "Is4|bVIIs4|Is4|IVs2",
            "IIs4|II7|Vs4|V7", "I6|ii6|iii6|IV6", "I6|IVs2|V+|I6", "Is4|IVs4|bVIIs4|bIIIs4", "Is2|bVIs2|bIIIs2|bVIIs4",
            "I+|bVII+|I+|bVII+", "io7|io7|I|I"),
        (
            "i|iM7|i7|i6", "i iM7|i7 i6|iv|V+", "i|bIII+|bIII|IV7", "i|iM7/7|i7/7|i6/5", "iM7|iM7|i6|i6", "iM7|i6",
            "i6|iM7|i6|V+", "i|iM7|iv6|ivM7", "iv|ivM7|iv7|iv6", "i|iio|V|i", "i|iih7|V+|i", "iih7|V7|iM7|i6",
            "iih7|V7|i6|i6", "i|viio7|i|viio7", "i|viio7/3|i/3|iv6", "i|#ivo7|i/5|V7", "i|#iiio7|iv6|#ivo7",
            "iio/3|viio7|i|i", "i|viio|bVI|V", "io|i|io|i", "i|iio7|i|io7", "vih7|bVIM7|V+|i", "i|i/7|vih7|bVIM7",
            "i6|iih7|V+|iM7", "i|bII/3|V7|i", "i|bIIM7|V7|iM7", "i|bII|viio7|i", "iv6|V+|i6|i6", "i|iv6|i|iv6",
            "Is2|Is2|bVIs2|bVIIs4", "Is4|i|Vs4|V", "Is2 i|IVs2 iv|Vs4 V|i", "i|bIIIs2|bVIIs4|IVs2", "Is4|bIIIs2",
            "i|iii|i|iii", "i|#iii|i|bvi", "i|bvi|i|bvi", "i|vi|i|bIII", "bIII+|bIII+|i|i", "V+|V+|i6|i6")),
    "stepwise bass": Family(
        (
            "I|V/3|vi|I/5|IV|I/3|ii/3|V", "I|V/3|vi|I/5|IV|I/3|ii7|Vs4 V", "I|I/7|vi|I/5", "I|I7/7|IV/3|iv/3",
            "I|V7/5|I/3|IV", "I|V7/5 V7|I/3|V7/7", "I|V7/7|I/3|ii/3", "ii7/7|V7/3|I|I", "IM7|IM7/7|vi7|vi7/7",
            "I|I/3|IV|V", "I I/3|IV I/3|ii/3|V", "I|ii7/7|V7/3|I", "IV|I/3|ii|I", "IV/5|I|V/3|vi", "vi/3|IV/3|V/3|I",
            "I/3|IV|V|I/3", "I/3|I/3|IV|IV", "I/5|V7|I/5|I", "I|II7/7|V/3|I", "I|VI7/3|ii|V7/3", "I|III7/3|vi|vi/7",
            "I|iiih7/5|IV|iv", "IVM7/7|V7/7|I/3|vi/3", "I/2|I/2|V|V", "IM7/3|IVM7/5|IM7/3|ii7/3", "V7/7|I/3|V7/5|I"),
        (
            "i|V/3|i7/7|IV/3|bVI|i/5|V|V", "i|i/7|bVI|i/5", "i|i/7|bVI|V", "i|bVII/3|bIII|iv/3", "i|V7/5|i/3|iv",
            "i|iih7/7|V7/3|i", "i/3|iv|i/5|V", "iv/3|V|i/3|iv", "bVI/3|bVII/3|i|i", "i/3|i/3|iv/3|V/3", "iih7/3|V7|i|i",
            "i|v/3|bVI|iv/3", "viio7/3|i/3|viio7/5|i/5", "i|V7/7|i/3|iio/3", "i7/7|bVI|iih7/3|V7", "i/5|V7|i/5|V")),
    "pedal": Family(
        (
            "I|ii/1|V/1|I", "I|IV/1|V7/1|I", "I|bVII/1|IV/1|I", "I|viio7/1|I|I", "I|V/1|IV/1|I", "IM7|II/1|iv/1|IM7",
            "V|I/5|V|IV/2"),
        ("i|bVII/1|bVI/1|V/1", "i|iv/1|V7/1|i", "i|bII/1|i|bII/1", "i|iih7/1|viio7/1|i", "i|v/1|iv/1|i")),
}
"""By name."""

MODAL: dict[str, tuple[str, ...]] = {
    "dorian": ("i|IV", "i7|IV7", "i|ii|bIII|IV", "i|bVII|IV|i", "i7|ii7", "i|v|IV|i", "i9|IV9", "i|bIII|IV|i", "i6|ii7",
               "i|i|IV|IV|bVII|bVII|i|i", "i|vio|IV|i"),
    "mixolydian": ("I|bVII", "I|bVII|IV|I", "I|v|IV|I", "I7|IV", "I|v|bVII|I", "I|I|bVII|bVII|IV|IV|I|I", "I7|v7", "I9",
                   "I|bVII|vi|IV", "I|iiio|IV|I"),
    "lydian": ("I|II", "IM7|II/1", "I|II|vii|I", "I|II|I|V", "IM7|II7", "I|vii|II|I", "I|II/3|V|I", "IM7|#ivh7|IM7|II"),
    "phrygian": ("i|bII", "i|bII|bIII|bII", "i|bvii|bII|i", "i|bIIM7", "i|bVI|bII|i", "i7|bII|bvii7|i", "i|vo|bII|i",
                 "iv|bIII|bII|i"),
    "locrian": ("io|bII", "ih7|bIIM7", "io|bII|bvii|io", "ih7|bV|bII|ih7"),
}
"""Mode -> progressions that leave no doubt about it."""

SHOWN: dict[str, tuple[int, int]] = {"dorian": (9, 8), "mixolydian": (10, 11), "lydian": (6, 5), "phrygian": (1, 2),
                                     "locrian": (6, 7)}
"""Mode -> the degree that shows it and the one that belies it, semitones over the tonic."""
