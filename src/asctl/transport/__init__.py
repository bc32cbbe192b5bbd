"""The only HTTP of the house: time and size limits, pacing, parking, retries of reads, redaction, classified errors."""

from asctl.transport.client import Client, make_client
from asctl.transport.limits import NetworkLimits
from asctl.transport.logs import RedactingLog
from asctl.transport.pacing import Parking
from asctl.transport.redact import Redactor

__all__ = ["Client", "NetworkLimits", "Parking", "RedactingLog", "Redactor", "make_client"]
