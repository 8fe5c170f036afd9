"""A latent space of melodies, of drumming, or of small bands: passages out of nothing, between two, more or less dense.

Roberts, Engel, Raffel, Hawthorne & Eck, "A hierarchical latent vector model for learning long-term structure in music"
(ICML 2018), MusicVAE; z is what a passage x of two or sixteen bars is said by, and with D = KL(q(z|x) || N(0, I))

    the network maximises  E log p(x|z) - β max(D - τ, 0)          (eq. 1, with β and free bits τ of section 2.1)

    passage -> tokens, a sixteenth a step -> encoder -> z -> (conductor, if long) -> decoder -> tokens -> passage

Measures, of held-out passages: *Teacher-forced* is the share of tokens that are the likeliest, given z and the true
ones before; *Free-running* the same where the tokens before are the decoder's own likeliest; *KL* is D in nats; *Bound*
the negative evidence lower bound, nats a step, z drawn.

Deviations: those of `onpu.models.musicvae`; in the small recipes the encoder reads a beat at a time and the decoder
begins anew on every beat, in the paper on every bar or, in passages of two bars, never; of sixteen bars each two are a
section, in the paper there are none; in the small recipes the learning rate falls by a cosine; scheduled sampling in
two passes (Duckworth et al., "Parallel scheduled sampling", 2019): what is fed in place of true tokens was drawn where
all before them was true; β rises faster in the small recipes. Melodies are POP909's, drums Groove's, bands are
composed.
"""

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import torch
from torch import Tensor

from onpu.command import Command, FileInput, MakerOptions, Piece, Playback
from onpu.data.corpora.passages import Passages, PassageSource, apart
from onpu.engine.augment.drumming import varied_drums
from onpu.errors import OnpuError
from onpu.formats.midi import write_midi
from onpu.formats.musicxml import write_melody
from onpu.layers.variational import between, divergence, true_share
from onpu.maker import Batch, Maker, Networks, Player, TrainedMaker
from onpu.metrics.passages import ATTRIBUTES, attributes
from onpu.models.musicvae import MusicVae
from onpu.music import Audio, Timeline
from onpu.music.excerpt import passage_of
from onpu.music.instruments import FAMILIES
from onpu.music.passage import KINDS, Passage, PassageKind, joined, numbered
from onpu.recipe import Recipe, choice, setting
from onpu.represent.tokens import CLASSES, decoded, encoded

MAX_TRANSPOSITION = 6
"""Semitones by which melodies are moved up or down while learning, one fewer up."""
MAX_ATTRIBUTE_WEIGHT = 10.0
"""Of an attribute vector, how many times it may be added."""
USUAL_TEMPERATURE = 0.5
"""Temperature."""
MAX_STEPS = 64
"""Passages that lie between two, at most."""


@dataclass(frozen=True)
class MusicvaeRecipe(Recipe):
    """How the latent space is learned."""

    RENAMED: ClassVar[dict[str, str]] = {
        "stretch": "subsequence_steps", "together": "encoder_steps", "section": "section_latent",
        "annealing": "beta_rate", "sampling": "scheduled_sampling"}

    kind: str = choice("melody-2", KINDS, "parts and number of bars")
    subsequence_steps: int = setting(4, "sixteenths per subsequence, for each of which the decoder starts anew from "
                                        "the conductor; all of them: there is no conductor")
    encoder_steps: int = setting(4, "sixteenths that the encoder reads at a time")
    sections: int = setting(1, "sections, each encoded and conducted by itself beneath dense layers; 1: none")
    section_latent: int = setting(128, "size of a section's latent vector; the latent size of the starting weights")
    latent: int = setting(128, "size of the latent vector z")
    embedding: int = setting(64, "size of the token embedding")
    encoder: tuple[int, ...] = setting((256,), "units per encoder layer and direction")
    conductor: tuple[int, ...] = setting((256,), "units per conductor layer")
    decoder: tuple[int, ...] = setting((256,), "units per decoder layer")
    beta: float = setting(0.5, "β, final weight of the KL divergence")
    beta_rate: float = setting(0.9997, "KL annealing: after n steps the weight is β (1 - rateⁿ)", "(0, 1]")
    free_bits: float = setting(0.0, "free bits: KL divergence below which it costs nothing")
    scheduled_sampling: float = setting(2000.0, "k of scheduled sampling: true tokens are fed with probability "
                                                "k / (k + exp(step / k)); 0: always")

    def __post_init__(self) -> None:
        super().__post_init__()
        for size in (self.subsequence_steps, self.encoder_steps):
            if size < 1 or KINDS[self.kind].steps % size:
                raise OnpuError(f"{KINDS[self.kind].steps} sixteenths are not divided into subsequences of {size}; "
                                "give 4 or 16, or all of them")
            if self.sections < 1 or KINDS[self.kind].steps // size % self.sections:
                raise OnpuError(f"{self.sections} sections do not divide {KINDS[self.kind].steps // size} "
                                "subsequences; give 1, or as many as there are pairs of bars")


@dataclass(frozen=True)
class MusicvaeOptions(MakerOptions):
    """What is made. begin: a passage that z stands for; None: z is drawn. end: another one; then z lies between both.
    share: how far from the one to the other, in [0, 1]; None: at `steps` places, whose passages follow each other."""

    temperature: float | None = setting(None, "sampling temperature: below 1 plainer, above 1 bolder, 0 the "
                                              f"likeliest; the default is {USUAL_TEMPERATURE:g}, or 0 with a "
                                              "passage that is given")
    density: float = setting(
        0.0, "how many times the attribute vector of note density is added; below 0: taken off", "(-inf, inf)")
    syncopation: float = setting(0.0, "the same of syncopation", "(-inf, inf)")
    range: float = setting(0.0, "the same of pitch range", "(-inf, inf)")
    steps: int = setting(8, f"passages from the first to the second, both included, 2 to {MAX_STEPS}")
    share: float | None = None
    begin: Passage | None = None
    end: Passage | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 0 <= self.drawn_at <= 5 or not 0 <= (self.share or 0) <= 1 or not 2 <= self.steps <= MAX_STEPS:
            raise OnpuError(f"temperature {self.drawn_at:g}, share {self.share}, {self.steps} steps; give 0 to 5, 0 to "
                            f"1, and 2 to {MAX_STEPS}")
        if max(abs(amount) for amount in self.amounts) > MAX_ATTRIBUTE_WEIGHT:
            raise OnpuError(f"an attribute vector is added at most {MAX_ATTRIBUTE_WEIGHT:g} times, or taken off as "
                            "often; give less")
        if self.end is not None and self.begin is None:
            raise OnpuError("an end without a beginning leaves nothing to go from; give both")

    @property
    def drawn_at(self) -> float:
        """The temperature."""
        return self.temperature if self.temperature is not None else USUAL_TEMPERATURE if self.begin is None else 0.0

    @property
    def amounts(self) -> tuple[float, ...]:
        """In the order of `ATTRIBUTES`."""
        return tuple(getattr(self, name) for name in ATTRIBUTES)


Trained = TrainedMaker[MusicvaeRecipe, MusicvaeOptions]


def scenes(recipe: MusicvaeRecipe) -> PassageSource:
    """Passages with these parts."""
    return PassageSource(KINDS[recipe.kind].parts)


def players(recipe: MusicvaeRecipe) -> dict[str, Player]:
    """Encoder and decoder."""
    kind = KINDS[recipe.kind]
    subsequences = kind.steps // recipe.subsequence_steps
    conductor = recipe.conductor if subsequences > 1 else ()
    network = MusicVae([CLASSES[part] for part in kind.parts], subsequences, recipe.subsequence_steps,
                       recipe.encoder_steps, recipe.latent, recipe.embedding, recipe.encoder, conductor, recipe.decoder,
                       len(ATTRIBUTES), recipe.sections, recipe.section_latent)
    return {"autoencoder": Player(network, likelihood)}


def example(passages: Passages, rng: np.random.Generator, recipe: MusicvaeRecipe) -> dict[str, np.ndarray]:
    """tokens (parts, steps) of a passage in any key; attributes (3,), see `ATTRIBUTES`."""
    kind = KINDS[recipe.kind]
    passage = varied_drums(passages.draw(rng, kind.bars, kind.parts), rng)
    tokens = encoded(passage.transposed(int(rng.integers(-MAX_TRANSPOSITION, MAX_TRANSPOSITION))), kind.parts)
    return {"tokens": tokens, "attributes": attributes(passage)}


def likelihood(networks: Networks, batch: Batch, recipe: MusicvaeRecipe) -> dict[str, Tensor]:
    """Minus the evidence lower bound, a step: see the module."""
    network, tokens = networks["autoencoder"], batch["tokens"].long()
    assert isinstance(network, MusicVae)
    step = int(batch["step"]) if "step" in batch else 0
    mean, spread = network.encode(tokens)
    z = mean + spread * torch.randn_like(spread)
    if network.training:
        network.notice(mean, batch["attributes"])
    told = network.mixed(z, tokens, 1 - true_share(step, recipe.scheduled_sampling)) if network.training else tokens
    beta = recipe.beta * (1 - recipe.beta_rate ** (step + 1))
    beyond = (divergence(mean, spread) - recipe.free_bits * math.log(2)).relu().mean()
    return {"reconstruction": network.nats(z, told, tokens), "divergence": beta * beyond / tokens.shape[2]}


def kind_of(trained: Trained) -> PassageKind:
    """What these weights make."""
    return KINDS[trained.recipe.kind]


def latents(trained: Trained, passages: Sequence[Passage]) -> tuple[Tensor, Tensor]:
    """μ, σ (passages, latent) of passages of the kind's length."""
    tokens = np.stack([encoded(passage, kind_of(trained).parts) for passage in passages])
    network = trained.network
    assert isinstance(network, MusicVae)
    return network.encode(torch.from_numpy(tokens).to(trained.device))


@torch.inference_mode()
def evaluate(trained: Trained, passage: Passage, rng: np.random.Generator) -> dict[str, float]:
    """Of the windows of a passage: see the module; nothing where there are none."""
    kind, network = kind_of(trained), trained.network
    assert isinstance(network, MusicVae)
    pieces = apart(passage, kind.bars, kind.parts)
    if not pieces:
        return {}
    tokens = torch.from_numpy(np.stack([encoded(piece, kind.parts) for piece in pieces])).to(trained.device)
    mean, spread = network.encode(tokens)
    forced = torch.stack([logits.argmax(dim=2) for logits in network.decode(mean, tokens)], dim=1)
    free = network.compose(mean, 0.0, torch.Generator())
    drawn = mean + torch.from_numpy(rng.standard_normal(mean.shape)).to(mean) * spread
    nats, divergent = float(network.nats(drawn, tokens, tokens)), float(divergence(mean, spread).mean())
    of_parts = dict(zip((f"Free-running, {part}" for part in kind.parts),
                        (free == tokens).float().mean(dim=(0, 2)).tolist(), strict=True))
    return {"Teacher-forced": float((forced == tokens).float().mean()),
            "Free-running": float((free == tokens).float().mean()), "KL": divergent,
            "Bound": nats + divergent / kind.steps, **(of_parts if len(of_parts) > 1 else {})}


def apply(trained: Trained, audio: Audio | None, options: MusicvaeOptions, progress: Callable[[float], None] | None
          ) -> Passage:
    """The passage that `options` ask for, or those on the way from one to another, joined."""
    if audio is not None:
        raise OnpuError("passages are not made of sound; give --interpolate or --like MIDI files")
    shares = np.linspace(0, 1, options.steps).tolist() if options.end is not None and options.share is None else [
        options.share or 0.0]
    found = []
    for share in shares:
        found.append(passage_at(trained, options, share))
        if progress is not None:
            progress(len(found) / len(shares))
    return joined(found) if len(found) > 1 else found[0]


def passage_at(trained: Trained, options: MusicvaeOptions, share: float) -> Passage:
    """The passage so far on the way."""
    kind, network = kind_of(trained), trained.network
    assert isinstance(network, MusicVae)
    rng = np.random.default_rng(options.seed)
    if options.begin is None:
        z = torch.from_numpy(rng.standard_normal(network.latent)).to(trained.device, torch.float32)
    else:
        z = latents(trained, [options.begin])[0][0]
        if options.end is not None:
            z = between(z, latents(trained, [options.end])[0][0], share)
    z = z + torch.tensor(options.amounts, device=trained.device) @ network.vectors
    torch_rng = torch.Generator().manual_seed(int(rng.integers(2**62)))
    tokens = network.compose(z[None], options.drawn_at, torch_rng)[0]
    return decoded(tokens.cpu().numpy(), kind.parts).validate()


def without_effect(options: MusicvaeOptions, recipe: MusicvaeRecipe, inputs: Collection[str]) -> dict[str, str]:
    """At temperature 0 what is like a file is always the same; drums have no instrument."""
    same = {"seed": f"with --{next(iter(inputs))} at temperature 0"} if inputs and not options.temperature else {}
    return same | ({} if "melody" in KINDS[recipe.kind].parts else {"sound": f"with weights of {recipe.kind}"})


def read_passages(trained: Trained, files: Sequence[tuple[str, Timeline]], options: MusicvaeOptions
                  ) -> MusicvaeOptions:
    """The options with the first bars of a file, or of two."""
    kind = kind_of(trained)
    passages = [passage_of(timeline, name, kind.parts, kind.bars) for name, timeline in files]
    return replace(options, begin=passages[0], end=passages[1] if len(passages) > 1 else None)


def piece(trained: Trained, whole: Passage, options: MusicvaeOptions, playback: Playback) -> Piece:
    """The passage; several that follow each other are sections."""
    timeline = whole.timeline(playback.bpm, {"melody": playback.program, "bass": FAMILIES["bass"]})
    count = whole.bars // kind_of(trained).bars
    title = f"{', '.join(whole.parts).capitalize()} of {kind_of(trained).bars} bars"
    if count > 1:
        timeline = replace(timeline, sections=numbered(timeline.duration, count))
        title += f", {count} from one to the other"
    return Piece(title, timeline, {
        "musicxml": lambda path: write_melody(timeline, path, title, "composed by onpu", playback.sheet),
        "midi": lambda path: write_midi(timeline, path)})


SMALL = MusicvaeRecipe(learning_rate=2e-3, weight_decay=0.0, warmup=100, batch=128, steps=500, epochs=1000,
                       minutes=25.0, patience=1000, ema_decay=0.995, precision="bf16-mixed")
LONG = replace(SMALL, kind="melody-16", sections=8, latent=256, batch=32, beta=0.2, free_bits=256.0)
PAPER = MusicvaeRecipe(optimiser="adam", schedule="step", lr_decay=0.9999, lr_decay_steps=1, lr_floor=0.01, warmup=0,
                       subsequence_steps=32, encoder_steps=1, latent=512, embedding=128, encoder=(2048,),
                       decoder=(2048, 2048, 2048), beta_rate=0.99999, scheduled_sampling=1000.0, weight_decay=0.0,
                       batch=512, steps=500, epochs=400)
PAPER_LONG = replace(PAPER, kind="melody-16", subsequence_steps=16, encoder=(2048, 2048), conductor=(1024, 1024),
                     decoder=(1024, 1024), beta=0.2, free_bits=256.0, scheduled_sampling=0.0)
MAKER = Maker(
    name="musicvae",
    title="melodies, drumming, small bands of 2 or 16 bars, and what lies between two",
    paper="Roberts, Engel, Raffel, Hawthorne & Eck, A hierarchical latent vector model for learning long-term "
          "structure in music, ICML 2018",
    scenes=scenes,
    players=players,
    example=example,
    apply=apply,
    metric=evaluate,
    criterion=("Free-running",),
    recipes={"small": SMALL, "small-16": LONG, "paper": PAPER, "paper-16": PAPER_LONG},
    options=MusicvaeOptions(),
    without_effect=without_effect,
    command=Command(
        "Make melodies, drumming or small bands, as the weights say; vary a passage, or go from one to another.",
        piece, formats=("musicxml", "midi", "wav", "html"), written=("midi", "html"), sound="piano", bpm=100.0,
        sheets=True, inputs=(
            FileInput("like", "music whose first bars with notes are made anew", ("beats", "notes", "drums"),
                      read_passages, decides=("begin",)),
            FileInput("interpolate", "two such files, and passages on the way from one to the other",
                      ("beats", "notes", "drums"), read_passages, decides=("begin",), needed_by=("steps",), files=2))),
    one_thread=True,
)
