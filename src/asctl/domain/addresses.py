"""Receivers as people type them: what is complete, what is a phone, how it is read back to the customer (R94, R95)."""

from __future__ import annotations

import re
from dataclasses import fields, replace

from asctl.domain.errors import BadInput
from asctl.domain.identifiers import clean_identifier
from asctl.domain.orders import Receiver
from asctl.text import _

_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_EXTENDED = re.compile(r"1[3-9]\d{9}-\d{2,6}", re.ASCII)
_COUNTRY = re.compile(r"\A(\+86-?|86-?(?=1\d{10}\Z))")
_LANDLINE = re.compile(r"0\d{2,3}-?\d{7,8}(-\d{1,6})?", re.ASCII)
ADDRESS_PARTS = ("province", "city", "district", "town", "detail")
WHOLE = ("province", "city", "detail", "name", "phone")
"""What a courier cannot do without."""


def clean_phone(text: str) -> str:
    """A mobile number of mainland China (also a virtual one with its extension) or a landline, without blanks and +86.

    Raises :class:`BadInput` (``bad_phone``); the number itself is not repeated.
    """
    number = _COUNTRY.sub("", re.sub(r"[\s()（）]", "", clean_identifier(text))).replace("转", "-")
    if _MOBILE.fullmatch(number.replace("-", "")):
        return number.replace("-", "")
    if not any(shape.fullmatch(number) for shape in (_MOBILE, _EXTENDED, _LANDLINE)):
        raise BadInput(
            _("the phone number has {count} characters and is neither a mobile number nor a landline").format(
                count=len(number)
            ),
            code="bad_phone",
            hint=_("a mobile number has 11 digits and begins with 1; a landline is written as 0571-88888888"),
        )
    return number


def names_address(receiver: Receiver) -> bool:
    """Whether any part of the address itself is given."""
    return any(getattr(receiver, part) for part in ADDRESS_PARTS)


def whole_receiver(change: Receiver, standing: Receiver) -> Receiver:
    """``change`` made whole for a courier, who wants every part of it: what it leaves out of name and phone is taken from
    what stands, where that is not masked.

    Raises :class:`BadInput`: ``only_address`` where no address is given (R95: under way only the address can change),
    ``incomplete_address`` naming the parts that are missing.
    """
    if not names_address(change):
        raise BadInput(
            _("the parcel is under way, and then only the address can change"),
            code="only_address",
            hint=_("give --province, --city, --district and --detail"),
        )
    known = {part: _unmasked(getattr(standing, part)) for part in ("name", "phone")}
    whole = replace(change, **{part: getattr(change, part) or value for part, value in known.items()})
    missing = [part for part in WHOLE if not getattr(whole, part)]
    if missing:
        raise BadInput(
            _("a courier needs the whole receiver; missing: {parts}").format(parts=", ".join(missing)),
            code="incomplete_address",
            hint=_("add {options}; what the marketplace shows masked cannot be taken over").format(
                options=" ".join(f"--{part}" for part in missing)
            ),
        )
    return whole


def whole_sender(given: Receiver, standing: Receiver, rma: str) -> Receiver:
    """Where a courier fetches goods: what is given of the customer, else what stands on his order and is not masked. An
    address is taken from one of the two, never mixed, and one that is masked in part is none.

    Raises :class:`BadInput`: ``incomplete_address`` naming the parts that are missing, ``bad_phone``.
    """
    place = given if names_address(given) else standing
    if any("*" in getattr(place, part) for part in ADDRESS_PARTS):
        place = Receiver()
    known = {part: getattr(place, part) for part in ADDRESS_PARTS}
    known |= {part: getattr(given, part) or _unmasked(getattr(standing, part)) for part in ("name", "phone")}
    missing = [part for part in WHOLE if not known[part]]
    if missing:
        raise BadInput(
            _("the courier must know where to fetch the goods of {rma}; missing: {parts}").format(
                rma=rma, parts=", ".join(missing)
            ),
            code="incomplete_address",
            hint=_("add {options}; what the marketplace shows masked cannot be taken over").format(
                options=" ".join(f"--{part}" for part in missing)
            ),
        )
    return Receiver(**{**known, "phone": clean_phone(known["phone"])})


def check_consistent(change: Receiver, standing: Receiver) -> None:
    """Raises :class:`BadInput` (``incomplete_address``) where a part of the address would change and a smaller one, which
    belongs to the old place, would stay: the parcel would go astray."""
    moved = ""
    left = []
    for part in ADDRESS_PARTS:
        new, old = getattr(change, part), getattr(standing, part)
        if moved and old and not new:
            left.append(part)
        if new and new != old and not moved:
            moved = part
    if left:
        raise BadInput(
            _("a new {part} needs the rest of the address as well; the old one would stay for: {parts}").format(
                part=moved, parts=", ".join(left)
            ),
            code="incomplete_address",
            hint=_("add {options}").format(options=" ".join(f"--{part}" for part in left)),
        )


def is_empty(receiver: Receiver) -> bool:
    """Whether nothing at all is given."""
    return not any(getattr(receiver, each.name) for each in fields(receiver))


def address_line(receiver: Receiver) -> str:
    """Name, phone and address on one line, as given; parts that are not given are left out."""
    place = "".join(getattr(receiver, part) for part in ADDRESS_PARTS)
    return "，".join(part for part in (receiver.name, receiver.phone, place) if part)


def _unmasked(text: str) -> str:
    return "" if "*" in text else text
