"""Where couriers bring what they fetch: the shop's return address, read, or as its parts are set."""

from __future__ import annotations

import pytest

from tests.command_support import Command
from tests.pickup_support import cases, pickups, request
from tests.sandbox_support import SandboxSite

ADDRESS = 'return_address = "浙江省杭州市余杭区示例路9号"'
SUZHOU = '\nreturn_province = "江苏省"\nreturn_city = "苏州市"\nreturn_district = "工业园区"'


@pytest.mark.parametrize(
    ("settings", "place"),
    [
        (ADDRESS, ("浙江省", "杭州市", "余杭区", "示例路9号")),
        ('return_address = "江苏省苏州市工业园区示例路9号"', ("江苏省", "苏州市", "", "工业园区示例路9号")),
        ('return_address = "江苏省苏州市工业园区示例路9号"' + SUZHOU, ("江苏省", "苏州市", "工业园区", "示例路9号")),
        ('return_address = "示例路9号3号库"' + SUZHOU, ("江苏省", "苏州市", "工业园区", "示例路9号3号库")),
    ],
)
def test_where_goods_are_brought(
    sandbox: SandboxSite, asctl: Command, settings: str, place: tuple[str, str, str, str]
) -> None:
    """Parts that are set win over what can be read in the address, which may begin with them."""
    sandbox.reconfigure(ADDRESS, settings)
    (number,) = cases(sandbox, asctl)
    assert request(asctl, number, "--courier", "yto").code == 0
    (made,) = pickups(sandbox)
    receiver = made["receiver"]
    assert tuple(receiver[part] for part in ("province", "city", "district", "detail")) == place


def test_half_a_place_is_told_before_anybody_is_asked(sandbox: SandboxSite, asctl: Command) -> None:
    """A province without its city is a mistake of the configuration."""
    sandbox.reconfigure(ADDRESS, ADDRESS + '\nreturn_province = "江苏省"')
    (number,) = cases(sandbox, asctl)
    result = request(asctl, number, "--courier", "yto")
    assert result.codes() == ["return_address_unreadable"]
    assert pickups(sandbox) == []
