"""The strictest source decides under which licence weights are offered."""

from itertools import permutations

import pytest

from onpu.data.corpora import published
from onpu.data.corpora.published import LICENCE
from onpu.errors import OnpuError
from onpu.licensing import (
    CLOSED_LICENCE,
    PERMISSIVE_LICENCE,
    SHARE_ALIKE_LICENCE,
    Terms,
    checked,
    source_terms,
    terms,
    weights_licence,
)

GROOVE, PJS, POP909 = (one.licence for one in (published.GROOVE, published.PJS, published.POP909))

CALLED = {
    Terms.PERMISSIVE: (
        "CC0-1.0", "CC0", "CC Zero 1.0", "public domain", "Public-Domain", "PUBLIC DOMAIN MARK 1.0",
        "MIT", "MIT-style permission", "PD", "Expat", "free use with notice, MIT wording", "BSD-3-Clause", "BSD",
        "Apache-2.0", "ISC", "zlib",
        "CC BY 4.0", "CC-BY-3.0", "cc-by 3.0", "OGA-BY 3.0", "https://creativecommons.org/licenses/by/4.0/",
        "The Unlicense", "https://creativecommons.org/publicdomain/zero/1.0/", LICENCE, POP909, GROOVE),
    Terms.SHARE_ALIKE: (
        "CC BY-SA 4.0", "CC-BY-SA-3.0", "cc-by-sa", "CC BY-SA 2.5", "CC BY-SA 3.0 US", "GPL-2", "GPL-2.0-or-later",
        "GPLv3", "GPL2+", "GNU General Public License, version 2", "LGPL-2.1", "AGPL-3.0", "Free Art License 1.3",
        "Attribution-ShareAlike 3.0", "https://creativecommons.org/licenses/by-sa/4.0/", PJS,
        f"arranged in part from {POP909} and {GROOVE} and {PJS}",
        "CC BY 3.0 and GPL-2", "GPL-2+, MIT", "MIT and GPL-2+", "FAL 1.3", "GPL-3+"),
    Terms.CLOSED: (
        "", "unknown", "CC BY-NC 3.0", "CC BY-NC-SA 4.0", "cc-by-nc-nd", "CC BY-ND 2.0",
        "Creative Commons Attribution-NonCommercial", "non-commercial use only", "research only",
        "all rights reserved", "Sampling Plus 1.0", "ask the author", CLOSED_LICENCE,
        "labels MIT, recordings unknown", f"arranged in part from {GROOVE} and others (CC BY-NC 4.0)",
        "https://creativecommons.org/licenses/by-nc/4.0/", "permit", "submitted", "Ecc Byron"),
}


@pytest.mark.parametrize(("licence", "expected"), [(name, kind) for kind, names in CALLED.items() for name in names])
def test_licences_are_known_by_their_names(licence, expected):
    assert terms(licence) is expected
    assert terms(licence.upper()) is terms(licence.lower()) is expected


def source(licence, commercial_use=True, **more):
    return {"licence": licence, "commercial_use": commercial_use} | more


def test_the_strictest_source_decides_in_whatever_order():
    free, shared, closed = source("CC BY 4.0"), source("GPL-2"), source("CC BY-NC 3.0")
    for order in permutations((free, shared, closed)):
        assert weights_licence(order) == (CLOSED_LICENCE, False)
    for order in permutations((free, shared, source("MIT"))):
        assert weights_licence(order) == (SHARE_ALIKE_LICENCE, True)
    assert weights_licence([free, source("CC0-1.0")]) == (PERMISSIVE_LICENCE, True)


def test_each_recording_counts_and_not_what_is_said_of_all():
    items = [{"name": "a", "author": "A", "licence": "CC0"}, {"name": "b", "author": "B", "licence": "CC BY-SA 3.0"}]
    assert source_terms(source("CC0", credits=items)) is Terms.SHARE_ALIKE
    assert source_terms(source("see the items", credits=items[:1])) is Terms.PERMISSIVE
    assert source_terms(source("CC0", credits=[*items, {"name": "c", "author": "C"}])) is Terms.CLOSED


def test_a_source_that_is_not_for_commercial_use_is_closed_whatever_its_licence():
    assert source_terms(source("MIT", commercial_use=False)) is Terms.CLOSED
    assert source_terms({"licence": "MIT"}) is Terms.CLOSED


def test_a_closed_source_may_name_the_licence_of_weights():
    named = source("CC BY-NC-SA 4.0", False, weights_licence="CC BY-NC-SA 4.0, not for commercial use")
    assert weights_licence([named, source("CC0"), named]) == ("CC BY-NC-SA 4.0, not for commercial use", False)
    assert weights_licence([named, source("unknown", False)]) == (CLOSED_LICENCE, False)


def test_the_licences_of_weights_have_the_terms_that_they_stand_for():
    assert [terms(name) for name in (PERMISSIVE_LICENCE, SHARE_ALIKE_LICENCE, CLOSED_LICENCE)] == list(Terms)


def test_there_are_two_choices():
    assert checked("default") == "default" and checked("permissive") == "permissive"
    with pytest.raises(OnpuError, match=r"^licence free: choose default or permissive$"):
        checked("free")
