"""``python -m asctl``."""

from asctl.cli.main import main

main()
