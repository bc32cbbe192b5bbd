"""How an action of each kind is carried out: what is checked just before, how it is sent, how one looks after it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from asctl.capabilities.shipping import AddressChange, Interception, Submission
from asctl.capabilities.specs import WriteContract
from asctl.capabilities.writes import Effect, Evidence, Finding
from asctl.domain.actions import Action, ActionKind
from asctl.domain.errors import AsctlError, BadInput, PluginBroken, Unclear
from asctl.domain.identifiers import storable
from asctl.host.guard import Guarded
from asctl.services.contracts import WRITES, contract_of
from asctl.services.desk import Desk
from asctl.services.frozen import thawed_receiver
from asctl.services.outcomes import Outcome, accepted, failed
from asctl.store.opening import Transaction
from asctl.text import _


@dataclass(frozen=True, slots=True)
class Seen(Finding):
    """A finding that taught more: ``learned`` writes it into the store, in the transaction of the outcome."""

    learned: Callable[[Transaction], object] | None = None


class NothingToDo(Exception):
    """What an action wants stands there already: a code and a sentence, with more fields for the operator's record.

    ``finding`` is what was seen. Where the action was sent before, that is its own doing, arrived late.
    """

    def __init__(self, code: str, sentence: str, shown: Mapping[str, object], finding: Finding | None = None) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.shown = shown
        self.finding = finding or Finding(Evidence.PRESENT)


@dataclass(frozen=True, slots=True)
class Ready:
    """What was seen just before sending. ``before`` is kept on record, ``seen`` is what :meth:`Errand.send` needs of it, and
    ``shown`` are fields for the operator's record."""

    before: str = ""
    seen: Any = None
    shown: Mapping[str, object] = field(default_factory=dict)


class Errand:
    """One kind of write. Methods may be called from many threads. ``judges`` says that :meth:`send` itself tells for each
    action whether it was carried out, whatever call its error came from."""

    kind: ActionKind
    judges = False

    def provider(self, desk: Desk, action: Action) -> Guarded:
        """Whoever carries it out. Raises :class:`NotOffered`, :class:`PluginBroken`, :class:`BadConfiguration`."""
        return desk.accounts.provider(desk.accounts.named(action.account), WRITES[self.kind][0])

    def turn(self, desk: Desk, action: Action) -> contextlib.AbstractContextManager[None]:
        """What must be held while one is made ready and sent."""
        return contextlib.nullcontext()

    def ready(self, desk: Desk, provider: Guarded, action: Action) -> Ready:
        """Look before sending, where one can: what stands there already proves nothing later. Raises what speaks against
        sending, and :class:`NothingToDo`; nothing is changed anywhere."""
        return Ready(before=self.seen_before(desk, provider, action))

    def seen_before(self, desk: Desk, provider: Guarded, action: Action) -> str:
        """What a look finds before sending. Raises :class:`NothingToDo` where an earlier attempt has arrived after all."""
        contract = contract_of(desk, action)
        if not contract.find:
            return ""
        found = self.look(provider, contract, action)
        if action.attempt and found.evidence is Evidence.PRESENT and action.before != Evidence.PRESENT.value:
            raise NothingToDo("arrived_meanwhile", _("an earlier attempt arrived after all"), {}, found)
        return found.evidence.value

    def send(self, provider: Guarded, actions: Sequence[Action], seen: Sequence[Ready], code: str) -> list[Outcome]:
        """Send, once; one outcome per action, in order. Never raises an error of ours."""
        return [self._send_one(provider, action, each) for action, each in zip(actions, seen, strict=True)]

    def look(self, provider: Guarded, contract: WriteContract, action: Action) -> Finding:
        """Look what became of it, where the contract says how. Raises the read families."""
        if not contract.find:
            return Finding(Evidence.UNKNOWN)
        found = getattr(provider, contract.find)(self.asked(action))
        if not isinstance(found, Finding) or not _is_whole(found):
            raise _no_finding(action, contract.find)
        return replace(found, reference=storable(found.reference), message=storable(found.message))

    def request(self, action: Action) -> object:
        """What the provider is handed, for the write as for the look."""
        raise NotImplementedError

    def asked(self, action: Action) -> object:
        """The request. Raises :class:`BadInput` (``payload_unreadable``) for a payload that this version cannot read."""
        try:
            return self.request(action)
        except (ArithmeticError, KeyError, TypeError, ValueError) as error:
            raise _unreadable(action) from error

    def _send_one(self, provider: Guarded, action: Action, ready: Ready) -> Outcome:
        try:
            submission = getattr(provider, WRITES[self.kind][1])(self.asked(action))
        except PluginBroken as error:
            return failed(unknown_after(error))
        except AsctlError as error:
            return failed(error)
        if not _is_submission(submission):
            return failed(unknown_after(_no_submission(action, WRITES[self.kind][1])))
        reference, message = storable(submission.reference), storable(submission.message)
        return accepted(action.kind, replace(submission, reference=reference, message=message))


class _ByRequest(Errand):
    """A write that takes one request record and needs nothing else."""

    def __init__(self, kind: ActionKind, request: Callable[[Action], object]) -> None:
        self.kind = kind
        self._request = request

    def request(self, action: Action) -> object:
        return self._request(action)


def _is_whole(found: Finding) -> bool:
    """Whether each part of a look's answer is what it should be: plugins are strangers'."""
    return (
        isinstance(found.evidence, Evidence)
        and (found.effect is None or isinstance(found.effect, Effect))
        and isinstance(found.reference, str)
        and isinstance(found.message, str)
    )


def _is_submission(told: object) -> bool:
    if not isinstance(told, Submission) or not (isinstance(told.reference, str) and isinstance(told.message, str)):
        return False
    return told.fee is None or (isinstance(told.fee, Decimal) and told.fee.is_finite())


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
        reference=action.reference,
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
    """The interception that was sent, under its own key and number."""
    return replace(
        interception_of(action), key=str(action.payload["key"]), reference=str(action.payload.get("reference") or "")
    )


def _unreadable(action: Action) -> BadInput:
    return BadInput(
        _("what {action} asked for was recorded in a shape that this version of asctl does not read").format(
            action=action.action
        ),
        code="payload_unreadable",
        hint=_("cancel it and ask anew, or use the version that recorded it"),
        account=action.account,
    )


def _no_submission(action: Action, method: str) -> PluginBroken:
    return PluginBroken(
        _("the plugin of {account} answered {method} with something that is no submission").format(
            account=action.account, method=method
        ),
        code="plugin_failed",
        hint=_("tell the plugin's author"),
        account=action.account,
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
