"""How long a correction takes in the workbench: from the request until the page could draw what was decided anew.

    python -m benchmarks.soak.decide_speed [--seconds 180] [--repeats 5] [--results FOLDER] [--dry]

`onpu serve` analyses a composed song of three minutes; then corrections of each kind are sent to it over HTTP, as the
page sends them, when what was heard is at hand. To be run when the machine has nothing else to do. Table:
benchmarks/results/decide-speed.md.
"""

import json
import os
import tempfile
import time
from pathlib import Path

import numpy as np
import soundfile

from benchmarks.report import parser, run, save, table
from benchmarks.soak.crowd import FORM, ask, form, post, serving
from benchmarks.soak.outcome import ONPU
from onpu.engine.compose import compose
from onpu.engine.render import perform, produce
from onpu.errors import OnpuError
from onpu.files import Json

SEED, STYLE, RATE = 7, "rock", 44_100
PATIENCE = 3600.0


def corrections(found: Json, rng: np.random.Generator) -> dict[str, Json]:
    """One correction of each kind that can be about this song, at a random place."""
    beats, chords, sections = found["beats"]["times"], found["chords"], found["sections"]
    beat = float(beats[int(rng.integers(8, len(beats) - 8))])
    row = int(rng.integers(len(chords["starts"])))
    out: dict[str, Json] = {
        "a bar line": {"kind": "downbeat", "time": beat}, "a beat that is none": {"kind": "no_beat", "time": beat},
        "half the tempo": {"kind": "tempo_octave", "factor": 0.5}, "the metre": {"kind": "metre", "numerator": 3,
                                                                                 "denominator": 4},
        "a chord": {"kind": "chord", "start": chords["starts"][row], "end": chords["ends"][row], "label": "F#:min7"},
        "the key": {"kind": "key", "start": 0.0, "end": float(beats[-1]), "label": "E minor"},
        "a note": {"kind": "note", "start": beat, "end": beat + 0.4, "pitch": 61}}
    if sections:
        out["a boundary"] = {"kind": "boundary", "time": beat}
    return out


def measured(port: int, song: str, found: Json, repeats: int) -> dict[str, list[float]]:
    """Kind of correction -> seconds of each request."""
    rng, out = np.random.default_rng(1), dict[str, list[float]]()
    for _ in range(repeats):
        for name, each in corrections(found, rng).items():
            begin = time.perf_counter()
            status, body = post(port, f"/api/songs/{song}/decide", {"corrections": [each]})
            out.setdefault(name, []).append(time.perf_counter() - begin)
            if status != 200:
                raise OnpuError(f"{each}: {body.decode()}")
    return out


def main() -> None:
    """See the module."""
    options = parser(__doc__)
    options.add_argument("--seconds", type=float, default=180.0, help="of the song")
    options.add_argument("--repeats", type=int, default=5, help="of each kind of correction")
    given = options.parse_args()
    stems, labels = perform(compose(seed=SEED, style=STYLE, seconds=given.seconds), SEED, RATE, [])
    sound = produce(stems, SEED, labels)
    with tempfile.TemporaryDirectory() as name:
        soundfile.write(Path(name) / "song.flac", sound.samples.T, sound.rate)
        with serving(Path(name) / "library", *ONPU, "serve") as (port, _):
            ask(port, "POST", "/api/songs", form("song.flac", (Path(name) / "song.flac").read_bytes()), FORM)
            deadline = time.monotonic() + PATIENCE
            while (song := json.loads(ask(port, "GET", "/api/songs")[1])["songs"][0])["state"] != "ready":
                if song["state"] == "failed" or time.monotonic() > deadline:
                    raise OnpuError(f"the song is {song['state']}: {song['error']}")
                time.sleep(0.5)
            found = json.loads(ask(port, "GET", f"/api/songs/{song['id']}")[1])["contents"]
            post(port, f"/api/songs/{song['id']}/decide", {"corrections": []})  # what was heard is at hand after it
            times = measured(port, song["id"], found, given.repeats)
    rows = [[kind, float(np.median(each)), max(each)] for kind, each in times.items()]
    whole = [one for each in times.values() for one in each]
    rows.append(["all", float(np.median(whole)), max(whole)])
    busy = os.getloadavg()[0]
    save(given, "decide-speed", "A correction until what is decided anew is there", [
        table(["correction", "median, s", "slowest, s"], rows),
        f"A song of {sound.duration:.0f} s, {len(whole)} requests over HTTP, one after the other; processes that wanted"
        f" to work at the end: {busy:.1f}, on {os.cpu_count()} cores.\n"])


if __name__ == "__main__":
    run(main)
