"""The `gan` command: one short function per verb, no logic of its own.

Exit status: 0 done; 2 the request was wrong (one line on stderr); 1 it failed; 128 + n stopped by signal n.
Results go to stdout, progress and logs to stderr.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from gan import __version__
from gan.errors import RequestError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; returns the exit status."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        options, rest = _parse(words)
        status: int = options.verb(options, rest)
    except RequestError as error:
        print(f"gan: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("gan: interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader of stdout has gone, as `gan evaluate ... | head` does
        sys.stderr.close()
        return 1
    return status


class _Parser(argparse.ArgumentParser):
    """Errors as one line, like every other wrong request."""

    def error(self, message: str) -> None:  # type: ignore[override]
        raise RequestError(f"{message}; see {self.prog} --help")


def _parse(words: list[str]) -> tuple[argparse.Namespace, list[str]]:
    parser = _Parser(prog="gan", description="Conditional-GAN experiments that colour line art.", allow_abbrev=False)
    parser.add_argument("--version", action="version", version=f"gan {__version__}")
    verbs = parser.add_subparsers(required=True, metavar="VERB", parser_class=_Parser)

    one = verbs.add_parser("train", help="train an experiment", add_help=False, allow_abbrev=False)
    one.add_argument("experiment", type=Path, metavar="EXPERIMENT.py")
    one.add_argument("--out", type=Path, default=Path("runs"), metavar="DIR", help="folder of runs (runs)")
    one.add_argument("--resume", action="store_true", help="go on from the last checkpoint, if there is one")
    one.set_defaults(verb=_train, fields=True, parser=one)

    one = verbs.add_parser("evaluate", help="every metric of a trained run", allow_abbrev=False)
    one.add_argument("run", type=Path, metavar="RUN", help="a run folder")
    one.add_argument("--split", choices=("train", "val", "test"), default="test", help="which side of the data (test)")
    one.add_argument("--checkpoint", choices=("last", "best"), default="last", help="which weights (last)")
    one.add_argument(
        "--hints", type=int, nargs="+", metavar="N", help="numbers of hints (those that the run was evaluated at)"
    )
    one.add_argument("--average", action="store_true", help="the moving average, and not the raw weights")
    one.add_argument("--data-root", metavar="FOLDER", help="where the pictures are now, if they have been moved")
    one.add_argument("--device", default="auto", help="a PyTorch device (auto)")
    one.add_argument("--json", action="store_true", help="JSON and not a table")
    one.set_defaults(verb=_evaluate, fields=False, parser=one)

    one = verbs.add_parser("colorize", help="colour drawings with a trained run", allow_abbrev=False)
    one.add_argument("run", type=Path, metavar="RUN", help="a run folder")
    one.add_argument("drawings", type=Path, nargs="+", metavar="LINE.png", help="drawings of any size")
    one.add_argument(
        "--hint", action="append", default=[], metavar="X,Y,#RRGGBB[,RADIUS]", help="a colour, in pixels of the drawing"
    )
    one.add_argument("--hint-image", type=Path, metavar="RGBA.png", help="opaque pixels are hints")
    one.add_argument("--hint-json", type=Path, metavar="HINTS.json", help='[{"x": 9, "y": 9, "color": "#c23b3b"}, ...]')
    one.add_argument("--out", type=Path, metavar="PATH", help="a .png, or a folder (colored/)")
    one.add_argument("--size", type=int, metavar="N", help="short side at which the network works (that of training)")
    one.add_argument("--native", action="store_true", help="let the network work at the drawing's own size")
    one.add_argument("--raw", action="store_true", help="take paper and ink as they are")
    one.add_argument("--checkpoint", choices=("last", "best"), default="last", help="which weights (last)")
    one.add_argument("--average", action="store_true", help="the moving average, and not the raw weights")
    one.add_argument("--device", default="auto", help="a PyTorch device (auto)")
    one.set_defaults(verb=_colorize, fields=False, parser=one)

    one = verbs.add_parser("study", help="run a study, and judge it", add_help=False, allow_abbrev=False)
    one.add_argument("study", type=Path, metavar="STUDY.py")
    one.add_argument("--seeds", type=int, metavar="N", help="only the first N of the study's seeds")
    one.add_argument("--out", type=Path, default=Path("runs"), metavar="DIR", help="folder of runs (runs)")
    one.add_argument("--launcher", choices=("local", "ray"), default="local", help="where the runs are done (local)")
    one.add_argument("--jobs", type=int, default=1, metavar="N", help="local: runs at once, the cores shared out (1)")
    one.add_argument("--cpus-per-run", type=float, default=1.0, metavar="N", help="ray: cores of a run (1)")
    one.add_argument("--gpus-per-run", type=float, metavar="F", help="ray: share of a GPU of a run (1 if there is any)")
    one.add_argument("--dry-run", action="store_true", help="list the runs and the time that they will take")
    one.add_argument("--report", action="store_true", help="run nothing: judge and draw what is done")
    one.set_defaults(verb=_study, fields=True, parser=one)

    one = verbs.add_parser("data", help="what the network will see, as a sheet", add_help=False, allow_abbrev=False)
    one.add_argument("experiment", type=Path, metavar="EXPERIMENT.py")
    one.add_argument("--out", type=Path, required=True, metavar="sheet.png", help="the picture to write")
    one.set_defaults(verb=_data, fields=True, parser=one)

    one = verbs.add_parser("serve", help="review runs and paint hints in a browser", allow_abbrev=False)
    one.add_argument("folder", type=Path, nargs="?", default=Path("runs"), metavar="DIR", help="folder of runs (runs)")
    one.add_argument("--host", default="127.0.0.1", help="address to listen at (127.0.0.1: this machine alone)")
    one.add_argument("--port", type=int, default=8000, help="port to listen at, 0 for any that is free (8000)")
    one.set_defaults(verb=_serve, fields=False, parser=one)

    one = verbs.add_parser("report", help="runs and studies as one page that opens from disk", allow_abbrev=False)
    one.add_argument("folders", type=Path, nargs="+", metavar="DIR", help="studies, runs, or folders that hold them")
    one.add_argument("--out", type=Path, required=True, metavar="report.html", help="the file to write")
    one.set_defaults(verb=_report, fields=False, parser=one)

    one = verbs.add_parser("doctor", help="what works here, and how to get the rest", allow_abbrev=False)
    one.set_defaults(verb=_doctor, fields=False, parser=one)

    if words and words[0] in ("train", "data", "study") and {"-h", "--help"} & set(words):
        file = words[1:2] if len(words) > 1 and words[1].endswith(".py") else [""]
        words = [
            words[0],
            *(file if words[0] != "study" else ["x.py"]),
            "--help",
            "--out",
            "shown",
        ]  # help needs nothing else, and nothing is written
    options, rest = parser.parse_known_args(words)
    if rest and not options.fields:
        raise RequestError(f"unknown option {rest[0]}; see {options.parser.prog} --help")
    return options, rest


def _train(options: argparse.Namespace, rest: list[str]) -> int:
    from gan.config import options as config_options

    experiment = config_options.apply(options.experiment, rest, options.parser)

    from gan.training import loop  # after the cheap checks: it brings PyTorch

    console = Console(stderr=True)
    try:
        outcome = loop.train(experiment, options.out, resume=options.resume, console=console)
    except loop.TrainingFailed as failure:
        print(f"gan: {failure}", file=sys.stderr)
        return 1
    print(outcome.run.path)
    if outcome.signal is not None:
        print(f"gan: stopped at step {outcome.step}; go on with --resume", file=sys.stderr)
        return 128 + outcome.signal
    return 0


def _evaluate(options: argparse.Namespace, rest: list[str]) -> int:  # noqa: ARG001 -- the signature of a verb
    from gan.evaluation import run as evaluation_of

    evaluation = evaluation_of.of_run(
        options.run,
        options.split,
        options.checkpoint,
        hints=options.hints,
        average=options.average,
        data_root=options.data_root,
        device=options.device,
        warn=_warn,
    )
    if len(evaluation.curve) > 1:
        evaluation_of.keep_curve(evaluation, _warn)
    if options.json:
        print(json.dumps(evaluation.to_json(), indent=2))
    else:
        Console().print(evaluation.to_table())
    return 0


def _colorize(options: argparse.Namespace, rest: list[str]) -> int:  # noqa: ARG001 -- the signature of a verb
    from gan.colorize import files
    from gan.hints import painted

    hints = [painted.parse(word) for word in options.hint]
    hints += painted.read_json(options.hint_json) if options.hint_json else []
    image = files.read_hint_image(options.hint_image) if options.hint_image else None
    files.check_size(options.size, native=options.native)
    jobs = files.plan(options.drawings, options.out)
    files.check_places(jobs, hints, image)

    from gan.colorize.colorizer import Colorizer

    colorizer = Colorizer.load(
        options.run, checkpoint=options.checkpoint, average=options.average, device=options.device
    )
    colorizer.check_hints(hinted=bool(hints) or image is not None)
    how = {"hint_image": image, "size": options.size, "native": options.native, "raw": options.raw}
    failed = files.color_all(jobs, lambda drawing: colorizer.color(drawing, hints, **how), Console(stderr=True), print)
    for path, reason in failed.items():
        _warn(f"{path}: {reason}")
    return 1 if failed else 0


def _study(options: argparse.Namespace, rest: list[str]) -> int:
    from gan import log
    from gan.study import execute, file

    study = file.apply_to_study(options.study, rest, options.parser).first_seeds(options.seeds)
    launch = execute.LaunchOptions(options.launcher, options.jobs, options.cpus_per_run, options.gpus_per_run)
    if options.dry_run:
        Console().print(execute.dry_run(study, options.out, launch))
        return 0
    log.configure()
    if options.report:
        outcome = execute.write_results(study, options.out)
    else:
        outcome = execute.execute(study, options.out, launch)
    if outcome.signal is not None:
        _warn("stopped; the same command goes on from here")
        return 128 + outcome.signal
    for label, reason in outcome.failed.items():
        _warn(f"{label} failed: {reason}")
    for line in execute.verdict_lines(outcome.folder):
        print(line)
    return 1 if outcome.failed else 0


def _data(options: argparse.Namespace, rest: list[str]) -> int:
    from gan.config import options as config_options

    experiment = config_options.apply(options.experiment, rest, options.parser)

    from gan import preview

    for line in preview.write(experiment, options.out):
        print(line)
    return 0


def _serve(options: argparse.Namespace, rest: list[str]) -> int:  # noqa: ARG001 -- the signature of a verb
    from gan.web import app

    app.serve(options.folder, options.host, options.port, lambda line: print(line, flush=True), _warn)
    return 0


def _report(options: argparse.Namespace, rest: list[str]) -> int:  # noqa: ARG001 -- the signature of a verb
    from gan.web.report import page as report

    print(report.write(options.folders, options.out))
    return 0


def _doctor(options: argparse.Namespace, rest: list[str]) -> int:  # noqa: ARG001 -- the signature of a verb
    from gan import doctor

    Console().print(doctor.table())
    return 0


def _warn(line: str) -> None:
    print(f"gan: {line}", file=sys.stderr)
