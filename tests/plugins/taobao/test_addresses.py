"""Receivers as the platform takes and shows them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asctl.api import BadInput, Evidence, Receiver
from asctl_taobao.addresses import MOST_BYTES, check, compared, parameters
from asctl_taobao.sandbox_shapes import masked_detail, masked_name, masked_phone

NEW = Receiver("虚构乙", "13900005678", "江苏省", "南京市", "玄武区", "示例街道", "示例大道2号示例里1幢101室")
SHOWN = {
    "receiver_name": "虚**",
    "receiver_mobile": "1390000****",
    "receiver_state": "江苏省",
    "receiver_city": "南京市",
    "receiver_district": "玄武区",
    "receiver_town": "示例街道",
    "receiver_address": "示**2号示例里**室",
}
FIELDS = {
    "name": "receiver_name",
    "province": "receiver_state",
    "city": "receiver_city",
    "district": "receiver_district",
    "town": "receiver_town",
    "detail": "receiver_address",
}


def code_of(receiver: Receiver) -> str:
    with pytest.raises(BadInput) as caught:
        check(receiver)
    assert caught.value.hint
    return caught.value.code


@pytest.mark.parametrize(("field", "parameter"), FIELDS.items())
def test_byte_limits(field: str, parameter: str) -> None:
    """A Chinese character counts two bytes: the limit fits, one character more does not, and the sentence says so."""
    most = MOST_BYTES[parameter]
    check(replace(Receiver(), **{field: "长" * (most // 2)}))
    check(replace(Receiver(), **{field: "a" * most}))
    assert code_of(replace(Receiver(), **{field: "a" * (most + 1)})) == "address_too_long"
    with pytest.raises(BadInput, match=rf"{most + 2} bytes in GBK.* {most}$") as caught:
        check(replace(Receiver(), **{field: "长" * (most // 2 + 1)}))
    assert "长" not in caught.value.message


def test_characters_outside_gbk_count_four() -> None:
    """A rare character may take four bytes."""
    check(Receiver(town="𬱖" * 8))
    assert code_of(Receiver(town="𬱖" * 8 + "a")) == "address_too_long"


@pytest.mark.parametrize(
    ("phone", "parameter"),
    [
        ("13900005678", "receiver_mobile"),
        ("0571-80000000", "receiver_phone"),
        ("02180000000", "receiver_phone"),
        ("80000000", "receiver_phone"),
        ("0571-8000000-123", "receiver_phone"),
        ("400-800-0000", "receiver_phone"),
    ],
)
def test_phones(phone: str, parameter: str) -> None:
    """A mobile number and a landline number travel under names of their own."""
    check(Receiver(phone=phone))
    assert parameters(Receiver(phone=phone)) == {parameter: phone}


@pytest.mark.parametrize(
    "phone",
    ["1390000567", "139000056789", "12300005678", "phone", "-1", "１３９００００５６７８", "1390000567８", "0571"],
)
def test_malformed_phones(phone: str) -> None:
    """What is neither is refused before anything is sent."""
    assert code_of(Receiver(phone=phone)) == "phone_malformed"


def test_stars_are_never_written() -> None:
    """Masked data would overwrite the real data; a receiver without a field would change nothing."""
    for masked in (replace(NEW, name="虚**"), replace(NEW, phone="1390000****"), replace(NEW, detail="示**室")):
        assert code_of(masked) == "receiver_masked"
    assert code_of(Receiver()) == "receiver_empty"


def test_only_given_fields_travel() -> None:
    """An empty field keeps what stands."""
    assert parameters(Receiver(city="南京市")) == {"receiver_city": "南京市"}
    assert parameters(NEW).keys() == SHOWN.keys()


def test_masked_values_match() -> None:
    """Visible characters decide; stars stand for anything; blanks and widths do not matter."""
    assert compared(parameters(NEW), SHOWN) is Evidence.PRESENT
    assert compared({"receiver_name": "虚构乙"}, {"receiver_name": "虚＊＊"}) is Evidence.PRESENT
    assert compared({"receiver_address": "示例 大道2号"}, {"receiver_address": "示例大道２号"}) is Evidence.PRESENT
    assert compared({"receiver_state": "江苏"}, {"receiver_state": "江苏省"}) is Evidence.PRESENT


@pytest.mark.parametrize("member", SHOWN)
def test_one_difference_is_proof(member: str) -> None:
    """One field that surely differs proves that the change is not there."""
    assert compared(parameters(NEW), {**SHOWN, member: "另" + SHOWN[member]}) is Evidence.ABSENT


@pytest.mark.parametrize("member", SHOWN)
def test_what_cannot_be_seen_proves_nothing(member: str) -> None:
    """A field that is hidden or absent leaves it open, unless another one differs."""
    for hidden in ({**SHOWN, member: "****"}, {name: value for name, value in SHOWN.items() if name != member}):
        assert compared(parameters(NEW), hidden) is Evidence.UNKNOWN
        other = "receiver_city" if member != "receiver_city" else "receiver_town"
        assert compared(parameters(NEW), {**hidden, other: "别处"}) is Evidence.ABSENT


@given(st.text(min_size=1), st.text(min_size=1), st.text(min_size=1))
def test_what_was_masked_matches_itself(name: str, phone: str, detail: str) -> None:
    """However a value was masked, it never counts as another one."""
    wanted = {"receiver_name": name, "receiver_phone": phone, "receiver_address": detail}
    shown = {
        "receiver_name": masked_name(name),
        "receiver_phone": masked_phone(phone),
        "receiver_address": masked_detail(detail) if len(detail) > 10 else detail,
    }
    assert compared(wanted, shown) is not Evidence.ABSENT


@given(st.builds(Receiver, *[st.text()] * 7))
def test_checking_raises_nothing_else(receiver: Receiver) -> None:
    """Whatever is typed, it is accepted or told as bad input."""
    try:
        check(receiver)
    except BadInput as error:
        assert error.code in ("receiver_empty", "receiver_masked", "address_too_long", "phone_malformed")
