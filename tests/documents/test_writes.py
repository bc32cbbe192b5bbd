"""What the READMEs and the help topic say of outgoing writes: states, exit codes, and which courier offers what."""

from __future__ import annotations

import re

import pytest

from asctl.capabilities.specs import ProviderKind, ProviderSpec
from asctl.cli import exits
from asctl.cli.help_topics import TOPICS
from asctl.domain.actions import ActionState
from asctl.services.offers import offers
from tests.documents.markdown import READMES, read, spans, table
from tests.documents.offered import offered

WORDS = {"README.md": ("yes", "no"), "README.zh-CN.md": ("能", "不能")}
OFFERED = ("what couriers offer", "快递能做什么")


def couriers() -> dict[str, ProviderSpec]:
    return offered(ProviderKind.COURIER)


def names(readme: str) -> list[str]:
    """The plugins above the columns of the couriers' table."""
    (heads,) = [line for line in read(readme).splitlines() if line.startswith(tuple(f"| {word} |" for word in OFFERED))]
    return spans(heads)


@pytest.mark.parametrize("readme", READMES)
def test_table_has_every_courier_plugin(readme: str) -> None:
    """There is a column for each."""
    assert sorted(names(readme)) == sorted(couriers())


@pytest.mark.parametrize("readme", READMES)
@pytest.mark.parametrize("name", couriers())
def test_what_a_courier_offers_is_what_it_declares(readme: str, name: str) -> None:
    """Its column answers for each verb as ``asctl account list`` does."""
    yes, no = WORDS[readme]
    column = names(readme).index(name) + 1
    told = {spans(row[0])[0]: row[column] for row in table(read(readme), *OFFERED)}
    can, cannot = offers(ProviderKind.COURIER, couriers()[name])
    assert told == dict.fromkeys(can, yes) | dict.fromkeys(cannot, no)


@pytest.mark.parametrize("readme", READMES)
def test_states_are_those_of_actions(readme: str) -> None:
    """The table of states names each state that an action can have, once."""
    told = [state for row in table(read(readme), "state", "状态") for state in spans(row[0])]
    assert sorted(told) == sorted(ActionState)


def test_topic_explains_every_state() -> None:
    """So does the table of the help topic."""
    told = re.findall(r"^  ([a-z_]+) {2,}\S", TOPICS["writes"]().partition("A yes is not the end")[0], re.MULTILINE)
    assert sorted(told) == sorted([*ActionState, "state"])


@pytest.mark.parametrize("readme", READMES)
def test_exit_codes_after_a_write(readme: str) -> None:
    """The table tells what to do at each code that is about a write."""
    told = [int(row[0]) for row in table(read(readme), "exit code", "退出码")]
    assert told == [exits.UNCLEAR, exits.APPROVAL, exits.STALE, exits.LOCKED, exits.LIMIT, exits.PLUGIN]
