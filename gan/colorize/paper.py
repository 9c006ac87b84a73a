"""What the drawings of a trained run look like."""

from gan.config import Experiment
from gan.data import sources
from gan.errors import RequestError
from gan.runs.folder import RunFolder, read_json

MOSTLY = 0.9
"""Least share of a run's drawings that are ink on white, where new ones are taken for such."""


def is_on_white(run: RunFolder, experiment: Experiment) -> bool:
    """Whether the drawings of a run are ink on white: by its data.json, or its data if it is older and they are there.

    Where neither tells, they are taken for such.
    """
    if experiment.data.source != "pairs":
        return True
    try:
        share = read_json(run.path / "data.json").get("ink_on_white")
        return float(sources.load(experiment).summary["ink_on_white"] if share is None else share) >= MOSTLY
    except RequestError:
        return True
