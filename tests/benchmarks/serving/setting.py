"""What all sections share: where things are, and how long a load lasts."""

import dataclasses
import pathlib

import models
from server import Server

IN_FLIGHT = 64
K = 10


@dataclasses.dataclass(frozen=True)
class Setting:
    bin: pathlib.Path
    work: pathlib.Path
    quick: bool
    rounds: int
    seconds: float

    def model(self, name, versions=1, flags=()):
        """Starts a server on a made model, `models.SIZES[name]`, that was published `versions` times."""
        size = models.QUICK_SIZES[name] if self.quick else models.SIZES[name]
        return Server(self.bin, models.publish(self, size, versions), *flags), size

    def load(self, seconds=None, warm_up=None):
        """The flags that say how long a load lasts, in seconds; the calls of its warm-up do not count."""
        seconds = seconds or (1 if self.quick else self.seconds)
        if warm_up is None:
            warm_up = 0.5 if self.quick else 2
        return ["--duration", f"{seconds}s", "--warm-up", f"{warm_up}s"]

    def closed_loop(self, size):
        """The flags of the load that the peak rate is measured with; a slow server is measured too."""
        return ["--timeout", "1m", "--in-flight", IN_FLIGHT, "-k", K, *size.users_flags(), *self.load()]
