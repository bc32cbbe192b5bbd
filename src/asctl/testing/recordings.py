"""Real answers of a far side, recorded once and read ever since.

A recording is a JSON file::

    {"capability": "Tracker", "method": "track", "taken": "2026-11-02", "case": "found",
     "request": {"waybill": "SF1234567890123"},
     "answers": [{"status": 200, "content_type": "application/json", "body": "{...}"}],
     "expect": {"0.events.#": 5, "0.events.-1.status": "DELIVERED"}}

``case`` is ``found``, ``unknown``, ``refused``, ``throttled`` or ``expired``. ``request`` holds the fields of the request
record that are not the kit's own. ``answers`` are given in order, the last one again and again; of a write, that is the answer
to the write itself. ``body`` may be ``body_base64``; ``headers`` may stand beside it. ``expect`` names places in what the
provider made of it: names and numbers with dots between them, ``#`` for a length, ``error`` for what was raised
(``error.family``). A moment is ISO text with its zone, whichever that is. Personal data is replaced before it is recorded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from asctl.api.sandbox import Complaint, SandboxCall, SandboxReply, SandboxRequest, SandboxWorld
from asctl.testing.methods import METHODS, WRITES
from asctl.testing.recording_files import Recording
from asctl.testing.rules import Missing

_Arguments = tuple[Any, ...]
_COMPLAINTS = {"throttle": "throttled", "auth": "expired", "refuse": "refused", "not_found": "unknown"}
_CAPABILITY_OF = {method: capability for capability, methods in METHODS.items() for method in methods}


class RecordedApp:
    """A far side that knows nothing but its recordings; a :class:`~asctl.api.sandbox.SandboxApp`.

    To a call of a method it gives the answers that are recorded for the case that ``cases`` names for that method, or else for
    ``found``; faults are told in the recorded words. Raises :class:`Missing` where nothing was recorded.
    """

    def __init__(self, recordings: Sequence[Recording], cases: Mapping[str, str] | None = None) -> None:
        self._recordings = recordings
        self._cases = cases or {}
        self._method = ""
        self._given = 0

    def cue(self, method: str, arguments: _Arguments) -> _Arguments:
        """Be ready for a call of this method, which is to be made with the arguments returned: as it was when recorded."""
        if method != self._method:
            self._method, self._given = method, 0
        recording = self._find(self._case)
        try:
            return with_request(arguments, recording.request) if recording else arguments
        except TypeError as unknown:
            raise Missing(f"{method} cannot be called with the request that is recorded: {unknown}") from unknown

    def begin_anew(self) -> None:
        """The answers begin with the first one again: another process is asking."""
        self._given = 0

    def accounts(self, base_url: str) -> Mapping[str, Mapping[str, Mapping[str, object]]]:
        return {}

    def identify(self, request: SandboxRequest) -> SandboxCall:
        recording = self._find(self._case)
        is_last = recording is None or self._given >= len(recording.answers) - 1
        capability = _CAPABILITY_OF.get(self._method, "")
        return SandboxCall(f"{capability}.{self._method}", write=is_last and (capability, self._method) in WRITES)

    def answer(self, request: SandboxRequest, call: SandboxCall, world: SandboxWorld) -> SandboxReply:
        answers = self._recorded(self._case).answers
        answer = answers[min(self._given, len(answers) - 1)]
        self._given += 1
        return answer

    def complain(self, call: SandboxCall, complaint: Complaint) -> SandboxReply:
        return self._recorded(_COMPLAINTS[complaint.kind]).answers[-1]

    @property
    def _case(self) -> str:
        return self._cases.get(self._method, "found")

    def _find(self, case: str) -> Recording | None:
        """The first recording of a case of the method that is called."""
        of_this = (one for one in self._recordings if (one.method, one.case) == (self._method, case))
        return next(of_this, None)

    def _recorded(self, case: str) -> Recording:
        recording = self._find(case)
        if recording is None:
            method = f"{_CAPABILITY_OF.get(self._method, '?')}.{self._method}"
            raise Missing(
                f"no answer of the case {case} is recorded for {method}: record one, or name a sandbox app in the spec "
                "(sandbox=); see: asctl help authors"
            )
        return recording


def with_request(arguments: _Arguments, fields: Mapping[str, Any]) -> _Arguments:
    """The arguments with other fields in the first request record among them (also where it stands in a tuple); a number that
    stands alone is replaced by the only field."""
    if not fields or not arguments:
        return arguments
    first, *others = arguments
    if isinstance(first, str):
        return (*fields.values(), *others)
    changed = (replace(first[0], **fields),) if isinstance(first, tuple) else replace(first, **fields)
    return (changed, *others)


def looked_up(result: Any, place: str) -> Any:
    """What stands at a place of a result, as text or number; raises :class:`LookupError` where there is nothing."""
    return _plain(_found(result, place))


def stands_there(result: Any, place: str, wanted: object) -> bool:
    """Whether that stands at a place of a result; of moments, whether they are the same one. Raises as :func:`looked_up`."""
    found = _found(result, place)
    if isinstance(found, datetime) and isinstance(wanted, str):
        return _moment(wanted) == found
    return bool(_plain(found) == wanted)


def _found(result: Any, place: str) -> Any:
    found = result
    for step in place.split("."):
        found = _step(found, step)
    return found


def _plain(found: Any) -> Any:
    return found if isinstance(found, int | float) or found is None else str(found)


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _step(value: Any, step: str) -> Any:
    if step == "#":
        return len(value)
    if step.lstrip("-").isdigit():
        return value[int(step)]
    if isinstance(value, Mapping):
        return value[step]
    if not hasattr(value, step):
        raise LookupError(step)
    return getattr(value, step)
