"""Goodput, tail and memory at five times the rate that the server can answer, against that rate itself; and what a flood of
imports does to reads at half of it.

The calls are batches of users: a generator that shares two processors with the server could not send five times as many
single ones as the server answers.
"""

import time

import table
from sections import imports
from sections.loads import interleaved, median
from setting import IN_FLIGHT
from verdict import at_least, at_most

TIMES = 5
# For a second the queue takes what comes, TIMES - 1 calls for each that is answered. Until those are answered, which takes
# TIMES - 1 seconds more, it takes no other: a load that counts from then on would count none of the answers.
ONSET_SECONDS = TIMES + 1
# The server takes 128 calls at once of a connection: fewer connections would hold the calls back, and the queue would not
# have to bound itself.
CHANNELS = 32
USERS_PER_CALL = 100
ITEMS = 100
REQUIRED_GOODPUT = 0.9
REQUIRED_TAIL = 2
PEAK, OVERLOAD, ONSET = "peak", f"{TIMES} times the peak", f"{TIMES} times the peak, its first {ONSET_SECONDS} s"

# Memory is measured with requests that are large enough for a queue without a bound to show: with ids excluded by each user.
EXCLUDED = 100
# What the server may take beyond its memory at rest: the users' vectors, which it keeps, and the calls that may wait.
BYTES_OF_USER = 512  # beside the vector
BYTES_OF_CALL = 16 << 10  # beside the request: its place in gRPC, its share of the answers that are not read yet
TIMES_REQUEST = 2  # what gRPC reads a request into is longer than the request: 1.8 times was seen
MAX_QUEUE = 1024  # --max-queue

IMPORT_STREAMS = 4
NO_IMPORTS, IMPORTS = "nothing", f"{IMPORT_STREAMS} import streams without a limit"


def run(setting):
    server, size = setting.model("million")
    reads = ["--mix", "batch", "--users-per-call", USERS_PER_CALL, "--timeout", "1m", "-k", ITEMS, *size.users_flags(),
             "--channels", CHANNELS]  # fmt: skip
    closed = [*reads, "--in-flight", IN_FLIGHT]
    with server:
        peak = server.bench(*closed, *setting.load())["rate"]
        flood = [*reads, "--rate", TIMES * peak]
        loads = {
            PEAK: lambda: _answers(server.bench(*closed, *setting.load())),
            ONSET: lambda: _answers(server.bench(*flood, *setting.load(ONSET_SECONDS, warm_up=0), may_fail=True)),
            OVERLOAD: lambda: _answers(server.bench(*flood, *setting.load(warm_up=ONSET_SECONDS), may_fail=True)),
        }
        results = interleaved(setting.rounds, loads)
    checks = _show_overload(size, results)
    excluded, request_bytes = _write_excluded(setting, size)
    memory = {name: _memory(setting, request_bytes, *load, "--exclude", f"@{excluded}")
              for name, load in [(PEAK, closed), (OVERLOAD, flood)]}  # fmt: skip
    checks += _show_memory(size, request_bytes, memory)
    path = imports.write_file(setting, size)
    half = [*reads, "--rate", peak / 2]
    rounds = [_beside_imports(setting, path, half) for _ in range(setting.rounds)]
    return checks + _show_imports(peak / 2, {name: [round[name] for round in rounds] for name in rounds[0]})


def _answers(result):
    refused = result["failures"].get("RESOURCE_EXHAUSTED", {"calls": 0, "latency_ms": {"p99": 0.0}})
    return {
        **result,
        "goodput": (result["calls"] - result["failed"]) / result["seconds"],
        "refused": refused["calls"],
        "refused_p99": refused["latency_ms"]["p99"],
        "otherwise_failed": result["failed"] - refused["calls"],
    }


def _show_overload(size, results):
    print(f"{size.items:,} items x {size.factors}; each call asks for {ITEMS} items for each of {USERS_PER_CALL} users.\n")
    goodput = {name: median(runs, "goodput") / median(results[PEAK], "goodput") for name, runs in results.items()}
    tail = {name: median(runs, "latency_ms", "p99") / median(results[PEAK], "latency_ms", "p99")
            for name, runs in results.items()}  # fmt: skip
    rows = []
    for name, runs in results.items():
        by_round = [run["goodput"] / peak["goodput"] for run, peak in zip(runs, results[PEAK])]
        rows.append((name, median(runs, "goodput"), goodput[name], f"{min(by_round):.3g} to {max(by_round):.3g}",
                     median(runs, "latency_ms", "p99"), tail[name], sum(run["refused"] for run in runs),
                     median(runs, "refused_p99"), sum(run["otherwise_failed"] for run in runs)))  # fmt: skip
    table.show(["load", "answered a second", "times the peak's", "by round", "p99 ms", "times the peak's", "refused",
                "told within ms (p99)", "failed otherwise"], rows)  # fmt: skip
    return [
        at_least("goodput over the peak's", goodput[OVERLOAD], REQUIRED_GOODPUT),
        at_most("p99 over the peak's", tail[OVERLOAD], REQUIRED_TAIL),
        at_most("calls that failed otherwise than refused", sum(run["otherwise_failed"] for run in results[OVERLOAD]), 0),
    ]


def _write_excluded(setting, size):
    """The file of the ids that each user excludes, and the bytes that a request has for them."""
    path = setting.work / "excluded.txt"
    ids = [f"i{size.items - 1 - row}" for row in range(EXCLUDED)]
    path.write_text("\n".join(ids))
    tag_and_length = 2
    return path, USERS_PER_CALL * sum(len(name) + tag_and_length for name in ids)


def _memory(setting, request_bytes, *load):
    """MiB of a server that gets one load: what an earlier one left behind would count as this one's."""
    server, size = setting.model("million")
    with server:
        rest = server.resident_bytes()
        server.reset_peak()
        server.bench(*load, *setting.load(warm_up=ONSET_SECONDS), may_fail=True)
        most = server.peak_bytes()
    allowed = size.users * (4 * size.factors + BYTES_OF_USER) + MAX_QUEUE * (TIMES_REQUEST * request_bytes + BYTES_OF_CALL)
    return {"rest": rest / 2**20, "most": most / 2**20, "cap": (rest + allowed) / 2**20}


def _show_memory(size, request_bytes, memory):
    print(f"Memory with {request_bytes / 1000:.0f} kB of excluded ids in each request. The server may take what it has at "
          f"rest, {4 * size.factors + BYTES_OF_USER} bytes for each of {size.users:,} users, and {BYTES_OF_CALL >> 10} KiB and "
          f"{TIMES_REQUEST} times its request for each of {MAX_QUEUE:,} calls that wait.\n")  # fmt: skip
    rows = [(name, mib["rest"], mib["most"], mib["most"] / memory[PEAK]["most"], mib["cap"]) for name, mib in memory.items()]
    table.show(["load", "MiB at rest", "at most", "times the peak's", "may take"], rows)
    return [at_most("memory, MiB", memory[OVERLOAD]["most"], memory[OVERLOAD]["cap"])]


def _beside_imports(setting, path, reads):
    """Reads alone, imports alone, and both, on one server, in this order: what was imported is in the log afterwards."""
    server, _ = setting.model("million")
    with server:
        alone = _answers(server.bench(*reads, *setting.load()))
        with imports.flood(setting, server, path, streams=IMPORT_STREAMS):
            imports.wait_until_recording(server, before=0)
            with imports.counted(server) as undisturbed:
                time.sleep(1 if setting.quick else setting.seconds / 2)
            with imports.counted(server) as disturbed:
                beside = _answers(server.bench(*reads, *setting.load(), may_fail=True))
    return {NO_IMPORTS: alone, IMPORTS: {**beside, **disturbed, "without_reads": undisturbed["imported"]}}


def _show_imports(rate, results):
    alone = results[NO_IMPORTS]
    goodput = {name: median(runs, "goodput") / median(alone, "goodput") for name, runs in results.items()}
    tail = {name: median(runs, "latency_ms", "p99") / median(alone, "latency_ms", "p99") for name, runs in results.items()}
    rows = []
    for name, runs in results.items():
        imported = [median(runs, figure) if figure in runs[0] else "" for figure in ("imported", "without_reads")]
        rows.append((name, median(runs, "goodput"), goodput[name], median(runs, "latency_ms", "p50"),
                     median(runs, "latency_ms", "p99"), tail[name], sum(run["failed"] for run in runs), *imported))  # fmt: skip
    print(f"Reads as above, without excluded ids, at {rate:,.1f} calls/s, half of the peak; another client imports.\n")
    table.show(["beside the reads", "answered a second", "times that alone", "p50 ms", "p99 ms", "times that alone",
                "failed", "imported a second", "without reads"], rows)  # fmt: skip
    return [
        at_least("reads beside imports: goodput over that alone", goodput[IMPORTS], REQUIRED_GOODPUT),
        at_most("reads beside imports: p99 over that alone", tail[IMPORTS], REQUIRED_TAIL),
    ]
