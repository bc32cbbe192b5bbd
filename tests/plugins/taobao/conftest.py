from __future__ import annotations

import pytest

from asctl_taobao.provider import Taobao
from asctl_taobao.sandbox import TaobaoSandbox
from tests.plugins.taobao.support import DirectHttp, World, provider_of


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def app() -> TaobaoSandbox:
    return TaobaoSandbox()


@pytest.fixture
def http(app: TaobaoSandbox, world: World) -> DirectHttp:
    return DirectHttp(app, world)


@pytest.fixture
def shop(http: DirectHttp) -> Taobao:
    return provider_of(http)
