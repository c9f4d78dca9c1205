"""Seconds until the objective is within 0.1% of the lowest that either trainer reaches, against implicit's CG."""

import itertools
import statistics

import metrics
import model
import table
from matrix import load
from sections import generated

PARTS = ("128", "256")  # K
CONFIDENCE = 40
REGULARIZATION = 50
CLOSE = 1.001
# Enough for ours to converge. The peer, which needs more, gets more; what it has not reached by then is shown as more
# than that.
ITERATIONS = 40
PEER_ITERATIONS = 60
# A round takes minutes, and its ratios are far above the noise.
ROUNDS = 1
# Both sum in float32 what is summed here in double.
AGREEMENT = 1e-4


def _ours(setting, train, stored, factors):
    output = setting.work / "convergence"
    flags = ["--factors", factors, "--iterations", ITERATIONS]
    run = setting.ridgeline(train, *flags, *generated.hu_flags(CONFIDENCE, REGULARIZATION), output=output)
    interactions = load(stored)
    trained = model.load_ridgeline(output, interactions.shape)
    computed = metrics.hu_objective(trained.users, trained.items, interactions, CONFIDENCE, REGULARIZATION)
    if abs(computed / run["objective"][-1] - 1.0) > AGREEMENT:
        raise SystemExit(f"the objective is {computed}, ridgeline-lab says {run['objective'][-1]}")
    return run


def _implicit(setting, stored, factors):
    return setting.peer(
        "implicit_als",
        stored,
        factors=factors,
        regularization=REGULARIZATION,
        confidence=CONFIDENCE,
        iterations=PEER_ITERATIONS,
        cg=True,
        objective={"confidence": CONFIDENCE, "regularization": REGULARIZATION},
    )


def _reached(run, target):
    """Epochs and seconds until the objective is at most `target`, or those of all epochs, and whether it is."""
    seconds = itertools.accumulate(run["epoch_seconds"])
    for epoch, (elapsed, objective) in enumerate(zip(seconds, run["objective"]), 1):
        if objective <= target:
            return epoch, elapsed, True
    return epoch, elapsed, False


def run(setting, parts):
    train, stored = generated.interactions(setting)
    rows = []
    for factors in map(int, parts):
        rounds = [
            (_ours(setting, train, stored, factors), _implicit(setting, stored, factors))
            for _ in range(min(setting.rounds, ROUNDS))
        ]
        target = CLOSE * min(min(run["objective"]) for pair in rounds for run in pair)
        ours, peer = ([_reached(pair[side], target) for pair in rounds] for side in (0, 1))
        base = statistics.median(seconds for _, seconds, _ in ours)
        for name, reached in (("ridgeline, auto", ours), ("implicit, CG", peer)):
            seconds = statistics.median(seconds for _, seconds, _ in reached)
            sign = "" if all(there for _, _, there in reached) else "> "
            rows.append((factors, name, f"{sign}{reached[0][0]}", f"{sign}{seconds:.3g}", f"{sign}{seconds / base:.3g}"))
    table.show(["K", "trainer", "epochs", "seconds", "times ridgeline's"], rows)
