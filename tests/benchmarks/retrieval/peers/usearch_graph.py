"""usearch's HNSW over float32."""

import graph
import numpy
import usearch.index


class Index(graph.Graph):
    def build(self, items, m, ef_construction):
        self._index = usearch.index.Index(
            ndim=self.dimensions, metric="ip", dtype="f32", connectivity=m, expansion_add=ef_construction
        )
        self._index.add(numpy.arange(len(items)), items, threads=graph.BUILD_THREADS)

    def save(self, path):
        self._index.save(path)

    def load(self, path):
        self._index = usearch.index.Index.restore(path)

    def use_threads(self, threads):
        self._threads = threads

    def tune(self, ef):
        self._index.expansion_search = ef

    def find(self, queries, k):
        found = self._index.search(queries, k, threads=self._threads).keys
        return numpy.asarray(found).reshape(len(queries), k).astype("int64")


def make(items, threads, **parameters):
    return Index(items, threads, **parameters)
