"""The paint page."""

from pathlib import Path

from starlette.routing import BaseRoute


def routes(folder: Path) -> list[BaseRoute]:
    """Of the paint page."""
    return []
