"""The `gan` command: a file a verb, its options beside its code, no logic of its own."""

from gan.cli.main import main

__all__ = ["main"]
