"""Runs the sections that were asked for and prints their tables as Markdown."""

import argparse
import pathlib
import sys

from sections import approximate, exact, filters, large
from setting import Setting

SECTIONS = {"exact": exact.run, "approximate": approximate.run, "filters": filters.run, "large": large.run}
BY_NAME_ONLY = {"large"}
DATA = ["trained", "gaussian"]


def parse(arguments):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lab", required=True, help="ridgeline-lab to measure")
    parser.add_argument("--work", required=True, type=pathlib.Path, help="folder for generated data and indexes")
    parser.add_argument("--quick", action="store_true", help="small data: shows that it runs, not how fast")
    parser.add_argument("--items", type=int, help="items of the data; default: a million, with --quick 20,000")
    parser.add_argument("--data", action="append", choices=DATA, help="kinds of factors; default: both")
    parser.add_argument("--rounds", type=int, default=3, help="how often each timing is taken")
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=" ".join(SECTIONS))
    options = parser.parse_args(arguments)
    unknown = sorted(set(options.sections) - set(SECTIONS))
    if unknown:
        parser.error(f"no such section: {', '.join(unknown)}")
    if options.rounds < 1:
        parser.error("--rounds must be at least 1")
    return options


def main():
    options = parse(sys.argv[1:])
    items = options.items or (20_000 if options.quick else 1_000_000)
    options.work.mkdir(parents=True, exist_ok=True)
    setting = Setting(options.lab, options.work, options.quick, items, options.rounds, options.data or DATA)
    for name in options.sections or [name for name in SECTIONS if name not in BY_NAME_ONLY]:
        print(f"### {name}\n", flush=True)
        SECTIONS[name](setting)


if __name__ == "__main__":
    main()
