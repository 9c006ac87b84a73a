"""`gan doctor`: what works on this machine, and how to get the rest."""

import os

import torch
from rich.table import Table

from gan.files import cache_folder
from gan.metrics import perceptual
from gan.metrics.backbone import REMEDY, WeightsMissing
from gan.runs.environment import pick_device


def table() -> Table:
    """A row a part."""
    rows = Table("part", "state", "what to do")
    for row in (*_device(), _lpips(), _wandb(), _cache()):
        rows.add_row(*row)
    return rows


def _device() -> list[tuple[str, str, str]]:
    device = pick_device("auto")
    name = torch.cuda.get_device_name(device) if device.type == "cuda" else f"{torch.get_num_threads()} threads"
    advice = "" if device.type != "cpu" else "runs on the processor; for a GPU install a driver that PyTorch supports"
    bf16 = device.type == "cuda" and torch.cuda.is_bf16_supported()
    return [
        ("PyTorch", torch.__version__, ""),
        ("device", f"{device} ({name})", advice),
        ("precision", "float32" + (", bfloat16 supported by the GPU" if bf16 else ""), ""),
    ]


def _lpips() -> tuple[str, str, str]:
    try:
        metric, source = perceptual.load()
    except WeightsMissing as missing:
        return "LPIPS", str(missing), REMEDY
    value = float(metric(torch.zeros(1, 3, 64, 64), torch.ones(1, 3, 64, 64)))
    return "LPIPS", f"weights from {source}, black against white {value:.6f}", ""


def _wandb() -> tuple[str, str, str]:
    try:
        from wandb import login  # a folder of offline runs, wandb/, can be imported too, and has none
    except ImportError:
        return "W&B", "not installed: no mirror", "pip install wandb"
    if mode := os.environ.get("WANDB_MODE"):
        return "W&B", f"{mode}, by WANDB_MODE", ""
    try:
        account = login(prompt=False, verify=False)
    except Exception as error:  # a key that it cannot use is a state to report
        return "W&B", f"offline: {error}", "wandb login"
    return (
        ("W&B", "online", "")
        if account
        else ("W&B", "offline: no account here", "wandb login, or upload with wandb sync")
    )


def _cache() -> tuple[str, str, str]:
    folder = cache_folder()
    there = next(parent for parent in (folder, *folder.parents) if parent.exists())
    writable = os.access(there, os.W_OK)
    return "cache", f"{folder}{'' if writable else ' (cannot be written)'}", "" if writable else "set GAN_CACHE"
