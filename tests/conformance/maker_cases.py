"""Every maker made tiny, and what it learns from: what the laws are tried on."""

import inspect
from dataclasses import fields, replace
from functools import partial

import numpy as np
import torch
from chorale_files import write_chorales
from passage_files import write_passages
from sung_files import write_sung
from tiny_corpora import write_pop909
from uttered_files import write_tones

from onpu.data.corpora.chorales import ChoraleSource
from onpu.data.corpora.passages import PassageSource
from onpu.data.corpora.pop909_songs import Pop909Source
from onpu.data.corpora.sung import SungSource
from onpu.data.corpora.uttered import UtteredSource
from onpu.data.corpus import import_corpus
from onpu.data.plan import nothing
from onpu.data.scenes.base import SceneSource
from onpu.data.scenes.located import LocatedSource
from onpu.data.scenes.sounds import write_sounds
from onpu.data.scenes.spectra import SpectraSource
from onpu.data.scenes.version_chroma import VersionChromaSource
from onpu.data.stream import collate
from onpu.make.wavernn import MelSource
from onpu.music import Audio
from onpu.recipe import Recipe

NARROW = 6
SHORTEST = {"crop_seconds": 0.6, "crop_quarters": 0.6, "crop_events": 16, "crop_bars": 1, "crop_samples": 320,
            "scenes": 6,
            "block": (1, 1), "prune_begin": 0, "prune_every": 1}
FILES = {ChoraleSource: lambda folder: write_chorales(folder / "chorales.json.gz", 4),
         Pop909Source: lambda folder: write_pop909(folder / "pop909.zip"),
         PassageSource: lambda folder: write_passages(folder / "passages.json.gz", 4),
         VersionChromaSource: lambda folder: VersionChromaSource(1, 4, 2, 6.0).composed(folder, 1, None).folder,
         LocatedSource: lambda folder: LocatedSource(1, 8, 2.0, 0.0).composed(folder, 1, None).folder,
         SungSource: lambda folder: write_sung(folder / "sung", 4),
         UtteredSource: lambda folder: write_tones(folder / "said", 4).folder,
         MelSource: lambda folder: write_tones(folder / "said", 4).folder,
         SpectraSource: lambda folder: write_noise(folder / "noise", 4)}
"""How what a user brings is written, by its supply."""


def tiny(recipe: Recipe) -> Recipe:
    """The recipe with all widths of its own cut down, and nothing that is drawn while learning."""
    own = [f.name for f in fields(recipe) if f.name not in inspect.signature(Recipe).parameters]
    changes = {name: tuple(min(width, NARROW) for width in getattr(recipe, name)) for name in own
               if isinstance(getattr(recipe, name), tuple)}
    changes |= {"dropout": 0.0} if hasattr(recipe, "dropout") else {}
    changes |= {name: shortest for name, shortest in SHORTEST.items() if name in own}
    return replace(recipe, batch=2, precision="32-true", **changes)


def write_noise(folder, count):
    """A corpus of seconds of noise, each of another colour."""

    def noise(number):
        rng = np.random.default_rng(number)
        return Audio(np.convolve(rng.standard_normal(8 * 22_050), rng.random(20), "same")[None].astype(np.float32) / 50,
                     22_050)

    items = [(str(number), partial(noise, number), nothing(8.0)) for number in range(count)]
    return import_corpus(folder, items, "CC0-1.0", True, "noise").folder


class Noises:
    """Scenes with the names and rate of others, of harmonics over noise instead of music."""

    def __init__(self, scenes):
        self.names, self.rate, self.licence = scenes.names, scenes.rate, "CC0-1.0"

    def item(self, number):
        rng = np.random.default_rng(number)
        t = np.arange(2 * self.rate) / self.rate
        tones = [sum(np.sin(2 * np.pi * partial * pitch * t) / partial for partial in (1, 2, 3))
                 for pitch in rng.uniform(100, 800, len(self.names))]
        return (0.05 * np.stack(tones) + 0.01 * rng.standard_normal((len(tones), len(t)))).astype(np.float32)

    def named(self):
        return {}

    def soundfonts(self):
        return []

    def sample_sets(self):
        return []


def material(maker, recipe, folder):
    """What a maker learns from, written into the folder."""
    source = maker.scenes(recipe)
    if isinstance(source, SceneSource):
        return write_sounds(folder / "sounds", Noises(source), 2)
    return source.open(FILES[type(source)](folder))


def built(maker, recipe):
    """Players and their networks, the same each time."""
    torch.manual_seed(0)
    players = maker.players(recipe)
    return players, {name: player.network for name, player in players.items()}


def batch_of(maker, recipe, material, seed: int = 0):
    return collate([maker.example(material, np.random.default_rng([seed, n]), recipe) for n in range(recipe.batch)])
