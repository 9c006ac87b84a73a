"""What the networks share."""

import torch
from torch import Tensor

from gan.models.layers import beside


def test_a_skip_beside_keeps_gradients_and_gathers_them() -> None:
    """Those of a concatenation; in the order that batch norm is fast in, where channels lie side by side."""
    draw = torch.Generator().manual_seed(0)
    weights = torch.randn(2, 8, 4, 4, generator=draw)
    side, planes = torch.channels_last, torch.contiguous_format
    for layout, dtype, gathers in (
        (side, torch.bfloat16, True),
        (side, torch.float32, False),
        (planes, torch.bfloat16, False),
    ):
        x, skip = (torch.randn(2, depth, 4, 4, generator=draw).to(dtype, memory_format=layout) for depth in (3, 5))
        seen: list[Tensor] = []
        inner = x.requires_grad_() * 1.0
        inner.register_hook(seen.append)
        joined = beside(inner, skip)
        assert torch.equal(joined, torch.cat([x, skip], dim=1))
        (joined * weights).sum().backward()
        assert x.grad is not None
        assert torch.equal(x.grad, weights[:, :3].to(dtype))
        assert seen[0].is_contiguous(memory_format=layout) == gathers


def test_a_skip_beside_without_gradients() -> None:
    x, skip = torch.zeros(1, 2, 4, 4), torch.ones(1, 1, 4, 4)
    with torch.no_grad():
        assert beside(x, skip).flatten(2).mean(2).tolist() == [[0, 0, 1]]
