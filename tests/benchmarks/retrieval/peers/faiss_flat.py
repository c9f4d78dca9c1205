"""faiss IndexFlatIP, optionally with a selector of allowed rows (.npy)."""

import faiss
import numpy


class Index:
    def __init__(self, items, allowed):
        self._index = faiss.IndexFlatIP(items.shape[1])
        self._index.add(items)
        self._allowed = allowed

    def search(self, queries, k):
        if self._allowed is None:
            return self._index.search(queries, k)[1]
        # As ours, each search makes its own bitmap.
        bitmap = numpy.zeros((self._index.ntotal + 7) // 8 * 8, bool)
        bitmap[self._allowed] = True
        selector = faiss.IDSelectorBitmap(numpy.packbits(bitmap, bitorder="little"))
        return self._index.search(queries, k, params=faiss.SearchParameters(sel=selector))[1]


def make(items, threads, allowed=None):
    faiss.omp_set_num_threads(threads)
    return Index(numpy.load(items), None if allowed is None else numpy.load(allowed))
