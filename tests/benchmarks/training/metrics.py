"""How good a model is; the same code for all."""

import numpy

ROWS_AT_ONCE = 512


def rmse(model, test):
    entries = test.tocoo()
    errors = model.predict(entries.row, entries.col) - entries.data
    return float(numpy.sqrt(numpy.mean(errors.astype(numpy.float64) ** 2)))


def ndcg(model, train, test, k=20):
    """Mean over the users with test entries; items of the training are not ranked."""
    users = numpy.flatnonzero(numpy.diff(test.indptr))
    discounts = 1.0 / numpy.log2(numpy.arange(2, k + 2))
    ideal = numpy.concatenate([[0.0], numpy.cumsum(discounts)])
    total = 0.0
    for begin in range(0, len(users), ROWS_AT_ONCE):
        rows = users[begin : begin + ROWS_AT_ONCE]
        scores = model.scores(rows).astype(numpy.float32)
        seen = train[rows].tocoo()
        scores[seen.row, seen.col] = -numpy.inf
        top = numpy.argpartition(-scores, k, axis=1)[:, :k]
        order = numpy.argsort(-numpy.take_along_axis(scores, top, axis=1), axis=1, kind="stable")
        top = numpy.take_along_axis(top, order, axis=1)
        for row, ranked in zip(rows, top):
            wanted = test.indices[test.indptr[row] : test.indptr[row + 1]]
            gain = numpy.isin(ranked, wanted) @ discounts
            total += gain / ideal[min(len(wanted), k)]
    return total / len(users)


def hu_objective(users, items, matrix, confidence, regularization):
    """sum c (p - x.y)^2 + lambda (|X|^2 + |Y|^2) with c = confidence where p = 1, else 1 (Hu, Koren, Volinsky 2008).

    The sum over all pairs is that over the entries and tr(X'X Y'Y). Scores in float32, sums in float64.
    """
    total = _sum_of_squared_products(users, items)
    total += regularization * (_sum_of_squares(users) + _sum_of_squares(items))
    entries = matrix.tocoo()
    for begin in range(0, entries.nnz, 1 << 17):
        part = slice(begin, begin + (1 << 17))
        scores = numpy.einsum("ij,ij->i", users[entries.row[part]], items[entries.col[part]]).astype(numpy.float64)
        total += numpy.sum(confidence * (1.0 - scores) ** 2 - scores**2)
    return float(total)


def _sum_of_squares(factors):
    return numpy.sum(factors.astype(numpy.float64) ** 2)


def _sum_of_squared_products(users, items):
    gramians = [side.astype(numpy.float64).T @ side.astype(numpy.float64) for side in (users, items)]
    return numpy.sum(gramians[0] * gramians[1])
