"""Completion in the shell. What a command takes stands in ``commands.json``, so that no command is imported for it."""
