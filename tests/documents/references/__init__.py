"""The references that are made from the code: ``python -m tests.documents.references`` writes them all."""
