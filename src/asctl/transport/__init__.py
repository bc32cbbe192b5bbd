"""The only HTTP of the house: time and size limits, pacing, parking, retries of reads, redaction, classified errors."""

from asctl.transport.client import Client, make_client
from asctl.transport.faults import HTTP_STATUS, never_left
from asctl.transport.limits import NetworkLimits
from asctl.transport.logs import RedactingLog
from asctl.transport.pacing import Parking
from asctl.transport.redact import Redactor
from asctl.transport.until import SendWindow, writes_until

__all__ = [
    "HTTP_STATUS",
    "Client",
    "NetworkLimits",
    "Parking",
    "RedactingLog",
    "Redactor",
    "SendWindow",
    "make_client",
    "never_left",
    "writes_until",
]
