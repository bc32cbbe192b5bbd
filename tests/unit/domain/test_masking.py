"""What is struck out of texts that far sides send."""

from __future__ import annotations

from asctl.domain.masking import strike_out
from asctl.domain.orders import Receiver


def test_a_quoted_receiver_is_struck_out() -> None:
    """Name, phone and street go, and any other mobile number is masked; what is empty or one character strikes nothing."""
    receiver = Receiver("王小明", "0571-80000000", "浙江省", "杭州市", detail="文一路1号")
    told = strike_out("王小明 0571-80000000 浙江省文一路1号 13800001234 不可改", receiver)
    assert [part in told for part in ("王小明", "80000000", "文一路", "13800001234")] == [False] * 4
    assert told.endswith("不可改")
    assert strike_out("王 x", Receiver("王")) == "王 x"
