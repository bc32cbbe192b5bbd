from __future__ import annotations

import pytest

from asctl.text import language

pytestmark = pytest.mark.storeless


@pytest.fixture(autouse=True)
def _nothing_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ASCTL_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    "told", ["zh", "zh_CN", "zh_CN.UTF-8", "zh-CN", "zh_SG.utf8", "zh_Hans", "zh_Hans_CN.UTF-8", "ZH_cn"]
)
def test_simplified_characters_are_chinese(told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every name of a place or script that writes them."""
    monkeypatch.setenv("LANG", told)
    assert language() == "zh_CN"


@pytest.mark.parametrize(
    "told", ["", "C", "C.UTF-8", "POSIX", "en_US.UTF-8", "de_DE@euro", "zh_TW.UTF-8", "zh_HK", "zh_Hant"]
)
def test_all_else_is_english(told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Traditional characters as well, and no locale at all."""
    monkeypatch.setenv("LANG", told)
    assert language() == "en"


def test_the_first_that_is_set_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    """``ASCTL_LANG``, else ``LC_ALL``, ``LC_MESSAGES``, ``LANG``; an empty one counts as not set."""
    for name, told in (("LANG", "zh_CN"), ("LC_MESSAGES", "en_US"), ("LC_ALL", "zh_CN"), ("ASCTL_LANG", "en")):
        monkeypatch.setenv(name, told)
        assert language() == ("zh_CN" if told == "zh_CN" else "en")
    monkeypatch.setenv("ASCTL_LANG", "")
    assert language() == "zh_CN"
