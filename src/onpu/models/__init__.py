"""One published network a file: features (batch, channels, bins, frames) -> dict of head name -> tensor of logits.

The package can be called, too: `onpu.models()` lists the shipped weights. Its name serves both, and Python binds it to
the package as soon as one of the networks is imported.
"""

import sys
from types import ModuleType

from onpu.files import Json
from onpu.ports import shipped_models


class _Models(ModuleType):
    def __call__(self) -> Json:
        """`onpu.loading.models`."""
        return shipped_models()


sys.modules[__name__].__class__ = _Models
