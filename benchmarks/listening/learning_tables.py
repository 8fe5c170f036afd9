"""The tables of learning from corrections."""

from collections.abc import Sequence

import numpy as np

from benchmarks.report import table
from onpu.files import Json

WORSE_AT_MOST = 0.005


def table_of_recordings(found: Sequence[Json]) -> list[str]:
    """Beats of recordings: before, and after so many songs as were tried."""
    portions, rows = sorted({one["portion"] for one in found}), []
    for author in dict.fromkeys(one["author"] for one in found):
        own = {one["portion"]: one for one in found if one["author"] == author}
        most = own[max(own)]
        rows.append([author, most["others"], most["before"]["score"],
                     *(own[portion]["after"]["score"] if portion in own else float("nan") for portion in portions),
                     *_pair(most, "Beat F-measure"), *_pair(most, "Downbeat F-measure"), *_kept_out(most),
                     _composed(most), _kept(most)])
    return ["## Recordings: beats and downbeats\n",
            "The network of the fold that heard nobody of the author, before and after songs of the author were set "
            "right; F on the others, the mean of beats and downbeats. Kept out: the same on the passages that judged. "
            "Composed: its change on the fixed composed set. An author on whose other songs nothing is wrong has no "
            "room.\n",
            table(["author", "other songs", "before", *(f"{portion} song{'s' * (portion > 1)}" for portion in portions),
                   "beats", "downbeats", "kept out", "composed", "new weights kept"], rows), *_summary(found)]


def table_of_composed(found: Sequence[Json]) -> list[str]:
    """Composed authors: before, and after three songs."""
    rows = [[f"{one['author']}, {one['task']}", one["others"], one["before"]["score"], one["after"]["score"],
             one["after"]["score"] - one["before"]["score"], *_kept_out(one), _composed(one),
             one["verdict"]["blend"] if one["verdict"] else "-", _kept(one)] for one in found]
    return ["## Composed songs of a style and a soundfont that were never heard\n",
            "The shipped weights, before and after three songs of the style were set right; the mean of the measures "
            "that choose the weights of the task. Blend: share of what was learned in the new weights.\n",
            table(["style, task", "other songs", "before", "3 songs", "gain", "kept out", "composed", "blend",
                   "new weights kept"], rows),
            *_summary(found)]


def _pair(one: Json, measure: str) -> list[str]:
    return [f"{one['before'][measure]:.3f} → {one['after'][measure]:.3f}" if measure in one["before"] else "-"]


def _kept_out(one: Json) -> list[str]:
    """Scores on what was kept out, before and after, of the best mix."""
    verdict = one["verdict"]
    return [f"{verdict['before']:.3f} → {verdict['after']:.3f}" if verdict else "-"]


def _composed(one: Json) -> float:
    """Change on the composed set, of the weights that are in use afterwards."""
    verdict = one["verdict"]
    return float(verdict["composed_after"] - verdict["composed_before"]) if verdict and verdict["kept"] else 0.0


def _kept(one: Json) -> str:
    """Whether new weights are in use afterwards."""
    return "no room" if one["verdict"] is None else "yes" if one["verdict"]["kept"] else "no"


def _summary(found: Sequence[Json]) -> list[str]:
    most = [one for one in found if one["portion"] == 3]
    gains = [one["after"]["score"] - one["before"]["score"] for one in most]
    if not gains:
        return []
    kept = [one for one in most if _kept(one) == "yes"]
    worst = min((_composed(one) for one in kept), default=0.0)
    return [f"Mean gain of three songs: {np.mean(gains):+.3f} (least {min(gains):+.3f}, most {max(gains):+.3f}); new "
            f"weights were kept in {len(kept)} of {len(most)}; on the composed set {worst:+.3f} at the worst, where "
            f"{-WORSE_AT_MOST:+.3f} is allowed.\n"]
