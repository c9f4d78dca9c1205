"""Throughput on one core beside graph indexes, at the least search width with which they reach recall .95 at 10.

Each graph is searched as its library takes inner products, and over items brought to one norm (peers/unit_norm.py). Ours is
exact: its recall is 1.
"""

import statistics

import agreement
import dataset
import numpy
import table

PEERS = {"hnswlib": "hnswlib_graph", "faiss HNSW": "faiss_graph", "usearch": "usearch_graph"}
WIDTHS = [16, 32, 64, 128, 256, 512, 1024, 2048]
GRAPH = {"m": 16, "ef_construction": 100}
BATCH = 64
RECALL = 0.95


def run(setting):
    for kind in setting.kinds:
        data = dataset.get(setting, kind)
        print(f"{kind}: {dataset.describe(data)}\n")
        ours = setting.ridgeline(data.model, data.queries, answers=setting.work / "ours")
        exact = numpy.load(setting.work / "ours-rows.npy")
        widths = {
            (name, unit): _least_width(setting, data, exact, module, unit)
            for name, module in PEERS.items()
            for unit in (False, True)
        }
        table.show(
            ["who", "items", "recall at 10", "width", "times ridgeline's, one a call", "ms", "times, 64 a call", "ms"],
            _measure(setting, data, exact, widths),
        )


def _search(setting, data, module, unit, widths, **more):
    cache = str(data.folder / "graph")
    parameters = {**GRAPH, "cache": cache, "unit_norm_form": unit, "ef": widths, **more}
    return setting.peer(module, data.items, data.queries, **parameters)["measured"]


def _least_width(setting, data, exact, module, unit):
    """The first width of the sweep that is good enough, or else the last."""
    answers = str(setting.work / "graph.npy")
    for width in WIDTHS:
        _search(setting, data, module, unit, [width], repeat=0, batch=BATCH, answers=answers)
        if agreement.recall(exact, numpy.load(answers)[0]) >= RECALL:
            break
    return width


def _measure(setting, data, exact, widths):
    answers = str(setting.work / "graph.npy")
    seconds = {(who, batch): [] for who in ["ours", *widths] for batch in (1, BATCH)}
    recall = {}
    for _ in range(setting.rounds):
        for batch in (1, BATCH):
            run = setting.ridgeline(data.model, data.queries, batch)
            seconds["ours", batch].append(run["seconds_per_query"]["median"])
            for who, width in widths.items():
                found = _search(setting, data, PEERS[who[0]], who[1], [width], batch=batch, answers=answers)
                seconds[who, batch] += found[0]["seconds"]
                recall[who] = agreement.recall(exact, numpy.load(answers)[0])
    median = {key: statistics.median(values) for key, values in seconds.items()}
    one, many = median["ours", 1], median["ours", BATCH]
    yield "ridgeline", "as they are", 1.0, "-", 1.0, one * 1e3, 1.0, many * 1e3
    for who, width in widths.items():
        alone, batched = median[who, 1], median[who, BATCH]
        form = "one norm" if who[1] else "as they are"
        yield who[0], form, recall[who], width, alone / one, alone * 1e3, batched / many, batched * 1e3
