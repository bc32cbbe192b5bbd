"""Their counter for interceptions and changes of address (section 5): checks, the courier's word, an answer.

Nothing protects from repeats here: each order that meets no objection is carried out, and is given a task of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from asctl.api import ParcelKey, Receiver, RefusalReason, as_text
from asctl.api.sandbox import Complaint, SandboxCall, SandboxReply, SandboxRequest, SandboxWorld
from asctl_kuaidi100.client import INTERCEPT_METHOD
from asctl_kuaidi100.interceptions import CALLBACK_WANTED
from asctl_kuaidi100.mapping import OUR_COURIER, REDIRECT_TYPE, RETURN_TYPE
from asctl_kuaidi100.sandbox_account import NotSigned, check_signed, read_param
from asctl_kuaidi100.sandbox_words import INCOMPLETE, NO_SUCH_WAYBILL, TOO_OLD, Words, receiver_from, words_for

KIND = {theirs: ours for ours, theirs in RETURN_TYPE.items()} | {REDIRECT_TYPE: "redirect"}


class _No(Exception):
    """The words that end the call."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.text)
        self.words = words


class InterceptionCounter:
    """Takes interception orders. ``coded`` says whether the commoner refusals have codes of their own."""

    def __init__(self, coded: bool) -> None:
        self._coded = coded

    def identify(self, request: SandboxRequest) -> SandboxCall:
        """``address_change`` or ``intercept`` with its waybill; any other method by its own name."""
        form = request.form()
        if form.get("method") != INTERCEPT_METHOD:
            return SandboxCall(form.get("method") or "unknown")
        param = read_param(form.get("param", ""))
        redirects = as_text(param.get("interceptType")) == REDIRECT_TYPE
        operation = "address_change" if redirects else "intercept"
        return SandboxCall(operation, write=True, target=as_text(param.get("kuaidinum")))

    def answer(self, request: SandboxRequest, world: SandboxWorld) -> SandboxReply:
        """Completeness before signature, signature before content, the courier last."""
        try:
            return self._take(request, world)
        except _No as no:
            return _refused(no.words)

    def complain(self, complaint: Complaint) -> SandboxReply:
        """The fault in an order's own words; a refusal's ``reason`` may be one of the enumeration or any text."""
        match complaint.kind:
            case "throttle":
                words = words_for(RefusalReason.RATE_LIMITED, self._coded)
            case "auth":
                words = words_for(RefusalReason.SIGN_ERROR, self._coded)
            case "not_found":
                words = NO_SUCH_WAYBILL
            case _ if complaint.reason in RefusalReason.__members__:
                words = words_for(RefusalReason(complaint.reason), self._coded)
            case _:
                words = words_for(RefusalReason.OTHER, self._coded, complaint.reason)
        return _refused(words)

    def _take(self, request: SandboxRequest, world: SandboxWorld) -> SandboxReply:
        form = request.form()
        if request.method != "POST" or form.get("method") != INTERCEPT_METHOD:
            raise _No(INCOMPLETE)
        self._check_signature(form, world)
        param = read_param(form["param"])
        key, kind, receiver = self._wish(param)
        if key not in world.parcels:
            raise _No(NO_SUCH_WAYBILL)
        if reason := world.objection("kuaidi100", key, kind, receiver):
            raise _No(words_for(reason, self._coded))
        task = world.intercept("kuaidi100", key, kind, receiver=receiver)
        told = {"code": 200, "message": "提交成功", "time": 33, "data": {"taskId": task.number}, "success": True}
        return SandboxReply.of(told, applied=True)

    def _check_signature(self, form: Mapping[str, str], world: SandboxWorld) -> None:
        try:
            check_signed(form, world)
        except NotSigned as fault:
            wrong = words_for(RefusalReason.SIGN_ERROR, self._coded)
            raise _No({"incomplete": INCOMPLETE, "old": TOO_OLD}.get(fault.why, wrong)) from None

    def _wish(self, param: Mapping[str, Any]) -> tuple[ParcelKey, str, Receiver | None]:
        """What is asked for: the parcel, ``sender``, ``outlet`` or ``redirect``, and where to."""
        courier = OUR_COURIER.get(as_text(param.get("kuaidicom")))
        waybill = as_text(param.get("kuaidinum"))
        kind = KIND.get(as_text(param.get("interceptType")))
        if courier is None:
            raise _No(words_for(RefusalReason.NOT_SUPPORTED, self._coded))
        if not waybill or kind is None or (courier in CALLBACK_WANTED and not as_text(param.get("callbackUrl"))):
            raise _No(INCOMPLETE)
        if kind != "redirect":
            return ParcelKey(courier, waybill), kind, None
        receiver = receiver_from(param.get("recManInfo"))
        if receiver is None:
            raise _No(INCOMPLETE)
        return ParcelKey(courier, waybill), kind, receiver


def _refused(words: Words) -> SandboxReply:
    return SandboxReply.of(
        {"code": words.code, "message": words.text, "time": 2, "data": None, "success": False},
    )
