"""Memory and rate of twenty million items."""

import table
from sections.loads import latency_cells, median
from verdict import at_most

REQUIRED_TIMES_FACTORS = 1.3
BYTES_OF_ID = 40


def run(setting):
    server, size = setting.model("large")
    with server:
        started = server.resident_bytes()
        results = [server.bench(*setting.closed_loop(size)) for _ in range(setting.rounds)]
        resident = server.resident_bytes()
        peak = server.peak_bytes()
    ids = BYTES_OF_ID * (size.users + size.items)
    limit = REQUIRED_TIMES_FACTORS * size.factor_bytes() + ids
    mib = 2**20
    rows = [
        ("resident after the start", started / mib, (started - ids) / size.factor_bytes()),
        ("resident after the loads", resident / mib, (resident - ids) / size.factor_bytes()),
        ("most at any time", peak / mib, (peak - ids) / size.factor_bytes()),
    ]
    table.show(["memory", "MiB", f"times the factors, beside {BYTES_OF_ID} bytes an id"], rows)
    rows = [(f"{size.items:,} x {size.factors}", median(results, "rate"), *latency_cells(results))]
    table.show(["items", "calls/s", "p50 ms", "p99 ms"], rows)
    return [
        at_most("resident after the start, MiB", started / mib, limit / mib),
        at_most("resident after the loads, MiB", resident / mib, limit / mib),
    ]
