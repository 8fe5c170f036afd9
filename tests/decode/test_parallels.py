"""Parallels: what a token adds to a chorale is what the metric counts more of them."""

import numpy as np
from chorale_files import write_chorales

from onpu.data.corpora.chorales import Chorales
from onpu.decode.parallels import parallels
from onpu.metrics.voice_leading import counts
from onpu.represent.voices import FIRST, NOTES, decoded, encoded, pitches_of


def counted(chorale):
    found = counts(chorale)
    return found["Parallel fifths"] + found["Parallel octaves"]


def test_every_token_at_every_place_adds_what_the_metric_counts(tmp_path):
    chorales = Chorales.open(write_chorales(tmp_path / "chorales.json.gz", 12))
    draw, seen = np.random.default_rng(0), 0
    for number in chorales.numbers:
        chorale = chorales.item(number)
        tokens = encoded(chorale)["tokens"]
        for _ in range(12):
            voice, place = int(draw.integers(4)), int(draw.integers(1, chorale.steps))
            candidates = np.append(pitches_of(voice)[FIRST:], -1)
            found = parallels(chorale.pitches, chorale.attacks[voice], chorale.fermata, voice, np.array([place]),
                              candidates)[0]
            totals = []
            for token in [*range(FIRST, NOTES[voice]), NOTES[voice]]:
                changed = tokens.copy()
                changed[voice, place] = token
                totals.append(counted(decoded(changed, chorale)))
            assert (found - found[-1] == np.array(totals) - totals[-1]).all()
            seen += len(set(totals)) > 1
    assert seen > 20


def test_rests_and_ends_of_phrases_part_what_would_be_parallel():
    pitches = np.array([[72, 74], [65, 67]])
    asked = np.ones(2, bool), np.zeros(2, bool), 0, np.array([1]), np.array([74, 76, -1, 0])
    assert parallels(pitches, *asked).tolist() == [[1, 0, 0, 0]]
    assert not parallels(pitches, asked[0], np.ones(2, bool), *asked[2:]).any()
    assert not parallels(np.array([[72, 74], [0, 67]]), *asked).any()
    assert not parallels(pitches[::-1], *asked).any()  # crossed, a fourth
    one = parallels(pitches[:, :1], np.ones(1, bool), np.zeros(1, bool), 0, np.array([0]), np.array([72]))
    assert not one.any()
