"""Licences of what is learned from, as cards name them. `onpu.licensing` reads from them what weights ask for."""

LICENCE = "CC0-1.0"
"""Of composed and rendered music; soundfonts leave no claim on what is played with them."""
POP909 = "POP909 (MIT; not to be published: the songs are under copyright)"
GROOVE = "the Groove MIDI Dataset (CC BY 4.0, Google LLC)"
PJS = "the PJS corpus (CC BY-SA 4.0, J. Koguchi, S. Takamichi, M. Morise)"
