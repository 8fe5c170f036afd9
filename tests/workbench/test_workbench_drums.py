"""Drum kits of the workbench, and other drums for its songs."""

import io
import json
import shutil
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile
from browser import ADDRESS, InPlace, sent, settled, sound
from starlette.testclient import TestClient

from benchmarks.soak import unheard
from onpu.engine.render.drumkits.kits import kit_source
from onpu.music import Beats, Drums
from onpu.music.drum_mix import DrumMix
from onpu.music.drum_patterns import DRUMS, drum_patterns, placed, played
from onpu.pipelines.drumix import HIT_LEVEL, rules
from onpu.workbench.routes import application
from onpu.workbench.service import WorkbenchService

ROOT = Path(__file__).resolve().parents[2]
SFZ = (b"<control> default_path=../../../../etc/\n<region> sample=..\\secret/Kick.wav key=36\n"
       b"<region> key=38 sample=Snare.wav")


@pytest.fixture
def drums(tmp_path):
    """A browser, and the service behind it, which does everything in this process."""
    service = WorkbenchService(tmp_path / "library", analyse=unheard.analyse, part=unheard.part)
    service.analyses.worker = service.asked.jobs.worker = service.asked.kits.worker = service.asked.sounding = InPlace()
    with TestClient(application(service), ADDRESS) as client:
        yield client, service


def hit(height: float) -> bytes:
    out = io.BytesIO()
    soundfile.write(out, height * np.exp(-np.arange(4000) / 500), 22_050, format="WAV")
    return out.getvalue()


def uploaded(client, *files):
    return client.post("/api/drums/kits", files=[("file", file) for file in files])


def done(client, job, seconds=60.0):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        told = client.get(f"/api/jobs/{job}").json()
        if told["state"] not in ("waiting", "running"):
            return told
        time.sleep(0.05)
    raise AssertionError(told)


def test_patterns_and_kits_are_told_and_hits_fetched(drums):
    client, _ = drums
    told = client.get("/api/drums").json()
    assert [each["name"] for each in told["patterns"]] == list(drum_patterns())
    assert told["kits"][0] == {"name": "onpu", "title": "onpu, acoustic", "credit": "", "own": False}
    assert client.get("/api/drums/kits/onpu").json()["rows"]["kick"] == 3
    answer = client.get("/api/drums/kits/onpu/kick/2")
    assert answer.headers["content-type"] == "audio/flac"
    found, rate = soundfile.read(io.BytesIO(answer.content), dtype="float32")
    np.testing.assert_allclose(found.T / HIT_LEVEL, kit_source("onpu").load(rate).rows["kick"][2], atol=2e-4)
    for path in ("onpu/kick/3", "onpu/gong/0", "onpu/..%2f/0", "..%2f..%2flibrary.sqlite", "none"):
        assert client.get(f"/api/drums/kits/{path}").status_code in (404, 422)


def test_a_kit_is_uploaded_with_its_samples_under_new_names_and_removed(drums):
    client, service = drums
    answer = uploaded(client, ("My kit.sfz", SFZ), ("kick.WAV", hit(0.5)), ("Snare.wav", hit(0.4)))
    assert answer.status_code == 201
    kit = answer.json()["kits"][0]
    assert kit["title"] == "My kit" and kit["own"] and kit["name"].isalnum()
    assert set(client.get(f"/api/drums/kits/{kit['name']}").json()["rows"]) == {"kick", "snare"}
    place = service.library.folder / "kits" / kit["name"]
    assert {path.name for path in place.iterdir()} == {"kit.sfz", "000.wav", "001.wav", "title.txt"}
    assert (place / "kit.sfz").read_text() == ("<region> lokey=36 hikey=36 sample=000.wav\n"
                                               "<region> lokey=38 hikey=38 sample=001.wav\n")
    assert client.delete("/api/drums/kits/onpu").status_code == 404
    assert client.delete(f"/api/drums/kits/{kit['name']}").status_code == 200 and not place.exists()
    assert client.get(f"/api/drums/kits/{kit['name']}").status_code == 404
    assert not list(service.library.incoming.iterdir())


@pytest.mark.parametrize("files, said", [
    ([("a.sfz", SFZ)], "was not sent with it"), ([("a.wav", hit(0.1))], "one soundfont"),
    ([("a.html", b"<html>")], "is no drum kit"), ([("a.sfz", b'#include "/etc/passwd"\n<region>')], "includes other"),
    ([("a.sfz", b"<region> sample=" + b"x" * 9000)], "too large"), ([("a.sf2", b"RIFF0000sfbk")], ""),
    ([("a.sfz", b"<region> sample=/etc/passwd key=36")], "was not sent with it"),
    ([("a.sfz", b"#define $S sample\n<region> key=36 $S=/etc/passwd")], "was not sent with it"),
    ([("a.sfz", b"<control> DEFAULT_PATH=/etc/\n<region> key=36 SAMPLE=passwd")], "was not sent with it")])
def test_what_is_no_kit_leaves_nothing(drums, files, said):
    client, service = drums
    answer = uploaded(client, *files)
    if answer.status_code == 201:  # whether samples are there shows when they are played
        answer = client.get(f"/api/drums/kits/{answer.json()['kits'][0]['name']}")
    assert 400 <= answer.status_code < 500 and said in answer.json()["error"]
    assert "root:" not in answer.text and not list(service.library.incoming.iterdir())


def test_a_song_gets_other_drums_and_the_rest_stays(drums):
    client, _ = drums
    given = sound(8.0)
    sent(client, ("Autumn.wav", given))
    song = settled(client)[0]["id"]
    assert client.get(f"/api/songs/{song}/drums").json() == {"mix": None, "gain": None}
    assert done(client, client.post(f"/api/songs/{song}/stems").json()["job"])["state"] == "done"
    assert client.get(f"/api/songs/{song}/drums").json()["gain"] > 0
    mix = DrumMix.of({"drums": {name: {"muted": name != "snare", "pattern": "rock"} for name in DRUMS}}).json()
    assert client.put(f"/api/songs/{song}/drums", json={"mix": mix}).status_code == 200
    assert client.get(f"/api/songs/{song}/drums").json()["mix"] == mix
    told = done(client, client.post(f"/api/songs/{song}/drumix", json={"mix": mix}).json()["job"])
    assert told["state"] == "done", told
    answer = client.get(f"/api/jobs/{told['id']}/file")
    assert answer.headers["content-disposition"].startswith('attachment; filename="Autumn-drumix.wav"')
    out, rate = soundfile.read(io.BytesIO(answer.content))
    rest = soundfile.read(io.BytesIO(given))[0] * (1 - unheard.SHARES[1])
    first = round(0.49 * rate)
    np.testing.assert_allclose(out[:first], rest[:first], atol=1e-4, err_msg="the drums of this stub are half of it")
    part = np.abs(out - rest)
    for beat in (0.5, 1.5, 2.5):
        near = part[round((beat - 0.1) * rate) : round((beat + 0.05) * rate)]
        assert abs(np.argmax(near > 0.2 * near.max()) / rate - 0.1) < 0.005
    assert client.put(f"/api/songs/{song}/drums", json={"mix": {"drums": {"gong": {}}}}).status_code == 422
    assert client.get("/api/jobs/0/file").status_code == 404


@pytest.mark.skipif(shutil.which("node") is None, reason="node runs the page's rules")
def test_the_page_places_hits_as_the_renderer_does():
    beats = Beats.of(np.array([0.3, 0.8, 1.4, 1.9, 2.3, 2.8, 3.4]), np.array([4, 1, 2, 3, 1, 2, 3]))
    heard = Drums(np.array([0.1, 0.4, 0.6]), np.array([42, 46, 44]), np.array([50.0, 90.0, 127.0]), np.ones(3))
    script = """
      const { placed, played } = await import(process.argv[1]);
      const { rules, beats, heard } = JSON.parse(require("node:fs").readFileSync(0));
      const out = {}, pair = ({ time, velocity }) => [time, velocity];
      for (const pattern of rules.patterns) for (const rows of Object.values(rules.drums)) for (const row of rows)
        out[`${pattern.name} ${row}`] = placed(rules, pattern, [row], beats).map(pair);
      for (const row of rules.drums.hihat) out[`played ${row}`] = played(rules, heard, [row]).map(pair);
      console.log(JSON.stringify(out));
    """
    given = {"rules": rules(), "beats": {"times": beats.times.tolist(), "positions": beats.positions.tolist()},
             "heard": {"times": heard.times.tolist(), "pitches": heard.pitches.tolist(),
                       "velocities": heard.velocities.tolist()}}
    command = ["node", "-e", f"(async () => {{{script}}})()", str(ROOT / "web/src/workbench/drumix/placing.js")]
    run = subprocess.run(command, input=json.dumps(given), capture_output=True, text=True, check=True, timeout=60)
    found = json.loads(run.stdout)
    for name, pattern in drum_patterns().items():
        for rows in DRUMS.values():
            for row in rows:
                wanted = np.stack(placed(pattern, row, beats), axis=1)
                np.testing.assert_allclose(np.reshape(found[f"{name} {row}"], (-1, 2)), wanted, atol=1e-9)
    for row in DRUMS["hihat"]:
        np.testing.assert_allclose(np.reshape(found[f"played {row}"], (-1, 2)), np.stack(played(heard, row), axis=1))
