"""How fast this machine trains and colours, as ratios of what is measured in the same run.

Run:  python scripts/benchmark.py [--quick] [--json] [--page docs/performance.md] [--run RUN]

The step at pix2pix's size and at the study's, beside the plain recipe (scripts/plain_recipe.py), interleaved, and as a
share of a large matrix product's rate; pictures a second by source, line extractor and number of workers, and the share
of a training that waits for them; hint simulators and the flood as shares of a step; what evaluation, a checkpoint,
the tracker and colouring take; peak memory. --quick ends within about a minute. Keys of ratios begin with `ratio`, in
JSON.
"""

import argparse
import json
import os
import platform
import resource
from collections.abc import Sequence
from pathlib import Path

import torch
from benchmark_data import every_rate
from benchmark_parts import coloring, everyday, simulators
from benchmark_step import every_step
from benchmark_table import Table
from rich.console import Console

from gan.files import write_text
from gan.runs.environment import pick_device

PAGE = """# Performance

Written by `python scripts/benchmark.py{quick} --page docs/performance.md`. Ratios are of what one run measured;
seconds are those of one machine: {machine}.

{tables}
"""


def machine(device: torch.device) -> str:
    """The machine in a line."""
    name = torch.cuda.get_device_name(device) if device.type == "cuda" else _processor()
    return f"{name}, {os.cpu_count()} processors, {torch.get_num_threads()} threads, PyTorch {torch.__version__}"


def _processor() -> str:
    names = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    return names[0].partition(": ")[2] if names else platform.processor() or platform.machine()


def measured(device: torch.device, run: Path | None, *, quick: bool) -> list[Table]:
    """Everything, in the order of the module's words."""
    tables = [every_step(device, quick=quick), *every_rate(device, quick=quick), simulators(), everyday()]
    tables.append(coloring(run))
    memory = Table("memory", ("what", "MiB"))
    memory.add("peak of this process", (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,))  # KiB on Linux
    if device.type == "cuda":
        memory.add("peak on the GPU", (torch.cuda.max_memory_allocated(device) / 2**20,))
    return [*tables, memory]


def main(words: Sequence[str] | None = None) -> None:
    """Measure, and print tables or JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", type=Path, help="a run folder to colour with")
    parser.add_argument("--quick", action="store_true", help="fewer repetitions, one worker, and batch 8 is left out")
    parser.add_argument("--json", action="store_true", help="JSON and no tables")
    parser.add_argument("--page", type=Path, help="write the tables into this file, as Markdown")
    options = parser.parse_args(words)
    device = pick_device("auto")
    tables = measured(device, options.run, quick=options.quick)
    if options.json:
        print(json.dumps({"machine": machine(device)} | {table.title: table.json() for table in tables}, indent=1))
    else:
        console = Console()
        console.print(machine(device))
        for table in tables:
            console.print(table.shown())
    if options.page:
        written = "\n\n".join(table.markdown() for table in tables)
        write_text(options.page, PAGE.format(quick=" --quick" * options.quick, machine=machine(device), tables=written))


if __name__ == "__main__":
    main()
