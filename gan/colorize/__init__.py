"""A trained run applied to any drawing.

`Colorizer` is loaded when it is asked for: it brings PyTorch, which checks of a request and flat colours do without.
"""

from typing import TYPE_CHECKING, Any

from gan.hints.painted import Hint

if TYPE_CHECKING:
    from gan.colorize.colorizer import Colorizer

__all__ = ["Colorizer", "Hint"]


def __getattr__(name: str) -> Any:
    if name != "Colorizer":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from gan.colorize.colorizer import Colorizer

    return Colorizer
