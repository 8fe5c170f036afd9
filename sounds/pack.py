"""Makes the sounds and the table of `onpu_sounds` out of two sample sets: python sounds/pack.py INSTRUMENTS"""

import json
import shutil
import sys
from pathlib import Path

import numpy as np
import soundfile

OUT = Path(__file__).parent / "src/onpu_sounds"
SILENT = 10 ** (-66 / 20)
MOST_LAYERS = 4
LONGEST_SECONDS = 2.5
FADE_SECONDS = 0.05
MULDJORD = {"kick": "kick_r", "snare": "snare", "closed_hat": "hihat_closed", "open_hat": "hihat_open",
            "high_tom": "tom_1", "mid_tom": "tom_3", "low_tom": "tom_floor", "crash": "crash_l", "ride": "ride"}
CYMBALS = {"closed_hat": ["drum_cymbal_closed"], "open_hat": ["drum_cymbal_open"],
           "crash": ["drum_splash_soft", "drum_splash_hard"], "ride": ["drum_cymbal_soft"]}
TOMS = {"high_tom": ["drum_tom_hi_soft", "drum_tom_hi_hard"], "mid_tom": ["drum_tom_mid_soft", "drum_tom_mid_hard"],
        "low_tom": ["drum_tom_lo_soft", "drum_tom_lo_hard"]}
ELECTRIC = {"closed_hat": ["elec_tick"], "open_hat": ["elec_cymbal"], "crash": ["elec_cymbal"],
            "ride": ["elec_triangle"], "low_tom": ["elec_fuzz_tom"],
            "mid_tom": ["elec_bong"], "high_tom": ["elec_bong"]}
ONESHOTS = {
    "studio": ("Studio", {"kick": ["drum_bass_soft", "drum_bass_hard"],
                          "snare": ["drum_snare_soft", "drum_snare_hard"], **TOMS, **CYMBALS}),
    "heavy": ("Heavy", {"kick": ["drum_heavy_kick"], "snare": ["sn_dolf"], **TOMS, **CYMBALS}),
    "808": ("808", {"kick": ["bd_808"], "snare": ["elec_snare"], **ELECTRIC}),
    "house": ("House", {"kick": ["bd_haus"], "snare": ["sn_dub"], **ELECTRIC, **CYMBALS}),
    "techno": ("Techno", {"kick": ["bd_tek"], "snare": ["sn_zome"], **ELECTRIC}),
    "lo-fi": ("Lo-fi", {"kick": ["bd_fat"], "snare": ["elec_lo_snare"], **ELECTRIC,
                        "closed_hat": ["drum_cymbal_pedal"]}),
}


def stored(source: Path, target: Path) -> None:
    """A hit without the silence at its end."""
    sound, rate = soundfile.read(source, dtype="float32", always_2d=True)
    loud = np.flatnonzero(np.abs(sound).max(axis=1) > SILENT * np.abs(sound).max())
    sound = sound[: min(len(sound), int(loud[-1]) + 1 + round(FADE_SECONDS * rate), round(LONGEST_SECONDS * rate))]
    fade = min(len(sound), round(FADE_SECONDS * rate))
    sound[len(sound) - fade :] *= np.linspace(1, 0, fade, dtype=np.float32)[:, None]
    target.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(target, sound, rate, "PCM_16", format="FLAC")


def layers(folder: Path, piece: str) -> list[str]:
    """Some of the files of a piece, from soft to loud."""
    found = sorted(path.name for path in folder.glob(f"{piece}_[0-9]*.flac"))
    chosen = np.unique(np.linspace(0, len(found) - 1, min(len(found), MOST_LAYERS)).round().astype(int))
    return [found[int(index)] for index in chosen]


def main(instruments: Path) -> None:
    """Write everything."""
    metal, hits = instruments / "drums_muldjord", instruments / "drums_oneshots"
    for name in ("muldjord", "oneshots"):
        shutil.rmtree(OUT / name, ignore_errors=True)
    rows = {row: layers(metal, piece) for row, piece in MULDJORD.items()}
    for names in rows.values():
        for name in names:
            stored(metal / name, OUT / "muldjord" / name)
    kits = [{"name": "muldjord", "title": "MuldjordKit", "credit": "Lars Muldjord, DrumGizmo, CC BY 4.0",
             "together": True, "rows": {row: [f"muldjord/{name}" for name in names] for row, names in rows.items()}}]
    for name, (title, own) in ONESHOTS.items():
        for hit in {hit for names in own.values() for hit in names}:
            stored(hits / f"{hit}.flac", OUT / "oneshots" / f"{hit}.flac")
        kits.append({"name": name, "title": title, "credit": "freesound.org, CC0 1.0", "together": False,
                     "rows": {row: [f"oneshots/{hit}.flac" for hit in names] for row, names in own.items()}})
    (OUT / "kits.json").write_text(json.dumps({"kits": kits}, indent=1) + "\n", encoding="utf-8")
    used = {path.stem for path in (OUT / "oneshots").iterdir()}
    credits_ = [line for line in (hits / "licence.txt").read_text(encoding="utf-8").splitlines()
                if line.startswith("* `:") and line.split("`")[1][1:] in used]
    (OUT / "CREDITS.txt").write_text("\n".join([
        "muldjord:", "", (metal / "licence.txt").read_text(encoding="utf-8").strip(),
        "Here some of the layers are taken, and ends cut where nothing is left to be heard.",
        "https://creativecommons.org/licenses/by/4.0/", "", "oneshots:", "",
        *(hits / "licence.txt").read_text(encoding="utf-8").splitlines()[:2],
        "https://creativecommons.org/publicdomain/zero/1.0/", "", *credits_, ""]), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
