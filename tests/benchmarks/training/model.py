"""A trained model as arrays, whoever trained it."""

import dataclasses
import json
import pathlib
import struct

import numpy


@dataclasses.dataclass
class Model:
    users: numpy.ndarray  # [users x K]
    items: numpy.ndarray  # [items x K]
    user_biases: numpy.ndarray
    item_biases: numpy.ndarray
    mean: float

    def scores(self, rows):
        products = self.users[rows] @ self.items.T
        return self.mean + self.user_biases[rows, None] + self.item_biases + products

    def predict(self, users, items):
        products = numpy.einsum("ij,ij->i", self.users[users], self.items[items])
        return self.mean + self.user_biases[users] + self.item_biases[items] + products


def make(users, items, user_biases=None, item_biases=None, mean=0.0):
    if user_biases is None:
        user_biases = numpy.zeros(len(users), numpy.float32)
    if item_biases is None:
        item_biases = numpy.zeros(len(items), numpy.float32)
    return Model(users, items, user_biases, item_biases, float(mean))


def save(path, model):
    numpy.savez(path, **dataclasses.asdict(model))


def load(path):
    with numpy.load(path) as arrays:
        return Model(**{name: arrays[name] for name in arrays.files})


def load_ridgeline(directory, shape):
    """The model of ridgeline-lab, whose ids are the numbers of rows and columns of a matrix of `shape`."""
    directory = pathlib.Path(directory)
    tensors = _read_safetensors(directory / "factors.safetensors")
    mean = json.loads((directory / "manifest.json").read_text())["global_mean"]
    sides = [_in_order(tensors, side, count) for side, count in zip(("user", "item"), shape)]
    return make(sides[0][0], sides[1][0], sides[0][1], sides[1][1], mean)


def _read_safetensors(path):
    types = {"F32": numpy.float32, "U8": numpy.uint8, "U64": numpy.uint64}
    blob = path.read_bytes()
    begin = 8 + struct.unpack("<Q", blob[:8])[0]
    tensors = {}
    for name, entry in json.loads(blob[8:begin]).items():
        if name == "__metadata__":
            continue
        first, last = (begin + offset for offset in entry["data_offsets"])
        tensors[name] = numpy.frombuffer(blob[first:last], types[entry["dtype"]]).reshape(entry["shape"])
    return tensors


def _in_order(tensors, side, count):
    """Factors and biases by number; zeros for those without interactions."""
    offsets = tensors[f"{side}_ids.offsets"].astype(numpy.int64)
    text = tensors[f"{side}_ids.bytes"].tobytes()
    rows = [int(text[begin:end]) for begin, end in zip(offsets[:-1], offsets[1:])]
    factors = numpy.zeros((count, tensors[f"{side}_factors"].shape[1]), numpy.float32)
    biases = numpy.zeros(count, numpy.float32)
    factors[rows] = tensors[f"{side}_factors"]
    if f"{side}_biases" in tensors:
        biases[rows] = tensors[f"{side}_biases"]
    return factors, biases
