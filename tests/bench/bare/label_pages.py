"""A bare script that draws return labels with reportlab, its barcode widgets, and a document each: LABELS.ndjson FOLDER [FONT.ttf].

Without a font it uses one that it does not embed: whoever prints the label needs one that replaces it.
"""

import json
import sys
from pathlib import Path

from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.code128 import Code128
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

FONT_FILE = sys.argv[3] if len(sys.argv) > 3 else ""
FONT = "embedded" if FONT_FILE else "STSong-Light"


def draw(label: dict, file: Path) -> None:
    page = Canvas(str(file), pagesize=(100 * mm, 150 * mm))

    def write(x: float, y: float, size: float, text: str) -> None:
        page.setFont(FONT, size)
        page.drawString(x * mm, (150 - y) * mm, text)

    write(3, 10, 20, label["kind"])
    write(51, 6, 7, "原因 Reason")
    write(51, 12, 14, label["reason"])
    write(5, 25, 30, label["rma"])
    Code128(label["rma"], barWidth=0.375 * mm, barHeight=16 * mm).drawOn(page, 3 * mm, 105 * mm)
    code = QrCodeWidget(label["qr"], barLevel="M", barWidth=23 * mm, barHeight=23 * mm)
    renderPDF.draw(Drawing(23 * mm, 23 * mm, code), page, 74 * mm, 99 * mm)
    write(6, 49, 9.5, f"有效期至 Valid until {label['valid_until'][:10]}")
    write(3, 55, 7.5, "寄回 Return to")
    write(3, 62, 17, label["return_name"])
    write(56, 62, 17, label["return_phone"])
    write(3, 70, 12, label["return_address"][:24])
    write(3, 76, 12, label["return_address"][24:])
    write(3, 84, 7.5, "寄回运单号 Return waybill")
    write(3, 91, 16, f"{label['waybill']}  {label['courier']}")
    Code128(label["waybill"], barWidth=0.375 * mm, barHeight=12 * mm).drawOn(page, 3 * mm, 45 * mm)
    write(3, 109, 7, "订单号 Order")
    write(3, 114, 12, label["order_id"])
    write(53, 109, 7, "店铺 Shop")
    write(53, 114, 12, label["shop"])
    write(3, 118, 7, "客户 Customer")
    write(3, 123, 12, f"{label['customer']}  {label['contact']}")
    write(53, 118, 7, "审核 Approved by / date")
    write(53, 123, 12, f"{label['approved_by']}  {label['approved_at'][:10]}")
    write(3, 129, 7.5, "商品 Goods")
    write(56, 129, 7.5, "SKU")
    write(83, 129, 7.5, "数量 Qty")
    for row, line in enumerate(label["goods"]):
        for x, text in ((3, line["title"][:22]), (56, line["sku"]), (90, str(line["quantity"]))):
            write(x, 134 + 5.75 * row, 8, text)
    page.save()


pdfmetrics.registerFont(TTFont(FONT, FONT_FILE) if FONT_FILE else UnicodeCIDFont(FONT))
folder = Path(sys.argv[2])
for entry in Path(sys.argv[1]).read_text("utf-8").splitlines():
    content = json.loads(entry)
    draw(content, folder / f"{content['rma']}.pdf")
