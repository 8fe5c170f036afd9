"""JAMS, the JSON of music annotations (Humphrey et al., "JAMS: A JSON Annotated Music Specification", ISMIR 2014).

Namespaces: `beat` (position in the bar, null where unknown), `tempo` (candidates; the curve in the sandbox), `key_mode`
(first the key of the whole as one major or minor key, in the sandbox all candidates with their modes; then the
regions), `chord` (regions and chords with their alternatives in the sandbox), `pitch_contour` (melody, dense; with
`data_source` "multif0" all pitches of a frame, numbered by `index`), `note_midi` (velocities and programs in the
sandbox), `onset` (first the onsets; where they were not looked for, those of notes and drum hits together, with the
scope "played" in the sandbox; then, with `data_source` "drums", the hits with their General MIDI numbers),
`segment_open` (sections; with `data_source` "voice" the singing, its syllables as `lyrics`; with "pedal" where the
sustain pedal is down), `tag_open`. JAMS has no namespaces for metre and tuning: they stand in the file's sandbox, the
metre as observations with values such as "6/8". Everything of a timeline comes back as it was, to the last bit; ends
alone, kept as durations, may differ by a rounding (1e-11 s).

Files are written and read as plain JSON, since importing the jams package takes over a second; the tests hold what is
written against the package's schema.
"""

from onpu.formats.jams.reading import read_jams
from onpu.formats.jams.writing import write_jams

__all__ = ["read_jams", "write_jams"]
