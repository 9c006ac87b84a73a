"""Ways to do the runs of a study: here, one process after another or several at once, or on a Ray cluster.

A launcher is told of the runs that are missing and calls `done` for each as it ends, with None or the reason why it
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

from rich.console import Console

from gan.errors import RequestError, first_line
from gan.study.runs import Job, Stopped, perform
from gan.training.interrupt import stop_requested

Report = Callable[[Job, str | None], None]
TURN = 0.2
"""Seconds between two looks at signals."""
FAREWELL = 30
"""Seconds that Ray's tasks have to save before they are let go of."""
RETRIES = 3
"""How often Ray starts a task again whose worker died."""


def local(jobs: Sequence[Job], at_once: int, begun: Callable[[Job], None], done: Report) -> int | None:
    """Run processes here, `at_once` at a time, the cores shared out among them."""
    threads = max(1, (os.cpu_count() or 1) // at_once)
    running: dict[Job, subprocess.Popen[str]] = {}

    def work(job: Job) -> str | None:
        begun(job)
        with _process(job, threads) as process:
            running[job] = process
            if halted():  # a signal came while it was being started
                process.terminate()
            process.wait()
            del running[job]
        return _reason(process.returncode, _log(job))

    with stop_requested() as stopped, ThreadPoolExecutor(at_once) as pool:
        failing: list[bool] = []

        def halted() -> bool:
            return bool(failing) or stopped() is not None

        futures = {pool.submit(work, job): job for job in jobs}
        try:
            for future in _as_they_end(futures, stopped):
                done(futures[future], future.result())
        except BaseException:  # results that cannot be written: do not run on for hours
            failing.append(True)
            raise
        finally:
            if halted():
                pool.shutdown(wait=False, cancel_futures=True)
                for process in list(running.values()):
                    process.terminate()  # it finishes its step and saves
        return stopped()


def _as_they_end(futures: dict[Future[str | None], Job], stopped: Callable[[], int | None]) -> Iterator[Any]:
    """Futures as they are done, until all are or a signal came."""
    pending = set(futures)
    while pending and stopped() is None:
        ended, pending = wait(pending, timeout=TURN, return_when=FIRST_COMPLETED)
        yield from ended


def _log(job: Job) -> Path:
    return job.folder / "logs" / f"{job.label.replace('/', '-')}.log"


@contextmanager
def _process(job: Job, threads: int) -> Iterator[subprocess.Popen[str]]:
    """The worker of a run; its stdin is open as long as this process lives, and its words go to a file."""
    path = _log(job)
    path.parent.mkdir(parents=True, exist_ok=True)
    environment = {"OMP_NUM_THREADS": str(threads)} | os.environ
    with path.open("a", encoding="utf-8") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "gan.study.worker"],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            text=True,
            env=environment,
            start_new_session=True,  # Ctrl-C is for this process to answer
        )
        assert process.stdin is not None
        try:
            process.stdin.write(json.dumps(job.to_json()) + "\n")
            process.stdin.flush()
            yield process
        finally:
            process.stdin.close()
            process.wait()


def _reason(status: int, log: Path) -> str | None:
    if status == 0:
        return None
    if status < 0 or status > 128:
        return f"ended by signal {-status if status < 0 else status - 128}; see {log}"
    said = [line for line in log.read_text("utf-8", errors="replace").splitlines() if line.strip()]
    return f"{said[-1].removeprefix('gan: ') if said else f'exit status {status}'}; see {log}"


def ray(jobs: Sequence[Job], cpus: float, gpus: float | None, done: Report) -> int | None:
    """One Ray task a run, on the cluster of `RAY_ADDRESS`, or else on one that is started here.

    Args:
        jobs: the runs; their folder must be reachable from every node.
        cpus: cores of a run. gpus: share of a GPU of a run; None: a whole one where the cluster has any.
        done: is told of each run.

    Raises:
        RequestError: Ray is not installed, or its cluster cannot be reached, or never could run such a task.
    """
    cluster = _connect()
    try:
        share = gpus if gpus is not None else float(cluster.cluster_resources().get("GPU", 0) > 0)
        _check_resources(cluster, cpus, share)
        how = {"num_cpus": cpus, "num_gpus": share, "max_calls": 1}
        # a worker that is asked to go, as when its node is taken away, stops well: that is retried too
        task = cluster.remote(max_retries=RETRIES, retry_exceptions=[Stopped], **how)(_on_ray)
        with stop_requested() as stopped:
            pending = {task.remote(job.to_json()): job for job in jobs}
            while pending and stopped() is None:
                for reference in cluster.wait([*pending], timeout=TURN)[0]:
                    done(pending.pop(reference), _ray_reason(cluster, reference))
            for reference in pending:
                cluster.cancel(reference)
            if pending:
                cluster.wait([*pending], num_returns=len(pending), timeout=FAREWELL)
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
    perform(Job.from_json(values), Console(stderr=True))


def _ray_reason(cluster: Any, reference: Any) -> str | None:
    try:
        cluster.get(reference)
    except cluster.exceptions.RayTaskError as error:
        return first_line(error.cause)
    except cluster.exceptions.RayError as error:
        return first_line(error)
    return None
