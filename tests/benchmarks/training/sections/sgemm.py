"""The exact epoch's floating-point operations a second, as a share of what the machine's BLAS reaches in SGEMM.

Counted are the operations of the textbook epoch: a symmetric rank update of K (K + 1) for each entry and orientation,
a Cholesky solve of K^3 / 3 + 2 K^2 for each row, a Gramian of K (K + 1) for each row. Rows shorter than K are solved in
fewer by the trainer, so `executed` is also given: n (n + 1) K + n^3 / 3 for a row of n < K entries.
"""

import os
import statistics
import subprocess
import sys

import matrix
import numpy
import table
from sections import epochs, generated
from setting import THREADS

PARTS = ()
FACTORS = 128
SIZE = 4096
MEASURE = f"""
import numpy, time
a = numpy.random.default_rng(1).random(({SIZE}, {SIZE}), numpy.float32)
a @ a
seconds = []
for _ in range(5):
    begin = time.perf_counter()
    a @ a
    seconds.append(time.perf_counter() - begin)
print(2 * {SIZE}**3 / sorted(seconds)[2])
"""


def _sgemm_rate():
    environment = dict(os.environ, OPENBLAS_NUM_THREADS=str(THREADS))
    done = subprocess.run([sys.executable, "-c", MEASURE], env=environment, check=True, capture_output=True, text=True)
    return float(done.stdout)


def _operations(lengths, factors, short_rows_are_cheaper):
    n = lengths[lengths > 0].astype(float)
    primal = n * factors * (factors + 1) + factors**3 / 3 + 2 * factors**2
    dual = n * (n + 1) * factors + n**3 / 3
    rows = numpy.where(n < factors, dual, primal) if short_rows_are_cheaper else primal
    return rows.sum() + len(n) * factors * (factors + 1)


def run(setting, parts):
    train, stored = generated.interactions(setting)
    interactions = matrix.load(stored)
    sides = [numpy.diff(interactions.indptr), numpy.diff(interactions.tocsc().indptr)]
    textbook, executed = (sum(_operations(side, FACTORS, cheaper) for side in sides) for cheaper in (False, True))
    rates, seconds = [], []
    for _ in range(setting.rounds):
        rates.append(_sgemm_rate())
        seconds += epochs.train_exactly(setting, train, FACTORS)["epoch_seconds"][epochs.SKIPPED :]
    rate, epoch = statistics.median(rates), statistics.median(seconds)
    rows = [
        (name, operations / 1e9, operations / epoch / 1e9, rate / 1e9, f"{operations / epoch / rate:.0%}")
        for name, operations in (("textbook", textbook), ("executed", executed))
    ]
    table.show(["operations", "GFLOP", "GFLOP/s", "SGEMM GFLOP/s, 2 threads", "share"], rows)
