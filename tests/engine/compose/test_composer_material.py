"""The tables that the composer draws from: patterns fit their bars, numerals name chords, all names exist."""

import mir_eval
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onpu.engine.compose import STYLES
from onpu.engine.compose.accompany import accompany, voice
from onpu.engine.compose.atonal import ATONAL
from onpu.engine.compose.chord import PLAYED, Chord, Tonality, chord_scale, roman
from onpu.engine.compose.drummer import CHINA, PITCHES
from onpu.engine.compose.figures_customs import FIGURES
from onpu.engine.compose.form import ENERGY, FORMS, lay_out
from onpu.engine.compose.grooves_world import GROOVES
from onpu.engine.compose.harmony import _MAJOR_FLOW, _MINOR_FLOW, compose_harmony
from onpu.engine.compose.lines import LINES
from onpu.engine.compose.metre import SIGNATURES
from onpu.engine.compose.pattern import read
from onpu.engine.compose.progressions import FAMILIES
from onpu.engine.compose.progressions_colour import COLOURS, MODAL
from onpu.engine.compose.sampler import SAMPLER
from onpu.engine.compose.tempo import BeatTimes, swing
from onpu.engine.compose.textures import RULES, play
from onpu.music.harte import QUALITIES
from onpu.music.spelling import MODES

EVERY_SIGNATURE = [variant for variants in SIGNATURES.values() for variant in variants]
KEYS = [Tonality(tonic, mode) for tonic in range(12) for mode in MODES]


def numerals():
    for text in (text for texts in MODAL.values() for text in texts):
        yield from text.replace("|", " ").split()
    for family in (FAMILIES | COLOURS).values():
        for text in (*family.major, *family.minor):
            yield from text.replace("|", " ").split()
    for flow in (_MAJOR_FLOW, _MINOR_FLOW):
        for source, goals in flow.items():
            yield from (source, *goals)


def check_steps(text, written):
    for bar in text.replace(" ", "").split("|"):
        grid = len(bar) / SIGNATURES[written][0].length
        assert abs(grid - round(grid)) < 1e-9 or abs(grid * 1.5 - round(grid * 1.5)) < 1e-9, (text, written)
    for signature in EVERY_SIGNATURE:
        for steps in read(text, written, signature):
            ends = 0.0
            for step in steps:
                assert step.offset >= ends - 1e-9 and step.length > 0
                ends = step.offset + step.length
            assert ends <= signature.length + 1e-9


@pytest.mark.parametrize("name", FIGURES)
def test_figures_fit_every_bar(name):
    for written, alternatives in FIGURES[name].patterns.items():
        for text in alternatives:
            assert set(text) <= set("xXosubBfemhvn0123456789-.| "), text
            check_steps(text, written)


@pytest.mark.parametrize("name", GROOVES)
def test_grooves_fit_every_bar(name):
    groove = GROOVES[name]
    for letter, line in groove.lines.items():
        assert letter in PITCHES | CHINA
        assert not groove.follows or groove.follows in groove.lines
        for text in (line,) if isinstance(line, str) else line:
            assert set(text) <= set("Xxo?f.|"), text
            check_steps(text, groove.signature)


def test_a_pattern_in_its_own_metre_is_what_it_says():
    steps = read("x-.x x...", "2/4", SIGNATURES["2/4"][0])[0]
    assert [(s.offset, s.length) for s in steps] == [(0.0, 0.5), (0.75, 0.25), (1.0, 0.25)]
    shuffled = read("x.x.x.x.x.x.x.x.", "4/4", SIGNATURES["12/8"][0])[0]
    assert [round(s.offset * 2) for s in shuffled] == [0, 2, 3, 5, 6, 8, 9, 11]


def test_every_name_in_the_styles_exists():
    textures = {*FIGURES, *LINES, *RULES}
    for style in STYLES.values():
        assert {texture for seat in style.seats for texture in seat.plays} <= textures
        assert all(0 <= program <= 127 for seat in style.seats for program in seat.programs)
        assert {*style.grooves, *style.percussion} <= set(GROOVES)
        assert set(style.metres) <= set(SIGNATURES) and set(style.modes) <= set(MODES)
        assert set(style.forms) <= set(FORMS) and set(style.harmony) <= {*FAMILIES, "functional", SAMPLER, ATONAL}
        assert style.tempo[0] < style.tempo[1] < style.tempo[2]
    assert {label for form in FORMS.values() for label in form} <= set(ENERGY)


@pytest.mark.parametrize("numeral", sorted(set(numerals())))
def test_labels_mean_the_chord_to_mir_eval(numeral):
    for key in KEYS[::5]:
        chord = roman(numeral, key.tonic)
        root, bitmap, bass = mir_eval.chord.encode(chord.label(key), reduce_extended_chords=True)
        assert root == chord.root and bass == chord.bass
        optional = {2, 5} if chord.quality == "13" else set()
        tones = {step % 12 for step in QUALITIES[chord.quality]} | {chord.bass}
        assert set(np.flatnonzero(bitmap)) - optional == tones - optional


def test_numerals_that_are_none_are_refused():
    with pytest.raises(ValueError, match="roman numeral"):
        roman("Q7", 0)


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.label)
def test_scales_are_spelled_with_seven_letters(key):
    assert len({key.names[tone][0] for tone in key.scale}) == 7
    assert all(len(name) <= 2 for name in key.names)
    assert [mir_eval.chord.pitch_class_to_semitone(name) for name in key.names] == list(range(12))


@given(st.sampled_from(PLAYED), st.integers(0, 11), st.sampled_from(("close", "open", "rootless", "shell")),
       st.integers(50, 72))
def test_voicings_hold_the_chord_near_their_register(quality, root, kind, register):
    chord = Chord(root, quality)
    pitches = voice(chord, kind, register, ())
    allowed = {*chord.classes, (root + 14) % 12} if kind == "rootless" else set(chord.classes)
    assert {pitch % 12 for pitch in pitches} <= allowed
    assert abs(np.mean(pitches) - register) < 9
    assert list(pitches) == sorted(pitches)


@given(st.integers(0, 2**32), st.sampled_from(sorted({*FAMILIES, *COLOURS, "functional", SAMPLER, ATONAL})),
       st.sampled_from(KEYS), st.sampled_from(EVERY_SIGNATURE))
def test_harmony_fills_its_bars_without_gaps(seed, family, key, signature):
    sketch = compose_harmony(np.random.default_rng(seed), family, key, signature, 8, 4, 0.5, 1)
    assert sketch.spans[0].start == 0 and abs(sketch.spans[-1].end - 8 * signature.length) < 1e-9
    for before, after in zip(sketch.spans, sketch.spans[1:], strict=False):
        assert abs(before.end - after.start) < 1e-9 and before.chord != after.chord
    for span in sketch.spans:
        assert set(span.chord.classes) <= set(chord_scale(span.chord, key))


@given(st.integers(0, 2**32), st.sampled_from(sorted({*FIGURES, *LINES, *RULES})), st.sampled_from(EVERY_SIGNATURE))
def test_every_texture_plays_in_every_metre(seed, texture, signature):
    rng = np.random.default_rng(seed)
    sketch = compose_harmony(rng, "pop", Tonality(0, "major"), signature, 8, 4, 0.3, 1)
    notes = play(sketch, texture, 60, 0.0, 0.0, rng)
    for note in notes:
        assert -0.01 <= note.start < sketch.length + 0.01 and note.length > 0 and 20 < note.pitch < 112


def test_chords_struck_on_the_downbeat_are_the_ones_written():
    rng = np.random.default_rng(3)
    sketch = compose_harmony(rng, "jazz", Tonality(2, "major"), SIGNATURES["4/4"][0], 8, 4, 0.0, 1)
    for note in accompany(sketch, FIGURES["quarters"], 60, 0.0, rng):
        assert note.pitch % 12 in sketch.at(note.start).classes


def test_forms_fill_the_time_and_return():
    for form in FORMS:
        sections = lay_out(form, 64, 4, 0, 0.0, np.random.default_rng(1))
        assert 64 <= sum(section.bars for section in sections) < 80
        assert len({section.label for section in sections}) < len(sections) or form == "through"


def test_swing_moves_off_beats_only():
    places = np.array([0.0, 0.25, 1 / 3, 0.5, 2 / 3, 0.75, 1.0, 1.5])
    moved = swing(places, 1.0, 2 / 3)
    np.testing.assert_allclose(moved[[0, 2, 3, 4, 6, 7]], [0, 1 / 3, 2 / 3, 2 / 3, 1, 5 / 3], atol=1e-9)
    np.testing.assert_array_equal(swing(places, 1.0, 0.5), places)


def test_tempo_map_goes_on_at_the_edges():
    tempo = BeatTimes(np.array([0.0, 1.0, 2.0]), np.array([0.0, 0.5, 1.5]))
    np.testing.assert_allclose(tempo.seconds(np.array([-1.0, 0.5, 1.5, 3.0])), [-0.5, 0.25, 1.0, 2.5])
