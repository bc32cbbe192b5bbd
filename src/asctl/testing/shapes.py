"""Answers that no far side should give, and that some have given: JSON of another shape than agreed, outside or further in."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from asctl.api.sandbox import SandboxReply, SandboxRequest

ODD_SHAPES = {
    "nothing": b"",
    "null": b"null",
    "a list": b"[]",
    "a number": b"1",
    "a text": b'"x"',
    "an empty object": b"{}",
    "a list of nulls": b"[null, null]",
    "bytes that are no UTF-8": b'{"a": "\xff\xfe"}',
    "brackets without end": b"[" * 60_000,
}
_ODD = "x"
_MOST = 4
"""So many places of an answer are tried; those nearest to its outside decide how it is read."""
_ODD_NUMBERS = ("-1", "1000000000000000000000000000000", "1e400", "NaN")
_NUMBER = re.compile(r"-?\d{1,9}(\.\d+)?", re.ASCII)
"""A longer one is a waybill, or a moment."""
_MARK = "a number stands here"
_INNER = 2
Path = tuple[str | int, ...]


def odd_inside(body: bytes) -> Iterator[tuple[str, Callable[[SandboxRequest, SandboxReply], SandboxReply]]]:
    """Tamperings with what is inside an answer that looks like ``body``, each with a name: a list or an object is empty, or a
    text; numbers are such as nobody counts in. Nothing where it is no JSON, or has nothing inside."""
    told = _read(body)
    for path in list(_containers(told))[:_MOST]:
        for what, put in (("empty", _emptied), ("a text", lambda _value: _ODD)):
            yield f"{'.'.join(map(str, path))} is {what}", _reworked(path, put)
    for number in _ODD_NUMBERS if isinstance(told, dict | list) else ():
        yield f"the numbers inside are {number}", _renumbered(number)


def _reworked(path: Path, put: Callable[[Any], Any]) -> Callable[[SandboxRequest, SandboxReply], SandboxReply]:
    def tamper(_request: SandboxRequest, reply: SandboxReply) -> SandboxReply:
        told = _put(_read(reply.body), path, put)
        return reply if told is None else replace(reply, body=json.dumps(told, ensure_ascii=False).encode())

    return tamper


def _renumbered(number: str) -> Callable[[SandboxRequest, SandboxReply], SandboxReply]:
    def tamper(_request: SandboxRequest, reply: SandboxReply) -> SandboxReply:
        told = _counted(_read(reply.body), number)
        body = json.dumps(told, ensure_ascii=False).encode()
        return reply if told is None else replace(reply, body=body.replace(f'"{_MARK}"'.encode(), number.encode()))

    return tamper


def _counted(value: Any, number: str, depth: int = 0) -> Any:
    """The value with another number in the place of each that is not its own member: those may be codes, which decide whether
    anything else is read."""
    if isinstance(value, dict):
        return {name: _counted(member, number, depth + 1) for name, member in value.items()}
    if isinstance(value, list):
        return [_counted(item, number, depth + 1) for item in value]
    inside = _inside(value)
    if inside is not None:
        return json.dumps(_counted(inside, number, depth), ensure_ascii=False).replace(f'"{_MARK}"', number)
    if depth < _INNER or isinstance(value, bool) or not _NUMBER.fullmatch(str(value)):
        return value
    return number if isinstance(value, str) else _MARK


def _read(text: bytes | str) -> Any:
    """What a JSON text says; ``None`` where it is none."""
    try:
        return json.loads(text)
    except ValueError:
        return None


def _inside(value: Any) -> Any:
    """A list or an object, also where it is written into a text."""
    if isinstance(value, str) and value[:1] in ("{", "["):
        return _read(value)
    return value if isinstance(value, dict | list) else None


def _members(value: Any) -> list[tuple[str | int, Any]]:
    return list(value.items()) if isinstance(value, dict) else list(enumerate(value[:1]))


def _containers(told: Any) -> Iterator[Path]:
    """Where lists and objects stand inside, from outside inwards; of a list its first item."""
    waiting: list[tuple[Path, Any]] = [((), told)]
    while waiting:
        path, value = waiting.pop(0)
        for name, member in _members(value) if isinstance(value, dict | list) else ():
            inside = _inside(member)
            if inside is not None:
                yield (*path, name)
                waiting.append(((*path, name), inside))


def _put(value: Any, path: Path, put: Callable[[Any], Any]) -> Any:
    """The value with something else at a place in it; unchanged where it has no such place."""
    if not path:
        return put(value)
    if isinstance(value, str):
        return json.dumps(_put(_inside(value), path, put), ensure_ascii=False)
    first, *rest = path
    if isinstance(value, dict) and first in value:
        return {**value, first: _put(value[first], tuple(rest), put)}
    if isinstance(value, list) and isinstance(first, int) and first < len(value):
        return [*value[:first], _put(value[first], tuple(rest), put), *value[first + 1 :]]
    return value


def _emptied(value: Any) -> Any:
    if isinstance(value, str):
        return "{}" if value.startswith("{") else "[]"
    return type(value)()
