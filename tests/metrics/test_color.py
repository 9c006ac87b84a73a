"""The colour metrics against closed forms and numpy."""

import math

import numpy as np
import pytest
import torch
from scipy.ndimage import binary_erosion
from scipy.optimize import brentq

from gan.metrics import color as colors
from gan.metrics.cielab import srgb_to_lab


def flat(means: np.ndarray, noise: float = 0.0) -> torch.Tensor:
    """(N, 2) mean (a, b) -> (N, 3, 8, 8) CIELAB pictures of that colour, noise in (a, b) of zero mean in a picture."""
    pixels = np.random.default_rng(0).normal(0, noise, (len(means), 2, 8, 8))
    pixels -= pixels.mean(axis=(2, 3), keepdims=True)
    lightness = np.full((len(means), 1, 8, 8), 50.0)
    return torch.from_numpy(np.concatenate([lightness, pixels + means[:, :, None, None]], axis=1))


ONE_KIND = torch.zeros(6, 8, 8, dtype=torch.long)
TRUTH = np.array([[40.0, 0], [-40, 0], [0, 30], [0, -30], [20, 20], [-20, -20]])


def index(fake: torch.Tensor, true: torch.Tensor) -> float:
    return colors.sepia_index(colors.moments(fake, ONE_KIND, 1), colors.moments(true, ONE_KIND, 1)).item()


def test_sepia_index_of_known_dispersions() -> None:
    true = flat(TRUTH)
    assert index(true, true) == pytest.approx(0)
    assert index(flat(0.25 * TRUTH + 7), true) == pytest.approx(0.75)  # a shrunk palette, whatever its tint
    assert index(flat(1.5 * TRUTH), true) == pytest.approx(-0.5)  # over-dispersed, not clipped
    assert index(flat(np.full((6, 2), 60.0)), true) == pytest.approx(1)  # one vivid orange is as sepia as grey


def test_sepia_indices_are_of_a_and_b_together_whatever_the_tint() -> None:
    """Shrunk by half along a alone and tinted: tr Cov = (var a) / 4 + var b, by pixel with the noise on top."""
    true, fake = flat(TRUTH, noise=3), flat(TRUTH * [0.5, 1.0] + [25, -35], noise=3)
    trues, fakes = (colors.moments(lab, ONE_KIND, 1) for lab in (true, fake))
    between_a, between_b = TRUTH.var(axis=0)
    expected = 1 - math.sqrt((between_a / 4 + between_b) / (between_a + between_b))
    assert colors.sepia_index(fakes, trues).item() == pytest.approx(expected)
    within = np.cov(flat(np.zeros((6, 2)), noise=3)[:, 1:].transpose(0, 1).flatten(1).numpy(), ddof=0).trace()
    expected = 1 - math.sqrt((between_a / 4 + between_b + within) / (between_a + between_b + within))
    assert colors.sepia_index_px(fakes, trues).item() == pytest.approx(expected)


def test_a_single_pixel_makes_a_kind_present() -> None:
    labels = torch.full((3, 8, 8), -1)
    labels[:, 4, 4] = 0
    labels[0, :4] = 0
    true, fake = flat(TRUTH[:3]), flat(0.5 * TRUTH[:3])
    result = colors.sepia_index(colors.moments(fake, labels, 1), colors.moments(true, labels, 1))
    assert result.tolist() == pytest.approx([0.5])
    alone = torch.full((3, 8, 8), -1)
    alone[0, 0, 0] = 0  # one picture says nothing of how colours vary
    assert colors.sepia_index(colors.moments(fake, alone, 1), colors.moments(true, alone, 1)).isnan().all()


def test_flat_fills_have_no_spread_whatever_is_rounded() -> None:
    """The variance is a difference of two large numbers: rounded below 0, its root would be no number."""
    means = np.random.default_rng(0).uniform(-100, 100, (200, 2))
    part = colors.moments(flat(means), torch.zeros(200, 8, 8, dtype=torch.long), 1)
    assert (part.variance >= 0).all()
    np.testing.assert_allclose(part.variance.numpy(), 0, atol=1e-9)


def test_mottling_hides_from_the_sepia_index_but_not_from_its_pixel_form() -> None:
    fake, true = flat(np.zeros((6, 2)), noise=30), flat(TRUTH)
    fakes, trues = colors.moments(fake, ONE_KIND, 1), colors.moments(true, ONE_KIND, 1)
    assert colors.sepia_index(fakes, trues).item() == pytest.approx(1)
    pixels = fake[:, 1:].permute(0, 2, 3, 1).reshape(-1, 2).numpy()
    truths = true[:, 1:].permute(0, 2, 3, 1).reshape(-1, 2).numpy()
    expected = 1 - math.sqrt(np.cov(pixels.T, ddof=0).trace() / np.cov(truths.T, ddof=0).trace())
    assert colors.sepia_index_px(fakes, trues).item() == pytest.approx(expected)
    spread = np.sqrt(fake[:, 1:].numpy().var(axis=(2, 3)).sum(axis=1)).mean()
    assert colors.ab_std(fakes).item() == pytest.approx(spread)
    assert colors.ab_std(trues).item() == pytest.approx(0, abs=1e-6)


def test_kinds_are_kept_apart_and_absent_ones_left_out() -> None:
    labels = ONE_KIND.clone()
    labels[:, 4:] = 1
    labels[5] = 0  # the last picture has no kind 1
    labels[0, 0, 0] = -1  # one pixel is not scored
    lab = flat(TRUTH, noise=5)
    part = colors.moments(lab, labels, 3)
    assert part.count[:, 0].tolist() == [31, 32, 32, 32, 32, 64]
    assert part.count[:, 2].sum() == 0
    kind = lab[2].permute(1, 2, 0)[labels[2] == 1]
    assert part.mean[2, 1].tolist() == pytest.approx(kind.mean(dim=0).tolist())
    assert part.variance[2, 1].item() == pytest.approx(kind[:, 1:].var(dim=0, correction=0).sum().item())
    result = colors.sepia_index(part, part)
    assert result[:2].tolist() == pytest.approx([0, 0])
    assert result[2].isnan()


def test_batches_add_up() -> None:
    lab = flat(TRUTH, noise=5)
    whole = colors.moments(lab, ONE_KIND, 1)
    parts = colors.concatenate([colors.moments(lab[:4], ONE_KIND[:4], 1), colors.moments(lab[4:], ONE_KIND[4:], 1)])
    for name in ("count", "total", "square", "chroma"):
        torch.testing.assert_close(getattr(parts, name), getattr(whole, name))


def test_chroma_ratio() -> None:
    true = colors.moments(flat(TRUTH), ONE_KIND, 1)
    orange = colors.moments(flat(np.full((6, 2), [30.0, 40.0])), ONE_KIND, 1)
    expected = 50 / np.hypot(*TRUTH.T).mean()
    assert colors.chroma_ratio(orange, true).item() == pytest.approx(expected)


def test_region_cores_are_eroded_by_one_pixel() -> None:
    rng = np.random.default_rng(0)
    coverage = np.zeros((2, 3, 32, 32), np.float32)
    coverage[:, 0, 4:20, 4:20] = rng.choice([1.0, 0.97], (2, 16, 16), p=[0.97, 0.03])
    coverage[:, 2, :, 22:] = 1
    labels = colors.region_labels(torch.from_numpy(coverage)).numpy()
    for picture in range(2):
        for kind in range(3):
            inside = coverage[picture, kind] >= 0.98
            expected = binary_erosion(inside, np.ones((3, 3)), border_value=1)
            assert ((labels[picture] == kind) == expected).all()


def test_grid_cells_leave_ink_out() -> None:
    line = torch.ones(1, 1, 16, 32)
    line[0, 0, :, 5] = -1
    labels = colors.grid_labels(line)[0]
    assert (labels[:, 5] == -1).all()
    assert labels[0, 0] == 0
    assert labels[0, 31] == 7
    assert labels[15, 0] == 56
    assert torch.bincount(labels[labels >= 0], minlength=64).tolist() == [8, 6, *[8] * 6] * 8


def test_histograms_and_their_intersection() -> None:
    lab = torch.tensor([[0.5, 99.9, 150.0], [-200.0, -110.0, 109.5], [0.0, 0.4, -0.4]])[None, :, :, None].double()
    counts = colors.histograms(lab, torch.zeros(1, 3, 1, dtype=torch.long))
    assert {name: len(bins) for name, bins in counts.items()} == {"L": 100, "a": 220, "b": 220}
    assert counts["L"][[0, 99]].tolist() == [1, 2]
    assert counts["a"][[0, 219]].tolist() == [2, 1]
    assert counts["b"][[109, 110]].tolist() == [1, 2]
    one, other = torch.tensor([3, 1, 0]), torch.tensor([1, 1, 2])
    assert colors.intersection(one, other).item() == pytest.approx(0.25 + 0.25)
    assert colors.intersection(one, 5 * one).item() == pytest.approx(1)


def test_palette_use_tells_a_collapse_from_an_even_use() -> None:
    rgb = torch.tensor([[0.55, 0.35, 0.17], [0.23, 0.43, 0.83], [0.31, 0.66, 0.36], [0.94, 0.82, 0.48]])
    palette = srgb_to_lab(rgb.double().T[None])[0].T
    hit, entropy = colors.palette_use(palette.repeat(3, 1), palette)
    assert (hit.item(), entropy.item()) == (1, pytest.approx(2))
    hit, entropy = colors.palette_use(palette[:1].repeat(5, 1), palette)
    assert (hit.item(), entropy.item()) == (1, pytest.approx(0))
    grey = torch.tensor([[50.0, 0, 0]], dtype=torch.float64)
    hit, entropy = colors.palette_use(torch.cat([palette, grey.repeat(4, 1)]), palette)
    assert (hit.item(), entropy.item()) == (0.5, pytest.approx(2))


def test_a_hit_is_within_the_radius() -> None:
    """dE00 of two greys is their difference of L over S_L (Sharma et al. 2005, eq. 15), one of them at L = 50."""
    palette = torch.tensor([[50.0, 0, 0], [90.0, 0, 0]], dtype=torch.float64)

    def share(distance: float, **options: float) -> float:
        def apart(step: float) -> float:
            centred = (step / 2) ** 2
            return step / (1 + 0.015 * centred / math.sqrt(20 + centred))

        lightness = 50 + brentq(lambda step: apart(step) - distance, 0, 20)
        return colors.palette_use(torch.tensor([[lightness, 0, 0]], dtype=torch.float64), palette, **options)[0].item()

    assert [share(4.99), share(5.01)] == [1, 0]
    assert [share(2.99, radius=3.0), share(3.01, radius=3.0)] == [1, 0]


def test_no_hit_has_no_entropy() -> None:
    palette = torch.tensor([[50.0, 60, 0], [50.0, -60, 0]], dtype=torch.float64)
    hit, entropy = colors.palette_use(torch.tensor([[50.0, 0, 0]], dtype=torch.float64), palette)
    assert (hit.item(), entropy.item()) == (0, 0)


def test_colorfulness_by_hand() -> None:
    """Half red, half blue: rg is 255 and 0, yb 127.5 and -255; grey has none."""
    picture = torch.zeros(2, 3, 4, 4)
    picture[0, 0, :, :2] = 1
    picture[0, 2, :, 2:] = 1
    picture[1] = 0.4
    rg, yb = np.array([255.0, 0]), np.array([127.5, -255.0])
    expected = np.hypot(rg.std(), yb.std()) + 0.3 * np.hypot(rg.mean(), yb.mean())
    found = colors.colorfulness(picture)
    assert found[0].item() == pytest.approx(expected)
    assert found[1].item() == pytest.approx(0, abs=1e-5)


def test_variety_is_the_spread_at_a_place_over_that_of_the_truth() -> None:
    """By hand, in two batches; against numpy, where each place is scored in other pictures."""
    rng = np.random.default_rng(0)
    true, fake = (torch.from_numpy(rng.normal(30, 20, (6, 3, 8, 8))) for _ in range(2))
    labels = torch.from_numpy(rng.integers(-1, 2, (6, 8, 8)))

    def by_numpy(lab: torch.Tensor) -> float:
        spreads = []
        for row in range(8):
            for column in range(8):
                pixels = lab[:, :, row, column].numpy()[labels[:, row, column].numpy() >= 0]
                if len(pixels) > 1:
                    spreads.append(math.sqrt(pixels.var(axis=0).sum()))
        return float(np.mean(spreads))

    def places(lab: torch.Tensor) -> torch.Tensor:
        return colors.moments_by_place(lab[:4], labels[:4]) + colors.moments_by_place(lab[4:], labels[4:])

    expected = by_numpy(fake) / by_numpy(true)
    assert colors.variety(places(fake), places(true)).item() == pytest.approx(expected)
    assert colors.variety(places(fake[:1].expand(6, -1, -1, -1)), places(true)).item() == pytest.approx(0, abs=1e-6)
    assert colors.variety(places(fake), places(true[:1].expand(6, -1, -1, -1))).isnan()
