"""Audio or score -> tensor, as torch modules (imported at first use)."""

from importlib import import_module

_HOME = {
    "Clock": "clock",
    "Stft": "spectra",
    "Filterbank": "filterbanks", "LogFilterbank": "filterbanks",
    "Log": "scale",
}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
