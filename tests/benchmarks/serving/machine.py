"""Whether other programs used the processors while something was measured."""

import os
import pathlib
import resource
import time

BUSY = [0, 1, 2, 5, 6, 7]  # user, nice, system, irq, softirq and steal in /proc/stat, without idle and iowait


class OtherPrograms:
    """Counts from when it is made. What this program and those it has waited for used is not other programs'."""

    def __init__(self):
        self._began, self._others = time.monotonic(), _others()

    def processors(self):
        return max(0.0, (_others() - self._others) / (time.monotonic() - self._began))


def _others():
    """Seconds of processor time since the machine started, but this program's."""
    ticks = pathlib.Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    busy = sum(int(ticks[column]) for column in BUSY) / os.sysconf("SC_CLK_TCK")
    own = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return busy - sum(usage.ru_utime + usage.ru_stime for usage in own)
