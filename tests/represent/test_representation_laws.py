"""What holds for every representation: shapes, reach, chunks, batches, gradients, devices, tiny input."""

import pytest
import torch

from onpu.represent import (
    AuditoryBands,
    Chroma,
    Concatenate,
    Cqt,
    Decibels,
    Deltas,
    Features,
    Hcqt,
    Log,
    LogFilterbank,
    Mel,
    Mfcc,
    PositiveDifference,
    Representation,
    Standardise,
    Stft,
    Waveform,
    Whiten,
)

RATE = 22050
EVERY = {
    "stft": Stft(RATE, 1024, 256),
    "power": Stft(RATE, 1024, 300, "hamming", 700, 2.0, True),
    "log_filterbank": LogFilterbank(),
    "mel": Features(Mel(RATE, 1024, 441, 40), Log(10000.0)),
    "bark": Features(AuditoryBands(RATE, "bark", 1024, 441, 40), Log(10000.0)),
    "gammatone": AuditoryBands(RATE, "gammatone", 512, 256, 40, power=2.0),
    "waveform": Waveform(RATE, 243),
    "mfcc": Features(Mfcc(Mel(RATE, bands=40), 13, span=None), Deltas(), Standardise(1, 39)),
    "difference": Features(LogFilterbank(n_fft=4096), PositiveDifference(2, "channels")),
    "whitened": Features(Stft(RATE, 512, 256), Whiten(10, 0.1)),
    "three_windows": Concatenate([LogFilterbank(n_fft=n, unique=False, hop=220) for n in (1024, 2048, 4096)],
                                 "channels"),
    "cqt": Cqt(RATE, 512, 55.0, 72),
    "cqt_of_odd_hop": Cqt(RATE, 441, 110.0, 60),
    "hcqt": Hcqt(RATE, 256, 220.0, 48, 24, (0.5, 1, 2, 3)),
    "chroma": Chroma(RATE, 512, 65.406391, 6, 12, None),
}
every = pytest.mark.parametrize("features", EVERY.values(), ids=EVERY.keys())


@pytest.fixture
def audio(music) -> torch.Tensor:
    """Three different pieces of music, (3, samples)."""
    return torch.from_numpy(music)[: 3 * 2 * RATE].reshape(3, -1)


@every
def test_shape_is_as_declared(features: Representation):
    for samples in (0, 1, features.clock.hop - 1, features.clock.hop, 7777):
        result = features(torch.ones(2, samples))
        assert result.shape == (2, features.channels, features.bins, features.clock.count(samples))
        assert result.dtype == torch.float32 and result.isfinite().all()


@every
def test_a_frame_depends_on_its_context_and_not_further(features: Representation):
    hop, index = features.clock.hop, -(-features.context // features.clock.hop) + 3
    noise = torch.randn(1, 2 * index * hop, generator=torch.Generator().manual_seed(1)).requires_grad_()
    (slope,) = torch.autograd.grad(features(noise)[..., index].sum(), noise)
    reach = (torch.arange(noise.shape[1]) - index * hop).abs()
    assert slope[0, reach > features.context].count_nonzero() == 0
    assert slope.count_nonzero() > 100


@every
def test_chunks_equal_the_whole(features: Representation, audio):
    hop = features.clock.hop
    margin = -(-features.context // hop)
    whole = features(audio)
    frames, tolerance = whole.shape[-1], 1e-4 * float(whole.abs().max())
    for start, stop in ((0, frames // 3), (frames // 3, frames - 20), (frames - 20, frames)):
        first = max(0, start - margin)
        chunk = features(audio[:, first * hop : (stop - 1 + margin) * hop + 1])
        assert (chunk[..., start - first : stop - first] - whole[..., start:stop]).abs().max() < tolerance


@every
def test_batch_order_and_padding_change_nothing(features: Representation, audio):
    whole = features(audio)
    tolerance = 1e-5 * float(whole.abs().max())
    assert (features(audio.flip(0)).flip(0) - whole).abs().max() < tolerance
    assert (features(audio[1:2]) - whole[1:2]).abs().max() < tolerance
    padded = features(torch.nn.functional.pad(audio, (0, 5000)))[..., : whole.shape[-1]]
    repeated = max((part.context_frames for part in features.modules() if isinstance(part, Deltas)), default=0)
    assert (padded - whole)[..., : whole.shape[-1] - repeated].abs().max() < tolerance


@every
def test_gradients_are_finite_in_silence_and_in_sound(features: Representation, audio):
    for sound in (audio[:1, :RATE], torch.zeros(1, RATE)):
        sound = sound.clone().requires_grad_()
        features(sound).square().sum().backward()
        assert sound.grad.isfinite().all()
    assert features(audio[:1]).abs().sum() > 0


@every
def test_autocast_does_not_reach_the_features(features: Representation, audio):
    with torch.autocast("cpu", dtype=torch.bfloat16):
        mixed = features(audio)
    assert torch.equal(mixed, features(audio))


@every
def test_constants_are_not_saved(features: Representation):
    learned = {name.split(".")[-1] for name in features.state_dict()}
    assert learned <= {"mean", "deviation"}
    assert not list(features.parameters())


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU")
@every
def test_gpu_equals_cpu(features: Representation, audio):
    here = features(audio)
    try:
        there = features.cuda()(audio.cuda()).cpu()
    finally:
        features.cpu()
    assert (there - here).abs().max() < 1e-4 * float(here.abs().max())


def test_decibels_below_the_peak_need_the_whole_recording():
    assert Features(Mel(RATE), Decibels()).context is None
