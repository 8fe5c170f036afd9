"""What is typed into the search field -> a condition of SQL.

    rain                 title, artist, file name and tags hold it
    key:F minor          tempo:90-110, tempo:120        metre:3/4        tag:rock        is:ready
    chords:ii-V-I        this progression occurs, in whatever key
"""

import re

WORD = re.compile(r'(key):("[^"]*"|\S+(?:\s+(?:major|minor)\b)?)|'
                  r'(?:(tempo|bpm|metre|meter|chords|tag|is):)?("[^"]*"|\S+)', re.IGNORECASE)
"""A term: what it is about, and what it says; a key may have two words."""
NEAR_TEMPO = 2.0
"""BPM on either side of a single tempo."""
LONGEST_QUERY = 200
FREE = "instr(lower(title || char(10) || artist || char(10) || name || char(10) || tags), ?) > 0"


def condition(query: str) -> tuple[str, list[object]]:
    """The condition and its values; what is typed never becomes part of the text of the condition."""
    parts, values = ["1"], list[object]()
    for key, named, about, text in WORD.findall(query[:LONGEST_QUERY]):
        part, found = _term((key or about).lower(), (named or text).strip('"').strip())
        parts.append(part)
        values += found
    return " AND ".join(parts), values


def _term(about: str, text: str) -> tuple[str, list[object]]:
    match about:
        case "key":
            tonic, _, mode = text.replace("♯", "#").replace("♭", "b").replace(":", " ").partition(" ")
            if tonic.endswith("m") and not mode:
                tonic, mode = tonic[:-1], "minor"
            wanted = f"{tonic[:1].upper()}{tonic[1:]} {mode.lower()}".strip()
            return ("key = ?" if mode else "key LIKE ? || ' %'"), [wanted]
        case "tempo" | "bpm":
            low, _, high = text.replace("–", "-").partition("-")
            try:
                least = float(low or 0)
                most = float(high or 1e9) if "-" in text.replace("–", "-") else least
            except ValueError:
                return "0", []
            near = NEAR_TEMPO if most == least else 0.0
            return "bpm BETWEEN ? AND ?", [least - near, most + near]
        case "metre" | "meter":
            return "instr(' ' || metre || ' ', ?) > 0", [f" {text} "]
        case "chords":
            return "instr(degrees, ?) > 0", [f"-{text.replace('–', '-').strip('-')}-"]
        case "tag":
            return "instr(lower(tags), ?) > 0", [text.lower()]
        case "is":
            return "state = ?", [text.lower()]
    return FREE, [text.lower()]
