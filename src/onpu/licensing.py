"""Which licence weights are offered under, by the licences of what they learned from.

    licence of a source -> Terms;  the strictest terms of all sources -> licence of the weights

A reading by non-lawyers (docs/licences.md): whether trained weights are an adaptation of what they learned from is not
settled, so weights ask for what the strictest of their sources asks for.
"""

import re
from collections.abc import Iterable, Mapping
from enum import IntEnum
from typing import Any, Literal, TypeAlias, get_args

from onpu.errors import OnpuError

Licence: TypeAlias = Literal["default", "permissive"]
"""Which of a task's weights are wanted: those that learned from all that may be used commercially, or those that
learned from composed music and sources that ask for credit at most."""
LICENCES: tuple[Licence, ...] = get_args(Licence)

PERMISSIVE_LICENCE = "Apache-2.0"
"""Of weights whose sources ask for credit at most."""
SHARE_ALIKE_LICENCE = "CC BY-SA 4.0"
"""Of weights one of whose sources asks for sharing alike."""
CLOSED_LICENCE = ("not for redistribution: trained on recordings whose licence does not allow commercial use or is not "
                  "known")
"""Of weights that learned from anything else, where no source names a licence for them."""


class Terms(IntEnum):
    """What a licence asks for, the strictest last."""

    PERMISSIVE = 0
    SHARE_ALIKE = 1
    CLOSED = 2


_NAMES = {
    Terms.CLOSED: r"\b(NC|ND)(?![a-z])|non-?commercial|no-?deriv|research (use )?only|all rights reserved|proprietary"
                  r"|unknown|not known|unclear|not for redistribution",
    Terms.SHARE_ALIKE: r"\bBY[- ]SA(?![a-z])|share[- ]?alike|\b[AL]?GPL(\b|[-v]?\d)|general public license"
                       r"|free[- ]art|\bFAL\b|\bGNU\b|copyleft",
    Terms.PERMISSIVE: r"\bCC[- ]?(0\b|zero\b)|public[- ]domain|publicdomain/|\bPD\b|\bunlicense\b|\bMIT\b|\bexpat\b"
                      r"|\b0?BSD\b|\bapache\b|\bISC\b|\bzlib\b|\bOGA[- ]BY\b"
                      r"|(\bCC[- ]|licenses/)BY\b(?![- ](SA|NC|ND))",
}
"""Terms -> how licences with these terms are called; upper and lower case are alike."""


def terms(licence: str) -> Terms:
    """What a licence asks for, by the names in its text; `Terms.CLOSED` where none is known.

    Where the text names several, the strictest counts: of alternatives name the one that is taken. CC0, public domain,
    MIT, BSD, Apache, CC BY and the like are permissive; CC BY-SA and the GPL ask for sharing alike; licences without
    commercial use or adaptations, and unknown ones, are closed.
    """
    return next((found for found in sorted(_NAMES, reverse=True) if re.search(_NAMES[found], licence, re.IGNORECASE)),
                Terms.CLOSED)


def source_terms(source: Mapping[str, Any]) -> Terms:
    """What a source of training data asks for, by its description: the strictest of its recordings (`credits`, each
    with a `licence`), or its own `licence`. It is closed where its `commercial_use` is not true."""
    if not source.get("commercial_use"):
        return Terms.CLOSED
    credits = source.get("credits") or [source]
    return max(terms(str(credit.get("licence", ""))) for credit in credits)


def weights_licence(sources: Iterable[Mapping[str, Any]]) -> tuple[str, bool]:
    """The licence of weights that learned from these sources, and whether they may be used commercially.

    A closed source may name the licence that weights have to be under (`weights_licence`); where each closed source
    does, these are it.
    """
    sources = list(sources)
    strictest = max((source_terms(source) for source in sources), default=Terms.PERMISSIVE)
    if strictest is Terms.PERMISSIVE:
        return PERMISSIVE_LICENCE, True
    if strictest is Terms.SHARE_ALIKE:
        return SHARE_ALIKE_LICENCE, True
    named = {str(source.get("weights_licence", "")) for source in sources if source_terms(source) is Terms.CLOSED}
    return CLOSED_LICENCE if "" in named else "; ".join(sorted(named)), False


def checked(licence: str) -> Licence:
    """The choice of that name. Raises `OnpuError` when there is none."""
    for known in LICENCES:
        if licence == known:
            return known
    raise OnpuError(f"licence {licence}: choose {' or '.join(LICENCES)}")
