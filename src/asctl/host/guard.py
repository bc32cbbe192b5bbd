"""A provider behind a guard: whatever it raises reaches us as one of the error families."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from asctl.api.context import Context
from asctl.capabilities.specs import ProviderSpec
from asctl.domain.errors import AsctlError, PluginBroken
from asctl.text import _

_END = object()


def make_provider(spec: ProviderSpec, context: Context) -> Guarded:
    """Import the spec's factory, build the provider and put it behind a guard.

    Raises :class:`PluginBroken` when the factory cannot be imported or fails.
    """
    module, _colon, name = spec.factory.partition(":")
    with _answering(spec, context.account):
        provider = getattr(import_module(module), name)(context)
    return Guarded(provider, spec, context.account)


class Guarded:
    """Passes every method on; errors that are none of ours become :class:`PluginBroken` with their cause kept."""

    def __init__(self, provider: object, spec: ProviderSpec, account: str) -> None:
        self._provider = provider
        self._spec = spec
        self._account = account

    def __getattr__(self, name: str) -> Any:
        """The method behind the guard. Raises :class:`PluginBroken` where the plugin declares it but has none."""
        if name.startswith("__"):
            raise AttributeError(name)
        with _answering(self._spec, self._account):
            method = getattr(self._provider, name)

        @functools.wraps(method)
        def guarded(*arguments: Any, **named: Any) -> Any:
            with _answering(self._spec, self._account):
                return method(*arguments, **named)

        self.__dict__[name] = guarded
        return guarded

    def stream(self, name: str, *arguments: Any) -> Any:
        """Call a method that returns an iterator and guard every step of it."""
        with _answering(self._spec, self._account):
            pages = iter(getattr(self, name)(*arguments))
        while True:
            with _answering(self._spec, self._account):
                page = next(pages, _END)
            if page is _END:
                return
            yield page


@contextmanager
def _answering(spec: ProviderSpec, account: str) -> Iterator[None]:
    """The plugin is at work for an account: our own errors pass and learn whose they are, all others are its fault."""
    try:
        yield
    except AsctlError as error:
        error.account = error.account or account
        error.provider = error.provider or spec.id
        raise
    except (Exception, SystemExit) as error:
        raise _broken(spec, account, error) from error


def _broken(spec: ProviderSpec, account: str, error: BaseException) -> PluginBroken:
    return PluginBroken(
        _("plugin {id} failed with {error}; this is a fault of the plugin").format(
            id=spec.id, error=type(error).__name__
        ),
        code="plugin_failed",
        hint=_("run again with -v and send the log to the plugin's author"),
        provider=spec.id,
        account=account,
    )
