"""Filters against none, in turns, with 64 in flight."""

import table
from sections.loads import interleaved, latency_cells, median
from verdict import at_most

EXCLUDED = 100_000
TAG = "rare"
TAGGED_ONE_IN = 100
# Name -> how many times as long as one without a filter a call may take.
REQUIRED = {"a tag of 1% of the items": 1, f"{EXCLUDED:,} excluded ids": 2}


def _import_tags(setting, server, size):
    path = setting.work / "tags.csv"
    with path.open("w") as file:
        file.write("id,title,tags\n")
        file.writelines(f"i{row},,{TAG}\n" for row in range(0, size.items, TAGGED_ONE_IN))
    server.call("items", "import", path)


def _write_excluded(setting, size):
    path = setting.work / "excluded.txt"
    step = max(2, size.items // EXCLUDED)
    path.write_text("".join(f"i{row}\n" for row in range(0, size.items, step)[:EXCLUDED]))
    return path


def run(setting):
    server, size = setting.model("million")
    with server:
        _import_tags(setting, server, size)
        excluded = _write_excluded(setting, size)
        plain = setting.closed_loop(size)
        tag, ids = REQUIRED
        loads = {
            "none": lambda: server.bench(*plain),
            tag: lambda: server.bench(*plain, "--tag-all", TAG),
            ids: lambda: server.bench(*plain, "--exclude", f"@{excluded}"),
        }
        results = interleaved(setting.rounds, loads)
    none = median(results["none"], "rate")
    times = {name: none / median(runs, "rate") for name, runs in results.items()}
    rows = [(name, median(runs, "rate"), times[name], *latency_cells(runs)) for name, runs in results.items()]
    table.show(["filter", "calls/s", "times none's time a call", "p50 ms", "p99 ms"], rows)
    return [at_most(f"{name}: times none's time a call", times[name], most) for name, most in REQUIRED.items()]
