"""A real singer: the PJS corpus (Koguchi, Takamichi & Morise, "PJS: phoneme-balanced Japanese singing-voice corpus",
APSIPA 2020), short songs sung by a man, alone and dry, with phonemes. Licence CC BY-SA 4.0.

His singing is taken apart by the WORLD analysis, so that it can be sung in another key and tempo and with another
throat, over a composed accompaniment.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import soundfile
import soxr

from onpu.engine.compose import Song
from onpu.engine.compose.draw import between
from onpu.engine.render.performed import BREATH_SECONDS
from onpu.engine.render.stems import LEVELS, VOICES, balanced, perform
from onpu.engine.render.voice.bank import FRAME_SECONDS, RATE, Spectra, analysed, extended, world
from onpu.engine.render.voice.tts import Speaker
from onpu.engine.render.voice.vocoder import SungFrames, draw_throat, expression, frequencies, voice
from onpu.errors import DataError
from onpu.music import Audio, Melody, Stems, Timeline, Voice
from onpu.music.harte import parse

SINGER = Speaker("pjs", "pjs", False)
_PAUSE = "pau"
_VOWELS = frozenset("aiueoN")
_STRETCH = (0.75, 1.35)
_LEVEL = (-3.0, 4.0)
"""dB of the voice over its place in a balanced mix."""
UNACCOMPANIED_SHARE = 0.2
"""Share of the music in which he sings without accompaniment."""


def held_out(number: int) -> bool:
    """Whether a song is kept for tests of what was learned."""
    return number % 4 == 0


@dataclass(frozen=True, eq=False)
class PjsSong:
    """One song. number: as in its name. tonic: pitch class; minor; bpm: of the score. phonemes: (start, end,
    name) in seconds, in order, pauses too. syllables: (start, end, text) likewise."""

    folder: Path
    number: int
    tonic: int
    minor: bool
    bpm: float
    phonemes: tuple[tuple[float, float, str], ...]
    syllables: tuple[tuple[float, float, str], ...]

    def audio(self) -> Audio:
        """The recording, mono, 24 kHz."""
        samples, rate = soundfile.read(self.folder / "song.flac", dtype="float32")
        return Audio(samples[None], rate)


@lru_cache(maxsize=4)
def recordings(folder: Path) -> tuple[PjsSong, ...]:
    """All songs of the corpus. Raises `DataError` when the folder has no index or a song lacks its phonemes."""
    try:
        lines = (folder / "index.tsv").read_text(encoding="utf-8").splitlines()
        rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
        return tuple(_recording(folder / name, key.split(), float(bpm)) for name, _, key, bpm in rows)
    except (OSError, ValueError, KeyError) as error:
        raise DataError(f"{folder}: not the PJS corpus ({error}); name the folder that has its index.tsv") from None


def _recording(folder: Path, key: list[str], bpm: float) -> PjsSong:
    lines = (folder / "phonemes.lab").read_text(encoding="utf-8").splitlines()
    rows = [line.split() for line in lines if line.strip() and not line.startswith("#")]
    phonemes = [(float(start), float(end), name) for start, end, name in rows]
    return PjsSong(folder, int(folder.name.removeprefix("pjs")), parse(f"{key[0]}:maj").root, key[1] == "min", bpm,
                   tuple(phonemes), _syllables(phonemes))


def _syllables(phonemes: list[tuple[float, float, str]]) -> tuple[tuple[float, float, str], ...]:
    """Consonants with the vowel after them; a moraic nasal is a syllable, a closure belongs to the next one."""
    found: list[tuple[float, float, str]] = []
    begin, text = None, ""
    for start, end, name in phonemes:
        if name == _PAUSE:
            begin, text = None, ""
            continue
        begin, text = start if begin is None else begin, text + name
        if name in _VOWELS:
            found.append((begin, end, text))
            begin, text = None, ""
    return tuple(found)


@lru_cache(maxsize=100)
def _frames(recording: PjsSong) -> tuple[np.ndarray, Spectra]:
    """Pitch (frames,), MIDI, and the spectra of a recording."""
    pyworld = world()
    if pyworld is None:
        raise DataError("singing of a corpus needs pyworld; install onpu[voice]")
    audio = recording.audio()
    wave = soxr.resample(audio.samples[0].astype(np.float64), audio.rate, RATE)
    f0, times = pyworld.harvest(wave, RATE, f0_floor=70.0, f0_ceil=700.0, frame_period=1000 * FRAME_SECONDS)
    places = np.arange(len(f0))
    heard = f0 > 0
    pitch = np.interp(places, places[heard], 69 + 12 * np.log2(f0[heard] / 440))
    spectra = analysed(wave, f0, times)
    envelope = extended(spectra.envelope - 2 * np.quantile(spectra.loud, 0.7), heard, 0.47 * audio.rate)
    return pitch, replace(spectra, envelope=envelope.astype(np.float32), noise=spectra.noise.astype(np.float32))


def sung_over(folder: Path, song: Song, seed: int, rate: int, fonts: list[Path] | None, sounds: Path | None = None
              ) -> tuple[Stems, Timeline]:
    """A song, its leading line replaced by songs of the corpus, one after the other, in its key and about its
    tempo, with a throat drawn at random; those that are held out are never used.

    The labels are those of the accompaniment, with the melody and the syllables of the singer; chords, notes and onsets
    are None, for nobody has written down what he adds; when he sings alone, those of the melody and of his syllables
    are all. Raises `DataError` without pyworld or without the corpus.
    """
    rng = np.random.default_rng([seed, 0x9755])
    alone = rng.random() < UNACCOMPANIED_SHARE
    stems, timeline = accompanied(song, seed, rate, fonts, sounds)
    throat = draw_throat(SINGER, between(rng, 0.88, 1.2), rng)
    throat = replace(throat, colour=0.6 * throat.colour, consonants=between(rng, -4, 0))
    taken = _medley([one for one in recordings(folder) if not held_out(one.number)], timeline, rng)
    taken = replace(taken, envelope=taken.envelope + expression(np.zeros(1), throat))
    sound = soxr.resample(voice(taken, throat).astype(np.float32), RATE, rate)
    samples = stems.samples.shape[2]
    sound = np.pad(sound[:samples], (0, max(0, samples - len(sound))))
    sound = balanced(sound[None], LEVELS["melody"] + between(rng, *_LEVEL), 0.0, rate)
    labels = _labelled(timeline, taken)
    if alone:
        return Stems(("voice",), sound[None], rate), Timeline(labels.duration, melody=labels.melody, voice=labels.voice)
    return Stems((*stems.names, "voice"), np.concatenate((stems.samples, sound[None])), rate), labels


def accompanied(song: Song, seed: int, rate: int, fonts: list[Path] | None, sounds: Path | None
                ) -> tuple[Stems, Timeline]:
    """The song without its leading lines, without voices."""
    tracks = tuple(track for track in song.tracks
                   if track.drums is not None or (track.role != "melody" and track.program not in VOICES))
    return perform(replace(song, tracks=tracks), seed, rate, fonts, sounds=sounds)


def _medley(songs: list[PjsSong], timeline: Timeline, rng: np.random.Generator) -> SungFrames:
    """Songs of the corpus from downbeat to downbeat, in the mode and the key of the music."""
    count = round(timeline.duration / FRAME_SECONDS) + 1
    keys = timeline.keys.labels if timeline.keys is not None and len(timeline.keys.labels) else np.array(["C:major"])
    name, _, mode = str(keys[0]).partition(":")
    minor = mode in ("minor", "dorian", "phrygian", "aeolian")
    fitting = [song for song in songs if song.minor == minor] or songs
    bpm = float(timeline.tempo.bpm[0]) if timeline.tempo is not None and len(timeline.tempo.bpm) else 120.0
    pitch, voiced, sounding = np.full(count, 60.0), np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
    rows: dict[str, np.ndarray] = {}
    spoken: list[tuple[float, float, str]] = []
    at = _downbeat(timeline, between(rng, 0, 4))
    while at < timeline.duration - 1:
        song = fitting[int(rng.integers(len(fitting)))]
        shift = (parse(f"{name}:maj").root - song.tonic + 6) % 12 - 6
        pace = min((bpm / song.bpm * factor for factor in (0.5, 1.0, 2.0)), key=lambda value: abs(np.log(value)))
        pace = float(np.clip(pace, *_STRETCH))
        curve, frames = _frames(song)
        if not rows:
            rows = {"envelope": np.full((count, frames.envelope.shape[1]), -30.0, dtype=np.float32),
                    "noise": np.ones((count, frames.noise.shape[1]), dtype=np.float32)}
        begin = round(at / FRAME_SECONDS)
        length = min(int(len(curve) / pace), count - begin)
        places = np.minimum(np.rint(np.arange(length) * pace).astype(int), len(curve) - 1)
        here = slice(begin, begin + length)
        pitch[here], voiced[here] = curve[places] + shift, frames.voiced[places]
        rows["envelope"][here], rows["noise"][here] = frames.envelope[places], frames.noise[places]
        for start, end, text in song.syllables:
            row = at + start / pace, min(at + end / pace, timeline.duration), text
            sounding[round(row[0] / FRAME_SECONDS) : round(row[1] / FRAME_SECONDS)] = True
            if row[1] > row[0]:
                spoken.append(row)
        at = _downbeat(timeline, at + len(curve) * FRAME_SECONDS / pace - 0.1)
    return SungFrames(pitch, rows["envelope"], rows["noise"], voiced & sounding, sounding, tuple(spoken))


def _downbeat(timeline: Timeline, after: float) -> float:
    """The first downbeat from a time on, or that time."""
    if timeline.beats is None:
        return after
    found = timeline.beats.times[(timeline.beats.positions == 1) & (timeline.beats.times >= after)]
    return float(found[0]) if len(found) else after


def _labelled(timeline: Timeline, taken: SungFrames) -> Timeline:
    heard = frequencies(taken)
    times = np.arange(len(heard)) / 100
    nexts = [*(row[0] for row in taken.spoken), np.inf][1:]
    ends = [following if following - end < BREATH_SECONDS else end
            for (_, end, _), following in zip(taken.spoken, nexts, strict=True)]
    voice_segments = Voice(np.round([row[0] for row in taken.spoken], 6), np.round(ends, 6),
                           np.array([row[2] for row in taken.spoken], dtype=np.str_), np.ones(len(ends)))
    return replace(timeline, melody=Melody(times, np.round(heard, 4), np.ones(len(heard))), voice=voice_segments,
                   chords=None, notes=None, onsets=None, tags=None, instruments=None)
