"""Inner product as a search by cosine, which graphs are made for (Bachrach et al. 2014).

An item y becomes (y, sqrt(R^2 - |y|^2)), R being the largest norm, a query x becomes (x, 0): all items have the same norm and
inner products do not change.
"""

import numpy


def augment_items(items):
    squares = numpy.square(items, dtype=numpy.float64).sum(axis=1)
    missing = numpy.sqrt(squares.max() - squares).astype(numpy.float32)
    return numpy.ascontiguousarray(numpy.hstack([items, missing[:, None]]))


def augment_queries(queries):
    return numpy.ascontiguousarray(numpy.hstack([queries, numpy.zeros((len(queries), 1), numpy.float32)]))
