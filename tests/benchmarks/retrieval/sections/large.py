"""Memory of a model of 20 million items x 50 with its index, and its rate.

The factors are made: a spectrum that decays as 1 / sqrt(rank), norms that are log-normal with deviation 0.5.
"""

import shutil

import dataset
import numpy
import table

FACTORS = 50
ITEMS = 20_000_000
PIECE = 500_000
ID_BYTES = 40
QUERIES = 64


def run(setting):
    items = 100_000 if setting.quick else ITEMS
    data = dataset.Dataset(setting.work / f"large-{items}")
    if not data.model.exists():
        _make(setting, data, items)
    one = setting.ridgeline(data.model, data.queries)
    batched = setting.ridgeline(data.model, data.queries, batch=64)
    factors = FACTORS * 4
    allowed = 1.3 * factors + ID_BYTES
    table.show(
        ["what", "bytes an item", "of what is allowed"],
        [
            ("float32 factors", factors, factors / allowed),
            ("model and index, resident", one["resident_bytes"] / items, one["resident_bytes"] / items / allowed),
            ("peak, loading included", one["peak_rss_bytes"] / items, one["peak_rss_bytes"] / items / allowed),
            ("1.3 x the factors + 40 for the id", allowed, 1.0),
        ],
    )
    table.show(
        ["queries a call", "ms a query", "queries a second"],
        [
            (run["batch"], run["seconds_per_query"]["median"] * 1e3, run["queries_per_second"])
            for run in (one, batched)
        ],
    )


def _make(setting, data, count):
    shutil.rmtree(data.folder, ignore_errors=True)
    data.folder.mkdir(parents=True)
    random = numpy.random.default_rng(1)
    spectrum = (1 / numpy.sqrt(numpy.arange(1, FACTORS + 1))).astype(numpy.float32)
    items = numpy.lib.format.open_memmap(data.items, "w+", numpy.float32, (count, FACTORS))
    for begin in range(0, count, PIECE):
        size = min(PIECE, count - begin)
        norms = numpy.exp(0.5 * random.standard_normal((size, 1), dtype=numpy.float32))
        items[begin : begin + size] = random.standard_normal((size, FACTORS), dtype=numpy.float32) * spectrum * norms
    items.flush()
    numpy.save(data.queries, random.standard_normal((QUERIES, FACTORS), dtype=numpy.float32) * spectrum)
    dataset.write_ids(data.folder / "items.txt", count)
    dataset.write_ids(data.folder / "users.txt", QUERIES)
    dataset.convert_stored(setting, data)
    data.items.unlink()
