"""The files of a folder of recordings, each judged by itself: one that is wrong is told, and takes no other with it."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from asctl.api.sandbox import SandboxReply
from asctl.domain.slips import nearest
from asctl.testing.methods import METHODS

CASES = ("found", "unknown", "refused", "throttled", "expired")
_KEYS = ("capability", "method", "taken", "case", "request", "answers", "expect")
_ANSWER_KEYS = ("status", "content_type", "headers", "body", "body_base64")
_JSON = "application/json;charset=utf-8"


@dataclass(frozen=True, slots=True)
class Recording:
    """One recorded exchange. ``answers`` are given in order, the last one again and again."""

    name: str
    capability: str
    method: str
    taken: str
    case: str
    request: Mapping[str, Any]
    answers: tuple[SandboxReply, ...]
    expect: Mapping[str, Any]


class Folder(NamedTuple):
    """What a folder holds: its recordings by name, and a sentence for each file that is none."""

    recordings: tuple[Recording, ...]
    flaws: tuple[str, ...]


class _Flaw(Exception):
    """What is wrong with a file: which key, and what may stand there."""


def read_recordings(folder: Path) -> Folder:
    """Every ``*.json`` of a folder. Raises nothing: also that the folder is not there is a flaw."""
    if not folder.is_dir():
        return Folder((), (f"{folder} is no folder: make it, or leave out recorded= in the Conformance",))
    recordings, flaws = [], []
    for path in sorted(folder.glob("*.json")):
        try:
            recordings.append(_read(path))
        except _Flaw as flaw:
            flaws.append(f"{folder.name}/{path.name}: {flaw}")
    return Folder(tuple(recordings), tuple(flaws))


def _read(path: Path) -> Recording:
    told = _object(_parsed(path), "the file", _KEYS)
    capability = _one_of(told, "capability", sorted(METHODS))
    method = _one_of(told, "method", METHODS[capability])
    case = _one_of({"case": "found", **told}, "case", CASES)
    return Recording(
        name=path.stem,
        capability=capability,
        method=method,
        taken=_day(told.get("taken")),
        case=case,
        request=_object(told.get("request", {}), "request"),
        answers=tuple(_answers(told.get("answers"))),
        expect=_expected(told.get("expect"), case),
    )


def _parsed(path: Path) -> Any:
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise _Flaw(f"no JSON in UTF-8 ({error})") from error


def _object(told: Any, what: str, known: Iterable[str] = ()) -> dict[str, Any]:
    if not isinstance(told, dict):
        raise _Flaw(f"{what} should be a JSON object, and is {_shown(told)}")
    allowed = tuple(known)
    for name in told if allowed else ():
        if name not in allowed:
            likely = " or ".join(nearest(name, allowed)) or ", ".join(allowed)
            raise _Flaw(f"{what} has a key {name} that is not known; is it {likely}?")
    return told


def _one_of(told: Mapping[str, Any], key: str, allowed: Iterable[str]) -> str:
    names, value = tuple(allowed), told.get(key)
    if value not in names:
        seen = f"is {_shown(value)}" if key in told else "is missing"
        raise _Flaw(f"{key} {seen}; allowed: {', '.join(names)}")
    return str(value)


def _day(value: Any) -> str:
    try:
        return date.fromisoformat(value).isoformat()
    except (TypeError, ValueError) as error:
        raise _Flaw(f"taken should be a day such as 2026-11-02, and is {_shown(value)}") from error


def _answers(told: Any) -> Iterator[SandboxReply]:
    if not isinstance(told, list) or not told:
        raise _Flaw(f"answers should be a list of at least one answer, and is {_shown(told)}")
    for place, answer in enumerate(told):
        yield _answer(f"answers.{place}", answer)


def _answer(what: str, answer: Any) -> SandboxReply:
    told = _object(answer, what, _ANSWER_KEYS)
    status, content_type = told.get("status", 200), told.get("content_type", _JSON)
    if type(status) is not int or not 200 <= status <= 599:
        raise _Flaw(f"{what}.status should be an HTTP status from 200 to 599, and is {_shown(status)}")
    if not isinstance(content_type, str):
        raise _Flaw(f"{what}.content_type should be text, and is {_shown(content_type)}")
    headers = _object(told.get("headers", {}), f"{what}.headers")
    if not all(isinstance(value, str | int) for value in headers.values()):
        raise _Flaw(f"{what}.headers should have texts for values")
    told_headers = {name: str(value) for name, value in headers.items()}
    return SandboxReply(_body(what, told), status=status, content_type=content_type, headers=told_headers)


def _body(what: str, told: Mapping[str, Any]) -> bytes:
    if ("body" in told) == ("body_base64" in told):
        raise _Flaw(f"{what} should have either body or body_base64")
    if "body" in told:
        body = told["body"]
        return (body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)).encode()
    try:
        return base64.b64decode(told["body_base64"], validate=True)
    except (TypeError, ValueError) as error:
        raise _Flaw(f"{what}.body_base64 is no Base64 ({error})") from error


def _expected(value: Any, case: str) -> dict[str, Any]:
    expect = _object(value, "expect")
    if not expect:
        raise _Flaw("expect is empty: name at least one place in what the provider made of the answer")
    for place, wanted in expect.items():
        if not (wanted is None or isinstance(wanted, str | int | float)):
            raise _Flaw(f"expect.{place} should be text, a number, true, false or null, and is {_shown(wanted)}")
        if case == "found" and place.split(".")[0] == "error" and wanted is not None:
            others = ", ".join(CASES[1:])
            raise _Flaw(f"expect.{place} is an error, and what is found is none; allowed as case: {others}")
    return expect


def _shown(value: Any) -> str:
    shown = json.dumps(value, ensure_ascii=False)
    return shown if len(shown) <= 60 else f"{shown[:60]}..."
