"""Phases by a network: a method among the others, for every scale of the magnitudes, never another sound's level."""

from dataclasses import replace

import pytest
import torch

from onpu.errors import OnpuError
from onpu.make.phase import (
    FIRST_ITERATIONS,
    HOP,
    MAKER,
    N_FFT,
    PIECE_FRAMES,
    PhaseOptions,
    answer,
    evaluate,
    front,
    parts,
    whole,
)
from onpu.maker import TrainedMaker
from onpu.models.phase_stack import PhaseStack
from onpu.represent import Stft, invert

RATE = 22_050
TINY = replace(MAKER.recipes["small"], width=4, depth=2, critic_widths=(4, 4), crop_seconds=0.4)


@pytest.fixture
def idle():
    """A system that leaves the phases as they are, as it begins."""
    return TrainedMaker.build(MAKER, TINY)


@pytest.fixture(scope="module")
def sound():
    t = torch.arange(RATE) / RATE
    tone = sum(torch.sin(2 * torch.pi * 330 * partial * t) / partial for partial in (1, 2, 3))
    return (0.1 * tone * torch.exp(-3 * t) + 1e-4 * torch.randn(RATE, generator=torch.Generator().manual_seed(0)))[None]


def inconsistency(stft, audio, wanted):
    return float((stft(audio) - wanted).norm() / wanted.norm())


def test_what_changes_nothing_is_as_near_as_the_iterations_it_begins_with(idle, sound):
    stft = front()
    wanted = stft(sound)
    ours, plain = (invert(stft, wanted, RATE, method, FIRST_ITERATIONS, torch.Generator().manual_seed(0))
                   for method in (idle(options=PhaseOptions(1)), "fast griffin-lim"))
    assert ours.shape == sound.shape
    assert inconsistency(stft, ours, wanted) < inconsistency(stft, plain, wanted) + 0.01
    refined = invert(stft, wanted, RATE, idle(options=PhaseOptions(iterations=16)))
    assert inconsistency(stft, refined, wanted) < inconsistency(stft, ours, wanted)


@pytest.mark.parametrize(("power", "amplitude"), [(1.0, False), (2.0, True)])
def test_the_sound_is_the_same_whatever_the_scale_of_the_magnitudes(idle, sound, power, amplitude):
    stft = Stft(RATE, N_FFT, HOP, power=power, amplitude=amplitude)
    found = invert(stft, stft(sound), RATE, idle(options=PhaseOptions(1)))
    plain = invert(front(), front()(sound), RATE, idle(options=PhaseOptions(1)))
    torch.testing.assert_close(found, plain, atol=1e-4, rtol=1e-3)
    louder = invert(front(), 100 * front()(sound), RATE, idle(options=PhaseOptions(1)))
    torch.testing.assert_close(louder / 100, plain, atol=1e-4, rtol=1e-3)


def test_parts_and_magnitudes_say_a_spectrum():
    spectrum = torch.polar(torch.rand(1, 5, 4) + 0.1, 6 * torch.rand(1, 5, 4))
    torch.testing.assert_close(whole(parts(spectrum), spectrum.abs()), spectrum, atol=1e-4, rtol=0)
    assert parts(torch.zeros(1, 5, 4, dtype=torch.complex64)).eq(0).all()


def test_a_steady_tone_looks_alike_in_all_bins_and_frames_whatever_its_phase():
    network = PhaseStack(HOP / N_FFT, 4, 1)
    seen = []
    for bin_, phase in ((40.3, 0.0), (91.3, 2.0)):
        tone = torch.sin(2 * torch.pi * bin_ / N_FFT * torch.arange(16 * HOP) + phase)[None]
        spectrum = torch.complex(*parts(front().spectrum(tone)).unbind(dim=1))
        near = network.relative(spectrum, spectrum, spectrum / spectrum.abs())
        seen.append(near[0, :, int(bin_) : int(bin_) + 2, 4:12])
    torch.testing.assert_close(seen[0], seen[1], atol=0.01, rtol=0.01)
    torch.testing.assert_close(seen[0], seen[0][:, :, :1].expand_as(seen[0]), atol=0.01, rtol=0.01)


def test_pieces_are_the_whole(idle):
    network = idle.network
    torch.nn.init.normal_(network.turn.weight, std=0.1)
    seen = torch.randn(1, 5, N_FFT // 2 + 1, PIECE_FRAMES + 40)
    with torch.inference_mode():
        torch.testing.assert_close(answer(network, seen), network(seen), atol=1e-4, rtol=1e-4)


def test_scores_and_what_cannot_be_done(idle, sound):
    pair = torch.cat([sound, sound]).numpy()
    assert evaluate(idle, pair, None)["Improvement"]  < 0  # as many transforms, without momentum
    assert evaluate(idle, 0 * pair, None) == {}
    with pytest.raises(OnpuError, match="1024 samples every 256"):
        invert(Stft(RATE, 2048, 512), torch.zeros(1, 1, 1025, 10), 5000, idle(options=PhaseOptions(1)))
    with pytest.raises(OnpuError, match="0 to 1000"):
        PhaseOptions(iterations=-1)
