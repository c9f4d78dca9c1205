"""Calls a second with 64 in flight, k = 10."""

import table
from sections.loads import interleaved, latency_cells, median
from verdict import at_least, at_most

REQUIRED = {"million": (2_000, None), "movielens": (15_000, 15)}


def run(setting):
    rows = []
    checks = []
    for name, (rate, p99) in REQUIRED.items():
        server, size = setting.model(name)
        with server:
            results = interleaved(setting.rounds, {name: lambda: server.bench(*setting.closed_loop(size))})[name]
            rows.append(
                (
                    f"{size.items:,} x {size.factors}",
                    median(results, "rate"),
                    f"{rate:,}",
                    *latency_cells(results),
                    f"{p99}" if p99 else "",
                    median(results, "processor_us_per_call"),
                    server.resident_bytes() / 2**20,
                )
            )
        checks.append(at_least(f"{name}: calls a second", median(results, "rate"), rate))
        if p99:
            checks.append(at_most(f"{name}: p99, ms", median(results, "latency_ms", "p99"), p99))
    table.show(
        ["items", "calls/s", "at least", "p50 ms", "p99 ms", "at most", "generator us a call", "server MiB"], rows
    )
    return checks
