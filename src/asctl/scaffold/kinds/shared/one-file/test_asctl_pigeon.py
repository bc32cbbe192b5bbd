"""Every rule of asctl's conformance kit, for all that the plugin declares."""

from asctl.testing import PluginContract


class TestPigeon(PluginContract):
    module = "asctl_pigeon"
