"""A small scriptable HTTP server on the loopback address, for what an orderly server never does.

Each behaviour in the script answers one connection; the last one answers all that follow.
"""

from __future__ import annotations

import os
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

LOCALHOST = "127.0.0.1"
OWN_HOST = f"127.{os.getpid() // 250 % 250 + 1}.{os.getpid() % 250}.1"
"""A loopback address of this process alone: a client of another one that still calls a port which was closed finds nobody."""


@dataclass(frozen=True)
class Received:
    """A request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


Behaviour = Callable[["Server", socket.socket], None]


@dataclass
class Server:
    """Use as a context manager. ``received`` holds every request that was read whole."""

    script: list[Behaviour]
    certificate: Path | None = None
    received: list[Received] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)
    connections: int = 0
    most_at_once: int = 0

    def __enter__(self) -> Server:
        self._lock = threading.Lock()
        self._open = 0
        self._listener = socket.create_server((self._host, 0), backlog=64)
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.stopping.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(2)

    @property
    def url(self) -> str:
        scheme = "https" if self.certificate else "http"
        return f"{scheme}://{self._host}:{self._listener.getsockname()[1]}/api"

    @property
    def _host(self) -> str:
        """Certificates are made out to the usual address."""
        return LOCALHOST if self.certificate else OWN_HOST

    def read(self, connection: socket.socket) -> Received:
        """Read one request and note it."""
        data = b""
        while b"\r\n\r\n" not in data:
            data += _more(connection)
        head, _gap, body = data.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _colon, value in (line.partition(":") for line in lines)}
        while len(body) < int(headers.get("content-length", 0)):
            body += _more(connection)
        method, path, _version = first.split(" ")
        request = Received(method, path, headers, body)
        with self._lock:
            self.received.append(request)
        return request

    def _accept(self) -> None:
        while not self.stopping.is_set():
            try:
                connection, _address = self._listener.accept()
            except OSError:
                return
            behaviour = self.script[min(self.connections, len(self.script) - 1)]
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection, behaviour), daemon=True).start()

    def _serve(self, connection: socket.socket, behaviour: Behaviour) -> None:
        with self._lock:
            self._open += 1
            self.most_at_once = max(self.most_at_once, self._open)
        try:
            with self._wrapped(connection) as ready:
                behaviour(self, ready)
        except OSError:
            pass
        finally:
            with self._lock:
                self._open -= 1

    def _wrapped(self, connection: socket.socket) -> socket.socket:
        if self.certificate is None:
            return connection
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate)
        return context.wrap_socket(connection, server_side=True)


def _more(connection: socket.socket) -> bytes:
    if data := connection.recv(65536):
        return data
    raise ConnectionError


def _head(status: int, headers: Mapping[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {status} Whatever", *(f"{name}: {value}" for name, value in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def answer(
    body: bytes = b"{}", status: int = 200, headers: Mapping[str, str] | None = None, after: float = 0
) -> Behaviour:
    """An orderly answer, ``after`` so many seconds; the connection is closed behind it."""

    def behave(server: Server, connection: socket.socket) -> None:
        server.read(connection)
        server.stopping.wait(after)
        full = {"Content-Length": str(len(body)), "Connection": "close", **(headers or {})}
        connection.sendall(_head(status, full) + body)

    return behave


def keep_answering(body: bytes = b"{}") -> Behaviour:
    """Orderly answers for as long as the client keeps the connection."""

    def behave(server: Server, connection: socket.socket) -> None:
        while True:
            server.read(connection)
            connection.sendall(_head(200, {"Content-Length": str(len(body))}) + body)

    return behave


def close_before(server: Server, connection: socket.socket) -> None:
    """Reset the connection without reading anything. Not before something came: a reset while the client still connects says that
    nothing was ever sent."""
    connection.recv(1, socket.MSG_PEEK)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def close_after(server: Server, connection: socket.socket) -> None:
    """Read the request, then hang up without a word."""
    server.read(connection)


def silent(server: Server, connection: socket.socket) -> None:
    """Read the request, then say nothing until the test is over."""
    server.read(connection)
    server.stopping.wait(10)


def drip(pause: float = 0.02) -> Behaviour:
    """An answer that never ends: a byte now and then."""

    def behave(server: Server, connection: socket.socket) -> None:
        server.read(connection)
        connection.sendall(_head(200, {"Content-Length": "1000000"}))
        while not server.stopping.wait(pause):
            connection.sendall(b"x")

    return behave


def endless(announced: int | None = None) -> Behaviour:
    """As much as the client will take; chunked unless a length is ``announced``."""

    def behave(server: Server, connection: socket.socket) -> None:
        server.read(connection)
        length = {"Transfer-Encoding": "chunked"} if announced is None else {"Content-Length": str(announced)}
        connection.sendall(_head(200, length))
        chunk = b"x" * 65536
        while not server.stopping.is_set():
            connection.sendall(chunk if announced is not None else b"10000\r\n" + chunk + b"\r\n")

    return behave


def truncated(body: bytes = b'{"half":', announced: int = 4000) -> Behaviour:
    """Less than was announced, then the end."""
    return answer(body, headers={"Content-Length": str(announced)})


def redirect(to: str, status: int = 302) -> Behaviour:
    """Somewhere else, please."""
    return answer(b"", status=status, headers={"Location": to})
