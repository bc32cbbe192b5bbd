"""What SF is told to do with a parcel under way, as ``msgData`` of its interception service (section 7)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from asctl.api import BadConfiguration, Context, Receiver, checked_receiver
from asctl.api import translate as _

REDIRECT, RETURN = "1", "2"
SENDER = "1"
PAY_MODES = {"sender_cash": "1", "receiver_cash": "2", "third_party_card": "3", "sender_card": "4"}
CARD_MODES = frozenset({"third_party_card", "sender_card"})

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
        destination = _destination(checked_receiver(receiver, waybill))
        return self._instruction(waybill, REDIRECT) | {"newDestAddress": destination}

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
