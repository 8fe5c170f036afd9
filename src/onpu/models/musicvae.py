"""A latent space of passages of music: a variational autoencoder whose decoder works bar by bar.

Roberts, Engel, Raffel, Hawthorne & Eck, "A hierarchical latent vector model for learning long-term structure in music"
(ICML 2018), MusicVAE, section 3; figure 2.

    encoder     tokens -> bidirectional LSTM; the last states of both directions -> μ, σ = log(1 + exp(·))   (eq. 6, 7)
    z           μ + σ ⊙ ε                                                                                    (eq. 2)
    conductor   z -> tanh layer -> states of an LSTM that emits an embedding c for each subsequence          (3.2)
    decoder     c -> tanh layer -> states of an LSTM, anew in each subsequence; previous token, c -> logits  (3.2)

A subsequence is a bar in the paper. Where it is the whole passage there is no conductor, and z takes the place of c
(3.1). Of several parts each has a decoder of its own under the same conductor (3.3). Of long passages each section may
be read and conducted by itself; a dense layer then takes what was read of all of them to one vector, and another one z
to what each section's conductor is told in its place. No recurrent layer then has many steps, and what reads and
conducts two bars may begin with weights that have learned to.

Deviations: sections; embeddings in place of one-hot vectors; the encoder may read several steps at a time; of several
parts it reads one sequence, whose steps hold the embeddings of all of them; the conductor is told z at each of its
steps; the first step of a subsequence is told a token of its own; gates begin so that they remember (`remembering`),
and σ begins small (`INITIAL_SIGMA`), so that the way through z is learned before it is narrowed. Attribute vectors
(section 5.4) are estimated while it learns and kept beside the weights; see `MusicVae.notice`.
"""

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from onpu.layers.module_list import TypedModuleList

ATTRIBUTE_DECAY = 0.99
"""Decay of the moving averages of attribute vectors, a step."""
INITIAL_SIGMA = 0.05
"""What σ begins with, about."""


class MusicVae(nn.Module):
    """Tokens (batch, parts, steps) -> logits of each part, a list of (batch, steps, classes), and the latent's μ and σ,
    (batch, latent).

    Args:
        classes: numbers of tokens, of each part.
        subsequences, steps: so many times the decoder begins anew, above 1 there is a conductor; steps of each.
        encoder_steps: steps that the encoder reads at a time.
        latent: size of z.
        embedding: size of a token's.
        encoder, conductor, decoder: units of the layers; the encoder's are those of one direction. An empty conductor
            where there is one subsequence.
        attributes: how many attribute vectors are kept.
        sections: of equal length; 1: the passage is read and conducted as a whole. section_latent: size of what one is
            told.
    """

    def __init__(self, classes: Sequence[int], subsequences: int, steps: int, encoder_steps: int, latent: int,
                 embedding: int, encoder: Sequence[int], conductor: Sequence[int], decoder: Sequence[int],
                 attributes: int, sections: int = 1, section_latent: int = 128):
        super().__init__()
        self.classes, self.subsequences, self.steps = tuple(classes), subsequences, steps
        self.encoder_steps, self.latent, self.embedding = encoder_steps, latent, embedding
        self.encoder, self.conductor, self.decoder = tuple(encoder), tuple(conductor), tuple(decoder)
        self.attributes, self.sections, self.section_latent = attributes, sections, section_latent
        self.read = nn.ModuleList(nn.Embedding(count, embedding) for count in classes)
        self.heard = Layers(embedding * len(self.classes) * encoder_steps, self.encoder,
                            subsequences * steps // encoder_steps // sections, bidirectional=True)
        self.surveyed = dense(2 * encoder[-1] * sections, 2 * encoder[-1]) if sections > 1 else None
        self.mean, self.spread = nn.Linear(2 * encoder[-1], latent), nn.Linear(2 * encoder[-1], latent)
        nn.init.normal_(self.spread.weight, std=1e-3)
        nn.init.constant_(self.spread.bias, math.log(math.expm1(INITIAL_SIGMA)))
        context = conductor[-1] if subsequences > 1 else latent
        self.planned = nn.Sequential(dense(latent, 2 * encoder[-1]),
                                     nn.Linear(2 * encoder[-1], sections * section_latent),
                                     nn.Unflatten(1, (sections, section_latent))) if sections > 1 else None
        self.conducted = Conductor(section_latent if sections > 1 else latent, self.conductor,
                                   subsequences // sections) if subsequences > 1 else None
        self.parts = TypedModuleList(PartDecoder(count, context, embedding, self.decoder, steps) for count in classes)
        self.vectors: Tensor
        self.register_buffer("vectors", torch.zeros(attributes, latent))

    def encode(self, tokens: Tensor) -> tuple[Tensor, Tensor]:
        """μ, σ of passages."""
        embedded = torch.cat([read(tokens[:, part]) for part, read in enumerate(self.read)], dim=2)
        beats = embedded.unflatten(1, (self.sections, -1, self.encoder_steps)).flatten(3)  # (batch, sections, n, size)
        last = self.heard.summary(beats.flatten(0, 1))  # (batch * sections, 2 * units)
        if self.surveyed is not None:
            last = self.surveyed(last.unflatten(0, (-1, self.sections)).flatten(1))
        return self.mean(last).float(), functional.softplus(self.spread(last).float())

    def contexts(self, z: Tensor) -> Tensor:
        """What the decoders are told of each subsequence: (batch * subsequences, context), those of a passage side by
        side."""
        if self.planned is not None:
            z = self.planned(z).flatten(0, 1)  # (batch * sections, section_latent)
        return z if self.conducted is None else self.conducted(z).flatten(0, 1)

    def decode(self, z: Tensor, tokens: Tensor) -> list[Tensor]:
        """Logits, each step told the tokens before it in its subsequence."""
        told = self.contexts(z)
        logits = (decoder(told, tokens[:, part].reshape(-1, self.steps)) for part, decoder in enumerate(self.parts))
        return [part.unflatten(0, (-1, self.subsequences)).flatten(1, 2) for part in logits]

    def nats(self, z: Tensor, told: Tensor, tokens: Tensor) -> Tensor:
        """-log p a step of the tokens (batch, parts, steps), each given those of `told` before it; mean over the batch,
        sum over the parts."""
        parts = [nn.functional.cross_entropy(logits.flatten(0, 1).float(), tokens[:, part].flatten())
                 for part, logits in enumerate(self.decode(z, told))]
        return torch.stack(parts).sum()

    @torch.no_grad()
    def mixed(self, z: Tensor, tokens: Tensor, share: float) -> Tensor:
        """The tokens, this share of them replaced by what the decoder draws there when told the true ones."""
        if share < 0.005:
            return tokens
        drawn = torch.stack([torch.distributions.Categorical(logits=logits.float()).sample()
                             for logits in self.decode(z, tokens)], dim=1)
        return torch.where(torch.rand(tokens.shape, device=tokens.device) < share, drawn, tokens)

    def forward(self, tokens: Tensor) -> tuple[list[Tensor], Tensor, Tensor]:
        """Tokens (batch, parts, steps) -> logits of each part, μ, σ; z is drawn while training and is μ otherwise."""
        mean, spread = self.encode(tokens)
        z = mean + spread * torch.randn_like(spread) if self.training else mean
        return self.decode(z, tokens), mean, spread

    def compose(self, z: Tensor, temperature: float, rng: torch.Generator) -> Tensor:
        """Tokens (batch, parts, steps), each drawn given those before it in its subsequence; at temperature 0 the
        likeliest."""
        told = self.contexts(z)
        rows = [decoder.compose(told, self.steps, temperature, rng) for decoder in self.parts]
        return torch.stack([row.unflatten(0, (-1, self.subsequences)).flatten(1) for row in rows], dim=1)

    @torch.no_grad()
    def notice(self, mean: Tensor, attributes: Tensor) -> None:
        """Learn what the attributes (batch, attributes) of passages encoded at `mean` have to do with the latent.

        A vector is the mean encoding of the upper quarter of a batch less that of the lower, averaged over batches.
        """
        quarter = max(1, len(mean) // 4)
        order = attributes.argsort(dim=0)  # (batch, attributes)
        apart = mean[order[-quarter:]].mean(dim=0) - mean[order[:quarter]].mean(dim=0)  # (attributes, latent)
        self.vectors.lerp_(apart, 1 - ATTRIBUTE_DECAY)


class PartDecoder(nn.Module):
    """Contexts (batch, context), tokens (batch, steps) -> logits (batch, steps, classes)."""

    def __init__(self, classes: int, context: int, embedding: int, units: Sequence[int], steps: int):
        super().__init__()
        self.classes = classes
        self.begun = States(context, units)
        self.told = nn.Embedding(classes + 1, embedding)
        self.layers = Layers(embedding + context, units, steps)
        self.output = nn.Linear(units[-1], classes)

    def forward(self, context: Tensor, tokens: Tensor) -> Tensor:
        """A context for each sequence, and its tokens -> logits (batch, steps, classes), teacher-forced."""
        before = functional.pad(tokens[:, :-1], (1, 0), value=self.classes)
        y, _ = self.layers(self._input(context, before), self.begun(context))
        logits: Tensor = self.output(y)
        return logits

    def compose(self, context: Tensor, steps: int, temperature: float, rng: torch.Generator) -> Tensor:
        """Tokens (batch, steps), see `MusicVae.compose`."""
        states = self.begun(context)
        token = torch.full((len(context), 1), self.classes, device=context.device)
        found = []
        for _ in range(steps):
            y, states = self.layers(self._input(context, token), states)
            logits = self.output(y).float()
            if temperature:
                uniform = torch.rand(logits.shape, generator=rng, dtype=torch.float64).clamp_min(1e-12)
                logits = logits / temperature - (-uniform.log()).log().to(logits)
            token = logits.argmax(dim=2)
            found.append(token)
        return torch.cat(found, dim=1)

    def _input(self, context: Tensor, before: Tensor) -> Tensor:
        return torch.cat([self.told(before), context[:, None].expand(-1, before.shape[1], -1)], dim=2)


def dense(size: int, units: int) -> nn.Module:
    """(batch, size) -> (batch, units), an exponential linear unit behind it."""
    return nn.Sequential(nn.Linear(size, units), nn.ELU())


class Conductor(nn.Module):
    """A vector (batch, size) -> one for each of so many subsequences (batch, subsequences, units)."""

    def __init__(self, size: int, units: Sequence[int], subsequences: int):
        super().__init__()
        self.subsequences = subsequences
        self.begun = States(size, units)
        self.layers = Layers(size, units, subsequences)

    def forward(self, z: Tensor) -> Tensor:
        """A latent vector (batch, size) -> a context for each subsequence (batch, subsequences, units)."""
        said: Tensor = self.layers(z[:, None].expand(-1, self.subsequences, -1), self.begun(z))[0]
        return said


class States(nn.Module):
    """A vector (batch, size) -> the states that layers begin with, each (h, c) of (1, batch, units)."""

    def __init__(self, size: int, units: Sequence[int]):
        super().__init__()
        self.units = tuple(units)
        self.layer = nn.Linear(size, 2 * sum(units))

    def forward(self, x: Tensor) -> list[tuple[Tensor, Tensor]]:
        """A vector (batch, size) -> initial (h, c) of each layer, (1, batch, units)."""
        rows = self.layer(x).tanh().split([each for size in self.units for each in (size, size)], dim=1)
        return [(h[None].contiguous(), c[None].contiguous()) for h, c in zip(rows[::2], rows[1::2], strict=True)]


class Layers(nn.Module):
    """LSTM layers: (batch, steps, size), states -> (batch, steps, units * directions), states."""

    def __init__(self, size: int, units: Sequence[int], steps: int, bidirectional: bool = False):
        super().__init__()
        sizes = [size, *((2 if bidirectional else 1) * count for count in units[:-1])]
        self.layers = nn.ModuleList(nn.LSTM(each, count, batch_first=True, bidirectional=bidirectional)
                                    for each, count in zip(sizes, units, strict=True))
        for layer in self.layers:
            assert isinstance(layer, nn.LSTM)
            remembering(layer, steps)

    def forward(self, x: Tensor, states: Sequence[tuple[Tensor, Tensor]] | None = None
                ) -> tuple[Tensor, list[tuple[Tensor, Tensor]]]:
        """Inputs (batch, steps, size) -> outputs and states of all layers; states: None for zeros."""
        after = []
        for number, layer in enumerate(self.layers):
            x, state = layer(x, None if states is None else states[number])
            after.append(state)
        return x, after

    def summary(self, x: Tensor) -> Tensor:
        """What the last layer remembers at the end, both directions side by side: (batch, directions * units)."""
        _, states = self(x)
        return torch.cat(list(states[-1][0]), dim=1)


@torch.no_grad()
def remembering(layer: nn.LSTM, steps: int) -> None:
    """Let the gates of an LSTM begin so that its cells remember for times between 1 and `steps`.

        b_f = log u,    b_i = -b_f,    u uniform in [1, steps - 1]        (Tallec & Ollivier, ICLR 2018, eq. 16)
    """
    for name, bias in layer.named_parameters():
        if name.startswith("bias"):
            bias.zero_()
        if name.startswith("bias_ih"):
            span = torch.empty(layer.hidden_size).uniform_(1, max(2, steps - 1)).log()
            bias[: layer.hidden_size], bias[layer.hidden_size : 2 * layer.hidden_size] = -span, span
