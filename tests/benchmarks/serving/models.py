"""Models to serve, of made factors: users and items lie around common centres, and popular items have longer vectors,
as in trained models; plain noise would be harder or easier to search than these are."""

import dataclasses
import pathlib
import shutil
import subprocess
import sys

import numpy

CENTRES = 64
SPREAD = 0.5  # of a row around its centre, whose own coordinates have a deviation of 1
BLOCK = 1 << 20  # rows at a time


@dataclasses.dataclass(frozen=True)
class Size:
    users: int
    items: int
    factors: int

    @property
    def name(self):
        return f"{self.items}x{self.factors}"

    def users_flags(self):
        return ["--users", f"u[0-{self.users - 1}]"]

    def items_flags(self):
        return ["--items", f"i[0-{self.items - 1}]"]

    def factor_bytes(self):
        """Of the float32 factors of users and items."""
        return 4 * (self.users + self.items) * self.factors


SIZES = {
    "million": Size(users=100_000, items=1_000_000, factors=50),
    "movielens": Size(users=138_000, items=27_000, factors=64),
    "large": Size(users=100_000, items=20_000_000, factors=50),
}
QUICK_SIZES = {
    "million": Size(users=1_000, items=20_000, factors=50),
    "movielens": Size(users=1_000, items=2_700, factors=64),
    "large": Size(users=1_000, items=100_000, factors=50),
}
# What fold-in needs to know and the factors do not tell.
HYPERPARAMETERS = [
    "--feedback", "implicit", "--regularization", "0.3", "--regularization-scaling", "none",
    "--unobserved-weight", "0.1", "--confidence-scale", "1", "--confidence-form", "ials",
]  # fmt: skip


def publish(setting, size, versions):
    """A data folder whose live model is of this size; made once, and without what servers added to it since."""
    folder = setting.work / f"{size.name}-{versions}"
    if not (folder / "complete").exists():
        shutil.rmtree(folder, ignore_errors=True)
        made = setting.work / "made"
        shutil.rmtree(made, ignore_errors=True)
        made.mkdir(parents=True)
        for version in range(versions):
            _publish_one(setting, size, made, folder / "data", seed=version + 1)
        shutil.rmtree(made)
        (folder / "complete").touch()
    for path in (folder / "data").iterdir():
        if path.name != "models" and path.is_dir():
            shutil.rmtree(path)
    return folder / "data"


def _publish_one(setting, size, made, data, seed):
    random = numpy.random.default_rng(seed)
    centres = random.standard_normal((CENTRES, size.factors), dtype=numpy.float32)
    _write_ids(made / "users.txt", "u", size.users)
    _write_ids(made / "items.txt", "i", size.items)
    _write_rows(made / "users.npy", random, centres, size.users, numpy.zeros(0))
    _write_rows(made / "items.npy", random, centres, size.items, numpy.arange(size.items))
    command = [
        setting.bin / "ridgeline-lab", "convert", "--from", "npy", "--publish", data, *HYPERPARAMETERS,
        "--user-factors", made / "users.npy", "--item-factors", made / "items.npy",
        "--user-ids", made / "users.txt", "--item-ids", made / "items.txt",
    ]  # fmt: skip
    subprocess.run(command, check=True, stdout=sys.stderr)


def _write_ids(path: pathlib.Path, prefix, count):
    with path.open("w") as file:
        for begin in range(0, count, BLOCK):
            file.writelines(f"{prefix}{row}\n" for row in range(begin, min(begin + BLOCK, count)))


def _write_rows(path, random, centres, rows, popularity_ranks):
    """Rows in random order of popularity: the popular ones are as much as three times as long as the others."""
    array = numpy.lib.format.open_memmap(path, mode="w+", dtype=numpy.float32, shape=(rows, centres.shape[1]))
    for begin in range(0, rows, BLOCK):
        count = min(BLOCK, rows - begin)
        block = centres[random.integers(CENTRES, size=count)]
        block += SPREAD * random.standard_normal(block.shape, dtype=numpy.float32)
        if len(popularity_ranks):
            block *= (1 + 2 * random.power(0.2, size=(count, 1))).astype(numpy.float32)
        array[begin : begin + count] = block * numpy.float32(0.5 / numpy.sqrt(centres.shape[1]))
    array.flush()
