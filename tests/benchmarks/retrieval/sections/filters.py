"""Filters against none, one query at a time on one core: 1% of the items allowed, 100,000 items excluded.

Each query makes its own bitmap from rows, within the time that is taken.
"""

import statistics

import dataset
import numpy
import table


def run(setting):
    for kind in setting.kinds:
        data = dataset.get(setting, kind)
        items = len(data.load_items())
        rows = numpy.random.default_rng(2).permutation(items)
        allowed = numpy.sort(rows[: items // 100])
        excluded = numpy.sort(rows[: min(100_000, items // 10)])
        filters = {
            "none": ({}, None),
            f"{len(allowed):,} allowed": ({"allow": _ids(data, "allow", allowed)}, allowed),
            f"{len(excluded):,} excluded": (
                {"exclude": _ids(data, "exclude", excluded)},
                numpy.setdiff1d(numpy.arange(items), excluded),
            ),
        }
        print(f"{kind}: {items:,} items\n")
        table.show(
            ["filter", "times no filter", "ms a query", "faiss IndexFlatIP, times its own none", "ms a query"],
            _measure(setting, data, filters),
        )


def _ids(data, name, rows):
    """A file with the ids of `rows`."""
    ids = (data.folder / "items.txt").read_text().split("\n")
    path = data.folder / f"{name}.txt"
    path.write_text("".join(f"{ids[row]}\n" for row in rows))
    return path


def _measure(setting, data, filters):
    ours = {name: [] for name in filters}
    theirs = {name: [] for name in filters}
    for _ in range(setting.rounds):
        for name, (flags, allowed) in filters.items():
            run = setting.ridgeline(data.model, data.queries, **flags)
            ours[name].append(run["seconds_per_query"]["median"])
            parameters = {}
            if allowed is not None:
                numpy.save(setting.work / "allowed.npy", allowed)
                parameters["allowed"] = str(setting.work / "allowed.npy")
            peer = setting.peer("faiss_flat", data.items, data.queries, repeat=1, **parameters)
            theirs[name] += peer["measured"][0]["seconds"]
    our = {name: statistics.median(values) for name, values in ours.items()}
    their = {name: statistics.median(values) for name, values in theirs.items()}
    for name in filters:
        yield name, our[name] / our["none"], our[name] * 1e3, their[name] / their["none"], their[name] * 1e3
