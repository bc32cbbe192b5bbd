"""How Nuonuo words a no (sections 5.11 and 14.5)."""

from __future__ import annotations

from collections.abc import Mapping

_WORDS: Mapping[str, str] = {
    "070101": "appKey不存在",
    "070601": "签名不匹配",
    "E4000": "调用失败",
    "E9101": "开票类型不正确",
    "E9102": "红票对应的蓝票代码或号码不正确",
    "E9103": "该发票已冲红",
    "E9104": "邮箱长度过长",
    "E9105": "折扣行不符合规则",
    "E9106": "订单编号或流水号不能重复",
    "E9113": "红票购方名称与蓝票不一致",
    "E9122": "商品明细不能为空",
    "E9125": "金额不是数字",
    "E9130": "（不含税金额+税额）不等于含税金额",
    "E9131": "税额误差不能超过0.06",
    "E9138": "商品税收分类编码不能为空",
    "E9300": "数据格式不正确",
    "E9301": "销方未注册",
    "E9302": "消息头与消息体的销方税号不一致",
    "E9306": "购方税号格式不正确",
    "E9500": "发票不存在",
    "E9522": "该发票为红票，不能冲红",
    "E9545": "申请日期不能为空",
    "E9607": "销方税号不能为空",
    "E9611": "流水号和订单号不能同时为空",
    "E9613": "今日重试次数已用完",
}


class No(Exception):
    """A no: its code, and the text that goes with it or another one."""

    def __init__(self, code: str, words: str = "") -> None:
        super().__init__(code, words)
        self.code = code
        self.words = words or _WORDS[code]
