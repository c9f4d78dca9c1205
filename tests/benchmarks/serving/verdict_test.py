"""Run by `run` before anything is measured: what says that a figure misses its bound must be seen to say so."""

import contextlib
import io
import unittest

from known_misses import KNOWN_MISSES, KnownMiss
from verdict import at_least, at_most, passes

KNOWN = {"section": {"p99": KnownMiss(worst=4, reason="The reason.", remedy="the remedy.")}}


def judged(*checks, known=None):
    """Whether the checks pass, and what is printed."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        passed = passes("section", checks, known or {})
    return passed, printed.getvalue()


class Verdict(unittest.TestCase):
    def test_a_figure_at_its_bound_meets_it(self):
        for check in (at_most("p99", 2, 2), at_least("goodput", 0.9, 0.9)):
            passed, text = judged(check)
            self.assertTrue(passed)
            self.assertIn("| met |", text)

    def test_a_figure_beyond_its_bound_fails_the_run(self):
        for check in (at_most("p99", 2.01, 2), at_least("goodput", 0.89, 0.9)):
            passed, text = judged(check)
            self.assertFalse(passed)
            self.assertIn("| MISSED |", text)

    def test_one_miss_among_many_fails_the_run(self):
        self.assertFalse(judged(at_most("a", 1, 2), at_most("b", 3, 2), at_most("c", 1, 2))[0])

    def test_what_is_not_a_number_misses(self):
        self.assertFalse(judged(at_most("p99", float("nan"), 2))[0])
        self.assertFalse(judged(at_least("goodput", float("nan"), 2))[0])

    def test_a_known_miss_passes_with_its_reason_and_remedy(self):
        passed, text = judged(at_most("p99", 3, 2), known=KNOWN)
        self.assertTrue(passed)
        for part in ("missed, as is known", "The reason.", "the remedy."):
            self.assertIn(part, text)

    def test_a_known_miss_that_grew_fails_the_run(self):
        passed, text = judged(at_most("p99", 4.01, 2), known=KNOWN)
        self.assertFalse(passed)
        self.assertIn("by more than is known", text)

    def test_a_known_miss_that_is_met_is_said_to_be(self):
        passed, text = judged(at_most("p99", 2, 2), known=KNOWN)
        self.assertTrue(passed)
        self.assertIn("met, though known to miss", text)

    def test_a_known_miss_of_one_figure_excuses_no_other(self):
        self.assertFalse(judged(at_most("p99", 3, 2), at_most("p50", 3, 2), known=KNOWN)[0])

    def test_a_known_miss_that_nothing_checks_fails_the_run(self):
        passed, text = judged(at_most("p50", 1, 2), known=KNOWN)
        self.assertFalse(passed)
        self.assertIn("what is not checked: p99", text)

    def test_every_known_miss_has_a_reason_and_a_remedy(self):
        for misses in KNOWN_MISSES.values():
            for what, miss in misses.items():
                self.assertTrue(what and miss.reason and miss.remedy, what)


if __name__ == "__main__":
    unittest.main()
