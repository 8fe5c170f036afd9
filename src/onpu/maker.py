"""What a making task declares, and how a trained one is called.

A file in `make/` binds players, examples and what is done with a trained player into one `Maker`. A player is a network
with a loss: one is plain training, two that play against each other are a generative adversarial network (Goodfellow et
al. 2014).
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar, Generic, Self, TypeVar

import numpy as np
import soxr
import torch
from torch import Tensor, nn

from onpu.command import Command
from onpu.data.dataset import DatasetSource
from onpu.errors import OnpuError
from onpu.files import Json
from onpu.formats.audio_like import AudioLike, ManyAudioLike, as_source, one_or_each
from onpu.inference.pieces import linear_fade, overlap_add
from onpu.layers.adversarial import LOSSES
from onpu.layers.normalise import CRITIC_NORMS
from onpu.layers.threads import one_thread
from onpu.music import Audio
from onpu.recipe import NO_OPTIONS, Recipe, choice, setting
from onpu.restoring import load_network, network_entry, network_in_words, recipe_from_card, within

R = TypeVar("R", bound=Recipe)
O = TypeVar("O")  # noqa: E741
Networks = Mapping[str, nn.Module]
Batch = Mapping[str, Tensor]
Loss = Callable[[Networks, Batch, Any], dict[str, Tensor]]


@dataclass(frozen=True)
class AdversarialRecipe(Recipe):
    """How a generator and a critic are trained against each other."""

    RENAMED: ClassVar[dict[str, str]] = {
        "adversarial": "adversarial_loss", "penalty": "gradient_penalty", "smoothing": "label_smoothing",
        "matching": "feature_matching", "steadied": "critic_norm", "turns": "generator_every", "rests": "critic_every",
        "critic_pace": "critic_lr_ratio"}

    adversarial_loss: str = choice("least squares", LOSSES, "adversarial loss")
    gradient_penalty: float = setting(0.0, "weight of the gradient penalty of the critic; 0: none")
    label_smoothing: float = setting(0.0, "how far below 1 the label of real examples is set; 0: not at all", "[0, 1)")
    feature_matching: float = setting(0.0, "weight of feature matching, a distance between the critic's mean "
                                           "activations; 0: none")
    critic_norm: str = choice("batch", CRITIC_NORMS, "normalisation of the critic")
    critic_weight_limit: float = setting(0.0, "weights of the critic are clipped to plus and minus this after each of "
                                              "its steps; 0: not at all")
    generator_every: int = setting(1, "the generator is updated at every n-th step")
    critic_every: int = setting(1, "the critic is updated at every n-th step")
    critic_lr_ratio: float = setting(1.0, "learning rate of the critic over that of the generator", "(0, inf)")

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.label_smoothing and self.adversarial_loss in ("wasserstein", "hinge"):
            raise OnpuError(f"the {self.adversarial_loss} loss has no labels to smooth; set label_smoothing to 0")
        if self.gradient_penalty and self.critic_norm == "batch":
            raise OnpuError("a gradient penalty needs a critic without batch normalisation; set critic_norm to "
                            "instance, spectral or none")

    def rivals(self, generator: nn.Module, critic: nn.Module, making: "Loss", judging: "Loss") -> dict[str, "Player"]:
        """Both players with their losses; the generator is kept."""
        return {"generator": Player(generator, making, every=self.generator_every),
                "critic": Player(critic, judging, every=self.critic_every, lr_ratio=self.critic_lr_ratio,
                                 weight_limit=self.critic_weight_limit)}


@dataclass(frozen=True, eq=False)
class Player:
    """A set of parameters with a loss.

    network: untrained. loss: (networks of all players, batch, recipe) -> part -> scalar; it minimises their sum, and
    its own parameters alone are changed. every: it is updated at every n-th step of the run. lr_ratio: its learning
    rate over the recipe's. weight_limit: its parameters are clipped to ± this after each step; 0: they are not.
    """

    network: nn.Module
    loss: Loss
    every: int = 1
    lr_ratio: float = 1.0
    weight_limit: float = 0.0


@dataclass(frozen=True)
class Maker(Generic[R, O]):
    """A making task: everything that `training/` and `TrainedMaker` need to know, and nothing else.

    name: of the task and of its module. title: one line for tables. paper: citation.
    scenes: recipe -> where its dataset comes from: a `onpu.data.scenes.base.SceneSource`, which composes sounds unless
        the user brings some, or a set of scores, which the user brings.
    players: recipe -> player by name, in the order of their turns; the first one is kept.
    example: (material as `scenes` opens it, rng, recipe) -> name -> array; what a batch is stacked from.
    apply: (trained, sound or None where it needs none, options, progress) -> what is made.
    metric: (trained, a held-out item, such as sounds (names, samples), rng) -> measure -> value. criterion: the
        measures whose mean chooses the best weights, higher is better.
    recipes: name -> complete recipe; "small" is for a laptop, "paper" has the published sizes.
    options: what the user may choose when it is applied, a frozen dataclass; None where there is nothing.
    without_effect: (options, recipe, names of the files given) -> option, file, `sound`, `bpm` or `format` that has no
        effect then -> beside what that is so, as in "with --temperature 0". Files tell theirs themselves.
    command: how `onpu make` serves it; None where that command does not.
    one_thread: whether it draws in thousands of small steps, which one thread of the CPU takes faster than several.
    """

    name: str
    title: str
    paper: str
    scenes: Callable[[R], DatasetSource]
    players: Callable[[R], dict[str, Player]]
    example: Callable[[Any, np.random.Generator, R], dict[str, np.ndarray]]
    apply: Callable[["TrainedMaker[R, O]", Audio | None, O, Callable[[float], None] | None], Any]
    metric: Callable[["TrainedMaker[R, O]", Any, np.random.Generator], dict[str, float]]
    criterion: tuple[str, ...]
    recipes: Mapping[str, R]
    options: O = NO_OPTIONS
    without_effect: Callable[[O, R, Collection[str]], Mapping[str, str]] = lambda options, recipe, files: {}
    command: Command | None = None
    one_thread: bool = False


@dataclass(frozen=True, eq=False)
class TrainedMaker(Generic[R, O]):
    """A maker with the weights of its first player; calling it applies it.

    card: what is known of the weights (see `onpu.weights`), empty for weights that were never saved.
    """

    maker: Maker[R, O]
    recipe: R
    network: nn.Module
    card: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def build(cls, maker: Maker[R, O], recipe: R) -> Self:
        """The system with initial weights (drawn from torch's generator)."""
        return cls(maker, recipe, next(iter(maker.players(recipe).values())).network)

    @classmethod
    def restore(cls, maker: Maker[R, O], tensors: Mapping[str, Tensor], card: Mapping[str, Any]) -> Self:
        """The system that these tensors and their card were saved from. Raises `WeightsError` when the network is
        another one; an older recipe is completed."""
        recipe = recipe_from_card(maker.recipes, card)
        with torch.random.fork_rng(devices=[]), within(tensors, card):
            made = cls.build(maker, recipe)
        load_network(made.network, tensors, card)
        return cls(maker, recipe, made.network.eval(), card)

    def describe(self) -> Json:
        """The entries of a card that the system itself knows: task, network, features, recipe, paper."""
        return {"task": self.maker.name, "network": network_entry(self.network),
                "features": {}, "recipe": asdict(self.recipe), "paper": self.maker.paper}

    def __repr__(self) -> str:
        return f"TrainedMaker({self.maker.name}: {network_in_words(self.network)})"

    def to(self, device: str | torch.device) -> Self:
        """Move the network to a device; returns self."""
        self.network.to(device)
        return self

    @property
    def device(self) -> torch.device:
        """The torch device of the network."""
        return next(self.network.parameters()).device

    def __call__(self, sound: AudioLike | ManyAudioLike[Any] | None = None, rate: int | None = None, *,
                 options: O | None = None, progress: Callable[[float], None] | None = None) -> Any:
        """Make something: sound of a sound, or a score of nothing.

        Parameters
        ----------
        sound
            A recording in any form that `onpu.analyze` takes, or several; None where the maker needs none.
        rate
            Samples a second, in Hz; samples need it.
        options
            What is wished, in the class of `maker.options`; None: these.
        progress
            Called with the finished share, in [0, 1].

        Returns
        -------
        what is made or iterator of it
            `Stems`, `Audio`, `Chorale` …, as the task says; of several recordings one after the other, as they are
            asked for.

        Raises
        ------
        AudioError
            When a recording cannot be used.
        OnpuError
            When the options contradict each other.

        Examples
        --------
        >>> import onpu
        >>> stems = onpu.load("stems", device="cpu")("song.wav")
        >>> stems.names, round(stems["drums"].duration)
        (('vocals', 'drums', 'bass', 'other'), 20)
        """
        if sound is None:
            return self._make(None, options, progress)
        return one_or_each(lambda one: self._make(_whole(one, rate), options, progress), sound)

    @torch.inference_mode()
    def _make(self, sound: Audio | None, options: O | None, progress: Callable[[float], None] | None) -> Any:
        self.network.eval()
        with one_thread() if self.maker.one_thread else nullcontext():
            return self.maker.apply(self, sound, self.maker.options if options is None else options, progress)


def _whole(sound: AudioLike, rate: int | None) -> Audio:
    """A recording in memory."""
    with as_source(sound, rate) as source:
        if isinstance(source, Audio):
            return source
        parts = [np.zeros((source.channels, 0), np.float32), *source.blocks(10.0)]
        return Audio(np.concatenate(parts, axis=1), source.rate).validate()


def process_in_pieces(audio: Audio, rate: int, change: Callable[[np.ndarray], np.ndarray], piece: float, margin: float,
                      fade: float, progress: Callable[[float], None] | None) -> Audio:
    """A recording changed piece by piece at another rate; it comes back at its own, with its channels and length.

    change: (channels, samples) at `rate` Hz -> the same shape. piece: seconds that are taken at a time. margin: seconds
    that are heard on either side. fade: seconds in which pieces overlap. Pieces that are silent stay so.
    """
    sound = np.ascontiguousarray(audio.samples, dtype=np.float32)
    if rate != audio.rate:
        sound = np.ascontiguousarray(soxr.resample(sound.T, audio.rate, rate).T, dtype=np.float32)
    total = sound.shape[1]
    length, before, overlap = (round(seconds * rate) for seconds in (piece, margin, fade))

    def changed() -> Iterator[np.ndarray]:
        for start in range(0, total, length):
            first, end = max(0, start - before), min(total, start + length + overlap)
            heard = sound[:, first : min(total, end + before)]
            yield change(heard)[:, start - first : end - first] if heard.any() else np.zeros_like(sound[:, start:end])
            if progress is not None:
                progress(end / total)

    out = np.concatenate([sound[:, :0], *overlap_add(changed(), length, *linear_fade(overlap))], axis=1)
    if rate != audio.rate:
        out = soxr.resample(out.T, rate, audio.rate).T[:, : audio.samples.shape[1]]
        out = np.pad(out, ((0, 0), (0, audio.samples.shape[1] - out.shape[1])))
    return Audio(np.ascontiguousarray(out, dtype=np.float32), audio.rate)
