"""What a provider is handed: its settings, the way out, clock, log and tokens, put together for one account."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from asctl.api.context import Context
from asctl.api.tokens import Tokens
from asctl.capabilities.specs import Pace, ProviderSpec, SettingType
from asctl.domain.times import Clock
from asctl.transport import NetworkLimits, Parking, RedactingLog, make_client

Learn = Callable[[str], None]


def secrets_of(spec: ProviderSpec, values: Mapping[str, object]) -> list[str]:
    """The values of the account's secret settings that are set."""
    secret = (setting.name for setting in spec.settings if setting.type is SettingType.SECRET)
    return [str(values[name]) for name in secret if values.get(name)]


def context_of(
    account: str,
    spec: ProviderSpec,
    values: Mapping[str, object],
    *,
    pace: Pace,
    limits: NetworkLimits,
    clock: Clock,
    parking: Parking,
    rehearsal: bool,
    tokens: Callable[[Learn], Tokens],
) -> Context:
    """The context of ``account``. ``tokens`` is told how to keep a token, once there is one, out of logs and errors."""
    secrets = secrets_of(spec, values)
    log = RedactingLog(account, secrets)
    client = make_client(
        account=account,
        provider=spec.id,
        pace=pace,
        limits=limits,
        clock=clock,
        secrets=secrets,
        parking=parking,
        loopback_only_writes=rehearsal,
        log=log,
    )

    def learn(token: str) -> None:
        client.redactor.learn(token)
        log.redactor.learn(token)

    return Context(account, values, client, clock, log, tokens(learn))
