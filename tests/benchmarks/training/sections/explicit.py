"""Ratings with biases against cmfrec's Cholesky: seconds to the same RMSE on held-out ratings, K = 50.

cmfrec orders the entries by user and by item within its training, ridgeline-lab while it reads. So the ratio is that of
the epochs alone, whose seconds are the slope between the fewest and the most of them; whole trainings are beside it.
"""

import statistics

import matrix
import metrics
import model
import table

PARTS = ()
SIZES = {"users": 40_000, "items": 10_000, "interactions": 4_000_000}
QUICK_SIZES = {"users": 1_000, "items": 500, "interactions": 50_000}
FACTORS = 50
REGULARIZATION = 20
ITERATIONS = (2, 3, 4, 6, 8, 12)
# The same quality: within a thousandth of the worse of the two best.
CLOSE = 1.001


def _data(setting):
    path = setting.generate("explicit", feedback="explicit", **(QUICK_SIZES if setting.quick else SIZES))
    train, test = matrix.split_entries(matrix.read_csv(path), 0.1, seed=1)
    name = "explicit-quick" if setting.quick else "explicit"
    csv = matrix.write_csv(setting.work / f"{name}-train.csv", train)
    return csv, matrix.store(setting.work / f"{name}-train.npz", train), test


def _ours(setting, csv, stored, test, iterations):
    output = setting.work / "explicit-model"
    flags = ["--feedback", "explicit", "--factors", FACTORS, "--iterations", iterations, "--regularization",
             REGULARIZATION, "--bias-regularization", REGULARIZATION, "--regularization-scaling", "none"]  # fmt: skip
    run = setting.ridgeline(csv, *flags, output=output)
    return run, metrics.rmse(model.load_ridgeline(output, test.shape), test)


def _cmfrec(setting, csv, stored, test, iterations):
    output = setting.work / "cmfrec.npz"
    run = setting.peer(
        "cmfrec_explicit",
        stored,
        factors=FACTORS,
        regularization=REGULARIZATION,
        iterations=iterations,
        model=str(output),
    )
    return run, metrics.rmse(model.load(output), test)


def run(setting, parts):
    csv, stored, test = _data(setting)
    trainers = {"ridgeline, auto": _ours, "cmfrec, Cholesky": _cmfrec}
    curves = {name: [] for name in trainers}
    peaks = {}
    for iterations in ITERATIONS:
        rounds = [
            {name: train(setting, csv, stored, test, iterations) for name, train in trainers.items()}
            for _ in range(setting.rounds)
        ]
        for name in trainers:
            seconds = statistics.median(both[name][0]["train_seconds"] for both in rounds)
            curves[name].append((iterations, seconds, rounds[0][name][1]))
            peaks[name] = rounds[0][name][0]["peak_rss_bytes"] / 2**20
    fewest, most = ITERATIONS[0], ITERATIONS[-1]
    epochs = {name: (curve[-1][1] - curve[0][1]) / (most - fewest) for name, curve in curves.items()}
    target = CLOSE * max(min(rmse for _, _, rmse in curve) for curve in curves.values())
    reached = {name: next(point for point in curve if point[2] <= target) for name, curve in curves.items()}
    whole = {name: seconds for name, (_, seconds, _) in reached.items()}
    alone = {name: iterations * epochs[name] for name, (iterations, _, _) in reached.items()}
    rows = [
        (
            name,
            f"{rmse:.4f}",
            iterations,
            epochs[name],
            alone[name] / alone["ridgeline, auto"],
            whole[name],
            whole[name] / whole["ridgeline, auto"],
            peaks[name],
        )
        for name, (iterations, _, rmse) in reached.items()
    ]
    header = ["trainer", "RMSE", "epochs", "seconds an epoch", "times ridgeline's", "seconds of training",
              "times ridgeline's", "peak MiB"]  # fmt: skip
    table.show(header, rows)
