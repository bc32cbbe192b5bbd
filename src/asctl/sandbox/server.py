"""The loopback server: one thread a connection, connections kept alive, nothing but loopback ever bound."""

from __future__ import annotations

import errno
import ipaddress
import logging
import socket
import socketserver
import struct
from collections.abc import Callable
from threading import Event, Lock, Thread
from typing import Any

from asctl.domain.errors import BadInput
from asctl.sandbox.wire import Answer, BadRequest, Hangup, Incoming, outgoing, read_incoming
from asctl.text import _

Door = Callable[[Incoming], Answer | Hangup]
_log = logging.getLogger(__name__)
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class Server(socketserver.ThreadingTCPServer):
    """Serves ``door`` on ``host`` and ``port`` (0 picks a free one).

    Raises :class:`BadInput`: ``not_loopback`` for a host that others could reach, ``port_in_use`` where another program
    listens there, ``port_refused`` where the system will not give the port.
    """

    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True
    request_queue_size = 256

    def __init__(self, host: str, port: int, door: Door) -> None:
        address = _loopback(host)
        self.address_family = socket.AF_INET6 if address.version == 6 else socket.AF_INET
        self.door = door
        self.stopping = Event()
        self._connections: set[socket.socket] = set()
        self._connections_lock = Lock()
        try:
            super().__init__((str(address), port), _Connection)
        except (OSError, OverflowError) as trouble:
            raise _bind_refused(host, port, trouble) from trouble
        name = f"[{address}]" if address.version == 6 else str(address)
        self.url = f"http://{name}:{self.server_address[1]}"

    def start(self) -> None:
        """Serve in a thread of its own."""
        Thread(target=self.serve_forever, args=(0.05,), name="asctl-sandbox", daemon=True).start()

    def stop(self) -> None:
        """Stop listening and hang up on everybody, also on those whose answer is being held back."""
        self.stopping.set()
        self.shutdown()
        self.server_close()
        with self._connections_lock:
            for connection in self._connections:
                _hang_up(connection)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._connections_lock:
            self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._connections_lock:
            self._connections.discard(request)
        super().shutdown_request(request)


class _Connection(socketserver.StreamRequestHandler):
    """One client's connection: request after request until one of us closes."""

    server: Server
    connection: socket.socket
    disable_nagle_algorithm = True

    def handle(self) -> None:
        try:
            while self._serve_one():
                pass
        except OSError:
            _log.debug("a client went away")

    def _serve_one(self) -> bool:
        """Whether the connection stays open."""
        try:
            incoming = read_incoming(self.rfile)
        except BadRequest as bad:
            return self._send(Answer.of({"error": bad.sentence}, bad.status), keep_alive=False)
        if incoming is None:
            return False
        try:
            answer = self.server.door(incoming)
        except Exception:
            _log.exception("the sandbox failed to answer %s %s", incoming.method, incoming.path)
            answer = Answer.of({"error": "the sandbox app failed; its log says why"}, 500)
        if isinstance(answer, Hangup):
            if answer.reset:
                self._reset()
            return False
        return self._send(answer, keep_alive=incoming.keep_alive)

    def _send(self, answer: Answer, *, keep_alive: bool) -> bool:
        if answer.delay > 0 and self.server.stopping.wait(answer.delay):
            return False
        for piece in outgoing(answer, keep_alive=keep_alive):
            self.connection.sendall(piece)
        return keep_alive and answer.cut is None

    def _reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        self.rfile.close()
        self.connection.close()


def _loopback(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    try:
        address = ipaddress.ip_address("127.0.0.1" if host == "localhost" else host)
    except ValueError:
        address = None
    if address is None or not address.is_loopback:
        raise BadInput(
            _("the sandbox serves this machine alone, and {host} is not a loopback address").format(host=host),
            code="not_loopback",
            hint=_("use 127.0.0.1, or leave the host out"),
        )
    return address


def _bind_refused(host: str, port: int, trouble: Exception) -> BadInput:
    if isinstance(trouble, OSError) and trouble.errno == errno.EADDRINUSE:
        return BadInput(
            _("another program already listens on {host} port {port}").format(host=host, port=port),
            code="port_in_use",
            hint=_("choose another port, or 0 to let the system pick one"),
        )
    return BadInput(
        _("the system refused {host} port {port}: {trouble}").format(host=host, port=port, trouble=trouble),
        code="port_refused",
        hint=_("choose a port from 1024 to 65535, or 0 to let the system pick one"),
    )


def _hang_up(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        _log.debug("a client was gone already")
