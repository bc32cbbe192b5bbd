"""The attribute text of an application."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from asctl_taobao.attributes import read_attributes, write_attributes

KEYS = st.text("abcXYZ0123456789", min_size=1)
VALUES = st.text().filter(lambda value: "#3" not in value and not value.endswith("#"))


def test_documented_text() -> None:
    """Keys and values of the sample; the escapes stand the wrong way round."""
    read = read_attributes(";disputeRequest:3;tod:259200000;pInst:{'a'#3B1#3A2};odd;")
    assert read == {"disputeRequest": "3", "tod": "259200000", "pInst": "{'a':1;2}"}
    assert (read_attributes(""), write_attributes({})) == ({}, "")


@given(st.dictionaries(KEYS, VALUES))
def test_round_trip(values: dict[str, str]) -> None:
    """What is written is read back."""
    assert read_attributes(write_attributes(values)) == values
