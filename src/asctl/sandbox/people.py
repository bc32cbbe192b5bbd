"""Invented people: names, phones and addresses that look right and belong to nobody."""

from __future__ import annotations

from random import Random

from asctl.domain.orders import Receiver

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
DOUBLE_SURNAMES = ("欧阳", "司马", "上官", "诸葛", "慕容")
_YOUNG = ("雨桐", "子涵", "浩然", "思远", "梓萱", "宇轩", "佳琪", "文博", "若曦", "明哲", "嘉懿", "一诺", "沐阳")
_OLDER = ("静怡", "晓东", "建国", "秀英", "海燕", "志强", "丽娜", "桂兰", "国强", "春梅")
_SHORT = ("芳", "磊", "敏", "伟", "娟", "涛", "欣", "勇")
GIVEN = _YOUNG + _OLDER + _SHORT
RARE_NAMES = ("李玥珺", "王龘", "张㛃", "陈犇", "刘䶮", "𠮷田小雨", "赵𬭚", "古丽米热·买买提江")
"""Names that fonts, byte limits and spreadsheets trip over: rare characters, two of them outside the basic plane."""

PLACES = (
    ("浙江省", "杭州市", "余杭区", "良渚街道"),
    ("浙江省", "宁波市", "鄞州区", "下应街道"),
    ("江苏省", "苏州市", "吴中区", "木渎镇"),
    ("江苏省", "南京市", "江宁区", "秣陵街道"),
    ("上海", "上海市", "浦东新区", "川沙新镇"),
    ("北京", "北京市", "朝阳区", "望京街道"),
    ("广东省", "广州市", "天河区", "石牌街道"),
    ("广东省", "深圳市", "龙岗区", "坂田街道"),
    ("广东省", "东莞市", "", "虎门镇"),
    ("四川省", "成都市", "武侯区", "簇桥街道"),
    ("湖北省", "武汉市", "洪山区", "关山街道"),
    ("湖北省", "", "仙桃市", "沙嘴街道"),
    ("陕西省", "西安市", "雁塔区", "小寨路街道"),
    ("山东省", "青岛市", "崂山区", "中韩街道"),
    ("黑龙江省", "哈尔滨市", "道里区", "群力街道"),
    ("云南省", "大理白族自治州", "大理市", "下关街道"),
    ("内蒙古自治区", "呼伦贝尔市", "海拉尔区", "胜利街道"),
    ("新疆维吾尔自治区", "乌鲁木齐市", "天山区", "二道桥街道"),
)
_ROADS = ("青禾", "望星", "听雨", "松月", "云溪", "白鹭", "石榴", "归燕", "半夏", "清和")
_ESTATES = ("星河花园", "听澜苑", "梧桐里", "半山小筑", "锦书公寓", "悦来小区")
_NICKS = ("爱喝茶的猫", "云朵收集者", "小鱼干", "山间来信", "柠檬不酸", "半糖主义", "夜航船", "橘子汽水")


def name(rng: Random) -> str:
    """A full name; one in thirty has a two-character surname."""
    surname = rng.choice(DOUBLE_SURNAMES) if rng.random() < 1 / 30 else rng.choice(SURNAMES)
    return surname + rng.choice(GIVEN)


def phone(rng: Random) -> str:
    """A mobile number from the range that stands for nobody."""
    return f"1380000{rng.randrange(10_000):04d}"


def nick(rng: Random) -> str:
    """A buyer's name at the marketplace."""
    return f"{rng.choice(_NICKS)}{rng.randrange(100):02d}"


def receiver(rng: Random, called: str = "") -> Receiver:
    """Somebody, named ``called`` where that is given, at an address that does not exist in a place that does."""
    province, city, district, town = rng.choice(PLACES)
    house = f"{rng.randrange(1, 400)}号{rng.choice(_ESTATES)}{rng.randrange(1, 30)}幢{rng.randrange(1, 5)}单元"
    return Receiver(
        name=called or name(rng),
        phone=phone(rng),
        province=province,
        city=city,
        district=district,
        town=town,
        detail=f"{rng.choice(_ROADS)}路{house}{rng.randrange(1, 28)}0{rng.randrange(1, 5)}室",
    )
