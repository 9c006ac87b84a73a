"""What the rules of the parts of an experiment are said with."""

from gan.errors import RequestError


def check(holds: bool, rule: str) -> None:
    """Raise `RequestError(rule)` unless `holds`."""
    if not holds:
        raise RequestError(rule)


def is_utf8(text: str) -> bool:
    """Whether a path can be written down: a name in bytes of another encoding cannot."""
    return text == text.encode(errors="replace").decode()


def check_share(name: str, value: float) -> None:
    """Check that a probability or a share lies in [0, 1]."""
    check(0 <= value <= 1, f"{name} ({value:g}) must lie between 0 and 1")
