"""100 million interactions of a million users on one machine: does it complete, how fast, in how much memory."""

import statistics

import table

PARTS = ()
SIZES = {"users": 1_000_000, "items": 200_000, "interactions": 100_000_000}
QUICK_SIZES = {"users": 10_000, "items": 2_000, "interactions": 1_000_000}
FACTORS = 64


def run(setting, parts):
    sizes = QUICK_SIZES if setting.quick else SIZES
    path = setting.generate("scale", **sizes)
    done = setting.ridgeline(path, "--feedback", "implicit", "--factors", FACTORS, "--iterations", 3)
    entries = 2 * done["interactions"] * 8
    factors = (done["users"] + done["items"]) * FACTORS * 4
    peak = done["peak_rss_bytes"]
    header = ["interactions", "users", "items", "seconds an epoch", "peak GiB", "times data and factors"]
    epoch = statistics.median(done["epoch_seconds"][1:])
    row = (done["interactions"], done["users"], done["items"], epoch, peak / 2**30, peak / (entries + factors))
    table.show(header, [row])
