"""Phases by a network: a method among the others, for every scale of the magnitudes, never another sound's level."""

from dataclasses import replace

import pytest
import torch

from onpu.errors import OnpuError
from onpu.make.phase import BEGUN, HOP, MAKER, N_FFT, PhaseOptions, evaluate, front, parts
from onpu.maker import Made
from onpu.represent import Stft, invert

RATE = 22_050
TINY = replace(MAKER.recipes["small"], widths=(4, 4), critic_widths=(4, 4), crop=0.4)


@pytest.fixture
def idle():
    """A system that leaves the phases as they are when it begins."""
    made = Made.build(MAKER, TINY)
    with torch.no_grad():
        for parameter in made.network.change.parameters():
            parameter.zero_()
    return made


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
    ours, plain = (invert(stft, wanted, RATE, method, BEGUN, torch.Generator().manual_seed(0))
                   for method in (idle(), "fast griffin-lim"))
    assert ours.shape == sound.shape
    assert inconsistency(stft, ours, wanted) < inconsistency(stft, plain, wanted) + 0.01
    refined = invert(stft, wanted, RATE, idle(options=PhaseOptions(16)))
    assert inconsistency(stft, refined, wanted) < inconsistency(stft, ours, wanted)


@pytest.mark.parametrize(("power", "amplitude"), [(1.0, False), (2.0, True)])
def test_the_sound_is_the_same_whatever_the_scale_of_the_magnitudes(idle, sound, power, amplitude):
    stft = Stft(RATE, N_FFT, HOP, power=power, amplitude=amplitude)
    found = invert(stft, stft(sound), RATE, idle())
    plain = invert(front(), front()(sound), RATE, idle())
    torch.testing.assert_close(found, plain, atol=1e-4, rtol=1e-3)
    louder = invert(front(), 100 * front()(sound), RATE, idle())
    torch.testing.assert_close(louder / 100, plain, atol=1e-4, rtol=1e-3)


def test_parts_keep_the_direction():
    spectrum = torch.polar(torch.rand(1, 5, 4) + 0.1, 6 * torch.rand(1, 5, 4))
    pair = parts(spectrum)
    torch.testing.assert_close(torch.atan2(pair[:, 1], pair[:, 0]), spectrum.angle(), atol=1e-4, rtol=0)
    assert parts(torch.zeros(1, 5, 4, dtype=torch.complex64)).eq(0).all()


def test_scores_and_what_cannot_be_done(idle, sound):
    pair = torch.cat([sound, sound]).numpy()
    assert evaluate(idle, pair, None)["Improvement"] == pytest.approx(0, abs=1)
    assert evaluate(idle, 0 * pair, None) == {}
    with pytest.raises(OnpuError, match="1024 samples every 256"):
        invert(Stft(RATE, 2048, 512), torch.zeros(1, 1, 1025, 10), 5000, idle())
    with pytest.raises(OnpuError, match="0 to 1000"):
        PhaseOptions(-1)
