"""Why a courier or a marketplace says no: one closed list for all of them."""

from __future__ import annotations

from enum import StrEnum

from asctl.domain.errors import Refused
from asctl.text import _


class RefusalReason(StrEnum):
    """The one enumeration of refusal reasons.

    - ``ALREADY_DELIVERED``: the parcel is signed
    - ``TOO_LATE``: it is out for delivery or at a station; of an order, it is shipped
    - ``NOT_PICKED_UP_YET``: the courier does not have it yet: run it again later
    - ``ALREADY_INTERCEPTED``: an interception or redirection exists already
    - ``NOT_AUTHORISED``: the parcel, or order, is not this account's
    - ``NOT_SUPPORTED``: this product or region does not allow it
    - ``DESTINATION_CLOSED``: nobody delivers there at present
    - ``BAD_ADDRESS``: not accepted as it is written
    - ``BAD_PHONE``: not accepted as it is written
    - ``REFUSED_BY_RULE``: a rule of the far side, or a house rule, forbids it
    - ``LOST``: the parcel is recorded as lost
    - ``CANNOT_CANCEL``: the request can no longer be taken back
    - ``RATE_LIMITED``: too many calls; nothing is said of the request itself
    - ``SIGN_ERROR``: the signature is not accepted; nothing is said of the request itself
    - ``SERVER_ERROR``: the far side has trouble of its own
    - ``OTHER``: no entry fits; the far side's own text stands beside it
    """

    ALREADY_DELIVERED = "ALREADY_DELIVERED"
    TOO_LATE = "TOO_LATE"
    NOT_PICKED_UP_YET = "NOT_PICKED_UP_YET"
    ALREADY_INTERCEPTED = "ALREADY_INTERCEPTED"
    NOT_AUTHORISED = "NOT_AUTHORISED"
    NOT_SUPPORTED = "NOT_SUPPORTED"
    DESTINATION_CLOSED = "DESTINATION_CLOSED"
    BAD_ADDRESS = "BAD_ADDRESS"
    BAD_PHONE = "BAD_PHONE"
    REFUSED_BY_RULE = "REFUSED_BY_RULE"
    LOST = "LOST"
    CANNOT_CANCEL = "CANNOT_CANCEL"
    RATE_LIMITED = "RATE_LIMITED"
    SIGN_ERROR = "SIGN_ERROR"
    SERVER_ERROR = "SERVER_ERROR"
    OTHER = "OTHER"


def refusal(reason: RefusalReason, who: str, target: str, upstream_code: str = "", upstream_text: str = "") -> Refused:
    """A refusal in the same words whoever gave it: ``who`` is the courier's or marketplace's name, ``target`` the waybill
    or order. Its code is the reason in lower case; its hint says what to do next."""
    told, hint = _words(reason)
    sentence = _("{who} refused {target}: {told}").format(who=who, target=target, told=told or upstream_text or "?")
    return Refused(
        sentence,
        reason=reason.value,
        code="refused" if reason is RefusalReason.OTHER else reason.value.lower(),
        hint=hint,
        upstream_code=upstream_code,
        upstream_text=upstream_text,
    )


def _words(reason: RefusalReason) -> tuple[str, str]:
    """What it means, and what to do next."""
    table = {
        RefusalReason.ALREADY_DELIVERED: (
            _("the parcel is already delivered"), _("agree on a return with the customer: asctl rma open ORDER")),
        RefusalReason.TOO_LATE: (
            _("the parcel is out for delivery or at a station, which is too late"),
            _("call the outlet, or ask the customer to refuse the parcel")),
        RefusalReason.NOT_PICKED_UP_YET: (
            _("the courier has not picked the parcel up yet"), _("run the same command again after the pick-up")),
        RefusalReason.ALREADY_INTERCEPTED: (
            _("an interception or redirection of this parcel exists already"), _("see: asctl intercept status WAYBILL")),
        RefusalReason.NOT_AUTHORISED: (
            _("the parcel does not belong to this account"),
            _("check the waybill, and use the account that shipped it: --account")),
        RefusalReason.NOT_SUPPORTED: (
            _("this product or region does not allow it"), _("call the courier, or wait for the delivery")),
        RefusalReason.DESTINATION_CLOSED: (
            _("the courier does not deliver there at present"), _("agree on another address with the customer")),
        RefusalReason.BAD_ADDRESS: (_("the address is not accepted"), _("complete it down to street and number")),
        RefusalReason.BAD_PHONE: (_("the phone number is not accepted"), _("give a mobile number of 11 digits")),
        RefusalReason.REFUSED_BY_RULE: (_("a rule of the courier forbids it"), _("call the courier")),
        RefusalReason.LOST: (
            _("the parcel is recorded as lost"), _("send a new one by another courier: asctl rma open ORDER --kind reship")),
        RefusalReason.CANNOT_CANCEL: (
            _("the request can no longer be taken back"), _("ask the courier for a redirection to the old address")),
        RefusalReason.RATE_LIMITED: (_("too many calls"), _("run it again later")),
        RefusalReason.SIGN_ERROR: (_("the signature is not accepted"), _("check key and secret of the account")),
        RefusalReason.SERVER_ERROR: (_("the courier has trouble of its own"), _("run it again later")),
        RefusalReason.OTHER: ("", _("read what it says; if it is not clear, call it")),
    }  # fmt: skip
    return table[reason]
