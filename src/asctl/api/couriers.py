"""What plugins of couriers check before they ask: the same words and codes whichever courier it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace

from asctl.domain.addresses import clean_phone
from asctl.domain.errors import BadInput, NotOffered, Refused
from asctl.domain.orders import Receiver
from asctl.domain.refusals import RefusalReason
from asctl.text import _

_NEEDED = frozenset({"name", "phone", "province", "detail"})


def not_served(courier: str, account: str) -> NotOffered:
    """The error (``courier_not_served``) for a parcel of a courier that the account knows nothing of."""
    return NotOffered(
        _("{account} does not serve parcels of {courier}").format(account=account, courier=courier),
        code="courier_not_served",
        hint=_("see which account serves it: asctl account list"),
        account=account,
    )


def phone_tail_missing(waybill: str, account: str = "") -> BadInput:
    """The error (``phone_tail_missing``) where a track is told only to who knows a phone of the parcel."""
    return BadInput(
        _("{waybill} can be tracked only with four digits of the sender's or receiver's phone").format(waybill=waybill),
        code="phone_tail_missing",
        hint=_("add --phone-tail 1234"),
        account=account,
    )


def cannot_cancel_pickup(rma: str, provider_name: str, code: str, text: str) -> Refused:
    """The refusal (``cannot_cancel``) of a courier, or an aggregator, that does not take a pickup back any more; ``code`` and
    ``text`` are its own, empty where it gave none."""
    return Refused(
        _("{who} does not take the pickup of {rma} back any more").format(who=provider_name, rma=rma),
        reason=RefusalReason.CANNOT_CANCEL.value,
        code="cannot_cancel",
        hint=_(
            "see where the goods are: asctl pickup list; a courier who is on his way can only be called off by phone"
        ),
        upstream_code=code,
        upstream_text=text,
    )


def checked_receiver(receiver: Receiver, waybill: str) -> Receiver:
    """The new receiver of a parcel under way, with a phone as couriers write it: digits, without blanks.

    Name, phone, province, detail, and a city or (for county-level cities) a district must be there, and nothing may be masked.
    Raises :class:`BadInput`: ``incomplete_address``, which names the parts and never what they hold, ``bad_phone``.
    """
    if lacking := list(_lacking(receiver)):
        raise BadInput(
            _("the new receiver of {waybill} lacks {parts}").format(waybill=waybill, parts=", ".join(lacking)),
            code="incomplete_address",
            hint=_("give in full: {options}; what is masked counts as missing").format(
                options=" ".join(f"--{part}" for part in lacking)
            ),
        )
    return replace(receiver, phone=clean_phone(receiver.phone))


def _lacking(receiver: Receiver) -> Iterator[str]:
    needed = _NEEDED if receiver.district.strip() else _NEEDED | {"city"}
    for part in (each.name for each in fields(receiver)):
        told = getattr(receiver, part)
        if "*" in told or (part in needed and not told.strip()):
            yield part
