"""Use cases: what an operator asks for, put together from rules, store and providers. No click, no HTTP, no SQL."""
