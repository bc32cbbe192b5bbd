"""A provider behind a guard: whatever it raises reaches us as one of the error families."""

from __future__ import annotations

import functools
from importlib import import_module
from typing import Any

from asctl.api.context import Context
from asctl.capabilities.specs import ProviderSpec
from asctl.domain.errors import AsctlError, PluginBroken
from asctl.text import _


def make_provider(spec: ProviderSpec, context: Context) -> Any:
    """Import the spec's factory, build the provider and put it behind a guard.

    Raises :class:`PluginBroken` when the factory cannot be imported or fails.
    """
    module, _colon, name = spec.factory.partition(":")
    try:
        provider = getattr(import_module(module), name)(context)
    except AsctlError:
        raise
    except (Exception, SystemExit) as error:
        raise _broken(spec, context.account, error) from error
    return Guarded(provider, spec, context.account)


class Guarded:
    """Passes every method on; errors that are none of ours become :class:`PluginBroken` with their cause kept."""

    def __init__(self, provider: object, spec: ProviderSpec, account: str) -> None:
        self._provider = provider
        self._spec = spec
        self._account = account

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._provider, name)

        @functools.wraps(method)
        def guarded(*arguments: Any, **named: Any) -> Any:
            try:
                return method(*arguments, **named)
            except AsctlError as error:
                error.account = error.account or self._account
                error.provider = error.provider or self._spec.id
                raise
            except Exception as error:
                raise _broken(self._spec, self._account, error) from error

        self.__dict__[name] = guarded
        return guarded

    def stream(self, name: str, *arguments: Any) -> Any:
        """Call a method that returns an iterator and guard every step of it."""
        pages = getattr(self, name)(*arguments)
        step = iter(pages)
        while True:
            try:
                page = next(step)
            except StopIteration:
                return
            except AsctlError as error:
                error.account = error.account or self._account
                error.provider = error.provider or self._spec.id
                raise
            except Exception as error:
                raise _broken(self._spec, self._account, error) from error
            yield page


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
