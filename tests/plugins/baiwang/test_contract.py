"""What the conformance kit asks of asctl_baiwang."""

from __future__ import annotations

from asctl.testing import PluginContract


class TestBaiwang(PluginContract):
    module = "asctl_baiwang"
