"""What comes out of a printer for each format's file: black dots on white paper, page by page."""

from __future__ import annotations

import base64
import importlib
import io
import re
import zlib
from collections.abc import Callable, Iterable

import pypdfium2
from PIL import Image

import asctl_labels
from asctl.api import LabelContent, LabelForm, LabelLimits, ProviderSpec, RenderedLabels

BLACK, WHITE = 0, 255
PAPERS = {"100x150": (100, 150), "100x180": (100, 180), "76x130": (76, 130), "a6": (105, 148), "a4": (210, 297)}
"""Millimetres."""
DOTS_PER_MM = {203: 8, 300: 300 / 25.4}

_COMMAND = re.compile(r"\^(?P<name>[A-Z][A-Z0-9])(?P<operands>[^\^\n]*)\n?")
_MOST_BYTES = 99_999


def specs() -> dict[str, ProviderSpec]:
    """The declared renderers by format."""
    return {spec.id: spec for spec in asctl_labels.asctl_label_renderers()}


def limits(format: str) -> LabelLimits:
    """What a format's spec declares."""
    capability = specs()[format].capability("LabelRenderer")
    assert capability is not None
    assert isinstance(capability.limits, LabelLimits)
    return capability.limits


def draw(format: str, labels: Iterable[LabelContent], form: LabelForm) -> tuple[RenderedLabels, bytes]:
    """The renderer's answer and the file it wrote."""
    module, name = specs()[format].factory.split(":")
    out = io.BytesIO()
    rendered = getattr(importlib.import_module(module), name)(None).render(labels, form, out)
    return rendered, out.getvalue()


def printed_pages(format: str, labels: Iterable[LabelContent], size: str, dpi: int) -> list[Image.Image]:
    """The papers that a printer of ``dpi`` puts out."""
    form = LabelForm(size, dpi if limits(format).dpis else 0)
    return _READERS[format](draw(format, labels, form)[1], size, dpi)


def dots(size: str, dpi: int) -> tuple[int, int]:
    """How many dots a paper has across and down."""
    width, height = PAPERS[size]
    return round(width * DOTS_PER_MM[dpi]), round(height * DOTS_PER_MM[dpi])


def zpl_pages(zpl: str) -> list[Image.Image]:
    """Formats of ZPL II as pictures, by the rules of Zebra's programming guide.

    Raises :class:`ValueError` for a command that a label has no need of, and for damaged or oversized graphics.
    """
    pages: list[Image.Image] = []
    for name, operands in _commands(zpl):
        numbers = [int(operand) for operand in operands.split(",") if operand.isdigit()]
        match name:
            case "XA":
                pages.append(Image.new("L", (0, 0), WHITE))
            case "PW":
                width = numbers[0]
            case "LL":
                pages[-1] = Image.new("L", (width, numbers[0]), WHITE)
            case "FO":
                place = numbers[0], numbers[1]
            case "GF":
                ink = _graphic(operands)
                if place[0] + ink.width > width + 7 or place[1] + ink.height > pages[-1].height:
                    raise ValueError("a graphic field beyond the paper")
                pages[-1].paste(BLACK, place, ink)
            case "LH" | "FW" | "LR" | "PM" if operands in {"0,0", "N"}:
                pass
            case "FS" | "XZ" if not operands:
                pass
            case _:
                raise ValueError(f"^{name}{operands}")
    return pages


def _commands(zpl: str) -> Iterable[tuple[str, str]]:
    at = 0
    while at < len(zpl):
        found = _COMMAND.match(zpl, at)
        if not found:
            raise ValueError(f"no command at {at}: {zpl[at : at + 20]!r}")
        yield found["name"], found["operands"]
        at = found.end()


def _graphic(operands: str) -> Image.Image:
    """The dots of a ``^GF`` with ``Z64`` data, set where they are black."""
    kind, sent, total, row, data = operands.split(",", 4)
    _empty, coding, packed, crc = data.split(":")
    if (kind, coding) != ("A", "Z64") or sent != total or not 0 < int(total) <= _MOST_BYTES:
        raise ValueError("a graphic field out of range")
    if int(crc, 16) != _crc16(packed.encode()):
        raise ValueError("a graphic field was damaged")
    bits = zlib.decompress(base64.b64decode(packed, validate=True))
    if len(bits) != int(total):
        raise ValueError("a graphic field of another length")
    return Image.frombytes("1", (int(row) * 8, len(bits) // int(row)), bits)


def _crc16(data: bytes) -> int:
    """Polynomial x^16 + x^12 + x^5 + 1 from 0, as printers reckon it bit by bit."""
    crc = 0
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ (0x1021 if crc & 0x8000 else 0)) & 0xFFFF
    return crc


def _pdf(data: bytes, size: str, dpi: int) -> list[Image.Image]:
    return [
        page.render(scale=dpi / 72).to_pil().convert("L").point(lambda shade: WHITE if shade > 127 else BLACK)
        for page in pypdfium2.PdfDocument(data)
    ]


def _png(data: bytes, size: str, dpi: int) -> list[Image.Image]:
    strip = Image.open(io.BytesIO(data)).convert("L")
    height = dots(size, dpi)[1]
    return [strip.crop((0, top, strip.width, top + height)) for top in range(0, strip.height, height)]


def _zpl(data: bytes, size: str, dpi: int) -> list[Image.Image]:
    return zpl_pages(data.decode("ascii"))


_READERS: dict[str, Callable[[bytes, str, int], list[Image.Image]]] = {"pdf": _pdf, "png": _png, "zpl": _zpl}
