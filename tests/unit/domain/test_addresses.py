"""Receivers as people type them."""

from __future__ import annotations

import re
import string
from dataclasses import fields, replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from asctl.domain.addresses import (
    ADDRESS_PARTS,
    address_line,
    check_consistent,
    clean_phone,
    is_empty,
    names_address,
    whole_receiver,
)
from asctl.domain.errors import BadInput
from asctl.domain.orders import Receiver

NEW = Receiver("", "", "浙江省", "杭州市", "余杭区", "", "文一西路 969 号")
STANDING = Receiver("王小明", "13800001234", "上海市", "上海市", "浦东新区", "", "世纪大道 1 号")
SHAPE = re.compile(r"1[3-9][0-9]{9}(-[0-9]{2,6})?|0[0-9]{2,3}-?[0-9]{7,8}(-[0-9]{1,6})?")
DIGITS = st.text(string.digits, min_size=9, max_size=9)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("13800001234", "13800001234"),
        (" 138 0000 1234 ", "13800001234"),
        ("+86 13800001234", "13800001234"),
        ("＋８６１３８００００１２３４", "13800001234"),
        ("8613800001234", "13800001234"),
        ('="13800001234"', "13800001234"),
        ("'13800001234", "13800001234"),
        ("13800001234转1234", "13800001234-1234"),
        ("18400001234-5678", "18400001234-5678"),
        ("0571-88888888", "0571-88888888"),
        ("（0571）88888888", "057188888888"),
        ("+86 021 6888 8888-12", "02168888888-12"),
    ],
)
def test_phones_as_people_write_them(typed: str, number: str) -> None:
    """Blanks, brackets, +86, full width and a spreadsheet's wrapping are taken off; an extension stays."""
    assert clean_phone(typed) == number
    assert clean_phone(number) == number


@pytest.mark.parametrize(
    "typed",
    ["", "1380000123", "138000012345", "12800001234", "88886666", "138****1234", "1380000123a", "0086 13800001234"],
)
def test_what_is_no_phone_is_refused_and_not_repeated(typed: str) -> None:
    """Too short, too long, masked, with letters: refused without writing the number into a log."""
    with pytest.raises(BadInput) as caught:
        clean_phone(typed)
    assert caught.value.code == "bad_phone"
    assert not typed or typed not in caught.value.message + caught.value.hint


@given(st.text("0123456789+-() 转１８６١٣٨", max_size=18) | st.text(max_size=18))
@example("13٨٠٠٠٠١٢٣٤")
@example("1" + "³" * 10)
def test_what_is_accepted_has_the_shape_that_couriers_take(typed: str) -> None:
    """Whatever is typed, what comes out is ASCII digits in one of the three shapes, and stays itself."""
    try:
        number = clean_phone(typed)
    except BadInput as problem:
        assert problem.code in ("bad_phone", "spoilt_number")
        return
    assert SHAPE.fullmatch(number)
    assert clean_phone(number) == number


@given(st.sampled_from("3456789"), DIGITS, st.sampled_from(["", "+86", "86", "＋８６ "]))
def test_every_mobile_number_is_accepted(second: str, rest: str, prefix: str) -> None:
    """Each range that the carriers use, with or without the country's code."""
    assert clean_phone(f"{prefix}1{second}{rest}") == f"1{second}{rest}"


def test_an_address_is_named_by_any_of_its_parts() -> None:
    """Name and phone are no address; nothing at all is empty."""
    assert is_empty(Receiver())
    for field in fields(Receiver):
        one = replace(Receiver(), **{field.name: "x"})
        assert not is_empty(one)
        assert names_address(one) == (field.name in ADDRESS_PARTS)


def test_name_and_phone_are_taken_over_from_what_stands() -> None:
    """A courier wants the whole receiver; the address is the new one alone, never a mixture."""
    assert whole_receiver(NEW, STANDING) == replace(NEW, name="王小明", phone="13800001234")
    given_both = replace(NEW, name="李雷", phone="13900000000")
    assert whole_receiver(given_both, STANDING) == given_both
    with pytest.raises(BadInput) as caught:
        whole_receiver(replace(NEW, detail=""), STANDING)
    assert (caught.value.code, "--detail" in caught.value.hint) == ("incomplete_address", True)


def test_what_is_masked_is_not_taken_over() -> None:
    """The marketplace's stars are no name and no phone: the error names each that is missing, and repeats none."""
    masked = replace(STANDING, name="王**", phone="138****1234")
    with pytest.raises(BadInput) as caught:
        whole_receiver(NEW, masked)
    assert caught.value.code == "incomplete_address"
    assert "--name --phone" in caught.value.hint
    assert "王" not in caught.value.message + caught.value.hint


def test_under_way_only_the_address_can_change() -> None:
    """A new name or phone alone is refused for a parcel under way (R95)."""
    with pytest.raises(BadInput) as caught:
        whole_receiver(Receiver(name="李雷", phone="13900000000"), STANDING)
    assert caught.value.code == "only_address"


@pytest.mark.parametrize(
    ("change", "options"),
    [
        (Receiver(city="宁波市"), "--district --detail"),
        (Receiver(province="浙江省", city="杭州市", district="余杭区"), "--detail"),
        (Receiver(district="徐汇区"), "--detail"),
    ],
)
def test_a_new_place_does_not_keep_the_old_street(change: Receiver, options: str) -> None:
    """Half an old and half a new address would lead the parcel astray: the parts that are missing are named."""
    with pytest.raises(BadInput) as caught:
        check_consistent(change, STANDING)
    assert (caught.value.code, caught.value.hint) == ("incomplete_address", f"add {options}")


@pytest.mark.parametrize(
    "change",
    [
        Receiver(),
        Receiver(name="李雷"),
        Receiver(detail="世纪大道 2 号"),
        Receiver(city="上海市"),
        NEW,
        replace(NEW, town="五常街道"),
    ],
)
def test_a_smaller_part_alone_may_change(change: Receiver) -> None:
    """Another house in the same street, the same city said again, or a whole new address."""
    check_consistent(change, STANDING)


def test_a_receiver_on_one_line() -> None:
    """What is read back to the customer is what was given, without gaps for what was not (R94)."""
    assert address_line(STANDING) == "王小明，13800001234，上海市上海市浦东新区世纪大道 1 号"
    assert address_line(NEW) == "浙江省杭州市余杭区文一西路 969 号"
    assert address_line(Receiver()) == ""
