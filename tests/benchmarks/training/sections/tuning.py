"""Tuning that is the same for all: no grid whose edge could cut somebody off, no budget that favours few parameters."""

# A power of two from where it starts; more costs minutes, and no contender gains by it what the comparison turns on.
LARGEST = {"factors": 128, "iterations": 400}
PASSES = 3


def climb(start, loss, passes=PASSES):
    """The parameters reached from `start` by halving or doubling one at a time as long as `loss` falls.

    Passes over all parameters end when one changes nothing. Nothing is measured twice.
    """
    known = {}

    def measured(parameters):
        key = tuple(sorted(parameters.items()))
        if key not in known:
            known[key] = loss(parameters)
        return known[key]

    best = dict(start)
    for _ in range(passes):
        before = dict(best)
        for name in start:
            for factor in (2, 0.5):
                while (moved := _moved(best, name, factor)) and measured(moved) < measured(best):
                    best = moved
        if best == before:
            break
    return best


def _moved(parameters, name, factor):
    """None beyond what is allowed. Whole numbers stay whole."""
    value = type(parameters[name])(parameters[name] * factor)
    if value < 1 and isinstance(value, int) or value > LARGEST.get(name, value):
        return None
    return {**parameters, name: value}
