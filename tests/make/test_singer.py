"""The singer: words become phonemes on notes, times obey their bounds, sampling is the parallel form."""

import numpy as np
import pytest
import torch
from few_steps import losses_of
from sung_files import write_sung

from onpu.data.corpora.sung import SungSongs
from onpu.data.corpora.sung_numbers import lined_up, numbers_of
from onpu.data.stream import collate
from onpu.data.sung_words import HIGHEST, LOWEST, read_words
from onpu.engine.render.voice.bank import world
from onpu.engine.render.voice.following import followed
from onpu.engine.render.voice.parameters import RATE, sounding, taken_apart
from onpu.errors import OnpuError
from onpu.formats.lyrics import read_ultrastar_song
from onpu.formats.musicxml import read_musicxml
from onpu.formats.pronouncing import pronounced, shared_out
from onpu.layers.gated import GatedFrames
from onpu.layers.mixture import ConstrainedGaussians
from onpu.make.singer import MAKER, SingerOptions, SingerRecipe, sing
from onpu.maker import TrainedMaker
from onpu.models.npss import PhonemeContext
from onpu.models.npss_losses import PARTS, Hearing, _straying, losses
from onpu.models.npss_sampling import Temperatures, draw_timbre
from onpu.music import Notes, Timeline, Voice
from onpu.music.kana import phonemes_of_kana, phonemes_of_romaji
from onpu.music.phonemes import PHONEMES, paired, phonemes_in, syllables_of
from onpu.represent.sung import PAUSE, SungLineup, moved_to, note_curve, scaled, timed, unscaled

needs_world = pytest.mark.skipif(world() is None, reason="pyworld is not installed")


def score(pitches, words, starts=None):
    onsets = np.arange(len(pitches)) * 0.5 + 0.5
    count = len(pitches)
    notes = Notes(onsets, onsets + 0.5, np.array(pitches, float), np.full(count, 80), np.zeros(count, int),
                  np.ones(count))
    begin = onsets[: len(words)] if starts is None else np.array(starts)
    return Timeline(onsets[-1] + 1, notes=notes,
                    voice=Voice(begin, begin + 0.4, np.array(words, np.str_), np.ones(len(words))))


@pytest.mark.parametrize(("text", "phonemes"), [
    ("しゃっ", "sh a cl"), ("にゅー", "ny u"), ("ふぁ", "f a"), ("てぃ", "t i"), ("うぇ", "w e"), ("ちぇ", "ch e"),
    ("キャ", "ky a"), ("ん", "N"), ("を", "o"), ("ぎょ", "gy o")])
def test_kana_are_read(text, phonemes):
    assert phonemes_of_kana(text) == (phonemes.split(), "")


@pytest.mark.parametrize(("text", "phonemes"), [
    ("sakura", "s a k u r a"), ("nippon", "n i cl p o N"), ("konnichiwa", "k o N n i ch i w a"), ("kyō", "ky o"),
    ("syasin", "sh a sh i N"), ("matcha", "m a cl ch a")])
def test_romaji_are_read(text, phonemes):
    assert phonemes_of_romaji(text) == (phonemes.split(), "", True)


def test_what_is_no_japanese_is_known_as_such():
    assert not phonemes_of_romaji("street")[2]
    said = pronounced(["sa-", "ku-", "ra"])
    assert said.nearest == [] and said.syllables == [["s", "a"], ["k", "u"], ["r", "a"]]
    assert pronounced(["strength"]).nearest == ["strength"]


def test_a_word_is_shared_out_over_its_syllables():
    parts = shared_out(["h", "a", "r", "o", "u"], 2)
    assert parts == [["h", "a"], ["r", "o", "u"]]
    assert shared_out(["s", "u"], 3) == [["s", "u"], [], []]


def test_phonemes_are_read_back():
    names = ["ky", "a", "N", "cl", "t", "a"]
    assert phonemes_in("".join(names)) == names
    assert syllables_of(names) == [(0, 2), (2, 3), (3, 6)]
    assert paired("kitten", "sitting").tolist() == [[i, i] for i in range(6)]


def test_the_published_sizes_train(tmp_path):
    recipe = MAKER.recipes["paper"]
    torch.manual_seed(0)
    players = MAKER.players(recipe)
    network = players["singer"].network
    layers = (network.harmonic, network.aperiodic, network.voicing)
    assert network.dilations == (1, 2, 4, 1, 2) and network.harmonics == 60
    assert [(each.width, each.skip) for each in layers] == [(130, 240), (20, 16), (20, 4)]
    songs = SungSongs.open(write_sung(tmp_path / "sung", 2))
    batch = collate([MAKER.example(songs, np.random.default_rng(0), recipe)])
    seen = losses_of(players, batch, recipe, 6)
    assert seen[-1] < seen[0]


def test_notes_out_of_reach_are_sung_octaves_away(caplog):
    found = read_words(score([84, 86, 88], ["ra", "ri", "ru"]), "auto")
    assert found.notes[:, 2].tolist() == [60, 62, 64] and "octaves" in caplog.text
    low = read_words(score([60, 20], ["ra", "ri"]), "auto").notes[:, 2]
    assert LOWEST <= low.min() and low.max() <= HIGHEST and low[1] % 12 == 8


@pytest.mark.parametrize(("timeline", "words"), [
    (Timeline(1.0), "no notes"), (score([60], []), "no words"), (score([60], ["你好"]), "no voice knows")])
def test_scores_that_cannot_be_sung_are_refused_in_one_line(timeline, words):
    with pytest.raises(OnpuError, match=words) as error:
        read_words(timeline, "ja")
    assert "\n" not in str(error.value)


def test_a_score_is_needed():
    trained = TrainedMaker.build(MAKER, SingerRecipe(width=4, skip=4, embedding=4))
    with pytest.raises(OnpuError, match="--score"):
        trained(options=SingerOptions())


def test_times_obey_their_bounds():
    rng = np.random.default_rng(0)
    onsets = np.cumsum(rng.uniform(0.15, 0.8, 40))
    ends = np.append(onsets[1:], onsets[-1] + 1) - rng.choice([0, 0.1], 40)
    written = np.stack((onsets, ends, np.full(40, 60)),
                       axis=1)
    k, a, nasal = (PHONEMES.index(name) for name in ("k", "a", "N"))
    syllables = [[[k, a], [a], [k, a, nasal], []][i] for i in rng.integers(0, 4, 40)]
    syllables[0] = [k, a]
    times = np.stack((np.log(rng.uniform(0.02, 1.5, 40)), rng.normal(0, 0.03, 40), rng.normal(0, 0.1, 40)), axis=1)
    lineup = timed(written, syllables, times)
    assert (np.diff(lineup.starts) > 0).all()
    assert [n for n in lineup.phonemes if n != PAUSE] == [n for own in syllables for n in own]
    vowels = lineup.starts[:-1][np.isin(lineup.phonemes, [a])]
    sung = [i for i, own in enumerate(syllables) if own]
    assert np.median(np.abs(vowels - written[sung, 0])) < 0.05


def test_a_line_moves_to_where_it_is_heard():
    k, a = PHONEMES.index("k"), PHONEMES.index("a")
    lineup = SungLineup(np.array([PAUSE, k, a, k, a, PAUSE]), np.array([0, 0.4, 0.5, 0.9, 1.0, 1.5, 2.0]),
                        np.array([[0.5, 1.0, 60], [1.0, 1.5, 62]]))
    heard = Voice(np.array([0.7, 1.3]), np.array([1.2, 1.8]), np.array(["ka", "ta"]), np.ones(2))
    moved = moved_to(lineup, heard)
    assert np.allclose(moved.starts[[1, 3, 5]], [0.7, 1.3, 1.8])
    assert moved.notes[0, 0] == pytest.approx(0.8, abs=0.03)


def test_the_curve_of_notes_steps_where_vowels_begin():
    lineup = SungLineup(np.array([PAUSE]), np.array([0.0, 2.0]), np.array([[0.0, 1.0, 60.0], [1.0, 2.0, 62.0]]))
    curve = note_curve(lineup, 400)
    assert curve[100] == pytest.approx(60) and curve[300] == pytest.approx(62)
    assert abs(int(np.abs(curve - 61).argmin()) - 197) <= 1


def test_envelopes_are_scaled_and_back():
    numbers = np.random.default_rng(0).standard_normal((5, 60)).astype(np.float32)
    assert np.allclose(unscaled(scaled(numbers)), numbers, atol=1e-5)


def test_labels_lie_on_frames(tmp_path):
    song = SungSongs.open(write_sung(tmp_path / "sung", 4)).item(0)
    lineup, timing = lined_up(song)
    told = numbers_of(song)
    k, a = PHONEMES.index("k"), PHONEMES.index("a")
    assert told["phonemes"][1, 90] == k and told["phonemes"][1, 101] == a and told["phonemes"][1, 10] == PAUSE
    assert np.allclose(lineup.notes[:, 0], song.written[:, 0])
    assert np.allclose(timing["times"][:, 0], np.log(0.08), atol=1e-3) and not timing["timed"][:3, 2].any()


@torch.no_grad()
def test_the_sampler_equals_the_parallel_form():
    torch.manual_seed(0)
    network = GatedFrames(3, 5, 4, 6, 7, 4, (1, 2, 4))
    x, condition = torch.randn(3, 40), torch.randn(4, 40)
    sampler = network.sampler(condition[None])
    rows = []
    for frame in range(40):
        rows.append(sampler.step()[0])
        sampler.take(x[None, :, frame])
    torch.testing.assert_close(torch.stack(rows).T, network(x[None], condition[None])[0])


def test_a_frame_hears_what_lies_before_it_as_far_as_is_said():
    torch.manual_seed(0)
    network = GatedFrames(1, 1, 1, 4, 4, 3, (1, 2, 4))
    x = torch.randn(1, 1, 40, requires_grad=True)
    network(x, torch.zeros(1, 1, 40))[0, 0, 30].backward()
    heard = np.flatnonzero(x.grad[0, 0].numpy())
    assert heard.max() == 29 and heard.min() == 30 - network.reach


def test_constrained_mixtures_are_densities():
    torch.manual_seed(0)
    mixture = ConstrainedGaussians.of(torch.randn(20, 4) * 2)
    grid = torch.linspace(-8, 8, 20_001)
    density = torch.stack([ConstrainedGaussians(*(part[i] for part in mixture)).log_density(grid) for i in range(20)])
    assert torch.allclose(density.exp().sum(-1) * (grid[1] - grid[0]), torch.ones(20), atol=1e-3)
    mean = (density.exp() * grid).sum(-1) * (grid[1] - grid[0])
    assert torch.allclose(mean, mixture.mean(), atol=1e-3)
    assert torch.allclose(mixture.draw(torch.rand(20), torch.randn(20), 0.0), mixture.mean())


def test_ultrastar_songs_have_notes(tmp_path):
    path = tmp_path / "song.txt"
    path.write_text("#BPM:60\n#GAP:500\n: 0 4 0 sa\n: 4 4 2 ku\n: 8 4 -3 ra\nE\n")
    song = read_ultrastar_song(path)
    assert song.notes.pitches.tolist() == [60, 62, 57] and np.allclose(song.notes.onsets, [0.5, 1.5, 2.5])
    assert song.voice.labels.tolist() == ["sa-", "ku-", "ra"]


def test_words_of_musicxml_are_read(tmp_path):
    note = ("<note><pitch><step>C</step><octave>4</octave></pitch><duration>1</duration>"
            "<lyric><syllabic>{}</syllabic><text>{}</text></lyric></note>")
    path = tmp_path / "song.musicxml"
    path.write_text('<score-partwise><part-list/><part id="P1"><measure number="1"><attributes><divisions>1</divisions>'
                    "</attributes>" + note.format("begin", "さく") + note.format("end", "ら") +
                    "</measure></part></score-partwise>", encoding="utf-8")
    voice = read_musicxml(path).voice
    assert voice.labels.tolist() == ["さく-", "ら"] and np.allclose(voice.starts, [0, 0.5])


@needs_world
def test_a_vowel_is_taken_apart_and_put_together():
    t = np.arange(RATE) / RATE
    wave = sum(np.sin(2 * np.pi * 150 * n * t) / n for n in range(1, 30)) * 0.1
    frames = taken_apart(wave)
    again = taken_apart(sounding(frames))
    inside = slice(20, 180)
    assert np.abs(frames.pitch[inside] - (69 + 12 * np.log2(150 / 440))).max() < 0.1
    assert frames.voiced[inside].all() and again.voiced[inside].all()
    assert np.abs(again.harmonic[inside, 2:40] - frames.harmonic[inside, 2:40]).mean() < 1


@needs_world
def test_following_brings_pitch_nearer():
    t = np.arange(RATE) / RATE

    def tone(hertz):
        return taken_apart(sum(np.sin(2 * np.pi * np.cumsum(n * hertz) / RATE) / n for n in range(1, 20)) * 0.1)

    steady, bent = tone(np.full(RATE, 150.0)), tone(150 * 2 ** (0.08 * np.sin(2 * np.pi * 2 * t)))
    errors = [one.distance.pitch for one in followed(steady, bent, 2)]
    assert errors[0] > 30 and errors[2] < 0.3 * errors[0]


def test_equal_seeds_sing_equally():
    torch.manual_seed(0)
    trained = TrainedMaker.build(MAKER, SingerRecipe(width=4, skip=4, embedding=4))
    lineup = SungLineup(np.array([PAUSE, 0, PAUSE]), np.array([0, 0.1, 0.3, 0.4]), np.array([[0.1, 0.3, 60.0]]))
    with torch.inference_mode():
        first, second, other = (sing(trained, lineup, np.random.default_rng(seed)) for seed in (0, 0, 1))
    assert np.array_equal(first.harmonic, second.harmonic) and not np.array_equal(first.harmonic, other.harmonic)
    assert len(first) == lineup.frames


def tiny_batch(tmp_path):
    torch.manual_seed(0)
    recipe = SingerRecipe(width=4, skip=4, embedding=4, crop_frames=40)
    songs = SungSongs.open(write_sung(tmp_path / "sung", 4))
    rng = np.random.default_rng(0)
    rows = [MAKER.example(songs, rng, recipe) for _ in range(4)]
    return (TrainedMaker.build(MAKER, recipe).network,
            {name: torch.from_numpy(np.stack([row[name] for row in rows])).float() for name in rows[0]})


def test_parts_learn_alone(tmp_path):
    network, batch = tiny_batch(tmp_path)
    for part in PARTS:
        network.zero_grad()
        sum(losses(network, batch, Hearing(), (part,)).values()).backward()
        learning = {name.split(".")[0] for name, each in network.named_parameters() if each.grad is not None}
        assert learning == {"timbre": {"told", "told_pitch", "told_places", "harmonic", "aperiodic", "voicing"},
                            "pitch": {"told_of_pitch", "told_notes", "pitch"},
                            "timing": {"consonant", "vowel", "timing"}}[part]


def test_what_is_heard_strays_slowly_and_by_as_much_as_is_said():
    torch.manual_seed(0)
    apart = _straying(torch.zeros(40, 10, 200), Hearing(0.25, 16.0))
    assert apart.std(dim=(0, 1)).mean() == pytest.approx(0.25, rel=0.05)
    following = (apart[..., 1:] * apart[..., :-1]).mean() / apart.square().mean()
    assert following == pytest.approx(np.exp(-1 / 16), rel=0.02)


def test_networks_hear_their_own_frames_and_learn_the_true_ones(tmp_path):
    network, batch = tiny_batch(tmp_path)
    drawn = losses(network, batch, Hearing(own=1.0, given=10))
    again = losses(network, batch, Hearing(own=1.0, given=40))
    true = losses(network, batch, Hearing())
    assert torch.isfinite(torch.stack([*drawn.values()])).all()
    torch.testing.assert_close(again["harmonic"], true["harmonic"])
    assert float(drawn["harmonic"]) != pytest.approx(float(true["harmonic"]), abs=1e-6)


@torch.no_grad()
def test_drawing_together_equals_drawing_the_likeliest_alone(tmp_path):
    network, batch = tiny_batch(tmp_path)
    sung, cold = batch["phonemes"].long(), Temperatures(0, 0, 0, 0)

    def drawn(rows):
        return draw_timbre(network, PhonemeContext(*sung[rows].unbind(1)), batch["pitch"][rows], batch["notes"][rows],
                           np.random.default_rng(0), cold)

    for whole, one in zip(drawn(slice(0, 4)), drawn(slice(1, 2)), strict=True):
        torch.testing.assert_close(whole[1:2], one)
