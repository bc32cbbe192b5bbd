"""Which references there are, and where they lie."""

from __future__ import annotations

from collections.abc import Callable

from tests.documents.markdown import ROOT
from tests.documents.references.api import api
from tests.documents.references.commands import commands_reference
from tests.documents.references.exit_codes import exit_codes
from tests.documents.references.fields import fields_reference
from tests.documents.references.settings import settings_reference

FOLDER = ROOT / "src" / "asctl" / "help" / "reference"
REFERENCES: dict[str, Callable[[], str]] = {
    "api": api,
    "commands": commands_reference,
    "exit-codes": exit_codes,
    "fields": fields_reference,
    "settings": settings_reference,
}
