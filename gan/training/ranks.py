"""Many processes that train one run, a GPU each: the ranks that `torchrun --nproc-per-node N -m gan train ...` starts.

Every rank draws its share of each batch (`gan.data.loader`) and averages its gradients with the others' before it
clips and descends, so that N ranks descend as one process does. Rank 0 alone speaks, evaluates and writes.

The gradients of a network travel in one piece after its backward pass, as in NVlabs/stylegan3 (training_loop.py), and
not by `DistributedDataParallel`. That listens at a module's `forward`: a generator that is asked by another method
(`Pointer.point`) would train unaveraged, and nothing would say so; two passes of a discriminator with buffers before
one backward pass fail (pytorch #175024), as does a pass of one whose weights are frozen; and second derivatives are not
averaged (#63929). What it would hide is the time of that one transfer: 4 bytes a weight.

Ranks meet in two groups. Tensors travel in the first, between GPUs by NCCL: all come to it at the same moment, so that
`MOST_SECONDS` is long. The second waits as long as it takes, while rank 0 evaluates, and notices at once when a process
has ended.
"""

import importlib
import os
import signal
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.distributed.rendezvous import rendezvous

from gan.config import Experiment
from gan.errors import RequestError, first_line
from gan.log import console
from gan.runs.environment import pick_device

MOST_SECONDS = 50
"""Longest wait for the others within a step."""
Made = TypeVar("Made")


class Lost(Exception):
    """Another rank has ended, so that this one cannot go on; the message says so."""


@dataclass(frozen=True)
class Ranks:
    """This process among those that train a run; by default the only one."""

    rank: int = 0
    count: int = 1
    local: int = 0
    """Its number on its own machine."""
    group: Any = None
    """Returns in what ranks wait for each other (`torch.distributed.ProcessGroup`), and does not keep it alive."""

    @property
    def leads(self) -> bool:
        """Whether it is the one that speaks, evaluates and writes."""
        return self.rank == 0

    def gather(self, value: Made) -> list[Made]:
        """What each rank says, in their order; waits for all.

        Raises:
            Lost: another rank has ended.
        """
        said = [value] * self.count
        if self.count > 1:
            with _or_lost():
                dist.all_gather_object(said, value, group=self.group())
        return said

    def agree(self, signal: int | None) -> int | None:
        """The signal that one of them has received, or None; waits for all.

        Raises:
            Lost: another rank has ended.
        """
        if self.count == 1:
            return signal
        highest = torch.tensor(signal or 0)
        with _or_lost():
            dist.all_reduce(highest, dist.ReduceOp.MAX, group=self.group())
        return int(highest) or None

    def in_turn(self, work: Callable[[], Made]) -> Made:
        """Work that the first rank of a machine does before the others, who find in the cache what it has made.

        Raises:
            RequestError: on every rank, if on one.
            Lost: another rank has ended.
        """
        made: list[Made] = []
        for now in (self.local == 0, self.local != 0):
            refused = None
            if now:
                try:
                    made.append(work())
                except RequestError as error:
                    refused = error
            for each in self.gather(refused):
                if each is not None:
                    raise each
        return made[0]

    def require_same(self, value: object, rule: str) -> None:
        """Check that all ranks have the same.

        Raises:
            RequestError: on every rank, if one has another.
            Lost: another rank has ended.
        """
        said = self.gather(value)
        for rank, each in enumerate(said):
            if each != said[0]:
                raise RequestError(f"{rule}: {said[0]} on rank 0, {each} on rank {rank}")

    def mean(self, values: Tensor) -> Tensor:
        """The mean over the ranks, in place.

        Raises:
            Lost: another rank has ended.
        """
        if self.count > 1:
            with _or_lost():
                dist.all_reduce(values)
            values /= self.count
        return values

    def average_gradients(self, network: nn.Module) -> None:
        """Replace the gradients of a network by their means over the ranks; each must have those of the same weights.

        Raises:
            Lost: another rank has ended.
        """
        if self.count == 1:
            return
        gradients = [weight.grad for weight in network.parameters() if weight.grad is not None]
        flat = self.mean(torch.cat([gradient.flatten() for gradient in gradients]))
        parts = torch.split(flat, [gradient.numel() for gradient in gradients])
        for gradient, mean in zip(gradients, parts, strict=True):
            gradient.copy_(mean.view_as(gradient))

    def synchronized(self, network: nn.Module) -> nn.Module:
        """A network whose batch norms are over the batch of all ranks; its weights keep their names."""
        if self.count == 1:
            return network
        converted: nn.Module = nn.SyncBatchNorm.convert_sync_batchnorm(network)  # type: ignore[no-untyped-call]
        return converted

    def device(self, name: str) -> torch.device:
        """The device of that name for this rank: of several GPUs the one of its number on its machine.

        Raises:
            RequestError: as `pick_device`; or there is none for each rank.
        """
        device = pick_device(name)
        if self.count == 1 or device == torch.device("cpu"):
            return device
        if device != torch.device("cuda"):
            raise RequestError(f"device ({name}) must be cuda or cpu for {self.count} ranks, each with its own")
        if self.local >= torch.cuda.device_count():
            count = torch.cuda.device_count()
            raise RequestError(f"--nproc-per-node must be at most the number of GPUs of the machine ({count})")
        return torch.device("cuda", self.local)

    def check(self, experiment: Experiment, device: torch.device) -> None:
        """Check that they can train an experiment together as one process would.

        Raises:
            RequestError: they cannot share a batch equally; or it has a batch norm, which on a processor would be over
                each rank's share alone.
        """
        if experiment.batch_size % self.count:
            raise RequestError(
                f"batch_size ({experiment.batch_size}) must be a multiple of the number of ranks ({self.count})"
            )
        norms: dict[str, str] = {"generator": experiment.generator.norm}
        if experiment.adversarial.game != "none":
            norms["discriminator"] = experiment.discriminator.norm
        for name, norm in norms.items():
            if norm == "batch" and self.count > 1 and device.type == "cpu":
                raise RequestError(
                    f"{name}.norm (batch) must be group, instance or none for {self.count} ranks on a processor, "
                    f"where each rank's share of a batch would have statistics of its own"
                )


SOLE = Ranks()
"""One process that trains a run by itself."""


@contextmanager
def _or_lost() -> Iterator[None]:
    try:
        yield
    except RuntimeError as error:
        cause = first_line(error).partition(". ")[0]
        raise Lost(f"another rank has ended; go on with --resume ({cause})") from error


@contextmanager
def joined(device: str) -> Iterator[Ranks]:
    """This process among those that were started with it, which torchrun's environment names; else alone.

    device: the name of the device that they train on. Where a rank fails, the first to do so has the console, so that a
    person reads one line.

    Raises:
        RequestError: as `Ranks.device`; or the environment does not say where they meet.
        Lost: another rank has ended.
    """
    count = int(os.environ.get("WORLD_SIZE", "1"))
    if count == 1:
        yield SOLE
        return
    try:
        store, rank, _ = next(rendezvous("env://"))
    except ValueError as error:
        raise RequestError(f"WORLD_SIZE ({count}) needs the rest of torchrun's environment: {error}") from error
    console.quiet = rank != 0
    if "TORCHELASTIC_RUN_ID" in os.environ:
        threading.Thread(target=_stop_with_launcher, args=(os.getppid(),), daemon=True).start()
    try:
        ranks = _meet(store, Ranks(rank, count, int(os.environ.get("LOCAL_RANK", rank))), device)
        yield ranks
        ranks.gather(None)  # rank 0 may still be at work, and a launcher ends all where one has left with a status
    except Exception:
        console.quiet = not _is_first_to_fail(store)
        if dist.is_initialized() and dist.get_backend() == "gloo":  # NCCL's would wait for what never comes
            with suppress(RuntimeError):
                dist.destroy_process_group()
        raise
    dist.destroy_process_group()


def _meet(store: Any, ranks: Ranks, device: str) -> Ranks:
    """Go to where the others are.

    Whoever keeps a group keeps its threads, and Python aborts when one of them lets go of a tensor while Python ends
    (pytorch #190489): nobody may. torch.distributed.nn would, which PyTorch's optimisers import: the group of that
    moment is its functions' default.
    """
    importlib.import_module("torch.distributed.nn")
    chosen = ranks.device(device)
    if chosen.type == "cuda":
        torch.cuda.set_device(chosen)
    with _or_lost():
        dist.init_process_group(
            "nccl" if chosen.type == "cuda" else "gloo",
            store=store,
            rank=ranks.rank,
            world_size=ranks.count,
            timeout=timedelta(seconds=MOST_SECONDS),
        )
        group = dist.new_group(backend="gloo", timeout=timedelta(days=7))
    return Ranks(ranks.rank, ranks.count, ranks.local, weakref.ref(group))


def _stop_with_launcher(launcher: int) -> None:
    """Stop, with a checkpoint, when torchrun has been killed: nobody would end the ranks."""
    while os.getppid() == launcher:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)


def _is_first_to_fail(store: Any) -> bool:
    try:
        return bool(store.add("failed", 1) == 1)
    except RuntimeError:  # whoever kept the store has ended
        return True
