"""Pictures and drawings: where they come from, and how they reach the network."""

from collections.abc import Mapping, Sequence
from typing import Literal

Split = Literal["train", "val", "test"]
SPLITS: tuple[Split, ...] = ("train", "val", "test")
Digests = Mapping[Split, Sequence[str]]
"""Side -> the digests of its pictures, in their order."""
