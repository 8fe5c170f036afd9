"""MusicXML 4.0 (W3C Music Notation Community Group, 2021): lead sheets, and scores of notes.

`song.musicxml` is the lead sheet, chord symbols over the tune, or over bars of slashes where none is known, alike bars
written once; `song.score.musicxml` has the notes and drum hits
on the grid of the beats, a part an instrument. Keyboards, harp and what is as wide have two staves; each staff has at
most two voices. What only the pedal holds is not written long; what is swung is written even, under the word "Swing".

Elements are built with the standard library, and the tests hold what is written against the official schema. Neither
of the two libraries for scores serves here: partitura 1.9 puts the elements of a chord symbol in an order that the
schema refuses; music21 10.5 writes valid files, but brings nearly 200 MB with it, matplotlib included.
"""

from onpu.formats.musicxml.reading import read_musicxml
from onpu.formats.musicxml.writing import write_melody, write_musicxml

__all__ = ["read_musicxml", "write_melody", "write_musicxml"]
