"""Free recordings whose beats are known: heavy guitars, game music on a grid, songs charted for a game.

    FOLDER/KIND/NAME/audio.opus    the recording (or .flac, .ogg)
    FOLDER/KIND/NAME/beats.tsv     a line a beat: seconds, position in the bar, 0 where that is not known
    FOLDER/KIND/NAME/licence.txt   lines `Author: …` and `Licence: …` or `Licence of the music: …`
    FOLDER/KIND/NAME/source.txt    where it was published
"""

import re
from collections.abc import Sequence
from pathlib import Path

from onpu.data.corpora.credited import CreditedRecording
from onpu.errors import DataError
from onpu.formats.audio import open_audio
from onpu.formats.beats import read_beats
from onpu.music import Timeline

KINDS = ("metal", "grid", "charted")
FOLDS = 4
"""Folds by author into which the recordings of all kinds together are cut."""
_SOUNDS = ("audio.opus", "audio.flac", "audio.ogg")


def read_free(folder: Path, kinds: Sequence[str] = KINDS) -> list[CreditedRecording]:
    """The recordings of these kinds, by kind and name; a kind that is not there is passed over.

    Raises
    ------
    DataError
        When there is none, or one of them names no author or licence.
    """
    found = [_recording(path.parent, kind) for kind in kinds for path in sorted((folder / kind).glob("*/beats.tsv"))]
    if not found:
        raise DataError(f"{folder}: no KIND/NAME/beats.tsv here, of {', '.join(kinds)}; give the folder of these kinds")
    return found


def read_gathered(folder: Path, skip: Sequence[str] = (), longest: float | None = None) -> list[CreditedRecording]:
    """Recordings without labels that `index.tsv` lists (file, author, licence, source), each on an empty timeline.

    skip: sub-folders that are left out. longest: seconds of each that are used. Raises `DataError` when the index
    cannot be read or lists nothing else.
    """
    try:
        rows = [line.split("\t") for line in (folder / "index.tsv").read_text("utf-8").splitlines()
                if line.strip() and not line.startswith("#")]
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no text in UTF-8"
        raise DataError(f"{folder}: no index.tsv can be read ({why}); python -m benchmarks.game_music makes "
                        "such a folder") from error
    if any(len(row) != 4 for row in rows):
        raise DataError(f"{folder}/index.tsv: a line has not the columns file, author, licence, source; complete it")
    found = [CreditedRecording(str(Path(name).with_suffix("")), folder / name, Timeline(0.0), name.split("/")[0],
                               author, licence, source, longest)
             for name, author, licence, source in rows if name.split("/")[0] not in skip]
    if not found:
        raise DataError(f"{folder}/index.tsv: lists no recording{' outside ' if skip else ''}{', '.join(skip)}; "
                        "add some, or skip fewer folders")
    return found


def _recording(folder: Path, kind: str) -> CreditedRecording:
    sound = next((folder / name for name in _SOUNDS if (folder / name).exists()), None)
    if sound is None:
        raise DataError(f"{folder}: none of {', '.join(_SOUNDS)} beside beats.tsv; put the recording there")
    said = (folder / "licence.txt").read_text("utf-8", "replace") if (folder / "licence.txt").exists() else ""
    author = re.search(r"^Author: *(.+)$", said, re.MULTILINE)
    licence = re.search(r"^Licence(?: of the music)?: *([^(\n]+)", said, re.MULTILINE)
    if author is None or licence is None:
        raise DataError(f"{folder}/licence.txt: no line `Author: …` or no line `Licence: …`; write them")
    source = (folder / "source.txt").read_text("utf-8", "replace").strip() if (folder / "source.txt").exists() else ""
    with open_audio(sound) as audio:
        timeline = Timeline(audio.duration, beats=read_beats(folder / "beats.tsv"))
    return CreditedRecording(folder.name, sound, timeline, kind, author[1].strip(), licence[1].strip(),
                             source.splitlines()[0] if source else "")
