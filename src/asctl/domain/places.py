"""Addresses written on one line, taken apart as couriers want them."""

from __future__ import annotations

import re

from asctl.domain.errors import BadInput
from asctl.domain.orders import Receiver
from asctl.text import _

_MUNICIPALITIES = ("北京", "上海", "天津", "重庆")
_PROVINCE = re.compile(r"\A(?:[^省市区\s]{2,3}省|[^\s]{2,7}?自治区|[^\s]{2,3}?特别行政区)")
_CITY = re.compile(r"\A(?:[^\s区盟]{2,7}?市|[^\s]{2,9}?自治州|[^\s市]{2,5}?地区|[^\s市]{2,5}?盟)")
_HAN = "[\u4e00-\u9fff]"
_WITHIN = f"(?:(?![路街镇乡村园区县市旗]){_HAN})"
"""A name holds no sign of a street, a town or another district, unless it begins with it (路桥区, 镇海区)."""
_LATER = f"(?:(?!道){_WITHIN})"
_DISTRICT = re.compile(
    rf"\A(?:{_HAN}(?:(?!自治|[路街镇村园区县市旗]){_HAN}){{1,11}}自治[县旗]"
    rf"|{_HAN}[乡园市旗][区县市]"
    rf"|{_HAN}(?:{_WITHIN}{_LATER}{{0,6}}?)?(?:县|(?<![小社校业务园])区)"
    rf"|{_HAN}{_WITHIN}{_LATER}{{0,6}}?(?:市|旗(?![帜舰])))"
)
"""Autonomous counties may hold 乡; 桐乡市, 梁园区, 沙市区 and 红旗区 look like more than they are. What ends in 小区 or 工业区 is
an estate."""


def parse_address(text: str, province: str = "", city: str = "", district: str = "") -> Receiver:
    """Province, city, district and the rest of an address on one line, such as ``浙江省杭州市余杭区良渚街道青禾路8号``.

    A municipality is its own province. Who gives province and city says how the address is to be read: it may begin with
    them, and holds a district only where that is given, too. Raises :class:`BadInput` (``address_unreadable``) where no
    province or city can be made out, or nothing is left for street and number; the address is not repeated.
    """
    rest = "".join(text.split())
    if province or city or district:
        for part in (province, city, district):
            rest = rest.removeprefix(part)
    else:
        province, city, district, rest = _parts(rest)
    if not (province and city and rest):
        raise BadInput(
            _("province, city and street cannot be told apart in the address"),
            code="address_unreadable",
            hint=_("write it in full, as 浙江省杭州市余杭区良渚街道青禾路8号"),
        )
    return Receiver(province=province, city=city, district=district, detail=rest)


def _parts(text: str) -> tuple[str, str, str, str]:
    province, rest = _province(text)
    city, rest = _taken(_CITY, rest)
    if not city and province.removesuffix("市") in _MUNICIPALITIES:
        city = province
    district, rest = _taken(_DISTRICT, rest)
    return province, city, district, rest


def _province(text: str) -> tuple[str, str]:
    for name in _MUNICIPALITIES:
        if text.startswith(name):
            return f"{name}市", text.removeprefix(name).removeprefix("市")
    return _taken(_PROVINCE, text)


def _taken(shape: re.Pattern[str], text: str) -> tuple[str, str]:
    found = shape.match(text)
    return (found[0], text[found.end() :]) if found else ("", text)
