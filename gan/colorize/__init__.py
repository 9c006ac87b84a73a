"""A trained run applied to any drawing."""

from gan.colorize.colorizer import Colorizer
from gan.hints.painted import Hint

__all__ = ["Colorizer", "Hint"]
