"""The factors that are searched: of a model trained on made interactions, and isotropic Gaussian ones.

Trained factors have what pruning lives on, a spectrum and norms that decay; Gaussian ones have neither, and are the hardest
case. Each is a folder with the model, `items.npy` and `queries.npy`, made once.
"""

import dataclasses
import json
import pathlib
import shutil

import numpy
from setting import FACTORS

QUERIES = 256
# Three passes of ALS: the spectrum hardly changes after.
ITERATIONS = 3


@dataclasses.dataclass(frozen=True)
class Dataset:
    folder: pathlib.Path

    @property
    def model(self):
        return self.folder / "model"

    @property
    def items(self):
        return self.folder / "items.npy"

    @property
    def queries(self):
        return self.folder / "queries.npy"

    def load_items(self):
        return numpy.load(self.items, mmap_mode="r")

    def load_queries(self):
        return numpy.load(self.queries)


def get(setting, kind):
    """The data of `kind`, made when they are not there."""
    folder = setting.work / f"{kind}-{setting.items}"
    if not folder.exists():
        partial = folder.with_suffix(".partial")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        _MAKERS[kind](setting, Dataset(partial))
        partial.rename(folder)
    return Dataset(folder)


def describe(data):
    """One line on how norms and spectrum of the items decay."""
    items = data.load_items()
    norms = numpy.linalg.norm(items, axis=1)
    spectrum = numpy.linalg.svd(items[:: max(1, len(items) // 20_000)], compute_uv=False)
    low, middle, high = numpy.quantile(norms, [0.1, 0.5, 0.99])
    return (
        f"{len(items):,} items x {items.shape[1]}; norms {low / middle:.2f}, 1, {high / middle:.2f}, "
        f"{norms.max() / middle:.2f} of the median at 10, 50, 99, 100%; "
        f"last singular value {spectrum[-1] / spectrum[0]:.3f} of the first"
    )


def convert(setting, data, items, queries):
    """Stores the factors and makes a model of them, with rows for ids."""
    numpy.save(data.items, items)
    numpy.save(data.queries, queries)
    write_ids(data.folder / "items.txt", len(items))
    write_ids(data.folder / "users.txt", len(queries))
    convert_stored(setting, data)


def convert_stored(setting, data):
    flags = "--from npy --feedback implicit --regularization 1 --regularization-scaling none --unobserved-weight 1"
    flags += " --confidence-scale 1 --confidence-form hu"
    paths = {
        "--user-factors": data.queries,
        "--item-factors": data.items,
        "--user-ids": data.folder / "users.txt",
        "--item-ids": data.folder / "items.txt",
        "--output": data.model,
    }
    setting.run_lab("convert", *flags.split(), *(part for pair in paths.items() for part in pair))


def write_ids(path, count):
    with open(path, "w") as file:
        file.writelines(f"{row}\n" for row in range(count))


def _gaussian(setting, data):
    random = numpy.random.default_rng(1)
    items = random.standard_normal((setting.items, FACTORS), dtype=numpy.float32)
    convert(setting, data, items, random.standard_normal((QUERIES, FACTORS), dtype=numpy.float32))


def _trained(setting, data):
    interactions = data.folder / "interactions.txt"
    setting.run_lab(
        *("generate", "--format", "adjacency", "--users", setting.items // 5, "--items", setting.items),
        *("--interactions", setting.items * 20, "--factors", 48, "--output", interactions),
    )
    setting.run_lab(
        *("train", "--train", interactions, "--format", "adjacency", "--feedback", "implicit", "--output", data.model),
        *("--factors", FACTORS, "--iterations", ITERATIONS, "--seed", 1),
    )
    interactions.unlink()
    tensors = _load_safetensors(data.model / "factors.safetensors")
    numpy.save(data.items, tensors["item_factors"])
    users = tensors["user_factors"]
    chosen = numpy.random.default_rng(1).choice(len(users), QUERIES, replace=False)
    numpy.save(data.queries, users[numpy.sort(chosen)])
    ends = tensors["item_ids.offsets"].astype(numpy.int64)
    text = tensors["item_ids.bytes"].tobytes()
    with open(data.folder / "items.txt", "wb") as file:
        file.writelines(text[begin:end] + b"\n" for begin, end in zip(ends[:-1], ends[1:]))


def _load_safetensors(path):
    types = {"F32": numpy.float32, "U64": numpy.uint64, "U8": numpy.uint8}
    file = numpy.memmap(path, mode="r")
    length = int(file[:8].view(numpy.uint64)[0])
    tensors = {}
    for name, tensor in json.loads(bytes(file[8 : 8 + length])).items():
        begin, end = tensor["data_offsets"]
        tensors[name] = file[8 + length + begin : 8 + length + end].view(types[tensor["dtype"]]).reshape(tensor["shape"])
    return tensors


_MAKERS = {"gaussian": _gaussian, "trained": _trained}
