"""A provider behind the guard: what it raises reaches us as one of the error families, and what it returns is as promised."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import import_module
from typing import Any, TypeVar

from asctl.api.context import Context, Logger
from asctl.capabilities.specs import ProviderSpec
from asctl.domain.errors import AsctlError, PluginBroken
from asctl.host.answers import Answers, endless, held_to, with_plain_errors
from asctl.host.blame import class_and_place, traceback_of
from asctl.host.calls import Call, Whose
from asctl.host.handed import CountedHttp, CountedTokens
from asctl.host.warden import Warden
from asctl.text import _

T = TypeVar("T")
SAME_PAGES = 1000
"""So often in a row a plugin may tell the same page: an empty one for each stretch of time in which nothing happened, say."""
_END = object()


def make_provider(spec: ProviderSpec, context: Context, warden: Warden | None = None) -> Guarded:
    """Import the spec's factory, build the provider and put it behind a guard. Without a ``warden`` it gets one of its own.

    Raises :class:`PluginBroken` when the factory cannot be imported, fails or does not come back.
    """
    warden = warden or Warden()
    whose = Whose(spec.id, context.account)
    handed = replace(
        context,
        http=CountedHttp(context.http, whose, warden),
        tokens=CountedTokens(context.tokens, whose, warden),
    )
    made = held_to(Any, whose, spec.factory, lambda: load_object(spec.factory)(handed))
    call = warden.load(whose, with_plain_errors(made))
    warden.tell_changes(call)
    return Guarded(_answer(call, warden, context.log), whose, warden, Answers(whose, spec), context.log)


def load_object(path: str) -> Any:
    """What a ``module:name`` of a plugin names. For the warden to call: it raises what importing raises."""
    module, _colon, name = path.partition(":")
    return getattr(import_module(module), name)


class Guarded:
    """Passes every method on; errors that are none of ours become :class:`PluginBroken` with their cause kept, and so does an
    answer that the capability does not promise."""

    def __init__(self, provider: object, whose: Whose, warden: Warden, answers: Answers, log: Logger) -> None:
        self._provider = provider
        self._whose = whose
        self._warden = warden
        self._answers = answers
        self._log = log

    def __getattr__(self, name: str) -> Any:
        """The method behind the guard. Raises :class:`PluginBroken` where the plugin declares it but has none."""
        if name.startswith("__"):
            raise AttributeError(name)
        method = self._called(name, lambda: getattr(self._provider, name))

        def guarded(*arguments: Any, **named: Any) -> Any:
            return self._called(name, lambda: self._answers.returned(name, method(*arguments, **named), arguments))

        self.__dict__[name] = guarded
        return guarded

    def stream(self, name: str, *arguments: Any) -> Iterator[Any]:
        """Call a method that returns an iterator and guard every step of it, its end as well where nobody wants the rest."""
        pages = self._called(name, lambda: iter(getattr(self._provider, name)(*arguments)))

        def turned() -> Any:
            page = next(pages, _END)
            return page if page is _END else self._answers.page(name, page)

        try:
            same, last = 0, _END
            while (page := self._called(name, turned)) is not _END:
                same, last = same + 1 if page == last else 0, page
                if same > SAME_PAGES:
                    raise endless(self._whose, f"{name}()")
                yield page
        finally:
            self._warden.call(self._whose, lambda: getattr(pages, "close", lambda: None)())

    def _called(self, name: str, work: Callable[[], T]) -> T:
        call = self._warden.call(self._whose, with_plain_errors(held_to(Any, self._whose, f"{name}()", work)))
        return _answer(call, self._warden, self._log)


def _answer(call: Call[T], warden: Warden, log: Logger) -> T:
    """What a call returned. Our own errors pass and learn whose they are, all others are the plugin's fault."""
    error, whose = call.error, call.whose
    if error is None:
        return call.result
    if not isinstance(error, AsctlError) or not issubclass(type(error), AsctlError):  # it may claim to be one
        _write_down(error, whose, warden, log)
        raise _broken(whose, error) from error
    error.account = error.account or whose.account
    error.provider = error.provider or whose.plugin
    raise error


def _write_down(error: BaseException, whose: Whose, warden: Warden, log: Logger) -> None:
    """Its traceback, for the plugin's author; the account's log keeps secrets and phones out of it."""
    if logging.getLogger("asctl").isEnabledFor(logging.INFO):
        told = warden.call(whose, lambda: traceback_of(error))
        for line in told.result if told.error is None else ():
            log.info("%s", line)


def _broken(whose: Whose, error: BaseException) -> PluginBroken:
    return PluginBroken(
        _("plugin {id} failed with {error}; this is a fault of the plugin").format(
            id=whose.plugin, error=class_and_place(error)
        ),
        code="plugin_failed",
        hint=_("run again with -v: the log then has the traceback, for the plugin's author"),
        provider=whose.plugin,
        account=whose.account,
    )
