"""Playing on the piano with dynamics and timing, event by event: from nothing, or going on where somebody stopped.

Simon & Oore, "Performance RNN: generating music with expressive timing and dynamics" (Magenta, 2017); Huang et al.,
"Music Transformer: generating music with long-term structure" (ICLR 2019).

    notes, damped where the pedal is let go -> events of 388 (see `onpu.represent.performance`) -> a network that says
    what comes next -> drawn, event by event -> notes

Measures, in nats, teacher-forced: *Event NLL* is the mean -log p of an event, and so for each kind of event; *Second
NLL* the sum over all events by the seconds that they take.

Deviations: those of the networks' modules; examples begin with a note anywhere in a song, as its first; transposition
and stretching are drawn from all that lies between their bounds; in the small recipes AdamW and a falling learning
rate; nothing smooths labels.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import torch
from torch import Tensor, nn

from onpu.command import Command, FileInput, MakerOptions, Piece, Playback
from onpu.data.corpora.performances import Performances
from onpu.data.corpora.pop909_songs import Pop909Source
from onpu.decode.gibbs import drawn
from onpu.decode.sampling import nucleus
from onpu.errors import OnpuError
from onpu.formats.midi import write_midi
from onpu.maker import Batch, Maker, Networks, Player, TrainedMaker
from onpu.models.performance_rnn import PerformanceRnn
from onpu.models.relative_transformer import RelativeTransformer
from onpu.music import Audio, Notes, Timeline
from onpu.music.pedal import sustained
from onpu.recipe import Recipe, choice, setting
from onpu.represent.performance import EVENTS, KINDS, START, TICKS_PER_SECOND, decoded, encoded, kinds, lengths

MIN_EVENTS = 16
"""Events that an example has at least."""
VALIDATION_EVENTS = 1000
"""Events of a song by which weights are chosen."""
MAX_SECONDS = 600.0
"""Seconds."""
MAX_EVENTS_PER_SECOND = 200
"""Events a second, on average, at which a performance that does not come on is given up."""


def lstm(recipe: "PerformanceRecipe") -> PerformanceRnn:
    """Recurrent layers, untrained."""
    return PerformanceRnn(EVENTS, recipe.embedding, recipe.units, recipe.dropout)


def transformer(recipe: "PerformanceRecipe") -> RelativeTransformer:
    """Attention to the events of a window, untrained."""
    return RelativeTransformer(EVENTS, recipe.width, recipe.blocks, recipe.heads, recipe.crop_events, recipe.dropout)


NETWORKS: dict[str, Callable[["PerformanceRecipe"], nn.Module]] = {"lstm": lstm, "transformer": transformer}


@dataclass(frozen=True)
class PerformanceRecipe(Recipe):
    """How the next event is learned."""

    RENAMED: ClassVar[dict[str, str]] = {"crop": "crop_events"}

    crop_events: int = setting(256, "length of an example in events, and of the transformer's attention window")
    network: str = choice("lstm", NETWORKS, "network that predicts the next event")
    embedding: int = setting(128, "size of the event embedding (lstm)")
    units: tuple[int, ...] = setting((256, 256), "units per layer (lstm)")
    width: int = setting(128, "model dimension (transformer)")
    blocks: int = setting(4, "number of blocks (transformer)")
    heads: int = setting(4, "attention heads per block (transformer)")
    dropout: float = setting(0.1, "dropout after each layer", "[0, 1)")

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.width % self.heads:
            raise OnpuError(f"a width of {self.width} cannot be shared by {self.heads} heads; choose a multiple")
        if self.crop_events < MIN_EVENTS:
            raise OnpuError(f"examples of {self.crop_events} events are too short; give {MIN_EVENTS} or more")


@dataclass(frozen=True)
class PerformanceOptions(MakerOptions):
    """What is played. primer: notes that it begins with and continues; None: there are none."""

    seconds: float = setting(30.0, f"length of what is composed in seconds, 1 to {MAX_SECONDS:g}")
    temperature: float = setting(1.0, "sampling temperature: below 1 plainer, above 1 bolder")
    top_p: float = setting(0.95, "nucleus sampling: only the likeliest events are drawn that together have this "
                                 "probability; 1: all", "(0, 1]")
    primer_seconds: float = setting(10.0, "length of the primer in seconds, from its first note on")
    primer: Notes | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 1 <= self.seconds <= MAX_SECONDS or not self.primer_seconds > 0:
            raise OnpuError(f"{self.seconds:g} seconds after {self.primer_seconds:g} seconds of a primer; give 1 to "
                            f"{MAX_SECONDS:g}, and more than 0")
        if not 0.05 <= self.temperature <= 5 or not 0 < self.top_p <= 1:
            raise OnpuError(f"temperature {self.temperature:g}, top-p {self.top_p:g}; give 0.05 to 5, and above 0 up "
                            "to 1")
        if self.primer is not None and not len(self.primer.onsets):
            raise OnpuError("the primer has no notes; give one that has some, or none")


Trained = TrainedMaker[PerformanceRecipe, PerformanceOptions]


def scenes(recipe: PerformanceRecipe) -> Pop909Source:
    """The pianos of POP909."""
    return Pop909Source(Performances)


def players(recipe: PerformanceRecipe) -> dict[str, Player]:
    """What says the next event."""
    return {"events": Player(NETWORKS[recipe.network](recipe), likelihood)}


def example(songs: Performances, rng: np.random.Generator, recipe: PerformanceRecipe) -> dict[str, np.ndarray]:
    """events (count,) of a stretch of a song; mask (count,), 1 where there are some."""
    count = recipe.crop_events
    events = encoded(songs.draw(rng, count))[:count]
    missing = count - len(events)
    return {"events": np.pad(events, (0, missing)), "mask": np.pad(np.ones(len(events)), (0, missing))}


def likelihood(networks: Networks, batch: Batch, recipe: PerformanceRecipe) -> dict[str, Tensor]:
    """Mean -log p of an event, given all before it."""
    events, asked = batch["events"].long(), batch["mask"] > 0
    logits, _ = networks["events"](told(events))
    return {"event": nn.functional.cross_entropy(logits[asked].float(), events[asked])}


def told(events: Tensor) -> Tensor:
    """What has been said before each event, the start first: (batch, events) -> the same shape."""
    return nn.functional.pad(events[:, :-1], (1, 0), value=START)


@torch.inference_mode()
def negative_log_likelihood(trained: Trained, events: np.ndarray) -> np.ndarray:
    """-log p (n,) of each event, given those before it.

    A network with a window hears between half of it and the whole: of a window that is not the first, the second half
    is asked for.
    """
    window = window_of(trained) or max(1, len(events))
    half = max(1, window // 2)
    nats: list[np.ndarray] = []
    for start in range(0, max(1, len(events) - window + half), half):
        said = torch.from_numpy(events[start : start + window])[None].to(trained.device)
        logits, _ = trained.network(told(said))
        here = nn.functional.cross_entropy(logits[0].float(), said[0], reduction="none")
        nats.append(here[half if start else 0 :].cpu().numpy().astype(np.float64))
    return np.concatenate(nats)


def window_of(trained: Trained) -> int | None:
    """Events that the network hears back; None: without end."""
    network = trained.network
    assert isinstance(network, PerformanceRnn | RelativeTransformer)
    return network.window


def evaluate(trained: Trained, notes: Notes, rng: np.random.Generator) -> dict[str, float]:
    """Measures of a song's first `VALIDATION_EVENTS` events, see the module; `Event likelihood`, for choosing weights,
    is minus `Event NLL`."""
    events = encoded(notes)[:VALIDATION_EVENTS]
    nats, kind = negative_log_likelihood(trained, events), kinds(events)
    mean = float(nats.mean())
    return {"Event NLL": mean, "Second NLL": float(nats.sum() * TICKS_PER_SECOND / max(1, lengths(events).sum())),
            **{f"Event NLL of {name}": float(nats[kind == number].mean()) for number, name in enumerate(KINDS)
               if (kind == number).any()}, "Event likelihood": -mean}


def apply(trained: Trained, audio: Audio | None, options: PerformanceOptions,
          progress: Callable[[float], None] | None) -> Notes:
    """The performance that `options` ask for, the primer first."""
    if audio is not None:
        raise OnpuError("a performance is not made of sound; transcribe it with onpu analyze and give the MIDI file as "
                        "primer")
    rng = np.random.default_rng(options.seed)
    events = encoded(primer_of(options)).tolist() if options.primer is not None else []
    last = round(TICKS_PER_SECOND * options.seconds)
    now, most = 0, len(events) + round(MAX_EVENTS_PER_SECOND * options.seconds)
    network, window = trained.network, window_of(trained)
    fresh, state, heard = [START, *events], None, 0
    while now < last and len(events) < most:
        if window is not None and heard + len(fresh) > window:
            fresh, state, heard = [START, *events[-(window // 2) :]], None, 0
        logits, state = network(torch.tensor([fresh], device=trained.device), state)
        heard += len(fresh)
        likely = logits[0, -1:].cpu().numpy().astype(np.float64) / options.temperature
        fresh = drawn(nucleus(likely, options.top_p), rng).tolist()
        events += fresh
        now += int(lengths(np.array(fresh))[0])
        if progress is not None:
            progress(min(1.0, now / last))
    return decoded(np.array(events, np.int64))


def primer_of(options: PerformanceOptions) -> Notes:
    """The notes of the primer that are played."""
    assert options.primer is not None
    onsets = options.primer.onsets
    inside = onsets < onsets.min() + options.primer_seconds
    return Notes(*(column[inside] for column in vars(options.primer).values()))


def read_primer(trained: Trained, files: Sequence[tuple[str, Timeline]], options: PerformanceOptions
                ) -> PerformanceOptions:
    """The options with the notes of a file, as long as the pedal holds them. Raises `OnpuError` when it has none."""
    ((name, timeline),) = files
    notes = timeline.notes
    if notes is None or not len(notes.onsets):
        raise OnpuError(f"{name}: holds no notes to continue; give a primer that does")
    return replace(options, primer=notes if timeline.pedal is None else sustained(notes, timeline.pedal))


def piece(trained: Trained, notes: Notes, options: PerformanceOptions, playback: Playback) -> Piece:
    """The performance as it was played, without bars."""
    played = replace(notes, programs=np.full(len(notes.onsets), playback.program))
    timeline = Timeline(float(notes.offsets.max(initial=0.0)), notes=played)
    return Piece(f"Performance {options.seed}", timeline, {"midi": lambda path: write_midi(timeline, path)})


SMALL = PerformanceRecipe(learning_rate=3e-3, weight_decay=1e-2, warmup=100, batch=16, steps=200, epochs=1000,
                          minutes=25.0, patience=1000, ema_decay=0.99, precision="bf16-mixed")
MAKER = Maker(
    name="performance",
    title="performances on the piano",
    paper="Simon & Oore, Performance RNN: generating music with expressive timing and dynamics, Magenta 2017",
    scenes=scenes,
    players=players,
    example=example,
    apply=apply,
    metric=evaluate,
    criterion=("Event likelihood",),
    recipes={"small": SMALL, "small-transformer": replace(SMALL, network="transformer", learning_rate=1.5e-3),
             "paper": PerformanceRecipe(crop_events=2048, embedding=512, units=(512, 512, 512), width=256, blocks=6,
                                        optimiser="adam", learning_rate=1e-3, schedule="constant",
                                        weight_decay=0.0, warmup=0, gradient_clip=3.0, batch=64, steps=500, epochs=200,
                                        patience=20)},
    options=PerformanceOptions(),
    command=Command(
        "Play the piano, event by event, from nothing or continuing a primer.",
        piece, formats=("midi", "wav", "html"), written=("midi", "html"), sound="piano",
        inputs=(FileInput("primer", "music that is continued", ("notes",), read_primer,
                          needed_by=("primer_seconds",)),)),
    one_thread=True,
)
