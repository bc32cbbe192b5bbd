"""A port for the far sides, and the good providers that the wrong ones are made of."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from asctl.testing.examination import Standing, State, stand
from asctl.testing.far_side import Port
from asctl.testing.rules import Rule
from asctl.testing.subject import Subject


class Judge:
    """Tries rules on subjects. How the good ones stand is tried once for each rule."""

    def __init__(self, port: Port) -> None:
        self._port = port
        self._good: dict[tuple[str, ...], Standing] = {}

    def __call__(self, subject: Subject, rule: Rule) -> Standing:
        return stand(subject, rule, self._port)

    def told(self, good: Subject, rule: Rule, wrong: Subject) -> str:
        """That the good provider keeps the rule and the wrong one does not; answers what is told of that."""
        key = (good.plugin, good.kind, good.spec.id, rule.id)
        if key not in self._good:
            self._good[key] = self(good, rule)
        assert (self._good[key].state, self._good[key].why) == (State.DONE, "")
        return self.todo(rule, wrong)

    def todo(self, rule: Rule, wrong: Subject) -> str:
        """That the provider does not keep the rule; answers what is told of that."""
        standing = self(wrong, rule)
        assert standing.state is State.TODO
        return standing.why


@pytest.fixture(scope="session")
def port() -> Iterator[Port]:
    with Port() as opened:
        yield opened


@pytest.fixture(scope="session")
def judge(port: Port) -> Judge:
    return Judge(port)
