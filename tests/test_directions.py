"""The directions of metrics are those that the tables of gan evaluate print."""

from gan.directions import DIRECTIONS
from gan.evaluation_table import DIRECTIONS as PRINTED


def test_one_opinion_on_which_way_is_better() -> None:
    assert DIRECTIONS == PRINTED
