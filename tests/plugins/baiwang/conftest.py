"""A Baiwang account over the plugin's own sandbox app, without sockets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

import asctl_baiwang
from asctl_baiwang.provider import Baiwang
from asctl_baiwang.sandbox import BaiwangSandbox
from tests.plugins.baiwang.samples import BASE
from tests.plugins.loopback import Loopback

(SPEC,) = asctl_baiwang.asctl_invoice_providers()
SETTINGS: dict[str, object] = {
    **{setting.name: setting.default for setting in SPEC.settings},
    **BaiwangSandbox().accounts(BASE)["invoices"]["baiwang"],
    "busy_pause": timedelta(seconds=10),
}
"""Every setting, as the sandbox writes it or by default."""


@pytest.fixture
def loop() -> Loopback:
    app = BaiwangSandbox()
    app.accounts(BASE)
    return Loopback(app, BASE)


@pytest.fixture
def make_provider(loop: Loopback) -> Callable[..., Baiwang]:
    """Build a provider on the loopback; named settings replace those that the sandbox writes."""

    def make(**changed: object) -> Baiwang:
        return Baiwang(loop.context("baiwang", SETTINGS | changed))

    return make


@pytest.fixture
def provider(make_provider: Callable[..., Baiwang]) -> Baiwang:
    return make_provider()
