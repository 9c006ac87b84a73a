"""Adam in one kernel: the rule of the paper, in any order of memory, and nothing copied."""

import pytest
import torch
from torch.profiler import ProfilerActivity, profile

from gan.training.adam import FusedAdam

LAYOUTS = {"contiguous": torch.contiguous_format, "channels_last": torch.channels_last}


def stepped(layout: torch.memory_format, kind: type[torch.optim.Adam], **options: bool) -> list[torch.Tensor]:
    """A convolution's weight, a bias and a pointwise weight after four steps."""
    draw = torch.Generator().manual_seed(0)
    weights = [torch.randn(shape, generator=draw) for shape in ((8, 6, 4, 4), (8,), (8, 6, 1, 1))]
    weights = [one.to(memory_format=layout) if one.dim() == 4 else one for one in weights]
    optimizer = kind([one.requires_grad_() for one in weights], 0.1, (0.5, 0.9), **options)
    for _ in range(4):
        for one in weights:
            one.grad = torch.randn(one.shape, generator=draw)  # contiguous, whatever its weight is
        optimizer.step()
    return [one.detach() for one in weights]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_it_is_adam(layout: str) -> None:
    made = stepped(LAYOUTS[layout], FusedAdam)
    expected = stepped(torch.contiguous_format, torch.optim.Adam, fused=False, foreach=False)
    assert made[0].is_contiguous(memory_format=LAYOUTS[layout])
    for one, other in zip(made, expected, strict=True):
        torch.testing.assert_close(one, other, rtol=0, atol=1e-6)


@pytest.mark.parametrize("kind", [FusedAdam, torch.optim.Adam])
def test_nothing_is_copied(kind: type[torch.optim.Adam]) -> None:
    """PyTorch's own copies where channels lie side by side; once it does not, there is nothing to mend."""
    weight = torch.randn(64, 32, 4, 4).to(memory_format=torch.channels_last).requires_grad_()
    optimizer = FusedAdam([weight], 0.1, (0.5, 0.9)) if kind is FusedAdam else kind([weight], 0.1, fused=True)
    weight.grad = torch.randn_like(weight)
    optimizer.step()
    with profile(activities=[ProfilerActivity.CPU]) as measured:
        optimizer.step()
    copies = sum(event.count for event in measured.key_averages() if event.key == "aten::clone")
    assert (copies == 0) == (kind is FusedAdam)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_its_state_is_that_of_adam(layout: str) -> None:
    """In the shapes of the weights: checkpoints of before load, in either order of memory, and go on as they would."""
    draw = torch.Generator().manual_seed(0)
    weight, gradient = (torch.randn(8, 6, 4, 4, generator=draw) for _ in range(2))
    plain = weight.clone().requires_grad_()
    before = torch.optim.Adam([plain], 0.1, (0.5, 0.9), fused=True)
    plain.grad = gradient
    before.step()
    laid = plain.detach().to(memory_format=LAYOUTS[layout]).requires_grad_()
    after = FusedAdam([laid], 0.1, (0.5, 0.9))
    after.load_state_dict(before.state_dict())
    laid.grad = gradient
    before.step()
    after.step()
    torch.testing.assert_close(laid, plain, rtol=0, atol=1e-6)
    kept, expected = (next(iter(one.state_dict()["state"].values())) for one in (after, before))
    assert kept.keys() == expected.keys()
    for name, value in expected.items():
        torch.testing.assert_close(kept[name], value, rtol=0, atol=1e-6)
