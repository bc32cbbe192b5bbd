"""What the invented shop sells, and what its buyers and staff write."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from random import Random


@dataclass(frozen=True, slots=True)
class Goods:
    """One article as sold: title, our article number, chosen properties, price in yuan."""

    title: str
    sku: str
    properties: str
    price: Decimal


def _range(title: str, code: str, price: str, *options: tuple[str, str]) -> list[Goods]:
    return [Goods(title, f"{code}-{suffix}", properties, Decimal(price)) for suffix, properties in options]


SHELF = (
    *_range(
        "双层保温杯 500ml 便携水杯",
        "CUP500",
        "129.00",
        ("BL", "颜色分类:雾蓝"),
        ("WH", "颜色分类:米白"),
        ("GN", "颜色分类:松绿"),
    ),
    *_range(
        "宽松圆领卫衣 加绒款",
        "SWT21",
        "199.00",
        ("GY-M", "颜色:灰;尺码:M"),
        ("GY-L", "颜色:灰;尺码:L"),
        ("BK-XL", "颜色:黑;尺码:XL"),
    ),
    *_range("长柄杯刷", "BRUSH", "19.90", ("1", "规格:单支"), ("3", "规格:三支装")),
    *_range("实木台灯 三档调光", "LAMP3", "268.00", ("OAK", "材质:橡木"), ("WAL", "材质:胡桃木")),
    *_range("纯棉四件套 1.8m", "BED18", "459.00", ("ST", "花色:条纹"), ("PL", "花色:素色")),
    *_range("蓝牙耳机 半入耳式", "EAR5", "329.00", ("W", "颜色:白"), ("B", "颜色:黑")),
    *_range("高山绿茶 250g 罐装", "TEA250", "88.00", ("A", "等级:一级"), ("S", "等级:特级")),
    *_range("儿童雨靴 防滑", "BOOT", "76.50", ("26", "尺码:26码"), ("28", "尺码:28码")),
    *_range("陶瓷餐具 16 件套", "DISH16", "238.00", ("BL", "花色:青花"), ("GR", "花色:浅灰")),
    *_range("手账本 A5 点阵", "NOTE5", "36.80", ("DOT", "内页:点阵"), ("SQ", "内页:方格")),
)
MESSAGES = (
    "请在工作日配送，谢谢",
    "麻烦包装严实一点，是送人的",
    "放门口快递柜就行，不要打电话",
    "尺码偏大吗？如果偏大请发小一码",
    "急用，能今天发出吗🙏",
    "不要发邮政",
    "开发票，抬头稍后发客服",
)
REMARKS = (
    "VIP 先联系 8003",
    "已补差价 5 元 8012",
    "客户改地址，已确认 8007",
    "赠品：杯刷一支 8003",
    "催发货，已安抚 8012",
    "破损补发，照片已收 8007",
)


def pick(rng: Random, count: int) -> list[Goods]:
    """``count`` different articles."""
    return rng.sample(SHELF, count)
