"""Personal data as operators see it by default (design section 5): enough to recognise, not enough to misuse."""

from __future__ import annotations

import re
from collections.abc import Iterable

from asctl.domain.orders import Receiver

_MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")


_OF_A_PERSON = re.compile(
    r"(?:00|\+)?(?:86)?1[3-9]\d{9}|0[1-9]\d{8,10}"
    r"|[1-9]\d{5}(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX]"
)
"""A mobile number, a landline, an identity card."""


def names_a_person(code: str) -> bool:
    """Whether a code has the shape of a phone number or of an identity card's, whatever stands between its digits."""
    return bool(_OF_A_PERSON.fullmatch(re.sub(r"[\s()-]", "", code)))


def mask_name(name: str) -> str:
    """The first character, then stars."""
    return name[:1] + "**" if name else ""


def mask_phone(phone: str) -> str:
    """Only the first three digits: the last four open tracking at SF and ZTO."""
    return phone[:3] + "*" * max(len(phone) - 3, 0)


def mask_numbers(text: str) -> str:
    """Free text with the mobile numbers in it masked."""
    return _MOBILE.sub(lambda found: mask_phone(found[0]), text)


def strike_out(text: str, receiver: Receiver) -> str:
    """Text in which a far side may have quoted a receiver: name, phone, street and number are struck out."""
    for value in (receiver.phone, receiver.detail, receiver.name):
        text = text.replace(value, "***") if len(value) > 1 else text
    return mask_numbers(text)


def strike_buyer(text: str, told: Iterable[str]) -> str:
    """Text in which a far side may have quoted whom an invoice is made out to: what was ``told`` of him is struck out."""
    for value in sorted(told, key=len, reverse=True):
        text = text.replace(value, "***") if len(value) > 1 else text
    return mask_numbers(text)


def mask_receiver(receiver: Receiver) -> Receiver:
    """Name and phone masked, the address cut at the district."""
    return Receiver(
        name=mask_name(receiver.name),
        phone=mask_phone(receiver.phone),
        province=receiver.province,
        city=receiver.city,
        district=receiver.district,
        town="",
        detail="***" if receiver.detail else "",
    )
