"""Each trainer at its own tuned setting on real ratings, with the same splits and the same metrics for all."""

import math
import statistics
import sys

import matrix
import metrics
import numpy
import scipy.sparse
import table
from sections import contenders, tuning
from setting import TrainingFailed

DATASETS = {
    "ml-latest-small": ("ml-latest-small/ratings.csv", ",", 4.0),
    "movietweetings-100k": ("movietweetings-100k/ratings.dat", "::", 8.0),
}
PARTS = tuple(f"{name}/{feedback}" for name in DATASETS for feedback in ("implicit", "explicit"))
SEEDS = (1, 2, 3)


def _read(path, separator):
    with open(path, encoding="utf-8") as file:
        rows = [line.rstrip("\n").split(separator)[:3] for line in file if line[0].isdigit()]
    users, items, values = (numpy.array(column) for column in zip(*rows))
    columns = (matrix.renumber(users.astype(numpy.int64)), matrix.renumber(items.astype(numpy.int64)))
    return scipy.sparse.csr_matrix((values.astype(numpy.float32), columns))


def _positives(ratings, threshold):
    entries = ratings.tocoo()
    kept = entries.data >= threshold
    ones = numpy.ones(kept.sum(), numpy.float32)
    return scipy.sparse.csr_matrix((ones, (entries.row[kept], entries.col[kept])), shape=ratings.shape)


class Trial:
    """One split of the data, on which contenders are measured."""

    def __init__(self, setting, feedback, train, test):
        self.setting, self.feedback, self.train, self.test = setting, feedback, train, test
        self.csv = matrix.write_csv(setting.work / "quality.csv", train)
        self.stored = matrix.store(setting.work / "quality.npz", train)

    def measure(self, contender, parameters, seed):
        trained = contender.train(self, dict(parameters), seed)
        if self.feedback == "explicit":
            return metrics.rmse(trained, self.test)
        return metrics.ndcg(trained, self.train, self.test)


def _split(feedback, interactions, seed):
    if feedback == "explicit":
        return matrix.split_entries(interactions, 0.1, seed)
    return matrix.split_users(interactions, 0.2, seed)


def _tuned(setting, feedback, interactions, contender):
    """The setting that is best on a validation part of the first seed's training part."""
    train = _split(feedback, interactions, SEEDS[0])[0]
    trial = Trial(setting, feedback, *_split(feedback, train, 100))
    sign = 1.0 if feedback == "explicit" else -1.0

    def loss(parameters):
        try:
            return sign * trial.measure(contender, parameters, SEEDS[0])
        except TrainingFailed as failure:
            print(failure, file=sys.stderr)
            return math.inf  # such as descent that diverges: a setting that nobody would choose

    return tuning.climb(contender.start, loss, 0 if setting.quick else tuning.PASSES)


def _section(setting, name, feedback, interactions):
    rows = []
    seeds = SEEDS[:1] if setting.quick else SEEDS
    for contender in contenders.of(feedback):
        parameters = _tuned(setting, feedback, interactions, contender)
        results = []
        for seed in seeds:
            trial = Trial(setting, feedback, *_split(feedback, interactions, seed))
            results.append(trial.measure(contender, parameters, seed))
        chosen = ", ".join(f"{key} {value}" for key, value in parameters.items())
        rows.append((name, contender.name, f"{statistics.mean(results):.4f}", *(f"{r:.4f}" for r in results), chosen))
    metric = "RMSE" if feedback == "explicit" else "NDCG@20"
    table.show(["data", "trainer", f"{metric}, mean", *(f"seed {seed}" for seed in seeds), "setting"], rows)


def run(setting, parts):
    for part in parts:
        name, feedback = part.split("/")
        path, separator, threshold = DATASETS[name]
        ratings = _read(setting.data / path, separator)
        _section(setting, name, feedback, ratings if feedback == "explicit" else _positives(ratings, threshold))
