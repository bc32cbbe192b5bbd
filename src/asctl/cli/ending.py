"""The end of every run: rows out, errors and summary on stderr, one exit code."""

from __future__ import annotations

import contextlib
import json

import click

from asctl.cli import exits
from asctl.cli.failures import error_of
from asctl.cli.run import Run
from asctl.cli.streams import put
from asctl.domain.errors import AsctlError
from asctl.domain.times import iso
from asctl.output.safety import json_text, visible
from asctl.output.writer import JSON_FORMATS
from asctl.text import _


def finish(run: Run, problem: BaseException | None) -> int:
    """Say how the run ended and return its exit code. ``problem`` is what came out of the command, if anything did."""
    run.interruption.end()
    if isinstance(problem, click.exceptions.NoArgsIsHelpError):
        run.stderr.write(problem.format_message() + "\n")
        return exits.MISUSE
    broken = put(run.stdout)
    error = error_of(problem) or error_of(broken)
    code = _code(run, problem, error)
    if error is not None:
        run.tally.note_retry(error)
    if code == exits.UNAVAILABLE:
        run.tally.promise_retry()
    with contextlib.suppress(BrokenPipeError):
        _tell(run, error, code)
        if run.choices.format in JSON_FORMATS and not isinstance(problem, click.exceptions.Exit):
            run.stderr.write(_last_line(run, error, code) + "\n")
        run.stderr.flush()
    return code


def _code(run: Run, problem: BaseException | None, error: AsctlError | None) -> int:
    if isinstance(problem, click.exceptions.Exit):
        return problem.exit_code
    codes = [exits.code_of_rows(run.tally.families)]
    if error is not None:
        codes.append(exits.code_of_run(error, run.tally.rows))
    codes.extend(exits.code_of_run(found, 0) for found in run.findings)
    if run.interruption.signum or isinstance(problem, (KeyboardInterrupt, click.Abort)):
        codes.append(128 + (run.interruption.signum or 2))
    if run.limit_hit:
        codes.append(exits.LIMIT)
    if run.choices.fail_if_empty and not run.tally.rows:
        codes.append(exits.NOTHING_MATCHED)
    return exits.most_severe(codes)


def _tell(run: Run, error: AsctlError | None, code: int) -> None:
    ends_run = {} if error is None else {error.code: error}
    for name, first in (run.tally.first_errors | ends_run).items():
        _paragraph(run, first, run.tally.codes[name])
    if summary := _summary(run, code):
        run.say(summary)


def _paragraph(run: Run, error: AsctlError, times: int) -> None:
    """An error and what to do about it; what was told when it came up is not told again, only how often there was more of it."""
    upstream = f" ({error.upstream_code})" if error.upstream_code else ""
    whose = f"{error.account}: " if error.account and error.account not in error.message else ""
    more = {"more": times - 1, "code": error.code}
    if error.message not in run.warned:
        run.say(
            f"{whose}{error.message}{upstream}" + (_(" (and {more} more: {code})").format(**more) if times > 1 else "")
        )
    elif times > 1:
        run.say(_("{more} more: {code}").format(**more))
    if error.hint:
        run.stderr.write(f"  {visible(error.hint)}\n")


def _summary(run: Run, code: int) -> str:
    """One line: how many rows fared how, and what ended the run early."""
    parts = [f"{count} {status}" for status, count in sorted(run.tally.statuses.items())]
    if code in (exits.INTERRUPTED, exits.TERMINATED):
        parts.append(_("stopped by a signal"))
    elif run.limit_hit and not run.unfinished:
        parts.append(_("stopped at the limit; run it again to go on"))
    elif run.limit_hit:
        parts.append(_("stopped at the limit"))
    if run.unfinished:
        parts.append(_("the rest: asctl batch resume {batch} --yes").format(batch=run.batch_id))
    elif run.batch_id and code != exits.OK:
        parts.append(_("see: asctl batch show {batch}").format(batch=run.batch_id))
    if retry_at := iso(run.tally.retry_at):
        parts.append(_("come back at {moment}").format(moment=retry_at))
    if not parts and run.tally.reported and code in (exits.OK, exits.NOTHING_MATCHED):
        parts.append(_("nothing there"))
    return _(", ").join(parts)


def _last_line(run: Run, error: AsctlError | None, code: int) -> str:
    end: dict[str, object] = {
        "exit_code": code,
        "exit_name": exits.name_of(code),
        "counts": dict(run.tally.statuses),
        "batch_id": run.batch_id,
        "retry_at": iso(run.tally.retry_at),
    }
    if error is not None:
        end["error"] = {
            "family": error.family,
            "code": error.code,
            "message": error.message,
            "hint": error.hint or None,
            "account": error.account or None,
            "retry_at": iso(run.tally.retry_of(error)),
        }
    return json_text(json.dumps(end, ensure_ascii=False))
