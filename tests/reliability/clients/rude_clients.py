"""Clients that mean ill or have broken down, on bare sockets: what a well-behaved HTTP/2 library would never send."""

import contextlib
import random
import select
import socket
import ssl
import threading

import hpack
import hyperframe.frame as frames

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
RECOMMEND = "/ridgeline.v1.RecommendationService/Recommend"
UPSERT = "/ridgeline.v1.CatalogService/UpsertItems"
CONNECT_SECONDS = 20
HALF_BODIES = 96  # on a connection
HALF_BODY_BYTES = 8 << 20
# Where they come from: a front proxy bounds what one address may have, and the others call from 127.0.0.1.
SOURCE = "127.0.0.2"


class Target:
    """A port to attack, with TLS or without."""

    def __init__(self, address, tls=False):
        self.host, self.port = address.rsplit(":", 1)
        self.tls = None
        if tls:
            self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            self.tls.check_hostname = False
            self.tls.verify_mode = ssl.CERT_NONE
            self.tls.set_alpn_protocols(["h2"])

    def connect(self, silent=False):
        """A connection; a silent one says nothing, not even what TLS begins with."""
        plain = socket.create_connection((self.host, int(self.port)), CONNECT_SECONDS, (SOURCE, 0))
        if self.tls is None or silent:
            return plain
        try:
            return self.tls.wrap_socket(plain)
        except BaseException:
            plain.close()
            raise


def _headers(more=(), te="trailers", scheme="http", path=RECOMMEND):
    return [
        (":method", "POST"), (":scheme", scheme), (":path", path), (":authority", "ridgeline"), ("te", te),
        ("content-type", "application/grpc"), *more,
    ]  # fmt: skip


def _serialize(headers, stream=1):
    """All headers in one frame: gRPC counts their size by frame."""
    frame = frames.HeadersFrame(stream, hpack.Encoder().encode(headers, huffman=False))
    frame.flags.add("END_HEADERS")
    return frame.serialize()


def _begin(settings=()):
    return PREFACE + frames.SettingsFrame(0, settings=dict(settings)).serialize()


def _begin_message(stream, size):
    """The frame that says how long the message is."""
    return frames.DataFrame(stream, b"\0" + size.to_bytes(4, "big")).serialize()


def _message(stream, payload):
    data = frames.DataFrame(stream, b"\0" + len(payload).to_bytes(4, "big") + payload)
    data.flags.add("END_STREAM")
    return data.serialize()


class Rude(threading.Thread):
    """Does `act` again and again until it is stopped; counts how often it could and how often it was cut off."""

    def __init__(self, target, act):
        super().__init__(daemon=True)
        self.target, self.act = target, act
        self.done = self.refused = 0
        self.stopped = threading.Event()

    def run(self):
        while not self.stopped.is_set():
            try:
                self.act(self)
                self.done += 1
            except OSError:
                self.refused += 1
                self.stopped.wait(0.05)

    def stop(self):
        self.stopped.set()
        self.join()


class Idle(threading.Thread):
    """Keeps connections open that say nothing, say no more than hello, or begin a call and never end it; opens another
    one for each that is closed. A context manager."""

    SAYS = [None, _begin(), _begin() + _serialize(_headers())]

    def __init__(self, target, connections):
        super().__init__(daemon=True)
        self.target = target
        self.open = {}  # descriptor -> connection
        self.refused = self.reopened = 0
        self.poll = select.poll()
        self.stopped = threading.Event()
        for number in range(connections):
            self._open(number)

    def _open(self, number):
        says = self.SAYS[number % len(self.SAYS)]
        try:
            connection = self.target.connect(silent=says is None)
            connection.sendall(says or b"")
            connection.setblocking(False)
        except OSError:
            self.refused += 1
            return
        self.open[connection.fileno()] = (number, connection)
        self.poll.register(connection, select.POLLIN)

    def run(self):
        while not self.stopped.is_set():
            for descriptor, _ in self.poll.poll(200):
                number, connection = self.open[descriptor]
                if self._closed(connection):
                    self.poll.unregister(descriptor)
                    del self.open[descriptor]
                    connection.close()
                    self.reopened += 1
                    self._open(number)

    @staticmethod
    def _closed(connection):
        try:
            while connection.recv(4_096):
                pass
            return True
        except (BlockingIOError, ssl.SSLWantReadError):
            return False
        except OSError:
            return True

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *unused):
        self.stopped.set()
        self.join()
        for _, connection in self.open.values():
            with contextlib.suppress(OSError):
                connection.close()


def read_nothing(rude):
    """Calls for long answers on many streams, with a window of nothing, and waits."""
    payload = b"\x0a\x011\x20\xe8\x07"  # user_id "1", k 1000
    with rude.target.connect() as connection:
        connection.sendall(_begin({frames.SettingsFrame.INITIAL_WINDOW_SIZE: 0}.items()))
        for stream in range(1, 40, 2):
            connection.sendall(_serialize(_headers(), stream) + _message(stream, payload))
        rude.stopped.wait(5)


def send_huge_headers(rude):
    """Sends 64 KiB of headers."""
    with rude.target.connect() as connection:
        more = [(f"x-{number}", "v" * 1_000) for number in range(64)]
        connection.sendall(_begin() + _serialize(_headers(more)))
        connection.recv(4_096)
        rude.stopped.wait(0.02)


def send_malformed_headers(rude):
    """The pattern of CVE-2023-1428: a bad `te` or `:scheme`, and then more headers than the server takes."""
    bad = random.choice([{"te": "x" * 64}, {"scheme": "gopher"}, {"te": "", "scheme": ""}])
    with rude.target.connect() as connection:
        more = [(f"x-{number}", "v" * 1_000) for number in range(24)]
        connection.sendall(_begin() + _serialize(_headers(more, **bad)))
        connection.recv(4_096)
        rude.stopped.wait(0.02)


def send_noise(rude):
    """Sends random bytes, with or without a greeting."""
    with rude.target.connect() as connection:
        connection.sendall(random.choice([b"", PREFACE, _begin()]) + random.randbytes(2_000))
        connection.recv(4_096)
        rude.stopped.wait(0.02)


class _Upload:
    """Sends bodies on a connection within the windows that its peer grants."""

    FRAME = 16_384
    BURST = 64 * FRAME

    def __init__(self, connection):
        self.connection = connection
        self.received = b""
        self.window = self.stream_window = 65_535  # of the connection; of a stream that begins
        self.windows = {}  # stream -> window
        self.ended = set()  # by the peer

    def send_half(self, stream, size, stopped):
        """Begins a call with a request of `size` bytes, and sends all of it but the last byte."""
        self.windows[stream] = self.stream_window
        self.connection.sendall(_serialize(_headers(path=UPSERT), stream) + _begin_message(stream, size))
        left = size - 1
        self._count(stream, 5)
        while left and stream not in self.ended and not stopped.is_set():
            count = min(left, self.BURST, self.window, self.windows[stream])
            if count <= 0 or select.select([self.connection], [], [], 0)[0]:
                self._receive()
                continue
            sizes = [min(self.FRAME, count - at) for at in range(0, count, self.FRAME)]
            self.connection.sendall(b"".join(frames.DataFrame(stream, bytes(size)).serialize() for size in sizes))
            self._count(stream, count)
            left -= count

    def _count(self, stream, count):
        self.window -= count
        self.windows[stream] -= count

    def _receive(self):
        more = self.connection.recv(65_536)
        if not more:
            raise ConnectionResetError("closed by the peer")
        self.received += more
        while len(self.received) >= 9:
            frame, length = frames.Frame.parse_frame_header(memoryview(self.received[:9]))
            if len(self.received) < 9 + length:
                return
            frame.parse_body(memoryview(self.received[9 : 9 + length]))
            self.received = self.received[9 + length :]
            self._heed(frame)

    def _heed(self, frame):
        if isinstance(frame, frames.WindowUpdateFrame):
            if frame.stream_id == 0:
                self.window += frame.window_increment
            else:
                self.windows[frame.stream_id] += frame.window_increment
        elif isinstance(frame, frames.SettingsFrame) and "ACK" not in frame.flags:
            window = frame.settings.get(frames.SettingsFrame.INITIAL_WINDOW_SIZE, self.stream_window)
            for stream in self.windows:
                self.windows[stream] += window - self.stream_window
            self.stream_window = window
            self.connection.sendall(frames.SettingsFrame(0, flags=["ACK"]).serialize())
        elif isinstance(frame, frames.PingFrame) and "ACK" not in frame.flags:
            self.connection.sendall(frames.PingFrame(0, frame.opaque_data, flags=["ACK"]).serialize())
        elif isinstance(frame, (frames.RstStreamFrame, frames.HeadersFrame)):
            self.ended.add(frame.stream_id)


def send_half_bodies(rude):
    """Fills a connection with requests of 8 MiB that all lack their last byte, and keeps their calls open."""
    with rude.target.connect() as connection:
        connection.settimeout(5)
        connection.sendall(_begin())
        upload = _Upload(connection)
        for stream in range(1, 2 * HALF_BODIES, 2):
            upload.send_half(stream, HALF_BODY_BYTES, rude.stopped)
        rude.stopped.wait(2)


ACTS = {
    "reads nothing": read_nothing,
    "64 KiB of headers": send_huge_headers,
    "CVE-2023-1428": send_malformed_headers,
    "noise": send_noise,
}
