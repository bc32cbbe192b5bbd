"""How an action of each kind is carried out: what is checked just before, how it is sent, how one looks after it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from asctl.capabilities.shipping import AddressChange, Interception
from asctl.capabilities.specs import WriteContract
from asctl.capabilities.writes import Evidence, Finding
from asctl.domain.actions import Action, ActionKind
from asctl.domain.errors import AsctlError, PluginBroken, Unclear
from asctl.host.guard import Guarded
from asctl.services.contracts import WRITES
from asctl.services.desk import Desk
from asctl.services.frozen import thawed_receiver
from asctl.services.outcomes import Outcome, accepted, failed
from asctl.text import _


class NothingToDo(Exception):
    """What an action wants stands there already: a code and a sentence, with more fields for the operator's record."""

    def __init__(self, code: str, sentence: str, shown: Mapping[str, object]) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.shown = shown


@dataclass(frozen=True, slots=True)
class Ready:
    """What was seen just before sending. ``before`` is kept on record, ``seen`` is what :meth:`Errand.send` needs of it, and
    ``shown`` are fields for the operator's record."""

    before: str = ""
    seen: Any = None
    shown: Mapping[str, object] = field(default_factory=dict)


class Errand:
    """One kind of write. Methods may be called from many threads."""

    kind: ActionKind

    def provider(self, desk: Desk, action: Action) -> Guarded:
        """Whoever carries it out. Raises :class:`NotOffered`, :class:`PluginBroken`, :class:`BadConfiguration`."""
        return desk.accounts.provider(desk.accounts.named(action.account), WRITES[self.kind][0])

    def turn(self, desk: Desk, action: Action) -> contextlib.AbstractContextManager[None]:
        """What must be held while one is made ready and sent."""
        return contextlib.nullcontext()

    def ready(self, desk: Desk, provider: Guarded, action: Action) -> Ready:
        """Look before sending. Raises what speaks against it, and :class:`NothingToDo`; nothing is changed anywhere."""
        return Ready()

    def send(self, provider: Guarded, actions: Sequence[Action], seen: Sequence[Ready], code: str) -> list[Outcome]:
        """Send, once; one outcome per action, in order. Never raises an error of ours."""
        return [self._send_one(provider, action, each) for action, each in zip(actions, seen, strict=True)]

    def look(self, provider: Guarded, contract: WriteContract, action: Action) -> Finding:
        """Look what became of it, where the contract says how. Raises the read families."""
        if not contract.find:
            return Finding(Evidence.UNKNOWN)
        found = getattr(provider, contract.find)(self.request(action))
        if not isinstance(found, Finding):
            raise _no_finding(action, contract.find)
        return found

    def request(self, action: Action) -> object:
        """What the provider is handed, for the write as for the look."""
        raise NotImplementedError

    def _send_one(self, provider: Guarded, action: Action, ready: Ready) -> Outcome:
        try:
            submission = getattr(provider, WRITES[self.kind][1])(self.request(action))
        except PluginBroken as error:
            return failed(unknown_after(error))
        except AsctlError as error:
            return failed(error)
        return accepted(action.kind, submission)


class _ByRequest(Errand):
    """A write that takes one request record and needs nothing else."""

    def __init__(self, kind: ActionKind, request: Callable[[Action], object]) -> None:
        self.kind = kind
        self._request = request

    def request(self, action: Action) -> object:
        return self._request(action)


def unknown_after(error: PluginBroken) -> Unclear:
    """A plugin that broke off in the middle of a write leaves its outcome open."""
    return Unclear(
        _("{what}; it is not known whether the write was carried out").format(what=error.message),
        code=error.code,
        hint=error.hint,
        account=error.account,
        provider=error.provider,
    )


def interception_of(action: Action) -> Interception:
    """The request of an interception, and of taking it back."""
    kept = action.payload
    return Interception(
        key=action.key,
        courier=action.courier,
        waybill=action.waybill,
        return_to=str(kept.get("return_to") or "sender"),
        reason=str(kept.get("reason") or ""),
        order_id=action.order_id,
        reference=action.reference or str(kept.get("reference") or ""),
    )


def redirection_of(action: Action) -> AddressChange:
    """The request of a redirection."""
    return AddressChange(
        key=action.key,
        courier=action.courier,
        waybill=action.waybill,
        receiver=thawed_receiver(action.payload["receiver"]),
        phone_tail=str(action.payload.get("phone_tail") or ""),
        order_id=action.order_id,
        reason=str(action.payload.get("reason") or ""),
        reference=action.reference,
    )


def parcel_errands() -> tuple[Errand, ...]:
    """The errands at couriers."""
    return (
        _ByRequest(ActionKind.INTERCEPT, interception_of),
        _ByRequest(ActionKind.CANCEL_INTERCEPTION, _cancellation_of),
        _ByRequest(ActionKind.REDIRECT, redirection_of),
    )


def _cancellation_of(action: Action) -> Interception:
    """The interception that was sent, under its own key."""
    kept = action.payload
    return Interception(
        key=str(kept["key"]),
        courier=action.courier,
        waybill=action.waybill,
        return_to=str(kept.get("return_to") or "sender"),
        reason=str(kept.get("reason") or ""),
        order_id=action.order_id,
        reference=str(kept.get("reference") or ""),
    )


def _no_finding(action: Action, method: str) -> PluginBroken:
    return PluginBroken(
        _("the plugin of {account} answered {method} with something that is no finding").format(
            account=action.account, method=method
        ),
        code="plugin_failed",
        hint=_("tell the plugin's author"),
        account=action.account,
    )
