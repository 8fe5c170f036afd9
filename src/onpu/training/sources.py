"""What weights were made of, by their card: which files, with hashes, where each is had, and whether it is there."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from onpu.data.corpora.published import PUBLISHED, SOUNDFONTS, hash_of, homes, lying_in
from onpu.data.corpus import Corpus
from onpu.data.plan import SET_LICENCES, SETS
from onpu.engine.render import soundfonts
from onpu.errors import DataError, WeightsError
from onpu.files import Json
from onpu.licensing import weights_licence
from onpu.weights import Card, read_card, shipped_files

CORPORA = ("corpus.json", "*/corpus.json", "*/*/corpus.json")
"""Where in a folder corpora are looked for."""


@dataclass(frozen=True)
class Needed:
    """Something that weights were made of.

    sha256: empty where none is known. home: where it is had. there: whether it is, as it was then. file: name of a data
    set's file; empty: it is none.
    """

    name: str
    sha256: str
    licence: str
    home: str
    there: bool
    file: str = ""


def needed(card: Card, data: Path) -> list[Needed]:
    """All that the weights of a card were made of and that is not composed, each once; what the weights with which they
    began, or of which they are the mean, had learned from is not among it."""
    found: dict[tuple[str, str], Needed] = {}
    if "averaged" in card["trained"]:
        return [Needed(f"weights, of which {one['share']:g} of the mean are", one["sha256"], "",
                       _shipped_as(one["sha256"], one["command"]), weights_with(one["sha256"], data) is not None)
                for one in card["trained"]["averaged"]]
    for description in [*learned(card), card["validation"]]:
        for one in (*_sets(description, data), *_players(description, data), *_recordings(description, data)):
            found.setdefault((one.name, one.sha256), one)
    parent = card["trained"]["parent"]
    if parent:
        found["weights", parent] = Needed("the weights that they began with", parent, "", _shipped_as(parent),
                                          weights_with(parent, data) is not None)
    return list(found.values())


def explained(card: Card) -> list[Json]:
    """What weights learned from, and where that does not account for their licence, as on cards of older versions, one
    more source that does."""
    licence, commercial_use = card.get("licence", "unknown"), card.get("commercial_use", False)
    data = list(card.get("data", []))
    if weights_licence(data) != (licence, commercial_use):
        data.append({"kind": "weights to start from", "licence": licence, "commercial_use": commercial_use})
    return data


def learned(card: Card) -> list[Json]:
    """What the weights themselves learned from, without what those had with which they began."""
    return [source for source in card["data"] if source.get("share", 1) or not card["trained"]["parent"]]


def parent_path(card: Card, data: Path) -> Path | None:
    """The file of the weights with which those of a card began, shipped or in `data`; None where there were none.
    Raises `DataError` when it is not there."""
    parent = card["trained"]["parent"]
    if not parent:
        return None
    path = weights_with(parent, data)
    if path is None:
        raise DataError(f"these weights were fine-tuned from {parent[:12]}, which are neither shipped nor in {data}; "
                        "put their file there")
    return path


def weights_with(sha256: str, data: Path | None) -> Path | None:
    """The file of weights with this hash, or that were rounded from such, among the shipped ones and in a folder."""
    rounded = None
    for path in (*shipped_files(), *(() if data is None else sorted(data.glob("*.safetensors")))):
        try:
            card = read_card(path)
        except WeightsError:
            continue
        if card["sha256"] == sha256:
            return path
        rounded = path if card["storage"].get("before") == sha256 else rounded
    return rounded


def _shipped_as(sha256: str, command: str = "") -> str:
    path = weights_with(sha256, None)
    if path is not None:
        return f"onpu, as {path.stem}"
    return "nobody: they are not shipped; the file with this hash" + (f", made by: {command}" if command else "")


def _sets(description: Json, data: Path) -> Iterator[Needed]:
    """Files of data sets: of scores that were arranged, or that were learned from as they are."""
    hashes = dict(description.get("sets", {}))
    plan = description.get("plan", {})
    files = {Path(str(plan.get(name))).name: SET_LICENCES[name] for name in SET_LICENCES if plan.get(name)}
    if "sha256" in description and "plan" not in description:
        licence, source = str(description["licence"]), str(description.get("source", ""))
        file = next((one.file for one in PUBLISHED if one.licence in (licence, source)), source)
        files, hashes = {file: licence}, {file: description["sha256"]}
    for file, licence in files.items():
        path, wanted = lying_in(data, file), hashes.get(file, "")
        there = bool(path) and (not wanted or (Path(path).is_file() and hash_of(Path(path)) == wanted))
        if not there and wanted:
            there = any(hash_of(other) == wanted for other in data.glob(f"*{Path(file).suffix}") if other.is_file())
        yield Needed(file, wanted, licence, homes(file), there, file)


def _players(description: Json, data: Path) -> Iterator[Needed]:
    """Soundfonts of the system, and sample sets."""
    installed = {font.name for font in soundfonts()}
    for font in description.get("soundfonts", ()):
        package = SOUNDFONTS.get(font)
        yield Needed(font, "", "", f"the package {package} of Debian and Ubuntu" if package else "", font in installed)
    for sampled in description.get("sample_sets", ()):
        name = f"{SETS['sounds']}/{sampled['name']}"
        yield Needed(name, sampled["sha256"], "", sampled.get("source", ""), bool(lying_in(data, name)))


def _recordings(description: Json, data: Path) -> Iterator[Needed]:
    """Corpora of recordings."""
    if "origin" not in description:
        return
    there = corpus_of(description, data) is not None
    yield Needed(f"a corpus of {description.get('count', 'some')} recordings, {str(description['origin'])[:60]}", "",
                 str(description["licence"])[:200], "its recordings' homes, which onpu models NAME lists; onpu corpus "
                 "makes the corpus of them", there)


def corpus_of(description: Json, data: Path) -> Corpus | None:
    """The corpus of these recordings, which lies in `data` or in a folder there; None where there is none."""
    for path in sorted({found for pattern in CORPORA for found in data.glob(pattern)}):
        try:
            corpus = Corpus.open(path.parent)
        except DataError:  # unfinished, or of another kind
            continue
        if all(corpus.description.get(name) == description.get(name) for name in ("origin", "count", "credits")):
            return corpus
    return None
