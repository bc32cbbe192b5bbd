"""A bare script that looks codes up in a SQLite file as they are typed on stdin, and prints the RMA of each: FILE."""

import json
import sqlite3
import sys

connection = sqlite3.connect(sys.argv[1])
query = "SELECT rma, order_id, kind, state FROM rmas WHERE rma = ?1 OR waybill = ?1 OR order_id = ?1"
while code := sys.stdin.readline().strip():
    for row in connection.execute(query, (code,)):
        print(json.dumps(dict(zip(("rma", "order_id", "kind", "state"), row, strict=True))), flush=True)
