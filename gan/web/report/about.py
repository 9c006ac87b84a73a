"""Where the runs of a report come from, and the plots that their studies drew."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, UnidentifiedImageError

from gan.files import open_regular, read_regular
from gan.web.report.embedded import address

PLOT = re.compile(r"^### (.+)\n\n!\[.*\]\(plots/(.+\.png)\)$", re.MULTILINE)
"""A plot in a study's report.md: its heading, and its file."""


def origins(runs: Sequence[Mapping[str, Any]], data: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """{runs, data, machine, version, commit, trained}: one a group of runs that agree in all but the day.

    Args:
        runs: as the report holds them.
        data: id of a run -> its data.json.
    """
    groups: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for run in runs:
        made = run["details"]["made_with"]
        version = ", ".join(f"{name} {made[name]}" for name in ("gan", "torch") if made[name])
        words = data_words(run["details"]["config"], data[run["id"]]), made["device"], version, made["commit"]
        groups.setdefault(tuple(str(word or "not recorded") for word in words), []).append(run)
    names = ("data", "machine", "version", "commit")
    return [
        {"runs": len(group), **dict(zip(names, words, strict=True)), "trained": _days(group)}
        for words, group in groups.items()
    ]


def data_words(config: Mapping[str, Any], data_json: Mapping[str, Any]) -> str:
    """Such as: avatars, 64 px: 245 train, 35 val, 70 test characters."""
    data = config.get("data")
    if not isinstance(data, dict):
        return ""
    size = data.get("size")
    pixels = " x ".join(map(str, size)) if isinstance(size, list) else size
    words = f"{data.get('source', 'avatars')}, {pixels} px"
    for noun in ("characters", "pictures"):
        sides = data_json.get(noun)
        if isinstance(sides, dict):
            counts = {side: len(there) if isinstance(there, list) else there for side, there in sides.items()}
            return f"{words}: {', '.join(f'{count} {side}' for side, count in counts.items())} {noun}"
    return words


def _days(runs: Sequence[Mapping[str, Any]]) -> str:
    """The first and the last day on which they logged anything."""
    times = [time for run in runs for _, column in run["axes"] for time in (*column[:1], *column[-1:]) if time]
    if not times:
        return "not recorded"
    ends = (datetime.fromtimestamp(time).astimezone() for time in (min(times), max(times)))
    return " to ".join(dict.fromkeys(f"{end:%Y-%m-%d}" for end in ends))


def plots(study: str, folder: Path) -> list[dict[str, str]]:
    """{study, words, address} of the plots in a study's folder, under the headings of its report.md.

    One that cannot be read is left out; one that the report does not name has the name of its file.
    """
    try:
        words = {name: heading for heading, name in PLOT.findall(read_regular(folder / "report.md").decode())}
    except (OSError, ValueError):
        words = {}
    found = []
    for path in sorted((folder / "plots").glob("*.png")):
        try:
            with open_regular(path) as file, Image.open(file) as picture:
                pixels = np.asarray(picture.convert("RGB"))
        except (OSError, UnidentifiedImageError, Image.DecompressionBombError, ValueError):  # half-written, or gone
            continue
        found.append({"study": study, "words": words.get(path.name, path.stem), "address": address(pixels, None)})
    return found
