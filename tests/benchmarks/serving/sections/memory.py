"""Resident memory after many swaps against after the first."""

import table
from verdict import at_most

SWAPS = 200
QUICK_SWAPS = 20
REQUIRED = 1.05


def run(setting):
    swaps = QUICK_SWAPS if setting.quick else SWAPS
    server, size = setting.model("million", versions=2)
    rows = []
    with server:
        versions = [model["version"] for model in server.call("models", "list")]
        first = None
        for swap in range(1, swaps + 1):
            server.call("--timeout", "5m", "models", "activate", versions[swap % 2])
            server.bench("--in-flight", 4, "--calls", 20, "--warm-up", 0, *size.users_flags())
            resident = server.resident_bytes()
            first = first or resident
            if swap in (1, 2, swaps // 10, swaps // 2, swaps):
                rows.append((swap, resident / 2**20, resident / first))
        rows.append(("most at any time", server.peak_bytes() / 2**20, server.peak_bytes() / first))
    table.show(["swaps", "server MiB", "times the first"], rows)
    return [at_most("memory after all swaps, times that after the first", resident / first, REQUIRED)]
