"""what works here, and how to get the rest"""

import argparse

from rich.console import Console


def add_options(parser: argparse.ArgumentParser) -> None:
    """There are none."""


def run(options: argparse.Namespace) -> int:  # noqa: ARG001 -- the signature of a verb
    """Print the table."""
    from gan import doctor

    Console().print(doctor.table())
    return 0
