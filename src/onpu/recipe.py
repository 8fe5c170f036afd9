"""Recipes: every hyper-parameter of a training with its default, once. Flags and cards are derived from the fields."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar

from onpu.errors import OnpuError

OPTIMISERS = ("sgd", "adagrad", "rmsprop", "adam", "adamw")
SCHEDULES = ("constant", "cosine", "plateau", "step")
PRECISIONS = ("32-true", "bf16-mixed", "16-mixed")
NO_OPTIONS: Any = None
"""Options of a task that has none."""


def setting(default: Any, text: str) -> Any:
    """A field of a recipe or of decoding options: its default, and the text that the command line shows for it."""
    return field(default=default, metadata={"help": text})


def choice(default: str, choices: Iterable[str], text: str) -> Any:
    """A field whose value is one of these; the help text lists them, and `check_choices` refuses any other."""
    names = tuple(choices)
    return field(default=default, metadata={"help": f"{text}: {', '.join(names)}", "choices": names})


def check_choices(settings: Any) -> None:
    """Raise `OnpuError` where a field of a recipe or of options is none of its choices."""
    for each in fields(settings):
        value, choices = getattr(settings, each.name), each.metadata.get("choices")
        if choices is not None and value not in choices:
            raise OnpuError(f"{value}: no such {each.name.replace('_', ' ')}; choose from {', '.join(choices)}")


@dataclass(frozen=True)
class Recipe:
    """What every training needs to be told; a task adds its own in a subclass. Flags are derived from the fields.

    A task with several networks has a field `network`, a `choice` among them; a task with one has none.

    RENAMED: the name by which older cards know a field -> its name today; those of base classes hold as well.
    """

    RENAMED: ClassVar[dict[str, str]] = {"momentum": "beta1", "grow": "batch_growth", "clip": "gradient_clip",
                                         "average": "ema_decay"}

    optimiser: str = choice("adamw", OPTIMISERS, "optimiser")
    learning_rate: float = setting(1e-3, "peak learning rate")
    momentum: float = setting(0.0, "momentum of sgd and rmsprop; 0: none")
    momentum_start: float = setting(0.0, "momentum before momentum_ramp begins")
    momentum_ramp: tuple[int, int] = setting((0, 0), "steps between which momentum rises linearly to its full value")
    nesterov: bool = setting(False, "sgd: Nesterov's momentum")
    beta1: float = setting(0.9, "decay of the first moment in adam and adamw")
    beta2: float = setting(0.999, "decay of the second moment in adam and adamw")
    rms_decay: float = setting(0.9, "decay of the mean square in rmsprop")
    weight_decay: float = setting(1e-4, "adamw: decoupled weight decay; the others: L2 penalty, whose gradient is this "
                                        "times the weight; on matrices and kernels only")
    l1_penalty: float = setting(0.0, "weight of the L1 penalty, whose gradient is this times the weight's sign; on "
                                     "matrices and kernels only")
    schedule: str = choice("cosine", SCHEDULES, "learning-rate schedule")
    warmup: int = setting(200, "steps of linear learning-rate warm-up")
    lr_decay: float = setting(0.1, "factor of the learning rate at each fall of the schedules step and plateau")
    lr_decay_steps: int = setting(1000, "steps from one fall to the next in the schedule step")
    lr_patience: int = setting(5, "epochs without a better validation score before plateau lowers the rate")
    lr_floor: float = setting(0.0, "lowest learning rate of the schedule, as a share of the peak")
    batch: int = setting(8, "batch size, over all devices together")
    batch_growth: int = setting(1, "batch growth: the largest factor by which the batch grows where else the "
                                   "learning rate would fall; 1: none")
    steps: int = setting(200, "training steps per epoch, after which the network is validated and the state saved")
    epochs: int = setting(50, "largest number of epochs")
    minutes: float = setting(0.0, "time budget in minutes, over which the learning rate falls; 0: none")
    patience: int = setting(12, "epochs without a better validation score before training stops")
    gradient_clip: float = setting(1.0, "gradient norm limit; 0: no clipping")
    ema_decay: float = setting(0.999, "decay of the exponential moving average of the weights, which is what is kept; "
                                      "0: no average")
    seed: int = setting(1, "random seed of initial weights, dropout, examples and augmentation")
    precision: str = choice("32-true", PRECISIONS, "precision of the arithmetic")
    workers: int = setting(1, "processes that prepare examples; 0: the training process does")

    def __post_init__(self) -> None:
        check_choices(self)
        if self.optimiser == "sgd" and self.nesterov and not self.momentum:
            raise OnpuError("Nesterov's momentum needs a momentum above 0; set momentum, such as 0.9")
        if len(self.momentum_ramp) != 2 or self.momentum_ramp[0] > self.momentum_ramp[1]:
            raise OnpuError("momentum_ramp is not two steps in order; give the one where momentum begins to rise, and "
                            "the one where it has its full value")
        bounds = {name: (0 <= getattr(self, name) < 1, "from 0 to below 1")
                  for name in ("momentum", "momentum_start", "beta1", "beta2", "rms_decay")}
        bounds |= {name: (getattr(self, name) >= 0, "of 0 or more")
                   for name in ("learning_rate", "weight_decay", "l1_penalty")}
        bounds |= {"lr_decay": (0 < self.lr_decay <= 1, "above 0 and up to 1"),
                   "lr_decay_steps": (self.lr_decay_steps >= 1, "of 1 or more"),
                   "lr_floor": (0 <= self.lr_floor <= 1, "from 0 to 1")}
        for name, (fits, wanted) in bounds.items():
            if not fits:
                raise OnpuError(f"{name} is {getattr(self, name):g}; give a number {wanted}")
