"""Voices that attend: whether they attend to the right sound, and slip; what they say beside what was said.

    python -m benchmarks.making.tacotron FOLDER NAME=WEIGHTS … [--items 20] [--results FOLDER] [--dry]

FOLDER: of `onpu corpus speech`. The sentences and songs are those that nothing learned from and nothing was chosen by.
After true frames: share of steps whose attention is largest at a sound that is heard in them, and the root mean square
of the decibels by which bands are off. After its own frames: share of pieces without a slip (attention goes back by
two sounds or more, a sound gets less than a fifth of a step, the piece does not end by itself), the same where
attention is not held to go on, length over the true one, and decibels by which bands are off along
the path of least distance (dynamic time warping), beside those of another sentence by the same voice. Of songs also the
phonemes that the listener `lyrics` finds, over those it finds in the recording's own spectrum by the same vocoder.
Table: benchmarks/results/tacotron.md.
"""

from pathlib import Path

import librosa
import numpy as np
import torch

from benchmarks.report import parser, run, save, table
from onpu.data.corpora.uttered import SINGER, VOICES, Uttered
from onpu.listen import load as load_listener
from onpu.make import load
from onpu.make.tacotron import Trained, cut, evaluate
from onpu.metrics.phonemes import matched, sequence
from onpu.models.tacotron import Tacotron
from onpu.models.tacotron_uttering import UtteredPiece, slips, utter
from onpu.music.speech_sounds import PAUSE_NUMBER, SOUNDS
from onpu.represent.uttered import UtteredStretch
from onpu.represent.voice_mel import RATE, SPAN_DB, sound_of_mel


def warped(made: np.ndarray, true: np.ndarray) -> float:
    """Decibels, root mean square, between two mel spectra along the path of least distance."""
    _, path = librosa.sequence.dtw(made, true)
    return float(SPAN_DB * np.sqrt(np.mean((made[:, path[:, 0]] - true[:, path[:, 1]]) ** 2)))


def phonemes(mel: np.ndarray, truth: list[str]) -> int:
    """How many of these the listener finds in the sound of a mel spectrum."""
    sound = sound_of_mel(mel)
    heard = load_listener("lyrics")((0.5 * sound / max(float(np.abs(sound).max()), 1e-3))[None], RATE)
    return matched(truth, sequence(heard))


def measured(name: str, trained: Trained, voice: str, passages: list[UtteredStretch], data: Uttered,
             numbers: tuple[int, ...]) -> list[object]:
    """A row of the table."""
    assert isinstance(trained.network, Tacotron)
    after = [evaluate(trained, data.item(number), np.random.default_rng(number)) for number in numbers]
    made: dict[bool, list[UtteredPiece]] = {}
    for monotone in (True, False):
        made[monotone] = [utter(trained.network, one.sounds, one.notes, VOICES.index(voice), 0, monotone)
                          for one in passages]
    clean = {held: np.mean([not any(slips(one)) for one in pieces]) for held, pieces in made.items()}
    pairs = list(zip((one.mel for one in made[True]), (wanted.mel for wanted in passages), strict=True))
    length = np.median([one.shape[1] / wanted.shape[1] for one, wanted in pairs])
    near = np.mean([warped(one, wanted) for one, wanted in pairs])
    others = [*passages[1:], passages[0]]
    far = np.mean([warped(one.mel, wanted.mel) for one, wanted in zip(others, passages, strict=True)])
    share = float("nan")
    if voice == SINGER:
        truths = [[SOUNDS[number].removesuffix("/ja") for number in one.sounds if number != PAUSE_NUMBER]
                  for one in passages]
        found = [sum(map(phonemes, mels, truths)) for mels in ([one.mel for one in made[True]],
                                                               [one.mel for one in passages])]
        share = found[0] / max(found[1], 1)
    return [f"{name}, {voice}", len(passages), float(np.mean([row["Right"] for row in after])),
            float(np.mean([row["Error"] for row in after])), float(clean[True]), float(clean[False]), float(length),
            float(near), float(far), share]


def main() -> None:
    """Measure, print and write the table."""
    options = parser(__doc__)
    options.add_argument("folder", type=Path, help="utterances (onpu corpus speech)")
    options.add_argument("weights", nargs="+", metavar="NAME=WEIGHTS", help="what is called so, and its weights")
    options.add_argument("--items", type=int, default=20, help="sentences or songs of each voice, at most")
    given = options.parse_args()
    torch.set_num_threads(1)
    data = Uttered.open(given.folder).tested()
    rows: list[list[object]] = []
    for name, path in (each.split("=", 1) for each in given.weights):
        trained: Trained = load(path)
        for voice in data.voices:
            cuts = {number: cut(data.item(number), np.random.default_rng(number), trained.recipe)
                    for number in data.by_voice(voice)}
            numbers = tuple(number for number, one in cuts.items() if one is not None)[: given.items]
            passages = [one for number in numbers if (one := cuts[number]) is not None]
            rows.append(measured(name, trained, voice, passages, data, numbers))
            print(rows[-1], flush=True)
    save(given, "tacotron", "Voices that attend", [
        "A sentence, or a stretch of a song, each; they report. dB: root mean square over bands of mel, after time "
        "warping beside those of another sentence by the same voice.\n",
        table(("weights, voice", "items", "right sound", "dB after true frames", "without a slip",
               "without a slip, attention free", "length over the true one", "dB, warped", "dB to another, warped",
               "phonemes found"), rows)])


if __name__ == "__main__":
    run(main)
