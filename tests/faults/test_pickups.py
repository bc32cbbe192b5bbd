"""``label render --pickup`` killed at random instants, with lost answers: the world of the couriers is the judge."""

from __future__ import annotations

import os
import subprocess
import time
from collections import Counter
from pathlib import Path
from random import Random

import pypdfium2
import pytest

from tests.command_support import Command, Result
from tests.faults.scene import TOTAL_TIMEOUT_S
from tests.pickup_support import HOME, ORDER, pickups
from tests.plugins.labels.samples import printed, scanned
from tests.sandbox_support import SandboxSite, running_sandbox
from tests.store_support import fresh_store_url

ITEMS = int(os.environ.get("ASCTL_KILL_PICKUPS", "24"))
LIVES = 4
TRIES = 6
LATE_S = 3
LOOK_AGAIN_H = 0.5
LOST_ANSWERS: tuple[dict[str, object], ...] = (
    {"fault": "close_after"},
    {"fault": "close_before"},
    {"fault": "late", "seconds": LATE_S},
    {"fault": "status", "code": 500, "applied": True},
)


@pytest.mark.parametrize(("account", "courier"), [("sf", "sf"), ("kuaidi100", "jd")])
def test_every_parcel_is_fetched_once(tmp_path: Path, account: str, courier: str) -> None:
    """SF can be asked for our number, Kuaidi100 drops repeats of it: with either, after kills and lost answers, each case has one
    pickup, its label carries that pickup's waybill, and the store says the same."""
    with running_sandbox(tmp_path / "world") as site, fresh_store_url("sqlite", tmp_path) as url:
        site.configure(f'[network]\ntotal_timeout = "{TOTAL_TIMEOUT_S}s"')
        asctl = _command(site, tmp_path, url)
        rmas = _approved(site, asctl, tmp_path)
        site.latency(40)
        for fault in LOST_ANSWERS:
            site.fault(f"{account}:{ORDER}", times=2, probability=0.4, seed=len(account), **fault)  # type: ignore[arg-type]
        file = tmp_path / "labels.pdf"
        line = (
            "label",
            "render",
            "--from",
            str(tmp_path / "rmas.csv"),
            "--pickup",
            account,
            "--courier",
            courier,
            *HOME,
            "-f",
            str(file),
            "--yes",
        )
        chance = Random(account)
        kills = sum(_killed(asctl, chance, line) for _life in range(LIVES))
        _finished(site, asctl, line)
        made = pickups(site)
        assert Counter(_case(pickup) for pickup in made) == Counter(rmas)
        waybills = {_case(pickup): pickup["waybill"] for pickup in made}
        assert {record["rma"]: record["waybill"] for record in asctl("rma", "list").records} == waybills
        pages = [set(scanned(printed(page, 203))) for page in pypdfium2.PdfDocument(file.read_bytes())]
        assert [{rma, waybills[rma]} <= page for rma, page in zip(rmas, pages, strict=True)] == [True] * len(rmas)
        assert kills > 0


def _command(site: SandboxSite, folder: Path, url: str) -> Command:
    env = {
        "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": str(folder / "home"), "ASCTL_OUTPUT": "ndjson",
        "ASCTL_CONFIG": str(site.info.config), "ASCTL_STORE__URL": url,
    }  # fmt: skip
    return Command(env, lambda: site.now().isoformat() if site.rehearsing else None)


def _approved(site: SandboxSite, asctl: Command, folder: Path) -> list[str]:
    orders = site.orders(ITEMS)
    site.travel(0.02)
    assert asctl("order", "sync").code == 0
    numbers = [order["order_id"] for order in orders]
    rmas = [
        record["rma"] for record in asctl("rma", "open", *numbers, "--kind", "return", "--reason", "quality").records
    ]
    assert asctl("rma", "approve", *rmas).code == 0
    (folder / "rmas.csv").write_text("\n".join(["rma", *rmas]) + "\n", "utf-8")
    site.forget()
    return rmas


def _killed(asctl: Command, chance: Random, line: tuple[str, ...]) -> bool:
    """Whether the run was still at it when it was killed."""
    process = asctl.start(*line, "--jobs", "4", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(chance.uniform(0.4, 2.0))
    alive = process.poll() is None
    process.kill()
    process.wait()
    return alive


def _finished(site: SandboxSite, asctl: Command, line: tuple[str, ...]) -> Result:
    """As an operator would: the same command, a look once that can prove something, the same command again."""
    time.sleep(LATE_S)
    for _try in range(TRIES):
        result = asctl(*line)
        if result.code == 0:
            return result
        site.travel(LOOK_AGAIN_H)
        asctl("action", "reconcile", "--yes")
    pytest.fail(f"not finished: {result.err}")


def _case(pickup: dict[str, object]) -> str:
    return next(word for word in str(pickup["remark"]).split() if word.startswith("RMA"))
