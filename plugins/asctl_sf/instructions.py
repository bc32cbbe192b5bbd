"""What SF is told to do with a parcel under way, as ``msgData`` of its interception service (section 7)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from asctl.api import BadConfiguration, BadInput, Context, Receiver
from asctl.api import translate as _

REDIRECT, RETURN = "1", "2"
SENDER = "1"
PAY_MODES = {"sender_cash": "1", "receiver_cash": "2", "third_party_card": "3", "sender_card": "4"}
CARD_MODES = frozenset({"third_party_card", "sender_card"})

_PHONE = re.compile(r"\+?[0-9][0-9 ()-]{5,19}")
_HOME = {
    "name": "return_contact",
    "phone": "return_phone",
    "province": "return_province",
    "city": "return_city",
    "detail": "return_address",
}


@dataclass(frozen=True, slots=True)
class Terms:
    """Who pays, and where parcels come back to, as the account's settings say."""

    account: str
    pay_mode: str
    monthly_card: str
    home: Receiver

    @classmethod
    def of(cls, context: Context) -> Terms:
        county = context.text("return_county")
        home = Receiver(district=county, **{part: context.text(setting) for part, setting in _HOME.items()})
        pay_mode = context.text("pay_mode") or "sender_card"
        return cls(context.account, pay_mode, context.text("monthly_card"), home)

    def redirect(self, waybill: str, receiver: Receiver) -> dict[str, Any]:
        """Bring it to somebody else. Raises :class:`BadInput` for what SF would surely refuse."""
        check_receiver(receiver, waybill)
        return self._instruction(waybill, REDIRECT) | {"newDestAddress": _destination(receiver)}

    def bring_back(self, waybill: str) -> dict[str, Any]:
        """Bring it to the account's return address. Raises :class:`BadConfiguration` where that is not whole."""
        missing = [setting for part, setting in _HOME.items() if not getattr(self.home, part)]
        if missing:
            raise BadConfiguration(
                _("{account} cannot have parcels returned without {settings}").format(
                    account=self.account, settings=", ".join(missing)
                ),
                code="return_address_missing",
                hint=_("SF wants the address to return to with every request: set it for the account"),
            )
        return self._instruction(waybill, RETURN) | {"newDestAddress": _destination(self.home)}

    def leave_alone(self, waybill: str, reference: str) -> dict[str, Any]:
        """Take back the return that SF numbered ``reference`` (its ``cusId``)."""
        return self._instruction(waybill, RETURN) | {"cancel": True, "cusId": reference}

    def _instruction(self, waybill: str, service: str) -> dict[str, Any]:
        if self.pay_mode in CARD_MODES and not self.monthly_card:
            raise BadConfiguration(
                _("{account} pays by {pay_mode}, and has no monthly_card").format(
                    account=self.account, pay_mode=self.pay_mode
                ),
                code="monthly_card_missing",
                hint=_("set monthly_card for the account, or another pay_mode"),
            )
        told = {"waybillNo": waybill, "serviceCode": service, "role": SENDER, "payMode": PAY_MODES[self.pay_mode]}
        return told | {"monthlyCardNo": self.monthly_card} if self.pay_mode in CARD_MODES else told


def check_receiver(receiver: Receiver, waybill: str) -> None:
    """Raises :class:`BadInput` where a part is missing or masked, or the phone is none; names parts, never what they hold."""
    parts = {
        "name": receiver.name,
        "phone": receiver.phone,
        "province": receiver.province,
        "city": receiver.city or receiver.district,
        "detail": receiver.detail,
    }
    missing = [part for part, told in parts.items() if not told.strip()]
    if missing:
        raise BadInput(
            _("the new address of {waybill} lacks {parts}").format(waybill=waybill, parts=", ".join(missing)),
            code="incomplete_address",
            hint=_("give the whole receiver: name, phone, province, city, district and detail"),
        )
    masked = [part for part, told in parts.items() if "*" in told]
    if masked:
        raise BadInput(
            _("the new address of {waybill} is masked in {parts}").format(waybill=waybill, parts=", ".join(masked)),
            code="masked_address",
            hint=_("ask the customer for it; what the marketplace shows masked cannot be used"),
        )
    if not _PHONE.fullmatch(receiver.phone.strip()):
        raise BadInput(
            _("the new phone for {waybill} is no phone number").format(waybill=waybill),
            code="bad_phone",
            hint=_("give a mobile number of 11 digits or a landline as 0571-88888888"),
        )


def _destination(receiver: Receiver) -> dict[str, str]:
    """County-level cities, which stand in the district, are cities to SF."""
    return {
        "province": receiver.province,
        "city": receiver.city or receiver.district,
        "county": receiver.district,
        "address": receiver.town + receiver.detail,
        "contact": receiver.name,
        "phone": receiver.phone,
    }
