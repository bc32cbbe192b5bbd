"""A bare script that asks Kuaidi100 about waybills and stores nothing: URL CUSTOMER KEY THREADS FILE (a waybill a line)."""

import hashlib
import json
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import requests

URL, CUSTOMER, KEY, THREADS, FILE = sys.argv[1:]
local = threading.local()


def ask(waybill: str) -> str:
    if not hasattr(local, "session"):
        local.session = requests.Session()
    param = json.dumps({"com": "jtexpress", "num": waybill, "resultv2": "4", "order": "desc"})
    signature = hashlib.md5((param + KEY + CUSTOMER).encode()).hexdigest().upper()
    form = {"customer": CUSTOMER, "sign": signature, "param": param}
    answer = json.loads(local.session.post(URL, data=form, timeout=30).text)
    return str(answer.get("status"))


with ThreadPoolExecutor(int(THREADS)) as pool:
    statuses = set(pool.map(ask, Path(FILE).read_text().split()))
assert statuses == {"200"}, statuses
