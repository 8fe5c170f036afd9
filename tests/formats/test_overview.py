"""The strip that notebooks show: one picture of whatever is there, without scripts, valid and small."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from timelines import timelines

from onpu.engine.compose import compose
from onpu.formats.report.overview import overview
from onpu.formats.report.pitch_colours import NO_PITCH, colour_of
from onpu.music import Beats, Chords, Keys, Metre, Sections, Tempo, Timeline
from onpu.music.segments import Segments


def parsed(html: str) -> ElementTree.Element:
    """The strip as a tree; raises where it is not well formed."""
    return ElementTree.fromstring(f"<div>{html}</div>")


@settings(max_examples=30)  # pauses of hours are filled with bars
@given(timelines())
def test_every_timeline_is_shown_without_scripts(timeline):
    html = overview(timeline)
    captions = {element.text for element in parsed(html).iter("text")}
    rows = {"sections", "keys", "chords", "notes", "drums", "voice"} & set(timeline.found())
    assert rows <= captions and ("bars" in captions) == (timeline.beats is not None)
    assert "script" not in html and "http" not in html and "nan" not in html


def test_boxes_lie_where_the_segments_do():
    chords = Chords(np.array([0.0, 3.0]), np.array([3.0, 4.0]), np.array(["Ab:maj7/3", "N"]), np.ones(2))
    boxes = [(float(box.get("x")), float(box.get("width")), box.get("fill"), box.find("title").text)
             for box in parsed(overview(Timeline(4.0, chords=chords))).iter("rect")]
    (first, wide, colour, said), (second, narrow, grey, silence) = boxes
    assert (first, second) == (0, 678) and (wide, narrow) == (677.5, 225.5)
    assert (colour, grey) == (colour_of(8), NO_PITCH) and said == "Abmaj7/C 0:00–0:03" and silence.startswith("N ")


def test_texts_of_others_cannot_break_out():
    evil = Sections(np.zeros(1), np.ones(1), np.array(['</text><script>"&']), np.ones(1))
    timeline = Timeline(1.0, sections=evil, chords=Chords(*(getattr(evil, name) for name in vars(evil))),
                        keys=Keys(*(getattr(evil, name) for name in vars(evil))))
    texts = [element.text for element in parsed(overview(timeline)).iter("text") if element.get("pointer-events")]
    assert texts == ['</text><script>"&'] * 3


def test_the_facts_stand_above():
    timeline = Timeline(185.2, tempo=Tempo(np.array([119.6]), np.ones(1), np.zeros(0), np.zeros(0)),
                        metre=Metre(np.zeros(1), np.array([3]), np.array([4]), np.ones(1)))
    assert "".join(parsed(overview(timeline)).itertext()) == "3/4 · 120 beats a minute · 3:05"


def test_an_hour_with_ten_thousand_chords_stays_small():
    edges = np.linspace(0, 3600, 10_001)
    chords = Chords(edges[:-1], edges[1:], np.array(["C:maj", "G:7"] * 5000), np.ones(10_000))
    beats = Beats.of(np.arange(0, 3600, 0.5), np.tile([1, 2, 3, 4], 1800))
    html = overview(Timeline(3600.0, beats=beats, chords=chords))
    assert len(html) < 300_000 and len(list(parsed(html).iter("rect"))) > 1000
    (bars,) = (path.get("d") for path in parsed(html).iter("path"))
    assert bars.startswith("M0.0 0v12M4.0 0v12"), "of 1800 bars every eighth stands at least three units apart"


def test_what_was_looked_for_and_not_found_says_none():
    none = Segments(np.zeros(0), np.zeros(0), np.zeros(0, np.str_), np.zeros(0))
    html = overview(Timeline(1.0, beats=Beats.of(np.zeros(0), np.zeros(0)), sections=Sections(**vars(none))))
    assert html.count(">none<") == 2


@pytest.mark.parametrize("seed", [3, 4])
def test_notebooks_show_the_strip(seed):
    timeline = compose(seed).timeline
    assert timeline._repr_html_() == overview(timeline)
    assert re.search(r"chords</text>.*bars</text>", overview(timeline)) and len(overview(timeline)) < 60_000


def test_colours_of_pitches_are_apart_and_neighbours_on_the_circle_of_fifths_are_nearest():
    rgb = np.array([[int(colour_of(7 * step % 12)[i : i + 2], 16) for i in (1, 3, 5)] for step in range(12)], float)
    apart = np.linalg.norm(rgb[:, None] - rgb[None], axis=-1) + 1e3 * np.eye(12)
    nearest = apart.argmin(axis=1)
    assert all((nearest[step] - step) % 12 in (1, 11) for step in range(12)) and apart.min() > 15
