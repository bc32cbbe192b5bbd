"""Where a rule is tried: a provider with the real HTTP client, and its far side in a fresh world on a clock of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from asctl.api.context import Context
from asctl.api.sandbox import SandboxApp
from asctl.api.tokens import OwnTokens
from asctl.capabilities.specs import Capability, Pace, ProviderKind, WriteContract
from asctl.domain.errors import AsctlError, PluginBroken
from asctl.domain.orders import Receiver
from asctl.domain.times import CHINA
from asctl.host.blame import in_words
from asctl.host.calls import Whose
from asctl.host.guard import Guarded, make_provider
from asctl.host.warden import Warden
from asctl.sandbox.builders import Builder
from asctl.sandbox.world import World
from asctl.services.contexts import context_of
from asctl.services.renderers import renderer_context
from asctl.testing.far_side import FarSide, Port
from asctl.testing.given_settings import GivenSettings
from asctl.testing.guarded import given
from asctl.testing.hearing import Hearing
from asctl.testing.methods import STREAMED
from asctl.testing.privacy import Privacy
from asctl.testing.processes import forget
from asctl.testing.recordings import RecordedApp
from asctl.testing.rules import Hung
from asctl.transport import NetworkLimits

if TYPE_CHECKING:
    from asctl.testing.subject import Subject

T = TypeVar("T")

START = datetime(2026, 11, 20, 10, 30, tzinfo=CHINA)
CUSTOMER = Receiver(
    name="沈若溪",
    phone="13912345678",
    province="浙江省",
    city="杭州市",
    district="西湖区",
    detail="桂花路66号3幢502室",
)
"""An invented customer; neither name, phone nor house may turn up in a message."""
NEW_PLACE = Receiver(
    name="顾南乔",
    phone="13687654321",
    province="江苏省",
    city="苏州市",
    district="姑苏区",
    detail="平江路199号云栖里7单元",
)
"""Where parcels are redirected to; invented, too."""
EMAIL = "ruoxi.shen@mail.example"
"""Where the customer wants mail; invented, too."""
_LARGEST_ANSWER_MIB = 1


class KitClock:
    """Stands until somebody sleeps on it, which takes no time."""

    def __init__(self) -> None:
        self._moment = START

    def now(self) -> datetime:
        return self._moment

    def sleep(self, seconds: float) -> None:
        self._moment += timedelta(seconds=max(seconds, 0))


class _NoRest:
    """Accounts at rest, for one provider."""

    def __init__(self) -> None:
        self._until: datetime | None = None

    def until(self, account: str) -> datetime | None:
        return self._until

    def park(self, account: str, until: datetime, reason: str) -> None:
        self._until = until


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a call came to: a result, or an error of one of our families (a fault of the plugin is ``plugin_broken``). ``conceal``
    takes out of a text what nobody may read in a log."""

    result: Any = None
    error: AsctlError | None = None
    conceal: Callable[[str], str] = str

    @property
    def seen(self) -> str:
        """In words, for who reads why a rule is not kept."""
        if self.error is None:
            return f"an answer: {_short(self.conceal(repr(self.result)))}"
        cause = self.error.__cause__
        because = f" from {in_words(cause)}" if cause else ""
        return self.conceal(f"{type(self.error).__name__} ({self.error.code}): {self.error.message}{because}")[:400]


class Site:
    """A fresh world for one rule. ``account`` is what a configuration says of it, ``settings`` what the provider gets of that.
    ``told`` is what ``warden`` says of the plugin's manners, line by line."""

    def __init__(
        self,
        subject: Subject,
        app: SandboxApp,
        account: Mapping[str, object],
        settings: dict[str, object],
        port: Port,
        patience: timedelta,
        warden: Warden,
        told: list[str],
    ) -> None:
        self.subject = subject
        self.spec = subject.spec
        self.app = app
        self.account = account
        self.settings = settings
        self.clock = KitClock()
        self.world = World(self.clock.now)
        self.builder = Builder(7)
        self.far_side = FarSide(self.spec.id, app, self.world)
        self.told = told
        self._warden = warden
        self._limits = NetworkLimits(read_timeout=patience, total_timeout=patience, max_answer_mib=_LARGEST_ANSWER_MIB)
        self._heard = Hearing()
        self.privacy = Privacy(self.spec, settings, self._persons, EMAIL, self._heard.texts)
        self._closing: list[Callable[[], None]] = [self._heard.stop]
        port.open(self.far_side)
        self._heard.start()

    @cached_property
    def provider(self) -> Guarded:
        """The provider, with the real HTTP client. Raises :class:`PluginBroken` where it cannot be made, :class:`Hung`."""
        return self.another_provider()

    def another_provider(self, **settings: object) -> Guarded:
        """A second provider of the same account, with other values of some settings."""
        if isinstance(self.app, RecordedApp):
            self.app.begin_anew()
        with _unless_it_hangs():
            return make_provider(self.spec, self._context(settings), self._warden)

    def another_process(self) -> Guarded:
        """The same account in another process: nothing is remembered but what the far side knows."""
        self._closing.append(forget(self.subject.module))
        return self.another_provider()

    def _context(self, changed: Mapping[str, object]) -> Context:
        if self.subject.kind is ProviderKind.LABEL:
            return renderer_context(self.spec, self.clock)
        context = context_of(
            "kit",
            self.spec,
            GivenSettings({**self.settings, **changed}, self.told.append),
            pace=Pace(1000, timedelta(seconds=1), self.spec.pace.at_once),
            limits=self._limits,
            clock=self.clock,
            parking=_NoRest(),
            rehearsal=False,
            tokens=lambda learn: OwnTokens(self.clock, lambda token: self._learn(token, learn)),
        )
        self._closing.append(context.http.close)  # type: ignore[attr-defined]
        return context

    def play(self, app: RecordedApp) -> None:
        """Let recorded answers stand in for the far side from now on."""
        self.app = app
        self.far_side.play(app)

    def given(self, what: str, work: Callable[[], T]) -> T:
        """What code of the plugin outside its provider answers. Raises :class:`Missing` where it fails, and :class:`Hung`."""
        return given(self._warden, Whose(self.spec.id), what, work)

    def call(self, method: str, *arguments: Any, provider: Guarded | None = None) -> Outcome:
        """Call a method of the provider; what comes page by page is read to its end.

        Raises :class:`Missing` where the far side's own code failed, or has no such answer, and :class:`Hung`.
        """
        if isinstance(self.app, RecordedApp):
            arguments = self.app.cue(method, arguments)
        try:
            with _unless_it_hangs():
                outcome = Outcome(
                    self._answer(provider or self.provider, method, arguments), None, self.privacy.conceal
                )
        except AsctlError as error:
            outcome = Outcome(None, error, self.privacy.conceal)
        if not self.far_side.has_come_back():
            raise Hung("the sandbox app did not come back")
        if self.far_side.trouble is not None:
            raise self.far_side.trouble
        return outcome

    def _answer(self, provider: Guarded, method: str, arguments: tuple[Any, ...]) -> Any:
        if method in STREAMED:
            return tuple(provider.stream(method, *arguments))
        return getattr(provider, method)(*arguments)

    def provided(self, method: str) -> object:
        """The provider's method of that name, or ``None``."""
        try:
            with _unless_it_hangs():
                return getattr(self.provider, method)
        except PluginBroken:
            return None

    def capability(self, name: str) -> Capability:
        """What the spec declares of a capability that it has."""
        found = self.spec.capability(name)
        assert found is not None
        return found

    def contract(self, name: str, method: str) -> WriteContract:
        """What the spec declares of a write; where it says nothing, nothing is relied on."""
        return self.capability(name).writes.get(method, WriteContract())

    def pass_time(self, span: timedelta) -> None:
        """Move the clock that provider and world share."""
        self.clock.sleep(span.total_seconds())

    def _learn(self, token: str, learn: Callable[[str], None]) -> None:
        self.privacy.learn(token)
        learn(token)

    def _persons(self) -> list[Receiver]:
        return [CUSTOMER, NEW_PLACE, *(order.receiver for order in self.world.orders.values())]

    def close(self) -> None:
        """Hang up."""
        for close in reversed(self._closing):
            close()


@contextmanager
def _unless_it_hangs() -> Iterator[None]:
    try:
        yield
    except PluginBroken as error:
        if error.code == "plugin_hangs":
            raise Hung(error.message) from error
        raise


def _short(text: str) -> str:
    return text if len(text) <= 200 else f"{text[:200]}..."
