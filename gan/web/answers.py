"""Answers in JSON: of any values, plain ASCII, so that no text and no number of a person's files can spoil one."""

import json
import math
from collections.abc import Mapping
from typing import Any

from starlette.responses import Response


def answer(values: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """The answer that holds these values."""
    return Response(to_json(values), status, headers, "application/json")


def to_json(values: Any) -> str:
    """JSON; NaN, which a person's file may hold and JSON has not, becomes null."""
    try:
        return json.dumps(values, allow_nan=False, separators=(",", ":"))
    except ValueError:
        return json.dumps(_finite(values), allow_nan=False, separators=(",", ":"))


def _finite(values: Any) -> Any:
    if isinstance(values, dict):
        return {name: _finite(value) for name, value in values.items()}
    if isinstance(values, list | tuple):
        return [_finite(value) for value in values]
    return None if isinstance(values, float) and not math.isfinite(values) else values
