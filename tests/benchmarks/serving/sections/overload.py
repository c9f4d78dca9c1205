"""Goodput, tail and memory at five times the rate that the server can answer, against that rate itself.

The calls are batches of users: a generator that shares two processors with the server could not send five times as many
single ones as the server answers.
"""

import table
from sections.loads import interleaved, median
from setting import IN_FLIGHT

TIMES = 5
MIX = ["--mix", "batch", "--users-per-call", 100]
ITEMS = 100
REQUIRED_GOODPUT = 0.9
REQUIRED_TAIL = 2


def run(setting):
    server, size = setting.model("million")
    with server:
        load = [*MIX, "--timeout", "1m", "-k", ITEMS, *size.users_flags(), *setting.load()]
        closed = [*load, "--in-flight", IN_FLIGHT]
        open_loop = [*load, "--rate", TIMES * server.bench(*closed)["rate"]]
        loads = {
            "peak": lambda: _measured(server, closed),
            f"{TIMES} times the peak": lambda: _measured(server, open_loop),
        }
        results = interleaved(setting.rounds, loads)
    _show(size, results)


def _measured(server, load):
    result = server.bench(*load, may_fail=True)
    refused = result["failures"].get("RESOURCE_EXHAUSTED", {"calls": 0, "latency_ms": {"p99": 0.0}})
    return {
        **result,
        "goodput": (result["calls"] - result["failed"]) / result["seconds"],
        "refused": refused["calls"],
        "refused_p99": refused["latency_ms"]["p99"],
        "otherwise_failed": result["failed"] - refused["calls"],
        "peak_mib": server.peak_bytes() / 2**20,
    }


def _show(size, results):
    print(f"{size.items:,} items x {size.factors}; each call asks for {ITEMS} items for each of {MIX[-1]} users.\n")
    rows = []
    for name, runs in results.items():
        goodput, tail = median(runs, "goodput"), median(runs, "latency_ms", "p99")
        rows.append((name, goodput, goodput / median(results["peak"], "goodput"), tail,
                     tail / median(results["peak"], "latency_ms", "p99"), sum(run["refused"] for run in runs),
                     median(runs, "refused_p99"), sum(run["otherwise_failed"] for run in runs),
                     max(run["peak_mib"] for run in runs)))  # fmt: skip
    table.show(
        ["load", "answered a second", f"times the peak's, at least {REQUIRED_GOODPUT}", "p99 ms",
         f"times the peak's, at most {REQUIRED_TAIL}", "refused", "told within ms (p99)", "failed otherwise",
         "server MiB at most"], rows)  # fmt: skip
