"""The Taobao plugin keeps every rule of the conformance kit."""

from __future__ import annotations

from asctl.testing import PluginContract


class TestTaobao(PluginContract):
    module = "asctl_taobao"
