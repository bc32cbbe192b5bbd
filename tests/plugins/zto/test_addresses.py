"""Receivers as the six members of a redirection."""

from __future__ import annotations

import pytest

from asctl.api import Receiver
from asctl_zto.addresses import receive_members

WHO = {"name": "测试丙", "phone": "13800000003"}


@pytest.mark.parametrize(
    ("receiver", "city", "district", "address"),
    [
        (
            Receiver(**WHO, province="浙江省", city="杭州市", district="余杭区", detail="示例路9号"),
            "杭州市",
            "余杭区",
            "示例路9号",
        ),
        (
            Receiver(**WHO, province="浙江省", city="杭州市", district="余杭区", town="仓前街道", detail="示例路9号"),
            "杭州市",
            "余杭区",
            "仓前街道示例路9号",
        ),
        (
            Receiver(**WHO, province="广东省", city="东莞市", town="虎门镇", detail="示例路9号"),
            "东莞市",
            "虎门镇",
            "示例路9号",
        ),
        (Receiver(**WHO, province="广东省", city="东莞市", detail="示例路9号"), "东莞市", "东莞市", "示例路9号"),
        (Receiver(**WHO, province="湖北省", district="仙桃市", detail="示例路9号"), "仙桃市", "仙桃市", "示例路9号"),
    ],
    ids=["whole", "town", "city without districts", "city alone", "county-level city"],
)
def test_places_without_a_level_fill_every_member(receiver: Receiver, city: str, district: str, address: str):
    """All six members are required, and not every place in China has all levels; nothing of the address is lost."""
    assert receive_members(receiver) == {
        "receivePhone": "13800000003",
        "receiveUsername": "测试丙",
        "receiveAddress": address,
        "receiveDistrict": district,
        "receiveCity": city,
        "receiveProvince": receiver.province,
    }
