"""Notes between notes: corners of a square, keys as asked, files that are written, recipes that learn."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from onpu.data.plan import Plan
from onpu.data.scenes.notes import FAMILIES, NoteScenes
from onpu.data.scenes.sounds import write_sounds
from onpu.errors import AudioError, OnpuError
from onpu.make import load
from onpu.make.nsynth import (
    MAKER,
    NsynthOptions,
    around,
    corners,
    distance,
    evaluate,
    key_asked,
    mixed,
    note_of,
    shown,
    sounding,
)
from onpu.maker import TrainedMaker
from onpu.models.nsynth import NoteAutoencoder, harmonic_lines
from onpu.models.partial_autoencoder import ALONE, ROWS, TOGETHER, PartialAutoencoder, at_partials, over_bins
from onpu.music import Audio
from onpu.represent.note_pictures import N_FFT, RATE, tone
from onpu.represent.single_pitch import single_pitch
from onpu.training.makers import train_maker

TINY = {"widths": (2, 2, 2, 4, 4, 4), "channels": 3, "hidden": 4, "top": 8, "size": 6, "told": 4, "seconds": 0.5}


def built(**others):
    torch.manual_seed(0)
    return TrainedMaker.build(MAKER, replace(MAKER.recipes["small"], **TINY, **others))


def note(key, seconds=0.5):
    return note_of(Audio(0.1 * tone(key, round(seconds * RATE))[None], RATE), "a.wav")


def test_the_published_sizes_are_there_and_train():
    recipe = MAKER.recipes["paper"]
    network = MAKER.players(recipe)["notes"].network
    assert recipe.frames == 256 and network.size == 1984 and not network.lines
    convolutions = [layer for layer in network.encoder.modules() if isinstance(layer, torch.nn.Conv2d)]
    assert [layer.out_channels for layer in convolutions] == [128] * 3 + [256] * 3 + [512] * 3 + [1024, 1984]
    rises = [layer for layer in network.decoder.modules() if isinstance(layer, torch.nn.ConvTranspose2d)]
    assert [layer.out_channels for layer in rises] == [512, 512, 256, 256, 256, 128, 128, 128, 128]
    assert [layer.kernel_size[0] for layer in rises] == [4] * 7 + [5, 5]
    small = NoteAutoencoder(32, 16, RATE / N_FFT, recipe.widths[:5], recipe.top, recipe.size, recipe.told, recipe.lines)
    batch = {"notes": torch.rand(2, 1, 1, 32, 16), "keys": torch.tensor([[50], [60]])}
    optimizer, seen = torch.optim.Adam(small.parameters(), recipe.learning_rate, (recipe.beta1, 0.999)), []
    for _ in range(3):
        loss = sum(distance({"notes": small}, batch, recipe).values())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        seen.append(float(loss.detach()))
    assert seen[2] < seen[0]


def test_lines_stand_on_the_partials_of_the_key():
    lines = harmonic_lines(torch.tensor([69]), 64, 110.0)
    assert lines.shape == (1, 2, 64)
    assert torch.equal(lines[0, 0].topk(15).indices.sort().values, torch.arange(4, 64, 4))
    assert lines[0, 0, 0] < 0.01 and lines[0, 0, 2] < 0.2 and lines[0, 0, 4] == 1


def test_partials_stand_in_rows_of_their_own_and_come_back_to_their_bins():
    levels = torch.zeros(1, 512, 2)
    levels[0, 20::20] = torch.arange(1, 26)[:, None] / 25  # the n-th partial is n / 25 loud
    levels[0, 10::20] = 0.01
    partial, between, there = at_partials(levels, torch.tensor([20.0]))[0, :, :, 0]
    torch.testing.assert_close(partial[1:26], torch.arange(1, 26) / 25)
    torch.testing.assert_close(between[1:25], torch.full((24,), 0.01 / 3))
    assert torch.equal(there, (torch.arange(ROWS) * 20 < 512).float().index_fill(0, torch.tensor([0]), 1.0))
    again = over_bins(partial[None, None, :, None], torch.tensor([20.0]), 512)[0, 0, :, 0]
    torch.testing.assert_close(again[20:501:20], levels[0, 20:501:20, 0])
    torch.testing.assert_close(again[30], (again[20] + again[40]) / 2)


def test_high_partials_share_rows():
    levels = torch.rand(1, 512, 1)
    partial, _, there = at_partials(levels, torch.tensor([6.0]))[0, :, :, 0]
    highest = (512 // 6 - ALONE) // TOGETHER + ALONE
    assert there.sum() == highest + 1 and partial[int(highest) + 1 :].abs().max() == 0
    assert partial[ALONE + 2] == levels[0, 6 * (ALONE + 10) - 1 : 6 * (ALONE + 10) + 2].max()


def test_sizes_that_do_not_go_together_are_refused():
    for bins, frames, widths in ((512, 128, 6), (500, 64, 6), (512, 48, 6), (512, 64, 5)):
        with pytest.raises(ValueError, match="frames must be a power of two up to 64"):
            PartialAutoencoder(bins, frames, 15.625, (2,) * widths, 4, 2, 2, 2, 2)


def test_a_note_whose_spectrum_is_known_sounds_with_its_pitch_from_the_phases_of_a_tone():
    made = built()
    wanted = shown(0.3 * tone(64, RATE // 2)[None], made.recipe)

    class Known(PartialAutoencoder):
        def decode(self, z, keys):
            return wanted.expand(len(z), -1, -1, -1)

    made.network.__class__ = Known
    sound = sounding(made, torch.zeros(1, 6), [64], 8)
    assert sound.shape == (1, RATE // 2)
    assert np.square(sound).mean() == pytest.approx(np.square(0.3 * tone(64, RATE // 2)).mean(), rel=0.1)
    assert single_pitch(sound[0], RATE) == pytest.approx(64, abs=0.1)
    again = shown(sound, made.recipe)
    assert float((again - wanted)[..., 2:-2].abs().mean()) < 0.05


def test_corners_are_met_exactly_and_what_is_missing_is_beside_or_above():
    made = built()
    made.network.eval()
    one, two, three = note(50), note(60), note(70)
    z = corners(made, NsynthOptions(notes=(one, two, three, None), names=("one", "two", "three", "")))
    assert torch.equal(mixed(z, 0, 0)[0], z[0]) and torch.equal(mixed(z, 1, 0)[0], z[1])
    assert torch.equal(mixed(z, 0, 1)[0], z[2]) and torch.equal(z[3], z[2])
    torch.testing.assert_close(mixed(z, 0.5, 0)[0], (z[0] + z[1]) / 2)
    line = NsynthOptions(notes=(one, two, None, None), names=("one", "two", "", "")).corners()
    assert [name for name, _ in line] == ["one", "two", "one", "two"]


def test_the_key_is_as_asked_or_the_pitch_of_the_first_sound():
    def one(sound, **others):
        return NsynthOptions(notes=(sound, None, None, None), names=("noise.wav", "", "", ""), **others)

    assert key_asked(one(note(57), key=60)) == 60
    assert key_asked(one(note(57))) == 57
    assert key_asked(one(note(33))) == 45  # an octave up, where there are keys
    noise = note_of(Audio(np.random.default_rng(0).standard_normal((1, RATE)).astype(np.float32), RATE), "noise.wav")
    with pytest.raises(AudioError, match=r"noise\.wav: no pitch is found in it; say which key is played"):
        key_asked(one(noise))


def test_what_cannot_be_used_is_one_line_that_names_the_mend():
    for samples in (np.zeros((2, RATE), np.float32), 0.5 * np.ones((1, 800), np.float32)):
        with pytest.raises(AudioError, match=r"^x\.wav: is silent or sounds for less than 0\.1 s"):
            note_of(Audio(samples, RATE), "x.wav")
    with pytest.raises(OnpuError, match="there is no note to begin with; give one, as in --from flute"):
        built()()
    with pytest.raises(OnpuError, match="a key of 30; give 36 to 84"):
        NsynthOptions(key=30)


def test_a_note_is_written_as_a_page_and_as_instruments(tmp_path):
    made = built()
    options = NsynthOptions(notes=(note(60), note(64), None, None), share=0.5, iterations=1, names=("a", "b", "", ""))
    sound = made(options=options)
    assert sound.samples.shape == (1, RATE // 2)
    piece = around(made, sound, options)
    assert set(piece.writers) == {"html", "sfz", "sf2"}
    (page,) = piece.writers["html"](tmp_path / "n.html")
    text = page.read_text()
    assert '"corners": ["a", "b", "a", "b"]' in text and '"share": 0.5' in text and "onpu:" not in text
    assert len(piece.writers["sfz"](tmp_path / "n.sfz")) == 14


def test_a_run_leaves_weights_that_rebuild_the_same(tmp_path):
    scenes = NoteScenes(Plan(seconds=0.5, rate=RATE, negatives=0.0, fonts=()))
    notes = write_sounds(tmp_path / "notes", scenes, 2)
    recipe = replace(MAKER.recipes["small"], **TINY, batch=1, steps=2, epochs=1, warmup=1)
    run = train_maker(MAKER, recipe, [notes], tmp_path / "run", bar=False)
    rows, rng = notes.item(0), np.random.default_rng(0)
    found, again = (evaluate(load(path), rows, rng) for path in (run, run.with_name("last.safetensors")))
    assert found == again and {f"Error of {name}" for name in FAMILIES} < set(found)
    assert 0 < found["Error"] < 80 and found["Likeness"] == -found["Error"]
