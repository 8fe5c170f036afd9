"""Recipes: every hyper-parameter of a training with its default, once. Flags and cards are derived from the fields."""

from dataclasses import dataclass, field
from typing import Any, ClassVar


def setting(default: Any, text: str) -> Any:
    """A field of a recipe or of decoding options: its default, and the text that the command line shows for it."""
    return field(default=default, metadata={"help": text})


@dataclass(frozen=True)
class Recipe:
    """What every training needs to be told; a task adds its own in a subclass. Flags are derived from the fields.

    RENAMED: the name by which older cards know a field -> its name today; those of base classes hold as well.
    """

    RENAMED: ClassVar[dict[str, str]] = {}

    network: str = field(metadata={"help": "which of the task's networks"})
    learning_rate: float = setting(1e-3, "peak learning rate of AdamW")
    weight_decay: float = setting(1e-4, "weight decay of AdamW, on matrices and kernels only")
    momentum: float = setting(0.9, "decay of AdamW's first moment")
    warmup: int = setting(200, "steps until the learning rate has its peak, from where a cosine takes it to zero")
    batch: int = setting(8, "examples a step, over all devices together")
    grow: int = setting(1, "how many times as large batches grow instead of the falling of the learning rate")
    crop: float = setting(20.0, "seconds an example")
    steps: int = setting(200, "steps an epoch; after each the network is validated and the state is saved")
    epochs: int = setting(50, "epochs at most")
    minutes: float = setting(0.0, "time budget, to which the learning rate is fitted; 0: none")
    patience: int = setting(12, "epochs without a better validation score after which training stops")
    clip: float = setting(1.0, "largest norm of the gradient; 0: not clipped")
    average: float = setting(0.999, "decay of the moving average of the weights, which is what is kept; 0: none")
    seed: int = setting(1, "of initial weights, dropout, songs, crops and augmentation")
    precision: str = setting("32-true", "32-true, bf16-mixed or 16-mixed")
    workers: int = setting(1, "processes that prepare examples; 0: the training process does")
