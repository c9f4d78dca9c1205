"""Trains one peer in a process of its own and prints one JSON object: seconds of each epoch, peak memory, what was asked.

The request, the only argument, is JSON: trainer, matrix, threads, parameters of the trainer; optionally `model`, where
to store the trained one, and `objective`: {confidence, regularization} of the objective to compute after each epoch,
outside of the time taken.
"""

import importlib
import json
import pathlib
import re
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
import matrix  # noqa: E402
import metrics  # noqa: E402
import model  # noqa: E402


class Recorder:
    """What a trainer reports to."""

    def __init__(self, interactions, objective):
        self.epoch_seconds = []
        self.objective = []
        self._interactions = interactions
        self._wanted = objective

    def epoch(self, seconds, users, items):
        self.epoch_seconds.append(seconds)
        if self._wanted is not None:
            self.objective.append(metrics.hu_objective(users, items, self._interactions, **self._wanted))


def peak_resident_bytes():
    """Of this process; getrusage would count what its parent had before it became this one."""
    status = pathlib.Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) * 1024


def main():
    request = json.loads(sys.argv[1])
    trainer = importlib.import_module(request.pop("trainer"))
    interactions = matrix.load(request.pop("matrix"))
    destination = request.pop("model", None)
    recorder = Recorder(interactions, request.pop("objective", None))
    begin = time.perf_counter()
    trained = trainer.train(interactions, recorder, **request)
    seconds = time.perf_counter() - begin
    peak = peak_resident_bytes()
    if destination is not None:
        model.save(destination, trained)
    print(
        json.dumps(
            {
                "train_seconds": seconds,
                "epoch_seconds": recorder.epoch_seconds,
                "objective": recorder.objective,
                "peak_rss_bytes": peak,
            }
        )
    )


if __name__ == "__main__":
    main()
