"""The conformance kit's rules for what the plugin declares."""

from asctl.testing import PluginContract


class TestPlugin(PluginContract):
    module = "asctl_kuaidi100"
