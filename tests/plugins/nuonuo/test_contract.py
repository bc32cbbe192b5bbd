"""What the conformance kit asks of asctl_nuonuo."""

from __future__ import annotations

from asctl.testing import PluginContract


class TestNuonuo(PluginContract):
    module = "asctl_nuonuo"
