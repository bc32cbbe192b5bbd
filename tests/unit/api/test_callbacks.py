"""Signed form callbacks: what is read, and which are believed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asctl.api import CredentialsRefused, read_form, unreadable_callback, verify_callback


def test_form_is_read_as_utf8() -> None:
    """Escapes, raw characters and empty members are read; the last of a repeated name wins."""
    assert read_form("a=%E6%8B%A6+1&b=截&c=&a2=x&a2=y".encode()) == {"a": "拦 1", "b": "截", "c": "", "a2": "y"}


@given(st.binary(max_size=60))
def test_any_body_is_a_form(body: bytes) -> None:
    """Whatever a stranger posts, reading it does not fail."""
    assert isinstance(read_form(body), dict)


def test_right_signature_is_believed() -> None:
    """The signature of the text as received passes."""
    verify_callback("c2ln", "c2ln", "sf-main", "secret")


@pytest.mark.parametrize(("told", "code"), [("", "push_unsigned"), ("c2lN", "push_forged"), ("签", "push_forged")])
def test_no_other_signature_is(told: str, code: str) -> None:
    """None or another one is refused; the right one does not stand in the error, the setting that makes it does."""
    with pytest.raises(CredentialsRefused) as caught:
        verify_callback(told, "c2ln", "sf-main", "push_secret")
    assert (caught.value.code, caught.value.account) == (code, "sf-main")
    assert "push_secret" in caught.value.hint
    assert "c2ln" not in repr(vars(caught.value))


def test_unreadable_callback_is_the_authors_matter() -> None:
    """It is signed right, so the sender is genuine and the plugin does not know the shape."""
    error = unreadable_callback("sf-main")
    assert (error.code, error.account) == ("push_unreadable", "sf-main")
    assert "author" in error.hint
