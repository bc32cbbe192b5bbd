"""Providers that are wrong on purpose: a good one with one method that misbehaves."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import is_dataclass, replace
from datetime import timedelta
from itertools import count
from typing import Any

from asctl.api import Evidence, Finding, NotFound, ProviderSpec, Refused, Submission, Throttled, Unclear
from asctl.domain.errors import AsctlError
from asctl.host.guard import load_object
from asctl.testing.answers import NEW_WORD
from asctl.testing.subject import Subject

Method = Callable[..., Any]
Behaviour = Callable[[Method, tuple[Any, ...]], Any]
_numbers = count(1)


def misbehaving(subject: Subject, method: str, behaviour: Behaviour) -> Subject:
    """The subject with a provider that does ``behaviour(its own method, arguments)`` in place of one method."""
    make = load_object(subject.spec.factory)

    def factory(context: object) -> _Wrong:
        return _Wrong(make(context), method, behaviour)

    name = f"factory_{next(_numbers)}"
    globals()[name] = factory
    return with_spec(subject, factory=f"{__name__}:{name}")


def with_spec(subject: Subject, **changed: Any) -> Subject:
    """The subject with another spec in some of its parts."""
    spec: ProviderSpec = replace(subject.spec, **changed)
    return replace(subject, spec=spec)


class _Wrong:
    def __init__(self, good: object, method: str, behaviour: Behaviour) -> None:
        self._good = good
        self._method = method
        self._behaviour = behaviour

    def __getattr__(self, name: str) -> Any:
        own = getattr(self._good, name)
        if name != self._method:
            return own
        return lambda *arguments: self._behaviour(own, arguments)


def tried(method: Method, arguments: tuple[Any, ...]) -> tuple[Any, AsctlError | None]:
    """What a method comes to; an error that stands in a row of the result counts as its error."""
    try:
        result = method(*arguments)
        whole = tuple(result) if isinstance(result, Iterator) else result
    except AsctlError as error:
        return Submission(), error
    rows = whole if isinstance(whole, tuple) else ()
    return whole, next((row.error for row in rows if getattr(row, "error", None) is not None), None)


def _without_errors(result: Any) -> Any:
    if not isinstance(result, tuple):
        return result
    return tuple(replace(row, error=None) if getattr(row, "error", None) is not None else row for row in result)


def careless(method: Method, arguments: tuple[Any, ...]) -> Any:
    """Takes trouble for an answer."""
    result, _error = tried(method, arguments)
    return _without_errors(result)


def incurious(method: Method, arguments: tuple[Any, ...]) -> Any:
    """Knows some errors, and takes all others for an answer."""
    result, error = tried(method, arguments)
    if error is not None and error.upstream_code != NEW_WORD:
        raise error
    return _without_errors(result)


def giving_up(method: Method, arguments: tuple[Any, ...]) -> Any:
    """A look that takes a no for "there is none"."""
    try:
        return method(*arguments)
    except (NotFound, Refused):
        return Finding(Evidence.ABSENT)


def overlooking(method: Method, arguments: tuple[Any, ...]) -> Any:
    """A look that takes an error which it does not know for "there is none"."""
    try:
        return method(*arguments)
    except AsctlError as error:
        if error.upstream_code != NEW_WORD:
            raise
        return Finding(Evidence.ABSENT)


def crashing(method: Method, arguments: tuple[Any, ...]) -> Any:
    """Lets Python's own errors out."""
    result, error = tried(method, arguments)
    if error is not None:
        raise KeyError("data") from error
    return result


def dismayed(method: Method, arguments: tuple[Any, ...]) -> Any:
    """Calls every trouble "there is none"."""
    result, error = tried(method, arguments)
    if error is not None:
        raise NotFound("there is none", code="none") from error
    return result


def talkative(secret: str) -> Behaviour:
    """Puts what it should keep to itself into its errors."""

    def behaviour(method: Method, arguments: tuple[Any, ...]) -> Any:
        result, error = tried(method, arguments)
        if error is not None:
            error.hint = f"tried with {secret}"
            raise error
        return result

    return behaviour


def uncertain(method: Method, arguments: tuple[Any, ...]) -> Any:
    """Never knows whether anything was carried out."""
    result, error = tried(method, arguments)
    if error is not None:
        raise Unclear("who knows", code="unclear") from error
    return result


def restless(method: Method, arguments: tuple[Any, ...]) -> Any:
    """Says that calls come too often, and rests for no time to speak of."""
    result, error = tried(method, arguments)
    if error is not None:
        raise Throttled("slowly", retry_after=timedelta(milliseconds=1), whole_account=False) from error
    return result


def outsleeping(method: Method, arguments: tuple[Any, ...]) -> Any:
    """Sits its rest out in its own code, and asks again."""
    method.__self__.context.clock.sleep(3600)  # type: ignore[attr-defined]
    return method(*arguments)


def printing(method: Method, arguments: tuple[Any, ...]) -> Any:
    """Shows how it is getting on."""
    print("calling ...")
    return method(*arguments)


def misreading(method: Method, arguments: tuple[Any, ...]) -> Any:
    """Writes a setting's name wrong."""
    method.__self__.context.settings.get("secrt")  # type: ignore[attr-defined]
    return method(*arguments)


def wandering(method: Method, arguments: tuple[Any, ...]) -> Any:
    """Looks for its files somewhere else."""
    os.chdir("/")
    return method(*arguments)


def remembering() -> Behaviour:
    """Sends a request the first time only, and takes its own memory for the far side's."""
    told: list[Any] = []

    def behaviour(method: Method, arguments: tuple[Any, ...]) -> Any:
        if not told:
            told.append(method(*arguments))
        return told[0]

    return behaviour


def alike(method: Method, arguments: tuple[Any, ...]) -> Any:
    """Sends everything under one key."""
    return method(*_renamed(arguments, lambda _key: "B261120SAMESAME01"))


def insistent(method: Method, arguments: tuple[Any, ...]) -> Any:
    """Sends a write again whose answer was lost."""
    _result, error = tried(method, arguments)
    return method(*arguments) if error is not None else _result


def twice(method: Method, arguments: tuple[Any, ...]) -> Any:
    """Does all things twice, the second time as a request of its own."""
    method(*arguments)
    return method(*_renamed(arguments, lambda key: f"{key[:10]}{next(_numbers):04d}"))


def asking_nobody(_method: Method, _arguments: tuple[Any, ...]) -> Any:
    """Has an excuse, and asks nobody."""
    raise Unclear("later", code="later")


def idle(_method: Method, _arguments: tuple[Any, ...]) -> Any:
    """Does nothing, and says that it did."""
    return Submission(reference="1")


def forgetful(method: Method, arguments: tuple[Any, ...]) -> Any:
    """Makes a new key for each attempt."""
    return method(*_renamed(arguments, lambda key: f"{key[:10]}{next(_numbers):04d}"))


def saying(evidence: Evidence) -> Behaviour:
    """A look that always says the same, and swallows what goes wrong."""
    return lambda _method, _arguments: Finding(evidence)


def _renamed(arguments: tuple[Any, ...], change: Callable[[str], str]) -> tuple[Any, ...]:
    """The arguments under another key."""
    first, *others = arguments
    for name in ("key", "serial"):
        if is_dataclass(first) and hasattr(first, name):
            return (replace(first, **{name: change(getattr(first, name))}), *others)  # type: ignore[type-var]
    return arguments
