"""The words by which music is tagged, and which of them hold for a piece whose notes are known.

Genres are coarse: several styles of the composer share each. Moods are those of Russell, "A circumplex model of affect"
(Journal of Personality and Social Psychology, 1980), valence and arousal, and of the Geneva Emotional Music Scale
(Zentner, Grandjean & Scherer, Emotion, 2008) without wonder. Both are derived from what is written, not from a style's
name, by the cues that Gabrielsson & Lindström ("The role of structure in the musical expression of emotions", 2010)
found in a hundred studies: mode, tempo, density of onsets, loudness, register, articulation, sharp timbre.
"""

from weakref import WeakKeyDictionary

import numpy as np

from onpu.music.activity import PLAYERS
from onpu.music.arrays import occurrences
from onpu.music.playing import playing
from onpu.music.spelling import parse_key
from onpu.music.tags import Tags
from onpu.music.timeline import Timeline

GENRES = {
    "classical": ("classical", "baroque", "choral", "march", "study"), "rock": ("rock",), "metal": ("metal",),
    "pop": ("pop",), "electronic": ("electronic", "dance"), "ambient": ("ambient", "new age"),
    "jazz and blues": ("jazz", "blues", "ragtime", "neworleans"),
    "soul and hip hop": ("soul", "funk", "disco", "gospel", "hip hop", "hiphop"),
    "folk and country": ("folk", "country", "celtic"),
    "latin": ("latin", "tango", "flamenco", "african", "reggaeton", "afrocuban", "highlife"),
    "reggae": ("reggae", "ska"), "soundtrack": ("film", "game")}
"""Genre -> the composer's kinds of music that it covers."""
MOODS = ("joyful", "tender", "calm", "nostalgic", "sad", "solemn", "tense", "powerful")
TEMPI = {"slow": (0.0, 80.0), "medium": (80.0, 125.0), "fast": (125.0, np.inf)}
"""Word -> beats a minute from and below which it holds."""
OPPOSITES = {"valence:positive": "valence:negative", "arousal:high": "arousal:low", "voice:sung": "voice:instrumental",
             "sound:acoustic": "sound:electric"}
"""Words of which either one or its opposite holds."""
MUSIC = "music"
"""What all that is no music lacks; it is no tag."""
KIND, STYLE = "kind:", "style:"
"""How the composer's own names of a kind of music and of a style begin among the tags of what it wrote."""
WORDS = (MUSIC, *(f"genre:{name}" for name in GENRES), "valence:positive", "arousal:high",
         *(f"mood:{name}" for name in MOODS), *(f"instrument:{name}" for name in PLAYERS), "voice:sung",
         "sound:acoustic", *(f"tempo:{name}" for name in TEMPI))
"""What is told of any recording, in this order."""
LIKELY = 0.5
"""Level from which a word holds; of tempi the highest holds alone, and so does the first of the genres."""

ELECTRIC = (4, 5, *range(16, 19), *range(26, 32), *range(33, 40), 50, 51, 54, 62, 63, *range(80, 104))
DISTORTED = (29, 30)
"""General MIDI programs."""
MODES = {"major": 1.0, "lydian": 0.9, "mixolydian": 0.75, "dorian": 0.35, "minor": 0.1, "phrygian": 0.0, "locrian": 0.0}
"""How bright a mode is."""
UNKNOWN = 0.5
MODE_SHARE, RISE = 0.5, 0.3
"""What the mode counts in valence; how far a cue goes from where a word does not hold to where it does."""
SPAN_SECONDS = 12
"""Seconds over which what is played is looked at for moods."""
SUNG_SHARE = 0.1
"""Share of the time that is sung, from which on a piece is not instrumental."""


_LEVELS: WeakKeyDictionary[Timeline, np.ndarray] = WeakKeyDictionary()


def genre_of(kind: str) -> str | None:
    """The genre that covers a kind of music; None: none does."""
    return next((genre for genre, kinds in GENRES.items() if kind == genre or kind in kinds), None)


def is_written(timeline: Timeline) -> bool:
    """Whether the words of a timeline follow from what is written: a composer's piece with its notes."""
    tags = timeline.tags
    return tags is not None and timeline.notes is not None and any(label.startswith(STYLE) for label in tags.labels)


def levels(timeline: Timeline) -> np.ndarray:
    """How far each of `WORDS` holds in each second of a written piece: (words, seconds) float32 in [0, 1]. Kept as
    long as the timeline is: training asks for it again and again."""
    if timeline not in _LEVELS:
        _LEVELS[timeline] = _levels(timeline)
    return _LEVELS[timeline]


def _levels(timeline: Timeline) -> np.ndarray:
    count = max(1, int(np.ceil(timeline.duration)))
    seconds = np.arange(count)
    out = dict.fromkeys(WORDS, np.zeros(count))
    labels = [] if timeline.tags is None else [str(label) for label in timeline.tags.labels]
    kinds = [label.removeprefix(KIND) for label in labels if label.startswith(KIND)]
    for kind in kinds or [label.removeprefix("genre:") for label in labels if label.startswith("genre:")]:
        if (genre := genre_of(kind)) is not None:
            out[f"genre:{genre}"] = np.ones(count)
    band = playing(timeline).at(seconds + 0.5)
    out |= {f"instrument:{name}": plays.astype(float) for name, plays in zip(PLAYERS, band, strict=True)}
    voice = timeline.voice
    sung = 0.0 if voice is None else float((voice.ends - voice.starts).sum()) / max(timeline.duration, 1e-9)
    electric, felt = moods(timeline, count)
    everywhere = np.ones(count)
    out |= {MUSIC: everywhere, "voice:sung": everywhere * (sung > SUNG_SHARE), "sound:acoustic": 1 - electric} | felt
    if timeline.tempo is not None and len(timeline.tempo.bpm):
        bpm = float(timeline.tempo.bpm[0])
        out |= {f"tempo:{name}": everywhere * (low <= bpm < high) for name, (low, high) in TEMPI.items()}
    return np.stack([out[word] for word in WORDS]).astype(np.float32)


def tags_of(means: np.ndarray, threshold: float = LIKELY) -> Tags:
    """Tags of a recording for which `WORDS` hold so far on average, (words,): the likeliest genre and all others that
    hold; valence, arousal, singing and sound either way; moods and instruments that hold; one tempo. The surest first
    in each of these. None of what is no music. threshold: level from which a word holds."""
    if means[0] < LIKELY:
        return Tags.empty()
    found = dict(zip(WORDS, means.tolist(), strict=True))
    rows: list[tuple[str, float]] = []
    for group in ("genre:", "mood:", "instrument:", "tempo:"):
        own = sorted((row for row in found.items() if row[0].startswith(group)), key=lambda row: -row[1])
        if group in ("genre:", "tempo:"):
            own = [row for number, row in enumerate(own) if row[1] > 0 and (
                number == 0 or (row[1] >= threshold and group == "genre:"))]
        else:
            own = [row for row in own if row[1] >= threshold]
        rows += own
    for word, opposite in OPPOSITES.items():
        rows.append((word, found[word]) if found[word] >= LIKELY else (opposite, 1 - found[word]))
    return Tags(np.array([word for word, _ in rows], np.str_), np.array([level for _, level in rows]))


def with_mode(valence: float, mode: str, sure: float) -> float:
    """How far positive valence holds where the mode becomes known, so surely, after it was not."""
    moved = valence + sure * MODE_SHARE / RISE * (MODES.get(mode, UNKNOWN) - UNKNOWN)
    return min(max(moved, 0.0), 1.0)


def moods(timeline: Timeline, count: int) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """How electric the sound is, (count,), and how far valence, arousal and the moods hold, by the word, in each of so
    many seconds of a timeline with notes."""
    notes, drums, tempo = timeline.notes, timeline.drums, timeline.tempo
    assert notes is not None
    at, weight = notes.onsets, np.clip(notes.offsets - notes.onsets, 0.05, 4.0)

    def total(values: np.ndarray, times: np.ndarray) -> np.ndarray:
        """Sums of what begins within `SPAN_SECONDS` around each second."""
        sums = occurrences(np.clip(times.astype(int), 0, count - 1), values, count)
        ends = np.concatenate([[0.0], np.cumsum(sums)])
        low, high = _span(count)
        around: np.ndarray = ends[high] - ends[low]
        return around

    sounding = total(weight, at)

    def mean(values: np.ndarray, nothing: float) -> np.ndarray:
        """Of what is played, by how long it sounds; another number where nothing is."""
        return np.where(sounding > 0, total(weight * values, at) / np.maximum(sounding, 1e-9), nothing)

    low, high = _span(count)
    hit_times = np.zeros(0) if drums is None else drums.times
    onsets = np.unique(np.round(np.concatenate([at, hit_times]) / 0.03)) * 0.03
    dense = np.clip(total(np.ones(len(onsets)), onsets) / (high - low) / 9, 0, 1)
    hits = np.clip(total(np.ones(len(hit_times)), hit_times) / (high - low) / 7, 0, 1)
    loud = np.clip((mean(notes.velocities, 64.0) - 45) / 60, 0, 1)
    register = np.clip((mean(notes.pitches, 63.0) - 48) / 30, 0, 1)
    short = 1 - np.clip(mean(weight, 0.4) / 0.8, 0, 1)
    rough = mean(np.isin(notes.programs, DISTORTED).astype(float), 0.0)
    electric = np.clip(2 * mean(np.isin(notes.programs, ELECTRIC).astype(float), 0.0), 0, 1)
    quick = dense if tempo is None or not len(tempo.bpm) else np.full(count, np.clip((tempo.bpm[0] - 60) / 90, 0, 1))
    arousal = np.clip(0.3 * quick + 0.3 * dense + 0.25 * hits + 0.15 * loud + 0.15 * rough, 0, 1)
    bright = MODE_SHARE * _brightness(timeline, count) + 0.2 * quick + 0.15 * register + 0.15 * short - 0.25 * rough
    valence = np.clip(bright, 0, 1)
    calm, dark = 1 - arousal, 1 - valence
    weighty = 0.5 * rough + 0.3 * hits + 0.3 * (1 - register) + 0.2 * loud
    return electric, {
        "valence:positive": _above(valence), "arousal:high": _above(arousal),
        "mood:joyful": _above(valence) * _above(arousal), "mood:tender": _above(valence) * _above(calm) * (1 - hits),
        "mood:calm": _above(calm, 0.6), "mood:sad": _above(dark) * _above(calm),
        "mood:tense": _above(dark) * _above(arousal),
        "mood:nostalgic": _above(calm) * np.clip(1.3 - abs(valence - 0.45) / 0.25, 0, 1) * (1 - electric),
        "mood:solemn": np.clip(1.8 * (1 - hits) * (1 - quick) * (1 - short), 0, 1),
        "mood:powerful": _above(arousal, 0.55) * _above(weighty, 0.4)}


def _span(count: int) -> tuple[np.ndarray, np.ndarray]:
    """First second, and the one after the last, of the span around each."""
    seconds = np.arange(count)
    return np.maximum(seconds - SPAN_SECONDS // 2, 0), np.minimum(seconds + SPAN_SECONDS // 2, count)


def _above(values: np.ndarray, middle: float = 0.5) -> np.ndarray:
    """0 well below the middle, 1 well above it."""
    return np.clip((values - middle) / RISE + 0.5, 0, 1)


def _brightness(timeline: Timeline, count: int) -> np.ndarray:
    """Of the mode, in each second."""
    out, keys = np.full(count, UNKNOWN), timeline.keys
    if keys is not None:
        for start, end, label in zip(keys.starts, keys.ends, keys.labels, strict=True):
            out[int(start) : int(np.ceil(end))] = MODES.get(parse_key(str(label))[1], UNKNOWN)
    return out


def in_words(tags: Tags) -> str:
    """Genres, moods, voice and sound, and a user's words, in a line: `rock · tense, powerful · sung · electric`."""
    groups: dict[str, list[str]] = {"genre": [], "mood": [], "": [], "voice": [], "sound": []}
    others = ("kind", "style", "instrument", "tempo", "valence", "arousal")
    for label in map(str, tags.labels):
        group, _, word = label.partition(":")
        if group in groups and word:
            groups[group].append(word)
        elif not word or group not in others:
            groups[""].append(label)
    return " · ".join(", ".join(words) for words in groups.values() if words)
