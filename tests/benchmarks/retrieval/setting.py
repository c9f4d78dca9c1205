"""What all sections share: where things are, and how a retrieval is run in a process of its own."""

import dataclasses
import json
import os
import pathlib
import subprocess
import sys

FACTORS = 64
K = 10


@dataclasses.dataclass(frozen=True)
class Setting:
    lab: str
    work: pathlib.Path
    quick: bool
    items: int
    rounds: int
    kinds: list

    def run_lab(self, *arguments):
        subprocess.run([self.lab, *map(str, arguments)], check=True, stdout=sys.stderr)

    def ridgeline(self, model, queries, batch=1, repeat=3, answers=None, **flags):
        """Times ridgeline-lab retrieve on one core; what it prints with --json. `answers` names its .npy files."""
        command = [self.lab, "retrieve", "--json", "--model", str(model), "--queries", str(queries)]
        command += ["-k", str(K), "--threads", "1", "--batch", str(batch), "--repeat", str(repeat)]
        command += [part for name, value in flags.items() for part in (f"--{name}", str(value))]
        if answers is not None:
            command += ["--rows", f"{answers}-rows.npy", "--scores", f"{answers}-scores.npy"]
        return _json_of(command)

    def peer(self, name, items, queries, threads=1, **parameters):
        """Times the peer `name` on stored factors; what peers/worker.py prints."""
        worker = pathlib.Path(__file__).parent / "peers" / "worker.py"
        request = {"peer": name, "items": str(items), "queries": str(queries), "k": K, "threads": threads}
        return _json_of([sys.executable, "-B", str(worker), json.dumps({**request, **parameters})], threads)


def _json_of(command, threads=1):
    environment = {**os.environ, "OMP_NUM_THREADS": str(threads), "OPENBLAS_NUM_THREADS": str(threads)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)}\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])
