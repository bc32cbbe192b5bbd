"""New plugins, made from template files.

The templates are plugins themselves, called ``pigeon``: what the tests try is what an author gets, but for the name.
"""

from asctl.scaffold.folders import put
from asctl.scaffold.names import PluginName
from asctl.scaffold.templates import NewFile, new_files

__all__ = ["NewFile", "PluginName", "new_files", "put"]
