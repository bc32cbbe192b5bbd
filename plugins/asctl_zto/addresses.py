"""A receiver as the members of a redirection (section 6.1)."""

from __future__ import annotations

from asctl.api import BadInput, Receiver
from asctl.api import translate as _

MOST_DIGITS = 16
"""A longer phone is refused as E23150."""


def receive_members(receiver: Receiver) -> dict[str, str]:
    """The six members that a redirection requires; a town stands before the detail, having no member of its own.

    A county-level city without a city above it, and a city without districts, stand in both members. Raises
    :class:`BadInput` (``receiver_incomplete``, ``phone_masked``, ``phone_too_long``) for what is surely refused.
    """
    city = receiver.city or receiver.district
    district, street = receiver.district, receiver.town + receiver.detail
    if not district:
        district, street = receiver.town or city, receiver.detail
    members = {
        "receivePhone": receiver.phone,
        "receiveUsername": receiver.name,
        "receiveAddress": street if receiver.detail else "",
        "receiveDistrict": district,
        "receiveCity": city,
        "receiveProvince": receiver.province,
    }
    _check(members)
    return members


def _check(members: dict[str, str]) -> None:
    words = {
        "receivePhone": _("phone"),
        "receiveUsername": _("name"),
        "receiveAddress": _("street and number"),
        "receiveDistrict": _("district"),
        "receiveCity": _("city"),
        "receiveProvince": _("province"),
    }
    if missing := [words[name] for name, value in members.items() if not value.strip()]:
        raise BadInput(
            _("the new receiver is incomplete: {missing}").format(missing=", ".join(missing)),
            code="receiver_incomplete",
            hint=_("ZTO wants name, phone and the whole address"),
        )
    phone = members["receivePhone"]
    if "*" in phone:
        raise BadInput(
            _("the new receiver's phone is masked"),
            code="phone_masked",
            hint=_("ask the customer for the number and give it whole"),
        )
    if sum(character.isdigit() for character in phone) > MOST_DIGITS:
        raise BadInput(
            _("the new receiver's phone has more than {most} digits").format(most=MOST_DIGITS),
            code="phone_too_long",
            hint=_("give a mobile number, or one with an extension, of at most 16 digits"),
        )
