"""The distance of two distributions, gathered batch by batch and pass by pass."""

import pytest
import torch

from gan.evaluation import distribution
from gan.metrics import kid
from gan.ranges import to_unit

CPU = torch.device("cpu")


def test_passes_share_the_true_pictures() -> None:
    gathering = distribution.load(CPU)
    assert gathering is not None
    generator = torch.Generator().manual_seed(0)
    true, near, far = (torch.rand(8, 3, 32, 32, generator=generator) * 2 - 1 for _ in range(3))
    far = far.mean(dim=1, keepdim=True).expand_as(far)  # grey
    features, _ = kid.load()
    for fake in (near, far):
        for part in (slice(0, 5), slice(5, 8)):
            gathering.update(fake[part], true[part])
        expected = kid.kid(features(to_unit(fake)), features(to_unit(true)))
        assert tuple(gathering.result().values()) == pytest.approx(expected, rel=1e-5)
    assert len(torch.cat(gathering.true)) == 8


def test_too_few_pictures_for_an_error() -> None:
    gathering = distribution.load(CPU)
    assert gathering is not None
    gathering.update(torch.zeros(2, 3, 32, 32), torch.zeros(2, 3, 32, 32))
    assert gathering.result() == {}
