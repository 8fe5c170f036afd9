"""Taggers beside each other, genre on real excerpts, instruments second by second.

    python -m benchmarks.listening.tags [NAME=WEIGHTS …] [--instruments WEIGHTS] [--clips 500] [--known 150] [--emotify]
        [--together 500]

Of several taggers the first one is the one whose figures on real recordings are told; without names: the shipped
weights. Composed clips are of the styles that `tags_styles` keeps from the taggers' corpus and report; clips of all
other styles (--known) choose. "All listeners" is what `onpu analyze` tells: the shipped tagger with what the others
hear (`onpu.analysis.stacking`), on the first of the reported clips (--together; 0: none). Brackets: 95 % of what clips
drawn anew from the same would give (bootstrap).
"""

import argparse
from collections.abc import Sequence

import numpy as np

import onpu
from benchmarks.listening import tags_data
from benchmarks.listening.heard_together import together
from benchmarks.listening.tags_styles import unseen_styles
from benchmarks.paths import CACHE, Missing
from benchmarks.recordings import Item, held_out_styles
from benchmarks.report import parser, run, save, table
from benchmarks.roles import ROLES
from onpu.analysis.stacking import stacked
from onpu.decode.tasks.tags import LEAST_MUSIC
from onpu.files import replacing
from onpu.listen.tags import target
from onpu.metrics.instruments import grids
from onpu.metrics.tags import average_precision, roc_auc
from onpu.music import Clock, Instruments
from onpu.music.activity import PLAYERS
from onpu.music.playing import playing
from onpu.music.words import GENRES, LIKELY, MUSIC, TEMPI, WORDS, with_mode
from onpu.trained import TrainedListener

TEMPO_WORDS = [f"tempo:{name}" for name in TEMPI]
HELD_OUT = [name.replace(" ", "-") for name in held_out_styles()]
"""As titles of clips have them."""
GROUPS = {"genre": [f"genre:{name}" for name in GENRES], "mood": [word for word in WORDS if word.startswith(
    ("mood:", "valence:", "arousal:"))], "instrument": [f"instrument:{name}" for name in PLAYERS],
    "voice, sound, tempo": ["voice:sung", "sound:acoustic", *TEMPO_WORDS]}
BY_ALL = "all listeners"
FOURTH = 4
"""Of the clips every fourth one is asked for its key and its instruments."""
DRAWS = 200
"""Times that clips are drawn anew for an interval."""
LEAST = 5
"""Clips that must have a word, and clips that must not, for it to be scored."""
PUBLISHED = (
    "\nPublished areas under the ROC curve, of other data (MagnaTagATune and the Million Song Dataset, 50 tags): "
    "Conv1D .882, FCN .894 and .851, CRNN .862, SampleCNN .906 and .881: to compare rows with rows, not figures with "
    "figures.\n")


def heard(trained: TrainedListener, clips: Sequence[Item]) -> np.ndarray:
    """Mean level of each word where there is music, (clips, words); kept in the cache, by the weights and the clip."""
    folder = CACHE / f"tags-heard-{trained.card['sha256'][:12]}"
    folder.mkdir(parents=True, exist_ok=True)
    rows = []
    for clip in clips:
        path = folder / f"{clip.path.parent.name}-{clip.path.stem}-{clip.path.stat().st_size}.npy"
        if not path.exists():
            said = trained.activations(clip.path)["tags"]
            music = said[0] >= LIKELY
            with replacing(path) as temporary:
                np.save(temporary, said[:, music if music.mean() >= LEAST_MUSIC else slice(None)].mean(axis=1))
        rows.append(np.load(path))
    return np.array(rows)


def heard_by_all(clips: Sequence[Item]) -> np.ndarray:
    """The same by all shipped listeners together; by the tagger where there is nothing more to hear."""
    tagger = onpu.load("tags")
    found = [stacked(timeline, alone) for timeline, alone in together(clips)]
    return np.array([levels if levels is not None else heard(tagger, [clip])[0]
                     for clip, levels in zip(clips, found, strict=True)])


def truth(clips: Sequence[Item]) -> np.ndarray:
    """The same of what is written."""
    clock = Clock(10, 10)
    return np.array([target(clip.truth, clock, max(1, int(clip.truth.duration)))["tags"].mean(axis=1)
                     for clip in clips])


def areas(true: np.ndarray, levels: np.ndarray, words: Sequence[str]) -> tuple[float, float, int]:
    """Means over the words that can be scored of the areas under both curves, and their number."""
    scored = []
    for word in words:
        column = true[:, WORDS.index(word)] >= LIKELY
        if LEAST <= column.sum() <= len(column) - LEAST:
            scored.append((roc_auc(column, levels[:, WORDS.index(word)]),
                           average_precision(column, levels[:, WORDS.index(word)])))
    found = np.array(scored).reshape(-1, 2).mean(axis=0) if scored else np.full(2, np.nan)
    return float(found[0]), float(found[1]), len(scored)


def interval(true: np.ndarray, levels: np.ndarray, words: Sequence[str]) -> tuple[str, str]:
    """Both areas with the range of 95 % of what clips drawn anew give, as tables have them."""
    rng = np.random.default_rng(0)
    drawn = [areas(true[rows], levels[rows], words)[:2]
             for rows in (rng.integers(len(true), size=len(true)) for _ in range(DRAWS))]
    low, high = np.percentile(drawn, (2.5, 97.5), axis=0)
    found = areas(true, levels, words)
    return tuple(f"{found[n]:.3f} [{low[n]:.3f}, {high[n]:.3f}]" for n in range(2))  # type: ignore[return-value]


def _best(levels: np.ndarray, words: Sequence[str]) -> np.ndarray:
    columns = [WORDS.index(word) for word in words]
    return np.asarray(levels[:, columns].argmax(axis=1))


def composed_part(title: str, clips: Sequence[Item], taggers: dict[str, TrainedListener], by_all: bool = False) -> str:
    """A table of the taggers on composed clips; by_all: all listeners together, too."""
    true = truth(clips)
    names = [word for word in WORDS if word != MUSIC]
    tempi = true[:, [WORDS.index(word) for word in TEMPO_WORDS]].max(axis=1) >= LIKELY
    named = true[:, [WORDS.index(word) for word in GROUPS["genre"]]].max(axis=1) >= LIKELY
    rows = []
    all_levels = {name: heard(trained, clips) for name, trained in taggers.items()}
    for name, levels in (all_levels | ({BY_ALL: heard_by_all(clips)} if by_all else {})).items():
        roc, precision = interval(true, levels, names)
        facts, size = {}, "-"
        if name in taggers:
            facts = taggers[name].card.get("trained", {})
            size = f"{sum(parameter.numel() for parameter in taggers[name].network.parameters()) / 1e6:.2f}"
        right = (_best(levels, GROUPS["genre"]) == _best(true, GROUPS["genre"]))[named]
        tempo = (_best(levels, TEMPO_WORDS) == _best(true, TEMPO_WORDS))[tempi]
        minutes = f"{facts['minutes']:.1f}" if "minutes" in facts else "-"
        rows.append([name, size, str(facts.get("steps", "-")), minutes,
                     roc, precision, *(areas(true, levels, words)[0] for words in GROUPS.values()),
                     float(right.mean()), float(tempo.mean())])
    heading = ["tagger", "M parameters", "steps", "minutes", "ROC-AUC", "PR-AUC", *GROUPS, "genre right", "tempo right"]
    length = np.mean([clip.truth.duration for clip in clips])
    count = areas(true, next(iter(all_levels.values())), names)[2]
    return (f"\n## {title}\n\n{len(clips)} clips of {length:.0f} s on average, {count} words with at least {LEAST} "
            f"clips that have them and {LEAST} that have not; means over words.\n\n" + table(heading, rows))


def words_part(clips: Sequence[Item], trained: TrainedListener, by_all: bool = False) -> str:
    """Word by word."""
    true, told = truth(clips), [heard(trained, clips), *([heard_by_all(clips)] if by_all else [])]
    rows = []
    for number, word in enumerate(WORDS[1:], 1):
        column = true[:, number] >= LIKELY
        if LEAST <= column.sum() <= len(column) - LEAST:
            rows.append([word, f"{column.mean():.2f}", *(score(column, levels[:, number]) for levels in told
                                                         for score in (roc_auc, average_precision))])
    headings = ["word", "share", "ROC-AUC", "PR-AUC", *([f"{BY_ALL}, ROC-AUC", "PR-AUC"] if by_all else [])]
    return "\n### Word by word\n\n" + table(headings, rows)


def valence_part(clips: Sequence[Item], trained: TrainedListener) -> str:
    """Valence by the tagger alone, and with the mode of the key that is found."""
    word = WORDS.index("valence:positive")
    true, key = truth(clips)[:, word] >= LIKELY, onpu.load("key")
    alone = heard(trained, clips)[:, word]
    found = [key.timeline(clip.path).key for clip in clips]
    joined = np.array([with_mode(float(level), str(keys.labels[0]).partition(":")[2], float(keys.confidence[0]))
                       if keys is not None and len(keys.labels) else float(level)
                       for level, keys in zip(alone, found, strict=True)])
    rows = [[name, roc_auc(true, levels), float(((levels >= LIKELY) == true).mean())]
            for name, levels in (("tagger alone", alone), ("with the key that is found", joined))]
    return f"\n### Valence\n\n{len(clips)} clips.\n\n" + table(["by", "ROC-AUC", "right"], rows)


def emotify_part(trained: TrainedListener) -> str:
    """Genre on real excerpts."""
    clips = list(tags_data.emotify())
    levels = heard(trained, clips)
    genres = list(tags_data.EMOTIFY)
    confusion = np.zeros((len(genres), len(genres)), int)
    for clip, row in zip(clips, levels, strict=True):
        said = tags_data.as_emotify({name: float(row[WORDS.index(f"genre:{name}")]) for name in GENRES})
        confusion[genres.index(str(clip.truth.tags.labels[0] if clip.truth.tags else "")), genres.index(said)] += 1
    rows = [[genre, *map(str, row), float(row[i] / row.sum())] for i, (genre, row) in enumerate(
        zip(genres, confusion, strict=True))]
    whole = float(np.trace(confusion) / confusion.sum())
    return (f"\n## Genre on Emotify (*{ROLES['emotify']}*)\n\n{len(clips)} real excerpts; nothing learned from "
            "them, and the map from onpu's genres to the four was written down before (`tags_data.EMOTIFY`). "
            f"**Right: {whole:.3f}** (by chance .25).\n\n" + table(["is, said to be", *genres, "right"], rows))


def instruments_part(title: str, clips: Sequence[Item], trained: TrainedListener) -> str:
    """Instruments per second."""
    true, found = [], []
    for clip in clips:
        estimate: Instruments = trained(clip.path)
        pair = grids(playing(clip.truth), estimate, clip.truth.duration)
        true.append(pair[0])
        found.append(pair[1])
    said, known = np.concatenate(found, axis=1), np.concatenate(true, axis=1)

    def scores(a: np.ndarray, b: np.ndarray) -> list[float]:
        right = (a & b).sum()
        precision, recall = right / max(b.sum(), 1), right / max(a.sum(), 1)
        return [float(precision), float(recall), float(2 * precision * recall / max(precision + recall, 1e-9))]

    rows = [[label, f"{known[i].mean():.2f}", *scores(known[i], said[i])] for i, label in enumerate(PLAYERS)
            if known[i].any() or said[i].any()]
    rows.append(["**all**", f"{known.mean():.2f}", *scores(known, said)])
    return (f"\n## Instruments, second by second: {title}\n\n{len(clips)} recordings, {known.shape[1]} seconds.\n\n"
            + table(["instrument", "share of time", "precision", "recall", "F"], rows))


def parts(given: argparse.Namespace) -> list[str]:
    """What is written."""
    named = [entry.partition("=") for entry in given.taggers]
    taggers = {name: onpu.load(path or name) for name, _, path in named}
    first, band = next(iter(taggers.values())), onpu.load(given.instruments)
    reported, known = list(tags_data.reported(given.clips)), list(tags_data.known_styles(given.known))
    withheld = [clip for clip in reported if clip.name.rpartition("-")[0] in HELD_OUT]
    report, choose = ROLES["test"], ROLES["composed"]
    out = [composed_part(f"Composed, {len(unseen_styles())} styles and a soundfont that are held out (*{report}*)",
                         reported, taggers),
           composed_part("Of these the four styles that are held out of all training", withheld, taggers)]
    if known:
        out.append(composed_part(f"Composed, all other styles, seeds and soundfont held out (*{choose}*)", known,
                                 taggers))
    if given.together:
        some, shipped = reported[: given.together], {"tags": onpu.load("tags")}
        title = f"By all listeners together, the first {len(some)} of the reported clips (*{report}*)"
        out += [composed_part(title, some, shipped, by_all=True), words_part(some, shipped["tags"], by_all=True)]
    some = reported[::FOURTH]
    out += [PUBLISHED, words_part(reported, first), valence_part(some, first),
            instruments_part(f"composed, held out (*{report}*)", some, band)]
    try:
        out.append(instruments_part(f"MDB (*{ROLES['mdb']}*)", list(tags_data.multitracks()), band))
        if given.emotify:
            out.append(emotify_part(first))
    except Missing as missing:
        out.append(f"\nLeft out: {missing}\n")
    return out


def main() -> None:
    """Run and write tags.md."""
    options = parser(__doc__)
    options.add_argument("taggers", nargs="*", metavar="NAME=WEIGHTS", default=["tags"])
    options.add_argument("--instruments", default="instruments", metavar="WEIGHTS")
    options.add_argument("--clips", type=int, default=500, help="composed clips of held-out styles")
    options.add_argument("--known", type=int, default=150, help="composed clips of other styles")
    options.add_argument("--emotify", action="store_true", help="look at Emotify, with the weights that are final")
    options.add_argument("--together", type=int, default=500, help="of these, those told by all listeners together")
    given = options.parse_args()
    save(given, "tags", "Tags and instruments", parts(given))


if __name__ == "__main__":
    run(main)
