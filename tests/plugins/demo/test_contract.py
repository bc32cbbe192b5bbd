"""The conformance kit's rules for what the plugin declares: for every capability there is."""

from asctl.testing import PluginContract


class TestPlugin(PluginContract):
    module = "asctl_demo"
