"""usage: licences.py: what is said of the licences of the shipped weights, anew from what is on their cards of data.

It writes the licence on each card, the table in docs/licences.md and src/onpu/weights/LICENCES.txt. Run it when weights
are added or the rules of `onpu.licensing` change.
"""

import re
from collections import defaultdict
from pathlib import Path

from rename_cards import write_card

from onpu.data.plan import SET_LICENCES
from onpu.licensing import CLOSED_LICENCE, PERMISSIVE_LICENCE, SHARE_ALIKE_LICENCE, weights_licence
from onpu.weights import FOLDER, Card, choices, models, read_card

PAGE = Path(__file__).parents[2] / "docs/licences.md"
BEGIN, END = "<!-- table of the shipped weights: tests/weights/licences.py -->\n", "<!-- end of the table -->\n"
NOTICE = FOLDER / "LICENCES.txt"
URLS = {PERMISSIVE_LICENCE: "https://www.apache.org/licenses/LICENSE-2.0",
        SHARE_ALIKE_LICENCE: "https://creativecommons.org/licenses/by-sa/4.0/legalcode",
        "CC BY-NC-SA 4.0": "https://creativecommons.org/licenses/by-nc-sa/4.0/legalcode"}
"""Licences of shipped weights -> where their text is."""

HEAD = """Licences of the weights in this folder

Each file says in its header under which licence it is offered, what it learned from, and, where these are recordings,
by whom they are; `onpu models NAME` shows it."""
ASKED = """The files under CC BY-SA 4.0 may be used, shared and changed, commercially too. Who passes them on credits
onpu and those whom the card names, links to the licence, says what was changed, and offers changed ones under the same
licence. What the program finds in a recording with them is not bound by it.

Of those under CC BY-NC-SA 4.0 the same holds, but they may not be used commercially."""


def short(licence: str) -> str:
    """The licence on a card without what is said about it."""
    return licence.partition(",")[0]


def sources(card: Card) -> list[str]:
    """What weights learned from, in a few words each, with its licence."""
    found = []
    for source in card["data"]:
        text = f"{source.get('source', '')} {source['licence']}"
        sets = [re.sub(r"[;,][^)]*", "", name.removeprefix("the ")) for name in SET_LICENCES.values() if name in text]
        credits = source.get("credits", ())
        if credits:
            licences = sorted({credit["licence"] for credit in credits})
            found.append(f"{len(credits)} recordings ({', '.join(licences)})")
        elif not sets and "plan" not in source and "seeds" not in source:
            found.append(f"{source.get('source', source['kind'])} ({source['licence']})")
        found += ["composed music"] if "plan" in source or "seeds" in source else []
        found += sets
    return sorted(set(found), key=lambda text: (text != "composed music", text.lower()))


def table() -> str:
    """A row for each shipped file of weights."""
    rows = ["| weights | licence | commercial use | `--licence` | learned from |", "|---|---|---|---|---|"]
    for name, card in models().items():
        rows.append(f"| `{name}` | {short(card['licence'])} | {'yes' if card['commercial_use'] else 'no'} | "
                    f"{', '.join(choices(name))} | {', '.join(sources(card))} |")
    return "\n" + "\n".join(rows) + "\n\n"


def page() -> str:
    """docs/licences.md with today's table."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    return before + BEGIN + table() + END + rest.partition(END)[2]


def notice() -> str:
    """What lies beside the weights."""
    by_licence = defaultdict(list)
    for name, card in models().items():
        by_licence[short(card["licence"])].append(name)
    lists = [f"{licence}, {url}:\n    " + "\n    ".join(by_licence[licence]) for licence, url in URLS.items()
             if by_licence[licence]]
    credits = ";\n    ".join(name.removeprefix("the ") for name in SET_LICENCES.values())
    return "\n\n".join([HEAD, *lists, ASKED, f"Credits: {credits}."]) + "\n"


def main() -> None:
    """Write cards, page and notice."""
    for path in sorted(FOLDER.glob("*.safetensors")):
        card = read_card(path)
        licence, commercial_use = weights_licence(card["data"])
        assert licence != CLOSED_LICENCE, f"{path}: may not be shipped"
        if (card["licence"], card["commercial_use"]) != (licence, commercial_use):
            write_card(path, card | {"licence": licence, "commercial_use": commercial_use})
            print(path)
    PAGE.write_text(page(), encoding="utf-8")
    NOTICE.write_text(notice(), encoding="utf-8")


if __name__ == "__main__":
    main()
