"""Sentences of English at random, for voices to speak: written here word by word, and words that are none, so that
sounds meet in all ways. Nothing is taken from a text of anybody's."""

import numpy as np

_THINGS = ("song bird river light voice garden window mountain teacher child letter winter summer morning evening "
           "train bridge castle dance drum flute piano guitar violin choir street market island shadow forest stone "
           "cloud thunder feather mirror candle treasure measure judge kitchen engine picture question answer "
           "village ship harbour lion fox rabbit horse tower number colour pleasure church path mouth month cheese "
           "juice boy noise coin toy house cow town mouse good book foot wool beige garage vision tooth cloth thing "
           "king ring yard year youth jar jam shoe chair wave vase zoo zone hill hat hand bell ball top cup cat dog "
           "egg apple oil air ear oven hour word world girl nurse").split()
_KINDS = ("small old new quiet loud bright dark slow quick gentle heavy early golden silver hollow warm cold thin "
          "thick young smooth rough joyful blue green yellow purple huge royal foolish curious other usual high low "
          "round sharp flat major minor empty open shy wise calm").split()
_DEEDS = ("sings plays hears follows carries finds loves watches brings holds paints answers teaches leaves catches "
          "measures joins enjoys changes chooses shows pulls throws wakes visits gathers knows moves paints calls "
          "reaches touches counts chases freezes breathes").split()
_WAYS = "slowly today again together softly tomorrow early never always outside somewhere now there here".split()
_DETERMINERS = ("the", "a", "this", "that", "our", "my", "your", "every", "some", "their", "another", "which")
_PLACES = ("under", "over", "through", "behind", "near", "with", "without", "above", "beyond", "around", "against")
_NUMBERS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirty")
_ONSETS = ("b bl br ch d dr f fl fr g gl gr h j k kl kr l m n p pl pr r s sh sk sl sm sn sp st str sw t th tr tw v w y "
           "z").split()
_NUCLEI = "a e i o u ai ay ee oa oo ow oy ar er or ou".split()
_CODAS = ["", "", "", *"b ch d f g k l lk lt m mp n nd ng nk nt p r s sh sk st t th v z".split()]
MADE_UP = 0.35
"""Share of the nouns and verbs that are no words."""


def sentence(rng: np.random.Generator) -> str:
    """Three to six words, which make a sentence of a sort."""
    shape = int(rng.integers(5))
    if shape == 0:
        return f"{_some(rng)} {_pick(rng, _DEEDS)}"
    if shape == 1:
        return f"{_some(rng)} {_pick(rng, _DEEDS)} {_pick(rng, _WAYS)}"
    if shape == 2:
        return f"{_pick(rng, _DETERMINERS)} {_thing(rng)} {_pick(rng, _DEEDS)} {_pick(rng, _DETERMINERS)} {_thing(rng)}"
    if shape == 3:
        return f"{_pick(rng, _NUMBERS)} {_thing(rng)} {_pick(rng, _PLACES)} {_pick(rng, _DETERMINERS)} {_thing(rng)}"
    return f"{_thing(rng)} and {_pick(rng, _KINDS)} {_thing(rng)} {_pick(rng, _WAYS)}"


def _some(rng: np.random.Generator) -> str:
    return f"{_pick(rng, _DETERMINERS)} {_pick(rng, _KINDS)} {_thing(rng)}"


def _thing(rng: np.random.Generator) -> str:
    if rng.random() >= MADE_UP:
        return _pick(rng, _THINGS)
    syllables = int(rng.integers(1, 3))
    return "".join(_pick(rng, _ONSETS) + _pick(rng, _NUCLEI) for _ in range(syllables)) + _pick(rng, _CODAS)


def _pick(rng: np.random.Generator, words: "tuple[str, ...] | list[str]") -> str:
    return words[int(rng.integers(len(words)))]
