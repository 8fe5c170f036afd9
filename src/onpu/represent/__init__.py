"""Audio or score -> tensor, as torch modules (imported at first use)."""

from importlib import import_module
from typing import Any

_HOME = {
    "chain": ("Concatenate", "Features", "Representation", "Transform"),
    "change": ("Deltas", "PositiveDifference", "half_window_lag"),
    "filterbanks": ("AuditoryBands", "Cepstrum", "Filterbank", "LogFilterbank", "Mel", "Mfcc"),
    "hpss": ("TwoStageHpss",),
    "phase": ("invert",),
    "pitch": ("Chroma", "Cqt", "Hcqt"),
    "scale": ("Affine", "Decibels", "Log", "Standardise", "Whiten"),
    "spectra": ("Stft", "Waveform"),
}

__all__ = sorted(name for names in _HOME.values() for name in names)


def __getattr__(name: str) -> Any:
    for module, names in _HOME.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
