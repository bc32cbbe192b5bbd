"""Starts the real command, kills it at random instants and starts it again until the work is finished; then plays the
operator who settles what is left."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from random import Random

from tests.faults.scene import LATE_S, TOTAL_TIMEOUT_S, Scene, post_faults
from tests.faults.verdict import Verdict, at_the_end, in_between

JOBS = ("--yes", "--jobs", "8")
LOOK_AGAIN_H = 0.1
"""Past deadline, visibility lag and late window of every contract: from then on a look can prove absence."""
COURIER_ACTS_H = 3
_LATENCY_MS = 200
"""While runs are killed: then a kill finds calls that were carried out and are not answered yet."""
_TRIES = 10
_WAIT_S = 1.2
_STARTING_S = (0.2, 1.2)
_WORKING_S, _WORKING_S_PER_ITEM = 0.4, 0.004


@dataclass
class Driver:
    """One seed's run over a scene. ``lives`` is how often each verb is begun and killed."""

    scene: Scene
    seed: int
    lives: int
    kills: int = 0
    verdict: Verdict = field(default_factory=Verdict)

    def __post_init__(self) -> None:
        self._chance = Random(self.seed)

    def drive(self) -> None:
        """Lives that end by a kill, then as many as it takes to finish; at the end nothing is to come late any more."""
        post_faults(self.scene.site, len(self.scene.targets), self.seed)
        self.scene.site.latency(_LATENCY_MS)
        for life in range(self.lives):
            self._live(life)
            self.verdict += in_between(self.scene)
            self._run("action", "reconcile", *JOBS)
        self.scene.site.latency(0)
        for _try in range(_TRIES):
            codes = {self._run(*self._line(which, life=0)) for which in ("intercept", "address")}
            self._run("action", "reconcile", *JOBS)
            if codes <= {0, 3, 4} and not self._planned():
                break
            time.sleep(_WAIT_S)
        time.sleep(TOTAL_TIMEOUT_S + LATE_S)

    def settle(self) -> None:
        """As an operator would: look once that can prove something, read the scans, ask the hotline, send what is left."""
        self.scene.site.mend()
        self.scene.site.travel(LOOK_AGAIN_H)
        self._run("action", "reconcile", *JOBS)
        self.scene.site.travel(COURIER_ACTS_H)
        self._run("parcel", "poll", "--jobs", "8")
        self._ask_the_hotline()
        self._run("action", "reconcile", *JOBS)
        for batch in sorted(self._planned()):
            self._run("batch", "resume", f"B{batch}", *JOBS)
        self.verdict += in_between(self.scene) + at_the_end(self.scene)

    def _live(self, life: int) -> None:
        """Both verbs at once, each killed at an instant of its own."""
        with tempfile.TemporaryFile() as one, tempfile.TemporaryFile() as other:
            begun = [
                (self._start(out, *self._line(which, life)), out)
                for which, out in (("intercept", one), ("address", other))
            ]
            for process, out in begun:
                self._kill(process, out.fileno())

    def _line(self, which: str, life: int) -> tuple[str, ...]:
        """The same command again, and resuming what it began, in turn."""
        last = self.scene.last_batch(which)
        again = (*self.scene.verb(which), *JOBS)
        return ("batch", "resume", f"B{last}", *JOBS) if life % 2 and last else again

    def _start(self, out: object, *line: str) -> subprocess.Popen[str]:
        return self.scene.asctl.start(*line, stdout=out, stderr=subprocess.DEVNULL)

    def _kill(self, process: subprocess.Popen[str], out: int) -> None:
        """While it starts, or after its first row: the more there is to do, the later it may be."""
        begun = time.monotonic()
        starting = self._chance.random() < 0.25
        patience = self._chance.uniform(*_STARTING_S) if starting else 30.0
        while (
            process.poll() is None and time.monotonic() < begun + patience and (starting or not os.fstat(out).st_size)
        ):
            time.sleep(0.01)
        if not starting:
            time.sleep(self._chance.uniform(0, max(_WORKING_S, _WORKING_S_PER_ITEM * len(self.scene.targets))))
        self.kills += process.poll() is None
        process.kill()
        process.wait()

    def _run(self, *line: str) -> int:
        result = self.scene.run(*line)
        assert result.code in (0, 3, 4, 5, 7), (line, result)
        return result.code

    def _planned(self) -> set[int]:
        return {action.batch for action in self.scene.kept() if action.state == "planned"}

    def _ask_the_hotline(self) -> None:
        """Who answers at the courier reads the ledger."""
        applied = {entry["target"] for entry in self.scene.site.writes() if entry["applied"]}
        doubtful = [action for action in self.scene.kept() if action.state in ("unclear", "needs_person")]
        for answer in ("done", "absent"):
            told = [each.number for each in doubtful if (each.about in applied) is (answer == "done")]
            if told:
                self._run("action", "resolve", *told, "--as", answer, "--reason", "hotline")
