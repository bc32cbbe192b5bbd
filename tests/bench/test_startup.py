"""What a shell script pays for each call: CPU of whole processes against bare programs, in one run."""

import os
import sys
from pathlib import Path

import pytest

from tests.bench.measuring import command, ratio, report

pytestmark = pytest.mark.bench

BARE_CLICK = """
import click

@click.group()
def cli():
    pass

@cli.command()
def hello():
    click.echo("hello")

cli()
"""


@pytest.fixture
def bare_click(tmp_path: Path) -> list[str]:
    script = tmp_path / "bare.py"
    script.write_text(BARE_CLICK, "utf-8")
    return [sys.executable, str(script), "--help"]


def test_version_costs_less_than_click(bare_click: list[str]) -> None:
    """``asctl --version`` answers before click is imported."""
    figures = ratio([command(), "--version"], bare_click, os.environ)
    report("asctl --version", figures, 0.5)
    assert figures[0] < 1


def test_help_costs_little_more_than_click(bare_click: list[str]) -> None:
    """``asctl --help`` comes from a table and imports no command, provider, requests or SQLAlchemy."""
    figures = ratio([command(), "--help"], bare_click, os.environ)
    report("asctl --help", figures, 1.5)
    assert figures[0] < 3
