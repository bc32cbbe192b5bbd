"""A bare click program with one command."""

import click


@click.group()
def cli() -> None:
    pass


@cli.command()
def hello() -> None:
    click.echo("hello")


cli()
