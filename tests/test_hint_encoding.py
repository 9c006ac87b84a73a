"""The form of a hint, and the brush."""

import torch

from gan.hint_encoding import Dabs, encode, no_hints, stamp


def dabs(*spots: tuple[int, int, int, float]) -> Dabs:
    """(top, left, side, grey) of the dabs of one picture."""
    top, left, side = (torch.tensor([[int(spot[axis]) for spot in spots]]) for axis in range(3))
    return Dabs(top, left, side, torch.tensor([[[spot[3]] * 3 for spot in spots]]))


def test_encode_is_zero_where_there_is_no_hint() -> None:
    color, mask = torch.rand(2, 3, 4, 5) - 0.5, torch.rand(2, 1, 4, 5) > 0.5
    hint = encode(color, mask)
    assert hint.shape == (2, 4, 4, 5)
    assert set(hint[:, 3].flatten().tolist()) == {0.0, 1.0}
    assert torch.equal(hint[:, :3] * hint[:, 3:], hint[:, :3])
    assert torch.equal(hint[:, :3][mask.expand(-1, 3, -1, -1)], color[mask.expand(-1, 3, -1, -1)])
    assert torch.equal(no_hints(torch.zeros(2, 1, 4, 5)), torch.zeros(2, 4, 4, 5))


def test_a_dab_covers_its_square_and_is_cut_at_the_edge() -> None:
    hint = stamp(dabs((1, 2, 2, 0.5), (-1, -1, 2, -0.5), (4, 5, 3, 0.25)), 6, 7)[0]
    expected = torch.zeros(6, 7)
    expected[1:3, 2:4] = 0.5
    expected[0, 0] = -0.5
    expected[4:6, 5:7] = 0.25
    assert torch.equal(hint[0], expected)
    assert torch.equal(hint[3], (expected != 0).float())


def test_the_last_dab_lies_on_top() -> None:
    both = stamp(dabs((0, 0, 3, 0.1), (1, 1, 3, 0.9)), 5, 5)[0, 0]
    assert both[1, 1] == both[3, 3] == torch.tensor(0.9)
    assert both[0, 0] == torch.tensor(0.1)
    many = dabs(*[(0, 0, 4, number / 100) for number in range(50)])
    assert (stamp(many, 4, 4)[0, 0] == torch.tensor(0.49)).all()


def test_no_side_is_no_dab() -> None:
    assert torch.equal(stamp(dabs((1, 1, 0, 0.5)), 4, 4), torch.zeros(1, 4, 4, 4))


def test_a_dab_stays_within_its_region() -> None:
    within = torch.zeros(1, 2, 4, 4, dtype=torch.bool)
    within[0, 0, :, :2] = True
    within[0, 1, :, 2:] = True
    spot = dabs((0, 0, 4, 0.5))
    for owner, columns in ((0, slice(0, 2)), (1, slice(2, 4))):
        kept = Dabs(spot.top, spot.left, spot.side, spot.color, within, torch.tensor([[owner]]))
        expected = torch.zeros(4, 4)
        expected[:, columns] = 1
        assert torch.equal(stamp(kept, 4, 4)[0, 3], expected)
