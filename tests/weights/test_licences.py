"""Every shipped card, the page, the notice and the package say of licences what the data on the cards ask for; `find`
takes the weights of the licence that is wanted."""

import re
import tomllib
from pathlib import Path

import licences
import pytest
import torch
from safetensors.torch import save_file

import onpu.weights
from onpu.data.plan import SET_LICENCES, SETS
from onpu.errors import OnpuError, WeightsError
from onpu.licensing import SHARE_ALIKE_LICENCE, Terms, source_terms, terms, weights_licence
from onpu.weights import CARD, PERMISSIVE_SUFFIX, choices, find, models, permissive, read_card, write_weights

ROOT = Path(__file__).parents[2]
SHIPPED = models()
SPDX = {"Apache-2.0": "Apache-2.0", "CC BY-SA 4.0": "CC-BY-SA-4.0", "CC BY-NC-SA 4.0": "CC-BY-NC-SA-4.0"}
each_shipped = pytest.mark.parametrize("name", sorted(SHIPPED))


@each_shipped
def test_the_licence_of_shipped_weights_is_that_which_their_data_ask_for(name):
    card = SHIPPED[name]
    assert (card["licence"], card["commercial_use"]) == weights_licence(card["data"])
    for source in card["data"]:
        for item in source.get("credits", ()):
            assert all(item[entry] for entry in ("name", "author", "licence"))
        assert source["kind"] != "recordings" or source["credits"], "recordings without their authors"


@each_shipped
def test_weights_that_learned_from_the_singer_ask_for_sharing_alike(name):
    """PJS is CC BY-SA 4.0, whatever the rules make of its name."""
    sung = any(source.get("plan", {}).get("pjs") for source in SHIPPED[name]["data"])
    assert not sung or SHIPPED[name]["licence"] == SHARE_ALIKE_LICENCE
    assert sung or name not in ("melody", "stems", "voice")


@each_shipped
def test_permissive_weights_lie_beside_those_that_are_not(name):
    card = SHIPPED[name]
    if not name.endswith(PERMISSIVE_SUFFIX):
        assert card["commercial_use"] or card["task"] == "chorale"
        return
    beside = SHIPPED[name.removesuffix(PERMISSIVE_SUFFIX)]
    assert permissive(card) and all(source_terms(source) is Terms.PERMISSIVE for source in card["data"])
    assert beside["task"] == card["task"] and not permissive(beside), "one file would do"


@pytest.mark.parametrize("field", sorted(SET_LICENCES))
def test_the_page_says_which_sets_permissive_corpora_are_arranged_from(field):
    file, text = SETS[field], SET_LICENCES[field]
    rows = [line for line in licences.PAGE.read_text(encoding="utf-8").splitlines() if f"| `{file}`" in line]
    (row,) = [row for row in rows if len(rows) == 1 or f"folder `{field}`" in row]
    assert row.endswith("| yes |" if terms(text) is Terms.PERMISSIVE else "| no |")
    assert re.search(r"\((.*?)[;,)]", text).group(1) in row


def test_the_page_and_the_notice_are_those_of_the_cards():
    """python tests/weights/licences.py writes them anew."""
    assert licences.PAGE.read_text(encoding="utf-8") == licences.page()
    assert licences.NOTICE.read_text(encoding="utf-8") == licences.notice()
    rows = re.findall(r"^\| `([\w-]+)` \|", licences.table(), re.MULTILINE)
    assert rows == list(SHIPPED) and licences.page().count("| `melody` | CC BY-SA 4.0 | yes | default |") == 1


def test_the_package_names_every_licence_and_holds_the_notice():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    named = set(project["project"]["license"].split(" AND "))
    assert {SPDX[licences.short(card["licence"])] for card in SHIPPED.values()} | {"BSD-3-Clause"} == named
    notice = licences.NOTICE.relative_to(ROOT).as_posix()
    assert notice in project["project"]["license-files"] and (ROOT / notice).is_file()
    assert notice.removeprefix("src/onpu/") in project["tool"]["setuptools"]["package-data"]["onpu"]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A copy of onpu with weights of three tasks: two of them, one permissive one, one that is not."""
    for name, licence, commercial_use in (
            ("beats", "CC BY-SA 4.0", True), ("beats-permissive", "Apache-2.0", True), ("key", "Apache-2.0", True),
            ("melody", "CC BY-SA 4.0", True), ("chorale", "CC BY-NC-SA 4.0", False)):
        card = {entry: kind() if isinstance(kind, type) else "" for entry, kind in CARD.items()}
        write_weights(tmp_path / f"{name}.safetensors", {"a": torch.ones(1)}, card | {
            "task": name.removesuffix("-permissive"), "licence": licence, "commercial_use": commercial_use})
    monkeypatch.setattr(onpu.weights, "FOLDER", tmp_path)
    return tmp_path


def test_the_weights_of_the_licence_are_found(folder):
    assert find("beats").stem == find("beats", "default").stem == "beats"
    assert find("beats", "permissive").stem == find("beats-permissive", "permissive").stem == "beats-permissive"
    assert find("key", "permissive").stem == find("key").stem == "key", "one serves for both"
    assert [choices(name) for name in ("beats", "beats-permissive", "key", "melody")] == [
        ("default",), ("permissive",), ("default", "permissive"), ("default",)]


def test_what_has_no_permissive_weights_refuses_them_by_name(folder):
    for name, licence in (("melody", "CC BY-SA 4.0"), ("chorale", "CC BY-NC-SA 4.0")):
        with pytest.raises(WeightsError, match=f"^{name}: there are no permissive weights, only such under {licence}; "
                                               "choose licence default"):
            find(name, "permissive")
        assert find(name).stem == name
    with pytest.raises(OnpuError, match=r"^licence free: choose"):
        find("beats", "free")


def test_a_file_of_a_user_is_judged_by_its_card(folder, tmp_path, monkeypatch):
    for name in ("melody", "key"):
        (folder / f"{name}.safetensors").rename(folder / f"my-{name}.safetensors")
    monkeypatch.setattr(onpu.weights, "FOLDER", tmp_path / "elsewhere")
    assert find(folder / "my-key.safetensors", "permissive") == folder / "my-key.safetensors"
    with pytest.raises(WeightsError, match=r"my-melody\.safetensors \(task melody\): there are no permissive weights"):
        find(folder / "my-melody.safetensors", "permissive")
    save_file({"a": torch.ones(1)}, folder / "bare.safetensors")
    with pytest.raises(WeightsError, match="has no card"):
        find(folder / "bare.safetensors", "permissive")
    assert read_card(find(folder / "my-melody.safetensors"))["licence"] == "CC BY-SA 4.0"
