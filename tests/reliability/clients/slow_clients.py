"""Whether a server keeps serving others, in bounded memory, beside clients that are silent, slow, broken or ill-meaning."""

import argparse
import contextlib
import pathlib
import resource
import subprocess
import sys

from front_proxy import FrontProxy
from rude_clients import ACTS, Idle, Rude, Target, send_half_bodies
from server import Server, bench_result

RUDE_THREADS = 4
RATE = 300
MOST_GROWTH_MIB = 256
# Requests may take 1 GiB of the server, and the allocator keeps some beside; half bodies would take 3.
MOST_FILLED_MIB = 2_304
FILL_SECONDS = 12
# How a call ends that the server cut off; nginx tells of one that was being answered by resetting the stream.
CUT_OFF = {None: ["UNAVAILABLE", "RESOURCE_EXHAUSTED"], "nginx": ["UNAVAILABLE", "RESOURCE_EXHAUSTED", "INTERNAL"]}
DATA = ["--users", "20000", "--items", "5000", "--interactions", "400000"]
TRAINING = ["--feedback", "implicit", "--factors", "32", "--iterations", "3"]


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", required=True, type=pathlib.Path)
    parser.add_argument("--work", required=True, type=pathlib.Path)
    parser.add_argument("--seconds", type=float, default=20, help="for all kinds of clients together")
    parser.add_argument("--behind", choices=["nginx"], help="call and attack the port of this front proxy")
    parser.add_argument("--nginx", type=pathlib.Path, help="its program")
    parser.add_argument("--config", type=pathlib.Path, help="its configuration, deploy/nginx.conf")
    parser.add_argument("--connections", type=int, default=2_000, help="that are open and idle meanwhile")
    return parser.parse_args()


def make_data(options):
    """A data folder with a live model."""
    folder = options.work / "data"
    if not (folder / "models").exists():
        options.work.mkdir(parents=True, exist_ok=True)
        lab, made = options.bin / "ridgeline-lab", options.work / "made.csv"
        subprocess.run([lab, "generate", "--output", made, *DATA], check=True, stdout=sys.stderr)
        subprocess.run([lab, "train", "--train", made, *TRAINING, "--publish", folder], check=True, stdout=sys.stderr)
    return folder


class World:
    """The server, what stands in front of it, and who calls it well or badly."""

    def __init__(self, options, server, proxy):
        self.server, self.proxy = server, proxy
        address = server.address if proxy is None else proxy.address
        self.target = Target(address, tls=proxy is not None)
        self.caller = [options.bin / "ridgeline", "--json", "--server", address, *(proxy.client_flags() if proxy else [])]

    def peaks(self):
        """The most memory that each process has had."""
        peaks = {"server": self.server.peak_bytes()}
        if self.proxy is not None:
            peaks["nginx"] = self.proxy.peak_bytes()
        return peaks

    def check_growth(self, before, most, bad):
        """How much the memory of each process has grown since `before`, as text."""
        growth = {name: (peak - before[name]) / 2**20 for name, peak in self.peaks().items()}
        bad.extend(
            f"memory of {name} grew by {mib:.0f} MiB, more than {most}" for name, mib in growth.items() if mib > most
        )
        return ", ".join(f"{name} grew by {mib:.0f} MiB" for name, mib in growth.items())

    def measure(self, seconds, acts=()):
        """p99 and failures of well-behaved calls while threads do each of `acts`; how often those were done."""
        load = ["--rate", RATE, "-k", 10, "--users", "[0-19999]", "--duration", f"{seconds}s", "--warm-up", "500ms"]
        command = [str(part) for part in [*self.caller, "bench", *load]]
        loading = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        rude = [Rude(self.target, act) for act in acts for _ in range(RUDE_THREADS)]
        for thread in rude:
            thread.start()
        result = bench_result(loading, may_fail=True)
        for thread in rude:
            thread.stop()
        return result, sum(thread.done for thread in rude)


@contextlib.contextmanager
def world(options):
    with Server(options.bin, make_data(options)) as server:
        if options.behind is None:
            yield World(options, server, None)
            return
        port = server.address.rsplit(":", 1)[1]
        with FrontProxy(options.nginx, options.config, options.work / "nginx", port) as proxy:
            yield World(options, server, proxy)


def attack(options, world, bad):
    """Every act in turn beside idle connections; the calls of others, how many failed, and their worst p99."""
    calls = failed = worst = 0
    with Idle(world.target, options.connections) as idle:
        if idle.refused:
            bad.append(f"{idle.refused} of {options.connections} idle connections were not let in")
        for name, act in ACTS.items():
            result, done = world.measure(options.seconds / len(ACTS), [act])
            p99 = result["latency_ms"]["p99"]
            print(f"  {name}: {done} times, others' p99 {p99:.1f} ms, "
                  f"{result['failed']} of {result['calls']} calls failed", flush=True)  # fmt: skip
            if result["failed"] or not result["calls"]:
                bad.append(f"{name}: {result['failed']} of {result['calls']} calls of others failed: {result['failures']}")
            if not done:
                bad.append(f"{name}: could not be done once")
            calls, failed, worst = calls + result["calls"], failed + result["failed"], max(worst, p99)
        print(f"  {len(idle.open)} idle connections at the end, {idle.reopened} were closed and opened anew")
    return calls, failed, worst


def fill(options, world, before, bad):
    """More half bodies than the server keeps: it cuts some off, and some calls of others with them."""
    result, done = world.measure(max(options.seconds / len(ACTS), FILL_SECONDS), [send_half_bodies])
    grown = world.check_growth(before, MOST_FILLED_MIB, bad)
    if not done:
        bad.append("half bodies: could not be sent once")
    for code, failure in result["failures"].items():
        if code not in CUT_OFF[options.behind]:
            bad.append(f"half bodies: {failure['calls']} calls of others ended with {code}: {failure['message']}")
    print(f"  half bodies: {done} times, {result['failed']} of {result['calls']} calls of others cut off, {grown}")
    return f"with half bodies {result['failed']} of {result['calls']} cut off, {grown}"


def main():
    options = parse()
    rest = min(options.seconds / len(ACTS), 5)
    bad = []
    with world(options) as here:
        # The server has its share already.
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        alone, _ = here.measure(rest)
        before = here.peaks()
        print(f"alone: p99 {alone['latency_ms']['p99']:.1f} ms; then beside {options.connections} idle connections and")
        calls, failed, worst = attack(options, here, bad)
        grown = here.check_growth(before, MOST_GROWTH_MIB, bad)
        filled = fill(options, here, before, bad)
        after, _ = here.measure(rest)
        if after["failed"]:
            bad.append(f"{after['failed']} calls failed afterwards")
    behind = "" if options.behind is None else f"behind {options.behind} "
    print(f"[figure] {behind}{failed} of {calls} calls of others failed, p99 at most {worst:.1f} ms, {grown}; {filled}")
    print("\n".join(["slow clients: " + ("FAILED" if bad else "ok"), *bad]))
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
