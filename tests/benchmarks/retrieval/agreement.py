"""Whether two top-k answers are the same up to float rounding, and recall.

Two programs add the same products in different orders, so scores that lie closer together than rounding may change places.
A place where the ids differ is explained when the two items' scores, computed in double, differ by no more than
2 K 2^-24 sum_f |x_f y_f| of the larger one: the a-priori bound of a float32 sum of K products, once for each program.
"""

import dataclasses

import numpy


@dataclasses.dataclass(frozen=True)
class Agreement:
    queries: int
    identical: int  # queries whose ids are equal, place by place
    explained: int  # places with other ids whose scores are equal up to rounding
    unexplained: int

    def __str__(self):
        return (
            f"{self.identical} of {self.queries} id for id, {self.explained} places swapped within rounding, "
            f"{self.unexplained} wrong"
        )


def compare(items, queries, ours, theirs):
    different = numpy.argwhere(ours != theirs)
    explained = sum(_tied(items, queries[q], ours[q, place], theirs[q, place]) for q, place in different)
    identical = int((ours == theirs).all(axis=1).sum())
    return Agreement(len(queries), identical, explained, len(different) - explained)


def recall(exact, found):
    hits = sum(len(numpy.intersect1d(exact[q], found[q])) for q in range(len(exact)))
    return hits / exact.size


def _tied(items, query, ours, theirs):
    products = items[[ours, theirs]].astype(numpy.float64) * query.astype(numpy.float64)
    scores = products.sum(axis=1)
    bound = 2 * len(query) * 2.0**-24 * numpy.abs(products).sum(axis=1).max()
    return bool(abs(scores[0] - scores[1]) <= bound)
