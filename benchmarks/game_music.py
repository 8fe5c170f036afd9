"""Free music of games, from Debian's packages, into a folder with author and licence of every track.

    python -m benchmarks.game_music FOLDER [PACKAGE …]

A package is fetched with `apt-get download`, its music (recordings longer than `SHORTEST` seconds, also those inside
.pk3 and .zip files) is copied to FOLDER/PACKAGE/, and the package is deleted before the next one is fetched. Author
and licence come from the stanza of the package's `copyright` file that covers the track and from the track's own tags;
of alternative licences the freest is taken where the stanza speaks of these files; where the file is prose, all
licences that it names count. What is not told is called unknown. A track whose licence is not known to be free is left
out and named. FOLDER/index.tsv has a line a track: file, author, licence, source. Packages that are listed there
already are passed over.

What `../shared/data/README.md` holds back for tests is refused, and so is what `real/free/index.tsv` has labels for.
"""

import argparse
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from tempfile import TemporaryDirectory

import soundfile

from benchmarks.paths import data
from benchmarks.report import run
from onpu.errors import AudioError, DataError
from onpu.formats.audio import open_audio
from onpu.licensing import Terms, terms

PACKAGES = (
    "naev-data widelands-data supertux-data nexuiz-music singularity-music planetblupi-music-ogg megaglest-data "
    "warmux-data blobwars-data xmoto-data btanks-data asc-music trackballs-data extremetuxracer-data "
    "frozen-bubble-data fillets-ng-data flare-game openclonk-data marsshooter-data boswars-data pushover-data "
    "plee-the-bear-data unknown-horizons freeorion-data colobot-common-sounds lugaru-data lincity-ng-data krank "
    "starfighter-data ardentryst lordsawar-data davegnukem-data zaz-data wizznic-data caveexpress-data ri-li-data "
    "brainparty-data mrrescue pink-pony-data powermanga-data raincat-data kraptor-data wordwarvi-sound "
    "pax-britannica-data noiz2sa-data tuxmath-data amoebax-data pathological tuxfootball dustracing2d-data "
    "titanion-data torus-trooper-data mu-cade-data parsec47-data gunroar-data tumiki-fighters-data bumprace-data "
    "neverball-data pingus-data freedroid-data glob2-data garden-of-coloured-lights-data "
    "tecnoballz-data xblast-tnt-musics tomatoes-data blockout2 angrydd atanks-data adonthell-data miceamaze "
    "mazeofgalious-data blobandconquer-data holotz-castle-data teeworlds-data fb-music-high blockattack"
).split()
HELD_BACK = re.compile(r"0ad|wesnoth|openarena|hedgewars|hyperrogue|warzone2100|fretsonfire|supertuxkart|ufoai")
"""Packages of which parts are kept for tests."""
SUFFIXES = {".ogg", ".oga", ".opus", ".mp3", ".flac", ".wav", ".m4a"}
"""Of recordings."""
ARCHIVES = {".pk3", ".zip"}
"""Of files that may hold recordings."""
SHORTEST = 40.0
"""Seconds; what is shorter is an effect or a jingle."""
UNKNOWN = "unknown author"
"""Author of a track where neither its tags nor the `copyright` file name one."""


@dataclass(frozen=True)
class Stanza:
    """Files that a `copyright` file speaks of together."""

    patterns: tuple[str, ...]
    author: str
    licence: str

    def covers(self, track: Path) -> bool:
        """Whether it speaks of an installed file: patterns name source files, so that only their ends are compared."""
        for pattern in self.patterns:
            parts = Path(pattern).parts
            if pattern == "*" or (fnmatch(track.name, parts[-1]) and set(parts[-2:-1]) <= {*track.parts, "*"}):
                return True
        return False


def stanzas(text: str) -> list[Stanza]:
    """What a machine-readable `copyright` file says of files; none when it is not machine-readable."""
    found = []
    for paragraph in re.split(r"\n\s*\n", text):
        fields = {name.lower(): value for name, value in
                  re.findall(r"^(\S+):[ \t]*(.*(?:\n[ \t].*)*)", paragraph, re.MULTILINE)}
        if "files" in fields and "license" in fields:
            found.append(Stanza(tuple(fields["files"].replace(",", " ").split()), _authors(fields.get("copyright", "")),
                                fields["license"].partition("\n")[0].strip()))
    return found


def _authors(text: str) -> str:
    """Names, without years, signs and addresses."""
    names = []
    for line in text.splitlines():
        name = re.sub(r"<[^>]*>|\(c\)|©|copyright|\b(19|20)\d\d(\s*[-–,]\s*((19|20)?\d\d)?)*", " ", line,
                      flags=re.IGNORECASE)
        name = " ".join(re.sub(r"^\s*by |\(\s*\)", " ", name).split()).strip(" ,;-–:")
        if name and name not in names:
            names.append(name)
    return " & ".join(names)


def licence_of(text: str) -> str:
    """The licences that a `copyright` file in prose names, as far as they are known."""
    known = (("GPL-3+", r"GPL-3|version 3 of the"), ("GPL-2+", r"GPL-2|version 2 of the|GNU General Public"),
             ("CC BY-SA", r"Attribution[- ]Share"), ("public domain", r"public domain"),
             ("BSD", r"Redistribution and use"), ("MIT", r"Permission is hereby granted, free of charge"))
    return " and ".join(name for name, words in known if re.search(words, text, re.IGNORECASE))


def is_free(licence: str) -> bool:
    """Whether a licence is known to let anybody use, change and share, also commercially (`onpu.licensing`)."""
    return terms(licence) is not Terms.CLOSED


def labelled_already() -> set[str]:
    """`package: path` of the tracks of `real/free` whose beats are known."""
    rows = (line.split("\t") for line in data("real/free/index.tsv").read_text("utf-8").splitlines()[1:])
    return {row[6].split(" from ")[0] for row in rows if row[1] != "none"}


def gather(package: str, folder: Path, known: set[str]) -> list[tuple[str, str, str, str]]:
    """Copy the music of a package into the folder; file, author, licence and source of each track.

    Raises
    ------
    DataError
        When the package is held back for tests, or cannot be fetched.
    """
    if HELD_BACK.search(package):
        raise DataError(f"{package}: parts of it are held back for tests; leave it out")
    with TemporaryDirectory(dir=folder) as name:
        scratch = Path(name)
        try:
            done = subprocess.run(["apt-get", "download", package], cwd=scratch, capture_output=True, text=True)
        except OSError as error:
            raise DataError(f"{package}: cannot be fetched ({error}); only Debian and its like have it") from None
        if done.returncode:
            told = done.stderr.strip().splitlines() or [f"status {done.returncode}"]
            raise DataError(f"{package}: cannot be fetched ({told[-1]}); check its name and apt's sources")
        subprocess.run(["dpkg-deb", "-x", str(next(scratch.glob("*.deb"))), "tree"], cwd=scratch, check=True)
        root = scratch / "tree"
        papers = root / "usr/share/doc" / package / "copyright"
        text = papers.read_text("utf-8", "replace") if papers.is_file() else ""
        said = stanzas(text)
        rows: list[tuple[str, str, str, str]] = []
        taken: set[str] = set()
        for source, track in _recordings(root):
            place = f"{package}: {source}"
            seconds = _length(track)
            if place in known or seconds <= SHORTEST:
                continue
            covering = [stanza for stanza in said if stanza.covers(Path(source.replace("!", "/")))]
            author, licence = (covering[-1].author, covering[-1].licence) if covering else ("", licence_of(text))
            if covering and covering[-1].patterns != ("*",):
                licence = min(re.split(r"\s+or\s+", licence), key=terms)
            if not is_free(licence):
                print(f"left out: {place}: {licence or 'no licence found'}", flush=True)
                continue
            out = re.sub(r"[^\w.-]+", "_", track.stem) + (track.suffix.lower() or ".ogg")
            if out in taken:
                out = f"{len(taken):03d}_{out}"
            taken.add(out)
            (folder / package).mkdir(exist_ok=True)
            shutil.copy(track, folder / package / out)
            rows.append((f"{package}/{out}", _performer(track) or author or UNKNOWN, licence, place))
        return rows


def _recordings(root: Path) -> Iterator[tuple[str, Path]]:
    """Where each recording lies in the package, `archive!member` inside an archive, and a file that holds it."""
    for path in sorted(root.rglob("*")):
        if not path.is_file() or path.is_symlink():
            continue
        place = str(path.relative_to(root))
        if path.suffix.lower() in SUFFIXES or (not path.suffix and "music" in place.lower() and _is_ogg(path)):
            yield place, path
        elif path.suffix.lower() in ARCHIVES and zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                for member in archive.namelist():
                    if Path(member).suffix.lower() in SUFFIXES:
                        yield f"{place}!{member}", Path(archive.extract(member, path.with_suffix(".out")))


def _is_ogg(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"OggS"


def _length(track: Path) -> float:
    try:
        with open_audio(track) as audio:
            return audio.duration
    except AudioError:
        return 0.0


def _performer(track: Path) -> str:
    """The artist that a file names."""
    try:
        with soundfile.SoundFile(track) as file:
            return re.sub(r"\s+", " ", str(file.artist)).strip()
    except soundfile.LibsndfileError:
        return ""


def write_index(folder: Path, rows: Iterable[tuple[str, ...]]) -> None:
    """Add lines to the folder's index."""
    path = folder / "index.tsv"
    if not path.exists():
        path.write_text("# file\tauthor\tlicence\tsource\n", encoding="utf-8")
    with path.open("a", encoding="utf-8") as index:
        index.writelines("\t".join(" ".join(value.split()) for value in row) + "\n" for row in rows)


def main() -> None:
    """Gather what is asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("packages", nargs="*", default=PACKAGES)
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    known, index = labelled_already(), given.folder / "index.tsv"
    for package in given.packages:
        if index.exists() and f"\n{package}/" in index.read_text("utf-8"):
            continue
        try:
            rows = gather(package, given.folder, known)
        except DataError as error:
            print(error, flush=True)
            continue
        write_index(given.folder, rows)
        print(f"{package}: {len(rows)} tracks", flush=True)


if __name__ == "__main__":
    run(main)
