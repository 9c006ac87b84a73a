"""Why a run gives no result: what is known of it, and the end of what it said."""

import re
from typing import Any

from gan.web.library import Library, Run, run_state
from gan.web.review import describe

ESCAPES = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
"""Colours and movements of a terminal."""
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u0080-\u009f\u202a-\u202e\u2066-\u2069]")
"""Characters that are no text, and those that turn its direction."""
STAMP = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [A-Z]+ |^gan: ")
UNSAID = "It ended without a word: it was killed, or its machine went down. gan train ... --resume goes on."


def ending(library: Library, run: Run, now: float) -> dict[str, Any]:
    """The reason in a sentence, empty where there is none; and the name of the log with the text of its end."""
    found = library.log_end(run)
    name, text = ("", "") if found is None else (found[0], plain(found[1]))
    return {"reason": _reason(library, run, now, text), "log": name, "text": text}


def _reason(library: Library, run: Run, now: float, text: str) -> str:
    if reason := describe.broken(library, run):
        return reason
    if run_state(library, run, now).state != "stopped":
        return ""
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        return UNSAID
    return STAMP.sub("", lines[-1])


def plain(content: bytes) -> str:
    """The text of the end of a log: of a line that was drawn over again, such as a bar, what was seen last."""
    lines = content.decode("utf-8", "replace").replace("\r\n", "\n").split("\n")
    last = (line.rstrip("\r").rpartition("\r")[2] for line in lines)
    return "\n".join(CONTROL.sub("", ESCAPES.sub("", line)) for line in last).strip("\n")
