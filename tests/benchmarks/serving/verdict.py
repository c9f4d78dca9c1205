"""Figures held against what is required of them: met, missed, or missed as is known."""

import dataclasses

import table
from known_misses import KNOWN_MISSES


@dataclasses.dataclass(frozen=True)
class Check:
    """A figure and its bound. One that is not a number misses it."""

    what: str
    figure: float
    bound: float
    is_least: bool

    def keeps_within(self, bound):
        return self.figure >= bound if self.is_least else self.figure <= bound


def at_least(what, figure, bound):
    return Check(what, float(figure), float(bound), is_least=True)


def at_most(what, figure, bound):
    return Check(what, float(figure), float(bound), is_least=False)


def passes(section, checks, known_misses=None):
    """Prints the checks of a section with their verdicts. False when one fails, or a known miss is no check's name."""
    known = (KNOWN_MISSES if known_misses is None else known_misses).get(section, {})
    judged = [(check, *_judge(check, known.get(check.what))) for check in checks]
    rows = [(check.what, check.figure, "at least" if check.is_least else "at most", check.bound, verdict)
            for check, verdict, _ in judged]  # fmt: skip
    table.show(["required", "figure", "", "bound", "verdict"], rows)
    stale = sorted(set(known) - {check.what for check in checks})
    for what in stale:
        print(f"known_misses.py names what is not checked: {what}\n")
    for what, miss in known.items():
        print(f"Known to miss: {what}. {miss.reason} What helps: {miss.remedy}\n", flush=True)
    return not stale and all(good for _, _, good in judged)


def _judge(check, miss):
    """The verdict in words, and whether it lets the run pass."""
    if check.keeps_within(check.bound):
        return "met" if miss is None else "met, though known to miss", True
    if miss is None:
        return "MISSED", False
    if check.keeps_within(miss.worst):
        return f"missed, as is known (to {miss.worst:g})", True
    return f"MISSED, and by more than is known ({miss.worst:g})", False
