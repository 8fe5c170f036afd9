"""How many notes music21 and partitura read in MusicXML files, and in how many bars the notes do not fill the bar; run
by the interpreter that has them, prints JSON. Arguments: files."""

import json
import sys


def music21_reads(path: str) -> tuple[int, int]:
    """Notes, and bars, neither first nor last, whose notes and rests do not fill them."""
    from music21 import chord, converter, harmony, stream

    score = converter.parse(path, format="musicxml")
    notes = sum(len(each.pitches) if isinstance(each, chord.Chord) else 1 for each in score.recurse().notes
                if not each.duration.isGrace and not isinstance(each, harmony.ChordSymbol))
    wrong = 0
    for part in score.parts:
        bars = list(part.getElementsByClass(stream.Measure))
        wrong += sum(abs(float(bar.duration.quarterLength) - float(bar.barDuration.quarterLength)) > 0.01
                     for bar in bars[1:-1])
    return notes, wrong


def partitura_reads(path: str) -> tuple[int, int]:
    """Notes of all parts, and bars, neither first nor last, of another length than their metre."""
    import partitura

    score = partitura.load_musicxml(path)
    notes = sum(len(part.notes) for part in score.parts)
    wrong = 0
    for part in score.parts:
        bars = list(part.iter_all(partitura.score.Measure))[1:-1]
        for bar in bars:
            beats, kind, *_ = part.time_signature_map(bar.start.t)
            length = part.quarter_map(bar.end.t) - part.quarter_map(bar.start.t)
            wrong += abs(float(length) - float(beats) * 4 / float(kind)) > 0.01
    return notes, wrong


def mended_partitura_reads(path: str) -> tuple[int, int]:
    """The same, after unpitched notes got the attribute that partitura 1.9.0 asks of them where they sound together."""
    import partitura

    partitura.score.UnpitchedNote.is_grace_chord = False
    try:
        return partitura_reads(path)
    finally:
        del partitura.score.UnpitchedNote.is_grace_chord


def answer() -> None:
    out = {}
    for path in sys.argv[1:]:
        for name, reads in (("music21", music21_reads), ("partitura", partitura_reads),
                            ("partitura, mended", mended_partitura_reads)):
            try:
                out[f"{name} {path}"] = reads(path)
            except Exception as error:
                out[f"{name} {path}"] = (-1, -1)
                print(f"{name} {path}: {error!r}", file=sys.stderr)
    print(json.dumps(out))


if __name__ == "__main__":
    answer()
