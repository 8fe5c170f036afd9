"""The singer on songs of PJS that were held out, beside what bounds it; and made to follow their recordings.

    python -m benchmarks.making.singing FOLDER [--weights singer] [--songs 22] [--follow 8] [--results FOLDER] [--dry]

Phonemes are sung at the times of the recording, so that frames can be compared one by one, but for the row of the
timing. Table: benchmarks/results/singing.md. `onpu corpus voice` writes the folder
(benchmarks/README.md has the command).
"""

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from benchmarks.report import parser, run, save, table
from onpu.data.corpora.singing import DOUBTFUL
from onpu.data.corpora.sung import SungSong, SungSongs
from onpu.data.corpora.sung_numbers import TIME_SCALES, lined_up, numbers_of
from onpu.engine.render.voice.following import followed
from onpu.engine.render.voice.parameters import RATE, VocoderFrames, sounding, taken_apart
from onpu.listen import load as load_listener
from onpu.make import load
from onpu.make.singer import LEVEL, Trained, sing
from onpu.metrics.phonemes import matched, sequence
from onpu.metrics.spectra import COSINES, cepstral_distortion
from onpu.models.npss import Npss
from onpu.music.phonemes import PHONEMES
from onpu.represent.sung import FRAME_SECONDS, PAUSE, note_curve, phoneme_frames

HEADINGS = ("what is sung", "mel-cepstral distortion, dB", "over the bound, dB", "f0 RMSE, cents",
            "median f0 error, cents", "voicing error", "phonemes found, of those in the recording")
STEPS = (0, 1, 2, 4)


def compared(heard: VocoderFrames, wanted: VocoderFrames, sung: np.ndarray
             ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """dB of each sung frame, cents of those that are voiced in both, and whether voicing differs in each sung frame."""
    count = min(len(heard), len(wanted), len(sung))
    sung = np.flatnonzero(sung[:count])
    distortion = cepstral_distortion(wanted.harmonic[sung], heard.harmonic[sung])
    both = sung[heard.voiced[sung] & wanted.voiced[sung]]
    return distortion, 100 * (heard.pitch[both] - wanted.pitch[both]), heard.voiced[sung] != wanted.voiced[sung]


def concatenated(song: SungSong, songs: SungSongs) -> VocoderFrames:
    """The floor: of each phoneme the recording, among the songs that are learned from, whose neighbours are the same
    and whose length is nearest, stretched; on the steps of the notes."""
    bank = _bank(songs)
    frames = len(song.frames)
    lineup, _ = lined_up(song)
    harmonic, aperiodic = (np.zeros((frames, numbers.shape[1]))
                           for numbers in (song.frames.harmonic, song.frames.aperiodic))
    voiced = np.zeros(frames, bool)
    around = [PAUSE, *song.phonemes.tolist(), PAUSE]
    for place, phoneme in enumerate(song.phonemes.tolist()):
        begin, end = (round(float(song.starts[place + i]) / FRAME_SECONDS) for i in range(2))
        end = min(end, frames)
        if end <= begin:
            continue
        _, _, found, first, last = max(bank[phoneme], key=lambda one: (
            (one[0] == around[place]) + (one[1] == around[place + 2]), -abs(one[4] - one[3] - end + begin)))
        at = np.minimum(first + (np.arange(end - begin) * (last - first)) // (end - begin), len(found.frames) - 1)
        harmonic[begin:end], aperiodic[begin:end] = found.frames.harmonic[at], found.frames.aperiodic[at]
        voiced[begin:end] = found.frames.voiced[at]
    return VocoderFrames(note_curve(lineup, frames).astype(np.float32), voiced, harmonic.astype(np.float32),
                         aperiodic.astype(np.float32))


def _bank(songs: SungSongs) -> dict[int, list[tuple[int, int, SungSong, int, int]]]:
    found: dict[int, list[tuple[int, int, SungSong, int, int]]] = defaultdict(list)
    for number in songs.numbers:
        song = songs.item(number)
        around = [PAUSE, *song.phonemes.tolist(), PAUSE]
        for place, phoneme in enumerate(song.phonemes.tolist()):
            first, last = (round(float(song.starts[place + i]) / FRAME_SECONDS) for i in range(2))
            if last > first:
                found[phoneme].append((around[place], around[place + 2], song, first, last))
    return found


def sung_by(trained: Trained, song: SungSong, pitch: np.ndarray | None = None) -> VocoderFrames:
    """The song by the singer, phonemes and notes at the times of the recording."""
    lineup, _ = lined_up(song)
    with torch.inference_mode():
        return sing(trained, lineup, np.random.default_rng(0), pitch=pitch)


def on_steps(song: SungSong) -> VocoderFrames:
    """The recording's frames on the smoothed steps of the notes: what a singer without any expression would be."""
    lineup, _ = lined_up(song)
    pitch = note_curve(lineup, len(song.frames)).astype(np.float32)
    return VocoderFrames(pitch, song.frames.voiced, song.frames.harmonic, song.frames.aperiodic)


def timing(trained: Trained, songs: list[SungSong]) -> str:
    """How near the times of the score's vowels and consonants come to those of the recordings."""
    found: list[np.ndarray] = []
    known: list[np.ndarray] = []
    assert isinstance(trained.network, Npss)
    for song in songs:
        told = numbers_of(song)
        with torch.inference_mode():
            consonant, vowel = (torch.from_numpy(told[name]).long() for name in ("consonant", "vowel"))
            mean, _ = trained.network.times(consonant, vowel, torch.from_numpy(told["note"]))
        found.append(np.abs(mean.numpy() - told["times"]) * TIME_SCALES)
        known.append(told["timed"] > 0)
    error, sure = np.concatenate(found), np.concatenate(known)
    consonant, vowel, end = (error[sure[:, i], i] for i in range(3))
    long = 100 * (np.exp(np.median(consonant)) - 1)
    return (f"Timing from the score alone, medians: vowels begin {1000 * np.median(vowel):.0f} ms off (90 % within "
            f"{1000 * np.quantile(vowel, 0.9):.0f} ms), consonants last {long:.0f} % too long or short, ends at rests "
            f"are {1000 * np.median(end):.0f} ms off.\n")


def measured(songs: list[SungSong], ways: dict[str, Callable[[SungSong], VocoderFrames | None]]) -> list[list[object]]:
    """Rows of the table."""
    recogniser = load_listener("lyrics")
    rows: list[list[object]] = []
    shares: list[float] = []
    bound = 0.0
    for name, way in ways.items():
        parts: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
        hits = total = 0
        for song in songs:
            frames = way(song)
            sound = sounding(song.frames if frames is None else frames)
            heard = LEVEL * sound / np.abs(sound).max()
            sung = phoneme_frames(lined_up(song)[0], len(song.frames))[1] != PAUSE
            parts.append(compared(taken_apart(sound), song.frames, sung))
            truth = [PHONEMES[number] for number in song.phonemes if number != PAUSE]
            hits += matched(truth, sequence(recogniser(heard[None].astype(np.float32), RATE)))
            total += len(truth)
        distortion, cents, wrong = (np.concatenate(column) for column in zip(*parts, strict=True))
        bound = bound or float(distortion.mean())
        shares.append(hits / total)
        rows.append([name, f"{distortion.mean():.2f}", f"{distortion.mean() - bound:+.2f}",
                     f"{np.sqrt(np.square(cents).mean()):.0f}", f"{np.median(np.abs(cents)):.0f}",
                     f"{wrong.mean():.3f}"])
        print(rows[-1], f"{shares[-1]:.3f}", flush=True)
    return [[*row, f"{share / shares[0]:.3f}"] for row, share in zip(rows, shares, strict=True)]


def following(trained: Trained, songs: list[SungSong], timbre: bool) -> list[list[object]]:
    """Errors after each number of iterations, means over songs."""
    errors: dict[int, list[tuple[float, float, float]]] = defaultdict(list)
    for song in songs:
        made = sung_by(trained, song)
        for number, one in enumerate(followed(made, song.frames, max(STEPS), timbre)):
            errors[number].append((one.distance.pitch, one.distance.loudness, one.distance.timbre))
    return [[f"{number}", *(f"{value:.1f}" for value in np.mean(errors[number], axis=0))] for number in STEPS]


def main() -> None:
    """Measure, print and write the table."""
    options = parser(__doc__)
    options.add_argument("folder", type=Path, help="songs taken apart (onpu corpus voice)")
    options.add_argument("--weights", default="singer", help="name or path")
    options.add_argument("--songs", type=int, default=22, help="at most so many")
    options.add_argument("--follow", type=int, default=8, help="songs whose recordings are followed")
    given = options.parse_args()
    torch.set_num_threads(1)
    learned = SungSongs.open(given.folder)
    tested = learned.tested()
    songs = [tested.item(number) for number in tested.numbers if tested.names[number] not in DOUBTFUL][: given.songs]
    trained: Trained = load(given.weights)
    rows = measured(songs, {
        "recording, resynthesised by WORLD from 60 bands (bound)": lambda song: None,
        "recording on the steps of the notes": on_steps,
        "concatenation (floor)": lambda song: concatenated(song, learned),
        "singer, on the recording's pitch": lambda song: sung_by(trained, song, song.frames.pitch),
        "singer": lambda song: sung_by(trained, song)})
    parts = [f"## {len(songs)} songs\n\n" + table(HEADINGS, rows),
             "Means over frames that are sung, of the recording and of what was made, both analysed by WORLD; "
             f"{COSINES} coefficients, the level left out.\n", timing(trained, songs)]
    for timbre in (False, True):
        rows = following(trained, songs[: given.follow], timbre)
        title = "pitch, loudness and timbre" if timbre else "pitch and loudness"
        parts.append(f"## Following {title} of {min(given.follow, len(songs))} recordings\n\n" + table(
            ("iterations", "pitch, cents RMS", "loudness, dB RMS", "timbre, dB RMS"), rows))
    parts.append(f"{', '.join(name for name in DOUBTFUL)} are left out: their labels lie elsewhere than the singing "
                 "(see `onpu.data.corpora.singing`).\n")
    save(given, "singing", "The singer on held-out songs", parts)


if __name__ == "__main__":
    run(main)
