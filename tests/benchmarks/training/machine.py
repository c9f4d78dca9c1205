"""What the figures were measured on: a table without it says nothing."""

import os
import pathlib
import re

from threadpoolctl import threadpool_info


def describe():
    """Processor, memory, and the kernel that NumPy's BLAS has chosen for it."""
    processor = pathlib.Path("/proc/cpuinfo").read_text()
    name, family, model, flags = (
        re.search(rf"^{field}\s*: (.*)$", processor, re.MULTILINE)[1]
        for field in ("model name", "cpu family", "model", "flags")
    )
    vectors = next((flag for flag in ("avx512f", "avx2", "avx") if flag in flags.split()), "sse")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    blas = ", ".join(f"{each['internal_api']} {each.get('architecture', '')}" for each in threadpool_info())
    return f"{len(os.sched_getaffinity(0))} x {name} (family {family}, model {model}, {vectors}), {memory:.0f} GiB; {blas}"
