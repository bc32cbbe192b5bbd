"""What a plugin answers and raises is held to what :mod:`asctl.api` says, once, at the guard: whatever is behind it trusts types.

The types are read off the Protocols of the declared capabilities when a method is first called. All this runs on the plugin's
thread: a value of its making may bring code of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

from asctl import api
from asctl.capabilities.invoices import InvoiceFinding
from asctl.capabilities.orders import AfterSaleOutcome
from asctl.capabilities.specs import ProviderSpec
from asctl.capabilities.tracking import TrackAnswer
from asctl.capabilities.writes import Finding
from asctl.domain.errors import AsctlError, PluginBroken
from asctl.host.calls import Whose
from asctl.host.checks import Check, Wrong, check_error, check_of, many, name_of, plain_error
from asctl.text import _

T = TypeVar("T")
_TELLING_INVOICES = ("InvoiceIssuer", "InvoiceReverser")
_ROWS: dict[str, Callable[[Any, PluginBroken], object]] = {
    "track": lambda query, error: TrackAnswer(query, error=error),
    "agree_after_sales": lambda sale, error: AfterSaleOutcome(sale.after_sale_id, error),
}
"""Methods that answer one row for each that they were asked about, and what stands for a wrong row."""


class Answers:
    """What one provider may answer, by the capabilities that its spec declares. Threads may share it."""

    def __init__(self, whose: Whose, spec: ProviderSpec) -> None:
        self._whose = whose
        self._spec = spec
        self._promised: dict[str, Any] = {}

    def returned(self, method: str, told: object, asked: Sequence[Any]) -> Any:
        """What a method returned, in its plain form; ``asked`` are its arguments. Raises :class:`PluginBroken` for what the
        capability does not promise; where there is a row for each that was asked about, a wrong one loses no other."""
        promised = self._promise(method)
        if get_origin(promised) is Iterator:
            return told
        if method in _ROWS and asked:
            return self._rows(method, get_args(promised)[0], told, asked[0])
        return _held(self._whose, f"{method}()", check_of(promised), told)

    def page(self, method: str, told: object) -> Any:
        """One of the pages that a method returns. Raises :class:`PluginBroken`."""
        page = next(iter(get_args(self._promise(method))), Any)
        return _held(self._whose, f"{method}()", check_of(page), told)

    def _promise(self, method: str) -> Any:
        if method not in self._promised:
            self._promised[method] = _promised(self._spec, method)
        return self._promised[method]

    def _rows(self, method: str, kind: Any, told: object, asked: Sequence[Any]) -> tuple[Any, ...]:
        check, rows = check_of(kind), []
        for index, row in enumerate(_held(self._whose, f"{method}()", many, told)):
            try:
                rows.append(_held(self._whose, f"{method}()[{index}]", check, row))
            except PluginBroken as error:
                if index >= len(asked):
                    raise
                rows.append(_ROWS[method](asked[index], error))
        return tuple(rows)


def held_to(kind: Any, whose: Whose, place: str, work: Callable[..., T]) -> Callable[..., T]:
    """``work``, which raises :class:`PluginBroken` where it returns anything but a ``kind``, or raises an error of our families
    whose fields are not as they should be."""

    def carried_out(*arguments: Any) -> T:
        try:
            told = work(*arguments)
        except AsctlError as error:
            _held(whose, f"{place}: {name_of(error)}", check_error, error)
            raise
        return cast(T, _held(whose, place, check_of(kind), told))

    return carried_out


def with_plain_errors(work: Callable[[], T]) -> Callable[[], T]:
    """``work``, whose errors of our families leave it as nothing but that: a class of a plugin's own may not even let our side
    write down whose account it was. Within the plugin they stay what they are."""

    def carried_out() -> T:
        try:
            return work()
        except AsctlError as error:
            plain = plain_error(error)
            if plain is error:
                raise
            raise plain from error

    return carried_out


def endless(whose: Whose, place: str) -> PluginBroken:
    """What is said of a method whose pages repeat themselves."""
    return PluginBroken(
        _("plugin {id} does not come to an end: {place} tells the same page over and over").format(
            id=whose.plugin, place=place
        ),
        code="plugin_failed",
        hint=_("tell the plugin's author"),
        provider=whose.plugin,
        account=whose.account,
    )


def _held(whose: Whose, place: str, check: Check, told: object) -> Any:
    try:
        return check(told)
    except Wrong as wrong:
        raise _broken(whose, place, wrong) from None
    except Exception as error:  # code that came with the value
        unreadable = Wrong(_("something that can be read"), _("not: {error}").format(error=name_of(error)))
        raise _broken(whose, place, unreadable) from error


def _broken(whose: Whose, place: str, wrong: Wrong) -> PluginBroken:
    return PluginBroken(
        _("plugin {id} does not keep to the plugin API: {place} must be {wanted}, and is {found}").format(
            id=whose.plugin, place=place + wrong.place, found=wrong.found, wanted=wrong.wanted
        ),
        code="plugin_failed",
        hint=_("tell the plugin's author"),
        provider=whose.plugin,
        account=whose.account,
    )


def _promised(spec: ProviderSpec, method: str) -> Any:
    """What a method returns, by the Protocol that names it, else by the contract that does; :data:`Any` where none does."""
    for capability in spec.capabilities:
        protocol = getattr(api, capability.name, None)
        if isinstance(protocol, type) and callable(function := vars(protocol).get(method)):
            return get_type_hints(function)["return"]
    for capability in spec.capabilities:
        if any(method in (contract.find, contract.status) for contract in capability.writes.values()):
            return Finding | InvoiceFinding if capability.name in _TELLING_INVOICES else Finding
    return Any
