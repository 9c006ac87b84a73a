"""Ways to launch the runs of a study: here, one process after another or several at once, or on a Ray cluster.

A launcher is given the runs that are missing and calls `on_end` for each as it ends, with None or the reason why it
failed. It returns the signal that stopped it, or None. A run that fails does not keep the others from running.
"""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gan import log
from gan.errors import RequestError, first_line
from gan.study.runs import Stopped, StudyRun, train_and_score
from gan.training.interrupt import stop_requested

OnStart = Callable[[StudyRun], None]
OnEnd = Callable[[StudyRun, str | None], None]
POLL_SECONDS = 0.2
"""Time between two looks at signals."""
SHUTDOWN_SECONDS = 30
"""Time that Ray's tasks have to save a checkpoint after they are cancelled."""
MAX_RETRIES = 3
"""How often Ray starts a task again whose worker died."""


def local(runs: Sequence[StudyRun], at_once: int, on_start: OnStart, on_end: OnEnd) -> int | None:
    """A process a run on this machine, `at_once` at a time, the cores shared out among them."""
    threads = max(1, (os.cpu_count() or 1) // at_once)
    running: dict[StudyRun, subprocess.Popen[str]] = {}

    def launch(run: StudyRun) -> str | None:
        on_start(run)
        with _process(run, threads) as process:
            running[run] = process
            if is_stopping():  # a signal came while it was being started
                process.terminate()
            process.wait()
            del running[run]
        return _failure(process.returncode, _log_file(run))

    with stop_requested() as stopped, ThreadPoolExecutor(at_once) as pool:
        failed: list[bool] = []

        def is_stopping() -> bool:
            return bool(failed) or stopped() is not None

        futures = {pool.submit(launch, run): run for run in runs}
        try:
            for future in _as_they_end(futures, stopped):
                on_end(futures[future], future.result())
        except BaseException:  # results that cannot be written: do not run on for hours
            failed.append(True)
            raise
        finally:
            if is_stopping():
                pool.shutdown(wait=False, cancel_futures=True)
                for process in list(running.values()):
                    process.terminate()  # it finishes its step and saves
        return stopped()


def _as_they_end(futures: dict[Future[str | None], StudyRun], stopped: Callable[[], int | None]) -> Iterator[Any]:
    """Futures as they are done, until all are or a signal came."""
    pending = set(futures)
    while pending and stopped() is None:
        ended, pending = wait(pending, timeout=POLL_SECONDS, return_when=FIRST_COMPLETED)
        yield from ended


def _log_file(run: StudyRun) -> Path:
    return run.study_folder / "logs" / f"{run.file_label}.log"


@contextmanager
def _process(run: StudyRun, threads: int) -> Iterator[subprocess.Popen[str]]:
    """The worker of a run; its stdin is open as long as this process lives, and its output goes to a file."""
    path = _log_file(run)
    path.parent.mkdir(parents=True, exist_ok=True)
    environment = {"OMP_NUM_THREADS": str(threads)} | os.environ
    with path.open("a", encoding="utf-8") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "gan.study.worker"],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            text=True,
            env=environment,
            start_new_session=True,  # Ctrl-C is for this process to answer
        )
        assert process.stdin is not None
        try:
            process.stdin.write(json.dumps(run.to_json()) + "\n")
            process.stdin.flush()
            yield process
        finally:
            process.stdin.close()
            process.wait()


def _failure(status: int, log_file: Path) -> str | None:
    if status == 0:
        return None
    if status < 0 or status > 128:
        return f"ended by signal {-status if status < 0 else status - 128}; see {log_file}"
    lines = [line for line in log_file.read_text("utf-8", errors="replace").splitlines() if line.strip()]
    return f"{lines[-1].removeprefix('gan: ') if lines else f'exit status {status}'}; see {log_file}"


def ray(runs: Sequence[StudyRun], cpus: float, gpus: float | None, on_end: OnEnd) -> int | None:
    """One Ray task a run, on the cluster of `RAY_ADDRESS`, or else on one that is started here.

    Args:
        runs: the runs; their folder must be reachable from every node.
        cpus: cores of a run. gpus: share of a GPU of a run; None: a whole one where the cluster has any.
        on_end: is called for each run.

    Raises:
        RequestError: Ray is not installed, or its cluster cannot be reached, or never could run such a task.
    """
    cluster = _connect()
    try:
        gpu_share = gpus if gpus is not None else float(cluster.cluster_resources().get("GPU", 0) > 0)
        _check_resources(cluster, cpus, gpu_share)
        needs = {"num_cpus": cpus, "num_gpus": gpu_share, "max_calls": 1}
        # a worker that is asked to go, as when its node is taken away, stops well: that is retried too
        task = cluster.remote(max_retries=MAX_RETRIES, retry_exceptions=[Stopped], **needs)(_on_ray)
        with stop_requested() as stopped:
            pending = {task.remote(run.to_json()): run for run in runs}
            while pending and stopped() is None:
                for reference in cluster.wait([*pending], timeout=POLL_SECONDS)[0]:
                    on_end(pending.pop(reference), _ray_failure(cluster, reference))
            for reference in pending:
                cluster.cancel(reference)
            if pending:
                cluster.wait([*pending], num_returns=len(pending), timeout=SHUTDOWN_SECONDS)
            return stopped()
    finally:
        cluster.shutdown()


def _connect() -> Any:
    try:
        import ray as cluster
    except ImportError as error:
        raise RequestError("--launcher ray needs Ray: pip install 'gan-colorization[cluster]'") from error
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        cluster.init(log_to_driver=False, logging_level=logging.ERROR)
    except (ConnectionError, RuntimeError, ValueError) as error:
        raise RequestError(
            f"--launcher ray: no cluster can be reached (RAY_ADDRESS, RAY_AUTH_TOKEN): {first_line(error)}"
        ) from error
    return cluster


def _check_resources(cluster: Any, cpus: float, gpus: float) -> None:
    """A run must fit a node, or it would wait for ever."""
    nodes = [node["Resources"] for node in cluster.nodes() if node["Alive"]]
    for name, wanted in (("CPU", cpus), ("GPU", gpus)):
        most = max((node.get(name, 0) for node in nodes), default=0)
        if wanted > most:
            option = f"--{name.lower()}s-per-run"
            raise RequestError(f"{option} ({wanted:g}) must be at most {most:g}, what a node of the cluster has")
    if not any(node.get("CPU", 0) >= cpus and node.get("GPU", 0) >= gpus for node in nodes):
        raise RequestError(f"no node of the cluster has {cpus:g} cores and {gpus:g} GPUs for a run")


def _on_ray(values: dict[str, Any]) -> None:
    """The task; in the main thread of a Ray worker, so that signals are answered."""
    log.configure()
    train_and_score(StudyRun.from_json(values))


def _ray_failure(cluster: Any, reference: Any) -> str | None:
    try:
        cluster.get(reference)
    except cluster.exceptions.RayTaskError as error:
        return first_line(error.cause)
    except cluster.exceptions.RayError as error:
        return first_line(error)
    return None
