"""Imports of a file that is too long to end, as fast as the server takes them."""

import contextlib
import subprocess
import time

LINES = 2_000_000
START_SECONDS = 60


def write_file(setting, size):
    """Interactions with the model's items, of users whom it does not know."""
    path = setting.work / "interactions.csv"
    lines = LINES // (100 if setting.quick else 1)
    path.write_text("user,item\n" + "".join(f"m{row % 9_973},i{row % size.items}\n" for row in range(lines)))
    return path


@contextlib.contextmanager
def flood(setting, server, path, *flags, streams=1):
    """Streams that go on until the block ends. Each program reads its whole file before it sends any of it."""
    command = server.command("import", path, *flags)
    importing = [subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for _ in range(streams)]
    try:
        yield
        ended = [program.returncode for program in importing if program.poll() is not None]
        if ended and not setting.quick:
            raise SystemExit(f"imports ended early, with status {ended}")
    finally:
        for program in importing:
            program.terminate()
            program.wait()


def wait_until_recording(server, before):
    """Until the server has more interactions than `before`."""
    end = time.monotonic() + START_SECONDS
    while server.interactions() <= before:
        if time.monotonic() > end:
            raise SystemExit(f"no import has begun within {START_SECONDS} s")
        time.sleep(0.1)


@contextlib.contextmanager
def counted(server):
    """What is recorded a second while the block lasts, put into the dictionary that it gets."""
    figures = {}
    before, began = server.interactions(), time.monotonic()
    yield figures
    figures["imported"] = (server.interactions() - before) / (time.monotonic() - began)
