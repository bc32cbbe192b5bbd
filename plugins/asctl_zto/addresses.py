"""Addresses as ZTO takes them apart: city, district and street, whatever level China has (sections 6.1 and 7)."""

from __future__ import annotations

from asctl.api import BadInput, Receiver
from asctl.api import translate as _

MOST_DIGITS = 16
"""A longer phone is refused as E23150."""


def receive_members(receiver: Receiver) -> dict[str, str]:
    """The six members that a redirection requires. ``receiver`` is whole. Raises :class:`BadInput` (``bad_phone``) for a
    phone that is surely refused."""
    _check_length(receiver.phone)
    city, district, street = place_of(receiver)
    return {
        "receivePhone": receiver.phone,
        "receiveUsername": receiver.name,
        "receiveAddress": street,
        "receiveDistrict": district,
        "receiveCity": city,
        "receiveProvince": receiver.province,
    }


def place_of(party: Receiver) -> tuple[str, str, str]:
    """City, district and street; a town stands before the detail, having no member of its own.

    A county-level city without a city above it, and a city without districts, stand in both members.
    """
    city = party.city or party.district
    if party.district:
        return city, party.district, party.town + party.detail
    return city, party.town or city, party.detail


def _check_length(phone: str) -> None:
    if sum(character.isdigit() for character in phone) > MOST_DIGITS:
        raise BadInput(
            _("the new receiver's phone has more than {most} digits").format(most=MOST_DIGITS),
            code="bad_phone",
            hint=_("give a mobile number, or one with an extension, of at most 16 digits"),
        )
