"""The command line: a lazy table of commands, one file per group, one table from error family to exit code."""
