"""Runs the sections that were asked for and prints their tables as Markdown."""

import argparse
import pathlib
import sys

import machine
from sections import convergence, epochs, explicit, quality, reading, scale, sgemm, warm
from setting import Setting

SECTIONS = {
    "epochs": epochs,
    "convergence": convergence,
    "sgemm": sgemm,
    "explicit": explicit,
    "warm": warm,
    "reading": reading,
    "quality": quality,
    "scale": scale,
}
BY_NAME_ONLY = {"scale"}


def _parts(request):
    """The section of `epochs` or `epochs:64`, and those of its parts that are to run."""
    name, _, part = request.partition(":")
    if name not in SECTIONS:
        raise ValueError(f"no such section: {name}")
    parts = SECTIONS[name].PARTS
    if part and part not in parts:
        raise ValueError(f"{name} has no part {part}; its parts: {' '.join(parts) or 'none'}")
    return name, (part,) if part else parts


def parse(arguments):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lab", required=True, help="ridgeline-lab to measure")
    parser.add_argument("--work", required=True, type=pathlib.Path, help="folder for generated data and models")
    parser.add_argument("--data", type=pathlib.Path, help="folder of the rating data sets; quality needs it")
    parser.add_argument("--quick", action="store_true", help="small data: shows that it runs, not how fast")
    parser.add_argument("--rounds", type=int, default=3, help="how often each timing is taken")
    parser.add_argument("sections", nargs="*", metavar="SECTION[:PART]", help=" ".join(SECTIONS))
    options = parser.parse_args(arguments)
    requests = options.sections or [name for name in SECTIONS if name not in BY_NAME_ONLY]
    try:
        options.sections = [_parts(request) for request in requests]
    except ValueError as error:
        parser.error(str(error))
    if options.data is None and any(name == "quality" for name, _ in options.sections):
        parser.error("the section quality needs --data")
    if options.rounds < 1:
        parser.error("--rounds must be at least 1")
    return options


def main():
    options = parse(sys.argv[1:])
    options.work.mkdir(parents=True, exist_ok=True)
    setting = Setting(options.lab, options.work, options.data, options.quick, options.rounds)
    print(f"{machine.describe()}\n", flush=True)
    for name, parts in options.sections:
        print(f"### {name}\n", flush=True)
        SECTIONS[name].run(setting, parts)


if __name__ == "__main__":
    main()
