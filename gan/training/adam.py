"""The optimiser of every network: PyTorch's fused Adam, also where channels lie side by side in memory."""

from typing import Any

import torch
from torch import Tensor
from torch.optim import Adam


class FusedAdam(Adam):
    """Adam (Kingma and Ba 2015, arXiv 1412.6980, algorithm 1) in one kernel for each kind of tensor.

    On a processor that kernel (PyTorch 2.14) reads its tensors in the order of memory. It copies weights and means of
    convolutions in `torch.channels_last` there and back, which takes as long again as the rule; and where gradient
    and weight lie in different orders it steps by the wrong numbers. So all are brought into the weight's order, and
    given as they lie, which is the same for a rule in which no number knows another.
    """

    def __init__(self, weights: Any, lr: float, betas: tuple[float, float]) -> None:
        super().__init__(weights, lr, betas, fused=True)

    def _init_group(
        self, group: dict[str, Any], weights: list[Tensor], gradients: list[Tensor], *rest: list[Tensor]
    ) -> bool:
        """PyTorch's own collecting of what a step is of; `rest`: two running means, and what has no channels."""
        has_complex: bool = super()._init_group(group, weights, gradients, *rest)  # type: ignore[no-untyped-call]
        means, squares = rest[:2]
        for place, weight in enumerate(weights):
            if gradients[place].stride() != weight.stride():
                gradients[place] = _ordered(gradients[place], weight)
            for kept in (means[place], squares[place]):
                if kept.stride() != weight.stride():
                    kept.data = _ordered(kept, weight)
            if not weight.is_contiguous() and weight.is_contiguous(memory_format=torch.channels_last):
                for tensors in (weights, gradients, means, squares):
                    tensors[place] = tensors[place].permute(0, 2, 3, 1)
        return has_complex


def _ordered(values: Tensor, like: Tensor) -> Tensor:
    return torch.empty_like(like).copy_(values)
