"""A server under load, and the programs that talk to it."""

import json
import pathlib
import subprocess
import time

START_SECONDS = 600
SETTLE_SECONDS = 120


class Server:
    """Started on free ports; a context manager that stops it."""

    def __init__(self, programs, data, *flags):
        self.programs = programs
        self.ports_file = pathlib.Path(data) / "ports.json"
        self.ports_file.unlink(missing_ok=True)
        self.log = open(pathlib.Path(data) / "server.log", "w")
        command = [
            programs / "ridgeline-server", "--data-dir", data, "--ports-file", self.ports_file,
            "--grpc-address", "127.0.0.1:0", "--http-address", "127.0.0.1:0", *map(str, flags),
        ]  # fmt: skip
        self.process = subprocess.Popen(command, stdout=self.log, stderr=self.log)
        self.address = f"127.0.0.1:{self._wait_for_port()}"

    def _wait_for_port(self):
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self.process.poll() is None:
            try:
                return json.loads(self.ports_file.read_text())["grpc"]
            except (FileNotFoundError, json.JSONDecodeError):
                time.sleep(0.05)
        raise SystemExit(f"the server did not start; see {self.log.name}")

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.process.terminate()
        self.process.wait()
        self.log.close()

    def settle(self):
        """Waits until the work that earlier loads left behind is done: until a call is answered soon."""
        end = time.monotonic() + SETTLE_SECONDS
        while time.monotonic() < end:
            began = time.monotonic()
            done = subprocess.run(self.command("--timeout", "1m", "status"), capture_output=True)
            if done.returncode == 0 and time.monotonic() - began < 0.5:
                return
        raise SystemExit(f"the server did not come to rest within {SETTLE_SECONDS} s")

    def resident_bytes(self):
        return self._status("VmRSS")

    def peak_bytes(self):
        """The most that was resident since the start, or since reset_peak."""
        return self._status("VmHWM")

    def reset_peak(self):
        """From now on peak_bytes counts from what is resident now: see proc(5), clear_refs."""
        pathlib.Path(f"/proc/{self.process.pid}/clear_refs").write_text("5")

    def interactions(self):
        """How many the server has recorded and holds."""
        return int(self.call("--timeout", "1m", "status")[0]["interaction_count"])

    def _status(self, name):
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith(name + ":"):
                return int(line.split()[1]) * 1024
        raise SystemExit("the server has ended")

    def command(self, *arguments):
        return [str(part) for part in (self.programs / "ridgeline", "--server", self.address, *arguments)]

    def call(self, *arguments):
        """Runs `ridgeline`; the JSON objects that it prints."""
        done = subprocess.run(self.command("--json", *arguments), capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"ridgeline {' '.join(map(str, arguments))}\n{done.stderr}")
        return [json.loads(line) for line in done.stdout.splitlines()]

    def refusal(self, *arguments):
        """Runs `ridgeline` for a call that is to fail; what it says then."""
        done = subprocess.run(self.command(*arguments), capture_output=True, text=True)
        if done.returncode != 1:
            raise SystemExit(f"not refused: ridgeline {' '.join(map(str, arguments))}")
        return done.stderr.strip().removeprefix("ridgeline: ")

    def start_bench(self, *flags):
        """`ridgeline bench`, not waited for; the answer of bench_result."""
        return subprocess.Popen(
            self.command("--json", "bench", *flags), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def bench(self, *flags, may_fail=False):
        return bench_result(self.start_bench(*flags), may_fail)


def bench_result(process, may_fail=False):
    """Waits for a load. A failed call ends the benchmark unless failing is what is measured."""
    out, err = process.communicate()
    if not out:
        raise SystemExit(f"ridgeline bench: {err}")
    result = json.loads(out)
    if result["failed"] and not may_fail:
        raise SystemExit(f"{result['failed']} calls failed: {result['failures']}")
    return result
