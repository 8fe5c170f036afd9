"""Mistakes of users: every wrong command line ends in a message and an exit code, never in a traceback.

An exception that `main` does not turn into a message passes through the fixture `onpu` and fails the test.
"""

import shlex
from dataclasses import fields

import numpy as np
import pytest
import soundfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onpu.command import MakerOptions
from onpu.errors import OnpuError
from onpu.listen import tasks
from onpu.make import makers
from onpu.maker import TrainedMaker
from onpu.recipe import Options, Recipe

LINES = """
analyse clicks.wav
analyze
analyze nowhere.wav
analyze clicks.wav --tasks beets
analyze clicks.wav --tasks stems
analyze clicks.wav --tasks ,
analyze clicks.wav --tasks dir
analyze clicks.wav --tasks bad.safetensors
analyze clicks.wav --tasks text.txt
analyze clicks.wav --tasks beats --format jmas
analyze clicks.wav --tasks beats --format ""
analyze clicks.wav --tasks beats --metre 0
analyze clicks.wav --tasks beats --metre three
analyze clicks.wav --tasks beats --metre -1
analyze clicks.wav --tasks beats --metre 3,4,99
analyze clicks.wav --tasks beats --metre ""
analyze clicks.wav --tasks beats --min-bpm 0
analyze clicks.wav --tasks beats --min-bpm nan
analyze clicks.wav --tasks beats --min-bpm inf
analyze clicks.wav --tasks beats --max-bpm 1e9
analyze clicks.wav --tasks beats --max-bpm 5
analyze clicks.wav --tasks beats --max-bpm fast
analyze clicks.wav --tasks beats --min-bpm 200 --max-bpm 100
analyze clicks.wav --tasks key --metre 3
analyze clicks.wav --tasks beats --half --double
analyze clicks.wav --tasks beats --jobs 0
analyze clicks.wav --tasks beats --jobs many
analyze clicks.wav --tasks beats --precision int4
analyze clicks.wav --tasks beats --device tpu
analyze clicks.wav --tasks beats --device cpu:99
analyze clicks.wav --tasks beats --licence GPL
analyze clicks.wav --tasks beats --lisence permissive
analyze clicks.wav --tasks beats -o clicks.wav
analyze clicks.wav --tasks beats -o text.txt/deeper
analyze clicks.wav --tasks beats --key H
analyze clicks.wav --tasks beats --tempo -3
analyze clicks.wav --tasks beats --tempo nan
analyze clicks.wav --tasks beats --tuning 20
analyze clicks.wav --tasks beats --tuning inf
analyze clicks.wav --tasks beats --first-downbeat -1
analyze clicks.wav --tasks beats --first-downbeat nan
analyze clicks.wav --tasks beats --shift-bars 1.5
analyze clicks.wav --tasks beats --given nowhere.jams
analyze clicks.wav --tasks beats --given text.txt
analyze clicks.wav --tasks beats --given bad.json
analyze clicks.wav --tasks beats --given songs/a.beats --hold chords
analyze clicks.wav --tasks beats --given songs/a.beats --hold beets
analyze clicks.wav --tasks beats --hold beats
analyze text.txt
analyze empty.wav
analyze noise.wav
analyze dir
analyze *.xyz
analyze @nolist
analyze @clicks.wav
analyze http://nowhere/y.mp3
analyze bad.json
analyze [
analyze --json --skip-existing clicks.wav
analyze 'a\0b.wav'
compose --kind piano-band --corpus dir/c
evaluate
evaluate beats
evaluate beets songs
evaluate stems songs
evaluate chorale songs
evaluate multif0 songs
evaluate onsets songs
evaluate beats nowhere
evaluate beats text.txt
evaluate beats dir
evaluate beats nochords
evaluate chords nochords
evaluate text.txt songs
evaluate bad.safetensors songs
evaluate dir songs
evaluate "" songs
evaluate beats songs --device tpu
evaluate beats songs --licence gpl
evaluate notes dir
reproduce
reproduce beets
reproduce beats --data nowhere
reproduce beats --data text.txt
reproduce beats --data dir
reproduce chorale --data dir
reproduce bad.safetensors
reproduce stems --data dir
reproduce musicvae --data dir
reproduce musicvae --data dir --fetch nowhere
reproduce musicvae --data dir --fetch gopher://x
reproduce musicvae --data dir --fetch file:///nowhere
reproduce musicvae --data text.txt --fetch dir
reproduce beats --device abacus
reproduce beats --jobs 0
reproduce notes
reproduce tempo
models beets
models --task beets
models --kind singer
models --licence free
models --bogus
models ""
train
train beets
train __init__
train beats --data nowhere
train beats --data dir
train beats --data clicks.wav
train beats --data songs --from beets
train beats --data songs --from chords
train beats --data songs --from stems
train beats --data songs --from bad.safetensors
train beats --data songs --from dir
train beats --from beats
train beats --data songs --from beats --network blstm
train beats --data songs --from beats --width 5
train beats --data songs --from beats --network nonsense
train beats --data songs --recipe huge
train beats --data songs --learning-rate -1
train beats --data songs --learning-rate nan
train beats --data songs --learning-rate inf
train beats --data songs --batch 0
train beats --data songs --steps 0
train beats --data songs --epochs -3
train beats --data songs --crop-seconds 0
train beats --data songs --crop-seconds -2
train beats --data songs --width 0
train beats --data songs --channels -3
train beats --data songs --blocks 0
train beats --data songs --workers -1
train beats --data songs --ema-decay 2
train beats --data songs --seed -1
train beats --data songs --precision 8-bit
train beats --data songs --minutes -1
train beats --data songs --patience -1
train beats --data songs --time-stretch 0
train beats --data songs --gradient-clip -1
train beats --data songs --warmup -1
train beats --data songs --blend 5
train beats --data songs --blend 0.5
train beats --data songs --share 1 --share 2
train beats --data songs --share 0
train beats --data songs --validation nowhere
train beats --data songs --validation dir
train beats --data songs --devices 0
train beats --data songs --devices 3
train beats --data songs --device cpu:1
train beats --data songs --optimiser adamm
train beats --data songs --momentum-ramp 5
train beats --data songs --momentum-ramp a,b
train beats --data songs -o clicks.wav
train key --data nochords
train chords --data nochords
train notes --data songs
train stems --data nowhere
train stems --data songs
train stems --from chorale
train stems --from stems --widths 4,8
train chorale
train chorale --data nowhere
train chorale --data text.txt
train chorale --data bad.gz
train chorale --data dir
train chorale --recipe huge
train chorale --units a
train chorale --units 0 --data text.txt
train midinet --data songs
train performance --data text.txt
train seq2seq --data bad.json
train musicvae --data text.txt
train pixelcnn --data text.txt
train ride --data dir
train convert --kind xyz
train gan --data clicks.wav
train enhance --data songs
make
make symphony
make chorale --key H
make chorale --bars 0
make chorale --bars 1000000
make chorale --temperature -1
make chorale --temperature nan
make chorale --seed -1
make chorale --seed x
make chorale --metre 13/8
make chorale --n 0
make chorale --sound kazoo
make chorale --bpm 0
make chorale --bpm nan
make chorale --format jpeg
make chorale --weights beats
make chorale --weights beets
make chorale --licence permissive
make chorale --device tpu
make chorale --given-file x
make midinet --chords H7
make midinet --chords ""
make midinet --chords N
make midinet --bars 0
make performance --seconds 0
make performance --seconds 1e9
make performance --top-p 0
make performance --primer nowhere.mid
make performance --primer text.txt
make gan --iterations -1
make cgan --kind gong
make musicvae --steps 1
make musicvae --steps 4
make musicvae --density inf
make seq2seq --beam 0
make pixelcnn --key Q
make ride --bars -2
separate
separate nowhere.wav
separate clicks.wav --only vocal
separate clicks.wav --wiener 9
separate clicks.wav --format aiff
separate clicks.wav --weights beats
separate text.txt
convert clicks.wav
convert clicks.wav --to kazoo
convert clicks.wav --to strings --weights stems
convert clicks.wav --to strings --iterations -1
enhance nowhere.wav
enhance clicks.wav --seed -1
compose --style polkka
compose -o song.mid
make chorale -o hymn.mid
analyze clicks.wav -o dir/song.jams
compose -n 0
compose --seconds 1
compose --seconds nan
compose --rate 1
compose --corpus dir/c --for beats
compose --corpus dir/c --for stems --kind piano
compose --corpus text.txt/c
compose --for stems
compose --licence permissive --sets nowhere --corpus text.txt/c
corpus
corpus free --data nowhere --out dir/f
corpus free --data dir --out dir/f
corpus free --data dir --out dir/f --without-fold 9
corpus free --data dir --out dir/f --without-fold 0 --only-fold 1
corpus free --data dir --out dir/f --licence gratis
corpus steady --data nowhere --out dir/s
corpus steady --data dir --out dir/s --seconds 1
demo nowhere.wav
demo --style polkka
demo --seconds 0
render
render nowhere.jams
render text.txt
render bad.json
render songs/a.beats --format jmas
render songs/a.beats --key H
render songs/a.beats --metre 0/0
render songs/a.beats -o text.txt/x
render clicks.wav
sonify
sonify nowhere.wav
sonify clicks.wav --of tags
--version --bogus
""".strip().splitlines()


@pytest.fixture(scope="module")
def folder(tmp_path_factory, clicks):
    """What the command lines name: a good recording, labels, and files that are not what they seem."""
    folder = tmp_path_factory.mktemp("mistakes")
    (folder / "clicks.wav").write_bytes(clicks.read_bytes())
    (folder / "text.txt").write_text("hello\n")
    (folder / "empty.wav").write_bytes(b"")
    (folder / "noise.wav").write_bytes(bytes(np.random.default_rng(0).integers(0, 256, 4000, dtype=np.uint8)))
    (folder / "bad.json").write_text("{")
    (folder / "bad.gz").write_bytes(b"\x1f\x8b\x08")
    (folder / "bad.safetensors").write_bytes(b"xx")
    for name in ("dir", "songs", "nochords"):
        (folder / name).mkdir()
    samples, rate = soundfile.read(clicks)
    for name, suffix, labels in (("songs", ".beats", "0.5 1\n1.0 2\n1.5 3\n2.0 4\n2.5 1\n"),
                                 ("nochords", ".chords.lab", "0 4 Hmaj\n4 8 F\n")):
        soundfile.write(folder / name / "a.wav", samples, rate)
        (folder / name / f"a{suffix}").write_text(labels)
    return folder


@pytest.fixture
def inside(folder, monkeypatch):
    """The tests run in that folder, and nothing is trained there."""
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", "120")

    def reached(*given, **named):
        raise AssertionError("a wrong command line was carried out")

    monkeypatch.setattr("onpu.training.loop.pl.Trainer.fit", reached)
    return folder


@pytest.mark.parametrize("line", LINES)
def test_a_wrong_line_is_told_what_is_wrong(onpu, inside, line):
    before = sorted(inside.rglob("*"))
    answer = onpu(*shlex.split(line.replace("\\0", "\0")))
    assert answer.code in (1, 2), answer
    assert "Traceback" not in answer.err and "unforeseen" not in answer.err + answer.out, answer.err
    said = [text for text in answer.err.splitlines() if text.startswith("onpu: ")]
    assert said or "Error" in answer.err or "Usage" in answer.out + answer.err, answer
    assert all(len(text) < 600 for text in said), said
    left = [path for path in sorted(inside.rglob("*")) if path not in before and path.is_file()]
    assert not [path for path in left if path.suffix == ".safetensors"], left


def test_two_hundred_lines_are_tried():
    assert len(set(LINES)) == len(LINES) >= 200


JUNK = st.one_of(
    st.sampled_from(["", "nan", "inf", "-inf", "-1", "0", "1e400", "99999999999999999999", "0.5", "3", "tcn", "a,b",
                     ",", "1,2,3,4,5,6,7,8,9", "None", "True", "-", "--", "é", "1;2", "(1, 2)", "'", " "]),
    st.integers(-3, 4).map(str), st.floats().map(str), st.text(st.characters(exclude_characters="\0"), max_size=5))
"""Values of flags as users mistype them."""


def flags(kind: type) -> list[str]:
    return [f"--{field.name.replace('_', '-')}" for field in fields(kind) if "help" in field.metadata]


TRAINED = [(name, flag) for name, task in {**tasks(), **makers()}.items()
           for flag in flags(type(next(iter(task.recipes.values()))))]
MADE = [(name, flag) for name, maker in makers().items() if maker.command is not None
        for flag in flags(type(maker.options))]
SLOW = settings(max_examples=60,
                suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@SLOW
@given(st.sampled_from(TRAINED), JUNK)
def test_no_setting_of_a_training_ends_in_a_traceback(onpu, inside, monkeypatch, chosen, value):
    """Up to the first step: the network is built, or refused."""
    def stop(*given, **named):
        raise OnpuError("it would be trained now")

    monkeypatch.setattr("onpu.training.loop.pl.Trainer.fit", stop)
    monkeypatch.setattr("onpu.training.listeners.prepare", stop)
    monkeypatch.setattr("onpu.training.makers.begin", stop)
    task, flag = chosen
    answer = onpu("train", task, "--data", "songs", f"{flag}={value}", "-o", "dir/run")
    assert answer.code == 2 and "Traceback" not in answer.err, answer


@SLOW
@given(st.sampled_from(MADE), JUNK)
def test_no_option_of_a_maker_ends_in_a_traceback(onpu, inside, monkeypatch, chosen, value):
    def stop(*given, **named):
        raise OnpuError("it would be made now")

    monkeypatch.setattr(TrainedMaker, "__call__", stop)
    task, flag = chosen
    answer = onpu("make", task, f"{flag}={value}", "-o", "dir/made")
    assert answer.code == 2 and "Traceback" not in answer.err, answer


SETTINGS = sorted({type(recipe) for task in {**tasks(), **makers()}.values() for recipe in task.recipes.values()}
                  | {type(task.options) for task in {**tasks(), **makers()}.values() if task.options is not None}
                  | {MakerOptions}, key=lambda kind: kind.__name__)
VALUES = st.one_of(st.none(), st.booleans(), st.integers(-5, 5), st.floats(), st.text(max_size=3),
                   st.lists(st.integers(-2, 3) | st.floats() | st.text(max_size=1), max_size=3),
                   st.tuples(st.integers(-2, 3), st.floats()),
                   st.dictionaries(st.text(max_size=1), st.none(), max_size=1))


@settings(max_examples=300)
@given(st.data())
def test_recipes_and_options_refuse_what_they_cannot_be(data):
    """Whatever is written into a field from Python: the value is taken, or it is an `OnpuError`."""
    kind = data.draw(st.sampled_from(SETTINGS))
    assert issubclass(kind, Recipe | Options), f"{kind.__name__} is checked by nothing"
    names = flags(kind)
    if names:
        name = data.draw(st.sampled_from(names)).removeprefix("--").replace("-", "_")
        try:
            kind(**{name: data.draw(VALUES)})
        except OnpuError as error:
            assert len(str(error).splitlines()) == 1
