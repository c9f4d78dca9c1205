"""faiss' HNSW over float32."""

import faiss
import graph


class Index(graph.Graph):
    def build(self, items, m, ef_construction):
        faiss.omp_set_num_threads(graph.BUILD_THREADS)
        self._index = faiss.IndexHNSWFlat(self.dimensions, m, faiss.METRIC_INNER_PRODUCT)
        self._index.hnsw.efConstruction = ef_construction
        self._index.add(items)

    def save(self, path):
        faiss.write_index(self._index, path)

    def load(self, path):
        self._index = faiss.read_index(path)

    def use_threads(self, threads):
        faiss.omp_set_num_threads(threads)

    def tune(self, ef):
        self._index.hnsw.efSearch = ef

    def find(self, queries, k):
        return self._index.search(queries, k)[1]


def make(items, threads, **parameters):
    return Index(items, threads, **parameters)
