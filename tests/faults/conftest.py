"""The sandbox and the command of the tests in ``tests/cli``, for tests of what breaks off in the middle."""

from tests.cli.conftest import asctl, backend, home, sandbox, store_url

__all__ = ["asctl", "backend", "home", "sandbox", "store_url"]
