"""What the conformance kit asks of asctl_labels."""

from __future__ import annotations

from asctl.testing import PluginContract


class TestLabels(PluginContract):
    module = "asctl_labels"
