"""nginx with deploy/nginx.conf in front of a server, on ports and with a certificate made for the occasion."""

import pathlib
import re
import signal
import socket
import subprocess
import time

START_SECONDS = 60


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _make_certificate(folder):
    subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
            "-subj", "/CN=ridgeline", "-addext", "subjectAltName=IP:127.0.0.1",
            "-keyout", folder / "server.key", "-out", folder / "server.crt",
        ],
        check=True, capture_output=True,
    )  # fmt: skip


class FrontProxy:
    """Started before a server whose gRPC port is `server_port`; a context manager that stops it."""

    def __init__(self, program, config, folder, server_port):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        _make_certificate(self.folder)
        self.certificate = self.folder / "server.crt"
        port = _free_port()
        self.address = f"127.0.0.1:{port}"
        text = pathlib.Path(config).read_text()
        for pattern, value in [
            (r"listen 8443 ", f"listen 127.0.0.1:{port} "),
            (r"server 127\.0\.0\.1:50051;", f"server 127.0.0.1:{server_port};"),
            (r"/etc/ridgeline/tls", str(self.folder)),
            (r"/tmp/ridgeline-nginx", str(self.folder / "nginx")),
            (r"/dev/stdout", str(self.folder / "calls.log")),
        ]:
            text, count = re.subn(pattern, value, text)
            if not count:
                raise SystemExit(f"{config} has no {pattern}")
        made = self.folder / "nginx.conf"
        made.write_text(text)
        self.log = open(self.folder / "error.log", "w")
        command = [program, "-e", "stderr", "-p", self.folder, "-c", made, "-g", "daemon off;"]
        self.process = subprocess.Popen(command, stdout=self.log, stderr=self.log)
        self._await_port(port)

    def _await_port(self, port):
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self.process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.05)
        raise SystemExit(f"nginx did not start; see {self.log.name}")

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()
        self.log.close()

    def client_flags(self):
        """What `ridgeline` needs to trust it."""
        return ["--tls-ca", self.certificate]

    def peak_bytes(self):
        """Of master and workers together."""
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return sum(_status(process, "VmHWM") for process in [self.process.pid, *children])


def _status(process, name):
    for line in pathlib.Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1]) * 1024
    raise SystemExit("nginx has ended")
