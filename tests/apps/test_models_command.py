"""onpu models, evaluate and reproduce of what is shipped: tables, filters, tasks of several weights."""

import json
import shutil

import pytest

import onpu as door


def listed(answer):
    """Names in the table."""
    assert answer.code == 0 and answer.err == "", answer.err
    return [line.split()[0] for line in answer.out.splitlines()[1:-1]]


@pytest.mark.parametrize(("words", "holds"), [
    ((), lambda model: True),
    (("--task", "notes"), lambda model: model["task"] == "notes"),
    (("--task", "tempo"), lambda model: model["task"] == "beats"),
    (("--kind", "maker"), lambda model: model["kind"] == "maker"),
    (("--licence", "permissive"), lambda model: "permissive" in model["choices"]),
    (("--commercial",), lambda model: model["commercial_use"]),
    (("--kind", "listener", "--licence", "permissive", "--task", "voice"), lambda model: (
        model["task"] == "voice" and "permissive" in model["choices"])),
])
def test_filters_keep_what_they_say(onpu, words, holds):
    wanted = [name for name, model in door.models().items() if holds(model)]
    if wanted:
        assert listed(onpu("models", *words)) == wanted
    else:
        assert onpu("models", *words).err == "onpu: no shipped weights are all of this; ask for less\n"
    assert list(json.loads(onpu("models", *words, "--json").out)) == wanted


def test_a_line_fits_a_line(onpu):
    lines = onpu("models").out.splitlines()
    assert len(lines) == len(door.models()) + 2 and max(map(len, lines)) <= 140


def test_a_task_of_several_weights_is_judged_as_it_is_used(onpu, clicks, tmp_path):
    """`notes` is two networks; what they find together is perfect where it is taken for the truth."""
    shutil.copy(clicks, tmp_path / "take.wav")
    door.analyze(clicks, tasks="notes", device="cpu").save(tmp_path / "take.jams")
    answer = onpu("evaluate", "notes", tmp_path, "--device", "cpu")
    assert answer.code == 0 and "1 recordings" in answer.out, answer.err
    answer = onpu("reproduce", "notes")
    assert (answer.code, answer.err) == (2, "onpu: notes: has no weights of that name, it uses band and piano; name "
                                            "one of them\n")


def test_what_reproducing_needs_is_listed_fetched_and_missed(onpu, tmp_path):
    chorale = door.models()["chorale"]["trained_on"][0]
    assert "CC BY-NC-SA" in chorale
    told = onpu("reproduce", "chorale", "--data", tmp_path, "--sources").out
    assert "chorales.json.gz: missing" in told and "github.com/craigsapp/bach-370-chorales" in told
    assert "SHA-256  10778ead9c8e" in told
    answer = onpu("reproduce", "chorale", "--data", tmp_path)
    assert answer.code == 2 and answer.err.count("\n") == 1, answer.err
    assert "lacks chorales.json.gz (SHA-256 10778ead9c8e), of which chorale was made; had from github.com" in answer.err
    (tmp_path / "mirror").mkdir()
    (tmp_path / "mirror/chorales.json.gz").write_bytes(b"others")
    answer = onpu("reproduce", "chorale", "--data", tmp_path, "--fetch", tmp_path / "mirror")
    assert answer.code == 2 and "its chorales.json.gz is another one" in answer.err
    told = onpu("reproduce", "beats", "--data", tmp_path, "--sources").out
    assert "weights, of which 0.5 of the mean are: there" in told and "onpu, as beats-permissive" in told
    assert "nobody: they are not shipped; the file with this hash, made by: onpu train beats" in told
    answer = onpu("reproduce", "drums", "--data", tmp_path)
    assert answer.code == 2 and "lacks " in answer.err and "--sources lists all" in answer.err


@pytest.mark.parametrize("name", ["chords", "beats", "chorale", "stems"])
def test_cards_are_markdown_under_yaml_that_says_what_the_weights_say(onpu, name):
    heading, _, body = onpu("card", name).out.removeprefix("---\n").partition("\n---\n")
    read = {key: json.loads(value) for key, value in (line.split(": ", 1) for line in heading.splitlines())}
    model = door.models()[name]
    assert read["library_name"] == "onpu" and model["task"] in read["tags"]
    assert read["license"] == {"chords": "apache-2.0", "beats": "cc-by-sa-4.0", "chorale": "cc-by-nc-sa-4.0",
                               "stems": "cc-by-sa-4.0"}[name]
    figures = [metric["value"] for result in read["model-index"][0]["results"] for metric in result["metrics"]]
    assert sorted(figures) == sorted(score["mean"] for score in model["scores"])
    use = {"chords": "onpu analyze song.mp3 --tasks chords", "beats": "onpu analyze song.mp3 --tasks beats",
           "chorale": "onpu make chorale --weights chorale", "stems": "onpu separate song.mp3 --weights stems"}
    assert f"or `{use[name]}`." in body
    assert model["paper"] in body and all(credit["author"] in body for credit in model["credits"])


def test_a_card_is_written_once(onpu, tmp_path):
    assert onpu("card", "key", "-o", tmp_path / "README.md").code == 0
    again = onpu("card", "key", "-o", tmp_path / "README.md")
    assert again.code == 2 and "--force" in again.err
    assert "did you mean" in onpu("card", "chrods").err
