"""The one small family of errors: each text names the input, what is wrong with it, and how to mend it."""


class OnpuError(Exception):
    """Anything that the user can mend. The command line prints its text and exits with 2."""


class AudioError(OnpuError):
    """A recording that cannot be read, or whose samples cannot be used."""


class LabelError(OnpuError):
    """An annotation that contradicts itself or its recording."""


class FormatError(OnpuError):
    """A file that is not what its name says, or a format that is not known."""


class WeightsError(OnpuError):
    """Weights that are missing, damaged or made for another network."""


class DataError(OnpuError):
    """A corpus, folder or soundfont that is missing or holds nothing usable."""
