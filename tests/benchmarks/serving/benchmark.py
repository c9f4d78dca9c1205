"""Runs the sections that were asked for and prints their tables and verdicts as Markdown. Exit status 1 when a figure misses
its bound, and known_misses.py does not say so."""

import argparse
import os
import pathlib
import sys

from machine import OtherPrograms
from sections import filters, hostile, large, memory, neighbours, overload, swaps, throughput
from setting import Setting
from verdict import passes

SECTIONS = {
    "throughput": throughput.run,
    "filters": filters.run,
    "swaps": swaps.run,
    "memory": memory.run,
    "hostile": hostile.run,
    "overload": overload.run,
    "neighbours": neighbours.run,
    "large": large.run,
}
BY_NAME_ONLY = {"large"}


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", required=True, type=pathlib.Path, help="folder of the programs to measure")
    parser.add_argument("--work", required=True, type=pathlib.Path, help="folder for made models")
    parser.add_argument("--quick", action="store_true", help="small models: shows that it runs, not how fast")
    parser.add_argument("--rounds", type=int, default=3, help="how often each figure is taken; the median counts")
    parser.add_argument("--seconds", type=float, default=10, help="length of each load, after its warm-up")
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=" ".join(SECTIONS))
    options = parser.parse_args()
    unknown = sorted(set(options.sections) - set(SECTIONS))
    if unknown:
        parser.error(f"no such section: {', '.join(unknown)}")
    if not options.sections:
        options.sections = [name for name in SECTIONS if name not in BY_NAME_ONLY]
    if options.rounds < 1 or options.seconds <= 0:
        parser.error("--rounds and --seconds must be above 0")
    return options


def main():
    options = parse()
    options.work.mkdir(parents=True, exist_ok=True)
    setting = Setting(options.bin, options.work, options.quick, options.rounds, options.seconds)
    failed = []
    for name in options.sections:
        print(f"### {name}\n", flush=True)
        others = OtherPrograms()
        checks = SECTIONS[name](setting)
        print(f"Other programs used {others.processors():.2f} of {os.cpu_count()} processors meanwhile.\n")
        if not passes(name, checks):
            failed.append(name)
    if failed:
        print(f"Not as required: {', '.join(failed)}." + (" With --quick that counts for nothing." if options.quick else ""))
    return 1 if failed and not options.quick else 0


if __name__ == "__main__":
    sys.exit(main())
