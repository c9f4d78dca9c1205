"""hnswlib's HNSW."""

import graph
import hnswlib


class Index(graph.Graph):
    def build(self, items, m, ef_construction):
        self._index = hnswlib.Index("ip", self.dimensions)
        self._index.init_index(len(items), ef_construction=ef_construction, M=m, random_seed=1)
        self._index.add_items(items, num_threads=graph.BUILD_THREADS)

    def save(self, path):
        self._index.save_index(path)

    def load(self, path):
        self._index = hnswlib.Index("ip", self.dimensions)
        self._index.load_index(path)

    def use_threads(self, threads):
        self._threads = threads

    def tune(self, ef):
        self._index.set_ef(ef)

    def find(self, queries, k):
        return self._index.knn_query(queries, k, num_threads=self._threads)[0].astype("int64")


def make(items, threads, **parameters):
    return Index(items, threads, **parameters)
