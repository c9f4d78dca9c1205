"""Megabytes of text a second that one core reads: parsed, validated, ids mapped to rows of a data set."""

import statistics

import table
from sections import generated

PARTS = ()


def run(setting, parts):
    path, _ = generated.interactions(setting)
    megabytes = path.stat().st_size / 1e6
    flags = ["--feedback", "implicit", "--algorithm", "popularity"]
    runs = [setting.ridgeline(path, *flags, threads=1) for _ in range(setting.rounds)]
    seconds = statistics.median(run["read_seconds"] for run in runs)
    table.show(["lines", "MB", "seconds", "MB/s"], [(runs[0]["interactions"], megabytes, seconds, megabytes / seconds)])
