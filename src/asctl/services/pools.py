"""Threads of ours. The end of the process waits for the calls under way in them, and for no thread of a plugin."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor


class Pool(ThreadPoolExecutor):
    """So many threads, named after what they do; it is remembered until its last call has ended."""

    def __init__(self, jobs: int, name: str) -> None:
        super().__init__(jobs, thread_name_prefix=name)
        _ours.add(self)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """As of any pool; a signal may break off the waiting."""
        super().shutdown(wait, cancel_futures=cancel_futures)
        if wait:
            _ours.discard(self)


_ours: set[Pool] = set()


def wait_for_calls() -> None:
    """Begin nothing more and wait for what is under way. A signal that breaks a run off may have left some."""
    for pool in tuple(_ours):
        pool.shutdown(cancel_futures=True)
