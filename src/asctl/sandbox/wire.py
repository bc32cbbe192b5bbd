"""Just enough HTTP/1.1 for the sandbox: small requests in, answers out, quick enough to stand behind a benchmark."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from io import BufferedIOBase
from typing import Any
from urllib.parse import parse_qsl, unquote

_MAX_LINE = 64 * 1024
_MAX_BODY = 64 * 1024 * 1024
_BLOCK = b" " * 65536
_OWN = {"content-type", "content-length", "content-encoding", "transfer-encoding", "connection"}
_REASONS = {status.value: status.phrase for status in HTTPStatus}


class BadRequest(Exception):
    """Bytes that are no request we serve; ``status`` is the answer to give before hanging up."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence


class Headers(Mapping[str, str]):
    """Header fields, found under any spelling of their names; the last of a repeated field wins."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self._fields = {name.lower(): value for name, value in fields.items()}

    def __getitem__(self, name: str) -> str:
        return self._fields[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)


@dataclass(frozen=True, slots=True)
class Incoming:
    """One request as it came."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Headers
    body: bytes
    keep_alive: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """What to send: after ``delay`` seconds, followed by ``padding`` spaces, or cut off after ``cut`` bytes of body. Of ``headers``
    those are left out that the server writes itself."""

    body: bytes
    status: int = 200
    content_type: str = "application/json;charset=utf-8"
    delay: float = 0.0
    padding: int = 0
    cut: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, value: Any, status: int = 200) -> Answer:
        """``value`` as JSON; what JSON does not know is written as text."""
        text = json.dumps(value, ensure_ascii=False, default=str)
        return cls(text.encode("utf-8"), status=status)


@dataclass(frozen=True, slots=True)
class Hangup:
    """No answer: the connection is closed, or ``reset`` as a machine does where nobody listens."""

    reset: bool = False


def read_incoming(stream: BufferedIOBase) -> Incoming | None:
    """The next request, or ``None`` where the client has closed. Raises :class:`BadRequest`."""
    line = stream.readline(_MAX_LINE)
    if not line:
        return None
    try:
        method, target, version = line.decode("ascii").split()
    except ValueError:
        raise BadRequest(400, "the request line is not HTTP") from None
    headers = _read_headers(stream)
    body = _read_body(stream, headers)
    path, _mark, query = target.partition("?")
    wish = headers.get("connection", "").lower()
    return Incoming(
        method=method,
        path=unquote(path),
        query=dict(parse_qsl(query, keep_blank_values=True)) if query else {},
        headers=headers,
        body=body,
        keep_alive=wish == "keep-alive" if version == "HTTP/1.0" else wish != "close",
    )


def _read_headers(stream: BufferedIOBase) -> Headers:
    fields: dict[str, str] = {}
    for _count in range(200):
        line = stream.readline(_MAX_LINE)
        if line in (b"\r\n", b"\n"):
            return Headers(fields)
        name, colon, value = line.decode("latin-1").partition(":")
        if not colon:
            break
        fields[name.strip()] = value.strip()
    raise BadRequest(400, "the header fields are not HTTP")


def _read_body(stream: BufferedIOBase, headers: Headers) -> bytes:
    if "transfer-encoding" in headers:
        raise BadRequest(411, "send the body with a Content-Length")
    length = headers.get("content-length", "0")
    if not length.isdecimal():
        raise BadRequest(400, "Content-Length is not a number")
    if int(length) > _MAX_BODY:
        raise BadRequest(413, "the body is too large")
    body = stream.read(int(length))
    if len(body) < int(length):
        raise BadRequest(400, "the body is shorter than its Content-Length")
    return body


def outgoing(answer: Answer, *, keep_alive: bool) -> Iterator[bytes]:
    """The bytes of an answer in pieces to send one after another. A cut one announces its full length all the same."""
    length = len(answer.body) + answer.padding
    head = (
        f"HTTP/1.1 {answer.status} {_REASONS.get(answer.status, 'Unknown')}\r\n"
        f"Content-Type: {answer.content_type}\r\n"
        f"Content-Length: {length}\r\n"
        f"Connection: {'keep-alive' if keep_alive else 'close'}\r\n"
        f"{_further(answer.headers)}\r\n"
    )
    yield head.encode("latin-1", "replace") + (answer.body if answer.cut is None else answer.body[: answer.cut])
    for sent in range(0, answer.padding, len(_BLOCK)):
        yield _BLOCK[: answer.padding - sent]


def _further(headers: Mapping[str, str]) -> str:
    """Each field on a line of its own: line breaks in one would end it, or the head."""
    told = (f"{name}: {value}" for name, value in headers.items() if name.lower() not in _OWN)
    return "".join(" ".join(line.split()) + "\r\n" for line in told)
