"""Epochs that a retrain after 5% new interactions needs to reach the objective of training anew."""

import matrix
import numpy
import table
from sections import generated

PARTS = ("implicit", "explicit")
SIZES = {"users": 40_000, "items": 10_000, "interactions": 4_000_000}
QUICK_SIZES = {"users": 1_000, "items": 500, "interactions": 50_000}
EPOCHS = 16
NEW = 0.05
FLAGS = ["--factors", 64]


def _old_part(setting, path):
    """The interactions of `path` but a random NEW of them, relative to what is left."""
    whole = matrix.read_csv(path)
    old = matrix.split_entries(whole, NEW / (1.0 + NEW), seed=1)[0]
    return matrix.write_csv(setting.work / f"old-{path.name}", old)


def _data(setting, feedback):
    if feedback == "implicit":
        return generated.interactions(setting)[0]
    return setting.generate("explicit", feedback="explicit", **(QUICK_SIZES if setting.quick else SIZES))


def run(setting, parts):
    rows = []
    for feedback in parts:
        path = _data(setting, feedback)
        flags = ["--feedback", feedback, *FLAGS]
        before = setting.work / "before"
        setting.ridgeline(_old_part(setting, path), *flags, "--iterations", EPOCHS, output=before)
        cold = setting.ridgeline(path, *flags, "--iterations", EPOCHS)
        warm = setting.ridgeline(path, *flags, "--iterations", EPOCHS // 2, "--warm-start", before)
        reached = numpy.flatnonzero(numpy.array(warm["objective"]) <= cold["objective"][-1])
        epochs = int(reached[0]) + 1 if len(reached) else f"> {EPOCHS // 2}"
        rows.append((f"made, {feedback}", EPOCHS, epochs))
    table.show(["data", "epochs of training anew", "epochs from the model before to its objective"], rows)
