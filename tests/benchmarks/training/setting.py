"""What all sections share: where things are, and how a trainer is run in a process of its own."""

import dataclasses
import json
import pathlib
import subprocess
import sys

THREADS = 2


class TrainingFailed(Exception):
    """A trainer ended with an error; the message has its command and what it said."""


@dataclasses.dataclass(frozen=True)
class Setting:
    lab: str
    work: pathlib.Path
    data: pathlib.Path | None
    quick: bool
    rounds: int

    def peer(self, name, matrix, **parameters):
        """Trains the peer `name` on a stored matrix; what peers/worker.py prints."""
        worker = pathlib.Path(__file__).parent / "peers" / "worker.py"
        request = json.dumps({"trainer": name, "matrix": str(matrix), "threads": THREADS, **parameters})
        return _json_of([sys.executable, str(worker), request])

    def ridgeline(self, train, *flags, output=None, threads=THREADS):
        """Trains on a file of interactions; what ridgeline-lab train --json prints."""
        output = output or self.work / "model"
        subprocess.run(["rm", "-rf", str(output)], check=True)
        command = [self.lab, "train", "--json", "--train", str(train), "--output", str(output)]
        return _json_of(command + ["--threads", str(threads)] + [str(flag) for flag in flags])

    def generate(self, name, **flags):
        """A file of made interactions, made once."""
        path = self.work / f"{name}{'-quick' if self.quick else ''}.csv"
        if not path.exists():
            partial = path.with_suffix(".partial")
            flags = [part for key, value in flags.items() for part in (f"--{key}", str(value))]
            subprocess.run([self.lab, "generate", "--output", str(partial), *flags], check=True, stdout=sys.stderr)
            partial.rename(path)
        return path


def _json_of(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise TrainingFailed(f"{' '.join(map(str, command))}\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])
