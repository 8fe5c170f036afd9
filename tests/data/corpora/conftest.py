"""The tiny corpora, and the place of the real ones."""

import os
from pathlib import Path

import numpy as np
import pytest
from tiny_corpora import HARMONY, midi, rock, song, written


@pytest.fixture(scope="session")
def groove_zip(tmp_path_factory) -> Path:
    """Training takes: one straight and late, one swung, one whose bars begin a beat late, one fill; a test take."""
    fill = [(0.02 + index / 4, 0.1, (50, 48, 47, 45)[index // 4], 90 + index) for index in range(16)]
    takes = {
        "straight": ("rock", 120, "beat", rock(16, 0.05), "train"),
        "swung": ("blues/shuffle", 96, "beat", rock(8, -0.0, off=2 / 3), "train"),
        "astray": ("rock", 118, "beat", rock(8, 0.0, shift=1.0), "train"),
        "fill": ("rock", 115, "fill", fill, "train"),
        "held": ("punk", 150, "beat", rock(8, 0.0), "test"),
    }
    rows = ["drummer,session,id,style,bpm,beat_type,time_signature,midi_filename,audio_filename,duration,split"]
    files: dict[str, bytes | str] = {}
    for name, (style, bpm, kind, hits, split) in takes.items():
        rows.append(f"drummer1,drummer1/s,{name},{style},{bpm},{kind},4-4,drummer1/s/{name}.mid,x.wav,1,{split}")
        files[f"groove/drummer1/s/{name}.mid"] = midi({"drums": hits}, bpm)
    return written(tmp_path_factory.mktemp("groove") / "groove.zip", {"groove/info.csv": "\n".join(rows), **files})


@pytest.fixture(scope="session")
def pop909_zip(tmp_path_factory) -> Path:
    """Song 001, whose bars begin on the score's third beat, performed at 90 a minute; 002 without chords; 003 whose
    chords begin anywhere; 004 whose files hold different notes."""
    files: dict[str, bytes | str] = {}
    rng = np.random.default_rng(0)
    for name in ("001", "002", "003", "004"):
        score, played = song(48, 2.0), song(48, 0.35)
        chords = [(2.0 + 4 * bar, 4.0, pitch, 90) for bar in range(48) for pitch in HARMONY[bar % 4]]
        if name == "003":
            chords = [(start + rng.choice([0.0, 0.2, 0.4, 0.6, 0.8]), 3.0, pitch, 90) for start, _, pitch, _ in chords]
        if name == "004":
            played = {line: notes[: len(notes) // 2] for line, notes in played.items()}
        together = sorted(note for notes in score.values() for note in notes)
        tracks = {"piano": together} if name == "002" else {"piano": together, "chords": chords}
        files[f"{name}/{name}_cl.mid"] = midi(tracks, 100)
        files[f"{name}/{name}.mid"] = midi(played, 90)
        beats = ((0.35 + beat) / 1.5 for beat in range(192))
        files[f"{name}/beat_midi.txt"] = "\n".join(f"{time} {beat % 2 == 0:d}.0 {beat % 4 == 0:d}.0"
                                                  for beat, time in enumerate(beats))
    return written(tmp_path_factory.mktemp("pop909") / "pop909.zip", files)


@pytest.fixture(scope="session")
def real() -> Path:
    """The folder of the real corpora; tests that need it are skipped where it is not."""
    folder = Path(os.environ.get("ONPU_DATA", Path(__file__).parents[4] / "shared" / "data"))
    if not (folder / "groove.zip").exists() or not (folder / "pop909.zip").exists():
        pytest.skip(f"no groove.zip and pop909.zip in {folder}; name their folder with ONPU_DATA")
    return folder
