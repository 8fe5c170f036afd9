"""Laws of the values that are columns: rows stay together, and what is chosen and joined is nothing more and nothing
less."""

from dataclasses import fields, replace
from itertools import chain

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onpu.errors import LabelError
from onpu.music import Chords, Keys
from onpu.music.columns import Columns
from onpu.music.segments import RankedSegments
from onpu.music.timeline import VALUES

KINDS = [kind for kind in VALUES.values() if issubclass(kind, Columns)]
kinds = st.sampled_from(KINDS)
counts = st.integers(0, 6)


def numbered(kind, numbers, ranks=2):
    """A value whose every column says of each row its number, as text where the column is one of labels."""
    numbers = np.asarray(numbers, np.int64)
    columns = {name: numbers.astype(column.dtype.type) for name, column in vars(kind.empty()).items()}
    if issubclass(kind, RankedSegments):
        table = np.repeat(numbers[:, None], ranks, axis=1)
        columns |= {"alternatives": table.astype(np.str_), "chances": table.astype(float)}
    return kind(**columns)


def assert_rows(value, numbers):
    """Each column holds these numbers in this order."""
    assert len(value) == len(numbers)
    for name, column in vars(value).items():
        rows = column if column.ndim == 1 else column.T
        assert np.array_equal(np.broadcast_to(np.asarray(numbers, int), rows.shape), rows.astype(float)), name


@given(kinds, counts, st.data())
def test_chosen_rows_stay_together_and_come_in_the_order_asked_for(kind, count, data):
    indices = data.draw(st.lists(st.integers(0, count - 1), max_size=8) if count else st.just([]))
    mask = np.array(data.draw(st.lists(st.booleans(), min_size=count, max_size=count)), bool)
    first, last = data.draw(counts), data.draw(counts)
    value = numbered(kind, range(count))
    assert_rows(value.select(np.array(indices, int)), indices)
    assert_rows(value.select(mask), np.flatnonzero(mask))
    assert_rows(value.select(slice(first, last)), range(count)[first:last])


@given(kinds, st.lists(st.lists(st.integers(0, 99), max_size=4), max_size=4))
def test_joined_parts_follow_each_other(kind, numbers):
    parts = [numbered(kind, each) for each in numbers]
    joined = kind.concatenate(parts)
    whole = list(chain.from_iterable(numbers))
    assert_rows(joined, whole)
    for cut in range(len(parts) + 1):
        again = kind.concatenate([kind.concatenate(parts[:cut]), kind.concatenate(parts[cut:])])
        assert_rows(again, whole)


@given(kinds, counts, st.data())
def test_parted_and_joined_is_the_whole(kind, count, data):
    mask = np.array(data.draw(st.lists(st.booleans(), min_size=count, max_size=count)), bool)
    value = numbered(kind, range(count))
    joined = kind.concatenate([value.select(mask), value.select(~mask)])
    assert_rows(joined.select(np.argsort(np.argsort(~mask, kind="stable"))), range(count))


@pytest.mark.parametrize("kind", [*KINDS, VALUES["tempo"]])
def test_an_empty_value_is_valid_and_false(kind):
    assert all(column.size == 0 for column in vars(kind.empty().validate()).values())
    assert kind not in KINDS or not kind.empty()


@pytest.mark.parametrize("kind", KINDS)
def test_joining_nothing_more_changes_no_type(kind):
    value = numbered(kind, range(3))
    for name, column in vars(kind.concatenate([kind.empty(), value])).items():
        assert column.dtype == getattr(value, name).dtype, name


@pytest.mark.parametrize("kind", KINDS)
def test_columns_of_unequal_length_are_refused(kind):
    value = numbered(kind, [1])
    for f in fields(kind):
        if f.name not in ("alternatives", "chances"):
            with pytest.raises(LabelError, match=rf"{kind.__name__.lower()}: .* equally long"):
                replace(value, **{f.name: np.repeat(getattr(value, f.name), 2)}).validate()


@pytest.mark.parametrize("kind", [Chords, Keys])
@given(st.lists(st.tuples(counts, st.integers(0, 3)), min_size=1, max_size=4))
def test_joined_segments_have_the_alternatives_that_all_parts_have(kind, shapes):
    whole = kind.concatenate([numbered(kind, range(count), ranks) for count, ranks in shapes])
    common = min((ranks for count, ranks in shapes if count), default=0)
    rows = sum(count for count, _ in shapes)
    assert whole.alternatives.size == whole.chances.size == rows * common
    assert_rows(whole, [number for count, _ in shapes for number in range(count)])


@given(st.lists(st.booleans(), min_size=3, max_size=3))
def test_segments_without_alternatives_stay_without(mask):
    unknown = replace(numbered(Chords, range(3)), alternatives=np.zeros((0, 0), np.str_), chances=np.zeros((0, 0)))
    chosen = unknown.select(np.array(mask))
    assert len(chosen) == sum(mask) and chosen.alternatives.size == chosen.chances.size == 0
    joined = Chords.concatenate([unknown, numbered(Chords, range(2))])
    assert len(joined) == 5 and joined.chances.size == 0
