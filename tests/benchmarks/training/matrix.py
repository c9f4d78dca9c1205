"""Interactions as a sparse matrix: read, stored for the workers, written for ridgeline-lab, split."""

import numpy
import scipy.sparse


def read_csv(path):
    """[users x items] of the first three columns of a file with a header, ids being numbers of rows and columns."""
    import pandas  # here, for it would count as memory of peers that have no use for it

    frame = pandas.read_csv(path, usecols=[0, 1, 2], names=["user", "item", "value"], skiprows=1)
    columns = (frame.user.to_numpy(), frame.item.to_numpy())
    return scipy.sparse.csr_matrix((frame.value.to_numpy(numpy.float32), columns))


def renumber(ids):
    """Numbers from 0 on, in ascending order of the ids."""
    return numpy.unique(ids, return_inverse=True)[1]


def store(path, matrix):
    scipy.sparse.save_npz(path, matrix, compressed=False)
    return path


def load(path):
    return scipy.sparse.load_npz(path).tocsr()


def write_csv(path, matrix):
    """For ridgeline-lab; the ids are the numbers of rows and columns."""
    import pandas

    entries = matrix.tocoo()
    frame = pandas.DataFrame({"user_id": entries.row, "item_id": entries.col, "value": entries.data})
    frame.to_csv(path, index=False)
    return path


def split_entries(matrix, share, seed):
    """A random share of all entries is the second matrix."""
    entries = matrix.tocoo()
    held_out = numpy.random.default_rng(seed).random(entries.nnz) < share
    return _part(entries, ~held_out), _part(entries, held_out)


def split_users(matrix, share, seed):
    """The second matrix has `share` of each user's entries, rounded down."""
    random = numpy.random.default_rng(seed)
    held_out = numpy.zeros(matrix.nnz, dtype=bool)
    for begin, end in zip(matrix.indptr[:-1], matrix.indptr[1:]):
        held_out[begin + random.permutation(end - begin)[: int(share * (end - begin))]] = True
    entries = matrix.tocoo()
    return _part(entries, ~held_out), _part(entries, held_out)


def _part(entries, mask):
    columns = (entries.row[mask], entries.col[mask])
    return scipy.sparse.csr_matrix((entries.data[mask], columns), shape=entries.shape)
