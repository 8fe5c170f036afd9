"""Every text of the pages, of the makers' forms and of the drum patterns has a Japanese one, with the same places for
values."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from onpu.formats.general_midi import FAMILIES, KIT, OTHER_PERCUSSION
from onpu.music.drum_patterns import drum_patterns
from onpu.music.sections import NAMES
from onpu.pipelines.generation import maker_table

HERE = Path(__file__).resolve().parent
WORDS = re.compile(r"[A-Za-z]{2}")
PLACES = re.compile(r"\{\w+\}")


@pytest.fixture(scope="module")
def texts():
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    return json.loads(subprocess.run([node, HERE / "texts.mjs"], capture_output=True, text=True, check=True).stdout)


def test_what_the_pages_say_is_translated(texts):
    said = {text for each in texts["said"].values() for text in each if WORDS.search(text)}
    assert len(said) > 180 and "Drop a song here" in said, "the sources are read"
    assert sorted(said - texts["translated"].keys()) == []


def test_what_the_forms_of_makers_say_is_translated(texts):
    table = maker_table()
    said = {text for maker in table for text in (maker["title"], maker["help"], *maker["sounds"])}
    for maker in table:
        for option in maker["options"]:
            said |= {option["name"].replace("_", " "), option["help"], *option["choices"]}
        for given in maker["inputs"]:
            said |= {given["name"].replace("_", " "), given["help"]}
    assert len(said) > 80
    assert sorted(said - texts["translated"].keys()) == []


def test_names_of_drums_instruments_and_sections_are_translated(texts):
    patterns = {each.title for each in drum_patterns().values()}
    said = {*FAMILIES, *NAMES, OTHER_PERCUSSION, *(name for name, _ in KIT)} | patterns
    assert sorted(said - texts["translated"].keys()) == []


def test_values_have_their_places_in_both_languages(texts):
    for english, japanese in texts["translated"].items():
        assert sorted(set(PLACES.findall(english))) == sorted(set(PLACES.findall(japanese))), english


def test_no_text_is_translated_twice(texts):
    assert texts["twice"] == []
