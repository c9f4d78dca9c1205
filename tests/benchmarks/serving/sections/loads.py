"""Loads repeated in turns, and medians over them."""

import statistics


def interleaved(rounds, loads):
    """Runs each of the named loads in turn, `rounds` times; lists of results by name."""
    results = {name: [] for name in loads}
    for _ in range(rounds):
        for name, load in loads.items():
            results[name].append(load())
    return results


def median(results, *path):
    """The median of a figure, e.g. median(results, "latency_ms", "p99")."""
    return statistics.median(_figure(result, path) for result in results)


def _figure(result, path):
    for name in path:
        result = result[name]
    return float(result)


def latency_cells(results):
    """p50 and p99, in milliseconds."""
    return median(results, "latency_ms", "p50"), median(results, "latency_ms", "p99")
