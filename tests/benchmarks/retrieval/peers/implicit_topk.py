"""implicit's own topk: blocks of a matrix product, then a selection."""

import numpy
from implicit.cpu.topk import topk


class Index:
    def __init__(self, items, threads):
        self._items = items
        self._threads = threads

    def search(self, queries, k):
        return topk(self._items, queries, k, num_threads=self._threads)[0]


def make(items, threads):
    return Index(numpy.load(items), threads)
