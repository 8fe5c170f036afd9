"""Work that is spread over processes: a process that dies costs one item."""

import os

from onpu.apps.batches import spread


def doubled(number):
    if number == 3:
        os._exit(9)
    return 2 * number


def test_a_process_that_dies_costs_one_item_and_the_order_stays():
    told = []
    found = list(spread(doubled, range(7), 2, lambda number: f"{number} died", lambda: told.append(1)))
    assert found == [0, 2, 4, "3 died", 8, 10, 12]
    assert len(told) == 7
