"""p99 of well-behaved calls, at half of the peak rate, while another client sends hostile ones."""

import table
from sections.loads import interleaved, median
from server import bench_result
from verdict import at_most

IDS = 1_000_000
# A fast server may answer these; all others must be refused.
EXPIRING = "a deadline of 1 ms"
# Of hostile calls a second; the last but one has megabytes.
RATE = 100
RATE_OF_MANY_IDS = 5


def _hostile_flags(setting, size):
    """Name -> rate and flags of a load of requests that must be refused."""
    ids = setting.work / "ids.txt"
    ids.write_text("".join(f"i{row}\n" for row in range(IDS)))
    user = ["--mix", "recommend", *size.users_flags()]
    return {
        "k = 2^31 - 1": (RATE, [*user, "-k", 2**31 - 1]),
        "a vector of NaNs": (RATE, ["--mix", "vector", "--vector", ",".join(["nan"] * size.factors)]),
        "a vector of wrong length": (RATE, ["--mix", "vector", "--vector", "1,2,3"]),
        "10^6 excluded ids": (RATE_OF_MANY_IDS, [*user, "--exclude", f"@{ids}"]),
        EXPIRING: (RATE, [*user, "--timeout", "1ms"]),
    }


def _beside(server, load, rate, flags, setting):
    loading = server.start_bench(*load)
    hostile = server.bench("--rate", rate, *flags, *setting.load(), may_fail=True)
    result = bench_result(loading, may_fail=True)
    server.settle()
    return {**result, "hostile": hostile}


def _refusals(runs):
    """What the hostile client was told most often, and the 99th percentile of how long that took, in milliseconds."""
    failures = [failure for run in runs for failure in run["hostile"]["failures"].items()]
    if not failures:
        return "answered", median([run["hostile"] for run in runs], "latency_ms", "p99")
    code, failure = max(failures, key=lambda item: item[1]["calls"])
    return f"{code}: {failure['message']}", failure["latency_ms"]["p99"]


def run(setting):
    server, size = setting.model("movielens")
    with server:
        peak = server.bench(*setting.closed_loop(size))["rate"]
        load = ["--rate", peak / 2, "-k", 10, *size.users_flags(), *setting.load()]
        loads = {"none": lambda: server.bench(*load)}
        rates = {}
        for name, (rate, flags) in _hostile_flags(setting, size).items():
            rates[name] = rate
            loads[name] = lambda rate=rate, flags=flags: _beside(server, load, rate, flags, setting)
        results = interleaved(setting.rounds, loads)
    alone = median(results["none"], "latency_ms", "p99")
    rows = []
    for name, runs in results.items():
        p99 = median(runs, "latency_ms", "p99")
        told, slowest = _refusals(runs) if name in rates else ("", "")
        rows.append((name, rates.get(name, ""), p99, p99 / alone, sum(run["failed"] for run in runs), slowest, told))
    print(f"{size.items:,} items x {size.factors}; others at {peak / 2:,.0f} calls/s.\n")
    table.show(["hostile", "a second", "others' p99 ms", "times alone", "their failures", "told within ms (p99)", "told"],
               rows)  # fmt: skip
    hostile = [run["hostile"] for name in rates if name != EXPIRING for run in results[name]]
    return [
        at_most("others' failed calls", sum(run["failed"] for runs in results.values() for run in runs), 0),
        at_most("hostile calls that were answered", sum(run["calls"] - run["failed"] for run in hostile), 0),
    ]
