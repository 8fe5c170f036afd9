"""An acoustic model and a language model together: the best sequence by both, with so many in hand.

Boulanger-Lewandowski, Bengio & Vincent (ISMIR 2013, section 4) multiply what the frames say with what the language
model says of the sequence; Sigtia, Boulanger-Lewandowski & Dixon (ISMIR 2015, section 5) keep of all sequences that
agree in their last symbols only the best, so that the beam holds different ones. Here symbols last: at each frame a
sequence stays with 1 - c_t or goes on with c_t to a symbol of the language model, as in `onpu.decode.chain`, of which
this is the form without a fixed memory:

    log p = Σ_t e_t(s_t) + Σ_stays log(1 - c_t) + Σ_moves [log c_t + w log p(s | all before)]
"""

from typing import Generic, Protocol, TypeVar

import numpy as np

State = TypeVar("State")
SPARE = 4
"""Times the width, so many sequences are looked at to find as many different ones."""


class LanguageModel(Protocol, Generic[State]):
    """What symbol comes, by all before. Several sequences are asked for at once; `State` holds a row for each."""

    def begin(self) -> tuple[np.ndarray, State]:
        """log p (1, classes) of the first symbol, and the state."""

    def advance(self, state: State, rows: np.ndarray, symbols: np.ndarray) -> tuple[np.ndarray, State]:
        """log p (n, classes) of what comes after symbols (n,), each after the sequence in that row of the state, and
        their states; -inf for the symbol itself."""

    def join(self, first: State, kept: np.ndarray, second: State | None) -> State:
        """These rows of a state, and all of another behind them, where there is one."""


def hybrid_path(emissions: np.ndarray, change: np.ndarray, model: LanguageModel[State], width: int = 24,
                weight: float = 1.0) -> np.ndarray:
    """Symbols (frames,) of the best sequence that was followed.

    emissions: (classes, frames) log potentials. change: (frames,), the chance that a symbol ends before this frame.
    width: sequences in hand. weight: of the language model.
    """
    classes, frames = emissions.shape
    if not frames:
        return np.zeros(0, np.int64)
    likely, state = model.begin()
    first = np.argsort(-(emissions[:, 0] + weight * likely[0]), kind="stable")[:width]
    score = emissions[first, 0] + weight * likely[0][first]
    before, last = np.full(len(first), -1), first
    following, state = model.advance(state, np.zeros(len(first), np.int64), first)
    parents, symbols = [np.zeros(len(first), np.int64)], [first]
    leave, stay = (np.log(np.clip(chance, 1e-9, 1)) for chance in (change, 1 - change))
    for t in range(1, frames):
        kept = score + stay[t] + emissions[last, t]
        moved = score[:, None] + leave[t] + weight * following + emissions[:, t]
        every = np.concatenate([kept, moved.ravel()])
        best = np.argpartition(-every, min(SPARE * width, len(every) - 1))[: SPARE * width]
        best = best[np.argsort(-every[best], kind="stable")]
        rows, new, chosen = _different(best, before, last, classes, width)
        score = every[chosen]
        fresh = np.flatnonzero(chosen >= len(kept))
        if len(fresh):
            after, more = model.advance(state, rows[fresh], new[fresh])
            old = np.flatnonzero(chosen < len(kept))
            order = np.concatenate([old, fresh])
            state = model.join(state, rows[old], more)
            following = np.concatenate([following[rows[old]], after])
            rows, new, score, chosen = rows[order], new[order], score[order], chosen[order]
        else:
            state, following = model.join(state, rows, None), following[rows]
        before = np.where(chosen >= len(kept), last[rows], before[rows])
        last = new
        parents.append(rows)
        symbols.append(last)
    row = int(score.argmax())
    path = np.empty(frames, np.int64)
    for t in range(frames - 1, -1, -1):
        path[t] = symbols[t][row]
        row = int(parents[t][row])
    return path


def _different(best: np.ndarray, before: np.ndarray, last: np.ndarray, classes: int, width: int
               ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of candidates, the best first, rows they come from, their symbols, and their numbers: at most `width`, no two of
    which have the same last two symbols."""
    seen: set[tuple[int, int]] = set()
    rows, symbols, chosen = [], [], []
    for number in best.tolist():
        if number < len(last):
            row, symbol, key = number, int(last[number]), (int(before[number]), int(last[number]))
        else:
            row, symbol = divmod(number - len(last), classes)
            key = int(last[row]), symbol
        if key not in seen:
            seen.add(key)
            rows.append(row)
            symbols.append(symbol)
            chosen.append(number)
            if len(rows) == width:
                break
    return np.array(rows), np.array(symbols), np.array(chosen)
