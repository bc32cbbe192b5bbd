"""What nobody may read in a message, in the log or on the screen: secrets, and people's data."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from asctl.api.sandbox import Complaint, SandboxReply, SandboxRequest
from asctl.domain.errors import AsctlError, PluginBroken
from asctl.testing.exercises import Exercise
from asctl.testing.far_side import Tampering
from asctl.testing.recordings import RecordedApp
from asctl.testing.rules import Rule, Stage, Tier, expect
from asctl.testing.site import Outcome, Site

_BEFORE = "this far side says a good deal more than it should, and now: "
"""Longer than any code of an error that is cut short, so that what is cut holds nothing."""
_CODE = re.compile(r"[\w.:/+=-]*", re.ASCII)
_NUMBER = re.compile(r"[\w.:/+=-]{10,}", re.ASCII)
"""Too long for a code of an error: a waybill, a moment, a token, the number that their support asks for."""
_WORDS = "请核实"
_Quoting = Callable[[str], str]


def clean(site: Site, outcome: Outcome) -> None:
    """No secret and no person's data in what an outcome says, in the log, or among what was printed."""
    error = outcome.error
    found = site.privacy.unfit([*_ours(error), error.message, *_theirs(error)] if error else [])
    expect(found is None, f"a message or the log holds {found}")


def discretion_rule(exercise: Exercise) -> Rule:
    """The rule that a far side which says too much finds nobody who passes it on."""
    return Rule(
        f"{exercise.name}.discreet",
        Tier.BRONZE,
        f"{exercise.method}: a far side that quotes the customer and the secrets is quoted in upstream_text, if at all",
        lambda site: _discreet(site, exercise),
        exercise.capability,
        stage=Stage.ANY,
    )


def _discreet(site: Site, exercise: Exercise) -> None:
    arguments = exercise.prepared(site)
    site.far_side.tampers_writes_only = exercise.write
    for tampering in _indiscretions(site):
        site.far_side.tamper = tampering
        _kept(site, exercise.outcome(site, arguments, provider=site.another_provider()))


def _indiscretions(site: Site) -> Iterator[Tampering]:
    """An answer that says all in the place of every text but numbers, and two noes that say it behind their words."""
    yield lambda request, reply: _retold(reply, lambda text: _replaced(text, _all_of(site, request)))
    if isinstance(site.app, RecordedApp):
        return
    for complaint in (Complaint("refuse", reason=_WORDS), Complaint("auth")):
        yield lambda request, _reply, complaint=complaint: _retold(  # type: ignore[misc]
            site.app.complain(site.app.identify(request), complaint), lambda text: _added(text, _all_of(site, request))
        )


def _all_of(site: Site, request: SandboxRequest) -> str:
    """The whole request, every secret, and every person that the site knows of."""
    told = f"{request.path} {dict(request.query)} {dict(request.headers)} "
    return f"{_BEFORE}{' '.join(site.privacy.known_to_the_far_side())} {told}{request.body.decode('utf-8', 'replace')}"


def _replaced(text: str, more: str) -> str:
    return text if _NUMBER.fullmatch(text) else more


def _added(text: str, more: str) -> str:
    return text if _CODE.fullmatch(text) else f"{text} {more}"


def _retold(reply: SandboxReply, change: _Quoting) -> SandboxReply:
    """The reply with other texts in it, also where they stand in JSON that is itself a text. What is no JSON becomes some."""
    try:
        told = _changed(json.loads(reply.body), change)
    except ValueError:
        told = {"message": change(_WORDS)}
    return replace(reply, body=json.dumps(told, ensure_ascii=False).encode())


def _changed(told: Any, change: _Quoting) -> Any:
    if isinstance(told, dict):
        return {name: _changed(member, change) for name, member in told.items()}
    if isinstance(told, list):
        return [_changed(item, change) for item in told]
    if not isinstance(told, str):
        return told
    if told[:1] in ("{", "["):
        try:
            return json.dumps(_changed(json.loads(told), change), ensure_ascii=False)
        except ValueError:
            pass
    return change(told)


def _kept(site: Site, outcome: Outcome) -> None:
    """Nothing of it in our own words. The far side's may hold a name, which asctl strikes out, and no secret; where the message
    repeats them it may do so too."""
    error = outcome.error
    expect(not isinstance(error, PluginBroken), f"there was {outcome.seen}")
    found = site.privacy.unfit(_ours(error) if error else [])
    expect(found is None, f"the hint, the code, the log or what was printed holds {found}")
    if error is not None:
        found = site.privacy.unfit([error.message, *_theirs(error)], quoted=_theirs(error))
        expect(found is None, f"the message, or upstream_text, holds {found}")


def _ours(error: AsctlError) -> list[str]:
    return [error.hint, error.code, error.request_id]


def _theirs(error: AsctlError) -> list[str]:
    return [error.upstream_code, error.upstream_text]
