"""What is found in an index: the same song in any key and tempo, the way from one to another, what one may like."""

from itertools import pairwise

import numpy as np
import pytest
from songs import chroma_of, progression, song_of, write_index

from onpu.errors import OnpuError
from onpu.layers.hashing import hamming, packed
from onpu.similar import Index, nearest, path
from onpu.similar.alignment import CHANCE, CHANCE_STEADILY, align, align_steadily
from onpu.similar.recommend import Plays, factorise, predicted, recommend

COUNT = 60


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    return Index.open(write_index(tmp_path_factory.mktemp("found") / "music.index", COUNT))


def test_hamming_distances_are_counts_of_bits_that_differ():
    rng = np.random.default_rng(0)
    bits = rng.random((50, 128)) > 0.5
    codes = packed(bits.astype(float))
    np.testing.assert_array_equal(hamming(codes[7], codes), (bits != bits[7]).sum(axis=1))
    with pytest.raises(ValueError, match="multiple of 64"):
        packed(np.zeros((1, 65)))


@pytest.mark.parametrize("semitones", (-5, 0, 3, 6))
@pytest.mark.parametrize("tempo", (0.8, 1.0, 1.33))
def test_a_song_in_another_key_and_tempo_is_aligned_and_its_key_told(semitones, tempo):
    rng = np.random.default_rng(3)
    chords = progression(rng)
    query = chroma_of(chords, 4, 0, 1.0, rng)
    others = [chroma_of(progression(rng), 4, 0, 1.0, rng) for _ in range(30)]
    scores, shifts = align(query, [*others, chroma_of(chords, 4, semitones, tempo, rng)])
    assert scores.argmax() == 30 and shifts[30] == semitones and (scores <= 1 - CHANCE).all()
    assert scores[30] > 1.5 * np.sort(scores)[-2]
    steady, steady_shifts = align_steadily(query, [*others, chroma_of(chords, 4, semitones, tempo, rng)])
    assert steady.argmax() == 30 and steady_shifts[30] == semitones and (steady <= 1 - CHANCE_STEADILY).all()
    assert steady[30] > 1.5 * np.sort(steady)[-2]


def test_the_same_chords_with_another_melody_are_told_apart():
    rng = np.random.default_rng(5)
    chords = progression(rng)
    query, same = (chroma_of(chords, 4, shift, 1.0, rng) for shift in (0, 3))
    other = chroma_of(chords, 4, 3, 1.0, rng)
    other[24:] = np.roll(other[24:], 4, axis=0)
    for way in (align, align_steadily):
        scores, _ = way(query, [same, other])
        assert scores[0] > 1.2 * scores[1]


def test_alignment_does_not_depend_on_what_else_is_aligned_nor_on_silence():
    rng = np.random.default_rng(4)
    songs = [chroma_of(progression(rng, length), 4, 0, 1.0, rng) for length in (3, 9, 20)]
    together = align(songs[1], songs)[0]
    alone = [align(songs[1], [song])[0][0] for song in songs]
    np.testing.assert_allclose(together, alone, atol=1e-6)
    silent = np.zeros((36, 20), np.uint8)
    assert align(songs[0], [silent])[0] == [0] and align(silent, songs)[0].tolist() == [0, 0, 0]
    assert align(np.zeros((36, 0)), songs)[0].tolist() == [0, 0, 0]


def test_a_cover_is_found_first_and_called_so(index):
    other = song_of(17, semitones=4, tempo=1.2)
    best, second = nearest(index, other, 2, "cover")
    assert (best.file, best.semitones, best.same) == ("music/17.wav", -4, True)
    assert best.similarity > second.similarity


def test_vectors_alone_and_what_is_left_out(index):
    found = index.descriptors(5)
    by_timbre = nearest(index, found, 4, "timbre", leave_out=(5,))
    cosines = index.vectors["timbre"] @ found.timbre
    cosines[5] = -2
    assert [match.row for match in by_timbre] == np.argsort(-cosines)[:4].tolist()
    assert nearest(index, found, 3, "cover", refine=False)[0].row == 5
    with pytest.raises(OnpuError, match="choose from"):
        nearest(index, found, 3, "mood")


def test_codes_decide_where_songs_are_many(index, monkeypatch):
    monkeypatch.setattr("onpu.similar.search.MANY", 10)
    monkeypatch.setattr("onpu.similar.search._faiss", lambda: None)
    found = nearest(index, index.descriptors(8), 5, "cover", refine=False)
    apart = hamming(index.code[8], index.codes)
    assert found[0].row == 8 and sorted(apart[[match.row for match in found]]) == sorted(apart)[:5]
    assert nearest(index, song_of(8, 2), 1, "cover")[0].file == "music/8.wav"


def test_a_playlist_leads_there_in_small_steps_and_plays_nothing_twice(index):
    rows = path(index, 3, 40, 7)
    assert rows[0] == 3 and rows[-1] == 40 and len(set(rows)) == 7
    vectors = index.vectors["timbre"]

    def largest(chosen):
        return max(1 - float(vectors[a] @ vectors[b]) for a, b in pairwise(chosen))

    rng = np.random.default_rng(0)
    random = [largest([3, *rng.choice([n for n in range(COUNT) if n not in (3, 40)], 5, replace=False), 40])
              for _ in range(200)]
    assert largest(rows) <= np.quantile(random, 0.02)
    for first, last, count in ((3, 3, 4), (3, 4, 1), (3, 4, COUNT + 1)):
        with pytest.raises(OnpuError):
            path(index, first, last, count)


def listeners(rng, songs, users, kinds):
    """Who plays what: each likes one kind, and some of all."""
    kind = np.arange(songs) % kinds
    rows = []
    for user in range(users):
        for song in range(songs):
            if rng.random() < (0.5 if kind[song] == user % kinds else 0.03):
                rows.append((f"u{user}", f"s{song}", float(1 + rng.integers(20))))
    return kind, rows


def test_factors_find_what_a_listener_likes_also_where_nobody_played_it():
    rng = np.random.default_rng(1)
    songs, users, kinds = 120, 60, 4
    kind, rows = listeners(rng, songs, users, kinds)
    fresh = {f"s{number}" for number in range(100, songs)}
    plays = Plays.of([row for row in rows if row[1] not in fresh])
    vectors = np.eye(kinds)[kind] + 0.3 * rng.standard_normal((songs, kinds))
    files = [f"s{number}" for number in range(songs)]
    right, unplayed = [], 0
    for user in range(12):
        own = {song for name, song, _ in rows if name == f"u{user}" and song not in fresh}
        for place, _, played in recommend(plays, f"u{user}", files, vectors, 8):
            assert files[place] not in own
            right.append(kind[place] == user % kinds)
            unplayed += not played
            assert played == (files[place] not in fresh)
    assert np.mean(right) > 0.9 and unplayed > 0


def test_alternating_least_squares_lowers_the_loss_it_is_for():
    from onpu.similar import recommend as module

    _, rows = listeners(np.random.default_rng(2), 30, 20, 3)
    plays = Plays.of(rows)

    def loss(tastes):
        scores = tastes.users @ tastes.songs.T
        confidence, played = np.ones_like(scores), np.zeros_like(scores)
        confidence[plays.user, plays.song] += module.ALPHA * np.log1p(plays.count / module.EPSILON)
        played[plays.user, plays.song] = 1
        return (confidence * (played - scores) ** 2).sum() + module.WEIGHT * (
            (tastes.users**2).sum() + (tastes.songs**2).sum())

    losses = [loss(factorise(plays, 4, rounds)) for rounds in (1, 2, 4, 8)]
    assert all(later <= earlier + 1e-9 for earlier, later in pairwise(losses))


def test_ridge_regression_recovers_a_linear_map():
    rng = np.random.default_rng(5)
    vectors, weights = rng.standard_normal((500, 6)), rng.standard_normal((6, 3))
    found = predicted(vectors, np.arange(400), vectors[:400] @ weights + 1)
    np.testing.assert_allclose(found[400:], vectors[400:] @ weights + 1, atol=0.15)


def test_tables_of_plays(tmp_path):
    lines = ("user,song,count", 'anna,"a,b.mp3",3', "anna,c.mp3,2", "anna,c.mp3,1", "ben;x.mp3;0")
    (tmp_path / "plays.csv").write_text("\n".join(lines))
    plays = Plays.read(tmp_path / "plays.csv")
    assert plays.users == ("anna",) and plays.songs == ("a,b.mp3", "c.mp3") and plays.count.tolist() == [3, 3]
    for text in ("anna,x,1\nben,y,many\n", "anna,x,1\nben,x\n", "anna,x,1\nben,x,-2", "anna,x,1\nben,x,nan", "u,s,n"):
        (tmp_path / "bad.csv").write_text(text)
        with pytest.raises(OnpuError):
            Plays.read(tmp_path / "bad.csv")
    with pytest.raises(OnpuError, match="nobody of this name"):
        recommend(plays, "zoe", ["c.mp3"], np.ones((1, 2)))
    with pytest.raises(OnpuError, match="in the index"):
        recommend(plays, "anna", ["other.mp3"], np.ones((1, 2)))
