"""Seconds of one exact epoch against implicit's, by conjugate gradients and by Cholesky, on made data."""

import statistics

import table
from sections import generated

PARTS = ("64", "128")  # K
CONFIDENCE = 40
REGULARIZATION = 50
# The first epoch starts from random factors and from cold caches.
SKIPPED = 1


def train_exactly(setting, train, factors):
    flags = ["--factors", factors, "--iterations", 4, "--solver", "exact"]
    return setting.ridgeline(train, *flags, *generated.hu_flags(CONFIDENCE, REGULARIZATION))


def _implicit(setting, stored, factors, cg):
    return setting.peer(
        "implicit_als",
        stored,
        factors=factors,
        regularization=REGULARIZATION,
        confidence=CONFIDENCE,
        iterations=3 if cg else 2,
        cg=cg,
    )


def _epoch(runs):
    return statistics.median(seconds for run in runs for seconds in run["epoch_seconds"][SKIPPED:])


def _peak(runs):
    return statistics.median(run["peak_rss_bytes"] for run in runs) / 2**20


def run(setting, parts):
    train, stored = generated.interactions(setting)
    rows = []
    for factors in map(int, parts):
        runs = {"ours": [], "cg": [], "cholesky": []}
        for _ in range(setting.rounds):
            runs["ours"].append(train_exactly(setting, train, factors))
            runs["cg"].append(_implicit(setting, stored, factors, cg=True))
            runs["cholesky"].append(_implicit(setting, stored, factors, cg=False))
        ours = _epoch(runs["ours"])
        rows.append((factors, "ridgeline, exact", ours, 1.0, _peak(runs["ours"])))
        rows.append((factors, "implicit, CG", _epoch(runs["cg"]), _epoch(runs["cg"]) / ours, _peak(runs["cg"])))
        cholesky = _epoch(runs["cholesky"])
        rows.append((factors, "implicit, Cholesky", cholesky, cholesky / ours, _peak(runs["cholesky"])))
    table.show(["K", "trainer", "seconds an epoch", "times ridgeline's", "peak MiB"], rows)
