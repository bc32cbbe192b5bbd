"""The loopback world (design section 6): runs the plugins' own sandbox apps, with faults, a ledger and a clock."""

from asctl.sandbox.running import Sandbox, SandboxInfo

__all__ = ["Sandbox", "SandboxInfo"]
