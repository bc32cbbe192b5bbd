"""A bare script that reads all parcels of a SQLite file with SQLAlchemy and prints them: FILE [json|table]."""

import json

import click
from sqlalchemy import create_engine, text


@click.command()
@click.argument("file")
@click.argument("kind", default="json")
def main(file: str, kind: str) -> None:
    with create_engine(f"sqlite:///{file}").connect() as connection:
        rows = connection.execute(text("SELECT * FROM parcels ORDER BY added_at DESC, courier DESC, waybill DESC"))
        records = [dict(row._mapping) for row in rows]
    if kind == "json":
        click.echo(json.dumps(records, ensure_ascii=False))
    else:
        from tabulate import tabulate

        columns = ("waybill", "courier", "direction", "status", "verdict", "moved_at", "last_event", "order_id")
        shown = [[record[name] for name in columns] for record in records]
        click.echo(tabulate(shown, headers=columns, tablefmt="simple", disable_numparse=True))


main()
