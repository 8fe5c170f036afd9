"""Kits of single hits, and drum parts played on them: what Drumix hears instead of a song's drums.

    engine, soundfont, .sfz, sample sets -> `OneShotKit` -> `render_drums` -> sound

A page can play the same hits by itself: how loud they are and when they end are rules of `mixing`, without chance.
"""

from onpu.engine.render.drumkits.kits import KitSource, kit_sources
from onpu.engine.render.drumkits.mixing import fitting_gain, render_drums
from onpu.engine.render.drumkits.oneshots import OneShotKit

__all__ = ["KitSource", "OneShotKit", "fitting_gain", "kit_sources", "render_drums"]
