"""Which arithmetic is meant, and what it leaves alone."""

import pytest
import torch
from torch import nn

from gan.runs import precision
from gan.runs.precision import has_bf16, networks_in, resolve

CPU = torch.device("cpu")


@pytest.mark.parametrize(
    ("flags", "found"), [({"avx512_bf16"}, "bf16"), ({"amx_bf16", "avx"}, "bf16"), ({"avx"}, "fp32")]
)
def test_auto_is_bf16_where_the_processor_multiplies_in_it(
    flags: set[str], found: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(precision, "_cpu_flags", lambda: flags)
    assert resolve("auto", CPU) == found
    assert (resolve("fp32", CPU), resolve("bf16", CPU)) == ("fp32", "bf16")
    assert not has_bf16(torch.device("meta"))


def test_the_flags_are_those_of_this_processor() -> None:
    assert precision._cpu_flags() == set() or "fpu" in precision._cpu_flags() or "fp" in precision._cpu_flags()


def test_convolutions_are_made_in_bf16_and_weights_stay() -> None:
    layer, x = nn.Conv2d(3, 4, 3), torch.randn(1, 3, 8, 8)
    with networks_in("bf16", CPU):
        made = layer(x)
    assert made.dtype == torch.bfloat16
    assert layer.weight.dtype == torch.float32
    with networks_in("fp32", CPU):
        assert torch.equal(layer(x), layer(x))
        assert layer(x).dtype == torch.float32
