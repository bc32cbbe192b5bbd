"""Settings: where each value comes from, which one wins, and what is wrong with it."""

from asctl.settings.accounts import Account
from asctl.settings.cautions import cautions
from asctl.settings.checking import SpecOf, check
from asctl.settings.clock import clock_from
from asctl.settings.explaining import Explained, everything, explain
from asctl.settings.loading import load, load_unchecked
from asctl.settings.origin import Origin, Source
from asctl.settings.resolved import Settings
from asctl.settings.sources import config_path

__all__ = [
    "Account",
    "Explained",
    "Origin",
    "Settings",
    "Source",
    "SpecOf",
    "cautions",
    "check",
    "clock_from",
    "config_path",
    "everything",
    "explain",
    "load",
    "load_unchecked",
]
