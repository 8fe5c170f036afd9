"""NSynth: pitch and family of rebuilt notes, by a classifier of true notes, over those of the true notes.

    python -m benchmarks.making.nsynth WEIGHTS --data FOLDER [--items 10] [--results FOLDER] [--dry]

FOLDER: a corpus of notes as onpu composes them for `nsynth`, which teaches the classifier: two hidden layers that see
the log-magnitude spectrum of a note in eight stretches of time, and name its key and its family. What is reported:
notes of a seed that no training has, by the soundfonts that were learned from and the own synthesiser, and by the
soundfont that is held out; true, as sound of their true spectra with phases found anew, rebuilt as spectra, and
rebuilt as sound, of which the classifier sees the spectrum anew; and, rebuilt at another key, which key is heard.
*YIN*: share of sounds in which `onpu.represent.single_pitch` finds the key within 50 cents,
with nothing learned. Table: benchmarks/results/nsynth.md.
"""

import time
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from benchmarks.report import parser, run, save, table
from onpu.data.plan import Plan
from onpu.data.scenes.notes import FAMILIES, KEYS, NoteScenes, parted
from onpu.data.scenes.sounds import AlignedSounds
from onpu.engine.render.soundfont import soundfonts
from onpu.engine.render.stems import HELD_OUT
from onpu.make import load
from onpu.make.nsynth import Trained, encoded, shown, sounding
from onpu.models.nsynth import NoteAutoencoder
from onpu.models.partial_autoencoder import PartialAutoencoder
from onpu.represent.note_pictures import DEPTH_DB, RATE, sounds_of
from onpu.represent.single_pitch import single_pitch

SEED = 8_800_001
"""Of the notes that are reported."""
STRETCHES, STEPS, BATCH, RATE_OF_LEARNING = 8, 1500, 128, 1e-3
ITERATIONS = 32
"""Of fast Griffin-Lim."""
UP = 5
"""Semitones by which notes are rebuilt higher."""


class Judge(nn.Module):
    """Pictures (batch, 1, bins, frames) -> logits of keys (batch, 49) and of families (batch, 10)."""

    def __init__(self, bins: int) -> None:
        super().__init__()
        self.hidden = nn.Sequential(nn.Linear(bins * STRETCHES, 256), nn.ReLU(), nn.Dropout(0.3), nn.Linear(256, 256),
                                    nn.ReLU(), nn.Dropout(0.3))
        self.heads = nn.ModuleList([nn.Linear(256, len(KEYS)), nn.Linear(256, len(FAMILIES))])

    def forward(self, pictures: Tensor) -> list[Tensor]:
        """See the class."""
        y = self.hidden(nn.functional.adaptive_avg_pool2d(pictures, (pictures.shape[2], STRETCHES)).flatten(1))
        return [head(y) for head in self.heads]


def learned(sounds: AlignedSounds, trained: Trained) -> Judge:
    """A classifier of true notes."""
    torch.manual_seed(0)
    pooled, keys = [], []
    for number in sounds.numbers:
        notes, played = parted(sounds.item(number))
        pictures = shown(notes, trained.recipe)
        pooled.append(nn.functional.adaptive_avg_pool2d(pictures, (pictures.shape[2], STRETCHES)))
        keys.append(torch.from_numpy(played) - KEYS.start)
    x, key, family = torch.cat(pooled), torch.cat(keys), torch.arange(len(FAMILIES)).repeat(len(pooled))
    judge = Judge(x.shape[2])
    optimizer = torch.optim.AdamW(judge.parameters(), RATE_OF_LEARNING, weight_decay=1e-2)
    for _ in range(STEPS):
        chosen = torch.randint(len(x), (BATCH,))
        noisy = x[chosen] + 0.02 * torch.randn_like(x[chosen])
        said = judge(noisy)
        loss = torch.stack([nn.functional.cross_entropy(logits, truth[chosen])
                            for logits, truth in zip(said, (key, family), strict=True)]).sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return judge.eval()


@torch.no_grad()
def told(judge: Judge, pictures: Tensor, played: np.ndarray) -> list[float]:
    """Shares of the notes (families, …) of an item whose key and whose family are named right."""
    keys, families = (logits.argmax(dim=1) for logits in judge(pictures))
    return [float((keys == torch.from_numpy(played) - KEYS.start).double().mean()),
            float((families == torch.arange(len(FAMILIES))).double().mean())]


def pitched(sounds: np.ndarray, played: np.ndarray) -> float:
    """Share of sounds (notes, samples) in which YIN finds the key."""
    found = [single_pitch(sound, RATE) for sound in sounds]
    return float(np.mean([pitch is not None and abs(pitch - key) < 0.5
                          for pitch, key in zip(found, played, strict=True)]))


@torch.no_grad()
def measured(trained: Trained, judge: Judge, items: list[np.ndarray]) -> list[list[object]]:
    """Rows of a table."""
    network = trained.network
    assert isinstance(network, NoteAutoencoder | PartialAutoencoder)
    rows: dict[str, list[list[float]]] = {}
    spent = 0.0
    for item in items:
        notes, keys = parted(item)
        true = shown(notes, trained.recipe)
        z = encoded(trained, notes, keys.tolist())
        rebuilt = network.decode(z, torch.from_numpy(keys))
        off = float(DEPTH_DB * (rebuilt - true).square().mean().sqrt())
        start = time.process_time()
        sound = sounding(trained, z, keys.tolist(), ITERATIONS)
        spent += time.process_time() - start
        higher = np.where(keys + UP < KEYS.stop, keys + UP, keys - UP)
        moved = sounding(trained, z, higher.tolist(), ITERATIONS)
        kept = sounds_of(true, keys.tolist(), trained.recipe.hop, notes.shape[1], ITERATIONS)
        for name, found in (("true", [*told(judge, true, keys), pitched(notes, keys), 0.0]),
                            ("true spectrum, phases found anew", [
                                *told(judge, shown(kept, trained.recipe), keys), pitched(kept, keys), np.nan]),
                            ("rebuilt, spectrum", [*told(judge, rebuilt, keys), np.nan, off]),
                            ("rebuilt, sound", [*told(judge, shown(sound, trained.recipe), keys), pitched(sound, keys),
                                                np.nan]),
                            (f"rebuilt {UP} semitones away, sound", [
                                *told(judge, shown(moved, trained.recipe), higher), pitched(moved, higher), np.nan])):
            rows.setdefault(name, []).append(found)
    means = {name: np.mean(found, axis=0).tolist() for name, found in rows.items()}
    true = means["true"]
    print(f"{spent / len(items) / len(FAMILIES):.2f} s a note", flush=True)
    return [[name, *values[:2], *(value / whole for value, whole in zip(values[:2], true[:2], strict=True)),
             *("-" if np.isnan(value) else value for value in values[2:])] for name, values in means.items()]


def main() -> None:
    """Measure and write the table."""
    options = parser(__doc__)
    options.add_argument("weights")
    options.add_argument("--data", type=Path, required=True, help="corpus that teaches the classifier")
    options.add_argument("--items", type=int, default=10, help="of ten notes each")
    given = options.parse_args()
    torch.set_num_threads(1)
    trained = load(given.weights)
    judge = learned(AlignedSounds.open(given.data).split()[0], trained)
    held = tuple(str(path) for path in soundfonts() if path.name == HELD_OUT)
    parts = [f"{given.items} items of ten notes each; share that the classifier names right, and over that of the true "
             "notes. Error: root mean square, dB.\n"]
    for title, fonts in (("Soundfonts and patches that were learned from", None), ("Soundfont held out", held)):
        scenes = NoteScenes().of(Plan(seed=SEED, fonts=fonts))
        rows = measured(trained, judge, [scenes.item(number) for number in range(given.items)])
        parts += [f"\n## {title}\n", table(("", "key", "family", "key over true", "family over true", "YIN", "error"),
                                           rows)]
    save(given, "nsynth", "Notes rebuilt from their codes", parts)


if __name__ == "__main__":
    run(main)
