"""Frozen dataclasses of plain values to JSON and back, with nothing unknown let through."""

import dataclasses
from collections.abc import Mapping
from typing import Any, ClassVar, Literal, Protocol, TypeVar, get_args, get_origin, get_type_hints

from gan.errors import RequestError


class DataclassInstance(Protocol):
    """Any dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Any]]


T = TypeVar("T", bound=DataclassInstance)


def to_dict(value: DataclassInstance) -> dict[str, Any]:
    """Nested dictionaries of numbers, strings, booleans, None, and lists of them."""
    return dataclasses.asdict(value, dict_factory=_with_lists)


def _with_lists(items: list[tuple[str, Any]]) -> dict[str, Any]:
    """JSON has no tuples."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in items}


def from_dict(cls: type[T], values: Any, place: str) -> T:
    """Build `cls` from what `to_dict` gave.

    Args:
        cls: a dataclass whose fields are plain values or such dataclasses.
        values: the nested dictionaries.
        place: where they came from, for messages.

    Raises:
        RequestError: a field that is unknown, or a value that breaks a rule.
    """
    if not isinstance(values, dict):
        raise RequestError(f"{place}: {cls.__name__} must be an object, not {values!r}")
    hints = get_type_hints(cls)
    known = [field.name for field in dataclasses.fields(cls)]
    for name in values:
        if name not in known:
            raise RequestError(f"{place}: unknown field {name!r} of {cls.__name__}; known are {', '.join(known)}")
    parts = {name: _part(hints[name], value, place) for name, value in values.items()}
    try:
        return cls(**parts)
    except RequestError as error:
        raise RequestError(f"{place}: {error}") from error


def _part(hint: Any, value: Any, place: str) -> Any:
    """One field: a part of its own, or a plain value; JSON has lists where a field is a tuple."""
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return from_dict(hint, value, place)
    return tuple(value) if isinstance(value, list) else value


def check_types(value: DataclassInstance, prefix: str) -> None:
    """Check every field against its annotation; an integer may stand for a float.

    Raises:
        RequestError: names the field, its value and what it may be.
    """
    hints = get_type_hints(type(value))
    for field in dataclasses.fields(value):
        given = getattr(value, field.name)
        if not _matches(given, hints[field.name]):
            name = f"{prefix}.{field.name}" if prefix else field.name
            raise RequestError(f"{name} ({given!r}) must be {_describe(hints[field.name])}")


def _matches(value: Any, hint: Any) -> bool:
    if get_origin(hint) is Literal:
        return any(value == choice and type(value) is type(choice) for choice in get_args(hint))
    if get_origin(hint) is tuple:  # tuple[int, ...] or tuple[int, int]
        kind, *others = get_args(hint)
        fits = others == [...] or (isinstance(value, tuple) and len(value) == 1 + len(others))
        return isinstance(value, tuple) and fits and all(_matches(part, kind) for part in value)
    if get_args(hint):  # a union
        return any(_matches(value, option) for option in get_args(hint))
    if hint is float:
        return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < float("inf")
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, hint)


def _describe(hint: Any) -> str:
    if get_origin(hint) is Literal:
        return "one of " + ", ".join(get_args(hint)) if len(get_args(hint)) > 1 else str(get_args(hint)[0])
    if get_origin(hint) is tuple:
        kind, *others = get_args(hint)
        return f"{'a list' if others == [...] else 1 + len(others)} of which each is {_describe(kind)}"
    if get_args(hint):
        return " or ".join(_describe(option) for option in get_args(hint))
    names = {int: "a whole number", float: "a finite number", str: "text", bool: "true or false", type(None): "none"}
    return names.get(hint) or str(hint.__name__)


def differences(before: DataclassInstance, after: DataclassInstance) -> dict[str, tuple[Any, Any]]:
    """Dotted field name -> (value before, value after) where two of a kind differ."""
    left, right = flatten(to_dict(before)), flatten(to_dict(after))
    return {name: (left[name], right[name]) for name in left if left[name] != right[name]}


def flatten(values: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested dictionaries -> one with dotted names."""
    flat: dict[str, Any] = {}
    for name, value in values.items():
        flat |= flatten(value, f"{prefix}{name}.") if isinstance(value, dict) else {f"{prefix}{name}": value}
    return flat
