"""The declarations themselves."""

from __future__ import annotations

from dataclasses import fields

from asctl.domain.policy import RmaPolicy, WatchPolicy
from asctl.settings.declared import CORE


def test_every_threshold_of_the_rules_is_a_setting() -> None:
    """R28: nothing of the shop's policy is fixed in code."""
    assert [setting.name for setting in CORE["watch"]] == [field.name for field in fields(WatchPolicy)]
    assert [setting.name for setting in CORE["rma"]] == [field.name for field in fields(RmaPolicy)]


def test_every_setting_has_one_sentence_of_help() -> None:
    """It becomes the documentation."""
    for settings in CORE.values():
        for setting in settings:
            assert setting.help.endswith(".")
