"""Findings as records, for the commands that examine something."""

from __future__ import annotations

from collections.abc import Iterable

from asctl.cli.run import Run
from asctl.domain.errors import AsctlError
from asctl.output.schemas import CHECK
from asctl.services.findings import Finding


def show_findings(run: Run, findings: Iterable[Finding]) -> list[AsctlError]:
    """Write a record for each finding and return the errors of those that are bad."""
    errors: list[AsctlError] = []
    with run.report(CHECK) as report:
        for finding in findings:
            record = CHECK.record(check=finding.check, status=finding.status, detail=finding.detail, mend=finding.mend)
            report.add(record, status=finding.status)
            if finding.error is not None:
                errors.append(finding.error)
    return errors
