"""Pictures that go with a refusal (reference/taobao-top.md section 4.5)."""

from __future__ import annotations

from asctl.api import BadInput
from asctl.api import translate as _
from asctl_taobao.multipart import Upload

MOST_BYTES = 130_000
_MARKS = (
    (b"GIF8", "gif", "image/gif"),
    (b"\xff\xd8\xff", "jpg", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png", "image/png"),
)


def kind_of(picture: bytes) -> tuple[str, str] | None:
    """File ending and media type by the first bytes; ``None`` for what is no picture that the platform takes."""
    return next(((ending, media) for mark, ending, media in _MARKS if picture.startswith(mark)), None)


def upload(parameter: str, picture: bytes) -> Upload | None:
    """The picture as a file of a call; ``None`` without one. Raises :class:`BadInput` for one that is not taken."""
    if not picture:
        return None
    if len(picture) > MOST_BYTES:
        raise BadInput(
            _("the proof has {bytes} bytes, and Taobao takes {most}").format(bytes=len(picture), most=MOST_BYTES),
            code="proof_too_large",
            hint=_("make the picture smaller"),
        )
    kind = kind_of(picture)
    if kind is None:
        raise BadInput(
            _("the proof is no picture that Taobao takes"),
            code="proof_format",
            hint=_("save it as JPG, PNG or GIF"),
        )
    ending, media = kind
    return Upload(parameter, f"proof.{ending}", media, picture)
