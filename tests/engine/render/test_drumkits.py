"""Kits of single hits: of the engine, of .sfz files, of soundfonts; and drum parts played on them."""

import numpy as np
import pytest
import soundfile

from onpu.engine.render.drumkits import fitting_gain, kit_sources, render_drums
from onpu.engine.render.drumkits.kits import ENGINE_KITS, kit_source
from onpu.engine.render.drumkits.mixing import CHOKE_SECONDS, loudness
from onpu.engine.render.drumkits.oneshots import LEAD_SECONDS, REFERENCE, OneShotKit
from onpu.engine.render.drumkits.sfz import number_of, regions_of
from onpu.engine.render.sampler.sets import Sample
from onpu.engine.render.soundfont import library, soundfonts
from onpu.errors import DataError, FormatError
from onpu.music import Beats, Drums
from onpu.music.drum_mix import DrumMix
from onpu.music.drum_patterns import DRUMS, ROWS

RATE = 22_050
BEATS = Beats.of(0.3 + np.arange(17) * 0.5, 1 + np.arange(17) % 4)
HEARD = Drums(np.array([0.31, 0.82, 1.3]), np.array([36, 38, 36]), np.array([100.0, 90.0, 60.0]), np.ones(3))


def click(length: int = 400) -> np.ndarray:
    """A hit that is over at once, as kits have it: its onset after `LEAD_SECONDS`."""
    sound = np.zeros((2, length), np.float32)
    sound[:, round(LEAD_SECONDS * RATE)] = 1
    return sound


def kit(name: str) -> OneShotKit:
    return OneShotKit({row: [click()] for row in ROWS}, RATE)


def one(**drums: dict) -> DrumMix:
    """A mix in which only these drums are heard."""
    return DrumMix.of({"drums": {name: {"muted": name not in drums, **drums.get(name, {})} for name in DRUMS}})


@pytest.mark.parametrize("name", ENGINE_KITS)
def test_the_engines_kits_have_all_drums_at_the_usual_levels(name):
    found = kit_source(name).load(RATE)
    assert set(found.rows) == set(ROWS)
    kick = Sample.of(found.hit("kick", 127), RATE)
    assert kick.level == pytest.approx(REFERENCE, rel=0.02) and kick.onset <= round(2 * LEAD_SECONDS * RATE)
    assert all(sound.shape[0] == 2 and np.isfinite(sound).all() for sounds in found.rows.values() for sound in sounds)
    assert found.hit("kick", 20) is found.rows["kick"][0] and found.hit("kick", 127) is found.rows["kick"][-1]


def test_hits_come_on_the_beat_at_the_sample():
    part = render_drums(one(snare={"pattern": "rock"}), BEATS, HEARD, kit, 10 * RATE, RATE)
    found = np.flatnonzero(part[0]) / RATE
    np.testing.assert_allclose(found, BEATS.times[1::2], atol=1 / RATE)
    assert np.abs(found - BEATS.times[1::2]).max() < 0.005


def test_what_was_heard_is_played_as_loud_as_it_was():
    part = render_drums(one(kick={}), BEATS, HEARD, kit, 10 * RATE, RATE, gain=0.5)
    at = np.flatnonzero(part[0])
    np.testing.assert_allclose(at / RATE, [0.31, 1.3], atol=1 / RATE)
    np.testing.assert_allclose(part[0, at], [0.5 * loudness(100), 0.5 * loudness(60)], rtol=1e-6)


def test_levels_and_muting_concern_one_drum_alone():
    def rendered(mix):
        return render_drums(mix, BEATS, HEARD, kit, 10 * RATE, RATE)

    both, softer = (rendered(one(kick={"pattern": "disco", "level": level}, snare={"pattern": "disco"}))
                    for level in (0.0, -20.0))
    kick, snare = rendered(one(kick={"pattern": "disco"})), rendered(one(snare={"pattern": "disco"}))
    np.testing.assert_allclose(both, kick + snare, atol=1e-6)
    np.testing.assert_allclose(softer, 0.1 * kick + snare, atol=1e-6)
    assert not rendered(one()).any(), "all are muted"
    assert not rendered(one(kick={"pattern": "none"})).any()


def test_a_hi_hat_that_closes_cuts_off_what_rang():
    ringing = OneShotKit({row: [np.ones((2, RATE), np.float32)] for row in ROWS}, RATE)
    drawn = {"name": "a", "beats": 4, "steps": 1, "rows": {"open_hat": "X...", "closed_hat": ".X.."}}
    mix = DrumMix.of({"drums": {name: {"muted": name != "hihat", "pattern": "drawn"} for name in DRUMS},
                      "drawn": drawn})
    part = render_drums(mix, Beats.of(np.arange(1, 5) * 0.5, np.arange(1, 5)), HEARD, lambda name: ringing, 2 * RATE,
                        RATE)[0]
    level = loudness(115)
    np.testing.assert_allclose(part[round(0.6 * RATE) : round(0.99 * RATE)], level, rtol=1e-5)
    after = part[round((1.0 + CHOKE_SECONDS) * RATE) + 2 : round(1.4 * RATE)]
    np.testing.assert_allclose(after, level, rtol=1e-5, err_msg="the closed one alone")


def test_a_kit_is_as_loud_as_the_drums_whose_place_it_takes():
    played = 0.3 * render_drums(DrumMix(), BEATS, HEARD, lambda name: kit_source(name).load(RATE), 4 * RATE, RATE)
    assert fitting_gain(played, np.zeros_like(played), HEARD, RATE) == pytest.approx(0.3, rel=0.4)
    rest = 0.1 * np.random.default_rng(0).standard_normal((1, RATE)).astype(np.float32)
    assert fitting_gain(np.zeros((1, RATE)), rest, HEARD, RATE) == pytest.approx(0.15 / REFERENCE, rel=0.05)


def test_mixes_are_their_json_and_what_is_none_is_told():
    mix = DrumMix.of({"drums": {"kick": {"pattern": "rock", "level": -3, "kit": "x"}, "toms": {"muted": True}},
                      "original": -12})
    assert DrumMix.of(mix.json()) == mix and mix.drums["kick"].level == -3.0 and mix.original == -12
    for told, said in (([], "JSON object"), ({"drums": {"gong": {}}}, "no drum is called gong"),
                       ({"drums": {"kick": {"level": 99}}}, "level of kick"),
                       ({"original": "loud"}, "level of original"),
                       ({"drums": {"kick": {"level": True}}}, "level of kick"),
                       ({"drums": {"kick": {"pattern": "drawn"}}}, "none is drawn"),
                       ({"drums": {"kick": {"muted": 1}}}, "true or false"), ({"drums": {"kick": 1}}, "JSON object")):
        with pytest.raises(FormatError, match=said):
            DrumMix.of(told)


@pytest.fixture
def sfz(tmp_path):
    """A kit of two layers of a bass drum, and a snare on another key."""
    (tmp_path / "Samples").mkdir()
    for name, height in (("soft kick", 0.1), ("hard kick", 0.8), ("snare", 0.5)):
        soundfile.write(tmp_path / "Samples" / f"{name}.wav", height * np.exp(-np.arange(8000) / 800), 44_100)
    (tmp_path / "kit.sfz").write_text("""// a kit
#define $KICK 36
<control> default_path=Samples/
<group> key=$KICK
<region> sample=hard kick.wav lovel=64 hivel=127 volume=-6
<region> sample=soft kick.wav lovel=0 hivel=63
<region> sample=other.wav lovel=0 hivel=63 seq_position=2
<group> lokey=d2 hikey=e2 pitch_keycenter=38
<region> sample=snare.wav
<region> sample=*sine key=50
""")
    return tmp_path / "kit.sfz"


def test_sfz_files_are_kits(sfz):
    found = kit_source("kit", {"kit": sfz}).load(RATE)
    assert set(found.rows) == {"kick", "snare"} and len(found.rows["kick"]) == 2
    soft, hard = (Sample.of(sound, RATE).level for sound in found.rows["kick"])
    assert soft == pytest.approx(hard, rel=0.02), "the velocity decides of the level"
    snare = Sample.of(found.hit("snare", 100), RATE).level
    assert snare / hard == pytest.approx(0.5 / (0.8 * 10 ** (-6 / 20)), rel=0.03), "drums keep their levels"
    assert list(kit_sources({"kit": sfz}))[-1] == "kit"


@pytest.mark.parametrize("text, said", [
    ('#include "a.sfz"', "includes other files"), ("<region> sample=a.wav key=90", "no drums on the keys"),
    ("<region> sample=absent.wav key=36", "cannot be read"), ("<html>", "no drums on the keys")])
def test_what_is_no_kit_is_told(tmp_path, text, said):
    (tmp_path / "a.sfz").write_text(text)
    with pytest.raises(DataError, match=said):
        kit_source("a", {"a": tmp_path / "a.sfz"}).load(RATE)


def test_names_of_keys_and_inheritance():
    assert [number_of(key) for key in ("36", "c2", "C#2", "Bb1", "c4", "x")] == [36, 36, 37, 34, 60, -1]
    text = "<global> volume=-3 <group> lovel=10 <region> key=38 sample=a b.wav\n<group>\n<region> sample=c.wav key=36"
    first, second = regions_of(text, "a")
    assert (first["sample"], first["volume"], first["lovel"], first["lokey"]) == ("a b.wav", "-3", "10", "38")
    assert "lovel" not in second and second["volume"] == "-3"


@pytest.mark.skipif(library() is None or not soundfonts(), reason="no soundfont is installed")
def test_soundfonts_are_kits():
    found = kit_source("font", {"font": soundfonts()[0]})
    assert {"kick", "snare", "closed_hat"} <= set(found.load(RATE).rows)
