"""Whose music of a package is, as its copyright file tells, and what is refused."""

from pathlib import Path

import pytest

from benchmarks.game_music import HELD_BACK, PACKAGES, gather, is_free, licence_of, stanzas
from onpu.errors import DataError

COPYRIGHT = """Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/

Files: *
Copyright: 2005-2013, The Team
License: GPL-2+

Files: data/music/forest.ogg
 data/music/cave*.ogg
Copyright: (c) 2007 Ann Lee <ann@example.org>
           2009 Bob
License: CC-BY-SA-3.0
 text of it
"""


@pytest.mark.parametrize(("track", "author", "licence"), [
    ("usr/share/games/x/music/forest.ogg", "Ann Lee & Bob", "CC-BY-SA-3.0"),
    ("usr/share/games/x/music/cave_2.ogg", "Ann Lee & Bob", "CC-BY-SA-3.0"),
    ("usr/share/games/x/sound/forest.ogg", "The Team", "GPL-2+"),
    ("usr/share/games/x/music/hill.ogg", "The Team", "GPL-2+")])
def test_the_last_stanza_that_covers_a_track_tells_whose_it_is(track, author, licence):
    found = [stanza for stanza in stanzas(COPYRIGHT) if stanza.covers(Path(track))][-1]
    assert (found.author, found.licence) == (author, licence)


def test_prose_is_searched_for_licences_and_unfree_ones_are_told():
    assert stanzas("This is free software; see /usr/share/common-licenses/GPL-2") == []
    assert licence_of("This is free software; see /usr/share/common-licenses/GPL-2") == "GPL-2+"
    assert licence_of("Ask me.") == ""
    assert all(map(is_free, ("GPL-2+", "CC-BY-SA-3.0", "CC0-1.0", "Expat", "public-domain", "LGPL-3")))
    assert not any(map(is_free, ("", "CC-BY-NC-3.0", "CC BY-ND 4.0", "all rights reserved", "non-commercial CC-BY-3")))


@pytest.mark.parametrize("package", ["0ad-data", "wesnoth-1.16-music", "hyperrogue-music", "ufoai-music",
                                     "supertuxkart-data", "fretsonfire-songs-muldjord"])
def test_what_is_held_back_for_tests_is_refused_before_it_is_fetched(package, tmp_path):
    with pytest.raises(DataError, match="held back"):
        gather(package, tmp_path, set())
    assert not any(map(HELD_BACK.search, PACKAGES))
