"""Invented labels, and what a printer and a scanner make of them."""

from __future__ import annotations

import io
import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import cast

import pypdfium2
import zxingcpp
from PIL import Image, ImageFilter

from asctl.api import CHINA, Context, LabelCase, LabelContent, LabelForm, LabelGoods, RenderedLabels
from asctl_labels.pdf import PdfLabels

APPROVED = datetime(2026, 11, 21, 9, 30, tzinfo=CHINA)
LABEL = LabelContent(
    rma="RMA2611210001X",
    qr="ASCTL1|RMA2611210001X|4012345678901234567|flagship",
    order_id="4012345678901234567",
    shop="晨光家居旗舰店",
    kind="退货 / RETURN",
    reason="质量问题",
    customer="王**",
    contact="138********",
    return_name="晨光售后仓",
    return_phone="021-5555 0123",
    return_address="上海市青浦区华新镇示范路 88 号 3 号库 2 层 退货组",
    goods=(
        LabelGoods("北欧风陶瓷马克杯 350ml 磨砂白", "MUG-350-WH", 2),
        LabelGoods("日式棉麻桌布 防水防油免洗 长方形餐桌布 140×200cm 浅灰格子 加厚款", "TBL-140200-GR", 1),
    ),
    valid_until=APPROVED + timedelta(days=15),
    approved_by="8012",
    approved_at=APPROVED,
    courier="顺丰速运",
    waybill="SF1234567890123",
)
PARCEL = replace(
    LABEL,
    goods=(
        *(replace(line, rma=LABEL.rma) for line in LABEL.goods),
        LabelGoods("玻璃密封罐 三件套", "JAR-3SET", 1, rma="RMA26112000427"),
        LabelGoods("竹制沥水架 双层", "RACK-2L-BB", 1, rma="RMA26112000427"),
        LabelGoods("陶瓷浅盘 8 英寸 手绘青花", "PLT-8-QH", 6, rma="RMA2611190310K"),
    ),
    others=(
        LabelCase("RMA26112000427", "4012345678901230042", "换货 / EXCHANGE", "发错货"),
        LabelCase("RMA2611190310K", "4012345678901230310", "退货 / RETURN", "运输破损"),
    ),
    reprint=True,
)
"""Three cases in one parcel."""
HOSTILE = "\u202e<b>恶</b>\x00\x07\r\n\t{rma} %s \u200b" + "W" * 500


def goods(lines: int) -> tuple[LabelGoods, ...]:
    """So many lines of goods."""
    return tuple(LabelGoods(f"商品 {number}", f"SKU-{number}", number) for number in range(1, lines + 1))


def hostile_label() -> LabelContent:
    """Every free text is an attack; the numbers, which are checked elsewhere, are not."""
    return replace(
        LABEL,
        kind=HOSTILE,
        reason=HOSTILE,
        order_id=HOSTILE,
        shop=HOSTILE,
        customer=HOSTILE,
        contact=HOSTILE,
        return_name=HOSTILE,
        return_phone=HOSTILE,
        return_address=HOSTILE,
        approved_by=HOSTILE,
        courier=HOSTILE,
        goods=(LabelGoods(HOSTILE, HOSTILE, 10**9),) * 20,
        reprint=True,
    )


def hostile_parcel(cases: int = 7) -> LabelContent:
    """A hostile label with as many cases, every free text of theirs an attack."""
    others = (LabelCase(f"RMA26112000{number:02d}7", HOSTILE, HOSTILE, HOSTILE) for number in range(1, cases))
    return replace(hostile_label(), others=tuple(others))


def random_label(seed: int) -> LabelContent:
    """A label with numbers and texts of all the lengths that occur."""
    chance = random.Random(seed)
    rma = f"RMA2611{chance.randrange(10, 31)}{chance.randrange(1, 120_000):04d}{chance.choice('0123456789XYZ')}"
    order = "".join(chance.choices("0123456789", k=chance.randrange(16, 21)))
    shop = chance.choice(("flagship", "晨光家居旗舰店", "outlet-2"))
    prefix = chance.choice(("SF", "YT", "7", "JDVA", "DPK", "43"))
    waybill = prefix + "".join(chance.choices("0123456789", k=chance.randrange(10, 15)))
    return replace(
        LABEL,
        rma=rma,
        qr=f"ASCTL1|{rma}|{order}|{shop}",
        order_id=order,
        shop=shop,
        waybill=chance.choice((waybill, waybill, "")),
        goods=goods(chance.randrange(1, 4)),
        reprint=chance.random() < 0.5,
    )


def render(labels: Iterable[LabelContent], size: str = "100x150") -> tuple[RenderedLabels, bytes]:
    """The renderer's answer and the file it wrote."""
    out = io.BytesIO()
    rendered = PdfLabels(cast(Context, None)).render(labels, LabelForm(size), out)
    return rendered, out.getvalue()


def document(*labels: LabelContent) -> pypdfium2.PdfDocument:
    """The labels' file, opened by an independent reader."""
    return pypdfium2.PdfDocument(render(labels)[1])


def page_text(page: pypdfium2.PdfPage) -> str:
    """The page's words as a reader extracts them, line ends as spaces."""
    return " ".join(page.get_textpage().get_text_range().split())


def printed(page: pypdfium2.PdfPage, dpi: int) -> Image.Image:
    """What a thermal printer of ``dpi`` makes of a page: black or white."""
    return page.render(scale=dpi / 72).to_pil().convert("L").point(lambda shade: 255 if shade > 127 else 0)


def scanned(picture: Image.Image, *, turn: int = 0, blur: float = 0.8) -> list[str]:
    """The texts that a scanner reads in a turned, slightly blurred picture."""
    seen = picture.rotate(turn, expand=True, fillcolor=255).filter(ImageFilter.GaussianBlur(blur))
    return sorted(code.text for code in zxingcpp.read_barcodes(seen))


def codes_of(label: LabelContent) -> list[str]:
    """What a scanner should read on the first page of a label."""
    return sorted(text for text in (label.rma, label.qr, label.waybill) if text)
