"""What a training takes of its machine; of several ranks, what the first of them does."""

import resource
import sys
import time

import torch

GIGABYTE = 1e9
PEAK_UNIT = 1 if sys.platform == "darwin" else 1024
"""Bytes that the system counts the largest memory of a process in."""


class Usage:
    """Cores, memory and memory of a GPU, from one line of metrics.jsonl to the next.

    Args:
        device: on which is trained.
    """

    def __init__(self, device: torch.device) -> None:
        self.device = device
        self._before = self._clocks()

    def values(self) -> dict[str, float]:
        """`system/cpu`: cores that the process kept busy since the last call, without the loader's own processes.
        `system/memory`, `system/gpu_memory`: the most that it has held until now, in gigabytes (1e9 bytes); of a GPU
        what PyTorch has given out. What the system does not say is left out.
        """
        now = self._clocks()
        busy, passed = (after - before for after, before in zip(now, self._before, strict=True))
        self._before = now
        values = {"system/cpu": busy / passed} if passed > 0 else {}
        values["system/memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * PEAK_UNIT / GIGABYTE
        if self.device.type == "cuda":
            values["system/gpu_memory"] = torch.cuda.max_memory_allocated(self.device) / GIGABYTE
        return values

    @staticmethod
    def _clocks() -> tuple[float, float]:
        return time.process_time(), time.perf_counter()
