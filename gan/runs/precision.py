"""The arithmetic of the networks in training: fp32, or bf16 where the hardware has it.

bf16 is autocast's (https://docs.pytorch.org/docs/stable/amp.html): weights, optimiser, norms' statistics, losses and
everything that is measured stay in fp32; convolutions and matrix products are made in bf16, which has the range of
fp32, so that no loss needs to be scaled. On CUDA convolutions of fp32 are TF32's, as PyTorch has it from the start
(torch.backends.cudnn.allow_tf32); matrix products, in which a pointing network's colours are exact, are not.
"""

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Literal

import torch

from gan.config import Precision

Resolved = Literal["fp32", "bf16"]
CPU_FLAGS = ("avx512_bf16", "amx_bf16")
"""Of a processor that multiplies in bf16; without them it is emulated, and slower than fp32."""


def resolve(asked: Precision, device: torch.device) -> Resolved:
    """What is meant on a device; auto is bf16 where the device multiplies in it."""
    if asked == "auto":
        return "bf16" if has_bf16(device) else "fp32"
    return asked


def has_bf16(device: torch.device) -> bool:
    """Whether a device multiplies in bf16 by itself."""
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    return device.type == "cpu" and any(flag in _cpu_flags() for flag in CPU_FLAGS)


def _cpu_flags() -> set[str]:
    """What Linux says of the processor; nothing elsewhere."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return set()
    return next((set(line.partition(":")[2].split()) for line in lines if line.startswith("flags")), set())


def networks_in(precision: Resolved, device: torch.device) -> AbstractContextManager[object]:
    """In this context networks work in that precision; what is made of their output is for the caller to widen."""
    return torch.autocast(device.type, torch.bfloat16) if precision == "bf16" else nullcontext()
