"""Calls with a file."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from asctl_taobao.multipart import Upload, packed, unpacked

NAMES = st.text("abc_", min_size=1, max_size=8)


@given(st.dictionaries(NAMES, st.text()), st.binary())
def test_round_trip(fields: dict[str, str], content: bytes) -> None:
    """Any text and any bytes arrive as they were sent: line ends, blank parts and dashes included."""
    content_type, body = packed(fields, Upload("refuse_proof", "proof.png", "image/png", content))
    assert unpacked(content_type, body) == (fields, {"refuse_proof": content})


def test_on_the_wire() -> None:
    """Text stands as plain UTF-8, not percent-encoded; the file carries its name and type."""
    content_type, body = packed(
        {"refuse_message": "凭证 A&B"}, Upload("refuse_proof", "proof.gif", "image/gif", b"GIF8")
    )
    boundary = content_type.removeprefix("multipart/form-data; boundary=").encode()
    assert body == (
        b"--" + boundary + b'\r\nContent-Disposition: form-data; name="refuse_message"\r\n\r\n'
        + "凭证 A&B".encode() + b"\r\n--" + boundary
        + b'\r\nContent-Disposition: form-data; name="refuse_proof"; filename="proof.gif"\r\n'
        + b"Content-Type: image/gif\r\n\r\nGIF8\r\n--" + boundary + b"--\r\n"
    )  # fmt: skip


@given(st.text(), st.binary())
def test_reading_never_fails(content_type: str, body: bytes) -> None:
    """Whatever arrives is read as far as it goes."""
    unpacked(content_type, body)
    unpacked("multipart/form-data; boundary=" + content_type, body)
