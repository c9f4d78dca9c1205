"""p99 while the server retrains and swaps models, at half of its peak rate, against steady state."""

import concurrent.futures
import dataclasses
import shutil
import subprocess
import sys
import time

import table
from sections.loads import interleaved, median
from server import Server, bench_result
from setting import IN_FLIGHT, K
from verdict import at_most

SWAPS = 20
REQUIRED = 1.5
LOW_PRIORITY_THREADS = 2  # one trains, one builds an index
TRAINING = ["--factors", 64, "--iterations", 4, "--warm-iterations", 6, "--validation-fraction", 0]
UNLIMITED = ["--timeout", "1h"]


@dataclasses.dataclass(frozen=True)
class Log:
    users: int
    items: int
    interactions: int

    def users_flags(self):
        return ["--users", f"[0-{self.users - 1}]"]


LOG = Log(users=138_000, items=27_000, interactions=5_000_000)
QUICK_LOG = Log(users=1_000, items=2_700, interactions=50_000)


def _trained(setting, log):
    """A copy of a data folder with interactions in its log and two models of them, which is made once."""
    folder = setting.work / f"log-{log.interactions}"
    if not (folder / "complete").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        _train_twice(setting, log, folder)
        (folder / "complete").touch()
    copy = setting.work / "swapped"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(folder, copy)
    return copy


def _train_twice(setting, log, folder):
    csv = folder / "made.csv"
    flags = [part for key, value in dataclasses.asdict(log).items() for part in (f"--{key}", str(value))]
    command = [setting.bin / "ridgeline-lab", "generate", "--output", csv, *flags]
    subprocess.run(command, check=True, stdout=sys.stderr)
    with Server(setting.bin, folder, "--allow-empty-start", *TRAINING) as server:
        server.call(*UNLIMITED, "import", csv)
        for _ in range(2):
            server.call(*UNLIMITED, "train", "--watch")
    csv.unlink()


def _train(server):
    """A retraining; its seconds. Where another model went live meanwhile, the new one is held back, as it should be."""
    began = time.monotonic()
    done = subprocess.run(server.command(*UNLIMITED, "train", "--watch"), capture_output=True, text=True)
    if done.returncode != 0 and "has become live meanwhile" not in done.stderr:
        raise SystemExit(f"the retraining failed: {done.stderr}")
    return time.monotonic() - began


def _swap(server, versions, seconds):
    """SWAPS swaps between two models, evenly over `seconds`; the seconds of the slowest."""
    slowest = 0.0
    for swap in range(SWAPS):
        began = time.monotonic()
        server.call(*UNLIMITED, "models", "activate", versions[swap % 2])
        took = time.monotonic() - began
        slowest = max(slowest, took)
        time.sleep(max(0.0, seconds / SWAPS - took))
    return slowest


def _beside_busy_processors(server, load):
    """The load while other programs do at low priority nothing but compute, as a training and an index being built do:
    what the operating system alone makes of it."""
    spin = ["nice", "-n", "19", "sh", "-c", "while :; do :; done"]
    programs = [subprocess.Popen(spin) for _ in range(LOW_PRIORITY_THREADS)]
    try:
        return server.bench(*load, may_fail=True)
    finally:
        for program in programs:
            program.kill()
            program.wait()


def _disturbed(server, load, versions, seconds):
    with concurrent.futures.ThreadPoolExecutor() as pool:
        loading = server.start_bench(*load)
        training = pool.submit(_train, server)
        swapping = pool.submit(_swap, server, versions, seconds)
        result = bench_result(loading, may_fail=True)
        return {**result, "training_seconds": training.result(), "swap_seconds": swapping.result()}


def run(setting):
    log = QUICK_LOG if setting.quick else LOG
    seconds = 3 if setting.quick else 2 * setting.seconds
    with Server(setting.bin, _trained(setting, log), "--keep-versions", 100, *TRAINING) as server:
        versions = [model["version"] for model in server.call("models", "list")][:2]
        peak = server.bench("--in-flight", IN_FLIGHT, "-k", K, *log.users_flags(), *setting.load())["rate"]
        load = ["--rate", peak / 2, "-k", K, *log.users_flags(), *setting.load(seconds)]
        loads = {
            "steady": lambda: server.bench(*load, may_fail=True),
            "processors kept busy": lambda: _beside_busy_processors(server, load),
            "disturbed": lambda: _disturbed(server, load, versions, seconds),
        }
        results = interleaved(setting.rounds, loads)
    return _show(log, peak, results)


def _show(log, peak, results):
    steady = median(results["steady"], "latency_ms", "p99")
    rows = []
    for name, runs in results.items():
        p99 = median(runs, "latency_ms", "p99")
        rows.append((name, median(runs, "rate"), median(runs, "latency_ms", "p50"), p99, p99 / steady,
                     median(runs, "latency_ms", "max"),
                     sum(run["failed"] for run in runs)))  # fmt: skip
    print(f"{log.items:,} items x 64 trained of {log.interactions:,} interactions; peak {peak:,.0f} calls/s. Disturbed: "
          f"a retraining ({median(results['disturbed'], 'training_seconds'):.1f} s) and {SWAPS} swaps (the slowest "
          f"{median(results['disturbed'], 'swap_seconds'):.2f} s).\n")  # fmt: skip
    table.show(["state", "calls/s", "p50 ms", "p99 ms", "times steady", "max ms", "failed calls"], rows)
    return [
        at_most("p99 while disturbed, times steady", median(results["disturbed"], "latency_ms", "p99") / steady, REQUIRED),
        at_most("failed calls", sum(run["failed"] for runs in results.values() for run in runs), 0),
    ]
