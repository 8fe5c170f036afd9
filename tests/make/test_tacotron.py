"""Voices: what is uttered is cut where its sounds begin, attention is scored as it is, texts become sounds."""

import shutil

import numpy as np
import pytest
import torch
from few_steps import losses_of
from uttered_files import write_tones

from onpu.data.corpora.sentences import sentence
from onpu.data.corpora.uttered import Uttered, note_numbers, write_uttered
from onpu.data.spoken_words import pieces_of_score, pieces_of_text
from onpu.data.stream import collate
from onpu.data.sung_words import SungScore
from onpu.engine.render.voice.spoken_sentences import SPEAKERS
from onpu.errors import DataError, OnpuError
from onpu.formats.speaking import pieces_of_english
from onpu.make.tacotron import MAKER, TacotronOptions, TacotronRecipe, cut, guided, loss, network, shown
from onpu.maker import TrainedMaker
from onpu.models.tacotron import Tacotron
from onpu.models.tacotron_uttering import UtteredPiece, slips, utter
from onpu.music import Notes, Timeline
from onpu.music.phonemes import number_of
from onpu.music.speech_sounds import PAUSE_NUMBER, SOUNDS, sounds_of_ipa
from onpu.represent.uttered import LEAD, Told, passage, stretches
from onpu.represent.voice_mel import HOP, RATE, sound_of_mel, voice_mel

TINY = TacotronRecipe(width=8, attention=8, filters=2, kernel=5, prenet=8, units=8, postnet=8)


def test_sentences_are_for_one_purpose_each(tmp_path):
    found = write_tones(tmp_path / "said")
    learn, choose = found.split()
    assert len(learn) == 46 and choose.numbers == (0, 25, 50) and found.tested().numbers == (1, 26)
    assert not set(learn.numbers) & {*choose.numbers, *found.tested().numbers}
    with pytest.raises(DataError, match="onpu corpus speech"):
        Uttered.open(tmp_path)


def test_frames_are_told_the_sound_that_is_heard_in_them(tmp_path):
    one = write_tones(tmp_path / "said", 3).item(2)
    found = passage(one.samples, one.sounds, one.starts, one.notes, 1, 4)
    assert [SOUNDS[number] for number in found.sounds] == ["pau", "aa", "iy", "s", "pau"]
    loudest = found.mel.argmax(axis=0)
    heard = [int(np.median(loudest[found.spoken == place])) for place in (1, 2, 3)]
    bands = [int(voice_mel(np.sin(2 * np.pi * hertz * np.arange(RATE) / RATE))[:, 30].argmax())
             for hertz in (300, 900, 2500)]
    assert heard == bands
    assert abs(int((found.spoken == 1).argmax()) - round(LEAD * RATE / HOP)) <= 1
    assert found.mel[:, :2].max() < -0.9


def test_the_published_sizes_train(tmp_path):
    recipe = MAKER.recipes["paper"]
    torch.manual_seed(0)
    players = MAKER.players(recipe)
    voice = players["voice"].network
    assert (voice.width, voice.prenet, voice.units, voice.postnet, voice.reduction) == (512, 256, 1024, 512, 1)
    assert (voice.attention, voice.filters, voice.kernel, voice.read.hidden_size) == (128, 32, 31, 256)
    said = write_tones(tmp_path / "said", 1).item(0)
    batch = collate([shown(passage(said.samples, said.sounds, said.starts, said.notes, 1, 2), "slt", recipe)])
    seen = losses_of(players, batch, recipe)
    assert seen[-1] < seen[0]


def test_songs_are_cut_at_notes_and_rests():
    starts = np.array([0, 0.4, 0.5, 1.0, 1.1, 1.6, 2.6, 2.7, 3.2])
    sounds = np.array([0, 45, 41, 46, 41, 0, 45, 41])
    notes = note_numbers(np.array([50, 60, 60, 62, 62, 50, 64, 64.0]), np.full(8, 0.5))
    notes[[0, 5]] = 0
    assert stretches(sounds, starts, notes, 1.5) == [(1, 5), (3, 5), (6, 8)]
    assert stretches(sounds, starts, notes, 0.7) == [(1, 3), (3, 5), (6, 8)]
    assert stretches(sounds, starts, np.zeros_like(notes), 9.0) == [(1, 8)]


def test_a_spectrum_becomes_a_sound_with_that_spectrum():
    times = np.arange(RATE) / RATE
    wanted = voice_mel(0.3 * np.sin(2 * np.pi * 440 * times) + 0.1 * np.sin(2 * np.pi * 2000 * times))
    found = voice_mel(sound_of_mel(wanted))
    there = wanted[:, 5:-5] > 1
    assert np.abs(found[:, 5:-5] - wanted[:, 5:-5])[there].mean() < 0.15  # of 15 dB


def test_the_network_is_the_same_step_by_step(tmp_path):
    torch.manual_seed(0)
    net = Tacotron(7, 2, reduction=2, width=8, attention=8, filters=2, kernel=5, prenet=8, units=8, postnet=8,
                   dropout=0.0).eval()
    told = Told(np.array([0, 3, 4, 0]), np.zeros((4, 3), np.float32), 1)
    found = utter(net, *told, 0, monotone=False)
    steps = len(found.attention)
    memory = (torch.from_numpy(told.sounds)[None], torch.from_numpy(told.notes)[None], torch.tensor([1]),
              torch.tensor([4]))
    rough = torch.zeros(1, 80, 2 * steps)
    for _ in range(steps):  # each pass makes one more step true
        with torch.no_grad():
            made = net(*memory, rough)
        rough = made.rough
    assert np.allclose(made.mel[0].numpy(), found.mel, atol=1e-4)
    assert np.allclose(made.attention[0].numpy(), found.attention, atol=1e-5)


def test_held_attention_never_goes_back():
    torch.manual_seed(1)
    told = Told(np.array([0, *range(1, 9), 0]), np.zeros((10, 3), np.float32), 0)
    found = utter(network(TINY).eval(), *told, 3)
    assert (np.diff(found.places()) >= 0).all() and (np.diff(found.places()) <= 3).all()
    assert np.allclose(found.attention.sum(axis=1), 1, atol=1e-5)


def test_slips_are_counted():
    def along(places, ended=True):
        return UtteredPiece(np.zeros((80, 3 * len(places))), np.eye(4)[places], ended)

    assert slips(along([0, 1, 1, 2, 3])) == (0, 0, False)
    assert slips(along([0, 1, 2, 1, 2, 3])) == (0, 0, False)  # one sound back and forth is none
    assert slips(along([0, 1, 3, 1, 3])) == (1, 1, False)
    assert slips(along([0, 1, 2], False)) == (0, 1, True)


def test_right_attention_costs_nothing():
    heard = torch.eye(12)[None].repeat_interleave(2, 1)
    batch = {"count": torch.tensor([12])}
    for guide in ("labels", "diagonal"):
        recipe = TacotronRecipe(guide=guide)
        right, wrong = (guided(weights, heard, torch.ones(1, 24), batch, recipe).mean()
                        for weights in (heard, heard.flip(1)))
        assert right < 0.1 < wrong


def test_it_learns(tmp_path):
    data = write_tones(tmp_path / "said", 3)
    recipe = TacotronRecipe(**{**vars(TINY), "units": 32, "attention": 32, "width": 32})
    torch.manual_seed(0)
    net = network(recipe)
    one = data.item(2)
    stretch = cut(one, np.random.default_rng(0), recipe)
    batch = {name: torch.from_numpy(np.asarray(value))[None].repeat_interleave(2, 0)
             for name, value in shown(stretch, "slt", recipe).items()}
    optimiser = torch.optim.Adam(net.parameters(), 5e-3)
    course = []
    for _ in range(60):
        parts = loss({"voice": net}, batch, recipe)
        optimiser.zero_grad()
        sum(parts.values()).backward()
        optimiser.step()
        course.append({name: float(part.detach()) for name, part in parts.items()})
    assert course[-1]["rough"] < 0.5 * course[0]["rough"]
    assert course[-1]["attention"] < 0.5 * course[0]["attention"]


def test_made_up_sentences_differ_and_can_be_repeated():
    said = [sentence(np.random.default_rng(number)) for number in range(50)]
    assert len(set(said)) == 50 and said[3] == sentence(np.random.default_rng(3))
    assert all(2 <= len(text.split()) <= 6 for text in said)


def test_ipa_is_read():
    assert sounds_of_ipa("tʃˈɜːtʃ dʒˈʌdʒ") == "ch er ch jh ah jh".split()
    assert sounds_of_ipa("_:") == []


@pytest.mark.skipif(not all(map(shutil.which, ("flite", "espeak-ng"))), reason="no programs that speak")
def test_programs_tell_when_sounds_begin(tmp_path):
    for speak in SPEAKERS.values():
        said = speak("a small bird sings")
        assert len(said.starts) == len(said.sounds) + 1 and (np.diff(said.starts) >= 0).all()
        assert abs(said.starts[-1] - len(said.samples) / said.rate) < 0.1
        sibilant = said.sounds.index("s")
        first, last = (round(float(time) * said.rate) for time in said.starts[sibilant : sibilant + 2])
        hiss = np.abs(np.fft.rfft(said.samples[first:last]))
        whole = np.abs(np.fft.rfft(said.samples))
        centre, usual = (float((np.linspace(0, said.rate / 2, len(each)) * each).sum() / each.sum())
                         for each in (hiss, whole))
        assert centre > 1.3 * usual
    found = write_uttered(tmp_path / "said", 2)
    assert found.voices == ("slt", "espeak")


def test_sounds_between_slashes_need_no_program():
    assert pieces_of_english("/hh ax l ow/") == [["hh", "ax", "l", "ow"]]
    (piece,) = pieces_of_text("/hh ax l ow/", "slt")
    assert [SOUNDS[number] for number in piece.told.sounds] == ["pau", "hh", "ax", "l", "ow", "pau"]


def test_kana_are_chanted():
    (piece,) = pieces_of_text("さくら", "pjs")
    assert [SOUNDS[number] for number in piece.told.sounds[1:-1]] == [f"{name}/ja" for name in "sakura"]
    assert piece.first_vowel == 2 and piece.told.notes[1:-1, 0].all()


def test_scores_are_cut_into_phrases():
    notes = np.array([[0.5, 1.0, 60], [1.0, 1.5, 62], [2.5, 3.0, 64], [3.0, 3.5, 60]])
    syllables = [[number_of(name) for name in names.split()] for names in ("s a", "k u", "r a", "")]
    first, second = pieces_of_score(SungScore(notes, syllables))
    assert (first.onset, second.onset) == (0.5, 2.5)
    assert [SOUNDS[number] for number in second.told.sounds] == ["pau", "r/ja", "a/ja", "a/ja", "pau"]
    assert second.told.notes[-2, 1] == pytest.approx(0.25)


@pytest.mark.parametrize(("options", "words"), [
    ({"text": " "}, "no text"), ({"text": "a" * 1001}, "1001 letters"), ({"text": "/zz/"}, "no sound"),
    ({"text": "слово"}, "no English voice"), ({"text": "слово", "voice": "pjs"}, "no voice knows"),
    ({"text": "..."}, "nothing to say")])
def test_texts_that_cannot_be_said_are_refused_in_one_line(options, words):
    trained = TrainedMaker.build(MAKER, TINY)
    with pytest.raises(OnpuError, match=words) as error:
        trained(options=TacotronOptions(**options))
    assert "\n" not in str(error.value)


def test_only_the_singer_sings():
    none = Notes(*(np.zeros(0) for _ in range(6)))
    with pytest.raises(OnpuError, match="does not sing"):
        TacotronOptions(voice="slt", score=Timeline(1.0, notes=none))


def test_a_text_becomes_sound(tmp_path):
    torch.manual_seed(0)
    trained = TrainedMaker.build(MAKER, TINY)
    shares = []
    spoken = trained(options=TacotronOptions(text="/hh ax l ow/, /b ay/"), progress=shares.append)
    assert len(spoken.pieces) == 2 and spoken.pieces[1].begin == spoken.pieces[0].end
    assert spoken.sound.rate == RATE and spoken.mel.shape[1] == spoken.pieces[1].end
    assert np.abs(spoken.sound.samples).max() == pytest.approx(0.5, abs=0.01) and shares == sorted(shares)
    page = MAKER.command.piece(trained, spoken, TacotronOptions(text="hello"), None)
    assert page.timeline.voice is not None and set(page.timeline.voice.labels) <= {"hh", "ax", "l", "ow", "b", "ay"}
    assert PAUSE_NUMBER == 0


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")
def test_english_is_pronounced_in_pieces_that_can_be_said():
    found = pieces_of_english("Hello there, this is a long sentence which goes on and on without a comma or a stop.")
    assert found[0][:4] == ["hh", "ax", "l", "ow"] and max(map(len, found)) <= 30
