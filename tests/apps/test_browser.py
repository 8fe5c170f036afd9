"""The page that analyses in the browser finds what Python finds, with the same modules; its parts do what theirs do."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest
import soundfile
import soxr
from headless import leave_out, require_browser
from typer.testing import CliRunner

import onpu
from benchmarks.browser import apart, asked
from benchmarks.paths import NODE
from onpu.apps.cli import app
from onpu.engine.compose import compose
from onpu.engine.render import perform, produce
from onpu.errors import OnpuError
from onpu.export.browser import folder, runtime
from onpu.export.packing import packed
from onpu.music.arrays import occurrences, repeated

STATIC = folder.STATIC
TASKS = ("beats", "chords", "key", "onsets")
IMPORTING = """
import sys, types
sys.path[:0] = [sys.argv[1] + "/stand_ins", sys.argv[1]]
host = types.ModuleType("onpu_host")
host.open_network = host.new_resampler = None
sys.modules["onpu_host"] = host
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ({missing}):
            raise ImportError("no " + name)
sys.meta_path.insert(0, Missing())
from onpu.apps import in_browser
import numpy as np, onnxruntime, soundfile, soxr
assert soxr.ResampleStream(8000, 8000, 1, "float32").resample_chunk(np.ones(3)).tolist() == [1, 1, 1]
print(in_browser.as_json(in_browser.Timeline(2.0)))
silence = [np.zeros(44100, np.float32)]
text = in_browser.report(in_browser.Timeline(2.0), silence, 22050, "A <b>", b"sound", "audio/x-test")
assert "A &lt;b&gt;" in text and "audio/x-test" in text and "c291bmQ=" in text
"""


def node(script: str, *given: object) -> object:
    """What a script of a module prints, as JSON; `given` are its arguments."""
    if not NODE:
        pytest.skip("node is not installed")
    done = subprocess.run([NODE, "--input-type=module", "-e", script, "--", *map(str, given)], capture_output=True,
                          text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize(("before", "after"), [(44_100, 22_050), (48_000, 22_050), (16_000, 22_050)])
def test_sound_at_another_rate_is_that_of_soxr(before, after, tmp_path):
    rng = np.random.default_rng(1)
    sound = (0.2 * rng.standard_normal(before)).astype(np.float32)
    time = np.arange(before) / before
    sound += 0.4 * np.sin(2 * np.pi * 440 * time).astype(np.float32)
    sound.tofile(tmp_path / "before")
    node("""import { readFileSync, writeFileSync } from "node:fs";
        const [from, to, before, after, module] = process.argv.slice(1);
        const { Resampler } = await import(module);
        const sound = new Float32Array(new Uint8Array(readFileSync(from)).buffer);
        const resampler = new Resampler(Number(before), Number(after));
        const edges = [0, 7, 7, 20000, sound.length];
        const parts = edges.slice(1).map((end, place) => resampler.push(sound.subarray(edges[place], end)));
        parts.push(resampler.push(new Float32Array(0), true));
        writeFileSync(to, Buffer.concat(parts.map((part) => new Uint8Array(part.buffer))));
        console.log("{}");""", tmp_path / "before", tmp_path / "after", before, after,
         (STATIC / "package" / "resampling.js").as_uri())
    found, wanted = np.fromfile(tmp_path / "after", np.float32), soxr.resample(sound, before, after)
    assert len(found) == len(wanted) == after
    inside = slice(2000, -2000)
    error = np.sqrt(np.mean((found - wanted)[inside] ** 2) / np.mean(wanted[inside] ** 2))
    assert error < 0.03  # noise up to the Nyquist frequency: the edges of the two filters differ there
    low = [np.abs(np.fft.rfft(each[inside] * np.hanning(len(each[inside]))))[: int(0.88 * len(each[inside]) / 2)]
           if after < before else np.abs(np.fft.rfft(each[inside])) for each in (found, wanted)]
    if after < before:
        assert np.abs(low[0] - low[1]).max() < 1e-4 * low[1].max()


def test_rates_of_files_are_read_from_their_heads(tmp_path):
    files = {"a.wav": 32_000, "b.flac": 48_000, "c.ogg": 22_050, "d.mp3": 44_100, "e.aiff": 16_000, "f.mp3": 24_000}
    for name, rate in files.items():
        soundfile.write(tmp_path / name, np.zeros(rate // 4), rate)
    soundfile.write(tmp_path / "g.opus", np.zeros(6000), 24_000, format="OGG", subtype="OPUS")
    (tmp_path / "h.txt").write_text("no sound " * 100, encoding="utf-8")
    found = node("""import { readFileSync } from "node:fs";
        const [module, ...files] = process.argv.slice(1);
        const { nativeRate } = await import(module);
        console.log(JSON.stringify(files.map((file) => nativeRate(new Uint8Array(readFileSync(file))))));""",
                 (STATIC / "package" / "rates.js").as_uri(), *(tmp_path / name for name in (*files, "g.opus", "h.txt")))
    assert found == [*files.values(), 48_000, None]


def test_what_is_packed_needs_nothing_that_a_browser_has_not(tmp_path):
    (tmp_path / "onpu.zip").write_bytes(folder.python())
    with ZipFile(tmp_path / "onpu.zip") as held:
        held.extractall(tmp_path / "held")
    missing = ("torch", "scipy", "mir_eval", "safetensors", "typer", "rich", "threadpoolctl")
    done = subprocess.run([sys.executable, "-I", "-c", IMPORTING.replace("{missing}", ", ".join(map(repr, missing))),
                           tmp_path / "held"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"duration": 2.0}
    assert folder.python() == (tmp_path / "onpu.zip").read_bytes()


def test_no_index_of_64_bits_reaches_numpy_where_indices_have_32():
    """`onpu.music.arrays` has what counts and repeats by indices of any width."""
    modules = packed(folder.ROOTS, ("onpu.decode.tasks",))
    calling = {name for name, path in modules.items() if re.search(r"np\.(bincount|repeat)\(", path.read_text("utf-8"))}
    assert calling == {"onpu.music.arrays"}
    assert occurrences(np.array([1, 1], np.int64), np.array([0.5, 1.0])).tolist() == [0, 1.5]
    assert repeated([5, 6], np.array([2, 1], np.int64)).tolist() == [5, 5, 6] and repeated([5], 2).tolist() == [5, 5]


def test_every_text_of_the_page_is_there_in_japanese():
    texts = (STATIC / "texts.js").read_text(encoding="utf-8")
    table = set(re.findall(r'^  "((?:[^"\\]|\\.)+)":', texts, re.MULTILINE))
    page, script = ((STATIC / name).read_text(encoding="utf-8") for name in ("index.html", "page.js"))
    used = {text for text in re.findall(r'data-text="([^"]+)"', page) if "http" not in text}
    used |= set(re.findall(r'\bt\("([^"]+)"\)', script))
    for name in ("WORDS", "WRONG"):
        block = re.search(rf"const {name} = \{{(.*?)\n\}};", script, re.DOTALL).group(1)
        used |= set(re.findall(r': "([^"]+)"', block))
    assert len(used) > 15 and used == {text for text in table if text in used}
    assert table - used <= {"{name}: cannot be analysed ({reason})."}


def test_parts_that_are_not_the_ones_meant_are_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))

    def other(package, to):
        inside = to / package.inside
        inside.mkdir(parents=True)
        for name in package.files:
            (inside / name).write_bytes(b"something else")

    monkeypatch.setattr(runtime, "_from_npm", other)
    with pytest.raises(OnpuError, match=r"pyodide@.*is not the file that is meant"):
        runtime.fetched()
    monkeypatch.undo()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(runtime.shutil, "which", lambda name: None)
    monkeypatch.setattr(runtime.subprocess, "run", _missing)
    with pytest.raises(OnpuError, match=r"npm is not installed; put pyodide\.mjs, .* into .*browser yourself"):
        runtime.fetched()


def _missing(*given, **named):
    raise FileNotFoundError("npm")


def test_a_page_is_written_over_nothing_and_takes_no_stems(tmp_path):
    (tmp_path / "there").write_text("kept", encoding="utf-8")
    for arguments, said in ((["--web", str(tmp_path)], "--force"), (["stems", "--web", str(tmp_path / "new")], "stems"),
                            ([], "no listener is named")):
        result = CliRunner().invoke(app, ["export", *arguments])
        assert isinstance(result.exception, OnpuError) and said in str(result.exception)


@pytest.fixture(scope="module")
def songs(tmp_path_factory) -> list[Path]:
    """The first nine seconds of two songs."""
    made = []
    for seed, style in ((7, "house"), (12, "pop")):
        song = compose(seed=seed, style=style, seconds=9.0)
        stems, labels = perform(song, seed, 22_050, [])
        path = tmp_path_factory.mktemp("songs") / f"{style}.wav"
        audio = produce(stems, seed, labels)
        soundfile.write(path, audio.samples[:, : 9 * audio.rate].T, audio.rate)
        made.append(path)
    return made


@pytest.fixture(scope="module")
def page(tmp_path_factory, exported_listener) -> Path:
    """A page with some listeners."""
    require_browser("playwright-core")
    if not runtime.complete():
        leave_out("what runs in the browser is not here; python -m onpu.export.browser.runtime")
    out = tmp_path_factory.mktemp("page")

    def copied(models: Path) -> None:
        for name in TASKS:
            shutil.copytree(exported_listener(name), models / name)

    folder.write_page(out, copied)
    return out


def test_the_browser_finds_what_python_finds(page, songs, exported_listener, tmp_path):
    wrong = tmp_path / "wrong.mp3"
    wrong.write_bytes(b"no sound at all " * 50)
    answer = asked(page, songs, tasks=None, page={"song": str(songs[0]), "wrong": str(wrong)})
    assert answer["complaints"] == [] and answer["requests"] == []
    for song, found in zip(songs, answer["found"], strict=True):
        truth = onpu.analyze(song, tasks=[str(exported_listener(name)) for name in TASKS])
        heard = onpu.Timeline.from_dict(found["timeline"])
        assert heard.found().keys() == truth.found().keys() and len(truth.beats) > 8 and len(truth.onsets) > 8
        distance = apart(truth, heard)
        assert distance["beats"] == distance["chords"] == distance["keys"] == 1.0
        assert truth.beats.positions.tolist() == heard.beats.positions.tolist()
        np.testing.assert_allclose(heard.beats.times, truth.beats.times, atol=0.02)
        assert heard.chords.labels.tolist() == truth.chords.labels.tolist()
        np.testing.assert_allclose(heard.chords.starts, truth.chords.starts, atol=0.02)
        assert heard.key.labels.tolist() == truth.key.labels.tolist()
    used = answer["page"]
    assert used["heading"] == "house" and used["saved"] == pytest.approx(9.0) and used["chords"]
    assert used["faults"] == [] and used["wide"] <= 390 and used["focused"] == "file"
    assert used["wrong"].startswith("wrong.mp3: this browser finds no sound in it")
    assert used["japanese"].startswith("wrong.mp3：このブラウザーでは")
    assert used["long"] == ["long", "the recording: lasts 15:01, and a page takes 15:00 at most; use onpu analyze"]
