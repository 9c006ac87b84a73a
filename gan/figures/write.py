"""`gan report --figures DIR`: figures and tables of some runs and studies, and captions.md, which says what each is.

Everything is drawn before anything is written, each file whole or not at all, and other files in the folder stay as
they are: captions.md names those that are ours, and only they are written over.
"""

import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gan.errors import RequestError
from gan.figures import draw, tables
from gan.figures.arms import Arm, ArmRun, Comparison, comparisons
from gan.figures.pictures import pictured
from gan.figures.tables import Line
from gan.files import read_regular, replacing
from gan.metrics.catalog import label, shown_at
from gan.study import plots, results
from gan.study.results import StudyResult
from gan.study.statistics import CONFIDENCE
from gan.web.report.page import gather

logger = logging.getLogger(__name__)
CAPTIONS = "captions.md"
MADE = "<!-- made by gan report --figures -->"
"""First line of captions.md."""
INTERVAL = f"{100 * CONFIDENCE:.0f} % intervals of Student's t for the mean over seeds"
METRICS = shown_at("page")
"""In the curves."""
IN_TEX = tuple(name for name in shown_at("quickstart") if name in METRICS)
"""In the LaTeX tables, which must fit on a page; the CSV tables have all."""


@dataclass
class Written:
    """Name -> content of the files, and a paragraph of captions.md each figure or table."""

    files: dict[str, bytes] = field(default_factory=dict)
    captions: list[str] = field(default_factory=list)

    def add(self, name: str, files: dict[str, bytes], *sentences: str) -> None:
        """Add a figure or table in several kinds of files."""
        named = {f"{name}.{kind}": content for kind, content in files.items()}
        self.files |= named
        self.captions.append(f"## {', '.join(named)}\n\n{' '.join(filter(None, sentences))}")

    def table(self, name: str, lines: Sequence[Line], *sentences: str) -> None:
        """Add a table, where it has a row."""
        if lines:
            files = {"tex": tables.to_tex(lines, IN_TEX), "csv": tables.to_csv(lines)}
            self.add(name, {kind: text.encode() for kind, text in files.items()}, *sentences)


def write(folders: Sequence[Path], out: Path) -> list[Path]:
    """Write the figures, and return their paths.

    Args:
        folders: studies, runs, or folders that hold them.
        out: the folder to write into.

    Raises:
        RequestError: nothing to report there, or `out` cannot be written into, or holds another's file of that name.
    """
    if out.exists() and not out.is_dir():
        raise RequestError(f"--figures ({out}) must be a folder, and is a file")
    found, _ = gather(folders)
    compared = comparisons(found)
    written = Written()
    for number, comparison in enumerate(compared, start=1):
        _compare(written, comparison, f"-{number}" if number > 1 else "")
    for folder in dict.fromkeys(path for each in found for path in each.library.studies().values()):
        _study(written, folder, _colors(compared, folder))
    text = "\n\n".join([MADE, "# Figures", *_remarks(compared), *written.captions]) + "\n"
    return _save(out, {CAPTIONS: text.encode(), **written.files})


def _compare(written: Written, comparison: Comparison, suffix: str) -> None:
    """Grid, curves and table of the arms that are measured on the same pictures."""
    arms, data = comparison.arms, f"Data: {comparison.data}."
    seen = pictured(arms)
    if seen.columns:
        rows = len(seen.columns["line"])
        written.add(
            f"grid{suffix}",
            draw.encode(draw.grid(seen.columns)),
            f"The same {rows} validation drawings, fixed before training, by {_listed(seen.shown)}.",
            "line: the drawing. color: the truth.",
            "hints: what hinted arms are told, as many as are measured at most." if "hints" in seen.columns else "",
            f"Left out: {_listed(seen.left_out)}." if seen.left_out else "",
            data,
        )
    counts = {arm.label: most for arm in arms if (most := _most_hints(arm))}
    curves = draw.curves(arms, METRICS, counts)
    if curves is not None:
        hinted = _listed(f"{arm}: {count}" for arm, count in counts.items())
        written.add(
            f"curves{suffix}",
            draw.encode(curves),
            f"Metrics of {_validated(arms)} fixed validation pictures without hints, as training went.",
            f"Lines are means over the seeds; bands {INTERVAL}, where there are two seeds or more.",
            f"Dotted: the same networks with hints ({hinted})." if hinted else "",
            *(_runs_of(arm) for arm in arms),
            data,
        )
    _table(written, f"table{suffix}", arms, data)


def _table(written: Written, name: str, arms: Sequence[Arm], data: str) -> None:
    """The metrics of the test pictures; where no run is scored on them, those of the last evaluation."""
    lines = tables.of_arms(arms)
    if not lines:
        lines = tables.of_validation(arms)
        what = f"Metrics of the last evaluation, on {_validated(arms)} validation pictures, by number of hints."
        written.table(name, lines, what, "No run is scored on test pictures.", _what_numbers_are(lines), data)
        return
    missing = [f"{run.found.id}{' (broken)' if run.score.get('broken') else ''}" for run in _unscored(arms)]
    pictures = " or ".join(sorted({str(run.score.get("pictures", "the")) for arm in arms for run in arm.scored}))
    written.table(
        name,
        lines,
        f"Metrics of the raw weights of the last step on {pictures} test pictures, by number of hints.",
        _what_numbers_are(lines),
        f"Left out, for want of a score: {_listed(missing)}." if missing else "",
        data,
    )


def _validated(arms: Sequence[Arm]) -> str:
    """How many validation pictures an evaluation is of: as many as asked for, or there are."""
    return " or ".join(dict.fromkeys(str(run.validated or "the") for arm in arms for run in arm.runs))


def _most_hints(arm: Arm) -> int:
    """The largest number of hints that its curves are at; 0: none."""
    names = {name for run in arm.runs for row in run.rows for name in row}
    return max((int(found[1]) for name in names if (found := re.match(r"val_hints/(\d+)/", name))), default=0)


def _unscored(arms: Sequence[Arm]) -> Iterator[ArmRun]:
    for arm in arms:
        yield from (run for run in arm.runs if run not in arm.scored)


def _runs_of(arm: Arm) -> str:
    """l1: n = 3 seeds (3, 4, 5), to step 4000."""
    seeds = sorted(run.seed for run in arm.runs)
    steps = dict.fromkeys(str(int(run.rows[-1]["step"])) for run in arm.runs if run.rows)
    to = f", to step {' or '.join(steps)}" if steps else ""
    return f"{arm.label}: n = {len(seeds)} {'seed' if len(seeds) == 1 else 'seeds'} ({_listed(map(str, seeds))}){to}."


def _what_numbers_are(lines: Sequence[Line]) -> str:
    """Of a table: seeds, steps, and what stands behind the sign of plus and minus."""
    told = dict.fromkeys(
        f"{line.arm}: n = {len(line.seeds)} ({_listed(map(str, line.seeds))}), step {line.steps}" for line in lines
    )
    half = f"± is half of the {INTERVAL}; one seed has none." if any(len(line.seeds) > 1 for line in lines) else ""
    every = "The CSV file holds the value of every seed."
    return " ".join(filter(None, (f"Means over n seeds ({'; '.join(told)}).", half, every)))


def _colors(compared: Sequence[Comparison], study: Path) -> dict[str, str]:
    """Arm of a study -> its colour in the other figures."""
    folders = {arm.runs[0].found.run.path.parent: arm.color for each in compared for arm in each.arms}
    return {folder.name: color for folder, color in folders.items() if folder.parent == study}


def _study(written: Written, folder: Path, colors: dict[str, str]) -> None:
    """The cells and the plots of a study, from its study.json."""
    try:
        result = results.load(folder)
    except RequestError as error:
        logger.warning("%s; its tables and plots are left out", error)
        return
    name = re.sub(r"[^\w.=+-]+", "-", folder.name)
    lines, split = tables.of_study(result), "test pictures, with the raw weights of the last step"
    question = f"Study {result.name}: {result.question}"
    without = _listed((*(f"{run} (not done)" for run in result.missing), *(f"{run} (broken)" for run in result.broken)))
    left_out = f"Left out: {without}." if without else ""
    written.table(f"{name}-cells", lines, question, f"Every cell on its {split}.", _what_numbers_are(lines), left_out)
    for plot, figure in plots.of_results(result, colors).items():
        if figure is not None:
            words = f"{PLOTS[plot]}, on the {split}. Dots are runs, squares means over seeds, bars {INTERVAL}."
            written.add(f"{name}-{plot}", draw.encode(figure), question, words, _seeds_of(result), "Dashes are theory.")


PLOTS = {
    "dose": "Sepia index against the dose of ambiguity, the share of colours that the lines do not tell",
    "hints": "Sepia index and error against the number of hints",
    "psnr": "PSNR against sepia index; stars are closed forms",
}


def _seeds_of(result: StudyResult) -> str:
    return "; ".join(f"{cell.name}: n = {len(cell.seeds)}" for cell in result.measured_cells) + "."


def _remarks(compared: Sequence[Comparison]) -> list[str]:
    """What holds for all figures."""
    commits = {commit: None for each in compared for arm in each.arms for run in arm.runs for commit in run.commits}
    several = (
        "Runs of other pictures, colours or sizes are in figures of their own (-2, -3, ...): they are not compared."
    )
    better = f"Metrics: {', '.join(dict.fromkeys(map(label, METRICS)))}; docs/metrics.md says what each is."
    code = f"Code of the runs: {_listed(commits)}." if commits else ""
    return [line for line in (better, several if len(compared) > 1 else "", code) if line]


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words)


def _save(out: Path, files: dict[str, bytes]) -> list[Path]:
    ours = _ours(out)
    for name in files:
        if (out / name).exists() and name not in ours:
            raise RequestError(f"{out / name} exists and was not made by gan report; choose another --figures")
    try:
        for name, content in files.items():  # the captions first: they say which of the others are ours
            with replacing(out / name) as draft:
                draft.write_bytes(content)
    except OSError as error:
        raise RequestError(f"--figures: {out} must be writable: {error.strerror}") from error
    return [out / name for name in files]


def _ours(out: Path) -> set[str]:
    """The files that captions.md names, and itself; none where it is another's."""
    try:
        text = read_regular(out / CAPTIONS).decode()
    except (OSError, UnicodeDecodeError):
        return set()
    if not text.startswith(MADE):
        return set()
    return {CAPTIONS} | {name for line in re.findall(r"^## (.+)$", text, re.MULTILINE) for name in line.split(", ")}
