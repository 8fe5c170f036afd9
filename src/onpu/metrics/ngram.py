"""How likely sequences of tokens are to those who know others: n-grams with absolute discounting.

    p(w | h) = max(c(h w) - d, 0) / c(h) + d N(h) / c(h) p(w | h'),    p(w) = 1 / classes below the shortest

with c how often something was seen, N(h) how many different tokens followed h, and h' the context h without its oldest
token (Ney, Essen & Kneser, "On structuring probabilistic dependences in stochastic language modelling", Computer
Speech and Language 1994).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

DISCOUNT = 0.75
BEGIN = -1
"""What stands before a sequence."""


@dataclass(frozen=True, eq=False)
class Ngrams:
    """classes: how many tokens there are. order: length of the longest n-grams. counts, kinds: of each context, how
    often it was seen and how many tokens followed it. seen: of contexts with a token after them."""

    classes: int
    order: int
    seen: Counter[tuple[int, ...]]
    counts: Counter[tuple[int, ...]]
    kinds: Counter[tuple[int, ...]]

    @classmethod
    def of(cls, sequences: Iterable[np.ndarray], classes: int, order: int) -> "Ngrams":
        """What these sequences, (steps,) of tokens each, teach."""
        seen: Counter[tuple[int, ...]] = Counter()
        for sequence in sequences:
            tokens = [BEGIN] * (order - 1) + sequence.tolist()
            for end in range(order, len(tokens) + 1):
                for length in range(1, order + 1):
                    seen[tuple(tokens[end - length : end])] += 1
        counts: Counter[tuple[int, ...]] = Counter()
        kinds: Counter[tuple[int, ...]] = Counter()
        for gram, count in seen.items():
            counts[gram[:-1]] += count
            kinds[gram[:-1]] += 1
        return cls(classes, order, seen, counts, kinds)

    def probability(self, context: tuple[int, ...], token: int) -> float:
        """Of a token after a context of at most `order` - 1 tokens."""
        share = 1 / self.classes
        for length in range(len(context) + 1):
            known = context[len(context) - length :]
            count = self.counts[known]
            if count:
                own = max(self.seen[(*known, token)] - DISCOUNT, 0.0)
                share = (own + DISCOUNT * self.kinds[known] * share) / count
        return share

    def nats(self, sequence: np.ndarray) -> float:
        """Mean -log p of the tokens of a sequence (steps,)."""
        tokens = [BEGIN] * (self.order - 1) + sequence.tolist()
        shares = [self.probability(tuple(tokens[end - self.order : end - 1]), tokens[end - 1])
                  for end in range(self.order, len(tokens) + 1)]
        return float(-np.log(shares).mean())
