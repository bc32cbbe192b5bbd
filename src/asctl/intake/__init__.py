"""Batch input: identifiers and rows from arguments, stdin and files, read as a stream (design section 5, *Input*)."""
