"""Pictures and drawings: where they come from, and how they reach the network."""

from typing import Literal

Split = Literal["train", "val", "test"]
SPLITS: tuple[Split, ...] = ("train", "val", "test")
