"""usage: run_tiny.py CORPUS RUN: trains the tiny task; a process of its own, so that it can be killed."""

import sys

import tiny
import torch

from onpu.data.corpus import Corpus
from onpu.training.datasets import TrainingData
from onpu.training.listeners import train

if __name__ == "__main__":
    torch.set_num_threads(1)
    train(tiny.LISTENER, tiny.RECIPE, TrainingData((Corpus.open(sys.argv[1]),)), sys.argv[2], bar=False)
