"""Log bands against the published counts, mel and MFCC against librosa, export of the default front end."""

import librosa
import numpy as np
import onnxruntime
import pytest
import torch

from onpu.represent import (
    AuditoryBands,
    Cepstrum,
    Concatenate,
    Features,
    LogFilterbank,
    Mel,
    Mfcc,
    PositiveDifference,
    half_window_lag,
)
from onpu.represent.filterbanks import (
    AUDITORY,
    auditory_bands,
    hz_to_bark,
    hz_to_erb,
    hz_to_mel,
    log_triangles,
    mel_to_hz,
    mel_triangles,
)

RATE = 22050


def front_end_of_boeck_2016() -> Concatenate:
    """Three window lengths, each with its positive differences (Böck, Krebs & Widmer 2016)."""
    return Concatenate([
        Features(LogFilterbank(44100, n_fft, 441, density, 30, 17000, mul=1.0, amplitude=False),
                 PositiveDifference(half_window_lag(n_fft, 441)))
        for n_fft, density in ((1024, 3), (2048, 6), (4096, 12))], "bins")


@pytest.mark.parametrize("bands, rate, n_fft, density, fmin, fmax, unique", [
    (21, 44100, 1024, 3, 30, 17000, True), (45, 44100, 2048, 6, 30, 17000, True),
    (91, 44100, 4096, 12, 30, 17000, True), (105, 44100, 8192, 24, 65, 2100, True),
    (178, 44100, 8192, 24, 30, 5500, False),
    (84, 44100, 2048, 12, 20, 20000, True), (81, 44100, 2048, 12, 30, 17000, True)])
def test_bands_are_as_many_as_published(bands, rate, n_fft, density, fmin, fmax, unique):
    assert len(log_triangles(rate, n_fft, density, fmin, fmax, unique, norm=True)) == bands


def test_boeck_2016_has_314_inputs_at_100_frames_a_second():
    features = front_end_of_boeck_2016()
    assert (features.channels, features.bins, features.clock.fps) == (1, 314, 100)
    assert features(torch.zeros(1, 44100)).shape == (1, 1, 314, 101)


def test_log_triangles_overlap_at_their_neighbours_centres():
    weights = log_triangles(44100, 8192, 12, 200, 10000, unique=True, norm=False)
    assert np.all(weights.max(axis=1) == 1)
    centres = weights.argmax(axis=1)
    hz = centres * 44100 / 8192
    semitones = 12 * np.log2(hz / 440)
    assert np.abs(semitones - semitones.round()).max() < 12 * np.log2(1 + 2.7 / 200)  # half a bin at the lowest band
    inside = slice(centres[0], centres[-1] + 1)
    assert np.allclose(weights[:, inside].sum(axis=0), 1)
    assert np.allclose(log_triangles(44100, 1024, 12, 30, 17000, unique=False, norm=True).sum(axis=1), 1)


def test_compression_is_the_logarithm_of_the_bands(music):
    audio = torch.from_numpy(music)[None]
    plain, compressed = LogFilterbank(mul=None)(audio), LogFilterbank(mul=250.0)(audio)
    assert torch.allclose(compressed, torch.log10(1 + 250 * plain), atol=1e-6)


def test_amplitude_scale_does_not_depend_on_the_window_length():
    noise = torch.randn(1, 10 * RATE, generator=torch.Generator().manual_seed(1))
    tone = torch.sin(2 * torch.pi * 1000 * torch.arange(RATE) / RATE)[None]
    sums = [float(LogFilterbank(n_fft=n_fft, norm=False, mul=None)(tone)[0, 0, :, 25].square().sum())
            for n_fft in (1024, 4096)]
    assert 0.5 < sums[0] / sums[1] < 2
    plain = LogFilterbank(amplitude=False, mul=None)(noise) / LogFilterbank(amplitude=True, mul=None)(noise)
    assert torch.allclose(plain, torch.tensor(512.0), rtol=1e-4)  # half of the sum of a Hann window of 2048


def test_mel_scale_is_eq_3_of_choi_2018_and_invertible():
    assert hz_to_mel(np.array([700.0]), "htk")[0] == pytest.approx(2595 * np.log10(2))
    hz = np.linspace(0, 11025, 1000)
    for formula in ("htk", "slaney"):
        assert np.allclose(hz_to_mel(hz, formula), librosa.hz_to_mel(hz, htk=formula == "htk"))
        assert np.allclose(mel_to_hz(hz_to_mel(hz, formula), formula), hz)


@pytest.mark.parametrize("formula", ["slaney", "htk"])
@pytest.mark.parametrize("norm", ["slaney", None])
@pytest.mark.parametrize("bands, fmin, fmax, power", [(128, 0.0, None, 2.0), (80, 27.5, 8000.0, 1.0)])
def test_mel_is_that_of_librosa(music, formula, norm, bands, fmin, fmax, power):
    ours = Mel(RATE, 2048, 512, bands, fmin, fmax, formula, norm, power)(torch.from_numpy(music)[None])[0, 0].numpy()
    theirs = librosa.feature.melspectrogram(y=music, sr=RATE, n_mels=bands, fmin=fmin, fmax=fmax, power=power,
                                            htk=formula == "htk", norm=norm)
    assert np.abs(ours - theirs).max() <= 1e-5 * theirs.max()
    loud = theirs > 1e-3**power * theirs.max()
    assert np.abs(ours / theirs - 1)[loud].max() < 1e-4


def test_mel_bands_of_unit_sum():
    weights = mel_triangles(22050, 1024, 80, 27.5, 8000, "htk", "sum")
    sums = weights.sum(axis=1)
    assert np.allclose(sums[sums > 0], 1) and (sums > 0).mean() > 0.9


@pytest.mark.parametrize("coefficients, bands, lifter", [(20, 128, 0), (13, 40, 22)])
def test_mfcc_is_that_of_librosa(music, coefficients, bands, lifter):
    ours = Mfcc(Mel(RATE, bands=bands), coefficients, lifter=lifter)(torch.from_numpy(music)[None])[0, 0].numpy()
    theirs = librosa.feature.mfcc(y=music, sr=RATE, n_mfcc=coefficients, n_mels=bands, lifter=lifter)
    assert np.abs(ours - theirs).max() <= 1e-4 * np.abs(theirs).max()


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::UserWarning")
@pytest.mark.parametrize("features", [LogFilterbank(), front_end_of_boeck_2016()], ids=["default", "boeck_2016"])
def test_front_end_runs_in_onnxruntime(features, music, tmp_path):
    rate = features.rate
    shapes = {"audio": {0: torch.export.Dim("batch"), 1: torch.export.Dim("samples")}}
    program = torch.onnx.export(features.eval(), (torch.zeros(2, rate),), dynamo=True, dynamic_shapes=shapes,
                                verbose=False)
    program.save(tmp_path / "features.onnx")
    session = onnxruntime.InferenceSession(tmp_path / "features.onnx")
    for shape in ((1, 3 * rate + 17), (3, rate // 3)):
        audio = torch.from_numpy(music)[: np.prod(shape)].reshape(shape)
        theirs = session.run(None, {session.get_inputs()[0].name: audio.numpy()})[0]
        ours = features(audio).numpy()
        assert theirs.shape == ours.shape
        assert np.abs(theirs - ours).max() < 1e-4
    assert (tmp_path / "features.onnx").stat().st_size < 4e6


def test_what_is_wrong_is_named():
    with pytest.raises(ValueError, match="'bark'"):
        Mel(RATE, formula="bark")
    with pytest.raises(ValueError, match="1 to 40 coefficients, not 41"):
        Cepstrum(40, 41)
    with pytest.raises(ValueError, match="of 40 bins, not 128"):
        Features(Mel(RATE), Cepstrum(40, 13))


def test_scales_of_hearing_are_as_published():
    assert hz_to_bark(np.array([1000.0]))[0] == pytest.approx(8.53, abs=0.01)  # Traunmüller 1990
    assert hz_to_erb(np.array([1000.0]))[0] == pytest.approx(15.62, abs=0.01)  # Glasberg & Moore 1990
    hz = np.linspace(0, 11000, 50)
    for there, back in AUDITORY.values():
        assert np.allclose(back(there(hz)), hz)


@pytest.mark.parametrize("scale", AUDITORY)
def test_bands_of_hearing_lie_evenly_on_their_scale(scale):
    there, _ = AUDITORY[scale]
    weights = auditory_bands(RATE, 8192, 40, 50.0, 10000.0, scale)
    assert weights.shape == (40, 4097) and np.allclose(weights.sum(axis=1), 1) and (weights >= 0).all()
    peaks = there(weights.argmax(axis=1) * RATE / 8192)
    steps = np.diff(peaks)
    assert np.abs(steps - steps.mean()).max() < 0.2 * steps.mean(), "as even as bins allow"


def test_a_gammatone_is_as_wide_as_its_rectangle():
    """The area under the squared magnitude over its peak is the equivalent rectangular bandwidth."""
    weights = auditory_bands(RATE, 16384, 20, 500.0, 8000.0, "gammatone")
    centres = weights.argmax(axis=1) * RATE / 16384
    widths = (weights**2).sum(axis=1) / weights.max(axis=1) ** 2 * RATE / 16384
    inside = centres < 5000
    assert widths[inside] == pytest.approx(24.7 * (1 + 0.00437 * centres[inside]), rel=0.03)


def test_narrow_bands_keep_their_nearest_bin():
    weights = auditory_bands(12000, 512, 96, 0.0, 6000.0, "erb")
    assert (weights.max(axis=1) > 0).all()
    with pytest.raises(ValueError, match="scale must be bark, erb, gammatone"):
        AuditoryBands(RATE, "mel")
