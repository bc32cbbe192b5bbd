"""Addresses on one line, taken apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asctl.domain.errors import BadInput
from asctl.domain.places import parse_address


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("浙江省杭州市余杭区良渚街道青禾路8号2号库", ("浙江省", "杭州市", "余杭区", "良渚街道青禾路8号2号库")),
        ("上海市青浦区华新镇示范路88号", ("上海市", "上海市", "青浦区", "华新镇示范路88号")),
        ("上海青浦区华新镇示范路88号", ("上海市", "上海市", "青浦区", "华新镇示范路88号")),
        ("广西壮族自治区南宁市青秀区民族大道1号", ("广西壮族自治区", "南宁市", "青秀区", "民族大道1号")),
        ("江苏省苏州市昆山市玉山镇前进路3号", ("江苏省", "苏州市", "昆山市", "玉山镇前进路3号")),
        ("云南省大理白族自治州大理市古城路5号", ("云南省", "大理白族自治州", "大理市", "古城路5号")),
        ("浙江省 杭州市 淳安县 千岛湖镇 环湖路1号", ("浙江省", "杭州市", "淳安县", "千岛湖镇环湖路1号")),
        ("广东省东莞市长安镇振安路9号", ("广东省", "东莞市", "", "长安镇振安路9号")),
    ],
)
def test_an_address_falls_into_its_parts(text: str, parts: tuple[str, ...]) -> None:
    """Province, city, district and the rest; municipalities are their own province, some cities have no districts."""
    found = parse_address(text)
    assert (found.province, found.city, found.district, found.detail) == parts


@pytest.mark.parametrize("text", ["", "示范路88号", "杭州市余杭区青禾路8号", "浙江省杭州市", "浙江省余杭区青禾路8号"])
def test_what_no_courier_could_find_is_refused(text: str) -> None:
    """Without province, city or street; the error does not repeat the address."""
    with pytest.raises(BadInput) as told:
        parse_address(text)
    assert told.value.code == "address_unreadable"
    assert not text or text not in told.value.message


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("广东省东莞市长安镇工业区3号", ("广东省", "东莞市", "", "长安镇工业区3号")),
        ("浙江省杭州市文三路小区5幢", ("浙江省", "杭州市", "", "文三路小区5幢")),
        ("江苏省苏州市花桥镇商务区8号", ("江苏省", "苏州市", "", "花桥镇商务区8号")),
        ("吉林省长春市农安县城区9号", ("吉林省", "长春市", "农安县", "城区9号")),
        ("浙江省杭州市阳光小区2幢", ("浙江省", "杭州市", "", "阳光小区2幢")),
        ("广东省中山市都市花园6号", ("广东省", "中山市", "", "都市花园6号")),
        ("广东省东莞市松山湖大道科技区1号", ("广东省", "东莞市", "", "松山湖大道科技区1号")),
        ("上海青浦区华新镇都市路1号", ("上海市", "上海市", "青浦区", "华新镇都市路1号")),
        ("内蒙古自治区兴安盟乌兰浩特市和平街1号", ("内蒙古自治区", "兴安盟", "乌兰浩特市", "和平街1号")),
        ("新疆维吾尔自治区喀什地区喀什市人民路1号", ("新疆维吾尔自治区", "喀什地区", "喀什市", "人民路1号")),
        ("河北省石家庄市联盟路8号", ("河北省", "石家庄市", "", "联盟路8号")),
    ],
)
def test_no_district_is_made_up(text: str, parts: tuple[str, ...]) -> None:
    """An estate, a road, a town or another city is no district: what is none stays with the rest."""
    found = parse_address(text)
    assert (found.province, found.city, found.district, found.detail) == parts


DISTRICTS = (
    "余杭区",
    "浦东新区",
    "路桥区",
    "路北区",
    "镇海区",
    "道里区",
    "二道区",
    "梁园区",
    "沙市区",
    "新市区",
    "红旗区",
    "市中区",
    "城区",
    "雨花台区",
    "东乡区",
    "淳安县",
    "农安县",
    "歙县",
    "道县",
    "金乡县",
    "新乡县",
    "镇平县",
    "乡宁县",
    "镇宁布依族苗族自治县",
    "积石山保安族东乡族撒拉族自治县",
    "昆山市",
    "桐乡市",
    "津市市",
    "公主岭市",
    "科尔沁左翼中旗",
    "达尔罕茂明安联合旗",
    "鄂温克族自治旗",
)
STREETS = ("县前街道8号", "镇中路1号", "区府路2号", "市场路3号", "旗山大道4号", "园区路5号", "乡政府旁6号")


@given(st.sampled_from(DISTRICTS), st.sampled_from(STREETS))
def test_districts_whose_names_look_like_more(district: str, street: str) -> None:
    """Names that begin with, or hold, the sign of a town, a road or another district are read whole, whatever follows."""
    found = parse_address(f"浙江省杭州市{district}{street}")
    assert (found.district, found.detail) == (district, street)


@given(st.text("文三长安阳光路街镇乡村园区县市旗小工业商务号8", max_size=12))
def test_a_district_is_no_street(text: str) -> None:
    """Whatever is written, nothing of it is lost, and what is taken for a district ends like one and names no estate."""
    found = parse_address(f"浙江省杭州市{text}8号")
    assert found.district + found.detail == f"{text}8号"
    assert not found.district or found.district[-1] in "区县市旗"
    assert not found.district.endswith(("小区", "工业区", "商务区", "园区")) or len(found.district) == 3
    assert not set(found.district[1:-1]) & set("路街镇村")


@pytest.mark.parametrize(
    ("text", "given_parts", "detail"),
    [
        ("江苏省苏州市工业园区星湖街 1 号", ("江苏省", "苏州市", "工业园区"), "星湖街1号"),
        ("江苏省苏州工业园区星湖街1号", ("江苏省", "苏州市", "工业园区"), "苏州工业园区星湖街1号"),
        ("星湖街1号", ("江苏省", "苏州市", "工业园区"), "星湖街1号"),
        ("海南省陵水黎族自治县椰林镇1号", ("海南省", "陵水黎族自治县", ""), "椰林镇1号"),
        ("北京市朝阳区望京街1号", ("北京市", "北京市", "朝阳区"), "望京街1号"),
    ],
)
def test_who_gives_the_parts_is_believed(text: str, given_parts: tuple[str, str, str], detail: str) -> None:
    """They win over what could be read; the address may begin with them, or not."""
    found = parse_address(text, *given_parts)
    assert (found.province, found.city, found.district, found.detail) == (*given_parts, detail)


@pytest.mark.parametrize("given_parts", [("江苏省", "", ""), ("", "苏州市", ""), ("", "", "工业园区")])
def test_parts_are_given_together(given_parts: tuple[str, str, str]) -> None:
    """A province without a city, or a district alone, is no address."""
    with pytest.raises(BadInput, match="cannot be told apart"):
        parse_address("江苏省苏州市工业园区星湖街1号", *given_parts)
