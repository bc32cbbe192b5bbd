"""A receiver as ``taobao.trade.shippingaddress.update`` takes it, and beside the masked one that stands
(reference/taobao-top.md sections 3.4 and 3.6)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

from asctl.api import BadInput, Evidence, Receiver
from asctl.api import translate as _
from asctl_taobao.wire import Row, text

# Bytes in GBK; a character that GBK lacks counts four, as in its successor GB 18030.
MOST_BYTES = {
    "receiver_name": 50,
    "receiver_mobile": 11,
    "receiver_phone": 30,
    "receiver_state": 32,
    "receiver_city": 32,
    "receiver_district": 32,
    "receiver_town": 32,
    "receiver_address": 228,
}
SHOWN = tuple(MOST_BYTES)
_REGIONS = frozenset({"receiver_state", "receiver_city", "receiver_district", "receiver_town"})
_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_LANDLINE = re.compile(r"(?:0\d{2,3}-?)?[2-9]\d{6,7}(?:-\d{1,6})?|400-?\d{3}-?\d{4}", re.ASCII)


def is_mobile(phone: str) -> bool:
    """Whether it is a mainland mobile number of 11 digits; all others travel as ``receiver_phone``."""
    return _MOBILE.fullmatch(phone) is not None


def parameters(receiver: Receiver) -> dict[str, str]:
    """The parameters that change what ``receiver`` fills; members of a trade bear the same names."""
    phone = "receiver_mobile" if is_mobile(receiver.phone) else "receiver_phone"
    fields = {
        "receiver_name": receiver.name,
        phone: receiver.phone,
        "receiver_state": receiver.province,
        "receiver_city": receiver.city,
        "receiver_district": receiver.district,
        "receiver_town": receiver.town,
        "receiver_address": receiver.detail,
    }
    return {name: value for name, value in fields.items() if value}


def same(standing: Receiver, trade: Row) -> bool:
    """Whether ``trade`` shows the very receiver that was shown before."""
    shown = {name: text(trade.get(name)) for name in SHOWN}
    phone = shown["receiver_mobile"] or shown["receiver_phone"]
    place = (shown["receiver_state"], shown["receiver_city"], shown["receiver_district"], shown["receiver_town"])
    before = (standing.province, standing.city, standing.district, standing.town)
    named = (shown["receiver_name"], phone, shown["receiver_address"])
    return place == before and named == (standing.name, standing.phone, standing.detail)


def gbk_bytes(value: str) -> int:
    """How long the platform finds a text."""
    return len(value.encode("gb18030", "replace"))


def check(receiver: Receiver) -> None:
    """Raises :class:`BadInput` for what would surely be refused, or would write stars over the real data."""
    wanted = parameters(receiver)
    if not wanted:
        raise _bad("receiver_empty", _("a new receiver without any field changes nothing"), _("give the new address"))
    for name, value in wanted.items():
        if "*" in value:
            sentence = _("the receiver's {field} is masked with stars").format(field=_field(name))
            raise _bad("receiver_masked", sentence, _("give it in full, or leave it out to keep what stands"))
        if gbk_bytes(value) > MOST_BYTES[name]:
            raise _too_long(name, value)
    if receiver.phone and not is_mobile(receiver.phone) and not _LANDLINE.fullmatch(receiver.phone):
        sentence = _("the receiver's phone is neither a mobile number of 11 digits nor a landline number")
        raise _bad("phone_malformed", sentence, _("write it as 13800000000 or 0571-80000000"))


def compared(wanted: Mapping[str, str], trade: Row) -> Evidence:
    """Whether ``wanted`` stands in ``trade``: ``PRESENT`` when each field matches as far as it can be seen, ``ABSENT``
    when one surely differs, ``UNKNOWN`` when one cannot be seen at all."""
    verdicts = set(_verdicts(wanted, trade))
    if False in verdicts:
        return Evidence.ABSENT
    return Evidence.UNKNOWN if None in verdicts else Evidence.PRESENT


def _verdicts(wanted: Mapping[str, str], trade: Row) -> Iterator[bool | None]:
    for name, value in wanted.items():
        given, stands = _plain(value), _plain(text(trade.get(name)))
        if not stands.strip("*"):
            yield None
        elif name in _REGIONS and (given.startswith(stands) or stands.startswith(given)):
            # The platform completes 浙江 to 浙江省 (inferred).
            yield True
        else:
            yield _fits(given, stands)


def _fits(given: str, masked: str) -> bool:
    """A run of stars stands for any text, since the platform does not say how much it hides."""
    seen = re.split(r"\*+", masked)
    return re.fullmatch(".*".join(re.escape(piece) for piece in seen), given, re.DOTALL) is not None


def _plain(value: str) -> str:
    return "".join(unicodedata.normalize("NFKC", value).split())


def _too_long(name: str, value: str) -> BadInput:
    return _bad(
        "address_too_long",
        _("the receiver's {field} has {bytes} bytes in GBK, and Taobao takes {most}").format(
            field=_field(name), bytes=gbk_bytes(value), most=MOST_BYTES[name]
        ),
        _("shorten it: a Chinese character counts two bytes, most others one"),
    )


def _field(name: str) -> str:
    """What people call a parameter."""
    return {
        "receiver_name": _("name"),
        "receiver_mobile": _("mobile number"),
        "receiver_phone": _("phone number"),
        "receiver_state": _("province"),
        "receiver_city": _("city"),
        "receiver_district": _("district"),
        "receiver_town": _("town"),
        "receiver_address": _("address"),
    }[name]


def _bad(code: str, sentence: str, hint: str) -> BadInput:
    return BadInput(sentence, code=code, hint=hint)
