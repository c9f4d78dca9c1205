"""Times one peer in a process of its own and prints one JSON object.

The request, the only argument, is JSON: peer, items and queries (.npy), k, threads; optionally batch (queries a call, 1),
repeat (timed rounds over all queries, 3), answers (a .npy to write ids to), and the peer's own parameters. A peer is a module
with `make(items, threads, **parameters)`, whose result has `search(queries, k)` -> ids, and optionally `settings`, a list of
what `tune(setting)` is called with before each measurement.
"""

import importlib
import json
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))


def rounds(index, queries, k, batch, repeat):
    """Seconds a query of each round, one more going before untimed; and the answers."""
    import numpy

    seconds = []
    for _ in range(repeat + 1):
        begin = time.perf_counter()
        answers = [index.search(queries[at : at + batch], k) for at in range(0, len(queries), batch)]
        seconds.append((time.perf_counter() - begin) / len(queries))
    return seconds[1:], numpy.concatenate(answers)


def main():
    request = json.loads(sys.argv[1])
    module = importlib.import_module(request.pop("peer"))
    import numpy
    import threadpoolctl

    queries = numpy.load(request.pop("queries"))
    k, batch, repeat = request.pop("k"), request.pop("batch", 1), request.pop("repeat", 3)
    destination = request.pop("answers", None)
    index = module.make(request.pop("items"), **request)
    measured = []
    for setting in getattr(index, "settings", [None]):
        if setting is not None:
            index.tune(setting)
        seconds, answers = rounds(index, queries, k, batch, repeat)
        measured.append({"setting": setting, "seconds": seconds, "answers": answers})
    if destination is not None:
        numpy.save(destination, numpy.stack([one.pop("answers") for one in measured]))
    blas = {f"{lib['internal_api']} {lib.get('architecture', '')}".strip() for lib in threadpoolctl.threadpool_info()}
    for one in measured:
        one.pop("answers", None)
    print(json.dumps({"measured": measured, "blas": sorted(blas)}))


if __name__ == "__main__":
    main()
