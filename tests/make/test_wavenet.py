"""Lines played sample by sample: what is given is played, what cannot be is told, recipes learn."""

import logging
from dataclasses import replace

import numpy as np
import pytest
import torch

from onpu.data.plan import Plan
from onpu.data.scenes.lines import INSTRUMENTS, RATE, LineScenes, line
from onpu.data.scenes.sounds import write_sounds
from onpu.errors import OnpuError
from onpu.formats.midi import write_midi
from onpu.make import load
from onpu.make.wavenet import (
    HOP,
    MAKER,
    WaveNetOptions,
    around,
    in_range,
    judged,
    likelihood,
    one_after_the_other,
    read_notes,
)
from onpu.maker import TrainedMaker
from onpu.music import Audio, Timeline
from onpu.represent.line_frames import TONE
from onpu.training.makers import train_maker

TINY = {"width": 4, "skip": 4, "depth": 2, "stacks": 1, "told": 4, "units": 6}
SHORT = WaveNetOptions(seconds=1)


def notes_of(*rows):
    onsets, offsets, keys = (np.array(column, float) for column in zip(*rows, strict=True))
    return line(onsets, offsets, keys, np.full(len(rows), 90.0))


def built(name="small"):
    torch.manual_seed(0)
    return TrainedMaker.build(MAKER, replace(MAKER.recipes[name], **TINY))


@pytest.fixture(scope="module")
def lines(tmp_path_factory):
    scenes = LineScenes(Plan(seconds=3.0, rate=RATE, negatives=0.0, fonts=()))
    return write_sounds(tmp_path_factory.mktemp("lines") / "lines", scenes, 2)


@pytest.mark.parametrize("name", ["small", "small-gru", "small-samplernn"])
def test_a_line_lasts_as_long_as_its_notes_and_the_seed_decides(name):
    made = built(name)
    given = replace(SHORT, notes=notes_of((0.1, 0.3, 60), (0.3, 0.5, 64)))
    one, again, other = (made(options=replace(given, seed=seed)) for seed in (0, 0, 1))
    assert one.rate == RATE and one.samples.shape == (1, RATE) and np.abs(one.samples).max() <= 1
    assert np.array_equal(one.samples, again.samples) and not np.array_equal(one.samples, other.samples)


@pytest.mark.parametrize("name", ["small", "small-gru", "small-samplernn"])
def test_a_run_leaves_weights_that_say_the_same_of_a_line(name, lines, tmp_path):
    recipe = replace(MAKER.recipes[name], **TINY, batch=2, steps=2, epochs=1, workers=0, warmup=1,
                     precision="32-true", crop_samples=400)
    rows = lines.item(0)[:, : RATE // 4]
    run = train_maker(MAKER, recipe, [lines], tmp_path / "run", bar=False)
    found, again = judged(load(run), rows), judged(load(run.with_name("last.safetensors")), rows)
    assert found == again and list(found) == list(INSTRUMENTS) and 4 < np.mean(list(found.values())) < 7


def test_noise_is_heard_and_what_is_said_is_judged_by_the_true_sound():
    """A network that repeats what it hears errs by the noise; without noise it would not at all on a constant."""
    class Repeating(torch.nn.Module):
        def forward(self, levels, told, kind):
            heard = torch.nn.functional.pad(levels[:, :-1], (1, 0), value=130)
            return 20.0 * torch.nn.functional.one_hot(heard, 256).transpose(1, 2).float()

    recipe = MAKER.recipes["small"]
    batch = {"levels": torch.full((4, 800), 130), "told": torch.zeros(4, 1, 10), "kind": torch.zeros(4)}
    clean, noisy = (float(likelihood({"sound": Repeating()}, batch, replace(recipe, input_noise=noise))["nats"])
                    for noise in (0.0, recipe.input_noise))
    assert clean < 1e-4 and noisy > 5


def test_the_published_sizes_train():
    """Thirty layers of 512 channels, one step on a tenth of a second."""
    recipe = MAKER.recipes["paper"]
    player = MAKER.players(recipe)["sound"]
    network = player.network
    assert network.receptive == 3 * 1023 + 2 and network.width == 512 and len(network.layers) == 30
    batch = {"levels": torch.randint(100, 156, (1, 2 * HOP)), "told": torch.zeros(1, network.channels + TONE, 2),
             "kind": torch.zeros(1)}
    optimizer, seen = torch.optim.SGD(network.parameters(), 0.05), []
    for _ in range(2):
        loss = sum(player.loss({"sound": network}, batch, recipe).values())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        seen.append(float(loss.detach()))
    assert seen[1] < seen[0]


def test_notes_outside_the_range_are_played_an_octave_away_which_is_told(caplog, tmp_path):
    moved, count = in_range(notes_of((0, 1, 54), (1, 2, 55), (2, 3, 79), (3, 4, 80), (4, 5, 30), (5, 6, 108)))
    assert moved.pitches.tolist() == [66, 55, 79, 68, 66, 72] and count == 4
    timeline = Timeline(2.0, notes=notes_of((0, 1, 40), (1, 2, 60)))
    with caplog.at_level(logging.WARNING):
        options = read_notes(built(), [("low.mid", timeline)], SHORT)
    assert caplog.messages == ["low.mid: 1 notes below G3 or above G5 are played in another octave"]
    assert options.notes.pitches.tolist() == [64, 60]


def test_one_note_sounds_at_a_time_the_highest_of_a_chord():
    found = one_after_the_other(notes_of((0, 2, 60), (0.001, 2, 67), (1, 3, 64), (4, 5, 62)))
    assert found.pitches.tolist() == [67, 64, 62] and found.offsets.tolist() == [1, 3, 5]


def test_what_cannot_be_played_is_one_line_that_names_the_mend():
    made = built()
    for audio, named in ((Audio(np.zeros((1, 4410), np.float32), 44_100), "44100 Hz; give one channel at 16000"),
                         (Audio(np.zeros((2, 1600), np.float32), RATE), "2 channels")):
        with pytest.raises(OnpuError, match=named):
            made(audio, options=SHORT)
    with pytest.raises(OnpuError, match=r"^empty\.mid: holds no notes to play"):
        read_notes(made, [("empty.mid", Timeline(1.0))], SHORT)
    with pytest.raises(OnpuError, match="at most 120 s"):
        read_notes(made, [("long.mid", Timeline(999.0, notes=notes_of((0, 1, 60), (900, 999, 60))))], SHORT)
    with pytest.raises(OnpuError, match="there are no notes to play"):
        replace(SHORT, notes=notes_of((0, 1, 60)).select(np.zeros(1, bool)))


def test_a_primer_of_the_right_rate_comes_first_as_eight_bits_have_it():
    primer = (0.3 * np.sin(np.arange(1600) / 9)).astype(np.float32)
    made = built()(Audio(primer[None], RATE), options=SHORT)
    np.testing.assert_allclose(made.samples[0, :1600], primer, atol=0.01)
    assert made.samples.shape[1] > 1600 + RATE // 2


def test_what_is_written_beside_the_sound_has_the_notes_of_the_instrument(tmp_path):
    made = built()
    options = replace(SHORT, instrument="trumpet", notes=notes_of((0.1, 0.3, 60)))
    piece = around(made, made(options=options), options)
    assert piece.sound is not None and piece.timeline.notes.programs.tolist() == [INSTRUMENTS["trumpet"]]
    assert piece.writers["midi"](tmp_path / "a.mid") == [tmp_path / "a.mid"] or (tmp_path / "a.mid").exists()
    write_midi(piece.timeline, tmp_path / "b.mid")
    assert (tmp_path / "a.mid").read_bytes() == (tmp_path / "b.mid").read_bytes()
