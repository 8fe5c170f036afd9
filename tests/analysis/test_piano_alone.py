"""The network that knows pianos alone is run where a piano plays alone, and what is decided is as if it always were."""

from types import SimpleNamespace

import numpy as np
import pytest

from onpu.analysis.agreement import agree
from onpu.analysis.hearing import listened
from onpu.analysis.piano_alone import hardly_but_piano, heard_later
from onpu.called import HearingSystem
from onpu.inference.passing import pass_over
from onpu.music import Audio, Clock, Notes, Timeline

SOUND = Audio(np.concatenate([np.full((1, 8000), 0.1), np.zeros((1, 20000))], axis=1).astype(np.float32), 8000)
SECONDS = 3.5


def notes(*programs):
    at = np.arange(float(len(programs)))
    return Notes(at, at + 1, at + 60, np.full(len(programs), 64), np.array(programs, int), np.full(len(programs), 0.5))


class Listening(HearingSystem):
    """Finds what it is told to, and notes who is run beside it."""

    clock = Clock(8000, 80)

    def __init__(self, name, found, instruments, runs):
        self.card = {"sha256": name, "recipe": {"instruments": instruments}}
        self.name, self.found, self.runs = name, found, runs
        label = "notes" if isinstance(found, Notes) else "tags"
        self._decoder = SimpleNamespace(label=label, options=None, decode=None)

    @property
    def decoder(self):
        return self._decoder

    def tuned(self, cents):
        return self

    def predictions(self, systems, source, progress=None):
        self.runs.append([each.name for each in systems])
        heads = [{"family": np.zeros(1)} if each.card["recipe"]["instruments"] else {"onset": np.zeros(1)}
                 for each in systems]
        return heads, pass_over(source, [], progress)

    def decode(self, activations, duration, options=None):
        return Timeline(duration, **({"notes": self.found} if self.decoder.label == "notes" else {}))


def ensemble(programs, order="piano tags band"):
    """Listeners in this order, where `band` hears notes with these programs; and who was run together."""
    runs = []
    made = {"band": Listening("band", notes(*programs), True, runs), "tags": Listening("tags", None, False, runs),
            "piano": Listening("piano", notes(0, 0), False, runs)}
    return [made[name] for name in order.split()], runs


@pytest.mark.parametrize("programs", [(0, 0, 1, 7), (0, 0, 0, 40), (40, 56), ()])
@pytest.mark.parametrize("order", ["piano tags band", "band piano tags"])
def test_it_is_run_after_the_others_and_only_where_its_notes_are_taken(programs, order):
    chosen, runs = ensemble(programs, order)
    told = []
    heard, duration, silences = listened(chosen, [None] * 3, SOUND, None, told.append)
    alone = programs == (0, 0, 1, 7)
    first = [name for name in order.split() if name != "piano"]
    assert runs == [first, ["piano"]] if alone else runs == [first]
    assert [each.trained.name for each in heard] == [name for name in order.split() if alone or name != "piano"]
    assert duration == SECONDS and silences.tolist() == [[1.0, 3.5]]
    assert told == sorted(told) and told[-1] == 1.0
    everything, _ = chosen[0].predictions(chosen, SOUND)
    whole = agree([type(heard[0])(trained, heads, duration, None)
                   for trained, heads in zip(chosen, everything, strict=True)])
    assert agree(heard).notes.programs.tolist() == whole.notes.programs.tolist()


@pytest.mark.parametrize("order", ["piano", "piano tags", "band tags"])
def test_whoever_is_asked_alone_is_run_at_once(order):
    chosen, runs = ensemble((0, 0), order)
    assert [each.trained.name for each in listened(chosen, [None] * len(chosen), SOUND, None, None)[0]] == order.split()
    assert runs == [order.split()] and not heard_later(chosen)


def test_a_note_counts_as_much_as_it_is_sure():
    found = notes(0, 0, 0, 40)
    assert not hardly_but_piano(found)
    found.confidence[3] = 0.2
    assert hardly_but_piano(found) and not hardly_but_piano(notes())


def test_the_shipped_networks_are_known_by_their_cards():
    from onpu.analysis.selecting import listeners

    chosen = listeners(["notes", "beats"], "cpu")
    assert [each.card["recipe"]["instruments"] for each in chosen[:2]] == [True, False]
    assert heard_later(chosen) == [chosen[1]]
