"""The form of a hint, and the brush."""

from dataclasses import replace

import numpy as np
import torch

from gan.hints.encoding import Dabs, encode, stamp


def dabs(*spots: tuple[int, int, int, float]) -> Dabs:
    """(top, left, side, grey) of the dabs of one picture."""
    top, left, side = (np.array([int(spot[axis]) for spot in spots]) for axis in range(3))
    return Dabs(np.zeros_like(side), top, left, side, np.array([[spot[3]] * 3 for spot in spots]))


def test_encode_is_zero_where_there_is_no_hint() -> None:
    color = np.array([[0.5, -0.5, 0.25], [1.0, -1.0, 0.0], [0.1, 0.2, 0.3]])
    hint = encode(np.array([0, 1, 1]), np.array([7, 0, 0]), color, 2, 4, 5)
    assert hint.shape == (2, 4, 4, 5)
    assert hint.dtype == torch.float32
    expected = torch.zeros(2, 4, 4, 5)
    expected[0, :, 1, 2] = torch.tensor([0.5, -0.5, 0.25, 1.0])
    expected[1, :, 0, 0] = torch.tensor([0.1, 0.2, 0.3, 1.0])  # the last one counts
    assert torch.equal(hint, expected)


def test_a_dab_covers_its_square_and_is_cut_at_the_edge() -> None:
    hint = stamp(dabs((1, 2, 2, 0.5), (-1, -1, 2, -0.5), (4, 5, 3, 0.25)), 1, 6, 7)[0]
    expected = torch.zeros(6, 7)
    expected[1:3, 2:4] = 0.5
    expected[0, 0] = -0.5
    expected[4:6, 5:7] = 0.25
    assert torch.equal(hint[0], expected)
    assert torch.equal(hint[3], (expected != 0).float())


def test_the_last_dab_lies_on_top() -> None:
    both = stamp(dabs((0, 0, 3, 0.1), (1, 1, 3, 0.9)), 1, 5, 5)[0, 0]
    assert both[1, 1] == both[3, 3] == torch.tensor(0.9)
    assert both[0, 0] == torch.tensor(0.1)
    many = dabs(*[(0, 0, 4, number / 100) for number in range(50)])
    assert (stamp(many, 1, 4, 4)[0, 0] == torch.tensor(0.49)).all()


def test_no_side_is_no_dab() -> None:
    assert torch.equal(stamp(dabs((1, 1, 0, 0.5)), 1, 4, 4), torch.zeros(1, 4, 4, 4))


def test_a_dab_stays_within_its_region() -> None:
    within = np.zeros((1, 2, 4, 4), np.bool_)
    within[0, 0, :, :2] = True
    within[0, 1, :, 2:] = True
    spot = dabs((0, 0, 4, 0.5))
    for owner, columns in ((0, slice(0, 2)), (1, slice(2, 4))):
        kept = replace(spot, within=within, owner=np.array([owner]))
        expected = torch.zeros(4, 4)
        expected[:, columns] = 1
        assert torch.equal(stamp(kept, 1, 4, 4)[0, 3], expected)
