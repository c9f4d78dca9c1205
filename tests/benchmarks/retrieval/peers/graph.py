"""What the graph indexes share: the sweep over the search width, and the built index kept on disk."""

import pathlib
import sys
import time

import numpy
import unit_norm

BUILD_THREADS = 2


class Graph:
    """Subclasses have build(items, m, ef_construction), save(path), load(path, dimensions), tune(ef), find(queries, k)."""

    def __init__(self, items, threads, cache, unit_norm_form, m, ef_construction, ef):
        self.settings = ef
        self._augments = unit_norm_form
        vectors = numpy.load(items, mmap_mode="r")
        self.dimensions = vectors.shape[1] + (1 if unit_norm_form else 0)
        path = pathlib.Path(f"{cache}-{type(self).__module__}-{'unit' if unit_norm_form else 'raw'}-{m}-{ef_construction}")
        if not path.exists():
            vectors = numpy.ascontiguousarray(vectors)
            begin = time.perf_counter()
            self.build(unit_norm.augment_items(vectors) if unit_norm_form else vectors, m, ef_construction)
            print(f"built {path.name} in {time.perf_counter() - begin:.0f} s", file=sys.stderr)
            self.save(str(path) + ".partial")
            pathlib.Path(str(path) + ".partial").rename(path)
        self.load(str(path))
        self.use_threads(threads)

    def search(self, queries, k):
        return self.find(unit_norm.augment_queries(queries) if self._augments else queries, k)
