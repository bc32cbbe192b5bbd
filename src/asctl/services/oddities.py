"""Odd scans: what a provider set aside from an answer is told, not lost."""

from __future__ import annotations

from asctl.services.asking import Reply
from asctl.transport import RedactingLog


def log_odd_scans(reply: Reply) -> int:
    """Note in the log what was odd about an answer, without personal data; returns how many scans were set aside."""
    problems = reply.answer.problems if reply.answer is not None else ()
    log = RedactingLog(reply.question.account.name, ())
    for problem in problems:
        log.info("%s: %s", reply.question.query.waybill, problem)
    return len(problems)
