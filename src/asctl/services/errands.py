"""How an action of each kind is carried out: what is checked just before, how it is sent, how one looks after it."""

from __future__ import annotations

import contextlib
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from asctl.capabilities.shipping import Submission
from asctl.capabilities.specs import WriteContract
from asctl.capabilities.writes import Evidence, Finding
from asctl.domain.actions import Action, ActionKind
from asctl.domain.errors import AsctlError, BadInput, PluginBroken, Refused, Unavailable, Unclear
from asctl.host.guard import Guarded
from asctl.services.contracts import WRITES, contract_of
from asctl.services.desk import Desk
from asctl.services.outcomes import Outcome, accepted, failed, stops_account
from asctl.text import _


class NothingToDo(Exception):
    """What an action wants stands there already: a code and a sentence, with more fields for the operator's record.

    ``finding`` is what was seen. Where the action was sent before, that is its own doing, arrived late; ``own`` says that it is
    so even where nobody remembers a send.
    """

    def __init__(
        self,
        code: str,
        sentence: str,
        shown: Mapping[str, object],
        finding: Finding | None = None,
        own: bool = False,
    ) -> None:
        super().__init__(sentence)
        self.own = own
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


class Errand(ABC):
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

    @abstractmethod
    def ready(self, desk: Desk, provider: Guarded, action: Action) -> Ready:
        """Look before sending, where one can: what stands there already proves nothing later. Raises what speaks against
        sending, and :class:`NothingToDo`; nothing is changed anywhere."""

    @abstractmethod
    def send(self, provider: Guarded, actions: Sequence[Action], seen: Sequence[Ready], code: str) -> list[Outcome]:
        """Send, once; one outcome per action, in order. Never raises an error of ours."""

    @abstractmethod
    def look(self, provider: Guarded, contract: WriteContract, action: Action) -> Finding:
        """Look what became of it, where the contract says how. Raises the read families."""

    def ask(self, provider: Guarded, contract: WriteContract, action: Action) -> Finding:
        """Ask what came of a request that was accepted. Raises the read families."""
        return self.look(provider, contract, action)


class RequestErrand(Errand):
    """A write that is asked for with one record, which its look is handed as well."""

    @abstractmethod
    def request(self, action: Action) -> object:
        """What the provider is handed, for the write as for the look."""

    def asked(self, action: Action) -> object:
        """The request. Raises :class:`BadInput` (``payload_unreadable``) for a payload that this version cannot read."""
        try:
            return self.request(action)
        except (ArithmeticError, KeyError, TypeError, ValueError) as error:
            raise _unreadable(action) from error

    def ready(self, desk: Desk, provider: Guarded, action: Action) -> Ready:
        return Ready(before=self.seen_before(desk, provider, action))

    def seen_before(self, desk: Desk, provider: Guarded, action: Action) -> str:
        """What a look finds before sending; empty where it is turned away. Raises :class:`NothingToDo` where an earlier
        attempt has arrived after all, and :class:`Unavailable` where that cannot be seen."""
        contract = contract_of(desk, action)
        if not contract.find:
            return ""
        try:
            found = self.look(provider, contract, action)
        except Refused as error:
            if stops_account(error):
                raise
            if action.attempt:
                raise _hidden(action, error) from error
            return ""
        if action.attempt and found.evidence is Evidence.PRESENT and action.before != Evidence.PRESENT.value:
            raise NothingToDo("arrived_meanwhile", _("an earlier attempt arrived after all"), {}, found)
        return found.evidence.value

    def send(self, provider: Guarded, actions: Sequence[Action], seen: Sequence[Ready], code: str) -> list[Outcome]:
        return [self._send_one(provider, action) for action in actions]

    def look(self, provider: Guarded, contract: WriteContract, action: Action) -> Finding:
        return self._found(provider, contract.find, action)

    def ask(self, provider: Guarded, contract: WriteContract, action: Action) -> Finding:
        return self._found(provider, contract.status or contract.find, action)

    def _found(self, provider: Guarded, method: str, action: Action) -> Finding:
        if not method:
            return Finding(Evidence.UNKNOWN)
        found = getattr(provider, method)(self.asked(action))
        if not isinstance(found, Finding):  # a contract may name any method
            raise _no_finding(action, method)
        return found

    def _send_one(self, provider: Guarded, action: Action) -> Outcome:
        method = WRITES[self.kind][1]
        try:
            submission: Submission = getattr(provider, method)(self.asked(action))
        except PluginBroken as error:
            return failed(unknown_after(error))
        except AsctlError as error:
            return failed(_of_its_cause(error))
        return accepted(action.kind, submission)


def _of_its_cause(error: AsctlError) -> AsctlError:
    """An error that a plugin made of another one tells of the same call."""
    if error.of_write is None and isinstance(error.__cause__, AsctlError):
        error.of_write = error.__cause__.of_write
    return error


def unknown_after(error: PluginBroken) -> Unclear:
    """A plugin that broke off in the middle of a write leaves its outcome open."""
    return Unclear(
        _("{what}; it is not known whether the write was carried out").format(what=error.message),
        code=error.code,
        hint=error.hint,
        account=error.account,
        provider=error.provider,
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


def _no_finding(action: Action, method: str) -> PluginBroken:
    return PluginBroken(
        _("the plugin of {account} answered {method} with something that is no finding").format(
            account=action.account, method=method
        ),
        code="plugin_failed",
        hint=_("tell the plugin's author"),
        account=action.account,
    )


def _hidden(action: Action, error: Refused) -> Unavailable:
    return Unavailable(
        _("{action} was sent before, and what became of that cannot be seen: {reason}").format(
            action=action.action, reason=error.message
        ),
        code="look_failed",
        hint=error.hint,
        account=action.account,
        upstream_code=error.upstream_code,
        upstream_text=error.upstream_text,
    )
