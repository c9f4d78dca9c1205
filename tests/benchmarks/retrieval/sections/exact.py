"""Exact top-10 on one core, one query at a time and in batches of 64, beside faiss' IndexFlatIP and implicit's topk."""

import statistics

import agreement
import dataset
import numpy
import table

PEERS = {"faiss IndexFlatIP": "faiss_flat", "implicit topk": "implicit_topk"}
BATCHES = (1, 64)


def run(setting):
    blas = set()
    for kind in setting.kinds:
        data = dataset.get(setting, kind)
        print(f"{kind}: {dataset.describe(data)}\n")
        rows = [row for batch in BATCHES for row in _measure(setting, data, batch, blas)]
        table.show(["queries a call", "who", "times ridgeline's", "ms a query", "lowest", "answers"], rows)
    print(f"BLAS of the peers: {', '.join(sorted(blas))}\n")


def _measure(setting, data, batch, blas):
    ours, theirs = [], {name: [] for name in PEERS}
    for _ in range(setting.rounds):
        ours.append(setting.ridgeline(data.model, data.queries, batch, answers=setting.work / "ours"))
        for name, module in PEERS.items():
            run = setting.peer(
                module, data.items, data.queries, batch=batch, repeat=2, answers=str(setting.work / f"{module}.npy")
            )
            blas |= set(run["blas"])
            theirs[name] += run["measured"][0]["seconds"]
    median = statistics.median(run["seconds_per_query"]["median"] for run in ours)
    lowest = min(run["seconds_per_query"]["lowest"] for run in ours)
    yield batch, "ridgeline", 1.0, median * 1e3, lowest * 1e3, "the reference"
    for name, module in PEERS.items():
        answers = numpy.load(setting.work / f"{module}.npy")[0]
        same = agreement.compare(
            data.load_items(), data.load_queries(), numpy.load(setting.work / "ours-rows.npy"), answers
        )
        seconds = statistics.median(theirs[name])
        yield batch, name, seconds / median, seconds * 1e3, min(theirs[name]) * 1e3, same
        if same.unexplained > 0:
            raise SystemExit(f"{name}: {same}")
