"""Calls that carry a file (reference/taobao-top.md section 1.1): text as plain fields, the file with name and type."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_TYPE = "multipart/form-data; boundary="
_NAME = re.compile(r'[; ]name="([^"]*)"')
_FILE_NAME = re.compile(r'filename="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to send along; ``parameter`` is the one it stands for, ``content_type`` its media type."""

    parameter: str
    file_name: str
    content_type: str
    content: bytes


def packed(fields: Mapping[str, str], upload: Upload) -> tuple[str, bytes]:
    """Content type and body. The boundary is the file's own digest, which cannot stand inside of it."""
    boundary = "asctl" + hashlib.sha256(upload.content).hexdigest()[:40]
    parts = [(f'name="{name}"', value.encode()) for name, value in fields.items()]
    head = f'name="{upload.parameter}"; filename="{upload.file_name}"\r\nContent-Type: {upload.content_type}'
    body = b"".join(
        f"--{boundary}\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + content + b"\r\n"
        for head, content in [*parts, (head, upload.content)]
    )
    return _TYPE + boundary, body + f"--{boundary}--\r\n".encode()


def unpacked(content_type: str, body: bytes) -> tuple[dict[str, str], dict[str, bytes]]:
    """Text fields and files; both empty where ``content_type`` is another one. Never raises."""
    if not content_type.startswith(_TYPE):
        return {}, {}
    fields: dict[str, str] = {}
    files: dict[str, bytes] = {}
    for head, content in _parts(content_type.removeprefix(_TYPE).strip('"').encode(), body):
        if not (named := _NAME.search(head)):
            continue
        if _FILE_NAME.search(head):
            files[named[1]] = content
        else:
            fields[named[1]] = content.decode("utf-8", "replace")
    return fields, files


def _parts(boundary: bytes, body: bytes) -> Iterator[tuple[str, bytes]]:
    for part in (b"\r\n" + body).split(b"\r\n--" + boundary)[1:-1]:
        head, _blank, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        yield head.decode("utf-8", "replace"), content
