"""p99 of one client's calls while another one, which has a limit, sends ten times as much as that.

The floods run beside the others' load on the same two processors. So each is also sent to a second server that nobody else
calls: what p99 is then is the price of sharing the processors, and what it is more beside the flooded server is that server's.
"""

import contextlib
import json
import subprocess

import table
from sections import imports
from sections.loads import interleaved, median
from server import Server, bench_result
from verdict import at_most

TIMES = 10
REQUIRED = 1.3
ELSEWHERE = ", at another server"
# A few percent of what the server can answer: the flood must not fill the processors by itself.
STEADY_RATE = 1_000
CALLS_PER_SECOND = 200
CALLS_IN_FLIGHT = 2
IMPORT_BYTES_PER_SECOND = 100_000
LIMITS = {
    "steady": {},
    "calls": {"calls_per_second": CALLS_PER_SECOND},
    "in-flight": {"calls_in_flight": CALLS_IN_FLIGHT},
    "imports": {"import_bytes_per_second": IMPORT_BYTES_PER_SECOND},
}


def run(setting):
    keys = _make_keys(setting)
    first, size = setting.model("movielens", flags=["--api-keys", keys["file"]])
    with first, _second_server(setting, keys["file"]) as second:
        floods = _floods(setting, first, size, keys)
        loads = {"none": lambda: _measured(setting, first, size, keys, contextlib.nullcontext({}))}
        for name, flood in floods.items():
            for where, server in [("", first), (ELSEWHERE, second)]:
                loads[name + where] = lambda flood=flood, server=server: _measured(
                    setting, first, size, keys, flood(server)
                )
        results = interleaved(setting.rounds, loads)
    return _show(size, results)


def _make_keys(setting):
    """The server's file of keys and, by client, the file of its key."""
    folder = setting.work / "neighbours"
    folder.mkdir(parents=True, exist_ok=True)
    lines = folder / "keys.jsonl"
    lines.unlink(missing_ok=True)
    keys = {"file": lines}
    for name in LIMITS:
        command = [setting.bin / "ridgeline", "keys", "create", "--name", name, "--role", "reader", "--role", "writer"]
        made = subprocess.run([*command, "--append", lines], check=True, capture_output=True, text=True)
        keys[name] = folder / f"{name}.key"
        keys[name].write_text(made.stdout)
    clients = [json.loads(line) for line in lines.read_text().splitlines()]
    lines.write_text("".join(json.dumps({**client, "limits": LIMITS[client["name"]]}) + "\n" for client in clients))
    return keys


def _second_server(setting, keys):
    """One that nobody but a flood calls; it has no model to answer recommendations with, which refusals do not need."""
    data = setting.work / "neighbours" / "data"
    data.mkdir(exist_ok=True)
    return Server(setting.bin, data, "--api-keys", keys, "--allow-empty-start")


def _floods(setting, server, size, keys):
    """Name -> what begins a flood of a given server: a context manager with the figures of what it did."""
    calls = ["--mix", "recommend", "-k", 10, *size.users_flags(), "--api-key-file", keys["calls"]]
    record = ["--mix", "record", "--users", "n[0-9999]", *size.items_flags(), "--api-key-file", keys["in-flight"]]
    # What two callers that wait for each answer get done.
    possible = server.bench(*record, "--in-flight", CALLS_IN_FLIGHT, *setting.load())["rate"]
    floods = {}
    for times in (1, TIMES):
        floods[f"{times} x calls a second"] = _bench(setting, [*calls, "--rate", times * CALLS_PER_SECOND])
        floods[f"{times} x calls in flight"] = _bench(setting, [*record, "--rate", times * possible])
    floods["imports without a pause"] = _import(setting, size, keys)
    return floods


def _bench(setting, flags):
    @contextlib.contextmanager
    def begin(server):
        figures = {}
        loading = server.start_bench(*flags, *setting.load())
        yield figures
        result = bench_result(loading, may_fail=True)
        figures["sent"] = result["calls"] / result["seconds"]
        figures["let_in"] = (result["calls"] - result["failed"]) / result["seconds"]

    return begin


def _import(setting, size, keys):
    path = imports.write_file(setting, size)

    @contextlib.contextmanager
    def begin(server):
        with imports.flood(setting, server, path, "--api-key-file", keys["imports"]):
            yield {}

    return begin


def _measured(setting, server, size, keys, flood):
    load = ["--rate", STEADY_RATE, "-k", 10, *size.users_flags(), "--api-key-file", keys["steady"], *setting.load()]
    with flood as figures:
        result = server.bench(*load, may_fail=True)
    return {**figures, **result}


def _show(size, results):
    print(f"{size.items:,} items x {size.factors}; others at {STEADY_RATE:,} calls/s. The limits are {CALLS_PER_SECOND} calls a "
          f"second, {CALLS_IN_FLIGHT} in flight, {IMPORT_BYTES_PER_SECOND:,} bytes of imports a second.\n")  # fmt: skip
    alone = median(results["none"], "latency_ms", "p99")
    rows = []
    for name, runs in results.items():
        p99 = median(runs, "latency_ms", "p99")
        elsewhere = p99 / median(results[name + ELSEWHERE], "latency_ms", "p99") if name + ELSEWHERE in results else ""
        sent, let_in = (median(runs, figure) if figure in runs[0] else "" for figure in ("sent", "let_in"))
        rows.append((name, sent, let_in, median(runs, "latency_ms", "p50"), p99, p99 / alone, elsewhere,
                     sum(run["failed"] for run in runs)))  # fmt: skip
    table.show(["a client with a limit sends", "a second", "let in", "others' p50 ms", "others' p99 ms", "times alone",
                "times the same at another server", "their failures"], rows)  # fmt: skip
    here = [name for name in results if name + ELSEWHERE in results]
    beyond = [name for name in here if not name.startswith("1 x")]  # the limit; what it allows is shown for comparison
    checks = [at_most(f"others' p99 over that alone: {name}", median(results[name], "latency_ms", "p99") / alone, REQUIRED)
              for name in beyond]  # fmt: skip
    return [*checks, at_most("others' failed calls", sum(run["failed"] for name in here for run in results[name]), 0)]
